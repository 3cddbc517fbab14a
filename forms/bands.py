"""Bands of years: which of the choices '18–24', '25–34', '65 and over' somebody's age belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forms.model import Choice

OLDEST = 110  # years
# An age as people write it in a line of its own: '32', '32 yaş', '32 yaşım var', 'мне 32 года', '32 years old'.
AGE = re.compile(
    r"\s*(?:мне|mənim|i am|i['’]m)?\s*([0-9]{2,3})\s*(?:(?:yaş|yas|лет|год|years?)\w*)?(?:\s+(?:var|old))?\s*[.!]?\s*",
    re.IGNORECASE,
)


def bands(choices: Sequence[Choice]) -> dict[str, tuple[int, int]]:
    """Return the first and last year of each, as its label says them: a first one may be 'up to', a last one 'from'.

    Nothing where a choice is no band.
    """
    found = {}
    for choice in choices:
        years = [int(number) for number in re.findall("[0-9]+", choice.label.az)]
        if len(years) == 2:
            found[choice.key] = (years[0], years[1])
        elif len(years) == 1:
            found[choice.key] = (0, years[0] - 1) if choice is choices[0] else (years[0], OLDEST)
        else:
            return {}
    return found


def around(choices: Sequence[Choice], age: int) -> str | None:
    """Return the key of the band that an age belongs to, or None."""
    return next((key for key, (low, high) in bands(choices).items() if low <= age <= high), None)


def meant(choices: Sequence[Choice], written: str) -> str | None:
    """Return the key of the band for an age that was written, or None where it is none or no band has it."""
    age = AGE.fullmatch(written)
    return around(choices, int(age[1])) if age else None
