"""The chat page: the phones of the sandbox's people in a browser, for whoever holds the key in its address."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox import cast, gestures
from sandbox.phone import Phone
from sandbox.server import Sandbox
from sandbox.travel import Journey, NextEvent, Settled
from sandbox.view import Items, View

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FOLDER = Path(__file__).parent / "page"
ASSETS = frozenset(file.name for file in FOLDER.iterdir() if file.name != "index.html")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' blob: data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
KEY = re.compile(r"[A-Za-z0-9_-]{16,}")
BREATH_SECONDS = 0.1
"""The least time between two changes sent to one browser."""
BEAT_SECONDS = 1.0
"""The longest time without a change: the clock runs."""


def mount(
    app: web.Application,
    sandbox: Sandbox,
    key: str,
    next_event: NextEvent | None = None,
    settled: Settled | None = None,
) -> Page:
    """Add the page to a server not yet started, and its cast to the sandbox; raises ValueError for a weak key.

    `next_event` and `settled` ask the bot (see `sandbox.travel`); without them time travel knows of no events.
    """
    if not KEY.fullmatch(key):
        raise ValueError("the page's key must be 16 or more of A-Z a-z 0-9 _ -")
    page = Page(sandbox, key, next_event or _nothing_planned, settled or _at_rest)
    app.router.add_get("/", page.guarded(page.index))
    app.router.add_get("/page/events", page.guarded(page.events))
    app.router.add_get("/page/file/{file_id}", page.guarded(page.file))
    app.router.add_get("/page/{key}/{asset}", page.guarded(page.asset))
    app.router.add_post("/page/do/{gesture}", page.guarded(page.do))
    app.on_shutdown.append(page.close)
    return page


class Page:
    """The page of one sandbox, for as long as its server runs."""

    def __init__(self, sandbox: Sandbox, key: str, next_event: NextEvent, settled: Settled) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.view = View(self.world)
        self.journey = Journey(self.world.clock, next_event, settled, self.changed)
        self.next_event = next_event
        self._key = key.encode()
        self._watching: set[asyncio.Event] = set()
        self._closed = False
        self._unlisten = self.world.listen(lambda _: self.changed())
        for part in cast.CAST:
            self.join(part)

    def join(self, part: cast.Part) -> int:
        """Let a person in, unless she is there from before a restart; gives her Telegram user id."""
        person = self.world.people.get(part.id or 0)
        if person is None:
            phone = self.sandbox.phone(part.name, part.language_code, phone_number=part.phone_number, id=part.id)
            person = phone.person
        self.view.about[person.id] = part.about
        self.changed()
        return person.id

    def phone(self, person_id: int) -> Phone:
        """The phone of someone who is there; raises LookupError."""
        return Phone(self.world, self.world.people[person_id])

    def changed(self) -> None:
        """Every open page gets what is new."""
        for event in self._watching:
            event.set()

    async def close(self, _: web.Application | None = None) -> None:
        """End the journey and the streams, so that the server can stop."""
        self._closed = True
        self._unlisten()
        await self.journey.stop()
        self.changed()

    def guarded(self, handler: Handler) -> Handler:
        """`handler` for those who hold the key and come from this very address; 403 for all others."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if not (self._is_ours(request) and self._has_key(request)):
                return web.Response(status=403, text="403: this page needs the key in its address.", headers=HEADERS)
            return await handler(request)

        return answer

    def _is_ours(self, request: web.Request) -> bool:
        """Against DNS rebinding and foreign sites: Host and Origin are this server's loopback address."""
        if request.transport is None:
            return False
        port = request.transport.get_extra_info("sockname")[1]
        hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        host, origin = request.headers.getall("Host", []), request.headers.getall("Origin", [])
        return len(host) == 1 and host[0] in hosts and all(one == f"http://{host[0]}" for one in origin)

    def _has_key(self, request: web.Request) -> bool:
        given = request.match_info.get("key") or request.headers.get("X-Sandbox-Key") or request.query.get("key", "")
        return hmac.compare_digest(given.encode(errors="replace"), self._key)

    async def index(self, request: web.Request) -> web.Response:
        """The page itself; its assets lie under an address that carries the key."""
        html = (FOLDER / "index.html").read_text(encoding="utf-8").replace("{key}", self._key.decode())
        return web.Response(text=html, content_type="text/html", headers=HEADERS)

    async def asset(self, request: web.Request) -> web.Response:
        """One of the files that make up the page."""
        name = request.match_info["asset"]
        if name not in ASSETS:
            return web.Response(status=404, headers=HEADERS)
        file = FOLDER / name
        return web.Response(body=file.read_bytes(), content_type=TYPES[file.suffix], charset="utf-8", headers=HEADERS)

    async def file(self, request: web.Request) -> web.Response:
        """A file of a message: pictures are shown, everything else can only be saved."""
        media = self.world.files.get(request.match_info["file_id"])
        if media is None:
            return web.Response(status=404, headers=HEADERS)
        kind = next((kind for start, kind in PICTURES.items() if media.content.startswith(start)), None)
        headers = HEADERS if kind else {**HEADERS, "Content-Disposition": "attachment"}
        return web.Response(body=media.content, content_type=kind or "application/octet-stream", headers=headers)

    async def do(self, request: web.Request) -> web.Response:
        """Something a person does; a gesture that is not possible is answered with a sentence."""
        if request.content_type != "application/json":
            return web.Response(status=415, headers=HEADERS)
        try:
            answer = await gestures.make(self, request.match_info["gesture"], await request.json())
        except (gestures.Impossible, json.JSONDecodeError) as error:
            answer = {"error": str(error)}
        return web.json_response(answer, headers=HEADERS)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """A stream of items by name: first all of them, then those that changed, null for those that are gone."""
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        person = request.query.get("person", "")
        watched = asyncio.Event()
        self._watching.add(watched)
        try:
            await self._stream(response, watched, int(person) if person.isdecimal() else 0)
        except ConnectionError:
            pass  # the browser has gone
        finally:
            self._watching.discard(watched)
        return response

    async def _stream(self, response: web.StreamResponse, watched: asyncio.Event, person_id: int) -> None:
        known: Items | None = None
        while not self._closed:
            watched.clear()
            items = await self._items(person_id)
            changes = items if known is None else _changes(known, items)
            name = "snapshot" if known is None else "change"
            await response.write(f"event: {name}\ndata: {json.dumps(changes)}\n\n".encode())
            known = items
            await asyncio.sleep(BREATH_SECONDS)
            await _at_most(BEAT_SECONDS, watched)

    async def _items(self, person_id: int) -> Items:
        clock, journey = self.world.clock, self.journey
        moving = {"now": clock.now(), "rate": clock.rate(), "target": journey.target, "note": journey.note}
        return {**self.view.items(person_id), "clock": {**moving, "next": await self.next_event()}}


def _changes(known: Items, items: Items) -> dict[str, Json | None]:
    gone: dict[str, Json | None] = {name: None for name in known if name not in items}
    return gone | {name: item for name, item in items.items() if known.get(name) != item}


async def _nothing_planned() -> int | None:
    return None


async def _at_rest() -> bool:
    return True


async def _at_most(seconds: float, event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
