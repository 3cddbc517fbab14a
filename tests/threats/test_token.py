"""The bot's token in the life of a real process: it polls, sends, fails and dies, and nothing holds the token (row 1).

The same life shows that no port is opened (row 9), and that no file of it can be read by others (row 17).
"""

import asyncio
import signal
import stat
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from bot.clock import SystemClock
from sandbox import faults
from sandbox.clock import VirtualClock
from storage import roles
from tests.bot.place import Place, place
from tests.threats.conftest import Begin

pytestmark = pytest.mark.attack

RATE = 20  # virtual seconds in a real one: what the bot paces, and waits for when it is refused, takes no time
# The bot as `python -m bot run` runs it, but for its level, everything is logged, and for its clock.
LOUD = """
import asyncio, logging, signal, sys
from pathlib import Path
from bot import app, config, logs
from sandbox.clock import VirtualClock
told = config.load(Path(sys.argv[3]), {})
logs.set_up(logging.DEBUG, secrets=[told.token.get_secret_value()])
async def live():
    running = app.build(told, VirtualClock.shared(Path(sys.argv[1])))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.stop_soon)
    await running.run()
asyncio.run(live())
"""
FAILED = b"getUpdates: Uncertain"


@pytest.fixture
async def here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Place]:
    """A place after `init` whose database is not encrypted, so that a search in it can find something."""
    clock = VirtualClock(SystemClock().now(), rate=RATE, file=tmp_path / "clock")
    async with place(tmp_path / "home", capsys, clock) as found:
        found.configure(f'[bot]\napi_base = "{found.sandbox.api_url}"\n[storage]\nencrypted = false\n')
        (found.folder / "token").write_text(found.sandbox.token)
        (found.folder / "token").chmod(0o600)
        found.plan_far_ahead()
        await found.init()
        await found.say("programme", "apply", "--yes")
        yield found


async def until(condition: object, seconds: float = 15.0) -> None:
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def kept(files: Iterable[Path]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in files if path.is_file() and path.name != "token"}


async def test_after_a_life_with_every_trouble_nothing_holds_the_token_and_nothing_stands_open(
    here: Place, begin: Begin
) -> None:
    token, sandbox = here.sandbox.token, here.sandbox
    owner = sandbox.phone("Könül")
    async with here.database() as tx:
        link = await roles.invite(tx, "owner", None, sandbox.clock.now())
    await owner.start(f"r_{link}")
    for fault in (faults.CUT_AFTER, faults.JUNK, faults.flood(1)):
        sandbox.faults.plan("sendMessage", fault=fault)
    sandbox.faults.plan("getUpdates", after=2, fault=faults.CUT_BEFORE)
    loud = await begin("-c", LOUD, str(here.folder.parent / "clock"))
    await until(lambda: bool(owner.received))
    await owner.write("/export")
    await until(lambda: any(message.document for message in owner.received))
    assert not loud.listens(), "no port is open"
    failed = loud.said().count(FAILED)
    sandbox.network_away()
    await until(lambda: loud.said().count(FAILED) > failed + 1)
    sandbox.network_away(False)
    received = len(owner.received)
    await owner.write("/help")
    await until(lambda: len(owner.received) > received)
    assert await loud.end(signal.SIGABRT) == -signal.SIGABRT

    sandbox.network_away()
    refused = await begin()
    await until(lambda: b"getMe" in refused.said())
    assert await refused.end() == 0
    sandbox.network_away(False)
    sandbox.faults.plan("getMe", fault=faults.status(401, "Unauthorized"), times=9)
    unknown = await begin()
    assert await unknown.end(None) == 78
    _, backed_up, _ = await here.say("backup")

    said = loud.shown + refused.shown + unknown.shown
    assert FAILED in loud.shown and b"getMe" in refused.shown, "the control: there is something to read"
    files = kept(here.folder.rglob("*"))
    assert b"SQLite format 3" in files["istirak.db"], "the control: the database can be read"
    exported = b"".join(message.document.content for message in owner.received if message.document)
    for secret in (token.encode(), token.partition(":")[2].encode()):
        assert secret not in said + exported + backed_up.encode()
        assert [name for name, content in files.items() if secret in content] == []
    open_to_others = {path.name for path in here.folder.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077}
    assert open_to_others <= {"config.toml", "programme.toml"}, "what people write, and nothing of the bot's own"
