"""The real app beside its Telegram in one event loop, on a clock of their own; it can die and be started again."""

import asyncio
import contextvars
import shutil
import time
from pathlib import Path
from typing import Any

from bot import app
from bot.api import Api
from sandbox.clock import VirtualClock
from sandbox.phone import Phone
from sandbox.server import Sandbox
from storage import database, people, roles
from tests.conftest import START, TOKEN, apply_sample, configuration
from tests.model.fuse import Fuse

RATE = 40.0  # how fast the clock runs: three messages to a chat, and a double tap, are a matter of milliseconds
PATIENCE = 20.0  # real seconds
STILL = 8  # looks at which nothing has changed, after which the clock is moved on: something waits for its pace
STEP = 1_000  # ms by which it is moved then
LOOK = 0.001  # real seconds between two looks
WOMEN = (("Aygün", "az"), ("Vera", "ru"), ("Sona", "en"))
CHORUS = 4  # registered women of Lankaran whose phones are off: with one of ours they make a survey anonymous
SETTINGS = "[pace]\nper_second = 30\nper_chat = 5\n"
LIFE: contextvars.ContextVar[set[asyncio.Task[Any]] | None] = contextvars.ContextVar("life", default=None)


class Stuck(AssertionError):
    """Something that is due is not being done."""


class Lasting:
    """The HTTP client of every life: to make one takes 5 ms, a third of a start."""

    def __init__(self) -> None:
        self.request = Api("", "")._open().request

    async def close(self) -> None:
        """Stay open: the next life needs it."""


CLIENT: Any = Lasting()


class Stage:
    """Three women, an organiser, a chorus in the database, and the bot."""

    def __init__(self, folder: Path, template: Path | None) -> None:
        self.folder, self.template = folder, template
        self.clock = VirtualClock(round(START.timestamp() * 1000), rate=RATE)
        self.sandbox = Sandbox(self.clock, token=TOKEN, limits=False, seed=1)
        self.women = [self.sandbox.phone(name, language) for name, language in WOMEN]
        self.organiser: Phone = self.sandbox.phone("Sevda", "az")
        self.organiser.person.started = True
        self.deaths = 0
        self._view: Any = None

    async def open(self) -> None:
        """Start Telegram and the bot, on a copy of the template if there is one."""
        asyncio.get_running_loop().set_task_factory(_enrolled)
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)  # what the dead leave behind
        await self.sandbox.start()
        self.config = configuration(self.folder, self.sandbox.api_url, extra=SETTINGS)
        self.file = self.config.storage.database
        if self.template:
            database.create_private(self.file)
            shutil.copyfile(self.template, self.file)
        await self.start()

    async def start(self) -> None:
        """Start the bot, and wait until it asks for updates."""
        self.fuse, self._life = Fuse(), set[asyncio.Task[Any]]()
        self.app = app.build(self.config, self.clock, self.fuse.seams())
        for line in (getattr(self.app._caller, "_api"), self.app._connection):  # noqa: B009 - the fuse's, not any caller's
            line._client = CLIENT
        LIFE.set(self._life)
        self._running = asyncio.create_task(self.app.run())
        LIFE.set(None)
        await self._until(lambda: self.app.ready.is_set() or self._running.done())
        if self._running.done():
            await self._running
        self._view = self._view or database.connect(self.file, None, True)

    async def stop(self) -> None:
        """Stop the bot in order."""
        self.fuse.put_out()
        self.app.stop_soon()
        await asyncio.wait_for(self._running, PATIENCE)

    async def die(self) -> None:
        """End the bot as kill -9 does: nothing of what it had in hand is written or sent any more."""
        self.fuse.dead = True
        self.deaths += 1
        living = [task for task in self._life if task is not self._running]
        self._running.cancel()
        while not self._running.done():
            for task in living:
                task.cancel()
            await asyncio.wait([self._running], timeout=0.05)
        if opened := getattr(self.app, "database", None):
            for connection in (opened._writer, opened._reader):
                if connection._connection:  # its process would be gone, and its locks with it
                    await connection.stop()
        for line in (self.app._caller, self.app._connection):
            await line.close()
        await asyncio.sleep(0.001)  # what had left arrives

    async def close(self) -> None:
        """End everything."""
        self.look_away()
        if not self._running.done():
            await self.die()
        await self.sandbox.stop()

    def look_away(self) -> None:
        """Leave the database."""
        if self._view is not None:
            self._view.close()
            self._view = None

    async def settle(self) -> None:
        """Wait until every update has been handled and nothing that is due has not left; who died is started again."""
        end, still, before = time.monotonic() + PATIENCE, 0, 0
        for _ in range(3):
            await asyncio.sleep(0)  # what a jump of the clock has called begins
        while not await self._rests():
            await asyncio.sleep(LOOK)
            if time.monotonic() > end:
                raise Stuck(self.unsettled())
            if self.fuse.dead:
                await self.die()
                await self.start()
            busy = self.app.intake.settled() and self.app.sender.presses.settled()
            calls = len(self.sandbox.calls)
            still, before = (still + 1 if calls == before and busy else 0), calls
            if still > STILL:
                self.clock.jump(self.clock.now() + STEP)
                still = 0

    async def tick(self) -> None:
        """Have the clock look at the tables once more."""
        self.app.ticks.ask()
        await self.settle()

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What stands in the database now."""
        return list(self._view.execute(sql, parameters).fetchall())

    def unsettled(self) -> str:
        """Say what is not done."""
        rows = self.rows("SELECT id, chat, method, state, attempts FROM outbox WHERE state IN ('planned', 'sending')")
        return f"{self.sandbox.updates_waiting} updates wait; in the outbox: {rows}"

    async def _rests(self) -> bool:
        if self._running.done() and not self.fuse.dead:
            await self._running
        if self.fuse.dead or self.sandbox.updates_waiting or not await self.app.settled():
            return False
        return not self.rows(
            "SELECT 1 FROM erasures WHERE state <> 'confirmed' UNION ALL SELECT 1 FROM facts WHERE name = 'checkpoint'"
        )

    async def _until(self, true: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await asyncio.sleep(0.001)


def _enrolled(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> Any:
    """Make a task; one that the app began, or what it began, is on the list of those that die with it."""
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **more)
    life = LIFE.get()
    if life is not None:
        life.add(task)
        task.add_done_callback(life.discard)
    return task


async def make_template(folder: Path) -> Path:
    """Return the database of a bot that has been started once, with programme, organiser and chorus."""
    stage = Stage(folder, None)
    await stage.open()
    now = stage.clock.now()
    await apply_sample(stage.app.database, now)
    async with stage.app.database.transaction() as tx:
        await tx.run("UPDATE regions SET closes = '2099-12-31'")  # whoever comes late may register in the model
        for number in range(CHORUS):
            person = await people.welcome(tx, 900_000 + number, now)
            await people.register(tx, person, f"Xor {number}", "lankaran", "ngo", "", now)
            await people.mark_chat(tx, 900_000 + number, "blocked", now)
        code = await roles.invite(tx, "owner", None, now)
    await stage.organiser.start(f"r_{code}")
    await stage.settle()
    await stage.stop()
    await stage.start()  # once more: what Telegram is told of the team is told here, and not in each history
    await stage.settle()
    await asyncio.sleep(0.05)
    async with stage.app.database.transaction() as tx:
        await tx.run("DELETE FROM outbox")
        await tx.run("DELETE FROM inbox")
    stage.look_away()
    await stage.stop()
    await stage.sandbox.stop()
    return stage.file
