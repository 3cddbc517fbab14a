"""What a call wants to say: its text or caption with entities, and its file."""

from __future__ import annotations

import struct
from typing import Any

from sandbox import html, texts
from sandbox.parameters import Call, Upload
from sandbox.refusals import bad
from sandbox.world import Media, World

Json = dict[str, Any]
LONGEST_RAW = 1 << 15
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_DOWNLOAD = 20 * 1024 * 1024
_OWN_FIELDS = ("url", "user", "language", "custom_emoji_id", "unix_time", "date_time_format")
_FOUND_BY_ITSELF = ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number")


def text(call: Call) -> tuple[str, list[Json]]:
    """The `text` of a call as it will be shown, 1 … 4096 characters; raises Refused."""
    if not call.text("text"):
        raise bad("message text is empty")
    shown, entities = _formatted(call, "text", "entities")
    if texts.blank(shown):
        raise bad("text must be non-empty")
    if len(shown) > LONGEST_TEXT:
        raise bad("message is too long")
    return shown, entities


def caption(call: Call) -> tuple[str, list[Json]]:
    """The `caption` of a call as it will be shown, at most 1024 characters; raises Refused."""
    shown, entities = _formatted(call, "caption", "caption_entities")
    if len(shown) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return shown, entities


def _formatted(call: Call, name: str, entities_name: str) -> tuple[str, list[Json]]:
    raw = call.text(name)
    if len(raw.encode("utf-8", "replace")) > LONGEST_RAW:
        raise bad("text is too long")
    mode = call.text("parse_mode").lower()
    if mode in ("", "none"):
        plain, entities = raw, _given(call, entities_name, raw)
    elif mode == "html":
        plain, entities = _parsed(raw)
    else:
        raise bad("unsupported parse_mode")  # Markdown is real, but not here: this project writes HTML
    plain, entities = texts.trimmed(*texts.cleaned_with(plain, entities))
    return plain, texts.found(plain, entities)


def _parsed(raw: str) -> tuple[str, list[Json]]:
    try:
        return html.parse(raw)
    except html.Malformed as fault:
        raise bad(f"can't parse entities: {fault}") from None


def _given(call: Call, name: str, raw: str) -> list[Json]:
    """Entities given as such; those outside the text and those that Telegram finds by itself are left out."""
    given = call.json(name, "entities")
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(entity, dict) and "type" in entity for entity in given):
        raise bad("can't parse entities: expected an Array of MessageEntity")
    length = texts.units(raw)
    return [
        {key: entity[key] for key in ("offset", "length", "type", *_OWN_FIELDS) if entity.get(key) is not None}
        for entity in given
        if entity["type"] not in _FOUND_BY_ITSELF
        and 0 <= entity["offset"] < entity["offset"] + entity["length"] <= length
    ]


def media(world: World, call: Call, kind: str) -> Media:
    """The file of a call: uploaded in the field itself or as attach://NAME, or one it has already; raises Refused."""
    upload = call.uploads.get(kind)
    value = call.text(kind)
    if value.startswith("attach://"):
        upload = call.uploads.get(value.removeprefix("attach://"))
    if upload is not None:
        return _uploaded(world, kind, upload)
    if not value:
        raise bad(f"there is no {kind} in the request")
    held = world.files.get(value)
    if held is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if held.kind != kind:
        raise bad(f"can't use file of type {held.kind.capitalize()} as {kind.capitalize()}")
    return held


def _uploaded(world: World, kind: str, upload: Upload) -> Media:
    if not upload.content:
        raise bad("file must be non-empty")
    extra: Json = {}
    if kind == "photo":
        extra = _picture(upload.content)
    if kind == "voice":
        extra = {"duration": 0}
    return world.keep(Media(kind, *world.new_file_id(), upload.content, upload.name, upload.mime, extra))


def _picture(content: bytes) -> Json:
    """Width and height of a PNG or JPEG; raises Refused for what Telegram would not take as a photo."""
    if len(content) > LARGEST_PHOTO:
        raise bad(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes"
        )
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return {"width": width, "height": height}
    if content.startswith(b"\xff\xd8\xff"):
        return {"width": 800, "height": 600}
    raise bad("IMAGE_PROCESS_FAILED")
