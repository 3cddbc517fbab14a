"""The machinery: from Telegram to a handler, from the outbox to Telegram, and the clock."""

import os

# pyreqwest's allocator, mimalloc, asks for huge pages and fills little of them: 8 MiB of memory for nothing. It reads
# this once, when it is loaded, so it stands here; what the environment says already is left.
os.environ.setdefault("MIMALLOC_ALLOW_THP", "0")
# python-telegram-bot reads this at each use: its 429 has a timedelta, as from its next version on, and does not warn.
os.environ["PTB_TIMEDELTA"] = "1"
