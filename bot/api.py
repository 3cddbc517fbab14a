"""Calls of the Bot API over pyreqwest, and what may have become of a call that was not answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

import orjson
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PyreqwestError
from pyreqwest.multipart import FormBuilder, PartBuilder

TIMEOUT = 30.0  # seconds; a slow line needs 7 and more (TELEGRAM.md)
UPLOAD_TIMEOUT = 120.0
IDLE = timedelta(seconds=15)  # a line left idle is dropped by us before the server does it
# What pyreqwest says among the causes when there was no connection. The classes of its errors do not tell: one that
# was cut in the middle of an answer is a ConnectError, too. If the words ever change, a call counts as uncertain.
NO_CONNECTION = "client error (Connect)"


class NotSent(Exception):
    """The call did not leave: no network, no name, no connection."""


class Uncertain(Exception):
    """The call may have arrived: the line was cut, there was no answer in time, or it was none of the Bot API."""


class TokenRefused(Exception):
    """Telegram does not know this token. Put the one that BotFather shows into the token file, then start again."""


@dataclass(frozen=True)
class Upload:
    """A file that goes with a call, as its parameter `field`."""

    field: str
    name: str
    content: bytes


class Answer(NamedTuple):
    """What the Bot API answered (core.telegram.org/bots/api#making-requests)."""

    ok: bool
    status: int
    result: Any = None
    description: str = ""
    retry_after: float | None = None  # seconds
    migrate_to: int | None = None


class Caller(Protocol):
    """Whoever makes calls: an Api, or something wrapped around one."""

    async def call(
        self, method: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT, upload: Upload | None = None
    ) -> Answer:
        """Make the call and return its answer; raises NotSent or Uncertain."""

    async def close(self) -> None:
        """Close the connections."""


class Api:
    """A connection to the Bot API at `base_url`. Neither its repr nor its exceptions show the token."""

    def __init__(self, base_url: str, token: str, *, connect_timeout: float = 5.0) -> None:
        self._base_url, self._token = base_url.rstrip("/"), token
        self._connect_timeout = timedelta(seconds=connect_timeout)
        self._client: Client | None = None

    def __repr__(self) -> str:
        return f"Api({self._base_url!r})"

    async def call(
        self, method: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT, upload: Upload | None = None
    ) -> Answer:
        """Make the call and return its answer; raises NotSent or Uncertain."""
        body = form(parameters, upload) if upload else orjson.dumps(parameters)
        url = f"{self._base_url}/bot{self._token}/{method}"
        status, content = await self.exchange("POST", url, body, max(timeout, UPLOAD_TIMEOUT) if upload else timeout)
        return read(method, status, content)

    async def exchange(
        self, verb: str, url: str, body: bytes | FormBuilder | None, timeout: float
    ) -> tuple[int, bytes]:
        """Make an HTTP request of at most `timeout` seconds, with JSON or a form; return status and body.

        Raises NotSent or Uncertain.
        """
        try:
            request = self._open().request(verb, url).timeout(timedelta(seconds=timeout))
            if isinstance(body, bytes):
                request = request.header("Content-Type", "application/json").body_bytes(body)
            elif body:
                request = request.multipart(body)
            response = await request.build().send()
            return response.status, bytes(await response.bytes())
        except (PyreqwestError, ValueError) as error:
            failure = (NotSent if has_not_left(error) else Uncertain)(type(error).__name__)
        # Raised out here, so that it does not carry pyreqwest's error along, which shows the address with the token.
        raise failure

    async def download(self, path: str, most: int, timeout: float = UPLOAD_TIMEOUT) -> tuple[int, bytes]:
        """Return status and content of the file at a path that getFile gave; of more than `most` bytes one too many.

        Nothing above that is read from the line, whatever it says of its length. Raises NotSent or Uncertain.
        """
        url = f"{self._base_url}/file/bot{self._token}/{quote(path)}"
        content = bytearray()
        try:
            request = self._open().get(url).timeout(timedelta(seconds=timeout)).build_streamed()
            async with request as response:
                while len(content) <= most and (part := await response.body_reader.read_chunk()) is not None:
                    content += bytes(part)
                return response.status, bytes(content[: most + 1])
        except (PyreqwestError, ValueError) as error:
            failure = (NotSent if has_not_left(error) else Uncertain)(type(error).__name__)
        # As in `exchange`: without pyreqwest's error, which shows the address with the token.
        raise failure

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        if self._client:
            await self._client.close()
            self._client = None

    def _open(self) -> Client:
        if self._client is None:
            # The senders bound the number of connections. No proxy that the environment names learns the token.
            builder = ClientBuilder().follow_redirects(False).no_proxy()
            self._client = builder.connect_timeout(self._connect_timeout).pool_idle_timeout(IDLE).build()
        return self._client


def has_not_left(error: Exception) -> bool:
    """Whether a failed request certainly did not leave: it found no connection, or its address is none."""
    causes = error.details["causes"] or () if isinstance(error, DetailedPyreqwestError) else ()
    return isinstance(error, ValueError) or any(cause["message"] == NO_CONNECTION for cause in causes)


def form(parameters: Mapping[str, Any], upload: Upload) -> FormBuilder:
    """Return a form with the file; parameters that are no strings go as JSON (Bot API, 'Making requests')."""
    made = FormBuilder().percent_encode_noop()
    for name, value in parameters.items():
        made = made.text(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    return made.part(upload.field, file(upload.name, upload.content))


def file(name: str, content: bytes, kind: str = "application/octet-stream") -> PartBuilder:
    """Return a file as a part of a form."""
    return PartBuilder.from_bytes(content).file_name(name).mime(kind)


def read(method: str, status: int, content: bytes) -> Answer:
    """Return the answer that stands in an HTTP response; raises Uncertain when there is none, or from 500 on."""
    body = loads(content)
    if status == 413 and not isinstance(body, dict):  # nginx before the Bot API: an upload above 50 MB
        return Answer(False, status, description="Request Entity Too Large")
    if status >= 500 or not isinstance(body, dict) or "ok" not in body:
        raise Uncertain(f"{method}: status {status}")
    more = body.get("parameters") or {}
    return Answer(
        bool(body.get("ok")),
        status,
        body.get("result"),
        str(body.get("description", "")),
        more.get("retry_after"),
        more.get("migrate_to_chat_id"),
    )


def loads(content: bytes) -> Any:
    """Return what JSON says; None when it is none. What orjson finds too odd (half an emoji) Python's own may take."""
    for read_json in (orjson.loads, json.loads):
        try:
            return read_json(content)
        except ValueError:
            continue
    return None
