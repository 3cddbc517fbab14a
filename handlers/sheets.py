"""Any form, asked question by question: a sheet is opened, goes from step to step, and is sent or stopped.

Anonymous sheets are opened by their survey (handlers/surveys.py); from then on they go the same way.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import handlers
from bot import buttons, letters
from bot.buttons import Button, Rows
from bot.desk import Desk
from bot.turn import Turn
from forms import engine, model
from forms.model import CARD, Ask, Card, Declined, Form, Step, Submitted, Text, Value
from handlers import definitions, questions, ways
from handlers.questions import View
from storage import sheets, surveys
from storage.database import Transaction
from storage.people import Person
from storage.sheets import Sheet

STATES: dict[type[Step], str] = {Ask: "open", Card: "open", Submitted: "submitted", Declined: "cancelled"}
CHANGED = {"registration": ("menu.data", "m/data")}  # forms that can be changed after sending, and the way to it
DOUBLE_TAP = 3_000  # ms; 'begin' or 'go on' pressed again within this time is the same press


async def begin(
    desk: Desk, person: Person, chat: int, form: str, known: Mapping[str, Value] | None = None, *, pressed: bool = False
) -> None:
    """Open a sheet with what is `known` on it and ask what is missing, or go on with the one that is open.

    What is known may be changed until the day that the form says. A `pressed` button does nothing where the question
    was asked a moment ago: that was the same press.
    """
    for sheet in await sheets.open_of(desk.tx, person.id):
        if sheet.form == form:
            if not (pressed and just_asked(sheet, desk.now)):
                await resume(desk, person, chat, sheet)
            return
    digest, asked = await definitions.current(desk, form, person)
    if known and person.enrolled and not engine.changeable(asked, desk.today.isoformat()):
        words = desk.t(person.language, "sheet.too_late")
        desk.post(letters.text(chat, words, buttons.inline([[ways.onward(desk, person)]]), person=person.id))
        return
    step = engine.current(asked, model.Sheet(known or {}, CARD, questions.today(desk, asked)))
    await begun(desk, person, chat, (digest, asked), step, said(asked.intro, person.language))


async def begun(desk: Desk, person: Person, chat: int, current: tuple[str, Form], step: Step, lead: str) -> None:
    """Open a sheet of the `current` form, with its hash, at a step, and show that."""
    digest, form = current
    key = secrets.token_urlsafe(6)
    sheet = Sheet(key, form.name, digest, person.id, chat, "", "open", step.sheet.step, desk.now, step.sheet.answers)
    await sheets.open_sheet(desk.tx, sheet)
    await show(View(desk, person, chat, form, sheet), step, lead)


async def has_moved(view: View) -> bool:
    """Take an open sheet on to its form as it is today, if the form says so and has changed, and ask what is missing.

    It goes on under a new key, so that no button of the old questions reaches the new ones.
    """
    if not definitions.moves(view.form.name):
        return False
    digest, form = await definitions.current(view.desk, view.form.name, view.person)
    if digest == view.sheet.definition:
        return False
    step = engine.moved(view.form, form, view.way)
    stopped = view.sheet._replace(state="cancelled", answers={}, changed_at=view.desk.now)
    await keep(view.desk.tx, view.form, stopped, view.sheet)
    if view.open_question and view.open_question.kind in questions.SHARED:
        post(view, view.t("sheet.noted"), keyboard=buttons.GONE)
    await begun(view.desk, view.person, view.chat, (digest, form), step, view.t("sheet.moved"))
    return True


async def has_ended(view: View, message: int = 0) -> bool:
    """End an open sheet that changes what was sent, if the last day for that is over; tell whether it did.

    What was sent stays as it is. `message` is a message of hers that came too late, and may be passed on.
    """
    if view.form.name not in CHANGED or not view.person.enrolled:
        return False
    today = view.desk.today.isoformat()
    if engine.changeable(view.form, today):
        return False
    _, form = await definitions.current(view.desk, view.form.name, view.person)
    if engine.changeable(form, today):  # there is more time now
        return False
    ended = view.sheet._replace(state="cancelled", answers={}, changed_at=view.desk.now)
    await keep(view.desk.tx, view.form, ended, view.sheet)
    if view.open_question and view.open_question.kind in questions.SHARED:
        post(view, view.t("sheet.noted"), keyboard=buttons.GONE)
    passing_on = [[ways.pass_on(view.desk, view.language, message)]] if message else []
    post(view, view.t("sheet.too_late"), [*passing_on, [ways.onward(view.desk, view.person)]])
    return True


def just_asked(sheet: Sheet, now: int) -> bool:
    """Tell whether the open question was asked so short a time ago that a press was a double tap."""
    return 0 <= now - sheet.changed_at < DOUBLE_TAP


async def resume(desk: Desk, person: Person, chat: int, sheet: Sheet) -> None:
    """Show once more where she stopped."""
    form = await definitions.by_hash(desk.tx, sheet.definition)
    view = View(desk, person, chat, form, sheet)
    if await has_ended(view) or await has_moved(view):
        return
    await move(view, engine.current(form, view.way), view.t("sheet.resumed"))


async def move(view: View, step: Step, lead: str = "", message: int = 0) -> None:
    """Keep the sheet as the step leaves it, and show the step.

    `lead` is HTML that is said first; `message` is a message of hers that was no answer and may be passed on.
    """
    before = view.sheet
    sheet = before._replace(
        chat=view.chat,
        state=STATES[type(step)],
        step=step.sheet.step,
        answers={} if isinstance(step, Declined) else step.sheet.answers,  # she said no: nothing is kept
        changed_at=view.desk.now,
    )
    await keep(view.desk.tx, view.form, sheet, before)
    if leaves_keyboard(view, step):
        post(view, questions.noted(view, sheet.answers.get(before.step)), keyboard=buttons.GONE)
    await show(view._replace(sheet=sheet), step, lead, message)


async def show(view: View, step: Step, lead: str = "", message: int = 0) -> None:
    """Show a step to the person."""
    match step:
        case Ask():
            ask(view, step, lead, message)
        case Card():
            rows = [*questions.under_card(view), *passing_on(view, step, message)]
            post(view, questions.paragraphs(lead, questions.card(view, step)), rows)
        case Submitted():
            await finish(view, lead)
        case Declined():
            words = said(view.form.declined, view.language) or view.t("sheet.declined")
            post(view, words, [[ways.begin(view.desk, view.language, view.form.name)]])


def ask(view: View, step: Ask, lead: str, message: int) -> None:
    """Ask the open question, under what is said first."""
    others = passing_on(view, step, message)
    if step.question.kind in questions.SHARED:
        if others:  # a message brings either buttons or a keyboard
            post(view, questions.sentence(step.refusal, view.language), others)
            step = replace(step, refusal=None)
        html = questions.paragraphs(lead, questions.asked(view, step))
        post(view, html, keyboard=questions.sharing_keyboard(view, step))
    else:
        html = questions.paragraphs(lead, questions.asked(view, step))
        post(view, html, [*questions.under_question(view, step), *others])


def passing_on(view: View, step: Ask | Card, message: int) -> Rows:
    """Return the button that passes a message on that was no answer, if it was one."""
    return [[ways.pass_on(view.desk, view.language, message)]] if step.refusal and message else []


async def finish(view: View, lead: str) -> None:
    """Thank her, and do what is done with a sheet of this form."""
    done = engine.said(view.form, view.way, view.form.done) if view.form.done else None
    if words := questions.paragraphs(lead, said(done, view.language)):
        post(view, words, [[ways.onward(view.desk, view.person)]])
    if complete := handlers.SUBMITTED.get(view.form.name):
        await complete(view.desk, view.person, view.sheet)


async def stop(view: View) -> None:
    """Give the sheet up: its answers are deleted, another one may be opened."""
    sheet = view.sheet._replace(state="cancelled", answers={}, changed_at=view.desk.now)
    await keep(view.desk.tx, view.form, sheet, view.sheet)
    post(view, view.t("sheet.stopped"), keyboard=buttons.GONE)


def post(view: View, html: str, rows: Rows = (), *, keyboard: dict[str, Any] | None = None) -> None:
    """Mean to say something in the chat of the sheet."""
    markup = buttons.inline(rows) if rows else keyboard
    view.desk.post(letters.text(view.chat, html, markup, person=view.person.id, key=view.trace))


def said(text: Text | None, language: str) -> str:
    """Return words of a form as HTML; nothing where there are none."""
    return escape(text.said(language), quote=False) if text else ""


def leaves_keyboard(view: View, step: Step) -> bool:
    """Tell whether the keyboard that shares a phone number or a place has to be taken away."""
    question = view.open_question
    return question is not None and question.kind in questions.SHARED and step.sheet.step != question.key


async def onward(turn: Turn) -> Button:
    """Return the button for what she does next: the open question, the menu, or the registration."""
    for sheet in await open_of(turn.tx, turn.person.id):
        return Button(turn.plain("sheet.resume"), questions.data(sheet, "r", *sheet.asked))
    return ways.onward(turn.desk, turn.person)


async def find(tx: Transaction, key: str) -> Sheet | None:
    """Return the sheet of that key, whichever table it stands in, or None."""
    return await sheets.by_key(tx, key) or await surveys.sheet_by_key(tx, key)


async def open_of(tx: Transaction, person: int) -> list[Sheet]:
    """Return the person's open sheets of both tables, the one whose question was asked last first."""
    opened = [*await surveys.open_of(tx, person), *await sheets.open_of(tx, person)]
    return sorted(opened, key=lambda sheet: sheet.asked, reverse=True)


async def keep(tx: Transaction, form: Form, sheet: Sheet, before: Sheet) -> None:
    """Put the sheet, which stood as `before`, on the disk as it is now."""
    if form.anonymous:
        await surveys.save(tx, sheet)
    else:
        await sheets.save(tx, sheet, before)
