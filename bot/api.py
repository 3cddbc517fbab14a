"""Calls of the Bot API over aiohttp, and what may have become of a call that was not answered."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

TIMEOUT = 30.0  # seconds; a slow line needs 7 and more (TELEGRAM.md)
UPLOAD_TIMEOUT = 120.0


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


@dataclass(frozen=True)
class Answer:
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

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        connect_timeout: float = 5.0,
        session: Callable[..., aiohttp.ClientSession] = aiohttp.ClientSession,
    ) -> None:
        self._base_url, self._token = base_url.rstrip("/"), token
        self._connect_timeout = connect_timeout
        self._new_session = session
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"Api({self._base_url!r})"

    async def call(
        self, method: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT, upload: Upload | None = None
    ) -> Answer:
        """Make the call and return its answer; raises NotSent or Uncertain."""
        body = multipart(parameters, upload) if upload else aiohttp.JsonPayload(dict(parameters), dumps=dumps)
        url = f"{self._base_url}/bot{self._token}/{method}"
        status, content = await self.exchange("POST", url, body, max(timeout, UPLOAD_TIMEOUT) if upload else timeout)
        return read(method, status, content)

    async def exchange(self, verb: str, url: str, body: Any, timeout: float) -> tuple[int, bytes]:
        """Make an HTTP request of at most `timeout` seconds; return status and body. Raises NotSent or Uncertain."""
        limits = aiohttp.ClientTimeout(total=timeout, connect=self._connect_timeout)
        try:
            async with self._open().request(verb, url, data=body, timeout=limits, allow_redirects=False) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            failure: Exception = NotSent(type(error).__name__)
        except (aiohttp.ClientError, OSError) as error:
            failure = Uncertain(type(error).__name__)
        # Raised out here, so that it does not carry aiohttp's error along, which may show the address with the token.
        raise failure

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        if self._session:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # The senders bound the number of connections; a line left idle is dropped by us before the server does it.
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=15)
            self._session = self._new_session(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def dumps(value: Any) -> str:
    """Write JSON as it stands on the line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def multipart(parameters: Mapping[str, Any], upload: Upload) -> aiohttp.FormData:
    """Return a form with the file; parameters that are no strings go as JSON (Bot API, 'Making requests')."""
    form = aiohttp.FormData(quote_fields=False)
    for name, value in parameters.items():
        form.add_field(name, value if isinstance(value, str) else dumps(value))
    form.add_field(upload.field, upload.content, filename=upload.name, content_type="application/octet-stream")
    return form


def read(method: str, status: int, content: bytes) -> Answer:
    """Return the answer that stands in an HTTP response; raises Uncertain when there is none, or from 500 on."""
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if status == 413 and not isinstance(body, dict):  # nginx before the Bot API: an upload above 50 MB
        return Answer(False, status, description="Request Entity Too Large")
    if status >= 500 or not isinstance(body, dict):
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
