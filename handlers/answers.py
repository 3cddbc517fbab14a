"""What comes in for open sheets: presses of their buttons, written and other messages, edits, /cancel."""

from typing import cast

from telegram import Message, Update, helpers
from telegram.ext import filters

from bot import rights, routes
from bot.turn import Turn
from forms import engine
from forms.model import CARD, Ask, Card, Input, Other, Pressed, Shared, Step, Typed
from handlers import definitions, questions, sheets, ways
from handlers.questions import View
from storage.sheets import Sheet

CLOSED = {"submitted": "sheet.submitted", "cancelled": "sheet.cancelled"}
ONWARD = {"b": engine.back, "k": engine.keep, "s": engine.skip}


async def press(update: Update, turn: Turn) -> None:
    """f/KEY/ACTION/QUESTION/CHOICE: do what the button says, if it is hers and belongs to what is open now."""
    _, key, action, *numbers = [*turn.words, "", ""]
    number, choice, *_ = [*(int(part) for part in numbers if part.isdecimal()), 0, 0]
    sheet = await sheets.find(turn.tx, key)
    if sheet is None or sheet.person != turn.person.id:
        refuse(turn, "sheet.foreign" if sheet else "sheet.unknown")
    elif sheet.state != "open":
        refuse(turn, CLOSED[sheet.state])
    else:
        await follow(turn, await seen(turn, sheet), action, number, choice)


async def follow(turn: Turn, view: View, action: str, number: int, choice: int) -> None:
    """Go where a button of an open sheet leads, or say why it leads nowhere."""
    if action == "x":
        turn.toast()
        turn.unbutton()
        return await sheets.stop(view)
    step = led(view, action, number, choice)
    if isinstance(step, str):
        return refuse(turn, step)
    turn.toast()
    question = view.open_question
    if question and action in ("a", "k", "s") and not view.form.anonymous:
        value = chosen(view, number, choice) if action == "a" else view.sheet.answers.get(question.key)
        turn.edit(questions.marked(view, question, value))
    else:
        turn.unbutton()
    return await sheets.move(view, step, view.t("sheet.resumed") if action == "r" else "")


def led(view: View, action: str, number: int, choice: int) -> Step | str:
    """Return the step to which a button leads, or the text that says why it leads nowhere."""
    form, way = view.form, view.way
    if action == "r":
        return engine.current(form, way) if number == view.sheet.changed_at else "sheet.later"
    if not 0 <= number <= len(form.questions):
        return "sheet.unknown"
    if action == "ok" or action == "e":
        if way.step != CARD:
            return "sheet.later"
        step = engine.submit(form, way) if action == "ok" else engine.edit(form, way, form.questions[number - 1].key)
    elif number == 0 or number != engine.number(form, way.step):
        return late(view, number, choice)
    elif action == "a":
        pressed = chosen(view, number, choice)
        step = engine.answer(form, way, Pressed(pressed)) if pressed else engine.current(form, way)
    else:
        step = ONWARD.get(action, engine.current)(form, way)
    return "sheet.unknown" if step.sheet == way and not isinstance(step, (Ask, Card)) else step
