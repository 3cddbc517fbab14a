"""What a bot that serves women holds in its memory: nothing that only a command or a rare moment needs."""

import json
import os
import subprocess
import sys

RARE = {
    "bot.check",
    "bot.live",
    "bot.planning",
    "bot.rescue",
    "bot.setup",
    "bot.trial",
    "rapidfuzz",
    "xlsxwriter",
    "aiohttp",
}
TELL = "import json, os, sys; import bot.__main__; print(json.dumps([os.environ['MIMALLOC_ALLOW_THP'], *sys.modules]))"


def test_what_is_rarely_needed_is_not_loaded_at_start() -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MIMALLOC")}
    told = subprocess.run([sys.executable, "-c", TELL], env=plain, capture_output=True, check=True, timeout=60)
    huge_pages, *loaded = json.loads(told.stdout)
    assert huge_pages == "0"
    assert RARE & set(loaded) == set()
