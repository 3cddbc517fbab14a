"""Places in the regions: a place or a number on the waiting list, the offer of a freed one, and what she answers."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update

import handlers
from bot import buttons, letters, texts
from bot.buttons import Button, Rows
from bot.desk import Desk
from bot.turn import Turn
from handlers import endings, timetable, ways
from storage import lists, outbox, people, places, programme, reminders, sheets
from storage.database import Transaction
from storage.people import Person, Reach
from storage.places import Place
from storage.sheets import Sheet

REGION = "region"  # the question of the registration that says where she asks for a place
BACK = ("declined", "lapsed")  # who may go back to the end of the list
AT_ONCE = 100  # women of a region who are told in one transaction that its list has ended


async def tend(desk: Desk) -> bool:
    """Tick: end the offers whose term is over and say so, once; pass on what is free, whatever freed it.

    Where a list has ended, tell who still waits; True: there may be more of them.
    """
    for place in await places.lapse(desk.tx, desk.now):
        if to := await people.reach(desk.tx, place.person):
            html = desk.t(to.language, "place.lapsed")
            write(desk, to, place, "lapsed", "place.news", html, way_back(desk, to.language, place))
    told = 0
    for region in await places.waited_for(desk.tx):
        await top_up(desk, region)
        for place in await lists.untold(desk.tx, region, desk.now, AT_ONCE):
            await tell_over(desk, place)
            told += 1
    return told > 0


async def tell_over(desk: Desk, place: Place) -> None:
    """Tell her, once and at a decent hour, that the list has ended before her turn, and what she can do."""
    await lists.tell(desk.tx, place.person, desk.now)
    if to := await people.reach(desk.tx, place.person):
        html, _ = await standing(desk, to.language, place)
        rows = [[Button(desk.plain(to.language, "menu.data"), "m/data")], [ways.menu(desk, to.language)]]
        due = places.decent(desk.now, desk.config.programme.zone)
        write(desk, to, place, "over", "place.news", html, rows, due=due)


async def top_up(desk: Desk, region: str) -> None:
    """Offer every free place of the region to the next who waits, and write to her."""
    await offer(desk, await places.fill(desk.tx, region, desk.now))


async def offer(desk: Desk, offers: Sequence[Place]) -> None:
    """Write to the women to whom a place is offered; at night, in the morning."""
    for place in offers:
        if to := await people.reach(desk.tx, place.person):
            html, rows = await standing(desk, to.language, place)
            term = {"due": place.offered_at, "useless_after": place.offer_ends}
            write(desk, to, place, "offer", "place.good", html, rows, **term)


async def settle(desk: Desk, person: int, region: str, group: str) -> None:
    """Give her a place in the region, or a number on its list; what she had elsewhere is passed on.

    In the region where she is already she keeps what she has, whatever her group is now.
    """
    before = await places.of(desk.tx, person)
    if before and before.region == region:
        await places.regroup(desk.tx, person, group)
        await top_up(desk, region)
    else:
        await offer(desk, await places.ask(desk.tx, person, region, group, desk.now))
        if before:
            await reminders.unplan(desk.tx, person, desk.now)
            await _pass_on(desk, before)


async def leave(desk: Desk, person: int) -> None:
    """Take her out of places and lists, and pass on what she had."""
    if place := await places.free(desk.tx, person):
        await _pass_on(desk, place)


async def give(desk: Desk, place: Place, reason: str) -> bool:
    """Let her hold a place past the list, for an organiser's reason, and tell her; False when she holds one."""
    if not await places.give(desk.tx, place.person, reason):
        return False
    await outbox.cancel(desk.tx, f"place:{place.number}:", desk.now)
    if to := await people.reach(desk.tx, place.person):
        where = desk.t(to.language, "place.given", place=await timetable.named(desk.tx, to.language, place.region))
        html = f"{where}\n\n{await timetable.of_region(desk, to.language, place.region)}"
        write(desk, to, place, "given", "place.good", html, [[ways.menu(desk, to.language)]])
    return True


