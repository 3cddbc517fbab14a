"""What comes in for open sheets: presses of their buttons, written and other messages, edits, /cancel."""

import re

from telegram import Message, Update, helpers

from bot import letters, routes
from bot.turn import Turn
from forms import engine
from forms.model import CARD, Ask, Card, Input, Other, Pressed, Refusal, Shared, Step, Typed
from handlers import definitions, questions, sheets, ways
from handlers.questions import View
from storage.sheets import Sheet

DATA = re.compile(r"f/(?P<key>[\w-]+)/(?P<action>[a-z]+)(/(?P<number>[0-9]+))?(/(?P<choice>[0-9]+))?", re.ASCII)
CLOSED = {"submitted": "sheet.submitted", "cancelled": "sheet.cancelled"}
SAME_TAP = ("sheet.kept", "sheet.submitted")  # what a second tap on the same button is told, in passing
ONWARD = {"b": engine.back, "k": engine.keep, "s": engine.skip}


async def press(update: Update, turn: Turn) -> None:
    """f/KEY/ACTION/QUESTION/CHOICE: do what the button says, if it is hers and belongs to what is open now."""
    said = DATA.fullmatch(turn.press.data or "")
    sheet = await sheets.find(turn.tx, said["key"]) if said else None
    if said is None or sheet is None:
        refuse(turn, "button.unknown")
    elif sheet.person != turn.person.id:
        refuse(turn, "sheet.foreign")
    elif sheet.state != "open":
        refuse(turn, CLOSED[sheet.state])
    else:
        await follow(turn, await seen(turn, sheet), said["action"], int(said["number"] or 0), int(said["choice"] or 0))


async def follow(turn: Turn, view: View, action: str, number: int, choice: int) -> None:
    """Go where a button of an open sheet leads, or say why it leads nowhere."""
    if action == "x":
        turn.toast()
        turn.unbutton()
        await sheets.stop(view)
        return
    step = led(view, action, number, choice)
    if isinstance(step, str):
        refuse(turn, step)
        return
    turn.toast()
    question = view.open_question
    if question and action in ("a", "k", "s") and not view.form.anonymous:
        value = chosen(view, number, choice) if action == "a" else step.sheet.answers.get(question.key)
        turn.edit(questions.marked(view, question, value), priority=letters.MARK)
    else:
        turn.unbutton(priority=letters.MARK, key=view.trace)
    await sheets.move(view, step, view.t("sheet.resumed") if action == "r" else "")


def led(view: View, action: str, number: int, choice: int) -> Step | str:
    """Return the step to which a button leads, or the text that says why it leads nowhere."""
    if action == "r":  # the numbers of anonymous sheets change when another survey closes
        newest = view.form.anonymous or (number, choice) == view.sheet.asked
        return engine.current(view.form, view.way) if newest else "sheet.later"
    step: Step | str
    if action in ("ok", "e"):
        step = on_card(view, action, number)
    elif not number <= len(view.form.questions):
        return "button.unknown"
    elif number and number == engine.number(view.form, view.sheet.step):
        step = on_question(view, action, number, choice)
    else:
        return late(view, number, choice)
    return "button.unknown" if isinstance(step, Ask | Card) and step.sheet == view.way else step


def on_card(view: View, action: str, number: int) -> Step | str:
    """Return where a button of the check card leads."""
    if view.sheet.step != CARD:
        return "sheet.later"
    if action == "ok":
        return engine.submit(view.form, view.way)
    keys = dict(enumerate((question.key for question in view.form.questions), start=1))
    return engine.edit(view.form, view.way, keys.get(number, CARD))


def on_question(view: View, action: str, number: int, choice: int) -> Step:
    """Return where a button of the open question leads; where she is, if it has no such button."""
    if action == "a":
        pressed = chosen(view, number, choice)
        return engine.answer(view.form, view.way, Pressed(pressed)) if pressed else engine.current(view.form, view.way)
    return ONWARD.get(action, engine.current)(view.form, view.way)


