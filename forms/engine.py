"""The way through a form: each function takes the form and the sheet and returns the next step. Pure; never raises.

The next question is always the first one that is asked of her and has not been passed. So going back, or changing one
answer on the check card, needs no memory of its own: once the open question is answered, the way leads to where she
was before. An answer to a question that is not asked of her any more waits, unseen: it is there again if the question
is, and dropped when the form is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from forms import kinds, readings, reckoning
from forms.model import (
    CARD,
    Ask,
    Card,
    Declined,
    Done,
    Form,
    Input,
    Pressed,
    Question,
    Refusal,
    Sheet,
    Step,
    Submitted,
    Text,
    Value,
)

SKIPPED = kinds.SKIPPED
DRAFT = "~"  # after a question's key: what is ticked of several choices while they are not confirmed


def begin(form: Form, today: str = "") -> Step:
    """Ask the first question of an empty sheet; `today` is the local date, 'YYYY-MM-DD'."""
    return _onward(form, Sheet({}, CARD, today), {})


def current(form: Form, sheet: Sheet) -> Step:
    """Show once more where she is, such as after a pause; nothing changes."""
    question = _open(form, sheet)
    return _ask(form, question, sheet) if question else _onward(form, sheet, sheet.answers)


def answer(form: Form, sheet: Sheet, given: Input) -> Step:
    """Take the input as the answer of the open question and go on, or ask again and say why.

    A pressed one of several choices is ticked, or not any more, as the button says: pressed again it asks for the same.
    The question stays open until they are `Done`.
    """
    question = _open(form, sheet)
    if question is None:
        step = _onward(form, sheet, sheet.answers)
        return Card(step.sheet, Refusal("check")) if isinstance(step, Card) else step
    if question.kind == "choices" and isinstance(given, Pressed):
        return _ticked(form, question, sheet, given)
    value = _read(form, sheet, question, given)
    if isinstance(value, Refusal):
        return _ask(form, question, sheet, value)
    if question.kind == "consent" and value == kinds.NO:
        # A no is never kept: a sheet that holds a consent holds a yes.
        left = {key: kept for key, kept in sheet.answers.items() if key != question.key}
        return Declined(Sheet(left, question.key, sheet.today))
    return _passed(form, sheet, question, value)


def skip(form: Form, sheet: Sheet) -> Step:
    """Leave the open question without an answer and go on; a required question is asked again."""
    question = _open(form, sheet)
    if question is None:
        return current(form, sheet)
    if question.required:
        return _ask(form, question, sheet, Refusal("needed"))
    return _passed(form, sheet, question, None)


def keep(form: Form, sheet: Sheet) -> Step:
    """Leave the answer of the open question as it is and go on; a question not passed before is asked again."""
    question = _open(form, sheet)
    if question is None or question.key not in sheet.answers:
        return current(form, sheet)
    return _passed(form, sheet, question, sheet.answers[question.key])


def back(form: Form, sheet: Sheet) -> Step:
    """Ask the question before the open one; from the card, the last one. Answers stay."""
    asked = _asked(form, sheet)
    keys = [question.key for question in asked]
    at = keys.index(sheet.step) if sheet.step in keys else len(keys)
    question = asked[max(at - 1, 0)] if asked else None
    return _ask(form, question, Sheet(sheet.answers, question.key, sheet.today)) if question else current(form, sheet)


def edit(form: Form, sheet: Sheet, key: str) -> Step:
    """Ask one question that has been passed again; once it is answered she is where she was before."""
    question = _open(form, Sheet(sheet.answers, key, sheet.today))
    if question is None or key not in sheet.answers:
        return current(form, sheet)
    return _ask(form, question, Sheet(sheet.answers, key, sheet.today))


def submit(form: Form, sheet: Sheet) -> Step:
    """Complete the form from its check card; from anywhere else, show where she is."""
    step = current(form, sheet)
    return _complete(form, step.sheet) if isinstance(step, Card) else step


def moved(before: Form, form: Form, sheet: Sheet) -> Step:
    """Take a sheet of `before` on to the form as it is now, and ask what is missing.

    Of its answers those stay whose question is still there, of the same kind, and can still be answered so.
    """
    kept: dict[str, Value] = {}
    for question in form.questions:
        old = before.question(question.key)
        if old and question.key in sheet.answers and kinds.still_fits(old, question, sheet.answers[question.key]):
            kept[question.key] = sheet.answers[question.key]
        draft = sheet.answers.get(question.key + DRAFT)
        if old and isinstance(draft, list) and {*draft} <= {offered.key for offered in question.choices}:
            kept[question.key + DRAFT] = draft
    return _onward(form, sheet, kept)


def changeable(form: Form, today: str) -> bool:
    """Tell whether what was sent may still be changed on that day."""
    return not form.changes_until or today <= form.changes_until


def ticked(question: Question, sheet: Sheet) -> list[str]:
    """Return which of several choices are ticked: not confirmed yet, or as they were answered."""
    value = sheet.answers.get(question.key + DRAFT, sheet.answers.get(question.key))
    return value if isinstance(value, list) else []


def editable(form: Form, sheet: Sheet | None = None) -> tuple[Question, ...]:
    """Return the questions on the check card of a sheet, or of any. A consent is withdrawn elsewhere, not edited."""
    asked = _asked(form, sheet) if sheet else form.questions
    return tuple(question for question in asked if question.kind not in ("consent", "note"))


def summary(form: Form, sheet: Sheet, language: str) -> list[tuple[str, str]]:
    """Return label and shown value of each question of `editable(form, sheet)`, in its order."""
    return [
        (question.label.said(language), shown(question, sheet.answers.get(question.key), language))
        for question in editable(form, sheet)
    ]


def shown(question: Question, value: Value, language: str) -> str:
    """Return a value as people read it: a choice's label, a phone number with its spaces."""
    return kinds.shown(question, value, language)


