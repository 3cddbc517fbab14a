"""Registration: a woman becomes a participant, or waits for a place, or brings her data up to date."""

from telegram import Update

import handlers
from bot import buttons, letters, texts
from bot.desk import Desk
from bot.turn import Turn
from forms.model import CARD, Value
from handlers import definitions, permissions, places, sheets, timetable, ways
from storage import consents, needs, people, programme
from storage import sheets as stored
from storage.people import Person
from storage.sheets import Sheet

FORM = "registration"
NEEDS, ALLOWED = "needs", permissions.QUESTION  # questions whose answers are kept apart


async def begin(turn: Turn) -> None:
    """Ask the first question of the registration; who has completed it sees what is kept of her instead."""
    if turn.person.enrolled:
        await open_data(turn)
    elif closed := await closing(turn.desk, turn.language):
        turn.say(closed)
    else:
        await sheets.begin(turn.desk, turn.person, turn.chat, FORM, pressed=True)


async def change(update: Update, turn: Turn) -> None:
    """Show what is kept of her on a check card, to be changed."""
    if turn.person.enrolled:
        await open_data(turn)
    else:
        turn.say(turn.t("menu.later"), [[ways.begin(turn.desk, turn.language)]])


async def open_data(turn: Turn) -> None:
    """Open a sheet with her data on it, or go on with the one that is open."""
    person = turn.person
    known: dict[str, Value] = {"consent": "yes", "name": person.name, "group": person.group}
    known |= {"age": person.age or None, "phone": person.phone or None}
    for key, kept in (
        (NEEDS, await needs.of(turn.tx, person.id)),
        (ALLOWED, await consents.allowed(turn.tx, person.id)),
    ):
        known[key] = [choice for choice, _ in definitions.offered(turn.language, key) if choice in kept]
    if person.region in {region.id for region in await programme.regions(turn.tx)}:
        known["region"] = person.region  # if it was closed since, she is asked again
    await sheets.begin(turn.desk, person, turn.chat, FORM, known, pressed=True)


async def closing(desk: Desk, language: str) -> str:
    """Return, as HTML, when registration opens, or that it is over; '' while one can register somewhere."""
    if await programme.open_regions(desk.tx, desk.now, desk.today):
        return ""
    if opening := await programme.opening(desk.tx, desk.now, desk.today):
        return desk.t(language, "registration.opens", day=texts.day(language, opening))
    return desk.t(language, "registration.over" if await programme.regions(desk.tx) else "registration.closed")


async def complete(desk: Desk, person: Person, sheet: Sheet) -> None:
    """Make her a participant, or give her a number on the waiting list; her consent is kept with its wording.

    What she has in one region she keeps until she has agreed to a number in the other one: so she is asked first, and
    told that her data are up to date when she has answered.
    """
    name, region, group, phone, age = (
        str(sheet.answers.get(key) or "") for key in ("name", "region", "group", "phone", "age")
    )
    moves = person.enrolled and person.region != region
    if (moves or not person.enrolled) and not await places.is_open(desk, region):
        await turn_back(desk, person, sheet)
        return
    number = await places.number_there(desk, person, region, group) if moves else 0
    there, region = region, (person.region or "") if number else region
    await people.register(desk.tx, person.id, name, region, group, phone, desk.now, age)
    await consents.give(desk.tx, person.id, consents.TRAINING, sheet.definition, desk.now)
    await set_apart(desk, person._replace(name=name), sheet)
    await places.settle(desk, person.id, region, group)
    if person.helped:
        await handlers.helping.hand_over(desk, person._replace(name=name), sheet)
        return
    if number:
        await places.ask_move(desk, person.language, sheet, there, number)
        return
    lead = "updated" if person.enrolled else "waiting"
    html, rows = await places.told(desk, person.language, person.id, name, lead)
    desk.post(letters.text(sheet.chat, html, buttons.inline(rows), person=person.id))


async def set_apart(desk: Desk, person: Person, sheet: Sheet) -> None:
    """Keep what she allows as consents and what she needs by itself: nothing of either stays with her answers."""
    chosen = {key: value for key in (NEEDS, ALLOWED) if isinstance(value := sheet.answers.get(key), list)}
    if NEEDS in chosen:
        await needs.put(desk.tx, person.id, chosen[NEEDS])
    if ALLOWED in chosen:
        ended = await consents.allow(desk.tx, person.id, chosen[ALLOWED], sheet.definition, desk.now)
        await permissions.tell(desk, person, ended)
    for key in chosen:
        await stored.forget(desk.tx, person.id, FORM, key)


async def turn_back(desk: Desk, person: Person, sheet: Sheet) -> None:
    """Tell her that registration in the region is over; what she has answered stays, for one that is open."""
    closed = await closing(desk, person.language)
    if closed and not person.enrolled:
        await stored.save(desk.tx, sheet._replace(state="open", step=CARD), sheet)
        desk.post(letters.text(sheet.chat, closed, person=person.id))
        return
    await stored.save(desk.tx, sheet._replace(state="cancelled", answers={}), sheet)
    where = await timetable.named(desk.tx, person.language, str(sheet.answers["region"]))
    html = desk.t(person.language, "registration.region_over", place=where)
    desk.post(letters.text(sheet.chat, html, person=person.id))
    known = {key: value for key, value in sheet.answers.items() if key != "region"}
    await sheets.begin(desk, person, sheet.chat, FORM, known)