def late(view: View, number: int, choice: int) -> str:
    """Return the text for a button of a question that is not open; the same tap twice is told that it counted."""
    question = view.form.questions[number - 1] if number else None
    if question is None or question.key not in view.sheet.answers:
        return "sheet.later"
    if view.form.anonymous:  # whoever holds her phone must not find out an answer by trying the buttons
        return "sheet.passed"
    if choice and chosen(view, number, choice) == str(view.sheet.answers[question.key]):
        return "sheet.kept"
    return "sheet.answered" if view.form.check else "sheet.passed"


def chosen(view: View, number: int, choice: int) -> str | None:
    """Return the key of the choice that a button names, or None."""
    pressed = engine.pressed(view.form, number, choice)
    return pressed[1] if pressed else None


async def hear(update: Update, turn: Turn) -> object:
    """Take a message as an answer to the question asked last; what that one cannot take, an older one may."""
    opened = await sheets.open_of(turn.tx, turn.person.id)
    if not opened:
        return routes.PASS
    given = given_in(turn.message, turn.user)
    ways_on = [heard(await seen(turn, sheet), given) for sheet in opened]
    view, step = taker(ways_on)
    lead = ""
    if isinstance(given, Typed) and not refusal_of(step) and questions.is_offered(view.open_question):
        lead = questions.noted(view, step.sheet.answers.get(view.sheet.step))
    await sheets.move(view, step, lead, turn.message.message_id)
    return None


def heard(view: View, given: Input) -> tuple[View, Step]:
    """Return the view and where the input leads it."""
    step = engine.current(view.form, view.way)
    if isinstance(given, Typed) and isinstance(step, Ask) and step.question.kind == "contact":
        act = questions.meant(view, step, given.text)
        if act:
            return view, ONWARD[act](view.form, view.way)
    return view, engine.answer(view.form, view.way, given)


def taker(offers: list[tuple[View, Step]]) -> tuple[View, Step]:
    """Return the first that takes the input, looking no further than a question to be answered in writing."""
    for view, step in offers:
        if not refusal_of(step):
            return view, step
        if view.open_question and view.open_question.kind == "text":
            break
    return offers[0]


def refusal_of(step: Step) -> Refusal | None:
    """Return why a step is not onward, or None."""
    return step.refusal if isinstance(step, Ask | Card) else None


def given_in(message: Message, user: int) -> Input:
    """Return what a message gives to a form."""
    if message.text:
        return Typed(message.text)
    if message.contact:
        return Shared(message.contact.phone_number, message.contact.user_id == user)
    return Other(str(helpers.effective_message_type(message) or "other"))


async def amend(update: Update, turn: Turn) -> None:
    """An edited message changes nothing: say how an answer is changed. Live places that move are no edits of hers."""
    if not turn.message.text:
        return
    opened = await sheets.open_of(turn.tx, turn.person.id)
    if opened:
        view = await seen(turn, opened[0])
        turn.say(turn.t("edited.open"), [[view.button("sheet.resume", "r", *view.sheet.asked)]])
    else:
        turn.say(turn.t("edited.none"), [[ways.onward(turn.desk, turn.person)]])


async def cancel(update: Update, turn: Turn) -> None:
    """/cancel: ask whether the form in hand is to be given up; nothing is lost by asking."""
    opened = await sheets.open_of(turn.tx, turn.person.id)
    if not opened:
        turn.say(turn.t("cancel.nothing"), [[ways.onward(turn.desk, turn.person)]])
        return
    view = await seen(turn, opened[0])
    buttons = [
        [view.button("sheet.resume", "r", *view.sheet.asked)],
        [view.button("sheet.stop", "x", style="danger")],
    ]
    turn.say(turn.t("cancel.ask", form=view.form.title.said(turn.language)), buttons)


async def seen(turn: Turn, sheet: Sheet) -> View:
    """Return the sheet as it is seen in this turn; a failure of the turn is filed under its form and step."""
    form = await definitions.by_hash(turn.tx, sheet.definition)
    turn.form, turn.step = form.name, sheet.step
    return View(turn.desk, turn.person, turn.chat, form, sheet)


def refuse(turn: Turn, key: str) -> None:
    """Answer a press that changes nothing; what is worth reading stays until she closes it."""
    turn.toast(turn.plain(key), alert=key not in SAME_TAP)
