"""The bot's own housekeeping: a sign of life each minute, and what it no longer needs to remember."""

from bot import alerts
from bot.desk import Desk
from bot.intake import RUNNING
from storage import claims, doors, facts, inbox, needs, notes, nudges, outbox, overrides, reminders, roles

HOUR = 3_600_000
ALIVE = "alive"  # the fact that holds the last sign of life, UTC ms
ENDS = "ends"  # the fact 'COUNT SINCE': how often the process ended without a stop, counted anew after an hour (UTC ms)
OFTEN = 3
BEHIND = 5 * 60_000  # a clock that shows so much less than at the last sign of life was turned back
TELEGRAM_KEEPS = 23 * HOUR  # Telegram forgets an update 24 hours after its message was written
INBOX_KEEPS = 3 * 24 * HOUR
OUTBOX_KEEPS = 60 * 24 * HOUR
AT_ONCE = 1_000  # settled letters that are looked at in one transaction: nobody waits for long
FAILURES_KEEP = 60 * 24 * HOUR
INVITES_KEEP = 30 * 24 * HOUR  # after a link or a code was used or has expired
GUESSES_KEEP = 24 * HOUR
OVERRIDES_KEEP = 24 * HOUR  # a place that was about to be given
DOORS_KEEP = 24 * HOUR  # a link that was about to be made
NEEDS_KEEP = 30 * 24 * HOUR  # what a woman needs on a training day, after the last one of her region
NOTES_KEEP = 60 * 24 * HOUR  # the text of a note, after anything became of it last


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


async def keep(desk: Desk) -> bool:
    """Leave a sign of life, and once a day forget what is past its use; True: there is more to forget first."""
    seen = await facts.get(desk.tx, ALIVE)
    new_day = seen is None or int(seen) // (24 * HOUR) != desk.now // (24 * HOUR)
    if new_day and await _forget(desk):
        return True
    await facts.put(desk.tx, ALIVE, str(desk.now))
    return False


async def _forget(desk: Desk) -> bool:
    """Forget what docs/privacy.md says is not kept longer; True: there are more letters."""
    await inbox.prune(desk.tx, desk.now - INBOX_KEEPS)
    await inbox.forget_failures(desk.tx, desk.now - FAILURES_KEEP)
    await roles.forget_invites(desk.tx, desk.now - INVITES_KEEP)
    await overrides.forget(desk.tx, desk.now - OVERRIDES_KEEP)
    await doors.forget(desk.tx, desk.now - DOORS_KEEP)
    await nudges.forget(desk.tx)
    await claims.forget(desk.tx, desk.now - INVITES_KEEP, desk.now - GUESSES_KEEP)
    await needs.forget(desk.tx, desk.now - NEEDS_KEEP)
    await notes.forget_texts(desk.tx, desk.now - NOTES_KEEP)
    return await outbox.prune(desk.tx, desk.now - OUTBOX_KEEPS, AT_ONCE) > 0
