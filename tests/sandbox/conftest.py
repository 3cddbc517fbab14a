"""A sandbox on a clock that runs as usual, without limits, a bot that calls it, and a woman who has pressed Start."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.clock import VirtualClock
from sandbox.phone import Phone
from sandbox.server import Sandbox
from tests.sandbox.caller import Bot

START = 1_772_517_600_000  # 3 March 2026, 10:00 in Baku
DAY = 86_400_000


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
async def sandbox(clock: VirtualClock) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(clock, limits=False, seed=1)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession(sandbox.api_url) as session:
        yield Bot(sandbox, session)


@pytest.fixture
async def woman(sandbox: Sandbox) -> Phone:
    """Her /start has been fetched."""
    phone = sandbox.phone(name="Aygün (nümunə)")
    await phone.start()
    sandbox.world.queue.clear()
    return phone
