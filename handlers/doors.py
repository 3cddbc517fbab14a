"""Doors: links by which women come in, with a text and a picture that organisers and their partners pass on."""

import re
from collections.abc import Awaitable, Callable, Mapping

from telegram import Update

from bot import letters, pictures, texts
from bot.buttons import Button, Rows
from bot.desk import Desk
from bot.routes import PASS
from bot.turn import Turn
from forms import cleaning, folding
from handlers import invitations, settings
from storage import audit, doors, notes, overrides, programme, reports
from storage.doors import Door

PREFIX = "d_"  # how the payload of a door's link begins
PAYLOAD = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{{doors.LETTERS}}})")
ALL = "all"  # every region, in the data of a button
LONGEST = 60  # characters of a partner's name
MOST_PARTNERS = 6  # that are offered
PAGE, IN_A_ROW = 10, 5  # doors on a page of the list, buttons in a row
MOST_SOURCES = 5  # doors that the figures show
LABEL = 28  # characters of a button


async def enter(turn: Turn) -> None:
    """Remember by which door a visitor came in, from the payload of her /start; any other payload does nothing.

    Who tries the links of her own team is no visitor.
    """
    said = PAYLOAD.fullmatch(" ".join(turn.args or ()))
    if said and turn.role is None and turn.person.state == "visitor":
        await doors.enter(turn.tx, turn.person.id, said[1])


async def invite(update: Update, turn: Turn) -> None:
    """/invite: ask for which region the link is; the links that were made are one tap away."""
    names = await reports.region_names(turn.tx, turn.language)
    regions = await programme.regions(turn.tx)
    rows = [[Button(names.get(region.id, region.id)[:LABEL], f"d/to/{region.id}")] for region in regions]
    rows.append([Button(turn.plain("note.all"), f"d/to/{ALL}")])
    if await doors.every(turn.tx):
        rows.append([Button(turn.plain("door.list"), "d/list")])
    turn.say(turn.t("door.region"), rows)


async def press(update: Update, turn: Turn) -> None:
    """d/ACTION/…: do what the button says."""
    _, action, word, language = (*turn.words, "", "", "")[:4]
    done = action in ACTIONS and await ACTIONS[action](turn, word, language)
    turn.toast("" if done else turn.plain("door.stale"), alert=not done)


async def ask_partner(turn: Turn, chosen: str, _: str) -> bool:
    """d/to/REGION: ask who passes the link on."""
    if chosen != ALL and await programme.region(turn.tx, chosen) is None:
        return False
    await overrides.drop(turn.tx, turn.user)  # one text at a time is awaited
    if note := await notes.in_hand(turn.tx, turn.user):
        await notes.move(turn.tx, note.id, note.state, "dropped", turn.now)
    await doors.begin(turn.tx, "" if chosen == ALL else chosen, turn.user, turn.now)
    turn.edit(turn.t("door.partner"), await _partners(turn))
    return True


async def _partners(turn: Turn) -> Rows:
    """Return the partners who pass on other links, each a button, and what else can be chosen."""
    known = {folding.fold(door.partner): door for door in reversed(await doors.every(turn.tx)) if door.partner}
    latest = list(known.values())[: -MOST_PARTNERS - 1 : -1]
    rows = [[Button(door.partner[:LABEL], f"d/like/{door.code}")] for door in latest]
    return [*rows, [Button(turn.plain("door.alone"), "d/alone")], [Button(turn.plain("note.drop"), "d/drop")]]


async def take_partner(update: Update, turn: Turn) -> object:
    """Take the next message as the name of the partner, if one is awaited."""
    if not await doors.is_in_hand(turn.tx, turn.user):
        return PASS
    partner = cleaning.cleaned(turn.message.text or "")
    if cleaning.has_letter(partner) and len(partner) <= LONGEST:
        await _make(turn, partner, turn.say)
    else:
        turn.say(turn.t("door.partner"), await _partners(turn))
    return None


async def choose_partner(turn: Turn, code: str, _: str) -> bool:
    """d/like/CODE: the partner of that door passes on this one, too."""
    door = await doors.by_code(turn.tx, code)
    return door is not None and await _make(turn, door.partner, turn.edit)


async def choose_nobody(turn: Turn, *_: str) -> bool:
    """d/alone: no partner is named."""
    return await _make(turn, "", turn.edit)


async def _make(turn: Turn, partner: str, show: Callable[[str, Rows], None]) -> bool:
    """Make the door in hand, unless there is one, and show what is to be passed on; False when nothing is in hand."""
    named = await doors.name(turn.tx, turn.user, partner)
    if named is None:
        return False
    door, is_new = named
    if is_new:
        await audit.write(turn.tx, turn.now, turn.user, "door.made", door.code, door.region or ALL)
    await _hand_over(turn, door, show)
    return True


async def _hand_over(turn: Turn, door: Door, show: Callable[[str, Rows], None]) -> None:
    """Say what follows, then show the text and the picture as they are to be passed on, in Azerbaijani at first."""
    names = await reports.region_names(turn.tx, turn.language)
    show(turn.t("door.given", door=titled(turn.desk, turn.language, door, names)), [[_to_list(turn)]])
    html = await invitations.text(turn.desk, texts.FALLBACK, door.region, link(turn, door))
    turn.say(html, settings.languages(f"d/say/{door.code}", texts.FALLBACK))
    caption = "\n".join(turn.desk.t(language, "door.picture") for language in texts.LANGUAGES)
    turn.desk.post(letters.photo(turn.chat, pictures.recipe(link(turn, door)), caption))


