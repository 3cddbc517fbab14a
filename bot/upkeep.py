"""The bot's own housekeeping: a sign of life each minute, and what it no longer needs to remember."""

from bot import alerts
from bot.desk import Desk
from storage import facts, inbox, outbox

HOUR = 3_600_000
ALIVE = "alive"  # the fact that holds the last sign of life, UTC ms
TELEGRAM_KEEPS = 23 * HOUR  # Telegram forgets an update 24 hours after its message was written
INBOX_KEEPS = 3 * 24 * HOUR
OUTBOX_KEEPS = 60 * 24 * HOUR


async def look_back(desk: Desk) -> None:
    """At start: tell the owners when we were away so long that messages may be lost at Telegram."""
    seen = await facts.get(desk.tx, ALIVE)
    if seen and desk.now - int(seen) > TELEGRAM_KEEPS:
        await alerts.raise_(desk, "downtime")


async def keep(desk: Desk) -> None:
    """Leave a sign of life, and once a day forget old update ids and settled letters."""
    seen = await facts.get(desk.tx, ALIVE)
    await facts.put(desk.tx, ALIVE, str(desk.now))
    if seen is None or int(seen) // (24 * HOUR) != desk.now // (24 * HOUR):
        await inbox.prune(desk.tx, desk.now - INBOX_KEEPS)
        await outbox.prune(desk.tx, desk.now - OUTBOX_KEEPS)
