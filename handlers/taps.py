"""Taps on buttons of sheets: what they say, and what becomes of those that come late, or twice.

Nobody sees what a tap did before she taps again with a shaky hand, or because her phone is slow. So a button asks for a
state, not for a change of it, and what follows a tap at once is answered in passing.
"""

import re
from typing import NamedTuple

from bot import buttons, letters
from bot.buttons import Button
from bot.turn import Turn
from forms import engine
from forms.model import Question
from handlers import questions, sheets
from handlers.questions import View
from storage.sheets import Sheet

DATA = re.compile(r"f/(?P<key>[\w-]+)/(?P<action>[a-z]+)(?P<numbers>(/[0-9]+){0,3})", re.ASCII)
ONE_TAP = 1_000  # ms after a tap in which a tap on the button that it has changed is still the same
TICKED = {"a": True, "u": False}  # what a tap on a choice asks for: that it is her answer, or is not any more
CLOSED = {"submitted": "sheet.submitted", "cancelled": "sheet.cancelled"}
OFFERED = "sheet.answered"  # of a question that is not open: its answer can be changed
SAME_TAP = ("sheet.kept", "sheet.submitted")  # what a second tap on the same button is told, in passing
LATE = ("sheet.later", "sheet.passed", "sheet.cancelled", "sheet.replaced")  # what only a tap that comes late is told


class Tap(NamedTuple):
    """What a button says: what to do, with which question and choice (from 1), and when the tap came that drew it."""

    action: str
    number: int = 0
    choice: int = 0
    drawn: int = 0  # UTC ms; 0 unless the button was drawn anew because it was tapped


def read(data: str) -> tuple[str, Tap] | None:
    """Return the key of the sheet and what is to be done with it, or None if no button of a sheet says so."""
    said = DATA.fullmatch(data)
    return (said["key"], Tap(said["action"], *map(int, said["numbers"].split("/")[1:]))) if said else None


def chosen(view: View, tap: Tap) -> str | None:
    """Return the key of the choice that a button names, or None."""
    pressed = engine.pressed(view.form, tap.number, tap.choice)
    return pressed[1] if pressed else None


def is_second(view: View, tap: Tap) -> bool:
    """Tell whether a tap on one of several choices is the second of a double one, and takes nothing back."""
    return 0 <= view.desk.now - tap.drawn < ONE_TAP


async def closed(turn: Turn, sheet: Sheet, tap: Tap) -> None:
    """Answer a press of a sheet that is not open any more: say what became of it, and where it can be changed."""
    opened = await sheets.open_of(turn.tx, turn.person.id)
    if sheet.state == "cancelled" and any(other.form == sheet.form for other in opened):
        refuse(turn, "sheet.replaced", sheet)
        return
    refuse(turn, CLOSED[sheet.state], sheet)
    if sheet.state == "submitted" and sheet.form in sheets.CHANGED and tap.action != "ok" and turn.person.enrolled:
        label, data = sheets.CHANGED[sheet.form]
        rows = [[Button(turn.plain(label), data)]]
        key = f"late:{sheet.key}"
        turn.desk.post(
            letters.text(turn.chat, turn.t("sheet.sent"), buttons.inline(rows), person=turn.person.id, key=key)
        )


def late(view: View, tap: Tap) -> str:
    """Return the text for a button of a question that is not open; the same tap twice is told that it counted."""
    question = view.form.questions[tap.number - 1] if tap.number else None
    if question and not engine.is_asked(view.form, view.way, question):
        return "sheet.later" if view.form.anonymous else "sheet.needless"
    if question is None or question.key not in view.sheet.answers:
        return "sheet.later"
    if view.form.anonymous:  # whoever holds her phone must not find out an answer by trying the buttons
        return "sheet.passed"
    value = view.sheet.answers[question.key]
    if tap.action == "a" and chosen(view, tap) in (value if isinstance(value, list) else [str(value)]):
        return "sheet.kept"
    if tap.action not in TICKED and sheets.just_asked(view.sheet, view.desk.now):
        return "sheet.later"  # the button that led on from there, once more
    return OFFERED if question in engine.editable(view.form) else "sheet.later"


def offer(view: View, question: Question) -> None:
    """Say what became of a question that she answered before, and offer to change that answer: once at each step."""
    number = engine.number(view.form, question.key)
    html = questions.paragraphs(questions.entry(view, question), view.t("sheet.answered"))
    rows = [[view.button("sheet.change", "e", number)], [view.button("sheet.resume", "r", *view.sheet.asked)]]
    key = f"late:{view.sheet.key}:{number}:{view.sheet.asked[0]}"
    view.desk.post(letters.text(view.chat, html, buttons.inline(rows), person=view.person.id, key=key))


def refuse(turn: Turn, key: str, sheet: Sheet | None = None) -> None:
    """Answer a press that changes nothing; what is worth reading stays until she closes it.

    Just after something was done with the sheet it is the second tap of a double one: all is well. Of an anonymous
    sheet no time is kept, but its buttons go with the first tap: then it is said in passing.
    """
    if sheet and key in LATE and sheets.just_asked(sheet, turn.now):
        turn.toast(turn.plain("sheet.noted"))
    else:
        in_passing = key in SAME_TAP or (key in LATE and sheet is not None and not sheet.changed_at)
        turn.toast(turn.plain(key), alert=not in_passing)
