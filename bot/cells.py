"""Cells of a roster, each read as her answer in the chat would be (forms/kinds.py), or what is wrong with one."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.table import Cell
from forms import bands, cleaning, districts, folding, kinds, meaning
from forms.model import Choice, Question, Refusal, Typed, Value

LONGEST = 500  # characters of a cell (bot/spreadsheet.py keeps one more)
LOST = re.compile("\ufffd|[^\\W\\d_]\\?+[^\\W\\d_]")  # what a code page without ə leaves of it
BREAKS = re.compile(r"\s*[;,/|\n]\s*|\s+(?:və|ve|и|and|\+|&)\s+", re.IGNORECASE)
# Folded words that stand where a name should, and such with which a line of totals begins.
NOBODY = {"yoxdur", "yox", "test", "n a", "namelum", "net", "none", "ad", "ad soyad", "imya", "name", "adsiz", "anonim"}
TOTALS = {"cemi", "yekun", "itogo", "vsego", "total", "sum"}
# How a language begins, folded, in each of the three: azərbaycanca, азербайджанский, rus dili, ingiliscə, English …
LANGUAGES = {"az": ("az",), "ru": ("ru",), "en": ("en", "ing", "ang")}
DATED = ((1900, 2100), (10_000, 60_000))  # numbers that are a year, or a day as Excel counts days
DIGITS = re.compile(r"\d")


class Wrong(NamedTuple):
    """What is wrong with a cell: a key of the texts 'roster.wrong.…', and what fills it."""

    key: str
    values: Mapping[str, str | int] = {}


def answer(question: Question, text: str) -> Value | Refusal:
    """Return what the chat would make of a text that a woman typed. The only way from here to the kinds."""
    return kinds.KINDS[question.kind].read(question, Typed(text))


def flawed(cell: Cell) -> Wrong | None:
    """Return what is wrong with a cell whatever is meant by it, if anything is."""
    if cell.kind in ("formula", "error"):
        return Wrong(cell.kind)
    if len(cell.text) > LONGEST:
        return Wrong("long", {"maximum": LONGEST})
    return Wrong("letters lost") if LOST.search(cell.text) else None


def name(question: Question, cell: Cell) -> str | Wrong:
    """Return a woman's name as she writes it."""
    text = cell.text.strip()
    if cell.kind != "text":
        return Wrong("name date" if cell.kind == "date" else "name number")
    if text.startswith(("=", "+", "@")):
        return Wrong("name formula")
    if "@" in text:
        return Wrong("name mail")
    if "://" in text or text.lower().startswith("www."):
        return Wrong("name link")
    if len(DIGITS.findall(text)) >= 7:
        return Wrong("name phone")
    folded = folding.fold(text)
    if folded.partition(" ")[0] in TOTALS:
        return Wrong("total")
    if DIGITS.search(text):
        return Wrong("name number" if not cleaning.has_letter(text) else "name digits")
    if folded in NOBODY:
        return Wrong("name nobody")
    if len([part for part in BREAKS.split(text) if len(part.split()) > 1]) > 1:
        return Wrong("two names")
    if folded and sum(map(str.isalpha, folded)) < 2:
        return Wrong("name short")
    value = answer(question, text)
    if isinstance(value, Refusal):
        return Wrong("name long", value.values) if value.key == "too long" else Wrong("no name")  # type: ignore[arg-type]
    return str(value)


def region(question: Question, cell: Cell, closed: Sequence[Choice]) -> str | Wrong:
    """Return the key of an open region."""
    found = _choice(question, cell, "region")
    if isinstance(found, Wrong) and found.key in ("unknown region", "near region"):
        shut = [(label, each.label.az) for each in closed for label in each.label.every().values()]
        if region := meaning.meant(cell.text, shut).sure:
            return Wrong("closed region", {"region": region})
        if districts.among(((cell.text, ""),)):  # Qubadlı and Qusar are no slips of Quba
            return Wrong("other region", {"choices": said(question, [choice.key for choice in question.choices])})
    return found


def group(question: Question, cell: Cell) -> str | Wrong:
    """Return the key of a kind of group."""
    return _choice(question, cell, "group")


# What is said of a choice, by the question it belongs to.
OF_CHOICES = {
    "region": ("region number", "two regions", "near region", "unknown region"),
    "group": ("group number", "two groups", "near group", "unknown group"),
}


