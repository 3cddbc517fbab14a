"""How the steps of a form look in a chat: a question with its buttons, the check card, an answer that was marked."""

import secrets
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from html import escape
from typing import Any, NamedTuple

from bot import buttons, texts
from bot.buttons import Button, Rows
from bot.desk import Desk
from forms import engine, folding, kinds, load, model, readings
from forms.model import Ask, Card, Choice, Form, Question, Refusal, Text, Value
from storage import surveys
from storage.people import Person
from storage.sheets import Sheet

refusals = cache(load.refusals)
folded = lru_cache(maxsize=64)(folding.fold)  # of the words on buttons

SHARED = {"contact": "contact", "place": "location"}  # kinds that a keyboard answers, and what it shares
LONG = 300  # characters; a longer consent is not repeated where it stands above
DONE = {"choices": "sheet.done", "note": "sheet.onward"}  # kinds with a button to go on, and its text


class View(NamedTuple):
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
        return model.Sheet(self.sheet.answers, self.sheet.step, today(self.desk, self.form))

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


def today(desk: Desk, form: Form) -> str:
    """Return the day of today, 'YYYY-MM-DD'; nothing where the form does not depend on it."""
    return desk.today.isoformat() if form.is_dated else ""


def data(sheet: Sheet, action: str, *numbers: int) -> str:
    """Return what a button of the sheet sends: the sheet's key, what to do, and the numbers of question and choice."""
    return key_data(sheet.key, action, *numbers)


def key_data(key: str, action: str, *numbers: int) -> str:
    """Return what a button sends of the sheet that has this key."""
    return "/".join(["f", key, action, *map(str, numbers)])


def paragraphs(*parts: str) -> str:
    """Return the parts that are not empty as paragraphs."""
    return "\n\n".join(part for part in parts if part)


def asked(view: View, step: Ask) -> str:
    """Return the question as HTML, after what was wrong with the last answer."""
    progress = f"<i>{step.at} / {step.total}</i>\n" if step.at else ""
    words = brief(view, step.question) if step.refusal else heading(view, step.question)
    return paragraphs(sentence(step.refusal, view.language), f"{progress}{words}")


def brief(view: View, question: Question) -> str:
    """Return what is asked once more, as HTML: of a long consent its first line, and where all of it can be read."""
    if question.kind != "consent" or len(engine.wording(question, view.language)) <= LONG:
        return heading(view, question)
    first, line_end, _ = heading(view, question).partition("\n")
    return f"{first}{line_end}{view.t('sheet.above')}"


def heading(view: View, question: Question) -> str:
    """Return what is asked as HTML, its first line bold."""
    first, line_end, rest = escape(engine.wording(question, view.language), quote=False).partition("\n")
    return f"<b>{first}</b>{line_end}{rest}"


def sentence(refusal: Refusal | None, language: str) -> str:
    """Return why an input was no answer, as HTML; nothing where there is no refusal."""
    return escape(engine.sentence(refusal, refusals(), language), quote=False) if refusal else ""


def marked(view: View, question: Question, value: Value) -> str:
    """Return a question that has been answered or skipped, with the answer marked, as HTML."""
    answer = view.t("sheet.skipped") if value is None else f"✓ {shown(view, question, value)}"
    asked = engine.worded(view.form, view.way, question) if view.form.reckons else question
    return paragraphs(heading(view, asked), "" if question.kind == "note" else answer)


def noted(view: View, value: Value) -> str:
    """Return one line that says how the answer of the open question was understood, as HTML."""
    question = view.open_question
    if question is None or value is None or view.form.anonymous:
        return view.t("sheet.noted")
    return f"✓ {escape(question.label.said(view.language))}: {shown(view, question, value)}"


def entry(view: View, question: Question) -> str:
    """Return a question's label with the answer that stands on the sheet, as HTML."""
    value = shown(view, question, view.sheet.answers.get(question.key))
    return f"<b>{escape(question.label.said(view.language))}:</b> {value}"


def shown(view: View, question: Question, value: Value) -> str:
    """Return an answer as people read it, as HTML; of several choices also that it is none of them."""
    return view.t("sheet.none") if value == [] else texts.isolate(engine.shown(question, value, view.language))


