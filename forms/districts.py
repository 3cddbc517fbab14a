"""Which district of Azerbaijan was written. All of them are known, so that Qubadlı and Qusar do not become Quba."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from forms.folding import ENDING, sound, stems

DATA = Path(__file__).parent / "districts.toml"
SHORTEST_SURE, LETTERS_A_SLIP = 5, 4  # a name of so many letters may have a slip, and one more for each so many
SHORTEST_CUT = 3  # letters with which a name may break off and still be asked for
LONGEST_WORD = 24  # letters of a name with its endings
SHORTEST_GLUED = 4  # letters of a word that is understood though no space parts it from the name: Qubarayonu
MOST_WORDS = 3  # unknown words among which slips are looked for: more are a tale
SCHWA = re.compile(r"(?<=[^\W\d_])@(?=[^\W\d_])")  # L@nk@ran, as people learnt it on phones without ə
# Russian endings as `sound` leaves them: of cases, and of adjectives (Губинский район), of a woman (Губинка).
RUSSIAN_ENDING = re.compile("i|u|oi|oiu|a|ah|am|ami|om|(in)?sg(i|om|ogo|oi|aia|aa)|inga")

Offer = tuple[tuple[str, str], ...]  # pairs of label and key


class Finding(NamedTuple):
    """The keys of what was named, likeliest first: it is sure, or has to be asked. No keys: nothing that is offered."""

    keys: tuple[str, ...] = ()
    sure: bool = False


class _Known(NamedTuple):
    spots: dict[str, int]  # every name, as it sounds, and the number of what it names
    roots: dict[str, int]  # names without the vowel at their end, which Russian changes
    keys: dict[int, tuple[str, ...]]  # what is offered there; nothing for a neighbour


def among(offered: Offer) -> bool:
    """Return True if a label is the name of a district: then all the others are known neighbours."""
    return any(_bare(label) in _names() for label, _ in offered)


def find(written: str, offered: Offer) -> Finding:
    """Return which of what is offered was named: alone or in a sentence, with endings or slips."""
    known = _known(offered)
    words = sound(SCHWA.sub("ə", written)).split()
    named = {word: spot for word in words if (spot := _exact(word, known)) is not None}
    unknown = [word for word in words if word not in named and not _says("around", word)]
    if not named:
        return _without_a_name(words, unknown, known)
    spots = list(dict.fromkeys(named.values()))
    keys = tuple(dict.fromkeys(key for spot in spots for key in known.keys[spot]))
    address = any(_says("within", word) for word in words)
    contrary = any(_says("against", word) for word in words)
    alone = len(spots) == 1 and len(keys) == 1
    return Finding(keys, sure=alone and not contrary and (address or not unknown))


def _without_a_name(words: Sequence[str], unknown: Sequence[str], known: _Known) -> Finding:
    """Return what may be meant where no word is a name: it was parted (Len keran), it has slips, or breaks off."""
    for parts in (unknown, words):
        if (spot := _exact("".join(parts), known)) is not None:
            keys = known.keys[spot]
            return Finding(keys, sure=len(keys) == 1)
    if len(unknown) > MOST_WORDS:
        return Finding()
    findings = [_near(word, known) for word in unknown]
    keys = tuple(dict.fromkeys(key for finding in findings for key in finding.keys))
    return Finding(keys, sure=len(findings) == len(keys) == 1 and findings[0].sure)


def _exact(word: str, known: _Known) -> int | None:
    """Return what the word names, with or without an ending. Ours wins: Qubanın is no form of Kuban."""
    if word in known.spots:
        return known.spots[word]
    found = []
    for cut in range(len(word), SHORTEST_CUT - 1, -1):
        head = word[:cut]
        if head in known.spots and (ENDING.fullmatch(word, cut) or _glued(word[cut:])):
            found.append(known.spots[head])
        if head in known.roots and RUSSIAN_ENDING.fullmatch(word, cut):
            found.append(known.roots[head])
    return next((spot for spot in found if known.keys[spot]), found[0] if found else None)


def _glued(rest: str) -> bool:
    return len(rest) >= SHORTEST_GLUED and _says("around", rest)


def _near(word: str, known: _Known) -> Finding:
    """Return what a word with slips may name, or one that breaks off; a neighbour that is nearer stands for itself."""
    if not SHORTEST_CUT <= len(word) <= LONGEST_WORD:
        return Finding()
    slips: dict[int, tuple[int, bool]] = {}  # how many, and whether they may be more than slips
    for name, spot in known.spots.items():
        count = min(_slips(stem, name) for stem in stems(word))
        if count <= (len(name) + 1) // (LETTERS_A_SLIP - 1):
            doubtful = len(name) < SHORTEST_SURE or count > len(name) // LETTERS_A_SLIP
            slips[spot] = min(slips.get(spot, (count, doubtful)), (count, doubtful))
    fewest, doubtful = min(slips.values(), default=(0, True))
    nearest = [spot for spot, (count, _) in slips.items() if count == fewest]
    if doubtful or len(nearest) > 1:
        begun = sorted((name for name in known.spots if name.startswith(word)), key=len)
        likely = (*(known.spots[name] for name in begun), *nearest)
        return Finding(tuple(dict.fromkeys(key for spot in likely for key in known.keys[spot])))
    keys = known.keys[nearest[0]]
    return Finding(keys, sure=len(keys) == 1)


def _slips(word: str, name: str) -> int:
    """Return how many letters are wrong, missing, too many, or stand in the wrong order."""
    from rapidfuzz.distance import OSA  # only here: most women press buttons, and it takes 3 MiB

    return OSA.distance(word, name)


@lru_cache(maxsize=4)  # a bot has one list of regions
def _known(offered: Offer) -> _Known:
    spots = dict(_names())
    keys: dict[int, tuple[str, ...]] = dict.fromkeys(spots.values(), ())
    for label, key in offered:
        spot = spots.setdefault(_bare(label), len(keys))
        keys[spot] = tuple(dict.fromkeys((*keys.get(spot, ()), key)))
    roots = {name[:-1]: spot for name, spot in spots.items() if name[-1:] in ("a", "i")}
    return _Known(spots, roots | {name: spot for name, spot in spots.items() if name[-1:] not in "aeiou"}, keys)


def _bare(label: str) -> str:
    """Return how a label sounds without 'district', 'city' and their like."""
    words = sound(label).split()
    return "".join(word for word in words if not _says("around", word)) or "".join(words)


@lru_cache(maxsize=1)
def _names() -> dict[str, int]:
    """Return every name of every district, as it sounds, with the number of the district."""
    data = _data()
    found: dict[str, int] = {}
    for number, entry in enumerate([*data["district"].values(), *data["elsewhere"].values()]):
        for name in (entry["az"], entry["ru"], entry["en"], *entry.get("also", ())):
            found.setdefault(sound(name).replace(" ", ""), number)
    return found


def _says(what: str, word: str) -> bool:
    """Return True if the word, as it sounds, is one of the `[words]` of that name."""
    return bool(_patterns()[what].fullmatch(word))


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {what: re.compile("|".join(_pattern(words))) for what, words in _data()["words"].items()}


def _pattern(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield sound(word) + (r"\w*" if word.endswith("*") else "")
    if "mən" in words:
        yield f"(?=.){ENDING.pattern}"  # what was parted from its name: Quba-dan


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))
