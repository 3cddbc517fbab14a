"""Comparing what people type with what was offered: without diacritics, in Latin, blind to case, near enough.

Women write "Lenkeran", "LƏNKƏRAN", "Ленкорань". NFKD leaves ə and ı alone, and `'İ'.lower()` is two characters, so the
letters are folded by tables of our own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

NEAR = 90  # of 100, rapidfuzz's ratio
SHORTEST_NEAR = 5  # letters; shorter labels are too easily taken for one another
LONGEST = 200  # characters; what is longer is no label

# q and g are one: Quba is written Guba in Russian and English.
LATIN = str.maketrans("əǝıq", "eeig")
# Russian and the old Azerbaijani alphabet, by sound.
SOUNDS = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфхцыэәғҝөүһҹјжчшщ", "abvgdeziklmnoprstufxsieeggouhcyjcss", strict=True))
    | {"ю": "yu", "я": "ya", "ъ": "", "ь": ""}
)
# By look: a Cyrillic letter that slipped into a Latin word.
LOOKS = str.maketrans("авекмнорстухәіјѕԁԛԝ", "abekmhopctyxeijsdqw")


def fold(text: str) -> str:
    """Return `text` in lower-case Latin letters without diacritics, one space between words, nothing but words."""
    parted = unicodedata.normalize("NFKD", text[:LONGEST])
    plain = "".join(sign for sign in parted if not unicodedata.combining(sign)).lower()
    return " ".join(_latin(word) for word in re.findall(r"[^\W_]+", plain))


def match(written: str, labels: Iterable[tuple[str, str]], *, near: bool = True) -> str | None:
    """Return the key whose label was written, or is the only one near to it; None if none is, or several are.

    `labels` are pairs of label and key; a key may have several labels. A label that is written exactly beats its
    neighbours; without `near` it has to be.
    """
    folded = fold(written)
    offered = [(fold(label), key) for label, key in labels]
    winners = {key for label, key in offered if label == folded}
    if near and not winners:
        winners = {key for label, key in offered if len(label) >= SHORTEST_NEAR and _likeness(folded, label) >= NEAR}
    return winners.pop() if folded and len(winners) == 1 else None


def _likeness(written: str, label: str) -> float:
    from rapidfuzz import fuzz  # only here: most women press buttons, and it takes 3 MiB

    return fuzz.ratio(written, label)


def _latin(word: str) -> str:
    mixed = re.search("[a-zəı]", word) and re.search("[а-яәіјѕԁԛԝ]", word)
    return (word.translate(LOOKS) if mixed else word).translate(SOUNDS).translate(LATIN)
