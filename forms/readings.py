"""What is read from words and messages without choices: numbers, dates, phones, points on the map, files."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date

from forms import cleaning, dates, phones
from forms.meaning import Meaning
from forms.model import Input, Located, Pressed, Question, Refusal, Sent, Shared, Typed, Value

LONGEST_FIGURE = 40  # characters of a number or a point
MOST_DAYS = 2  # that a date may have meant, to be offered
ANY_DAY = date(2027, 1, 1)  # stands for today where nobody says which day it is: in the terminal

_NUMBER = re.compile(r"([-+−]?)([0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,15})(?:[.,]([0-9]{0,9}))?", re.ASCII)
_POINT = re.compile(
    r"(-?[0-9]{1,2}(?:[.,][0-9]{1,9})?)(?:\s*[,;]\s+|\s*;\s*|\s+|,)(-?[0-9]{1,3}(?:[.,][0-9]{1,9})?)", re.ASCII
)
_DEGREES = 5  # decimals that are kept: about a metre


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


def filed(question: Question, given: Input) -> Value | Refusal:
    """Return the file of the voice message or the photo that the question asks for, or what she wrote in its place."""
    if isinstance(given, Sent) and given.kind == question.kind:
        return [given.file]
    return text(question, given) if isinstance(given, Typed) else Refusal(question.kind)


def number(question: Question, given: Input) -> Value | Refusal:
    """Return the number that she wrote in figures: whole, or with at most `decimals` digits behind a comma or point."""
    refusal = Refusal("decimal" if question.decimals else "number", _bounds(question))
    found = _NUMBER.fullmatch(_figures(given))
    if not found:
        return refusal
    sign, digits, decimals = found[1], found[2].replace(" ", ""), (found[3] or "").rstrip("0")
    if len(decimals) > question.decimals:
        return refusal
    amount = float(f"{digits}.{decimals}") if decimals else int(digits)
    value = amount if sign in ("", "+") else -amount
    return value if question.minimum <= value <= question.maximum else refusal


def day(question: Question, given: Input, today: str = "") -> Value | Refusal:
    """Return the date that she wrote, or pressed, as 'YYYY-MM-DD', if it is neither too early nor too late.

    One that may be several days, such as one without its year, is asked: the refusal names the likely ones.
    """
    found = _day_meant(given, today)
    earliest, latest = (today if bound == "today" else bound for bound in (question.earliest, question.latest))
    if found.sure is None:
        possible = [each.isoformat() for each in found.likely if earliest <= each.isoformat() <= (latest or "9")]
        likely = tuple(possible[:MOST_DAYS])
        return Refusal("which day", {"days": " / ".join(map(day_shown, likely))}, likely) if likely else Refusal("date")
    value = found.sure.isoformat()
    if earliest and value < earliest:
        return Refusal("too early", {"earliest": day_shown(earliest)})
    if latest and value > latest:
        return Refusal("too late", {"latest": day_shown(latest)})
    return value


def place(question: Question, given: Input) -> Value | Refusal:
    """Return the point that she shared, or wrote in degrees, as 'lat,lon'."""
    if isinstance(given, Located):
        latitude, longitude = given.latitude, given.longitude
    else:
        found = _POINT.fullmatch(_figures(given))
        if not found:
            return Refusal("place")
        latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return Refusal("place")
    return ",".join(f"{degrees:.{_DEGREES}f}".rstrip("0").rstrip(".") for degrees in (latitude, longitude))


def contact(question: Question, given: Input) -> Value | Refusal:
    """Return a valid phone number in E.164, whoever's it is: one phone may serve a family."""
    if isinstance(given, Shared):
        found = phones.valid("+" + given.phone.lstrip("+ ")) or phones.valid(given.phone)
    else:
        found = phones.phone(given.text) if isinstance(given, Typed) else None
    return found or Refusal("not a phone")


def day_shown(iso: str) -> str:
    """Return 'YYYY-MM-DD' as it is written here: '01.03.2027'."""
    return ".".join(reversed(iso.split("-")))


def day_number(iso: str) -> int:
    """Return the number that stands for 'YYYY-MM-DD' in a button: 20270301."""
    return int(iso.replace("-", ""))


def numbered_day(number: int) -> str | None:
    """Return the day of such a number as 'YYYY-MM-DD', or None where it is none of the calendar."""
    with suppress(ValueError, OverflowError):
        return date(number // 10_000, number // 100 % 100, number % 100).isoformat()
    return None


def number_shown(value: float, language: str) -> str:
    """Return a number with a comma, in English with a point."""
    return str(value) if language == "en" else str(value).replace(".", ",")


def _day_meant(given: Input, today: str) -> Meaning[date]:
    if isinstance(given, Typed):
        return dates.read(given.text, date.fromisoformat(today) if today else ANY_DAY)
    if isinstance(given, Pressed):
        with suppress(ValueError):
            return Meaning(date.fromisoformat(given.choice))
    return Meaning()


def _bounds(question: Question) -> dict[str, object]:
    return {"minimum": question.minimum, "maximum": question.maximum, "decimals": question.decimals}


def _figures(given: Input) -> str:
    if not isinstance(given, Typed) or len(given.text) > LONGEST_FIGURE:
        return ""
    words = cleaning.cleaned(given.text)
    # Digits of other scripts are digits; a full stop at the end says nothing.
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in words).removesuffix(".")
