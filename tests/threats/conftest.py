"""A place after `init` with a programme, and processes of the bot there; whatever still runs at the end is killed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.bot.place import Place, place
from tests.threats.life import Life

Begin = Callable[..., Awaitable[Life]]


@pytest.fixture
async def here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Place]:
    """A place whose Telegram has the real limits: 30 messages a second, one a second and chat."""
    async with place(tmp_path / "home", capsys) as found:
        found.sandbox.limits.on = True
        (found.folder / "token").write_text(found.sandbox.token)
        (found.folder / "token").chmod(0o600)
        found.plan_far_ahead()
        await found.init()
        await found.say("programme", "apply", "--yes")
        yield found


@pytest.fixture
async def begin(here: Place) -> AsyncIterator[Begin]:
    """Begins a life of the bot there, as `python -m bot run` if nothing else is said."""
    lives: list[Life] = []

    async def start(*how: str) -> Life:
        lives.append(await Life.begin(here, *how))
        return lives[-1]

    yield start
    for life in lives:
        if life.process.returncode is None:
            life.process.kill()
            await life.process.wait()
