"""What follows from the answers on a sheet: which questions are asked, the calculated values, the words with them.

A form without expressions (`Form.reckons`) never comes here.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping

from forms import expressions, functions, kinds
from forms.model import Form, Question, Refusal, Sheet, Text, Value

OUTPUT = re.compile(r"\$\{\s*(\w+)\s*\}")
LONGEST_OUTPUT = 200  # characters of a value that stands in a text; a message has room for a few of them


class Known(Mapping[str, Value | bool]):
    """What is known by name on a sheet: the answers to what is asked of her, and what is calculated from them.

    A question looks only at those before it (`checks`), so one after the other is decided.
    """

    def __init__(self, form: Form, sheet: Sheet) -> None:
        self._calculations = {each.key: each.value for each in form.calculations}
        self._found: dict[str, Value | bool] = {}
        self._today = sheet.today
        self.asked: list[Question] = []
        for question in form.questions:
            is_asked = not question.relevant or expressions.holds(question.relevant, self, None, self._today)
            if is_asked:
                self.asked.append(question)
            self._found[question.key] = sheet.answers.get(question.key) if is_asked else None

    def __getitem__(self, name: str) -> Value | bool:
        if name not in self._found and name in self._calculations:
            self._found[name] = expressions.read(self._calculations[name])(self, None, self._today)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._found, **self._calculations})

    def __len__(self) -> int:
        return len({**self._found, **self._calculations})


def asked(form: Form, sheet: Sheet) -> list[Question]:
    """Return the questions that are asked of her, in their order."""
    return Known(form, sheet).asked if form.reckons else list(form.questions)


def kept(form: Form, sheet: Sheet) -> Sheet:
    """Return the sheet without the answers to questions that are not asked of her."""
    gone = {question.key for question in form.questions} - {question.key for question in asked(form, sheet)}
    if gone.isdisjoint(sheet.answers):
        return sheet
    return dataclasses.replace(sheet, answers={key: value for key, value in sheet.answers.items() if key not in gone})


def broken(form: Form, sheet: Sheet, question: Question, value: Value) -> Refusal | None:
    """Return why `value` is against the question's constraint; None where it is not, or there is nothing to be held."""
    if not question.constraint or value is None or value == []:
        return None
    known = Known(form, dataclasses.replace(sheet, answers={**sheet.answers, question.key: value}))
    if expressions.holds(question.constraint, known, value, sheet.today):
        return None
    return Refusal("constraint", reason=said(form, sheet, question.reason) if question.reason else None)


def first_broken(form: Form, sheet: Sheet) -> tuple[Question, Refusal] | None:
    """Return the first answered question whose constraint does not hold, after another answer was changed."""
    for question in asked(form, sheet):
        refusal = broken(form, sheet, question, sheet.answers.get(question.key))
        if refusal:
            return question, refusal
    return None


def worded(form: Form, sheet: Sheet, question: Question) -> Question:
    """Return the question with what is known filled into its text."""
    text = said(form, sheet, question.text)
    return question if text is question.text else dataclasses.replace(question, text=text)


def said(form: Form, sheet: Sheet, text: Text) -> Text:
    """Return the text with each `${name}` filled in, as people read it in that language."""
    if not any("${" in words for words in text.every().values()):
        return text
    known = Known(form, sheet)
    return Text(
        **{
            language: OUTPUT.sub(lambda name: _output(form, known, name[1], language), words)  # noqa: B023 - called here
            for language, words in text.every().items()
        }
    )


def _output(form: Form, known: Known, name: str, language: str) -> str:
    value, question = known.get(name), form.question(name)
    if question and not isinstance(value, bool):
        words = kinds.shown(question, value, language)
    elif isinstance(value, float) and not math.isfinite(value):
        words = ""
    else:
        words = functions.text(functions.plain(value))
    return words if len(words) <= LONGEST_OUTPUT else words[: LONGEST_OUTPUT - 1] + "…"
