"""Comparing what people type with what was offered: without diacritics, in Latin, blind to case, near enough.

Women write "Lenkeran", "LƏNKƏRAN", "Ленкорань". NFKD leaves ə and ı alone, and `'İ'.lower()` is two characters, so the
letters are folded by tables of our own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz

NEAR = 90  # of 100, rapidfuzz's ratio
SHORTEST_NEAR = 5  # letters; shorter labels are too easily taken for one another
LONGEST = 200  # characters; what is longer is no label

# q and g are one: Quba is written Guba in Russian and English.
LATIN = str.maketrans("əǝäıq", "eeeig")
# Russian and the old Azerbaijani alphabet, by sound.
SOUNDS = str.maketrans(
    "абвгдезийклмнопрстуфхцыэәғҝөүһҹј",
    "abvgdeziyklmnoprstufxsieeggouhcy",
) | str.maketrans({"ё": "yo", "ж": "j", "ч": "c", "ш": "s", "щ": "s", "ю": "yu", "я": "ya", "ъ": "", "ь": ""})
# By look: a Cyrillic letter that slipped into a Latin word.
LOOKS = str.maketrans("авекмнорстухәіј", "abekmhopctyxeij")


def fold(text: str) -> str:
    """Return `text` as lower-case Latin letters and digits, with single spaces between the words."""
    composed = unicodedata.normalize("NFKC", text[:LONGEST]).replace("İ", "i").replace("I", "i").lower()
    words = " ".join(_latin(word) for word in re.findall(r"[^\W_]+", composed))
    return "".join(sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign))


def match(written: str, labels: Iterable[tuple[str, str]]) -> str | None:
    """Return the key whose label was written, or is the only one near to it; None if there is none or there are several.

    `labels` are pairs of label and key; a key may have several labels. A label that is written exactly beats its
    neighbours.
    """
    folded = fold(written)
    offered = [(fold(label), key) for label, key in labels]
    exact = {key for label, key in offered if label == folded}
    near = {key for label, key in offered if len(label) >= SHORTEST_NEAR and fuzz.ratio(folded, label) >= NEAR}
    winners = exact or near
    return winners.pop() if folded and len(winners) == 1 else None


def _latin(word: str) -> str:
    mixed = re.search("[a-zəı]", word) and re.search("[а-яәіј]", word)
    return (word.translate(LOOKS) if mixed else word).translate(SOUNDS).translate(LATIN)
