"""What comes in for open sheets: presses of their buttons, written and other messages, edits, /cancel."""

import re
import secrets
from dataclasses import replace

from telegram import Message, Update, helpers

from bot import buttons, letters, routes
from bot.buttons import Button
from bot.turn import Turn
from forms import engine
from forms.model import (
    CARD,
    Ask,
    Card,
    Done,
    Input,
    Located,
    Other,
    Pressed,
    Question,
    Refusal,
    Sent,
    Shared,
    Step,
    Typed,
)
from handlers import definitions, household, questions, sheets, ways
from handlers.questions import View
from storage import outbox
from storage.sheets import Sheet

DATA = re.compile(r"f/(?P<key>[\w-]+)/(?P<action>[a-z]+)(/(?P<number>[0-9]+))?(/(?P<choice>[0-9]+))?", re.ASCII)
CLOSED = {"submitted": "sheet.submitted", "cancelled": "sheet.cancelled"}
CHANGED = {"registration": ("menu.data", "m/data")}  # forms that can be changed after sending, and the way to it
OFFERED = "sheet.answered"  # of a question that is not open: its answer can be changed
IN_WORDS = ("text", "voice", "photo")  # kinds that are answered in words of her own
SAME_TAP = ("sheet.kept", "sheet.submitted")  # what a second tap on the same button is told, in passing
ONWARD = {"b": engine.back, "k": engine.keep, "s": engine.skip}


async def press(update: Update, turn: Turn) -> None:
    """f/KEY/ACTION/QUESTION/CHOICE: do what the button says, if it is hers and belongs to what is open now."""
    said = DATA.fullmatch(turn.press.data or "")
    sheet = await sheets.find(turn.tx, said["key"]) if said else None
    if said is None or sheet is None:
        refuse(turn, "button.unknown")
    elif not await household.become(turn, sheet.person):
        refuse(turn, "sheet.foreign")
    elif sheet.state != "open":
        await closed(turn, sheet, said["action"])
    else:
        await follow(turn, await seen(turn, sheet), said["action"], int(said["number"] or 0), int(said["choice"] or 0))


async def closed(turn: Turn, sheet: Sheet, action: str) -> None:
    """Answer a press of a sheet that is not open any more: say what became of it, and where it can be changed."""
    opened = await sheets.open_of(turn.tx, turn.person.id)
    if sheet.state == "cancelled" and any(other.form == sheet.form for other in opened):
        refuse(turn, "sheet.replaced")
        return
    refuse(turn, CLOSED[sheet.state])
    if sheet.state == "submitted" and sheet.form in CHANGED and action != "ok" and turn.person.enrolled:
        label, data = CHANGED[sheet.form]
        rows = [[Button(turn.plain(label), data)]]
        key = f"late:{sheet.key}"
        turn.desk.post(
            letters.text(turn.chat, turn.t("sheet.sent"), buttons.inline(rows), person=turn.person.id, key=key)
        )


async def follow(turn: Turn, view: View, action: str, number: int, choice: int) -> None:
    """Go where a button of an open sheet leads, or say why it leads nowhere."""
    if action == "x":
        turn.toast()
        turn.unbutton()
        await sheets.stop(view)
        return
    if await sheets.has_moved(view):
        turn.toast()
        turn.unbutton()
        return
    step = led(view, action, number, choice)
    if isinstance(step, Refusal):
        turn.toast(engine.sentence(step, questions.refusals(), view.language), alert=True)
    elif step == OFFERED:
        turn.toast()
        offer(view, view.form.questions[number - 1])
    elif isinstance(step, str):
        refuse(turn, step)
    elif isinstance(step, Ask) and action == "a" and step.question.kind == "choices" and is_open(view, step):
        await tick(turn, view, step)
    else:
        await go(turn, view, step, action, number, choice)


def is_open(view: View, step: Ask) -> bool:
    """Tell whether a step asks what was asked already: one of several was ticked."""
    return step.sheet.step == view.sheet.step


async def tick(turn: Turn, view: View, step: Ask) -> None:
    """Keep what is ticked of several choices, and show it on the message whose button was pressed."""
    turn.toast()
    sheet = replace(view.sheet, answers=step.sheet.answers, changed_at=turn.now)
    await sheets.keep(turn.tx, view.form, sheet, view.sheet)
    rows = questions.under_question(view._replace(sheet=sheet), step)
    ticks = f"tick:{sheet.key}:"
    await outbox.cancel(turn.tx, ticks, turn.now)  # of fast taps only the newest has to be seen
    row = {"person": turn.person.id, "key": ticks + secrets.token_hex(8)}
    turn.desk.post(letters.rebutton(turn.chat, turn.pressed_message, rows, **row))


