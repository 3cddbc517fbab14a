"""Registration: a woman becomes a participant, or brings her data up to date."""

from itertools import groupby

from telegram import Update

from bot import buttons, letters, texts
from bot.desk import Desk
from bot.turn import Turn
from handlers import sheets, ways
from storage import consents, people, programme, reminders
from storage.people import Person
from storage.programme import Session
from storage.sheets import Sheet

FORM = "registration"


async def begin(turn: Turn) -> None:
    """Ask the first question of the registration; a registered woman sees what is kept of her instead."""
    if turn.person.state == "registered":
        await open_data(turn)
    elif await programme.regions(turn.tx):
        await sheets.begin(turn.desk, turn.person, turn.chat, FORM, pressed=True)
    else:
        turn.say(turn.t("registration.closed"))


async def change(update: Update, turn: Turn) -> None:
    """Show what is kept of her on a check card, to be changed."""
    if turn.person.state == "registered":
        await open_data(turn)
    else:
        turn.say(turn.t("menu.later"), [[ways.begin(turn.desk, turn.language)]])


async def open_data(turn: Turn) -> None:
    """Open a sheet with her data on it, or go on with the one that is open."""
    person = turn.person
    known = {"consent": "yes", "name": person.name, "group": person.group, "phone": person.phone or None}
    if person.region in {region.id for region in await programme.regions(turn.tx)}:
        known["region"] = person.region  # if it was closed since, she is asked again
    await sheets.begin(turn.desk, person, turn.chat, FORM, known, pressed=True)


async def complete(desk: Desk, person: Person, sheet: Sheet) -> None:
    """Make her a participant and tell her the training days of her region; her consent is kept with its wording."""
    name, region, group, phone = (str(sheet.answers.get(key) or "") for key in ("name", "region", "group", "phone"))
    await people.register(desk.tx, person.id, name, region, group, phone, desk.now)
    await consents.give(desk.tx, person.id, consents.TRAINING, sheet.definition, desk.now)
    if person.region and person.region != region:
        await reminders.unplan(desk.tx, person.id, desk.now)
    key = "registration.updated" if person.state == "registered" else "registration.done"
    html = "\n\n".join([desk.t(person.language, key, name=name), await days_of(desk, person.language, region)])
    rows = [[ways.menu(desk, person.language)]]
    desk.post(letters.text(sheet.chat, html, buttons.inline(rows), person=person.id))


async def days_of(desk: Desk, language: str, region: str) -> str:
    """Return the days of a region that are to come, with hours and venues, as HTML."""
    ahead = [
        (session, await programme.words(desk.tx, f"session:{session.id}", language))
        for session in await programme.sessions(desk.tx, region)
        if session.state == "planned" and session.ends_at > desk.now
    ]
    place = (await programme.words(desk.tx, f"region:{region}", language)).get("in", region)
    if not ahead:
        return desk.t(language, "registration.no_days", place=place)
    parts = [desk.t(language, "registration.days", place=place)]
    for venue, days in groupby(ahead, key=lambda day: (day[1].get("venue", ""), day[1].get("address", ""))):
        lines = [hours(desk, language, session) for session, _ in days]
        lines.append(desk.t(language, "registration.venue", venue=venue[0], address=venue[1]))
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def hours(desk: Desk, language: str, session: Session) -> str:
    """Return the line of a training day: its date, beginning and end."""
    return desk.t(
        language,
        "registration.day",
        day=texts.day(language, session.date),
        starts=texts.hour(session.starts_at, session.zone),
        ends=texts.hour(session.ends_at, session.zone),
    )
