"""What will happen by itself, and when: for the sandbox's time travel."""

from bot.desk import Desk
from handlers import days, nudges
from handlers.surveys import MINUTE, NOTICE
from storage import places, programme, surveys

AHEAD = 366 * days.DAY


async def upcoming(desk: Desk) -> int | None:
    """Return the next moment (UTC ms) of a reminder, a nudge, a survey's opening or end, an offer's end, or None."""
    sessions = await programme.sessions_between(desk.tx, desk.now - days.BACK, desk.now + AHEAD)
    moments = [each.due for session in sessions for each in days.occurrences(session, desk.config.reminders)]
    moments += [session.ends_at + desk.config.surveys.opens_after_minutes * MINUTE for session in sessions]
    moments += await surveys.closings(desk.tx, NOTICE)
    once = (await places.next_lapse(desk.tx), await nudges.upcoming(desk))
    moments += [moment for moment in once if moment is not None]
    return min((moment for moment in moments if moment > desk.now), default=None)
