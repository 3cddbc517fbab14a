"""The bot opens one host, Telegram's, and never an address that a person wrote (row 16)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.api import Api
from bot.seams import Seams
from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from tests.attacks.test_leaks import live
from tests.conftest import House, apply_sample, configuration
from tests.house import source

WRITTEN = ("http://192.0.2.1/x.png", "https://example.org", "tg://resolve?domain=x", "file:///etc/passwd")
# What can open a connection to somewhere; aiohttp as a server is another thing, and what may use it stands in its file.
CLIENTS = {
    "aiohttp",
    "pyreqwest",
    "httpx",
    "httpcore",
    "requests",
    "urllib3",
    "urllib.request",
    "http.client",
    "ftplib",
}
CLIENTS |= {"smtplib", "telnetlib", "websockets", "xmlrpc.client", "asyncio.streams"}
MAY = {"bot/api.py", "bot/request.py", "bot/health.py"}  # the last one only listens, on this machine
HOSTS: set[str] = set()


class Recording(Api):
    """A transport that writes down which host each request goes to."""

    async def exchange(self, verb: str, url: str, *rest: Any, **more: Any) -> tuple[int, bytes]:
        HOSTS.add(urlsplit(url).netloc)
        return await super().exchange(verb, url, *rest, **more)


@pytest.fixture
async def heard(tmp_path: Path, sandbox: Sandbox, clock: VirtualClock) -> AsyncIterator[House]:
    """A house whose every request is written down."""
    HOSTS.clear()
    house = House(tmp_path, sandbox, clock, configuration(tmp_path, sandbox.api_url), Seams(caller=Recording))
    await house.open()
    await apply_sample(house.database, clock.now())
    yield house
    await house.close()


@pytest.mark.attack
async def test_in_a_whole_run_one_host_is_asked(heard: House) -> None:
    await live(heard)
    woman = heard.phone()
    await woman.start()
    for address in WRITTEN:
        await woman.write(address)
    await heard.settle()
    assert {f"127.0.0.1:{heard.sandbox.port}"} == HOSTS
    said = [call for call in heard.sandbox.calls if call.method in ("sendMessage", "editMessageText")]
    assert said and all("is_disabled" in call.values["link_preview_options"] for call in said)


def test_only_the_transport_can_open_a_connection() -> None:
    found = {
        source.shown(path)
        for path in source.files("bot", "handlers", "storage", "forms")
        for module in source.imports(path)
        if CLIENTS & {module, module.split(".")[0], ".".join(module.split(".")[:2])}
    }
    assert found <= MAY
    assert "bot/api.py" in found, "the control: the transport's own library is in the list"
