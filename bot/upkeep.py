"""The bot's own housekeeping: a sign of life each minute, and what it no longer needs to remember."""

from bot import alerts
from bot.desk import Desk
from bot.intake import RUNNING
from storage import facts, inbox, outbox, reminders

HOUR = 3_600_000
ALIVE = "alive"  # the fact that holds the last sign of life, UTC ms
ENDS = "ends"  # the fact 'COUNT SINCE': how often the process ended without a stop, counted anew after an hour (UTC ms)
OFTEN = 3
BEHIND = 5 * 60_000  # a clock that shows so much less than at the last sign of life was turned back
TELEGRAM_KEEPS = 23 * HOUR  # Telegram forgets an update 24 hours after its message was written
INBOX_KEEPS = 3 * 24 * HOUR
OUTBOX_KEEPS = 60 * 24 * HOUR


async def look_back(desk: Desk) -> None:
    """At start: tell the owners of a restore, of an absence so long that messages are lost, of ends without a stop."""
    seen = int(await facts.get(desk.tx, ALIVE) or desk.now)
    _, restored = map(int, (await facts.get(desk.tx, reminders.RESTORED) or "0 0").split())
    if restored >= seen:  # this is the first start since then
        await alerts.raise_(desk, "restored")
    elif desk.now - seen > TELEGRAM_KEEPS:
        await alerts.raise_(desk, "downtime")
    elif seen - desk.now > BEHIND:
        await alerts.raise_(desk, "clock back", round((seen - desk.now) / 60_000))
    if await facts.get(desk.tx, RUNNING):
        await _count_end(desk)


async def _count_end(desk: Desk) -> None:
    count, since = map(int, (await facts.get(desk.tx, ENDS) or "0 0").split())
    if desk.now - since > HOUR:
        count, since = 0, desk.now
    await facts.put(desk.tx, ENDS, f"{count + 1} {since}")
    if count + 1 >= OFTEN:
        await alerts.raise_(desk, "ends")


async def keep(desk: Desk) -> None:
    """Leave a sign of life, and once a day forget old update ids and settled letters."""
    seen = await facts.get(desk.tx, ALIVE)
    await facts.put(desk.tx, ALIVE, str(desk.now))
    if seen is None or int(seen) // (24 * HOUR) != desk.now // (24 * HOUR):
        await inbox.prune(desk.tx, desk.now - INBOX_KEEPS)
        await outbox.prune(desk.tx, desk.now - OUTBOX_KEEPS)
