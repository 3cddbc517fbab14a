"""The house as the tests use it: the real app against the sandbox, over HTTP, on a clock that the test moves."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import uvloop

from bot import app, profile, programme
from bot.config import Config, load
from bot.seams import Seams
from sandbox.clock import VirtualClock
from sandbox.phone import Phone, Seen
from sandbox.server import Sandbox
from sandbox.world import Person
from storage import facts
from storage.database import Database, create_private

gc.set_threshold(50_000)  # with the 700 of Python an eighth of the tests’ time goes into looking for garbage

ROOT = Path(__file__).parents[1]
# Whom the tests trust, the bots that they start with them: nobody. A client that reads the some hundred authorities of
# the machine anew takes as long as all else that a start of the bot has to do.
os.environ |= {"SSL_CERT_FILE": str(ROOT / "tests" / "nobody.pem"), "SSL_CERT_DIR": os.devnull}
BAKU = ZoneInfo("Asia/Baku")
START = datetime(2027, 2, 22, 10, 0, tzinfo=BAKU)  # a Monday; the sample's first day is a week and a day later
FIRST_DAY = date(2027, 3, 2)
TOKEN = "123456789:" + "AAHsandboxsandboxsandboxsandboxsand"
PATIENCE = 20.0  # real seconds after which a test gives up waiting
HURRY = 200  # virtual seconds in a real one, while a test waits for what is paced
LOOK = 0.002  # real seconds from one look whether all is settled to the next
LOOKS = 5  # looks after which a test that waits is in a hurry
MINUTE = 60_000
HOUR = 3_600_000
DAY = 24 * HOUR


def configuration(folder: Path, api_url: str, *, encrypted: bool = False, extra: str = "") -> Config:
    """Write and read a configuration for a bot that lives in `folder`."""
    (folder / "token").write_text(TOKEN)
    (folder / "key").write_text(os.urandom(32).hex())
    for name in ("token", "key"):
        (folder / name).chmod(0o600)
    text = f'[bot]\napi_base = "{api_url}"\n[storage]\nencrypted = {str(encrypted).lower()}\n{extra}'
    (folder / "config.toml").write_text(text)
    return load(folder / "config.toml", {})


@cache
def sample_programme() -> programme.Programme:
    return programme.read(ROOT / "programme.example.toml")


async def apply_sample(database: Database, now: int, first: date = FIRST_DAY) -> None:
    """Put the sample programme into the database, with its first day moved."""
    sample = programme.shifted(sample_programme(), first)
    async with database.transaction() as tx:
        await programme.apply(tx, sample, now, "Asia/Baku")


class House:
    """A running bot, its Telegram, and the clock that both look at."""

    def __init__(self, folder: Path, sandbox: Sandbox, clock: VirtualClock, config: Config, seams: Seams) -> None:
        self.folder, self.sandbox, self.clock, self.config, self.seams = folder, sandbox, clock, config, seams
        self._running: asyncio.Task[None] | None = None
        self.hurry = HURRY

    @property
    def database(self) -> Database:
        return self.app.database

    async def open(self) -> None:
        """Start the bot, and wait until it asks for updates."""
        self.app = app.build(self.config, self.clock, self.seams)
        self._running = asyncio.create_task(self.app.run())
        async with asyncio.timeout(PATIENCE):
            while not self.app.ready.is_set() and not self._running.done():
                await asyncio.sleep(0.005)
        if self._running.done():
            await self._running

    async def close(self) -> None:
        """Stop the bot in order."""
        if self._running:
            self.app.stop_soon()
            running, self._running = self._running, None
            await asyncio.wait_for(running, PATIENCE)

    def phone(self, name: str = "Aygün", **person: Any) -> Phone:
        return HastyPhone(self, self.sandbox.phone(name=name, **person).person)

    async def settle(self) -> None:
        """Wait until every update has been handled and nothing that is due has not left.

        What takes longer than a few looks waits for the clock: then its seconds pass quickly, and its minutes tick.
        They pass with each look, however long that takes: a slow machine makes no minutes of them.
        """
        looks, minute = 0, self.clock.now() // MINUTE
        async with asyncio.timeout(PATIENCE):
            while not await self._settled():
                looks += 1
                if self._running and self._running.done():
                    await self._running
                if looks >= LOOKS:
                    self.clock.pass_by(self.hurry * LOOK)
                if self.clock.now() // MINUTE != minute:
                    minute = self.clock.now() // MINUTE
                    self.app.ticks.ask()
        if self.clock.rate() != 1:
            self.clock.hurry(1)

    @contextmanager
    def in_a_hurry(self) -> Iterator[None]:
        """Let the seconds inside pass quickly, as a wait does that is for the clock."""
        before = self.clock.rate()
        self.clock.hurry(max(before, self.hurry))
        try:
            yield
        finally:
            self.clock.hurry(before)

    async def look_again(self) -> None:
        """Let a moment pass for a test that looks again and again: a short one for it, a longer one for the bot."""
        self.clock.pass_by(self.hurry * LOOK)
        await asyncio.sleep(LOOK)

    async def _settled(self) -> bool:
        await asyncio.sleep(LOOK)
        return self.sandbox.updates_waiting == 0 and await self.app.settled()

    async def travel(self, to: int | None = None, *, hours: float = 0, days: float = 0) -> None:
        """Move the clock, stopping at each moment at which something happens."""
        target = to if to is not None else self.clock.now() + round(hours * HOUR + days * DAY)
        self.app.ticks.ask()  # what the test itself has put into the tables is seen before the time goes on
        await self.settle()
        while (moment := await self.app.next_event()) is not None and moment < target:
            self._be_at(moment)
            await self.settle()
        self._be_at(target)
        await self.settle()

    def _be_at(self, moment: int) -> None:
        """Move the clock to the moment, or to where it has got to by itself: that may go on before it is moved."""
        while True:
            with suppress(ValueError):
                self.clock.jump(max(moment, self.clock.now()))
                return


class HastyPhone(Phone):
    """The phone of somebody who need not wait in real seconds for what the bot paces."""

    def __init__(self, house: House, person: Person) -> None:
        super().__init__(house.sandbox.world, person)
        self._house = house

    async def _until(self, look: Callable[[], Seen | None], seconds: float, what: str) -> Seen:
        if found := look():
            return found
        with self._house.in_a_hurry():
            return await super()._until(look, seconds, what)


async def _published(house: House) -> None:
    """Return when Telegram knows the bot’s profile: no later start tells it anew."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with house.database.reading() as tx:
                if await facts.get(tx, profile.PUBLISHED):
                    return
            await asyncio.sleep(LOOK)


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Have every test run on the loop that the bot itself runs on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
async def clock() -> VirtualClock:
    return VirtualClock(round(START.timestamp() * 1000))


@pytest.fixture
async def sandbox(clock: VirtualClock) -> AsyncIterator[Sandbox]:
    telegram = Sandbox(clock, token=TOKEN)
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
async def house(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox, clock: VirtualClock
) -> AsyncIterator[House]:
    """A house with the sample programme, whose first start was made once for all tests of this process."""
    built = House(tmp_path, sandbox, clock, configuration(tmp_path, sandbox.api_url), Seams())
    started = tmp_path_factory.getbasetemp() / "started.db"
    path = built.config.storage.database
    if started.exists():
        create_private(path)
        shutil.copyfile(started, path)
        await built.open()
    else:
        await built.open()
        await apply_sample(built.database, clock.now())
        await built.settle()
        await _published(built)
        await built.close()
        shutil.copyfile(path, started)
        await built.open()
    yield built
    await built.close()