def _choice(question: Question, cell: Cell, field: str) -> str | Wrong:
    number, two, near, unknown = OF_CHOICES[field]
    if cell.kind != "text" or not cleaning.has_letter(
        cell.text
    ):  # in the chat '1' is the first choice; here it is a slip
        return Wrong(number)
    value = answer(question, cell.text)
    if not isinstance(value, Refusal):
        return str(value)
    parts = [answer(question, part) for part in BREAKS.split(cell.text) if cleaning.has_letter(part)]
    if len({part for part in parts if not isinstance(part, Refusal)}) > 1:
        return Wrong(two)
    likely = meaning.meant(cell.text, labels(question)).likely
    if likely:
        return Wrong(near, {"nearest": said(question, likely)})
    return Wrong(unknown, {"choices": said(question, [choice.key for choice in question.choices])})


def labels(question: Question) -> list[tuple[str, str]]:
    """Return every label of every choice, with its key."""
    return [(label, choice.key) for choice in question.choices for label in choice.label.every().values()]


def said(question: Question, keys: Sequence[str]) -> str:
    """Return the choices with these keys as they are written in a sheet."""
    return ", ".join(choice.label.az for choice in question.choices if choice.key in keys)


def age(question: Question, cell: Cell) -> str | Wrong:
    """Return the key of an age band; a number of years is looked for among the bands."""
    text = cell.text.strip()
    if cell.kind == "date" or re.fullmatch(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", text):
        return Wrong("age date")
    if years := re.fullmatch(r"(\d{1,5})(?:[.,]0+)?(?:\s*(?:yaş|yas|лет|год|года|years?))?\.?", text, re.IGNORECASE):
        number = int(years[1])
        if any(first <= number <= last for first, last in DATED):
            return Wrong("age date")
        key = bands.around(question.choices, number)
        return key or (Wrong("age odd") if not 0 < number <= bands.OLDEST else _no_band(question))
    value = answer(question, text)
    return _no_band(question) if isinstance(value, Refusal) else str(value)


def _no_band(question: Question) -> Wrong:
    return Wrong("unknown age", {"choices": said(question, [choice.key for choice in question.choices])})


def phone(question: Question, cell: Cell) -> str | Wrong:
    """Return a phone number in E.164."""
    text = re.sub(r"^(\d{7,})[.,]0+$", r"\1", cell.text.strip())
    if cell.kind == "date":
        return Wrong("phone date")
    if re.fullmatch(r"\d[.,]\d+[eE]\+?\d+", text):
        return Wrong("phone rounded")
    value, digits = answer(question, text), "".join(DIGITS.findall(text)).lstrip("0")
    # All of it is the number: in a sheet a digit too many is a slip, not something written beside it.
    if not isinstance(value, Refusal) and (cleaning.has_letter(text) or str(value).endswith(digits)):
        return str(value)
    if len([part for part in BREAKS.split(text) if len(DIGITS.findall(part)) >= 7]) > 1:
        return Wrong("two phones")
    if cleaning.has_letter(text):
        return Wrong("phone letters")
    return _no_phone(text)


def _no_phone(text: str) -> Wrong:
    digits = "".join(DIGITS.findall(text))
    if not digits:
        return Wrong("phone signs")
    if len(digits) > 6 and (len(set(digits)) == 1 or digits in "012345678901234"):
        return Wrong("phone invented")
    if (text.startswith("+") or digits.startswith("00")) and not digits.lstrip("0").startswith("994"):
        return Wrong("phone foreign")
    own = re.sub(r"^0*(994)?0?", "", digits)
    if len(digits) == 7:
        return Wrong("phone code missing")
    if len(own) != 9:
        return Wrong("phone short" if len(own) < 9 else "phone long", {"digits": len(own)})
    return Wrong("phone code", {"code": own[:2]})


def language(cell: Cell) -> str | Wrong:
    """Return az, ru or en."""
    folded = folding.fold(cell.text)
    return next((key for key, starts in LANGUAGES.items() if folded.startswith(starts)), Wrong("unknown language"))


def consent(question: Question, cell: Cell) -> Wrong | None:
    """Return why a row does not say that she agreed; None when it says so."""
    if cell.empty:
        return Wrong("no consent")
    value = "yes" if cell.text.strip() in ("+", "✓", "✔", "1", "True", "V", "v") else answer(question, cell.text)
    if value == kinds.YES:
        return None
    return Wrong("consent refused" if value == kinds.NO else "unknown consent")
