"""Days as people write them: 05.03.1985, 5 mart 1985, 5 марта 1985 г., March 5, 1985.

In figures the day comes before the month, as everybody writes it here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta

from forms.folding import fold
from forms.meaning import Meaning

LONGEST = 100  # characters in which a day is looked for
OLDEST, NEWEST = 120, 20  # years before and after today in which a day may lie
SOON = 10  # years: a year of two digits that lies ahead, but no further, may be of either century
CENTURY = 100
# The months in az, ru, en and as Turkish television says them, folded and without their endings, whole or short.
MONTHS = (
    "yan(var)?|jan(uar)?|ocak",
    "fev(ral)?|feb(ruar)?|subat",
    "mar(t|ch|c)?",
    "apr(el|il)?|nisan",
    "may|mai|mayis",
    "iyu?n|june?|haziran",
    "iyu?l|jul|temmuz",
    "avg(ust)?|aug(ust)?|agustos",
    "sen(t|ty?abr)?|sep(t|tember)?|eylul",
    "okt(y?abr)?|oct(ober)?|ekim",
    "noy(abr)?|noi|nov(ember)?|kasim",
    "dek(abr)?|dec(ember)?|aralik",
)
NAMED = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(MONTHS, start=1))
MONTH = re.compile(f"(?:{NAMED})(?:in|un|i|u|da|a|ya|y)?")  # with the endings of its cases
ROMAN = dict(
    zip(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), map(str, range(1, 13)), strict=True)
)
FROM_TODAY = {
    **dict.fromkeys(("bu gun", "bugun", "segodnya", "today"), 0),
    **dict.fromkeys(("dunen", "vcera", "yesterday"), -1),
    **dict.fromkeys(("sabah", "zavtra", "tomorrow"), 1),
}
BETWEEN = r"[-./,\s]+"
DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}}){BETWEEN}(\d{{1,2}}|[ivx]+){BETWEEN}(\d{{4}}|\d\d)(?!\d)")
YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}}){BETWEEN}(\d{{1,2}}){BETWEEN}(\d{{1,2}})(?!\d)")
# From left to right: the year of 01.02.1990 - 03.04.1990 does not begin the second day.
IN_FIGURES = re.compile(f"{YEAR_FIRST.pattern}|{DAY_FIRST.pattern}")
WITHOUT_YEAR = re.compile(r"\s*(\d{1,2})\s?[-./]\s?(\d{1,2})\.?\s*")
WHOLE, SHORT = len("05031985"), len("050385")  # digits of a date that is written in one run

_Reading = tuple[date, bool]  # a day, and whether it was certainly meant


def read(written: str, today: date) -> Meaning[date]:
    """Return the day that was written; if it may be several, or lacks its year, these as likely, the likeliest first.

    Nothing is sure or likely if it is no day of the calendar, or lies further from `today` than people live or plan.
    """
    text = unicodedata.normalize("NFKC", written[:LONGEST]).lower()
    if (away := FROM_TODAY.get(fold(text))) is not None:
        return Meaning(today + timedelta(days=away))
    readings = [
        (day, certain)
        for day, certain in _in_words(text, today) or _in_figures(text, today)
        if -OLDEST <= day.year - today.year <= NEWEST
    ]
    days = tuple(dict.fromkeys(day for day, _ in readings))
    if len(days) == 1 and all(certain for _, certain in readings):
        return Meaning(days[0])
    return Meaning(None, days)


def _in_figures(text: str, today: date) -> Iterator[_Reading]:
    for late, middle, early, day, month, year in IN_FIGURES.findall(text):
        yield from _days(day or early, ROMAN.get(month, month) or middle, year or late, today)
    if bare := WITHOUT_YEAR.fullmatch(text):
        yield from _each_year(bare[1], bare[2], today)
    digits, *more = re.findall(r"\d+", text) or [""]
    if len(digits) == WHOLE and not more:
        yield from _days(digits[:2], digits[2:4], digits[4:], today) or _days(
            digits[6:], digits[4:6], digits[:4], today
        )
    elif len(digits) == SHORT and not more:
        yield from ((day, False) for day, _ in _days(digits[:2], digits[2:4], digits[4:], today))


def _in_words(text: str, today: date) -> list[_Reading]:
    """Return the days of a text that names one month, with a day and perhaps a year in whatever order."""
    words = re.findall(r"\d+|[^\W\d]+", fold(text))
    months = [named.lastgroup or "" for word in words if (named := MONTH.fullmatch(word))]
    numbers = [word for word in words if word.isdecimal()]
    if len(months) != 1 or not 1 <= len(numbers) <= 2 or len(min(numbers, key=len)) > 2:
        return []
    month = months[0].removeprefix("m")
    if len(numbers) == 1:
        return _each_year(numbers[0], month, today)
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    return _days(day, month, year, today)


def _days(day: str, month: str, year: str, today: date) -> list[_Reading]:
    """Return the day that these figures name. With the month before the day it is not certain, nor in two centuries."""
    if not month.isdecimal() or not year.isdecimal() or len(year) not in (2, 4):
        return []
    years = [int(year)] if len(year) == 4 else _years(int(year), today)
    days = _calendar([(each, int(month), int(day)) for each in years])
    if days:
        return [(found, len(years) == 1) for found in days]
    return [(found, False) for found in _calendar([(each, int(day), int(month)) for each in years])]


def _years(short: int, today: date) -> list[int]:
    """Return the years that two digits may mean."""
    near = today.year - today.year % CENTURY + short
    if near <= today.year:
        return [near]
    return [near, near - CENTURY] if near <= today.year + SOON else [near - CENTURY]


def _each_year(day: str, month: str, today: date) -> list[_Reading]:
    """Return the two occurrences of a day without a year that are nearest to today; neither is certain."""
    days = _calendar([(today.year + step, int(month), int(day)) for step in (-1, 0, 1)])
    return [(found, False) for found in sorted(days, key=lambda each: abs(each - today))[:2]]


def _calendar(figures: Iterable[tuple[int, int, int]]) -> list[date]:
    """Return those of (year, month, day) that stand in the calendar."""
    days = []
    for year, month, day in figures:
        with suppress(ValueError):
            days.append(date(year, month, day))
    return days
