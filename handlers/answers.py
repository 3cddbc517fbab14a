"""What comes in for open sheets: presses of their buttons, written and other messages, edits, /cancel."""

import secrets

from telegram import Message, Update, helpers

from bot import letters, routes
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
    Refusal,
    Sent,
    Shared,
    Step,
    Typed,
)
from handlers import definitions, household, questions, sheets, taps, ways
from handlers.questions import View
from handlers.taps import Tap
from storage import outbox
from storage.sheets import Sheet

IN_WORDS = ("text", "voice", "photo")  # kinds that are answered in words of her own
ONWARD = {"b": engine.back, "k": engine.keep, "s": engine.skip}


async def press(update: Update, turn: Turn) -> None:
    """f/KEY/ACTION/QUESTION/CHOICE: do what the button says, if it is hers and belongs to what is open now."""
    said = taps.read(turn.press.data or "")
    sheet = await sheets.find(turn.tx, said[0]) if said else None
    if said is None or sheet is None:
        taps.refuse(turn, "button.unknown")
    elif not await household.become(turn, sheet.person):
        taps.refuse(turn, "sheet.foreign")
    elif sheet.state != "open":
        await taps.closed(turn, sheet, said[1])
    else:
        await follow(turn, await seen(turn, sheet), said[1])


async def follow(turn: Turn, view: View, tap: Tap) -> None:
    """Go where a button of an open sheet leads, or say why it leads nowhere."""
    if tap.action == "x":
        turn.toast()
        turn.unbutton()
        await sheets.stop(view)
        return
    if await sheets.has_ended(view) or await sheets.has_moved(view):
        turn.toast()
        turn.unbutton()
        return
    if taps.is_second(view, tap):
        turn.toast()
        return
    step = led(view, tap)
    if isinstance(step, Refusal):
        turn.toast(engine.sentence(step, questions.refusals(), view.language), alert=True)
    elif step == taps.OFFERED:
        turn.toast()
        taps.offer(view, view.form.questions[tap.number - 1])
    elif isinstance(step, str):
        taps.refuse(turn, step, view.sheet)
    elif (
        isinstance(step, Ask) and tap.action in taps.TICKED and step.question.kind == "choices" and is_open(view, step)
    ):
        await tick(turn, view, step, tap)
    else:
        await go(turn, view, step, tap)


def is_open(view: View, step: Ask) -> bool:
    """Tell whether a step asks what was asked already: one of several was ticked."""
    return step.sheet.step == view.sheet.step


async def tick(turn: Turn, view: View, step: Ask, tap: Tap) -> None:
    """Keep what is ticked of several choices, and show it on the message whose button was pressed."""
    turn.toast()
    sheet = view.sheet._replace(answers=step.sheet.answers, changed_at=turn.now)
    await sheets.keep(turn.tx, view.form, sheet, view.sheet)
    rows = questions.under_question(view._replace(sheet=sheet), step, tap.choice)
    ticks = f"tick:{sheet.key}:"
    await outbox.cancel(turn.tx, ticks, turn.now)  # of fast taps only the newest has to be seen
    row = {"person": turn.person.id, "key": ticks + secrets.token_hex(8)}
    turn.desk.post(letters.rebutton(turn.chat, turn.pressed_message, rows, **row))


async def go(turn: Turn, view: View, step: Step, tap: Tap) -> None:
    """Mark the pressed message and move the sheet on."""
    turn.toast()
    question = view.open_question
    if question and tap.action in ("a", "d", "k", "s") and not view.form.anonymous:
        value = taps.chosen(view, tap) if tap.action == "a" else step.sheet.answers.get(question.key)
        turn.edit(questions.marked(view, question, value), priority=letters.MARK)
    else:
        turn.unbutton(priority=letters.MARK, key=view.trace)
    await sheets.move(view, step, view.t("sheet.resumed") if tap.action == "r" else "")


def led(view: View, tap: Tap) -> Step | Refusal | str:
    """Return the step to which a button leads, or why it leads nowhere: a refusal, or the key of a text."""
    if tap.action == "r":  # the numbers of anonymous sheets change when another survey closes
        newest = view.form.anonymous or (tap.number, tap.choice) == view.sheet.asked
        return engine.current(view.form, view.way) if newest else "sheet.later"
    step: Step | str
    if tap.action == "ok":
        step = engine.submit(view.form, view.way) if view.sheet.step == CARD else "sheet.later"
    elif tap.action == "e":
        step = edited(view, tap.number)
    elif not tap.number <= len(view.form.questions):
        return "button.unknown"
    elif tap.number and tap.number == engine.number(view.form, view.sheet.step):
        step = chosen(view, tap) if tap.action in taps.TICKED else on_question(view, tap.action)
    else:
        return taps.late(view, tap)
    if isinstance(step, Ask | Card) and step.sheet == view.way and (step.refusal or tap.action not in taps.TICKED):
        return step.refusal or ("sheet.later" if tap.action == "e" else "button.unknown")
    return step


def edited(view: View, number: int) -> Step | str:
    """Return where a button leads that changes the answer of a question, on the check card or after an old tap."""
    if view.form.anonymous and view.sheet.step != CARD:
        return "sheet.later"
    question = view.form.questions[number - 1] if 1 <= number <= len(view.form.questions) else None
    if question and not view.form.anonymous and not engine.is_asked(view.form, view.way, question):
        return "sheet.needless"
    return engine.edit(view.form, view.way, question.key if question else CARD)


def chosen(view: View, tap: Tap) -> Step | str:
    """Return where a choice of the open question leads; ticked twice, it leads to where she is."""
    pressed, question = taps.chosen(view, tap), view.open_question
    if not pressed or question is None or (tap.action == "u" and question.kind != "choices"):
        return "button.unknown"
    return engine.answer(view.form, view.way, Pressed(pressed, taps.TICKED[tap.action]))


def on_question(view: View, action: str) -> Step:
    """Return where another button of what is open leads; where she is, if it has no such button."""
    if action == "d":
        return engine.answer(view.form, view.way, Done())
    return ONWARD.get(action, engine.current)(view.form, view.way)


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
    if await sheets.has_ended(view, turn.message.message_id) or await sheets.has_moved(view):
        return None
    lead = ""
    if isinstance(given, Typed) and not refusal_of(step) and questions.is_understood(view.open_question):
        lead = questions.noted(view, step.sheet.answers.get(view.sheet.step))
    await sheets.move(view, step, lead, turn.message.message_id)
    return None


def heard(view: View, given: Input) -> tuple[View, Step]:
    """Return the view and where the input leads it."""
    step = engine.current(view.form, view.way)
    if isinstance(given, Typed) and isinstance(step, Ask | Card):
        act = questions.meant(view, step, given.text)
        if act:
            return view, on_question(view, act)
    return view, engine.answer(view.form, view.way, given)


def taker(offers: list[tuple[View, Step]]) -> tuple[View, Step]:
    """Return the first that takes the input, looking no further than a question to be answered in writing.

    Nor further than one that cannot be passed over: who wants to pass over that one means no other.
    """
    for view, step in offers:
        refusal = refusal_of(step)
        if not refusal:
            return view, step
        if refusal.key == "needed" or (view.open_question and view.open_question.kind in IN_WORDS):
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
