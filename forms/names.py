"""Names of women: in Azerbaijani order, found across alphabets, and alike enough to be one woman.

A name itself is kept as she wrote it; only what is compared is folded.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import permutations
from operator import getitem
from typing import NamedTuple

from forms.folding import fold, sound

ALPHABET = "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz"  # the Azerbaijani one; w, which it has not, after v
RANKS = {letter: rank for rank, letter in enumerate(ALPHABET, start=1)}
LOWER = str.maketrans("Iİ", "ıi")
LIKE = 85  # of 100: from here on two names may be one woman's
MOST_WORDS = 4  # of a name that are compared: every order of them is tried
# What h, x, q, k and г become in one another's spelling: Həsənova, Гасанова; Quliyeva, Кулиева.
THROAT = str.maketrans("h", "g")
SAME, SPELT, SLIP, INITIAL = 100, 95, 90, 75  # how alike two words are, of 100
# Letters of a word in which may be: another vowel (Könül, Кенуль), one letter too many, a wrong one.
SHORTEST_SPELT, SHORTEST_SLIP, SHORTEST_WRONG = 5, 6, 8
# Consonants as no name has them (Aygn, Gnel, Nrgiz): a vowel was left out, and a shorter word is enough to be sure.
VOWEL_LEFT_OUT, SHORTEST_LEFT_OUT = re.compile("^[^aiou]{2}|[^aiou]{3}|[^aiou][lmnr]$"), 4
MISSING = 25  # of 100, that a word in one name only takes away if the other name is a single word
# As `sound` and THROAT leave them: Əli qızı, Алиевна (where it is not the name itself); xanım, müəllimə, bacı.
FATHER = re.compile(r"(\w+) gizi\b|(?<= )(\w+)[ao]vna\b|(?<= )(\w+)icna\b")
TITLES = re.compile(r"\b(ganim|ganum|mualima?|baci)\b")
SHORTEST_FATHER = 3  # letters that have to agree

Order = tuple[tuple[int, ...], str]


class Heard(NamedTuple):
    """The words of a name as they sound, without titles, and the father's name if it is said that it is his."""

    words: list[str]
    father: str = ""


def order(name: str) -> Order:
    """Return the key by which names are sorted as an Azerbaijani reader expects: ç after c, ə after e, x after h …

    Spaces come first, other alphabets last; hyphens, apostrophes and foreign accents count for nothing.
    """
    ranks = []
    for sign in unicodedata.normalize("NFC", name).translate(LOWER).lower():
        letter = sign if sign in RANKS else unicodedata.normalize("NFKD", sign)[0]
        if letter.isalnum():
            ranks.append(RANKS.get(letter, len(RANKS) + ord(letter)))
        elif letter.isspace():
            ranks.append(0)
    return tuple(ranks), name


def found(search: str, name: str) -> bool:
    """Return True if each word of the search begins a word of the name, however either is spelt; no words find none."""
    wanted = list(zip(*_spellings(search), strict=True))
    kept = list(zip(*_spellings(name), strict=True))
    return bool(wanted) and all(any(_begins(word, other) for other in kept) for word in wanted)


def alike(one: str, other: str) -> int:
    """Return how alike two names are, 0 to 100; from `LIKE` on they are a possible double.

    The order of the words, the alphabet, diacritics and titles count for nothing, and a patronymic only where both
    names have one. A single word is never enough, unless it is all that either woman wrote.
    """
    return likeness(heard(one), heard(other))


def heard(name: str) -> Heard:
    """Return what of a name is compared: make it once where each name of a list is compared with all the others."""
    spoken = sound(name).translate(THROAT)
    words = " ".join(TITLES.sub("", spoken).split() or spoken.split())
    father = FATHER.search(words)
    rest = FATHER.sub("", words).split()
    if father is None or not rest:
        return Heard(words.split()[:MOST_WORDS])
    return Heard(rest[:MOST_WORDS], next(filter(None, father.groups())))


def likeness(one: Heard, other: Heard) -> int:
    """Return what `alike` returns, of names that were heard."""
    (few, father), (many, other_father) = sorted((one, other), key=lambda parts: len(parts.words))
    if father and other_father:
        if not _one_father(father, other_father):
            return 0
        few, many = [*few, father], [*many, father]
    if not few:
        return 0
    table = [[_words_alike(word, match) for match in many] for word in few]
    if not any(map(any, table)):
        return 0
    best = max(sum(map(getitem, table, picked)) for picked in permutations(range(len(many)), len(few)))
    lonely = MISSING * (len(many) - len(few)) // len(few) ** 2
    return max(0, round(best / len(few)) - lonely)


def _spellings(text: str) -> tuple[list[str], list[str]]:
    """Return the words folded, and the same words as they sound."""
    return fold(text).split(), sound(text).translate(THROAT).split()


def _begins(word: tuple[str, str], other: tuple[str, str]) -> bool:
    return any(whole.startswith(start) for start, whole in zip(word, other, strict=True))


def _one_father(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= SHORTEST_FATHER and long.startswith(short))


def _words_alike(one: str, other: str) -> int:
    """Return how alike two words are. Neighbouring names are names of two women: Gülnar and Gülnaz, Leyla and Lalə."""
    if one == other:
        return SAME
    if one[0] != other[0]:
        return 0
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return INITIAL
    if len(short) >= SHORTEST_SPELT and _spelt(short) == _spelt(long):
        return SPELT
    if len(short) < _shortest_slip(short, long):
        return 0
    from rapidfuzz.distance import OSA  # only here: it takes 3 MiB

    return SLIP if OSA.distance(short, long) == 1 else 0


def _shortest_slip(short: str, long: str) -> int:
    """Return how many letters a word needs for one slip in it to make no other name of it."""
    if len(short) == len(long):
        return SHORTEST_SLIP if sorted(short) == sorted(long) else SHORTEST_WRONG
    unsayable = VOWEL_LEFT_OUT.search(short) and not VOWEL_LEFT_OUT.search(long)
    return SHORTEST_LEFT_OUT if unsayable else SHORTEST_SLIP


def _spelt(word: str) -> str:
    """Return a word without what a Russian ear changes: Gülnar and Гюльнара, Könül and Кенуль."""
    return word.replace("o", "a").removesuffix("a")