async def standing(desk: Desk, language: str, place: Place) -> tuple[str, Rows]:
    """Return what she is told about her place, or her turn for one, and the buttons under it."""
    where = await timetable.named(desk.tx, language, place.region)
    if place.state == "held":
        return await timetable.of_region(desk, language, place.region), []
    if place.state == "waiting" and await lists.is_over(desk.tx, place.region, desk.now):
        await lists.tell(desk.tx, place.person, desk.now)  # whoever reads it here is not written to
        return await endings.of_region(desk, language, place.region), []
    if place.state == "waiting":
        number = await places.position(desk.tx, place)
        return desk.t(language, "place.waiting", place=where, number=number), []
    if place.state in BACK:
        return desk.t(language, "place.none", place=where), way_back(desk, language, place)
    zone = desk.config.programme.zone
    ends = place.offer_ends or 0
    day = texts.day(language, datetime.fromtimestamp(ends / 1000, ZoneInfo(zone)).date())
    rows = [[Button(desk.plain(language, f"place.{word}"), f"w/{word}/{place.number}") for word in ("yes", "no")]]
    return desk.t(language, "place.offer", place=where, day=day, hour=texts.hour(ends, zone)), rows


async def told(desk: Desk, language: str, person: int, name: str, lead: str = "") -> tuple[str, Rows]:
    """Return where she stands, after an update of her data ('updated'), her registration ('waiting') or an answer."""
    place = await places.of(desk.tx, person)
    html, rows = await standing(desk, language, place) if place else ("", [])
    if place and place.state == "held" and lead != "updated":
        lead = "done"
    first = [desk.t(language, f"registration.{lead}", name=name)] if lead else []
    return "\n\n".join([*first, html]), [*rows, [ways.menu(desk, language)]]


async def mine(turn: Turn) -> tuple[str, Rows]:
    """Return where who is active in this chat stands; she has asked for a place."""
    place = await places.of(turn.tx, turn.person.id)
    return await standing(turn.desk, turn.language, place) if place else ("", [])


async def number_there(desk: Desk, person: Person, region: str, group: str) -> int:
    """Return which number she would have on the list of that region, 0 for a place."""
    return await places.number_there(desk.tx, person.id, region, group, desk.now)


async def ask_move(desk: Desk, language: str, sheet: Sheet, region: str, number: int) -> None:
    """Ask whether she gives up what she has for that number on another region's list; until then she keeps it.

    Her answer on the sheet is again what is true. For a list that has ended nobody gives anything up.
    """
    place = await places.of(desk.tx, sheet.person)
    if place is None:
        return
    await _amend(desk.tx, sheet, place.region)
    there, here = [await timetable.named(desk.tx, language, each) for each in (region, place.region)]
    rows: Rows = [
        [Button(desk.plain(language, "place.change"), f"w/move/{sheet.key}/{region}")],
        [Button(desk.plain(language, "place.stay"), f"w/stay/{sheet.key}")],
    ]
    key = "place.move" if place.state == "held" else "place.move_on"
    if await lists.is_over(desk.tx, region, desk.now):
        key, rows = "place.move_over", [[ways.menu(desk, language)]]
    html = desk.t(language, key, there=there, here=here, number=number)
    desk.post(letters.text(sheet.chat, html, buttons.inline(rows), person=sheet.person))


async def press(update: Update, turn: Turn) -> None:
    """w/ACTION/NUMBER: do what the button says, if it was made for a woman of this chat, and for this turn of hers."""
    _, action, number = (*turn.words, "", "")[:3]
    known = int(number) if number.isdecimal() and len(number) < 19 else 0
    place = await places.by_number(turn.tx, known)
    if action not in ACTIONS or place is None:
        turn.toast(turn.plain("button.unknown"), alert=True)
    elif not await handlers.household.become(turn, place.person):
        turn.toast(turn.plain("sheet.foreign"), alert=True)
    elif await ACTIONS[action](turn, place):
        turn.toast()
        turn.unbutton()
    elif place.state == "held":
        turn.toast(turn.plain("place.yours"))
    else:
        turn.toast(turn.plain("place.late" if place.state in BACK else "button.unknown"), alert=True)
        turn.unbutton()


async def take(turn: Turn, place: Place) -> bool:
    """Yes: she takes part from now on."""
    if not await places.take(turn.tx, place):
        return False
    await outbox.cancel(turn.tx, f"place:{place.number}:", turn.now)
    await _show_standing(turn)
    return True