async def go(turn: Turn, view: View, step: Step, action: str, number: int, choice: int) -> None:
    """Mark the pressed message and move the sheet on."""
    turn.toast()
    question = view.open_question
    if question and action in ("a", "d", "k", "s") and not view.form.anonymous:
        value = chosen(view, number, choice) if action == "a" else step.sheet.answers.get(question.key)
        turn.edit(questions.marked(view, question, value), priority=letters.MARK)
    else:
        turn.unbutton(priority=letters.MARK, key=view.trace)
    await sheets.move(view, step, view.t("sheet.resumed") if action == "r" else "")


def offer(view: View, question: Question) -> None:
    """Say what became of a question that she answered before, and offer to change that answer: once at each step."""
    number = engine.number(view.form, question.key)
    html = questions.paragraphs(questions.entry(view, question), view.t("sheet.answered"))
    rows = [[view.button("sheet.change", "e", number)], [view.button("sheet.resume", "r", *view.sheet.asked)]]
    key = f"late:{view.sheet.key}:{number}:{view.sheet.asked[0]}"
    view.desk.post(letters.text(view.chat, html, buttons.inline(rows), person=view.person.id, key=key))


def led(view: View, action: str, number: int, choice: int) -> Step | Refusal | str:
    """Return the step to which a button leads, or why it leads nowhere: a refusal, or the key of a text."""
    if action == "r":  # the numbers of anonymous sheets change when another survey closes
        newest = view.form.anonymous or (number, choice) == view.sheet.asked
        return engine.current(view.form, view.way) if newest else "sheet.later"
    step: Step | str
    if action == "ok":
        step = engine.submit(view.form, view.way) if view.sheet.step == CARD else "sheet.later"
    elif action == "e":
        step = edited(view, number)
    elif not number <= len(view.form.questions):
        return "button.unknown"
    elif number and number == engine.number(view.form, view.sheet.step):
        step = on_question(view, action, number, choice)
    else:
        return late(view, number, choice)
    if isinstance(step, Ask | Card) and step.sheet == view.way:
        return step.refusal or ("sheet.later" if action == "e" else "button.unknown")
    return step


def edited(view: View, number: int) -> Step | str:
    """Return where a button leads that changes the answer of a question, on the check card or after an old tap."""
    if view.form.anonymous and view.sheet.step != CARD:
        return "sheet.later"
    question = view.form.questions[number - 1] if 1 <= number <= len(view.form.questions) else None
    if question and not view.form.anonymous and not engine.is_asked(view.form, view.way, question):
        return "sheet.needless"
    return engine.edit(view.form, view.way, question.key if question else CARD)


def on_question(view: View, action: str, number: int, choice: int) -> Step:
    """Return where a button of the open question leads; where she is, if it has no such button."""
    if action == "a":
        pressed = chosen(view, number, choice)
        return engine.answer(view.form, view.way, Pressed(pressed)) if pressed else engine.current(view.form, view.way)
    if action == "d":
        return engine.answer(view.form, view.way, Done())
    return ONWARD.get(action, engine.current)(view.form, view.way)


def late(view: View, number: int, choice: int) -> str:
    """Return the text for a button of a question that is not open; the same tap twice is told that it counted."""
    question = view.form.questions[number - 1] if number else None
    if question and not engine.is_asked(view.form, view.way, question):
        return "sheet.later" if view.form.anonymous else "sheet.needless"
    if question is None or question.key not in view.sheet.answers:
        return "sheet.later"
    if view.form.anonymous:  # whoever holds her phone must not find out an answer by trying the buttons
        return "sheet.passed"
    if choice and chosen(view, number, choice) == str(view.sheet.answers[question.key]):
        return "sheet.kept"
    return OFFERED if question in engine.editable(view.form) else "sheet.later"


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
    if isinstance(given, Shared) and given.is_own and turn.person.helped:  # the helper's own number is not the woman's
        given = Other("contact")
    ways_on = [heard(await seen(turn, sheet), given) for sheet in opened]
    view, step = taker(ways_on)
    if await sheets.has_moved(view):
        return None
    lead = ""
    if isinstance(given, Typed) and not refusal_of(step) and questions.is_understood(view.open_question):
        lead = questions.noted(view, step.sheet.answers.get(view.sheet.step))
    await sheets.move(view, step, lead, turn.message.message_id)
    return None


def heard(view: View, given: Input) -> tuple[View, Step]:
    """Return the view and where the input leads it."""
    step = engine.current(view.form, view.way)
    if isinstance(given, Typed) and isinstance(step, Ask):
        act = questions.meant(view, step, given.text)
        if act:
            return view, on_question(view, act, 0, 0)
    return view, engine.answer(view.form, view.way, given)


def taker(offers: list[tuple[View, Step]]) -> tuple[View, Step]:
    """Return the first that takes the input, looking no further than a question to be answered in writing."""
    for view, step in offers:
        if not refusal_of(step):
            return view, step
        if view.open_question and view.open_question.kind in IN_WORDS:
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
    if message.location:
        return Located(message.location.latitude, message.location.longitude)
    if message.voice:
        return Sent("voice", message.voice.file_id)
    if message.photo:
        return Sent("photo", message.photo[-1].file_id)
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