def wording(question: Question, language: str) -> str:
    """Return what is asked, with a line that says what the ends of a scale mean."""
    words = question.text.said(language)
    ends = [(question.minimum, question.lowest), (question.maximum, question.highest)]
    legend = ", ".join(f"{point} – {meaning.said(language)}" for point, meaning in ends if meaning)
    return f"{words}\n{legend}" if legend else words


def worded(form: Form, sheet: Sheet, question: Question) -> Question:
    """Return the question with what is known filled into its text."""
    return reckoning.worded(form, sheet, question) if form.reckons else question


def said(form: Form, sheet: Sheet, text: Text) -> Text:
    """Return a text of the form with what is known filled in."""
    return reckoning.said(form, sheet, text) if form.reckons else text


def sentence(refusal: Refusal, sentences: Mapping[str, Text], language: str) -> str:
    """Return why an input was no answer, by the form's own words or those of `load.refusals`."""
    return (refusal.reason or sentences[refusal.key]).said(language, **refusal.values)


def number(form: Form, key: str) -> int:
    """Return the place of a question in the form, counted from 1; 0 if there is none."""
    return form.numbers.get(key, 0)


def pressed(form: Form, question_number: int, choice_number: int) -> tuple[str, str] | None:
    """Return the keys of the question and the choice that a button names, both counted from 1; None if there are none.

    A day is its own number, `readings.day_number`, and its own key.
    A press counts only if the question's key is the sheet's step: everything else is stale or forged.
    """
    if not 1 <= question_number <= len(form.questions):
        return None
    question = form.questions[question_number - 1]
    if question.kind == "date":
        day = readings.numbered_day(choice_number)
        return (question.key, day) if day else None
    offered = kinds.options(question)
    if not 1 <= choice_number <= len(offered):
        return None
    return question.key, offered[choice_number - 1].key


def is_asked(form: Form, sheet: Sheet, question: Question) -> bool:
    """Tell whether a question is asked of her, as far as is known now."""
    return not question.relevant or question in _asked(form, sheet)


def _asked(form: Form, sheet: Sheet) -> Sequence[Question]:
    return reckoning.asked(form, sheet) if form.reckons else form.questions


def _open(form: Form, sheet: Sheet) -> Question | None:
    question = form.question(sheet.step)
    return question if question is None or is_asked(form, sheet, question) else None


def _read(form: Form, sheet: Sheet, question: Question, given: Input) -> Value | Refusal:
    if question.kind == "choices" and isinstance(given, Done):
        value = kinds.several(question, ticked(question, sheet))
    elif question.kind == "date":
        value = readings.day(question, given, sheet.today)
    else:
        value = kinds.KINDS[question.kind].read(question, given)
    if isinstance(value, Refusal) or not question.constraint:
        return value
    return reckoning.broken(form, sheet, question, value) or value


def _ticked(form: Form, question: Question, sheet: Sheet, given: Pressed) -> Step:
    if all(given.choice != offered.key for offered in question.choices):
        return _ask(form, question, sheet, Refusal("choose several"))
    before = ticked(question, sheet)
    now = {*before} | {given.choice} if given.ticked else {*before} - {given.choice}
    if len(now) > len(before) and len(now) > (question.at_most or len(question.choices)):
        return _ask(form, question, sheet, Refusal("too many", {"count": question.at_most}))
    draft: Value = [offered.key for offered in question.choices if offered.key in now]
    return _ask(form, question, replace(sheet, answers={**sheet.answers, question.key + DRAFT: draft}))


def _passed(form: Form, sheet: Sheet, question: Question, value: Value) -> Step:
    answers = {**sheet.answers, question.key: value}
    answers.pop(question.key + DRAFT, None)
    return _onward(form, sheet, answers)


def _onward(form: Form, sheet: Sheet, answers: Mapping[str, Value]) -> Step:
    sheet = Sheet(answers, CARD, sheet.today)
    for question in _asked(form, sheet):
        if question.key not in answers or question.key + DRAFT in answers:  # what she ticked waits for her word
            return _ask(form, question, Sheet(answers, question.key, sheet.today))
    broken = reckoning.first_broken(form, sheet) if form.reckons else None
    if broken:
        question, refusal = broken
        return _ask(form, question, Sheet(sheet.answers, question.key, sheet.today), refusal)
    return Card(sheet) if form.check else _complete(form, sheet)


def _complete(form: Form, sheet: Sheet) -> Submitted:
    """Return the sheet with what was asked, and no more."""
    sheet = reckoning.kept(form, sheet) if form.reckons else sheet
    answers = {key: value for key, value in sheet.answers.items() if not key.endswith(DRAFT)}
    return Submitted(Sheet(answers, CARD, sheet.today))


def _ask(form: Form, question: Question, sheet: Sheet, refusal: Refusal | None = None) -> Ask:
    counted: Sequence[str] = form.counted
    if form.reckons:
        counted = [asked.key for asked in reckoning.asked(form, sheet) if asked.kind != "note"]
        question = reckoning.worded(form, sheet, question)
    at = counted.index(question.key) + 1 if question.key in counted else 0
    return Ask(question, sheet, refusal, number(form, question.key), len(counted), at)
