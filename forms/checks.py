"""What a definition has to keep to beside the types of its keys. A mistake is a pair: its key, and a sentence."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from forms import kinds
from forms.faults import unknown, wrong
from forms.model import Choice, Form, Question, Text

Mistake = tuple[str, str]

SOURCES = ("regions",)  # lists of choices that the programme fills in
COMMON = ("key", "kind", "text", "label", "relevant")  # keys of every question, whatever its kind
NAME = r"[a-z][a-z0-9_]{0,31}"
NAME_MEANT = "small letters a-z, digits and _, beginning with a letter, at most 32"
# Most characters of a text, so that a question fits on a small screen and two buttons side by side.
LENGTHS = {
    "title": 60,
    "intro": 700,
    "done": 700,
    "declined": 700,
    "text": 300,
    "label": 28,
    "lowest": 40,
    "highest": 40,
    "reason": 200,
}
LONGEST_CONSENT = 700
LONGEST_ANSWER = 3000  # the check card shows all answers in one message of at most 4096 UTF-16 units
LONGEST_SCALE = 10
MOST_CHOICES = 100  # where the programme fills them in, and nobody knows yet
FARTHEST = 10**12
MOST_DECIMALS = 6
# Keys that have no default worth having for a kind: they have to be written.
NEEDED = {"number": ("minimum", "maximum")}


def of_form(form: Form) -> Iterator[Mistake]:
    """Yield the mistakes that are not about one question alone."""
    if not re.fullmatch(NAME, form.name):
        yield "name", wrong(form.name, NAME_MEANT)
    if not form.questions:
        yield "question", "There is no question yet. Write at least one [[question]]."
    yield from _doubles("key", (question.key for question in form.questions))
    yield from _anonymous(form)
    if not re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2}|\{\w+\})?", form.changes_until) or not _is_day(
        form.changes_until
    ):
        yield "changes_until", wrong(form.changes_until, "a day, such as '2027-03-01', or a placeholder, as '{name}'")
    used = {name for _, text in texts(form) for words in text.every().values() for name in braces(words)}
    used.update(braces(form.changes_until))
    for name in form.placeholders:
        if name not in used:
            yield "placeholders", f"'{name}' stands in no text. Write {{{name}}} in one, or leave it out here."


def _anonymous(form: Form) -> Iterator[Mistake]:
    telling = {name for name, kind in kinds.KINDS.items() if kind.tells}
    for question in form.questions:
        if form.anonymous and question.kind in telling:
            yield "anonymous", f"An anonymous form asks for no '{question.kind}', but '{question.key}' does."
    if form.anonymous and form.open_sheets == "move":
        yield "open_sheets", "The sheets of an anonymous form keep to the form of their survey: leave this key out."


def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return day in ("", "today") or day.startswith("{")
    return True


def of_question(question: Question, given: set[str]) -> Iterator[Mistake]:
    """Yield the mistakes of one question; `given` are the keys that its definition sets."""
    if not re.fullmatch(NAME, question.key):
        yield "key", wrong(question.key, NAME_MEANT)
    kind = kinds.KINDS.get(question.kind)
    if kind is None:
        yield "kind", unknown(question.kind, kinds.KINDS)
        return
    takes = [*COMMON, *sorted(kind.keys)]
    for key in sorted(given.difference(takes)):
        yield key, f"A question of kind '{question.kind}' does not take this key. It takes: {', '.join(takes)}."
    for key in NEEDED.get(question.kind, ()):
        if key not in given:
            yield key, f"This key is missing: a question of kind '{question.kind}' says what is the least and the most."
    if question.reason and not question.constraint:
        yield "reason", "There is no constraint of which this could be the reason."
    if question.kind in _OF_KIND:
        yield from _OF_KIND[question.kind](question)


def of_texts(thing: Form | Question, placeholders: tuple[str, ...]) -> Iterator[Mistake]:
    """Yield empty texts, texts that are too long for a phone, and braces that nobody fills in."""
    for key, text in texts(thing):
        most = LENGTHS[key.rpartition(".")[2]]
        if key == "text" and isinstance(thing, Question) and thing.kind == "consent":
            most = LONGEST_CONSENT
        if not text.az.strip():
            yield f"{key}.az", wrong(text.az, "words in Azerbaijani, to which the other languages fall back")
        for language, words in text.every().items():
            if len(words) > most:
                yield f"{key}.{language}", f"Found {len(words)} characters; allowed: at most {most}."
            for name in braces(words):
                if name not in placeholders:
                    yield f"{key}.{language}", f'{unknown(name, placeholders)} Declare it: placeholders = ["{name}"].'


def texts(thing: Any, key: str = "") -> Iterator[tuple[str, Text]]:
    """Yield each text of a form, a question or a choice with its key, such as 'choice.2.label'."""
    if isinstance(thing, Text):
        yield key, thing
    elif isinstance(thing, tuple):
        for number, part in enumerate(thing, start=1):
            yield from texts(part, f"{key}.{number}")
    elif isinstance(thing, Form | Question | Choice):
        for field in dataclasses.fields(thing):
            name = toml_key(field.name)
            yield from texts(getattr(thing, field.name), f"{key}.{name}" if key else name)


def toml_key(field: str) -> str:
    """Return how a field is written in a definition: what is one of many, such as [[question.choice]], in singular."""
    return {"questions": "question", "choices": "choice", "calculations": "calculation"}.get(field, field)


def braces(words: str) -> list[str]:
    """Return the names in braces that have no `$` before them."""
    return re.findall(r"(?<!\$)\{(\w+)\}", words)


def _doubles(key: str, names: Iterator[str]) -> Iterator[Mistake]:
    for name, count in Counter(names).items():
        if name and count > 1:
            yield key, f"'{name}' stands here {count} times; each needs a key of its own."


def _consent(question: Question) -> Iterator[Mistake]:
    keys = sorted(choice.key for choice in question.choices)
    if keys != [kinds.NO, kinds.YES]:
        yield "choice", wrong(keys, "two [[question.choice]], with the keys 'yes' and 'no'")


def _text(question: Question) -> Iterator[Mistake]:
    if not 1 <= question.max_length <= LONGEST_ANSWER:
        yield "max_length", wrong(question.max_length, f"1 to {LONGEST_ANSWER} characters")


def _choices(question: Question) -> Iterator[Mistake]:
    yield from _choice(question)
    most = len(question.choices) or MOST_CHOICES
    if question.at_least and not question.required:
        yield "at_least", "Where at least some have to be chosen the question is required: leave out required = false."
    if not 0 <= question.at_least <= most:
        yield "at_least", wrong(question.at_least, f"0 to {most}, for there are no more choices")
    elif question.at_most and not max(question.at_least, 1) <= question.at_most <= most:
        yield "at_most", wrong(question.at_most, f"{max(question.at_least, 1)} to {most}, or 0 for all")


def _number(question: Question) -> Iterator[Mistake]:
    if not -FARTHEST <= question.minimum < question.maximum <= FARTHEST:
        found = f"{question.minimum} to {question.maximum}"
        yield "maximum", wrong(found, f"a maximum above the minimum, both from -{FARTHEST} to {FARTHEST}")
    if not 0 <= question.decimals <= MOST_DECIMALS:
        yield "decimals", wrong(question.decimals, f"0 to {MOST_DECIMALS}")


def _date(question: Question) -> Iterator[Mistake]:
    for key in ("earliest", "latest"):
        bound = getattr(question, key)
        if not re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2}|today)?", bound) or not _is_day(bound):
            yield key, wrong(bound, "a day, such as '1990-12-31', or 'today'")
    if question.earliest > question.latest > "" and "today" not in (question.earliest, question.latest):
        yield "latest", wrong(question.latest, f"a day after the earliest, {question.earliest}")


def _choice(question: Question) -> Iterator[Mistake]:
    if question.choices_from and question.choices_from not in SOURCES:
        yield "choices_from", unknown(question.choices_from, SOURCES)
    if question.choices_from and question.choices:
        yield "choices_from", "Write either choices_from or [[question.choice]], not both."
    if not question.choices_from and len(question.choices) < 2:
        yield (
            "choice",
            f"Found {len(question.choices)} choices; allowed: two [[question.choice]] or more, or choices_from.",
        )
    for number, choice in enumerate(question.choices, start=1):
        if not re.fullmatch(NAME, choice.key):
            yield f"choice.{number}.key", wrong(choice.key, NAME_MEANT)
    yield from _doubles("choice", (choice.key for choice in question.choices))


def _scale(question: Question) -> Iterator[Mistake]:
    if not 0 <= question.minimum < question.maximum <= LONGEST_SCALE:
        found = f"{question.minimum} to {question.maximum}"
        yield "maximum", wrong(found, f"a minimum from 0 on, and a greater maximum of at most {LONGEST_SCALE}")


_OF_KIND: dict[str, Callable[[Question], Iterator[Mistake]]] = {
    "consent": _consent,
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "scale": _scale,
    "date": _date,
    "voice": _text,
    "photo": _text,
}