def is_understood(question: Question | None) -> bool:
    """Tell whether what was written is kept as something else: one of the answers that are offered, or a date."""
    return question is not None and (bool(kinds.options(question)) or question.kind == "date")


def under_question(view: View, step: Ask, tapped: int = 0) -> Rows:
    """Return the choices, each a button, and a small row with what else can be done.

    One of several says what a tap on it asks for; the one that was `tapped` just now also says when.
    """
    chosen, several = marks(view, step), step.question.kind == "choices"
    offered = []
    for number, choice in ranked(step):
        is_marked = choice.key in chosen
        action, moment = "u" if several and is_marked else "a", [view.desk.now] if number == tapped else []
        label = ("✓ " if is_marked else "") + choice.label.said(view.language)
        offered.append(Button(label, data(view.sheet, action, step.number, number, *moment)))
    rows = [offered] if step.question.kind == "scale" else [[choice] for choice in offered]
    if step.question.kind in DONE:
        rows.append([view.button(DONE[step.question.kind], "d", step.number, style="primary")])
    small = [view.button(key, act, step.number) for act, key in beside(step).items()]
    return [row for row in (*rows, small) if row]


def marks(view: View, step: Ask) -> Sequence[str]:
    """Return the keys of the choices that are marked as hers.

    A message of an anonymous form never tells an answer, not even by a mark on a button.
    """
    if view.form.anonymous:
        return ()
    if step.question.kind == "choices":
        return engine.ticked(step.question, step.sheet)
    return (str(view.sheet.answers.get(step.question.key)),)


def ranked(step: Ask) -> Iterable[tuple[int, Choice]]:
    """Return the choices with their numbers, first those that she may have meant; of days only these."""
    likely = step.refusal.likely if step.refusal else ()
    if step.question.kind == "date":
        return [(readings.day_number(day), Choice(day, Text(readings.day_shown(day)))) for day in likely]
    numbered = enumerate(kinds.options(step.question), start=1)
    if not likely:
        return numbered
    places = {key: place for place, key in enumerate(likely)}
    return sorted(numbered, key=lambda each: places.get(each[1].key, len(places)))


def beside(step: Ask) -> dict[str, str]:
    """Return what else can be done with a question, b(ack), k(eep) or s(kip), with the text that says so."""
    allowed = {"b": "sheet.back"} if step.number > 1 else {}
    if step.question.kind == "note":
        return allowed
    if step.answered:
        allowed["k"] = "sheet.keep"
    if step.question.kind == "choices":  # none of them is an answer, too
        return allowed
    if not step.question.required and not step.answered:
        allowed["s"] = "sheet.skip"
    elif not step.question.required and step.sheet.answers[step.question.key] is not None:
        allowed["s"] = "sheet.clear"
    return allowed


def sharing_keyboard(view: View, step: Ask) -> dict[str, Any]:
    """Return the keyboard that shares a phone number or a place; below it, as words, what else can be done."""
    words = [view.desk.plain(view.language, key) for key in beside(step).values()]
    if view.person.helped:  # it would be the helper's own
        return buttons.words(*words)
    what = SHARED[step.question.kind]
    return buttons.sharing(what, view.desk.plain(view.language, f"sheet.{what}"), *words)


def meant(view: View, step: Ask | Card, written: str) -> str | None:
    """Return b, k, s or d where she wrote, in any language, the words of that button, or that she passes it over.

    Back may be written anywhere. Who passes over what she has answered leaves it as it is.
    """
    words = {"b": "sheet.back"}
    if isinstance(step, Ask):
        words |= beside(step) | ({"d": DONE[step.question.kind]} if step.question.kind in DONE else {})
    said = {folded(view.desk.plain(language, key)): act for act, key in words.items() for language in texts.LANGUAGES}
    folded_words = folding.fold(written)
    act = said.get(folded_words)
    if act or not isinstance(step, Ask) or not kinds.is_passing(step.question, folded_words):
        return act
    return "d" if step.question.kind in DONE else "k" if step.answered else "s"


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
        for question in engine.editable(view.form, view.way)
    ]
    pairs = [changes[at : at + 2] for at in range(0, len(changes), 2)]
    return [[view.button("sheet.send", "ok", style="success")], *pairs]
