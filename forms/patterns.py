"""Patterns of `regex()` in a form: only those whose matching ends soon, whatever a person has written.

A repeated group can try an exponential number of ways, so it is refused. What is left tries at most the product of
what each sign that repeats can do: that product is bounded here, before anybody writes an answer.
"""

from __future__ import annotations

import re

LONGEST = 100  # characters of a pattern
LONGEST_MATCHED = 100  # characters of an answer; a longer one does not match
MOST_WAYS = 5_000_000  # ways that a match may have to try: some tenths of a second at the very worst

# An escaped sign, a class in brackets, the beginning of a group that is no plain one, a repetition, or any one sign.
_PARTS = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?|\{(?P<least>[0-9]*)(?P<to>,(?P<most>[0-9]*))?\}|.",
    re.DOTALL,
)


class Refused(ValueError):
    """A pattern that cannot be used, with a sentence that says why."""


def compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern, to be matched with the whole of an answer; raise `Refused` where it might take too long."""
    if len(pattern) > LONGEST:
        raise Refused(f"The pattern has {len(pattern)} characters; allowed: at most {LONGEST}.")
    try:
        found = re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise Refused(f"The pattern cannot be read: {error}.") from None
    if _ways(pattern) > MOST_WAYS:
        raise Refused("The pattern has too many *, + and |: matching it could take too long. At most three * or +.")
    return found


def matches(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether the whole text is what the pattern describes."""
    return len(text) <= LONGEST_MATCHED and pattern.fullmatch(text) is not None


def _ways(pattern: str) -> int:
    ways, before = 1, ""
    for part in _PARTS.finditer(pattern):
        sign = part[0]
        if sign == "(?":
            raise Refused("A group begins with '(?': write plain groups only.")
        if re.fullmatch(r"\\[1-9]", sign):
            raise Refused(f"'{sign}' looks back at a group: write out what is meant.")
        if before == ")" and sign != "?" and (sign in "*+" or part["least"] or part["to"]):
            raise Refused(f"A group is repeated by '{sign}': matching it could take too long. Repeat single signs.")
        ways *= _choices(part)
        before = sign
    return ways


def _choices(part: re.Match[str]) -> int:
    """Return how many ways a part of a pattern adds."""
    if part["to"]:
        return max(int(part["most"] or LONGEST_MATCHED) - int(part["least"] or 0) + 1, 1)
    return {"*": LONGEST_MATCHED, "+": LONGEST_MATCHED, "?": 2, "|": 2}.get(part[0], 1)
