"""How the steps of a form look in a chat: a question with its buttons, the check card, an answer that was marked."""

import secrets
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from bot import buttons, texts
from bot.buttons import Button, Rows
from bot.desk import Desk
from forms import engine, folding, kinds, load, model
from forms.model import Ask, Card, Form, Question, Refusal, Value
from storage import surveys
from storage.people import Person
from storage.sheets import Sheet

refusals = cache(load.refusals)


@dataclass(frozen=True)
class View:
    """A sheet before the eyes of its person: at which desk it is served, in which chat, by which form."""

    desk: Desk
    person: Person
    chat: int
    form: Form
    sheet: Sheet

    @property
    def language(self) -> str:
        """The language to ask in."""
        return self.person.language

    @property
    def way(self) -> model.Sheet:
        """The sheet as the engine knows it."""
        return model.Sheet(self.sheet.answers, self.sheet.step)

    @property
    def open_question(self) -> Question | None:
        """The question that is asked, or None while the check card is shown."""
        return self.form.question(self.sheet.step)

    @property
    def trace(self) -> str | None:
        """A key for a letter of an anonymous sheet: by it the letter is forgotten when the survey closes."""
        return f"{surveys.LETTERS}{self.sheet.subject}:{secrets.token_hex(8)}" if self.form.anonymous else None

    def t(self, key: str) -> str:
        """Return an interface text as HTML."""
        return self.desk.t(self.language, key)

    def button(self, key: str, action: str, *numbers: int, style: str = "") -> Button:
        """Return a button of this sheet with an interface text as its label."""
        return Button(self.desk.plain(self.language, key), data(self.sheet, action, *numbers), style=style)


def data(sheet: Sheet, action: str, *numbers: int) -> str:
    """Return what a button of the sheet sends: the sheet's key, what to do, and the numbers of question and choice."""
    return "/".join(["f", sheet.key, action, *map(str, numbers)])


def paragraphs(*parts: str) -> str:
    """Return the parts that are not empty as paragraphs."""
    return "\n\n".join(part for part in parts if part)


def asked(view: View, step: Ask) -> str:
    """Return the question as HTML, after what was wrong with the last answer."""
    progress = f"<i>{step.number} / {step.total}</i>"
    return paragraphs(sentence(step.refusal, view.language), f"{progress}\n{heading(view, step.question)}")


def heading(view: View, question: Question) -> str:
    """Return what is asked as HTML, its first line bold."""
    first, line_end, rest = escape(engine.wording(question, view.language), quote=False).partition("\n")
    return f"<b>{first}</b>{line_end}{rest}"


def sentence(refusal: Refusal | None, language: str) -> str:
    """Return why an input was no answer, as HTML; nothing where there is no refusal."""
    return escape(refusals()[refusal.key].said(language, **refusal.values), quote=False) if refusal else ""


def marked(view: View, question: Question, value: Value) -> str:
    """Return a question that has been answered or skipped, with the answer marked, as HTML."""
    answer = view.t("sheet.skipped") if value is None else f"✓ {shown(view, question, value)}"
    return paragraphs(heading(view, question), answer)


def noted(view: View, value: Value) -> str:
    """Return one line that says how the answer of the open question was understood, as HTML."""
    question = view.open_question
    if question is None or value is None or view.form.anonymous:
        return view.t("sheet.noted")
    return f"✓ {escape(question.label.said(view.language))}: {shown(view, question, value)}"


def shown(view: View, question: Question, value: Value) -> str:
    """Return an answer as people read it, as HTML."""
    return texts.isolate(engine.shown(question, value, view.language))


def is_offered(question: Question | None) -> bool:
    """Tell whether a question offers its answers, so that what was written has been matched with one of them."""
    return question is not None and bool(kinds.options(question))


def under_question(view: View, step: Ask) -> Rows:
    """Return the choices, each a button, and a small row with what else can be done."""
    # A message of an anonymous form never tells an answer, not even by a mark on a button.
    chosen = None if view.form.anonymous else view.sheet.answers.get(step.question.key)
    choices = [
        Button(
            ("✓ " if choice.key == str(chosen) else "") + choice.label.said(view.language),
            data(view.sheet, "a", step.number, number),
        )
        for number, choice in enumerate(kinds.options(step.question), start=1)
    ]
    rows = [choices] if step.question.kind == "scale" else [[choice] for choice in choices]
    small = [view.button(key, act, step.number) for act, key in beside(step).items()]
    return [row for row in (*rows, small) if row]


def beside(step: Ask) -> dict[str, str]:
    """Return what else can be done with a question, b(ack), k(eep) or s(kip), with the text that says so."""
    allowed = {"b": "sheet.back"} if step.number > 1 else {}
    if step.answered:
        allowed["k"] = "sheet.keep"
    if not step.question.required and not step.answered:
        allowed["s"] = "sheet.skip"
    elif not step.question.required and step.sheet.answers[step.question.key] is not None:
        allowed["s"] = "sheet.clear"
    return allowed


def contact_keyboard(view: View, step: Ask) -> dict[str, Any]:
    """Return the keyboard that shares a phone number; what else can be done stands below it, as words to be sent."""
    words = [view.desk.plain(view.language, key) for key in beside(step).values()]
    return buttons.contact(view.desk.plain(view.language, "sheet.contact"), *words)


def meant(view: View, step: Ask, written: str) -> str | None:
    """Return b, k or s where she wrote, in any language, the words for going back, keeping or skipping."""
    said = {
        folding.fold(view.desk.plain(language, key)): act
        for act, key in beside(step).items()
        for language in texts.LANGUAGES
    }
    return said.get(folding.fold(written))


def card(view: View, step: Card) -> str:
    """Return the check card as HTML; that of an anonymous form shows no answer."""
    title = f"<b>{escape(view.form.title.said(view.language))}</b>"
    answers = [
        f"<b>{escape(label)}:</b> {texts.isolate(value)}"
        for label, value in engine.summary(view.form, step.sheet, view.language)
        if not view.form.anonymous
    ]
    return paragraphs(sentence(step.refusal, view.language), title, "\n".join(answers), view.t("sheet.check"))


def under_card(view: View) -> Rows:
    """Return the button that sends the sheet, and one to change each answer, two in a row."""
    changes = [
        Button(f"✎ {question.label.said(view.language)}", data(view.sheet, "e", engine.number(view.form, question.key)))
        for question in engine.editable(view.form)
    ]
    pairs = [changes[at : at + 2] for at in range(0, len(changes), 2)]
    return [[view.button("sheet.send", "ok", style="success")], *pairs]
