"""What Telegram does to texts: cleaning, trimming, finding links and commands. Offsets are UTF-16 units.

Rules of TDLib: `clean_input_string` and `is_empty_string` (misc.cpp), `fix_formatted_text` (MessageEntity.cpp).
"""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

_SPACED = {code: " " for code in range(33) if code not in (10, 13)}
_REMOVED = dict.fromkeys([13, *range(0x2028, 0x202F), 0x333, 0x33F, 0x30A])
_GONE = frozenset(map(chr, _REMOVED))
_CLEANED: dict[int, str | None] = {**_SPACED, **_REMOVED}
_BLANK = re.compile(
    "[\\s\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\u00a0\U000e0000-\U000e007f]*"
)
_URL = r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)»])"
_EMAIL = r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
_OTHERS = (
    r"|(?P<bot_command>(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31}(?!\w))"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d_]\w*)"
)
_FOUND = re.compile(_URL + _EMAIL + _OTHERS)
_FOUND_WITHOUT_AT = re.compile(_URL + _OTHERS)  # an address is looked for in every run of letters: that takes long


def units(text: str) -> int:
    """How many UTF-16 code units `text` is long."""
    return len(text) + sum(1 for letter in text if letter > "\uffff")


def cleaned(text: str) -> str:
    """Control characters as spaces; carriage returns, line separators, bidi overrides and vertical lines gone."""
    return text.translate(_CLEANED)


def cleaned_with(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """`cleaned`, with the entities moved to where their text now stands."""
    clean = cleaned(text)
    if len(clean) == len(text) or not entities:
        return clean, entities
    places = [0]
    for letter in text:
        kept = 0 if letter in _GONE else 1
        places.extend([places[-1] + kept] * (2 if letter > "\uffff" else 1))
        if letter > "\uffff":
            places[-1] += 1
    moved = []
    for entity in entities:
        first, last = places[entity["offset"]], places[entity["offset"] + entity["length"]]
        if last > first:
            moved.append({**entity, "offset": first, "length": last - first})
    return clean, moved


def blank(text: str) -> bool:
    """Whether nothing of it can be seen."""
    return _BLANK.fullmatch(text) is not None


def cut(text: str, offset: int, length: int) -> str:
    """The part of `text` that an entity covers."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without space at the ends (at the start only up to the first entity); the entities move and shrink with it."""
    text = text.rstrip(" \n")
    first = min((entity["offset"] for entity in entities), default=len(text))
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    end = units(text)
    kept = []
    for entity in entities:
        length = min(entity["length"], end - entity["offset"])
        if length > 0:
            kept.append({**entity, "offset": entity["offset"] - lead, "length": length})
    return text[lead:], kept


def found(text: str, entities: list[Json]) -> list[Json]:
    """`entities`, and what Telegram finds by itself beside them: links, addresses, commands, mentions, tags."""
    own = []
    for match in (_FOUND if "@" in text else _FOUND_WITHOUT_AT).finditer(text):
        offset, length = units(text[: match.start()]), units(match.group())
        if not any(
            e["offset"] < offset + length and offset < e["offset"] + e["length"] and _closed(e) for e in entities
        ):
            own.append({"offset": offset, "length": length, "type": match.lastgroup})
    return sorted([*entities, *own], key=lambda entity: (entity["offset"], -entity["length"]))


def _closed(entity: Json) -> bool:
    return entity["type"] in ("code", "pre", "text_link", "text_mention", "date_time", "custom_emoji")
