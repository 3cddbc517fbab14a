"""The app: every part made and joined, started and stopped in order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from telegram.error import InvalidToken, TelegramError

import handlers
from bot import alerts, documents, lock, paper, pictures, profile, request, roster_list, routes
from bot.api import Api, TokenRefused, Upload
from bot.backups import Daily
from bot.clock import Clock, Ticks
from bot.config import Config
from bot.desk import Desk
from bot.erasing import Erasing
from bot.fetcher import Fetcher
from bot.intake import Intake
from bot.pace import Pace
from bot.poll import Poll
from bot.seams import Seams
from bot.sender import Hooks, Sender
from bot.texts import Texts
from bot.troubles import AWAY, DISK, TICK, Act, Troubles
from storage import outbox, people
from storage.database import Database, Transaction, is_trouble
from storage.outbox import Claimed

if TYPE_CHECKING:
    from bot.health import Health

log = logging.getLogger(__name__)

BETWEEN_INTRODUCTIONS = 5.0  # seconds
PROGRESS_EVERY = 3.0  # seconds between two looks at a note on its way
TROUBLE_REST = 5.0  # seconds between two tries to write that we run
# Who makes a file, by what its recipe begins with.
MAKERS = {"roster": roster_list.make, pictures.QR: pictures.make, paper.RECIPE: paper.make}


@contextmanager
def without_disk(what: str) -> Iterator[None]:
    """Go on, with a line in the log, where the disk does not take `what`."""
    try:
        yield
    except Exception as error:
        if not is_trouble(error):
            raise
        log.error("the disk does not take %s: %s", what, type(error).__name__)


def build(config: Config, clock: Clock, seams: Seams | None = None) -> "App":
    """Return the app of a configuration, not yet started."""
    return App(config, clock, seams or Seams())


class App:
    """Everything that runs: updates in, messages out, ticks, and erasures."""

    def __init__(self, config: Config, clock: Clock, seams: Seams) -> None:
        self.config, self.clock, self.seams = config, clock, seams
        self.texts = Texts.load()
        token = config.token.get_secret_value()
        self._caller = seams.caller(config.bot.api_base, token)
        self.health: Health | None = None
        if config.health.port:
            from bot import health  # only here: who does not ask for it does not carry a web server

            self.health = health.Health(config, clock)
            self._caller = self.health.watched(self._caller)
        self._connection = Api(config.bot.api_base, token)  # for python-telegram-bot's own getMe, and for files
        self.dispatcher = routes.dispatcher(config.bot.api_base, token, self._connection, handlers.ROUTES)
        self._ending, self.ready = asyncio.Event(), asyncio.Event()
        self._showing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Run until `stop_soon`; then finish the turns in hand and wait up to 10 s for what is in the air.

        Raises TokenRefused, SecondCopy, WrongKey, NewerSchema.
        """
        self.config.storage.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with lock.held(self.config.storage.folder):
            try:
                await self._open()
                await self._work()
            finally:
                await self._close()

    def stop_soon(self) -> None:
        """Have `run` end in order."""
        self._ending.set()

    async def settled(self) -> bool:
        """Whether nothing is due, in the air or being handled now."""
        parts = (self.ticks, self.intake, self.sender, self.erasing, self.fetcher, self.backups)
        return all(part.settled() for part in parts)

    async def next_event(self) -> int | None:
        """Return the moment, UTC ms, at which something will happen by itself; None when nothing is planned."""
        async with self.database.transaction() as tx:  # a dozen short looks: where they are none is a hop to a thread
            desk = self._desk(tx)
            moments = (await handlers.next_moment(desk), await outbox.next_due(tx))
        return min((moment for moment in moments if moment is not None and moment > desk.now), default=None)

    async def _open(self) -> None:
        config = self.config
        self.database = await Database.open(config.storage.database, config.database_key, self.seams.connector)
        self.intake = Intake(self.database, self.dispatcher, self.clock, self.texts, config)
        self.poll = Poll(self._caller, self.clock, self.intake, self._tell)
        pace = Pace(self.clock, config.pace.per_second, config.pace.per_chat)
        hooks = Hooks(self._make, people.mark_chat, self._failed, self._settled)
        self.sender = Sender(self._caller, self.database, self.clock, pace, hooks, connections=config.pace.in_flight)
        self.erasing = Erasing(self.database, self.clock, self.texts, config, self.seams.replace)
        files = (self._caller, self._connection.download)
        self.fetcher = Fetcher(*files, self.database, self.clock, handlers.FETCHED, self._act)
        self.backups = Daily(self.database, self.clock, config, self.seams.replace, self._tell)
        hours = {"evening": f"{config.reminders.evening:%H:%M}", "morning": f"{config.reminders.morning:%H:%M}"}
        tick = self.health.timed(self._tick) if self.health else self._tick
        self.ticks = Ticks(self.clock, tick, config.programme.zone, hours)
        mark, tell = config.storage.folder / "disk-told", (self._act, self.ticks.ask)
        self.troubles = Troubles(self.clock, self._caller, self.texts, self.database, mark, *tell)
        self.poll.note = self.sender.note = self.troubles.note
        self.intake.toast = lambda toast: self.sender.answer(*toast)
        self.intake.on_failure = alerts.raise_
        self.database.on_message(self.sender.wake)

    async def _work(self) -> None:
        await self.troubles.read_owners()
        watching = asyncio.create_task(self.troubles.run())
        try:
            if await self._written(self._look_back) and await self._written(self.intake.start):
                await self._serve()
        finally:
            watching.cancel()

    async def _look_back(self) -> None:
        for act in handlers.STARTS:
            await self._act(act)

    async def _written(self, write: Callable[[], Awaitable[object]]) -> bool:
        """Write what has to be on disk before we serve, however long the disk takes nothing; False: we are to end."""
        while not self._ending.is_set():
            try:
                await write()
            except Exception as error:
                if not is_trouble(error):
                    raise
                log.error("the start has to wait for the disk: %s", type(error).__name__)
                self.troubles.note(DISK, "start", failing=True)
                await self.clock.sleep(TROUBLE_REST)
            else:
                self.troubles.note(DISK, "start", failing=False)
                return True
        return False

    async def _serve(self) -> None:
        """Let every part run until one fails or we are to end; then stop them in order."""
        self.ticks.start()
        working = [
            self._updates(),
            self.sender.run(),
            self.erasing.run(),
            self.fetcher.run(),
            self._publish(),
            self._ending.wait(),
        ]
        if self.health:
            working.append(self.health.serve(self.database, self.backups))
        tasks = [asyncio.ensure_future(work) for work in working]
        try:
            await self._until_ended(tasks)
        finally:
            self.poll.stop()
            await self.ticks.stop()
            await self.sender.stop()
            await self.backups.stop()
            for task in tasks[2 if self.ready.is_set() else 0 :]:  # who waits for the first answer has no turn in hand
                task.cancel()
            if self._showing:
                self._showing.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        with without_disk("the note that the stop was clean"):  # then the next start takes its first updates one by one
            await self.intake.stop()

    async def _until_ended(self, tasks: Sequence[asyncio.Future[Any]]) -> None:
        """Wait for the wish to stop; an error of any part ends the wait with it."""
        waiting = set(tasks)
        while not self._ending.is_set():
            ended, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()

    async def _updates(self) -> None:
        """Introduce ourselves to Telegram, however long the network is away, then take updates."""
        while not self._ending.is_set():
            try:
                await self.dispatcher.initialize()
                break
            except InvalidToken:
                raise TokenRefused("getMe") from None
            except TelegramError as error:
                log.warning("getMe: %s", type(error).__name__)
                self.troubles.note(AWAY, "updates", failing=True)
                await self.clock.sleep(max(BETWEEN_INTRODUCTIONS, request.retry_after(error)))
        self.ready.set()
        await self.poll.run()

    async def _publish(self) -> None:
        await self.ready.wait()
        with without_disk("the note that the profile was published"):
            await profile.publish(self._caller, self.database, self.texts)

    async def _tick(self) -> None:
        """Run every tick, each in a transaction of its own: one that fails does not hold up the others."""
        for act in handlers.TICKS:
            await self._try(act.__qualname__, self._act_to_the_end(act))
        await self._try("look at troubles", self.troubles.look())
        self.backups.look()

    async def _try(self, name: str, work: Awaitable[None]) -> None:
        """Do a part of the tick; that it failed, or works again, is noted."""
        try:
            await work
        except Exception as error:
            log.error("the tick %s failed: %s", name, type(error).__name__)
            self.troubles.note(DISK if is_trouble(error) else TICK, name, failing=True)
        else:
            for cause in (DISK, TICK):
                self.troubles.note(cause, name, failing=False)

    async def _act(self, act: Act) -> bool | None:
        async with self.database.transaction() as tx:
            desk = self._desk(tx)
            more = await act(desk)
            await desk.plan()
        return more

    async def _act_to_the_end(self, act: Act) -> None:
        """Act until there is no more to do: a great number is planned in batches, and others get in between."""
        while await self._act(act):
            pass

    async def _tell(self, cause: str, over: bool) -> None:
        tell = alerts.over if over else alerts.raise_
        await self._act(lambda desk: tell(desk, cause))

    async def _failed(self, tx: Transaction, row: Claimed, reason: str) -> None:
        """Tell the owners, once a day, that a message was refused for good; not about such a notice itself."""
        if row.key and row.key.startswith("alert:"):
            return
        desk = self._desk(tx)
        await alerts.raise_(desk, "failed")
        await desk.plan()

    def _settled(self, row: Claimed) -> None:
        """Fetch a file as soon as its sender was told; show an organiser soon how far her note has come."""
        if row.key and row.key.startswith("fetch:"):
            self.fetcher.wake()
        if row.key and row.key.startswith("note:") and (self._showing is None or self._showing.done()):
            self._showing = asyncio.create_task(self._show_progress())

    async def _show_progress(self) -> None:
        await self.clock.sleep(PROGRESS_EVERY)
        self.ticks.ask()

    async def _make(self, recipe: str) -> Upload:
        make = MAKERS.get(recipe.partition(":")[0], documents.make)
        return await make(recipe, self.database, self.texts, self.config.programme.zone)

    def _desk(self, tx: Transaction) -> Desk:
        return Desk(tx, self.clock.now(), self.texts, self.config)

    async def _close(self) -> None:
        if self.ready.is_set():
            await self.dispatcher.shutdown()
        await self._caller.close()
        await self._connection.close()
        if hasattr(self, "database"):
            await self.database.close()
