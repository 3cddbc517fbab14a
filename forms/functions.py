"""What expressions reckon with: strings, numbers and true or false, how one becomes the other, and the functions."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forms import patterns
from forms.model import Value

Result = str | float | bool

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_EPOCH = date(1970, 1, 1).toordinal()
MANY = 100  # values that a function takes at most, if no less
NEAR = 1e-9  # two numbers nearer than this are equal: 0.1 + 0.2 = 0.3


@dataclass(frozen=True)
class Scene:
    """What an expression looks at: what is known by name, the answer in hand, and the day (ISO)."""

    values: Mapping[str, Value | bool]
    own: Value
    today: str

    def value(self, name: str) -> Result:
        """Return what is known by that name; the empty string where nothing is."""
        return plain(self.values.get(name))


Run = Callable[[Scene], Result]


def plain(value: Value | bool) -> Result:
    """Return an answer as expressions know it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(value)
    return value if isinstance(value, str | bool) else float(value)


def text(value: Result) -> str:
    """Return a value as a string; whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return "NaN"
    return str(int(value)) if value == value // 1 and abs(value) < 1e15 else str(round(value, 9))


def number(value: Result) -> float:
    """Return a value as a number, a date as days since 1970; not-a-number where it is none."""
    if not isinstance(value, str):
        return float(value)
    word = value.strip()
    if _NUMBER.fullmatch(word):
        return float(word)
    if _DATE.fullmatch(word):
        try:
            return float(date.fromisoformat(word).toordinal() - _EPOCH)
        except ValueError:
            return math.nan
    return math.nan


def truth(value: Result) -> bool:
    """Return a value as true or false: what is empty, 0 or no number is false."""
    if isinstance(value, str):
        return value != ""
    return value != 0 and not math.isnan(value)


def equal(one: Result, other: Result) -> bool:
    """Compare as true or false if either is, else as numbers if either is, else as strings."""
    if isinstance(one, bool) or isinstance(other, bool):
        return truth(one) == truth(other)
    if isinstance(one, float) or isinstance(other, float):
        return math.isclose(number(one), number(other), rel_tol=NEAR, abs_tol=NEAR)
    return one == other


def quotient(one: float, other: float) -> float:
    """Divide; by nothing, there is no number."""
    return one / other if other else math.nan


def remainder(one: float, other: float) -> float:
    """Return what is left of a division, with the sign of what was divided."""
    return math.fmod(one, other) if other and math.isfinite(one) else math.nan


def whole(value: float) -> float:
    """Return a number without what stands behind its point."""
    return float(math.trunc(value)) if math.isfinite(value) else value


@dataclass(frozen=True)
class Function:
    """A function: how many values it takes, and how it is made from what gives them."""

    least: int
    most: int
    made: Callable[[Sequence[Run], Sequence[str | None]], Run]

    @property
    def takes(self) -> str:
        """How many values it takes, in words."""
        values = f"{self.least or 'no'} value{'' if self.least == 1 else 's'}"
        return values if self.least == self.most else f"{values} or more"


def _of(least: int, most: int, reckon: Callable[..., Result]) -> Function:
    def made(runs: Sequence[Run], words: Sequence[str | None]) -> Run:
        return lambda scene: reckon(*[run(scene) for run in runs])

    return Function(least, most, made)


def _if(runs: Sequence[Run], words: Sequence[str | None]) -> Run:
    condition, then, otherwise = runs
    return lambda scene: then(scene) if truth(condition(scene)) else otherwise(scene)


def _regex(runs: Sequence[Run], words: Sequence[str | None]) -> Run:
    if words[1] is None:
        raise ValueError("the pattern of regex has to stand there in quotation marks.")
    pattern, looked_at = patterns.compiled(words[1]), runs[0]
    return lambda scene: patterns.matches(pattern, text(looked_at(scene)))


def _today(runs: Sequence[Run], words: Sequence[str | None]) -> Run:
    return operator.attrgetter("today")


FUNCTIONS = {
    "selected": _of(2, 2, lambda keys, key: text(key) in text(keys).split()),
    "count-selected": _of(1, 1, lambda keys: float(len(text(keys).split()))),
    "not": _of(1, 1, lambda value: not truth(value)),
    "if": Function(3, 3, _if),
    "coalesce": _of(2, MANY, lambda *values: next((value for value in values if value != ""), "")),
    "regex": Function(2, 2, _regex),
    "string-length": _of(1, 1, lambda value: float(len(text(value)))),
    "concat": _of(1, MANY, lambda *values: "".join(map(text, values))),
    "today": Function(0, 0, _today),
    "int": _of(1, 1, lambda value: whole(number(value))),
    "number": _of(1, 1, number),
    "true": _of(0, 0, lambda: True),
    "false": _of(0, 0, lambda: False),
}
