"""Comparing what people type with what was offered: without diacritics, in Latin, blind to case, near enough.

Women write "Lenkeran", "LƏNKƏRAN", "Ленкорань". NFKD leaves ə and ı alone, and `'İ'.lower()` is two characters, so the
letters are folded by tables of our own.
"""

from __future__ import annotations

import re
import unicodedata

NEAR = 90  # of 100, rapidfuzz's ratio
SHORTEST_NEAR = 5  # letters; shorter labels are too easily taken for one another
LONGEST = 200  # characters; what is longer is no label

# One spelling for what the languages of the region spell differently; in this order.
SOUNDS_ALIKE = [
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"(.)\1{2,}", r"\1"),  # Qubaaaa
        ("dzh|dj|zh|j|ch", "c"),  # Севиндж, Sevinj
        ("sh|w", "s"),  # Sheki; w is ş on many phones
        ("kh|x", "h"),
        ("gh|k", "g"),
        (r"\bye", "e"),  # Yeganə, Егана
        ("(?<=[bcdfghlmnprstvz])y(?=[auo])", ""),  # Айгюн, Лянкяран
        ("(?<=[aeiou])y+(?=[aeiou])", ""),  # Əliyeva, Алиева
        ("y", "i"),
        ("e", "a"),  # ə, too, is written as either
        ("([bcdfghilmnprstvz])\\1", r"\1"),  # Məmmədova, Мамедова
    )
]
# Endings of Azerbaijani as `sound` leaves them: of what comes from it or belongs to it, of the case, of who it is.
# As people speak, too: Qubadannan, Qubadandı, Qubalıdı; but no bare -dı, with which a slip would make Qubadlı ours.
ENDING = re.compile(
    "(l[iu](g|d[iu])?)?(lar)?(dagi|da|dan(an|di)?|tan|n?[ia]n|n?i|[ia]?a)?(i?am|i?[iu][gh]|d[iu]r|siz)?"
)
SHORTEST_STEM, SHORTEST_ENDING = 4, 2  # letters

# q and g are one: Quba is written Guba in Russian and English.
LATIN = str.maketrans("əǝıq", "eeig")
SCHWAS = str.maketrans("äÄ", "əƏ")  # the ə of 1991, and of keyboards without one
# Russian and the old Azerbaijani alphabet, by sound.
SOUNDS = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфхцыэәғҝөүһҹјжчшщ", "abvgdeziklmnoprstufxsieeggouhcyjcss", strict=True))
    | {"ю": "yu", "я": "ya", "ъ": "", "ь": "", "і": "i", "ѕ": "s", "ԁ": "d", "ԛ": "q", "ԝ": "w"}
)
# By look: a Cyrillic letter that slipped into a Latin word, and a Latin one in a Cyrillic word.
LOOKS = str.maketrans("авекмнорстухәіјѕԁԛԝ", "abekmhopctyxeijsdqw")
LOOKS_CYRILLIC = str.maketrans("aekmopctyxəijsh", "аекморстухәијѕһ")


def fold(text: str) -> str:
    """Return `text` in lower-case Latin letters without diacritics, one space between words, nothing but words."""
    joined = unicodedata.normalize("NFC", text[:LONGEST]).translate(SCHWAS)
    parted = unicodedata.normalize("NFKD", joined)
    plain = "".join(sign for sign in parted if not unicodedata.combining(sign)).lower()
    words = (_latin(word) for word in re.findall(r"[^\W_]+", plain))
    return " ".join(word for word in words if word)[:LONGEST].rstrip()


def sound(text: str) -> str:
    """Return `fold(text)` so that words which are only spelt differently in az, ru, en and in chats become one."""
    spoken = fold(text)
    for pattern, letter in SOUNDS_ALIKE:
        spoken = pattern.sub(letter, spoken)
    return spoken


def stems(word: str) -> list[str]:
    """Return a word of `sound`, and what stands before each Azerbaijani ending that it may have; longest first."""
    cuts = range(len(word) - SHORTEST_ENDING, SHORTEST_STEM - 1, -1)
    return [word, *(word[:cut] for cut in cuts if ENDING.fullmatch(word, cut))]


def likeness(written: str, label: str) -> float:
    """Return how alike two folded texts are, 0 to 100."""
    from rapidfuzz import fuzz  # only here: most women press buttons, and it takes 3 MiB

    return fuzz.ratio(written, label)


def _latin(word: str) -> str:
    cyrillic = len(re.findall("[а-яәіјѕԁԛԝ]", word))
    if latin := len(re.findall("[a-zəı]", word)) if cyrillic else 0:
        word = word.translate(LOOKS if latin >= cyrillic else LOOKS_CYRILLIC)
    return word.translate(SOUNDS).translate(LATIN)
