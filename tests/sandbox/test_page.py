"""The chat page over HTTP: who gets in, what it is made of, and what it tells of the world."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.cast import CAST, WOMEN
from sandbox.clock import VirtualClock
from sandbox.page import FOLDER
from sandbox.server import Sandbox
from sandbox.world import Media

Json = dict[str, Any]
KEY = "key-of-the-tests_0123456789"
MORNING = 1_772_517_600_000  # 3 March 2026, 10:00 in Baku
ADDRESSES = ["/", "/page/events", "/page/file/x", "/page/do/read"]
WOMAN = WOMEN[0].id


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(VirtualClock(MORNING))
    await sandbox.start(page_key=KEY)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.api_url) as session:
        yield session


async def ask(http: aiohttp.ClientSession, address: str, **headers: str) -> int:
    method = "POST" if "/do/" in address else "GET"
    async with http.request(method, address, headers=headers, json={} if method == "POST" else None) as response:
        return response.status


async def do(http: aiohttp.ClientSession, gesture: str, **body: Any) -> Json:
    headers = {"X-Sandbox-Key": KEY}
    async with http.post(f"/page/do/{gesture}", json={"person": WOMAN, **body}, headers=headers) as response:
        answer: Json = await response.json()
        return answer


async def next_event(response: aiohttp.ClientResponse) -> tuple[str, Json]:
    async with asyncio.timeout(5):
        block = (await response.content.readuntil(b"\n\n")).decode()
    name, data = block.strip().split("\n", 1)
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


@pytest.mark.parametrize("address", [*ADDRESSES, "/page/0123456789abcdefgh/main.js"])
@pytest.mark.parametrize("key", ["", "wrong", KEY[:-1], KEY + "0", "açar"])
async def test_nothing_is_given_without_the_key(http: aiohttp.ClientSession, address: str, key: str) -> None:
    assert await ask(http, address) == 403
    assert await ask(http, f"{address}?key={key}") == 403


async def test_the_key_opens_the_page_in_the_address_and_in_the_header(http: aiohttp.ClientSession) -> None:
    assert await ask(http, f"/?key={KEY}") == 200
    assert await ask(http, "/", **{"X-Sandbox-Key": KEY}) == 200
    assert await ask(http, f"/page/{KEY}/main.js") == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}"]
)
async def test_another_host_is_refused(sandbox: Sandbox, http: aiohttp.ClientSession, host: str) -> None:
    """A name that an attacker points at 127.0.0.1 opens nothing (DNS rebinding)."""
    for address in ADDRESSES:
        assert await ask(http, f"{address}?key={KEY}", Host=host.format(port=sandbox.port)) == 403


async def test_localhost_is_the_same_machine(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    assert await ask(http, f"/?key={KEY}", Host=f"localhost:{sandbox.port}") == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "http://localhost:{port}"])
async def test_a_foreign_origin_is_refused(sandbox: Sandbox, http: aiohttp.ClientSession, origin: str) -> None:
    for address in ADDRESSES:
        assert await ask(http, f"{address}?key={KEY}", Origin=origin.format(port=sandbox.port)) == 403


async def test_its_own_origin_is_welcome(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    assert await ask(http, f"/?key={KEY}", Origin=sandbox.api_url) == 200


async def test_without_a_key_there_is_no_page() -> None:
    sandbox = Sandbox(VirtualClock(MORNING))
    await sandbox.start()
    async with aiohttp.ClientSession(sandbox.api_url) as http:
        assert [await ask(http, address) for address in ADDRESSES] == [404] * len(ADDRESSES)
    await sandbox.stop()
    assert sandbox.world.people == {}


@pytest.mark.parametrize("key", ["", "short", "with spaces and more", "quote'\"<>0123456789"])
async def test_a_weak_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="16 or more"):
        await Sandbox(VirtualClock(MORNING)).start(page_key=key)


async def test_every_answer_carries_the_rules_for_the_browser(http: aiohttp.ClientSession) -> None:
    for address in (
        f"/?key={KEY}",
        "/",
        f"/page/{KEY}/style.css",
        f"/page/file/none?key={KEY}",
        f"/page/events?key={KEY}",
    ):
        async with http.get(address) as response:
            assert response.headers["Content-Security-Policy"].startswith(
                "default-src 'none'; style-src 'self'; script-src 'self';"
            )
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_is_made_of_its_own_files_only() -> None:
    """No inline script or style, nothing from elsewhere, and no way from a text to HTML."""
    html = (FOLDER / "index.html").read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)
    for file in FOLDER.iterdir():
        text = file.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|DOMParser", text), (
            file.name
        )
        assert not re.search(r"(src|href|url\(|from|import)\s*[=(]?\s*['\"]https?:", text), file.name


@pytest.mark.parametrize("asset", ["index.html", "nothing.js", "..%2Fpage.py", "%2e%2e%2fworld.py"])
async def test_only_the_files_of_the_page_are_given(http: aiohttp.ClientSession, asset: str) -> None:
    async with http.get(f"/page/{KEY}/{asset}") as response:
        assert response.status == 404


async def test_a_file_that_is_no_picture_can_only_be_saved(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    sandbox.world.keep(Media("document", "FILE", "F", b"<script>alert(1)</script>", "a.html", "text/html"))
    async with http.get(f"/page/file/FILE?key={KEY}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"


async def test_the_stream_gives_all_and_then_what_changed(http: aiohttp.ClientSession) -> None:
    async with http.get(f"/page/events?key={KEY}&person={WOMAN}") as response:
        name, items = await next_event(response)
        assert name == "snapshot"
        assert {f"person/{part.id}" for part in CAST} | {"bot", "chat", "clock"} == set(items)
        await do(http, "start")
        while not (messages := [item for key, item in items.items() if key.startswith("message/")]):
            name, items = await next_event(response)
        assert name == "change"
        assert "bot" not in items
        assert messages[0]["text"] == "/start"


async def test_a_deep_link_shows_as_start_and_brings_its_payload(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    await do(http, "start", payload="from_poster")
    (sent,) = sandbox.world.chats[WOMAN or 0].visible()
    assert sent.text == "/start from_poster"


async def test_a_file_of_the_browser_can_be_sent(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    await do(http, "start")
    await do(http, "send", kind="document", name="siyahı.csv", content=base64.b64encode(b"ad;region").decode())
    sent = sandbox.world.chats[WOMAN or 0].visible()[-1].document
    assert sent and (sent.name, sent.content) == ("siyahı.csv", b"ad;region")


async def test_people_can_be_added(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    made = await do(http, "join", name="Sevinc", language_code="", phone_number="")
    person = sandbox.world.people[made["person"]]
    assert (person.name, person.language_code) == ("Sevinc", None)


@pytest.mark.parametrize(
    ("gesture", "body"),
    [
        ("nothing", {}),
        ("write", {"person": 1, "text": "salam"}),
        ("write", {"text": 7}),
        ("tap", {"message_id": 99, "row": 0, "column": 0}),
        ("send", {"kind": "../etc"}),
        ("send", {"person": WOMAN, "kind": "document", "name": "a", "content": "no base64"}),
        ("join", {"name": " "}),
        ("travel", {"to": "yesterday"}),
    ],
)
async def test_what_cannot_be_done_is_answered_with_a_sentence(
    http: aiohttp.ClientSession, gesture: str, body: Json
) -> None:
    assert (await do(http, gesture, **body))["error"]


async def test_the_cast_is_there_once_after_a_restart(sandbox: Sandbox) -> None:
    await sandbox.stop()
    await sandbox.start(page_key=KEY)
    assert [person.id for person in sandbox.world.people.values()] == [part.id for part in CAST]
