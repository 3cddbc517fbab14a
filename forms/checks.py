"""What a definition has to keep to beside the types of its keys. A mistake is a pair: its key, and a sentence."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from forms import kinds
from forms.faults import unknown, wrong
from forms.model import Choice, Form, Question, Text

Mistake = tuple[str, str]

SOURCES = ("regions",)  # lists of choices that the programme fills in
COMMON = ("key", "kind", "text", "label")  # keys of every question, whatever its kind
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
}
LONGEST_CONSENT = 700
LONGEST_ANSWER = 3000  # the check card shows all answers in one message of at most 4096 UTF-16 units
LONGEST_SCALE = 10


def of_form(form: Form) -> Iterator[Mistake]:
    """Yield the mistakes that are not about one question alone."""
    if not re.fullmatch(NAME, form.name):
        yield "name", wrong(form.name, NAME_MEANT)
    if not form.questions:
        yield "question", "There is no question yet. Write at least one [[question]]."
    yield from _doubles("key", (question.key for question in form.questions))
    personal = [question.key for question in form.questions if question.kind in ("consent", "contact")]
    if form.anonymous and personal:
        yield "anonymous", f"An anonymous form asks for no consent and no contact, but '{personal[0]}' does."
    used = {name for _, text in texts(form) for words in text.every().values() for name in braces(words)}
    for name in form.placeholders:
        if name not in used:
            yield "placeholders", f"'{name}' stands in no text. Write {{{name}}} in one, or leave it out here."


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
    """Return how a field is written in a definition: [[question]] and [[question.choice]] are one at a time."""
    return {"questions": "question", "choices": "choice"}.get(field, field)


def braces(words: str) -> list[str]:
    """Return the names in braces."""
    return re.findall(r"\{(\w+)\}", words)


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
    "scale": _scale,
}
