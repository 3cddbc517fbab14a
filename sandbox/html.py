"""Telegram's HTML: texts with tags become plain texts with entities, and faults are named with their byte offset.

The rules are those of TDLib's `parse_html` (MessageEntity.cpp), which is no HTML parser: it works on bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
SPACE = b" \t\r\n\0\x0b"
_CHARACTER = re.compile(rb"&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,8})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_PLAIN = re.compile(rb"[^<&]*")
_TOKEN = re.compile(rb"[A-Za-z0-9.-]*")
_TIME_FORMAT = re.compile(r"(?:r|w?[dD]?[tT]?)")
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?(?://)?[^\s/?#.]+(?:\.[^\s/?#.]+)+(?:[/?#]\S*)?|tg://\S+|mailto:\S+|tel:\S+", re.I
)


class Malformed(Exception):
    """The text does not follow the rules; the message is the server's own."""


@dataclass
class _Open:
    """A tag that waits for its end."""

    name: str
    attributes: dict[str, str]
    offset: int
    start: int


class _Reader:
    """One pass over the bytes of a text. The buffer ends with a zero byte, as TDLib's does."""

    def __init__(self, text: str) -> None:
        self.bytes = text.encode("utf-8", "surrogatepass") + b"\0"
        self.size = len(self.bytes) - 1
        self.at = 0
        self.plain: list[str] = []
        self.length = 0
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.at < self.size:
            if self.bytes[self.at] == 0x3C:
                self._tag()
            else:
                self._text()
        if self.open:
            raise Malformed(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.plain), self.entities

    def _text(self) -> None:
        """Take over everything up to the next tag or character reference."""
        if letter := self._character():
            self._add(letter)
            return
        rest = _PLAIN.match(self.bytes, self.at + 1, self.size)
        end = rest.end() if rest else self.size
        self._add(self.bytes[self.at : end].decode("utf-8", "surrogatepass"))
        self.at = end

    def _add(self, part: str) -> None:
        self.plain.append(part)
        self.offset += len(part.encode("utf-16-le", "surrogatepass")) // 2

    def _character(self) -> str:
        """The character that a reference at this place stands for, passed over; '' where there is none."""
        if self.bytes[self.at] != 0x26 or (match := _CHARACTER.match(self.bytes, self.at)) is None:
            return ""
        hexadecimal, decimal, name = match.groups()
        if name:
            letter = _NAMED[name]
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                return ""
            letter = chr(code)
        self.at = match.end()
        return letter

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self.bytes[self.at] == 0x2F:
            self._end(begin)
        else:
            self._start(begin)
        self.at += 1

    def _word(self, stops: bytes) -> str:
        """The lower-cased bytes up to one of `stops` or to space."""
        first = self.at
        while self.bytes[self.at] not in SPACE and self.bytes[self.at] not in stops:
            self.at += 1
        return self.bytes[first : self.at].decode("utf-8", "replace").lower()

    def _skip_space(self) -> None:
        while self.at < self.size and self.bytes[self.at] in SPACE:
            self.at += 1

    def _start(self, begin: int) -> None:
        name = self._word(b">")
        if self.at >= self.size:
            raise Malformed(f"Unclosed start tag at byte offset {begin}")
        if name not in KINDS:
            raise Malformed(f'Unsupported start tag "{name}" at byte offset {begin}')
        attributes: dict[str, str] = {}
        while self.bytes[self.at] != 0x3E:
            self._skip_space()
            if self.bytes[self.at] != 0x3E:
                key, value = self._attribute(name, begin)
                attributes[key] = value
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise Malformed(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(_Open(name, attributes, self.offset, len(self.plain)))

    def _attribute(self, name: str, begin: int) -> tuple[str, str]:
        key = self._word(b"=>/\"'")
        if not key:
            raise Malformed(f'Empty attribute name in the tag "{name}" at byte offset {begin}')
        self._skip_space()
        if self.at >= self.size:
            raise Malformed(f'Unclosed start tag "{name}" at byte offset {begin}')
        if self.bytes[self.at] != 0x3D:
            return key, ""
        self.at += 1
        self._skip_space()
        if self.at >= self.size:
            raise Malformed(f'Unclosed start tag "{name}" at byte offset {begin}')
        value = self._quoted() if self.bytes[self.at] in b"\"'" else self._token()
        if self.at >= self.size:
            raise Malformed(f"Unclosed start tag at byte offset {begin}")
        return key, value

    def _token(self) -> str:
        match = _TOKEN.match(self.bytes, self.at)
        first, self.at = self.at, match.end() if match else self.at
        if self.bytes[self.at] not in SPACE and self.bytes[self.at] != 0x3E:
            raise Malformed(f"Unexpected end of name token at byte offset {first}")
        return self.bytes[first : self.at].decode().lower()

    def _quoted(self) -> str:
        quote = self.bytes[self.at]
        self.at += 1
        parts = bytearray()
        while self.at < self.size and self.bytes[self.at] != quote:
            if letter := self._character():
                parts += letter.encode()
            else:
                parts.append(self.bytes[self.at])
                self.at += 1
        if self.at < self.size:
            self.at += 1
        return parts.decode("utf-8", "replace")

    def _end(self, begin: int) -> None:
        if not self.open:
            raise Malformed(f"Unexpected end tag at byte offset {begin}")
        self.at += 1
        found = self._word(b">")
        self._skip_space()
        if self.bytes[self.at] != 0x3E:
            raise Malformed(f"Unclosed end tag at byte offset {begin}")
        tag = self.open[-1]
        if found and found != tag.name:
            raise Malformed(f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", found "</{found}>"')
        self.open.pop()
        if self.offset > tag.offset:
            self._entity(tag)

    def _entity(self, tag: _Open) -> None:
        entity: Json = {"offset": tag.offset, "length": self.offset - tag.offset, "type": KINDS[tag.name]}
        if tag.name in ("pre", "code") and self._merged(tag, entity):
            return
        if tag.name == "a":
            inside = "".join(self.plain[tag.start :])
            link = tag.attributes.get("href") or inside
            if not _LINK.fullmatch(link.strip()):
                return
            entity["url"] = _with_scheme(link.strip())
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "tg-emoji":
            entity["custom_emoji_id"] = _number(tag.attributes.get("emoji-id", ""), "custom emoji identifier")
        elif tag.name == "tg-time":
            entity.update(_time(tag.attributes))
        self.entities.append(entity)

    def _merged(self, tag: _Open, entity: Json) -> bool:
        """`<pre><code class="language-x">` is one entity with a language, whichever stands outside."""
        language = tag.attributes.get("class", "")
        language = language.removeprefix("language-") if language.startswith("language-") else ""
        last = self.entities[-1] if self.entities else {}
        if all(last.get(key) == entity[key] for key in ("offset", "length")):
            if tag.name == "pre" and last["type"] == "code":
                last["type"] = "pre"
                return True
            if tag.name == "code" and last["type"] == "pre" and language:
                last["language"] = language
                return True
        if tag.name == "code" and language and any(outer.name == "pre" for outer in self.open):
            entity["language"] = language
        return False


def parse(text: str) -> tuple[str, list[Json]]:
    """The plain text of `text` and its entities; raises Malformed, whose message names the place in bytes."""
    return _Reader(text).read()


def _with_scheme(link: str) -> str:
    return link if re.match(r"[a-z][a-z0-9+.-]*:", link, re.I) else f"http://{link}"


def _number(value: str, what: str) -> str:
    if not value.isdecimal() or int(value) == 0:
        raise Malformed(f"Invalid {what} specified")
    return value


def _time(attributes: dict[str, str]) -> Json:
    """A `date_time` entity's own fields (Bot API, Date-time entity formatting: `r|w?[dD]?[tT]?`)."""
    written = attributes.get("format", "")
    if not _TIME_FORMAT.fullmatch(written):
        raise Malformed("Invalid date-time format specified")
    return {"unix_time": int(_number(attributes.get("unix", ""), "Unix time")), "date_time_format": written}
