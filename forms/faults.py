"""Mistakes in a definition: each one a sentence for the person who wrote the form."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One mistake: where it stands, and a sentence that says what was found and what is allowed."""

    file: str
    question: str  # its key, or '#3' if it has none; '' outside the questions
    key: str  # 'label.az', 'choice.2.label'; '' if it is about the whole file
    sentence: str

    def __str__(self) -> str:
        question = f", question '{self.question}'" if self.question else ""
        key = f", key '{self.key}'" if self.key else ""
        return f"{self.file}{question}{key}: {self.sentence}"


class Faults(ValueError):
    """All mistakes of a definition, one a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def unknown(found: str, known: Iterable[str]) -> str:
    """Return a sentence about a name that is not known: the nearest known one, and all of them."""
    names = list(known)
    nearest = difflib.get_close_matches(found, names, n=1)
    guess = f" Did you mean '{nearest[0]}'?" if nearest else ""
    return f"'{found}' is not known here.{guess} Known: {', '.join(names) or 'none'}."


def wrong(found: object, allowed: str) -> str:
    """Return a sentence about a value that is not allowed."""
    return f"Found {found!r}; allowed: {allowed}."
