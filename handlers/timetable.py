"""The training days of a region that are to come, as they are said after a registration."""

from itertools import groupby

from bot import texts
from bot.desk import Desk
from storage import programme
from storage.database import Transaction
from storage.programme import Session


async def of_region(desk: Desk, language: str, region: str) -> str:
    """Return the days of a region that are to come, with hours and venues, as HTML."""
    ahead = [
        (session, await programme.words(desk.tx, f"session:{session.id}", language))
        for session in await programme.sessions(desk.tx, region)
        if session.state == "planned" and session.ends_at > desk.now
    ]
    place = await named(desk.tx, language, region)
    if not ahead:
        return desk.t(language, "registration.no_days", place=place)
    parts = [desk.t(language, "registration.days", place=place)]
    for venue, group in groupby(ahead, key=lambda day: (day[1].get("venue", ""), day[1].get("address", ""))):
        lines = [_hours(desk, language, session) for session, _ in group]
        lines.append(desk.t(language, "registration.venue", venue=venue[0], address=venue[1]))
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


async def named(tx: Transaction, language: str, region: str) -> str:
    """Return the region as it stands in a sentence: 'in Quba'."""
    return (await programme.words(tx, f"region:{region}", language)).get("in", region)


def _hours(desk: Desk, language: str, session: Session) -> str:
    """Return the line of a training day: its date, beginning and end."""
    return desk.t(
        language,
        "registration.day",
        day=texts.day(language, session.date),
        starts=texts.hour(session.starts_at, session.zone),
        ends=texts.hour(session.ends_at, session.zone),
    )
