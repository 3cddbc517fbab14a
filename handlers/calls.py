"""Whom somebody has to call: everyone of whom the bot has no chat, or none that it can write to."""

from collections.abc import Mapping

from telegram import Update

from bot import rights
from bot.buttons import Button, Rows
from bot.texts import Markup
from bot.turn import Turn
from handlers import helping, status
from storage import audit, erasures, people, reports
from storage.reports import Unreached

PAGE = 10  # women on a page
IN_A_ROW = 5  # buttons


async def show(update: Update, turn: Turn) -> None:
    """o/calls/PAGE: list the women to be called with their phones; a button for each leads to what can be done."""
    word = turn.words[2] if len(turn.words) > 2 else ""
    page = int(word) if word.isdecimal() and len(word) < 5 else 0
    turn.toast()
    unreached = await reports.unreached(turn.tx)
    await audit.write(turn.tx, turn.now, turn.user, "calls.shown", "", str(len(unreached)))
    names = await reports.region_names(turn.tx, turn.language)
    here = list(enumerate(unreached, start=1))[PAGE * page : PAGE * (page + 1)]
    lines = [f"{number}. {_line(turn, woman, names)}" for number, woman in here]
    link = turn.t("status.come_back", link=f"https://t.me/{turn.bot.username}")
    html = "\n".join([turn.t("status.calls", len(unreached)), *lines])
    (turn.edit if word else turn.say)(f"{html}\n\n{link}", _under(here, page, len(unreached)))


def _under(here: list[tuple[int, Unreached]], page: int, total: int) -> Rows:
    numbers = [Button(str(number), f"o/call/{woman.person}") for number, woman in here]
    turning = [Button("‹", f"o/calls/{page - 1}")] if page else []
    turning += [Button("›", f"o/calls/{page + 1}")] if PAGE * (page + 1) < total else []
    rows = [numbers[start : start + IN_A_ROW] for start in range(0, len(numbers), IN_A_ROW)]
    return [*rows, *([turning] if turning else [])]


async def show_one(update: Update, turn: Turn) -> None:
    """o/call/PERSON: show a woman who is to be called, and what can be done for her."""
    woman = await _meant(turn)
    if woman is None:
        return
    turn.toast()
    rows = []
    if rights.allows(turn.role, rights.WRITE):
        rows.append([Button(turn.plain("status.code"), f"o/code/{woman.person}")])
    if woman.gone or woman.unclaimed:
        rows.append([Button(turn.plain("status.erase"), f"o/erase/{woman.person}", style="danger")])
    turn.say(await _described(turn, woman), [*rows, _back(turn)])


async def give_code(update: Update, turn: Turn) -> None:
    """o/code/PERSON: make a new code for her record; the one she was given before is of no use any more."""
    woman = await _meant(turn)
    person = await people.by_id(turn.tx, woman.person) if woman else None
    if person is None:
        return
    turn.toast()
    await audit.write(turn.tx, turn.now, turn.user, "woman.code", person.id)
    html = await helping.code_for(turn.desk, person, turn.language, turn.user)
    turn.unbutton()
    turn.desk.post(helping.letter(turn.chat, html, [_back(turn)], person.id))


async def ask_erasure(update: Update, turn: Turn) -> None:
    """o/erase/PERSON: ask once more before a woman whom nobody can ask in a chat is erased."""
    woman = await _meant(turn)
    if woman is None or not (woman.gone or woman.unclaimed):
        if woman:
            _refuse(turn)
        return
    turn.toast()
    key = "status.erase.sure" if woman.gone else "status.erase.asked"
    html = turn.t(key, turn.desk.config.storage.keep_backups_days, who=Markup(await _described(turn, woman)))
    yes = Button(turn.plain("status.erase.yes"), f"o/erasing/{woman.person}", style="danger")
    turn.edit(html, [[yes], [Button(turn.plain("status.erase.no"), "o/calls")]])


async def erase(update: Update, turn: Turn) -> None:
    """o/erasing/PERSON: have her erased as if she had asked for it (bot/erasing.py); the audit names nobody."""
    if not await erasures.ask_for_gone(turn.tx, _number(turn), turn.now):
        _refuse(turn)
        return
    turn.toast()
    await audit.write(turn.tx, turn.now, turn.user, "gone.erased")
    turn.edit(turn.t("status.erase.done"))


async def _meant(turn: Turn) -> Unreached | None:
    """Return the woman whom the button names, if she is to be called; if not, say so."""
    number = _number(turn)
    found = next((each for each in await reports.unreached(turn.tx) if each.person == number), None)
    if found is None:
        _refuse(turn)
    return found


def _number(turn: Turn) -> int:
    """Return the person that a button names; 0, which is nobody, for anything else."""
    [word] = turn.words[2:3] or [""]
    return int(word) if word.isdecimal() and len(word) < 19 else 0


def _refuse(turn: Turn) -> None:
    turn.toast(turn.plain("status.erase.stale"), alert=True)
    turn.unbutton()


async def _described(turn: Turn, woman: Unreached) -> str:
    return _line(turn, woman, await reports.region_names(turn.tx, turn.language))


def _line(turn: Turn, woman: Unreached, names: Mapping[str, str]) -> str:
    why = "gone" if woman.gone else "unclaimed" if woman.unclaimed else "blocked"
    region, number = names.get(woman.region, woman.region), status.phone(turn, woman.phone)
    who = turn.t("status.who", name=woman.name, region=region, phone=number)
    return turn.t(f"status.call.{why}", who=Markup(who))


def _back(turn: Turn) -> list[Button]:
    return [Button(turn.plain("status.show_calls"), "o/calls")]
