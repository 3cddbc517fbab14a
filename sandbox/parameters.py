"""A call as it comes in: query, form, multipart or JSON body, all read into one mapping of texts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from sandbox.refusals import Refused, bad

Json = dict[str, Any]
LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_BODY = LARGEST_UPLOAD + 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file of a multipart body."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """A method (as written) and what it was given; every value a text, as the server sees it."""

    method: str
    values: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The value as it is."""
        return self.values.get(name, default)

    def integer(self, name: str, default: int = 0, low: int = -(2**63), high: int = 2**63) -> int:
        """The value as a whole number, moved into low … high; `default` where it is missing or none."""
        try:
            return max(low, min(high, int(self.values.get(name, ""))))
        except ValueError:
            return default

    def decimal(self, name: str) -> float:
        """The value as a decimal number; 0 where it is missing or none."""
        try:
            return float(self.values.get(name, ""))
        except ValueError:
            return 0.0

    def flag(self, name: str) -> bool:
        """Whether the value says yes: true, yes or 1."""
        return self.values.get(name, "").lower() in ("true", "yes", "1")

    def json(self, name: str, what: str) -> Any:
        """The value as JSON, None if it is missing or empty; `what` is how a refusal calls it."""
        value = self.values.get(name, "")
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {what} JSON object") from None

    def chat(self) -> int | None:
        """The chat it is about, for the log."""
        return self.integer("chat_id") or None


async def read(request: web.Request, method: str) -> Call:
    """The call that an HTTP request carries; raises Refused for a body that cannot be read."""
    values = dict(request.query)
    if not request.can_read_body:
        return Call(method, values)
    if (request.content_length or 0) > LARGEST_BODY:
        raise Refused(413, "Request Entity Too Large")
    kind = request.content_type
    if kind == "multipart/form-data":
        uploads = await _parts(request, values)
        return Call(method, values, uploads)
    body = await request.read()
    if kind == "application/json":
        values.update(_from_json(body))
    elif kind == "application/x-www-form-urlencoded":
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Call(method, values)


async def _parts(request: web.Request, values: dict[str, str]) -> dict[str, Upload]:
    """Read a multipart body: texts into `values`, files into what is returned."""
    uploads: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            values[part.name] = content.decode("utf-8", "replace")
        elif len(content) > LARGEST_UPLOAD:
            raise Refused(413, "Request Entity Too Large")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            uploads[part.name] = Upload(part.filename, mime, content)
    return uploads


def _from_json(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        raise bad("can't parse request: it is not a valid JSON object") from None
    if not isinstance(given, dict):
        raise bad("can't parse request: JSON object expected")
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in given.items()
        if value is not None
    }
