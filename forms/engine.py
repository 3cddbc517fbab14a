"""The way through a form: each function takes the form and the sheet and returns the next step. Pure; never raises.

The next question is always the first one that has not been passed. So going back, or changing one answer on the check
card, needs no memory of its own: once the open question is answered, the way leads to where she was before.
"""

from __future__ import annotations

from collections.abc import Mapping

from forms import kinds
from forms.model import (
    CARD,
    Ask,
    Card,
    Declined,
    Form,
    Input,
    Question,
    Refusal,
    Sheet,
    Step,
    Submitted,
    Value,
)

SKIPPED = "–"  # stands on the card for a question that was skipped


def begin(form: Form) -> Step:
    """Ask the first question of an empty sheet."""
    return _onward(form, {})


def current(form: Form, sheet: Sheet) -> Step:
    """Show once more where she is, such as after a pause; nothing changes."""
    question = form.question(sheet.step)
    return _ask(form, question, sheet) if question else _onward(form, sheet.answers)


def answer(form: Form, sheet: Sheet, given: Input) -> Step:
    """Take the input as the answer of the open question and go on, or ask again and say why."""
    question = form.question(sheet.step)
    if question is None:
        step = _onward(form, sheet.answers)
        return Card(step.sheet, Refusal("check")) if isinstance(step, Card) else step
    value = kinds.KINDS[question.kind].read(question, given)
    if isinstance(value, Refusal):
        return _ask(form, question, sheet, value)
    if question.kind == "consent" and value == kinds.NO:
        # A no is never kept: a sheet that holds a consent holds a yes.
        left = {key: kept for key, kept in sheet.answers.items() if key != question.key}
        return Declined(Sheet(left, question.key))
    return _onward(form, {**sheet.answers, question.key: value})


def skip(form: Form, sheet: Sheet) -> Step:
    """Leave the open question without an answer and go on; a required question is asked again."""
    question = form.question(sheet.step)
    if question is None:
        return current(form, sheet)
    if question.required:
        return _ask(form, question, sheet, Refusal("needed"))
    return _onward(form, {**sheet.answers, question.key: None})


def keep(form: Form, sheet: Sheet) -> Step:
    """Leave the answer of the open question as it is and go on; a question not passed before is asked again."""
    return _onward(form, sheet.answers) if sheet.step in sheet.answers else current(form, sheet)


def back(form: Form, sheet: Sheet) -> Step:
    """Ask the question before the open one; from the card, the last one. Answers stay."""
    keys = [question.key for question in form.questions]
    at = keys.index(sheet.step) if sheet.step in keys else len(keys)
    question = form.questions[max(at - 1, 0)]
    return _ask(form, question, Sheet(sheet.answers, question.key))


def edit(form: Form, sheet: Sheet, key: str) -> Step:
    """Ask one question that has been passed again; once it is answered the card is shown again."""
    question = form.question(key)
    if question is None or key not in sheet.answers:
        return current(form, sheet)
    return _ask(form, question, Sheet(sheet.answers, key))


def submit(form: Form, sheet: Sheet) -> Step:
    """Complete the form from its check card; from anywhere else, show where she is."""
    step = current(form, sheet)
    return Submitted(step.sheet) if isinstance(step, Card) else step


def editable(form: Form) -> tuple[Question, ...]:
    """Return the questions on the check card. A consent is not one: it is withdrawn elsewhere, not edited."""
    return tuple(question for question in form.questions if question.kind != "consent")


def summary(form: Form, sheet: Sheet, language: str) -> list[tuple[str, str]]:
    """Return label and shown value of each question of `editable(form)`, in its order."""
    return [
        (question.label.said(language), shown(question, sheet.answers.get(question.key), language))
        for question in editable(form)
    ]


def shown(question: Question, value: Value, language: str) -> str:
    """Return a value as people read it: a choice's label, a phone number with its spaces."""
    if value is None:
        return SKIPPED
    if question.kind == "contact":
        return kinds.phone_shown(str(value))
    chosen = (choice.label for choice in kinds.options(question) if choice.key == str(value))
    label = next(chosen, None)
    return label.said(language) if label else str(value)


def wording(question: Question, language: str) -> str:
    """Return what is asked, with a line that says what the ends of a scale mean."""
    words = question.text.said(language)
    ends = [(question.minimum, question.lowest), (question.maximum, question.highest)]
    legend = ", ".join(f"{point} – {meaning.said(language)}" for point, meaning in ends if meaning)
    return f"{words}\n{legend}" if legend else words


def number(form: Form, key: str) -> int:
    """Return the place of a question in the form, counted from 1; 0 if there is none."""
    return next((n for n, question in enumerate(form.questions, start=1) if question.key == key), 0)


def pressed(form: Form, question_number: int, choice_number: int) -> tuple[str, str] | None:
    """Return the keys of the question and the choice that a button names, both counted from 1; None if there are none.

    A press counts only if the question's key is the sheet's step: everything else is stale or forged.
    """
    if not 1 <= question_number <= len(form.questions):
        return None
    question = form.questions[question_number - 1]
    offered = kinds.options(question)
    if not 1 <= choice_number <= len(offered):
        return None
    return question.key, offered[choice_number - 1].key


def _onward(form: Form, answers: Mapping[str, Value]) -> Step:
    for question in form.questions:
        if question.key not in answers:
            return _ask(form, question, Sheet(answers, question.key))
    sheet = Sheet(answers, CARD)
    return Card(sheet) if form.check else Submitted(sheet)


def _ask(form: Form, question: Question, sheet: Sheet, refusal: Refusal | None = None) -> Ask:
    return Ask(question, sheet, refusal, number(form, question.key), len(form.questions))
