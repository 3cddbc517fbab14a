"""The kinds of questions: for each, one function that makes a value of what came in, or says why it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from forms import cleaning, folding
from forms.model import Choice, Input, Pressed, Question, Refusal, Shared, Text, Typed, Value

YES, NO = "yes", "no"
# Folded words that mean the same as the two buttons of a consent.
SPOKEN = {
    YES: {"beli", "he", "hee", "raziyam", "olar", "da", "soglasna", "soglasen", "yes", "ok", "okay", "i agree"},
    NO: {"xeyr", "yox", "razi deyilem", "net", "nesoglasna", "ne soglasna", "no"},
}
HOME = "AZ"  # the country of phone numbers that are written without one
LONGEST_PHONE = 60  # characters of a message in which a number is looked for


def consent(question: Question, given: Input) -> Value | Refusal:
    """Return 'yes' or 'no'."""
    if isinstance(given, Typed):
        folded = folding.fold(given.text)
        for answer, words in SPOKEN.items():
            if folded in words:
                return answer
    return choice(question, given)


def text(question: Question, given: Input) -> Value | Refusal:
    """Return what she wrote, cleaned: at most `max_length` characters, with at least one letter."""
    if not isinstance(given, Typed):
        return Refusal("write")
    words = cleaning.cleaned(given.text, multiline=question.multiline)
    if not cleaning.has_letter(words):
        return Refusal("no letters")
    if len(words) > question.max_length:
        return Refusal("too long", {"length": len(words), "maximum": question.max_length})
    return words


def choice(question: Question, given: Input) -> Value | Refusal:
    """Return the key of the choice that was pressed, or written: by its label in any language, or by its number."""
    if isinstance(given, Pressed):
        key: str | None = given.choice
    elif isinstance(given, Typed):
        key = _meant(question, given.text)
    else:
        key = None
    return key if key is not None and any(key == offered.key for offered in options(question)) else Refusal("choose")


def scale(question: Question, given: Input) -> Value | Refusal:
    """Return the point of the scale as a number."""
    found = choice(question, given)
    if isinstance(found, Refusal):
        return Refusal("rate", {"minimum": question.minimum, "maximum": question.maximum})
    return int(found) if found is not None else None


def contact(question: Question, given: Input) -> Value | Refusal:
    """Return a valid phone number in E.164, whoever's it is: one phone may serve a family."""
    if isinstance(given, Shared):
        found = _phone("+" + given.phone.lstrip("+ ")) or _phone(given.phone)
    elif isinstance(given, Typed):
        found = _phone(given.text) or _phone("+" + given.text.lstrip("+ "))
    else:
        found = None
    return found or Refusal("not a phone")


@dataclass(frozen=True)
class Kind:
    """How a kind reads an input, and which keys of a definition it knows beside those of every question."""

    read: Callable[[Question, Input], Value | Refusal]
    keys: frozenset[str] = frozenset()


KINDS = {
    "consent": Kind(consent, frozenset({"choice"})),
    "text": Kind(text, frozenset({"required", "max_length", "multiline"})),
    "choice": Kind(choice, frozenset({"required", "choice", "choices_from"})),
    "scale": Kind(scale, frozenset({"required", "minimum", "maximum", "lowest", "highest"})),
    "contact": Kind(contact, frozenset({"required"})),
}


def options(question: Question) -> tuple[Choice, ...]:
    """Return the buttons of a question: its choices, or the points of its scale; none for what has to be written."""
    if question.kind == "scale":
        return tuple(Choice(str(n), Text(str(n))) for n in range(question.minimum, question.maximum + 1))
    return question.choices


@lru_cache(maxsize=8)  # of the turn in hand, which shows the same one twice
def phone_shown(number: str) -> str:
    """Return an E.164 number as people write it: '+994 50 123 45 67'."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _meant(question: Question, written: str) -> str | None:
    offered = options(question)
    labels = [(label, each.key) for each in offered for label in each.label.every().values()]
    # «Да, несогласна» is near «Да, согласна»: what is nearly a yes is not a consent.
    key = folding.match(written, labels, near=question.kind != "consent")
    place = re.fullmatch(r"\s*([0-9]{1,3})\s*[.)]?\s*", written)
    if key is None and place and question.kind != "scale" and 1 <= int(place[1]) <= len(offered):
        return offered[int(place[1]) - 1].key
    return key


def _phone(written: str) -> str | None:
    try:
        number = phonenumbers.parse(written[:LONGEST_PHONE], HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
