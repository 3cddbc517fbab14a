"""What several tests of this room need."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from tests.bot.post import Post


@pytest.fixture
async def post(tmp_path: Path, sandbox: Sandbox, clock: VirtualClock) -> AsyncIterator[Post]:
    made = Post(tmp_path, sandbox, clock)
    await made.open()
    made.rest()
    made.start()
    yield made
    await made.close()