async def decline(turn: Turn, place: Place) -> bool:
    """No: the place passes on."""
    if not await places.decline(turn.tx, place):
        return False
    turn.say(turn.t("place.declined"), way_back(turn.desk, turn.language, place))
    await _pass_on(turn.desk, place)
    return True


async def go_back(turn: Turn, place: Place) -> bool:
    """She changed her mind, or missed the term: the last number of the list, or a place if there is one."""
    if place.state not in BACK:
        return False
    # Her group, and not that of the place which she did not take: she may have changed it.
    await offer(turn.desk, await places.ask(turn.tx, place.person, place.region, turn.person.group, turn.now))
    await _show_standing(turn)
    return True


ACTIONS = {"yes": take, "no": decline, "back": go_back}


async def move(update: Update, turn: Turn) -> None:
    """w/move/SHEET/REGION: give up what she has and ask in the other region, as she was asked."""
    sheet, place = await _asked(turn)
    region = turn.words[3] if len(turn.words) == 4 else ""
    if sheet is None or place is None or not await is_open(turn.desk, region):
        turn.toast(turn.plain("button.unknown"), alert=True)
        return
    if place.region == region:
        turn.toast(turn.plain("sheet.kept"))
        return
    turn.toast()
    turn.unbutton()
    she = turn.person
    number = await number_there(turn.desk, she, region, she.group)
    if number and await lists.is_over(turn.tx, region, turn.now):  # it has ended since she was asked
        await ask_move(turn.desk, turn.language, sheet, region, number)
        return
    await _amend(turn.tx, sheet, region)
    await people.register(turn.tx, she.id, she.name, region, she.group, she.phone, turn.now)
    await settle(turn.desk, she.id, region, she.group)
    await _show_standing(turn, "updated")


async def stay(update: Update, turn: Turn) -> None:
    """w/stay/SHEET: she keeps what she has; what else she changed on the card was saved then."""
    sheet, place = await _asked(turn)
    if sheet is None or place is None:
        turn.toast(turn.plain("button.unknown"), alert=True)
        return
    turn.toast()
    turn.edit(*await told(turn.desk, turn.language, turn.person.id, turn.person.name, "updated"))


async def _asked(turn: Turn) -> tuple[Sheet | None, Place | None]:
    """Return the sheet that a button names and the place of its woman; None if she does not use this chat."""
    sheet = await sheets.by_key(turn.tx, (*turn.words, "", "", "")[2])
    if sheet is None or not await handlers.household.become(turn, sheet.person):
        return None, None
    return sheet, await places.of(turn.tx, turn.person.id)


async def is_open(desk: Desk, region: str) -> bool:
    """Whether one can register in the region today."""
    return region in {each.id for each in await programme.open_regions(desk.tx, desk.now, desk.today)}


def way_back(desk: Desk, language: str, place: Place) -> Rows:
    """Return the button that leads back to the end of the list."""
    return [[Button(desk.plain(language, "place.back"), f"w/back/{place.number}")]]


def write(desk: Desk, to: Reach, place: Place, what: str, opening: str, html: str, rows: Rows, **row: Any) -> None:
    """Mean a letter that she did not ask for; its first words say nothing that others should not read."""
    parts = "\n\n".join([desk.t(to.language, opening), html])
    # A number may be offered a place twice, after a merge that was undone: the second offer is a letter, too.
    key = f"place:{place.number}:{what}:{secrets.token_hex(4)}"
    desk.post(letters.text(to.chat, parts, buttons.inline(rows), key=key, priority=1, person=place.person, **row))


async def _show_standing(turn: Turn, lead: str = "") -> None:
    turn.say(*await told(turn.desk, turn.language, turn.person.id, turn.person.name, lead))


async def _pass_on(desk: Desk, place: Place) -> None:
    await outbox.cancel(desk.tx, f"place:{place.number}:", desk.now)
    await top_up(desk, place.region)


async def _amend(tx: Transaction, sheet: Sheet, region: str) -> None:
    await sheets.save(tx, sheet._replace(answers={**sheet.answers, REGION: region}), sheet)
