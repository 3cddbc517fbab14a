"""Whether the expressions of a definition can be read, and whether the names in them lead to something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms import checks, expressions, faults
from forms.checks import Mistake
from forms.expressions import Expression, Misread, Token
from forms.model import Form, Question, Text

MOST_OUTPUTS = 5  # values in one text, so that it fits into a message


def of_form(form: Form) -> Iterator[Mistake]:
    """Yield the mistakes of calculations and of what is said around the questions."""
    known = [question.key for question in form.questions]
    for number, calculation in enumerate(form.calculations, start=1):
        key = f"calculation.{number}"
        if not re.fullmatch(checks.NAME, calculation.key):
            yield f"{key}.key", faults.wrong(calculation.key, checks.NAME_MEANT)
        elif calculation.key in known:
            yield f"{key}.key", f"'{calculation.key}' has a meaning already; each needs a name of its own."
        yield from ((f"{key}.value", sentence) for sentence in _slips(form, calculation.value, known))
        known.append(calculation.key)
    names = {*known}
    for name in form.placeholders:
        if name in names:
            yield "placeholders", f"'{name}' is the name of a question or a calculation: choose another one."
    for key in ("intro", "title", "declined"):
        text: Text | None = getattr(form, key)
        if text and any("${" in words for words in text.every().values()):
            yield key, "No answer can stand in this text: it is said apart from the answers."
    if form.done:
        yield from _outputs("done", form.done, known)


def of_question(form: Form, question: Question) -> Iterator[Mistake]:
    """Yield the mistakes of a question's expressions and of the names in its texts."""
    before = _before(form, question)
    if question.relevant:
        yield from (("relevant", sentence) for sentence in _slips(form, question.relevant, before, later=True))
        if _own(question.relevant):
            yield "relevant", "'.' is the answer to this question, which is not asked yet."
    if question.constraint:
        yield from (("constraint", s) for s in _slips(form, question.constraint, [*before, question.key], later=True))
    yield from _outputs("text", question.text, before)
    if question.reason:
        yield from _outputs("reason", question.reason, [*before, question.key])
    plain = {"label": question.label, "lowest": question.lowest, "highest": question.highest}
    plain |= {f"choice.{number}.label": choice.label for number, choice in enumerate(question.choices, start=1)}
    for key, text in plain.items():
        if text and any("${" in words for words in text.every().values()):
            yield key, "No answer can stand in this text, only in 'text' and 'reason'."


def _before(form: Form, question: Question) -> list[str]:
    """Return the names that are known when the question is reached: a calculation needs all that it looks at."""
    known: list[str] = []
    for each in form.questions:
        if each is question:
            break
        known.append(each.key)
    for calculation in form.calculations:
        expression = _read(calculation.value)
        if expression and all(name.text in known for name in expression.names):
            known.append(calculation.key)
    return known


def _slips(form: Form, text: str, known: list[str], *, later: bool = False) -> Iterator[str]:
    """Yield what is wrong with an expression that may look at `known`; `later` names are told apart."""
    try:
        expression = expressions.read(text)
    except Misread as error:
        yield str(error)
        return
    for name in expression.names:
        if name.text not in known:
            yield f"At character {name.at}: {_unknown(form, name.text, known, later=later)}"
    for key, words in expression.keys:
        yield from _choice(form, key, words)


def _unknown(form: Form, name: str, known: list[str], *, later: bool) -> str:
    every = [*(question.key for question in form.questions), *(each.key for each in form.calculations)]
    if later and name in every:
        return f"'{name}' is not known yet when this question is reached. Known then: {', '.join(known) or 'none'}."
    return faults.unknown(name, known)


def _choice(form: Form, key: str, words: Token) -> Iterator[str]:
    question = form.question(key)
    if question and question.kind in ("choice", "choices", "consent") and question.choices:
        keys = [choice.key for choice in question.choices]
        if words.text not in keys:
            yield f"At character {words.at}, as a choice of '{key}': {faults.unknown(words.text, keys)}"


def _outputs(key: str, text: Text, known: list[str]) -> Iterator[Mistake]:
    for language, words in text.every().items():
        names = re.findall(r"\$\{\s*([^}]*?)\s*\}", words)
        if len(names) > MOST_OUTPUTS:
            yield f"{key}.{language}", f"Found {len(names)} answers in this text; allowed: at most {MOST_OUTPUTS}."
        for name in names:
            if name not in known:
                yield f"{key}.{language}", faults.unknown(name, known)


def _read(text: str) -> Expression | None:
    try:
        return expressions.read(text)
    except Misread:
        return None


def _own(text: str) -> bool:
    expression = _read(text)
    return expression is not None and expression.is_own
