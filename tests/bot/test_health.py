"""Whoever watches the bot from its own machine learns how it does, and nothing of anybody."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.config import Health
from bot.trial import free_port
from sandbox import faults
from storage.outbox import Letter, add
from tests.bot import crew
from tests.conftest import DAY, House

WRONG = ["Telegram does not answer.", "Messages wait too long to be sent."]


class Watcher:
    """A program on the same machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def get(self, path: str, host: str = "") -> tuple[int, str]:
        headers = {"Host": host} if host else {}
        url = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
            return answer.status, await answer.text()

    async def health(self) -> tuple[int, dict[str, Any]]:
        url = f"http://127.0.0.1:{self.port}/health"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.json()

    async def metrics(self) -> dict[str, float]:
        _, text = await self.get("/metrics")
        lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in lines}


@pytest.fixture
async def watcher(house: House) -> AsyncIterator[Watcher]:
    port = free_port(0)
    await house.close()
    house.config = house.config.model_copy(update={"health": Health(port=port)})
    await house.open()
    found = Watcher(port)
    async with asyncio.timeout(5):
        while True:
            try:
                await found.get("/health")
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)
            else:
                break
    yield found


async def test_a_bot_that_does_well_says_so_in_plain_numbers(house: House, watcher: Watcher) -> None:
    status, said = await watcher.health()
    assert (status, said["ok"], said["wrong"]) == (200, True, [])
    assert said["telegram_silent_seconds"] < 60
    assert said["sign_of_life_seconds"] < 120
    assert said["outbox_planned"] == said["outbox_in_doubt"] == said["late_seconds"] == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+", said["version"])


async def test_what_is_wrong_is_said_with_503(house: House, watcher: Watcher) -> None:
    house.sandbox.faults.plan("sendMessage", fault=faults.CUT_BEFORE, times=1000)
    async with house.database.transaction() as tx:
        await add(tx, [Letter(house.phone().id, "sendMessage", {"text": "x"})], house.clock.now() - DAY)
    house.sandbox.network_away()
    house.clock.jump(house.clock.now() + 10 * 60_000)
    async with asyncio.timeout(10):  # until the tick after the jump has written its sign of life
        while (await watcher.health())[1]["wrong"] != WRONG:
            await asyncio.sleep(0.01)
    status, said = await watcher.health()
    assert (status, said["ok"], said["wrong"]) == (503, False, WRONG)


async def test_what_is_done_is_counted_and_names_nobody(house: House, watcher: Watcher) -> None:
    before = await watcher.metrics()
    aygun = await crew.woman(house, "Aygün", phone="+994501112233")
    for text in ("/days", "/help", "Gizli sözüm"):
        await aygun.write(text)
    await house.settle()
    await aygun.write("/days")  # the next question to Telegram confirms what was before
    await house.settle()
    after = await watcher.metrics()
    assert after["istirak_updates_total"] - before.get("istirak_updates_total", 0) >= 3
    assert after['istirak_calls_total{method="sendMessage",verdict="ok"}'] >= 4
    assert after['istirak_chats{state="reachable"}'] == 1
    assert after["istirak_batch_seconds_count"] >= 1
    assert after["istirak_tick_seconds_count"] >= 1
    assert after["istirak_healthy"] == 1
    _, page = await watcher.get("/metrics")
    assert not re.search(f"Aygün|Gizli|111 ?22|{aygun.id}|lankaran", page)


async def test_a_refusal_and_a_flood_are_told_apart(house: House, watcher: Watcher) -> None:
    aygun = await crew.woman(house, "Aygün")
    house.sandbox.faults.plan("sendMessage", fault=faults.flood(1))
    house.sandbox.faults.plan("sendMessage", fault=faults.status(400, "Bad Request: no"))
    await aygun.write("/days")
    await house.settle()
    seen = await watcher.metrics()
    assert seen['istirak_calls_total{method="sendMessage",verdict="flood"}'] == 1
    assert seen['istirak_calls_total{method="sendMessage",verdict="refused"}'] == 1


async def test_only_who_names_this_machine_is_answered(watcher: Watcher) -> None:
    assert (await watcher.get("/health", host="evil.example"))[0] == 403
    assert (await watcher.get("/metrics", host=f"evil.example:{watcher.port}"))[0] == 403
    assert (await watcher.get("/health", host=f"localhost:{watcher.port}"))[0] == 200
    assert (await watcher.get("/"))[0] == 404


async def test_a_port_that_is_taken_does_not_stop_the_bot(house: House, watcher: Watcher) -> None:
    await house.close()
    taken = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", watcher.port)
    async with taken:
        await house.open()
        aygun = await crew.woman(house, "Aygün")
        await aygun.write("/days")
        await house.settle()
        assert aygun.received


def test_a_bot_that_nobody_watches_carries_no_web_server() -> None:
    code = "import sys, bot.app; print([name for name in ('prometheus_client', 'aiohttp.web') if name in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert seen.stdout.strip() == "[]", seen.stderr