def link(turn: Turn, door: Door) -> str:
    """Return the link of a door; it fits into a QR code and into any messenger."""
    return f"https://t.me/{turn.bot.username}?start={PREFIX}{door.code}"


async def say(turn: Turn, code: str, language: str) -> bool:
    """d/say/CODE/LANGUAGE: show the text in another language."""
    door = await doors.by_code(turn.tx, code)
    if door is None or language not in texts.LANGUAGES:
        return False
    html = await invitations.text(turn.desk, language, door.region, link(turn, door))
    turn.edit(html, settings.languages(f"d/say/{door.code}", language))
    return True


async def drop(turn: Turn, *_: str) -> bool:
    """d/drop: no link is made."""
    turn.edit(turn.t("door.dropped"))
    return await doors.drop(turn.tx, turn.user)


async def cancel(update: Update, turn: Turn) -> object:
    """Give up the link in hand, if there is one."""
    if not await doors.drop(turn.tx, turn.user):
        return PASS
    turn.say(turn.t("door.dropped"))
    return None


async def show_list(turn: Turn, word: str, _: str) -> bool:
    """d/list/PAGE: show how many women came in and registered by each door, the open ones first."""
    at = PAGE * (int(word) if word.isdecimal() and len(word) < 5 else 0)
    found, names = await doors.every(turn.tx), await reports.region_names(turn.tx, turn.language)
    shown = list(enumerate(found, start=1))[at : at + PAGE]
    lines = [f"{number}. {line(turn.desk, turn.language, door, names)}" for number, door in shown]
    numbers = [Button(str(number), f"d/show/{door.code}") for number, door in shown]
    rows = [numbers[start : start + IN_A_ROW] for start in range(0, len(numbers), IN_A_ROW)]
    turning = [Button("‹", f"d/list/{at // PAGE - 1}")] if at else []
    turning += [Button("›", f"d/list/{at // PAGE + 1}")] if at + PAGE < len(found) else []
    turn.edit("\n\n".join([turn.t("door.listed"), "\n".join(lines)]), [row for row in (*rows, turning) if row])
    return True


async def show(turn: Turn, code: str, _: str) -> bool:
    """d/show/CODE: show one door, and what can be done with it."""
    door = await doors.by_code(turn.tx, code)
    if door is None:
        return False
    names = await reports.region_names(turn.tx, turn.language)
    rows = [[_to_list(turn)]]
    if door.is_open:
        give = Button(turn.plain("door.again"), f"d/give/{code}", style="primary")
        rows = [[give], [Button(turn.plain("door.close"), f"d/close/{code}")], *rows]
    turn.edit(line(turn.desk, turn.language, door, names), rows)
    return True


async def give(turn: Turn, code: str, _: str) -> bool:
    """d/give/CODE: show text and picture once more."""
    door = await doors.by_code(turn.tx, code)
    if door is None or not door.is_open:
        return False
    await _hand_over(turn, door, turn.edit)
    return True


async def ask_closing(turn: Turn, code: str, _: str) -> bool:
    """d/close/CODE: ask once more, for it cannot be opened again."""
    door = await doors.by_code(turn.tx, code)
    if door is None or not door.is_open:
        return False
    names = await reports.region_names(turn.tx, turn.language)
    yes = Button(turn.plain("door.close"), f"d/closing/{code}", style="danger")
    turn.edit(
        turn.t("door.sure", door=titled(turn.desk, turn.language, door, names)),
        [[yes], [Button(turn.plain("door.keep"), f"d/show/{code}")]],
    )
    return True


async def close(turn: Turn, code: str, _: str) -> bool:
    """d/closing/CODE: from now on the link greets, and counts nobody."""
    if not await doors.close(turn.tx, code, turn.now):
        return False
    await audit.write(turn.tx, turn.now, turn.user, "door.closed", code)
    return await show(turn, code, "")


ACTIONS: Mapping[str, Callable[[Turn, str, str], Awaitable[bool]]] = {
    **{"to": ask_partner, "like": choose_partner, "alone": choose_nobody, "drop": drop, "say": say},
    **{"list": show_list, "show": show, "give": give, "close": ask_closing, "closing": close},
}


async def sources(desk: Desk, language: str) -> str:
    """Return, as HTML, by which doors most women came in; '' where none was made."""
    found = sorted(await doors.every(desk.tx), key=lambda door: (-door.came, -door.registered))
    names = await reports.region_names(desk.tx, language)
    lines = [f"• {line(desk, language, door, names)}" for door in found[:MOST_SOURCES]]
    if len(found) > MOST_SOURCES:
        lines.append(desk.t(language, "door.more", len(found) - MOST_SOURCES))
    return "\n".join([desk.t(language, "door.sources"), *lines]) if lines else ""


async def source(desk: Desk, language: str, person: int) -> str:
    """Return what the door by which a person came in is called; '' where she came by none."""
    door = await doors.of_person(desk.tx, person)
    return titled(desk, language, door, await reports.region_names(desk.tx, language)) if door else ""


def line(desk: Desk, language: str, door: Door, names: Mapping[str, str]) -> str:
    """Return a door with its numbers, as HTML."""
    shown = titled(desk, language, door, names)
    key = "door.line" if door.is_open else "door.line.closed"
    return desk.t(language, key, door=shown, came=door.came, registered=door.registered)


def titled(desk: Desk, language: str, door: Door, names: Mapping[str, str]) -> str:
    """Return what a door is called: its region, and its partner."""
    region = names.get(door.region, door.region) if door.region else desk.plain(language, "note.all")
    return " · ".join(part for part in (region, door.partner) if part)


def _to_list(turn: Turn) -> Button:
    return Button(turn.plain("door.list"), "d/list")
