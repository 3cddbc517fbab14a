"""A helper registers a woman without Telegram: the same form in the helper's chat, then a code to be written down."""

from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import Update

from bot import buttons, letters, rights, texts
from bot.buttons import Button, Rows
from bot.desk import Desk
from bot.routes import PASS
from bot.texts import Markup
from bot.turn import Turn
from forms import codes
from handlers import claims as claiming
from handlers import household, paper, registration, sheets, start, ways
from storage import audit, claims, erasures, households, places, reports, roles
from storage.outbox import Letter
from storage.people import Person
from storage.sheets import Sheet

ABANDONED = 7 * 86_400_000  # ms after which a registration that a helper did not finish is given up


async def ask(update: Update, turn: Turn) -> None:
    """/register: ask whether she has agreed on paper; a registration that was left half-way comes first."""
    unfinished = await households.helped(turn.tx, turn.chat)
    if unfinished is None:
        rows = [
            [Button(turn.plain("helping.agreed"), "g/agreed", style="primary")],
            [Button(turn.plain("helping.no"), "g/no")],
        ]
        turn.say(turn.t("helping.ask"), rows)
    elif await household.become(turn, unfinished):
        turn.say(turn.t("helping.unfinished"), _ways_out(turn))


async def press(update: Update, turn: Turn) -> None:
    """g/agreed, g/on, g/drop: begin, go on, give up. g/no: she has not agreed. g/next: the next woman."""
    action = turn.words[-1]
    if action == "agreed" and (closed := await registration.closing(turn.desk, turn.language)):
        turn.toast()
        turn.say(closed)
    elif action == "agreed":
        turn.toast()
        turn.unbutton(priority=letters.MARK)
        await begin(turn)
    elif action == "next":
        turn.toast()
        await ask(update, turn)
    elif action == "no":
        turn.toast()
        turn.edit(turn.t("helping.not_agreed"), [*paper.button(turn), _next(turn.desk, turn.language)])
    elif (unfinished := await households.helped(turn.tx, turn.chat)) and action in ("on", "drop"):
        turn.toast()
        turn.unbutton(priority=letters.MARK)
        await household.become(turn, unfinished)
        await (start.go_on(turn) if action == "on" else drop(turn))
    else:
        turn.toast(turn.plain("household.stale"), alert=True)


async def begin(turn: Turn) -> None:
    """Ask the helper the questions for the woman; her consent is on paper. A second tap goes on with the same one."""
    unfinished = await households.helped(turn.tx, turn.chat)
    if unfinished is None:
        await households.help_in(turn.tx, turn.chat, turn.language, turn.now)
        await turn.look_around()
    else:
        await household.become(turn, unfinished)
    known = {"consent": "yes"}
    await sheets.begin(turn.desk, turn.person, turn.chat, registration.FORM, known, pressed=True)


async def cancel(update: Update, turn: Turn) -> object:
    """/cancel while a woman is being registered by a helper: nothing of her is kept."""
    if not turn.person.helped:
        return PASS
    await drop(turn)
    return None


async def drop(turn: Turn) -> None:
    """Give up the registration in hand, and go back to the helper's own record."""
    await remove(turn.desk, turn.chat, turn.person.id)
    await turn.look_around()
    turn.say(turn.t("helping.dropped"), keyboard=buttons.GONE)
    turn.say(turn.t("helping.again"), [_next(turn.desk, turn.language)])


async def remove(desk: Desk, chat: int, person: int) -> None:
    """Have the person erased whose registration a helper did not finish, with the messages about her in that chat.

    bot/erasing.py does it, and tells nobody.
    """
    await households.leave(desk.tx, chat, person)
    await erasures.ask(desk.tx, person, 0, texts.FALLBACK, desk.now)


async def forget(desk: Desk) -> None:
    """Give up the registrations that helpers left unfinished a week ago."""
    for chat, person in await households.abandoned(desk.tx, desk.now - ABANDONED):
        await remove(desk, chat, person)


async def hand_over(desk: Desk, person: Person, sheet: Sheet) -> None:
    """The woman is registered: she leaves the helper's chat, and the helper gets the code by which she claims it."""
    await households.leave(desk.tx, sheet.chat, person.id)
    await audit.write(desk.tx, desk.now, sheet.chat, "woman.registered", person.id)
    if rights.allows(await roles.of(desk.tx, sheet.chat), rights.WRITE):
        html = await code_for(desk, person, person.language, sheet.chat)
        desk.post(letter(sheet.chat, html, [_next(desk, person.language)], person.id))
    else:  # the role was taken away meanwhile: an organiser makes the code
        html = desk.t(person.language, "helping.done", name=person.name)
        desk.post(letter(sheet.chat, html, [[ways.menu(desk, person.language)]], person.id))


def letter(chat: int, html: str, rows: Rows, person: int) -> Letter:
    """Return a message about a woman to somebody of the team: it goes with her when she is erased."""
    return letters.text(chat, html, buttons.inline(rows), person=person)


async def code_for(desk: Desk, person: Person, language: str, user: int) -> str:
    """Make a code for the person's record; return it as HTML with all that has to be told or written down."""
    code = await claims.make(desk.tx, person.id, user, desk.now)
    zone = ZoneInfo(desk.config.programme.zone)
    return desk.t(
        language,
        "helping.code",
        name=person.name,
        standing=Markup(await _standing(desk, person, language)),
        code=Markup(codes.shown(code)),
        link=Markup(f"https://t.me/{desk.bot_name()}?start={claiming.LINK}{code}"),
        day=texts.day(language, datetime.fromtimestamp((desk.now + claims.LASTS) / 1000, zone).date()),
    )


def _ways_out(turn: Turn) -> Rows:
    return [
        [Button(turn.plain("sheet.resume"), "g/on", style="primary")],
        [Button(turn.plain("helping.drop"), "g/drop", style="danger")],
    ]


def _next(desk: Desk, language: str) -> list[Button]:
    """The row that leads to the next woman; a way to a registration of her own would stand in the helper's way."""
    return [Button(desk.plain(language, "helping.next"), "g/next")]


async def _standing(desk: Desk, person: Person, language: str) -> str:
    place = await places.of(desk.tx, person.id)
    if place is None:
        return ""
    region = (await reports.region_names(desk.tx, language)).get(place.region, place.region)
    number = await places.position(desk.tx, place) if place.state == "waiting" else 0
    return desk.t(language, "helping.waiting" if number else "helping.held", region=region, number=number)
