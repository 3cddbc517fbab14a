"""Phone numbers: every usual writing becomes one, in E.164, and is shown as people write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

HOME = "AZ"  # the country of numbers that are written without one
LONGEST = 200  # characters of a message in which a number is looked for
# Without the 0 or the + that begins a number, and no piece of a longer one.
BARE = re.compile(r"(?<!\w)(?<![0-9][ ().-])[1-9][0-9 ().-]{7,20}[0-9](?!\w)(?![ ().-][0-9])")
NOUGHT = re.compile(r"(?<![^\W\d_])[oOоО](?=[0-9])")  # O50: the letter for the figure, Latin or Cyrillic
SHORTEST_ABROAD = 10  # digits of a number that begins with its country, but without +


def phone(written: str) -> str | None:
    """Return the valid number that was written, alone or among words, in E.164.

    None if there is none, or two different ones. One without a country is taken for one at home.
    """
    text = NOUGHT.sub("0", unicodedata.normalize("NFKC", written[:LONGEST]).replace("_", " "))
    found = set(_numbers(text))
    return found.pop() if len(found) == 1 else None


def shown(number: str) -> str:
    """Return an E.164 number as people write it: '+994 50 123 45 67'. What is no number comes back as it is."""
    try:
        parsed = _parsed(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _numbers(text: str) -> Iterator[str]:
    rest = text
    for match in phonenumbers.PhoneNumberMatcher(text, HOME):
        rest = rest.replace(match.raw_string, " | ")
        yield _kept(match.number)
    for bare in BARE.findall(rest):
        digits = re.sub("[^0-9]", "", bare)
        number = valid(digits) or (valid("+" + digits) if len(digits) >= SHORTEST_ABROAD else None)
        if number:
            yield number


def valid(written: str) -> str | None:
    """Return the valid number that is written, with nothing beside it, in E.164; None if it is none."""
    try:
        number = _parsed(written)
    except phonenumbers.NumberParseException:
        return None
    return _kept(number) if phonenumbers.is_valid_number(number) else None


@lru_cache(maxsize=8)  # of the turns in hand: each reads the same one twice and shows it twice
def _parsed(written: str) -> phonenumbers.PhoneNumber:
    """Raises NumberParseException."""
    return phonenumbers.parse(written, HOME)


def _kept(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
