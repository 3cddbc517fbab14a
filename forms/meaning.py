"""What was meant by what was typed: one of the answers that were offered, for sure or likely."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from forms import cleaning, districts, folding
from forms.folding import LONGEST, NEAR, SHORTEST_NEAR, SHORTEST_STEM, sound, stems

MOST_LIKELY = 3  # answers that are worth a button of their own; more are the whole list again
LIKELY = 75  # of 100, rapidfuzz's ratio
FIGURES = re.compile("[0-9]+")

T = TypeVar("T")


class Meaning(NamedTuple, Generic[T]):
    """What was meant for sure; if nothing is sure, what is likely and has to be asked, the likeliest first."""

    sure: T | None = None
    likely: tuple[T, ...] = ()


def meant(written: str, offered: Iterable[tuple[str, str]], near: bool = True) -> Meaning[str]:
    """Return which of the answers was meant. `offered` are pairs of label and key; a key may have several labels.

    A label that is written exactly always wins. Without `near` it has to be: nothing is likely. If a label is the name
    of a district, all districts of Azerbaijan are known neighbours: none of them is taken for one that is offered.
    """
    pairs = tuple(offered)
    for same in (cleaning.cleaned, folding.fold):
        said = same(written[: LONGEST + 1])
        keys = tuple(dict.fromkeys(key for label, key in pairs if said and same(label) == said))
        if keys:
            return Meaning(keys[0]) if len(keys) == 1 else Meaning(None, keys)
    if not near or not folding.fold(written) or len(written) > LONGEST:
        return Meaning()
    keys, sure = districts.find(written, pairs) if districts.among(pairs) else _by_words(written, pairs)
    return Meaning(keys[0]) if sure else Meaning(None, keys if len(keys) <= MOST_LIKELY else ())


def _by_words(written: str, offered: districts.Offer) -> tuple[tuple[str, ...], bool]:
    """Return the keys of the labels that sound like it, are near to it or share its words, and whether that is sure."""
    said = sound(written)
    heard = [(sound(label), key) for label, key in offered]
    alike = {key: max(_likeness(said, label) for label, other in heard if other == key) for _, key in heard}
    ranked = sorted((key for key in alike if alike[key] >= LIKELY), key=lambda key: -alike[key])
    long = len(said) >= SHORTEST_NEAR
    best = [key for key in ranked if alike[key] >= (NEAR if long else 100)]
    if len(best) == 1:
        return (best[0],), True
    if best or (ranked and long):
        return tuple(best or ranked), False
    shared = {key: max(_shared(said, label) for label, other in heard if other == key) for _, key in heard}
    most = max(shared.values(), default=0)
    return tuple(key for key in shared if shared[key] == most > 0), False


def _likeness(said: str, label: str) -> float:
    """Return how alike they are, 0 to 100. Group 10 is not near to group 11."""
    return folding.likeness(said, label) if FIGURES.findall(said) == FIGURES.findall(label) else 0


def _shared(said: str, label: str) -> int:
    """Return how many words of what was said are words of the label, whole or begun, with or without endings."""
    return sum(any(_begins(word, other) for other in label.split()) for word in said.split())


def _begins(word: str, other: str) -> bool:
    return word == other or any(len(stem) >= SHORTEST_STEM and other.startswith(stem) for stem in stems(word))
