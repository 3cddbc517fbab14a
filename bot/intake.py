"""A batch of updates becomes turns: one transaction for all of them; failures are put aside."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot import letters, updates
from bot.clock import Clock
from bot.config import Config
from bot.desk import Desk
from bot.routes import Dispatcher
from bot.texts import Texts
from bot.turn import Toast
from storage import facts, inbox, people
from storage.database import Database, Transaction, is_trouble
from storage.inbox import Failure

log = logging.getLogger(__name__)

Raw = dict[str, Any]
MOST_ATTEMPTS = 2  # an update that was under way at two deaths of the process is put aside
RUNNING = "running"  # the fact that stands from start to clean stop


class Intake:
    """Handles what Telegram gave us. When `take` returns, every effect of the batch is on disk."""

    def __init__(self, database: Database, dispatcher: Dispatcher, clock: Clock, texts: Texts, config: Config) -> None:
        self._database, self._dispatcher, self._clock = database, dispatcher, clock
        self._texts, self._config = texts, config
        self._singly = self._busy = False
        self._tried: set[int] = set()  # whose attempt this process noted: fetched again, it is not noted twice
        self.toast: Callable[[Toast], None] = lambda toast: None
        self.on_failure: Callable[[Desk, str], Awaitable[None]] = _nobody

    async def start(self) -> None:
        """Note that we run; after an unclean stop updates are taken singly until what was under way has passed."""
        async with self._database.transaction() as tx:
            self._singly = await facts.get(tx, RUNNING) is not None
            await facts.put(tx, RUNNING, str(self._clock.now()))

    async def stop(self) -> None:
        """Note that the stop was clean."""
        async with self._database.transaction() as tx:
            await facts.drop(tx, RUNNING)

    async def take(self, batch: Sequence[Raw]) -> None:
        """Handle a batch in one commit. Raises when nothing of it was kept."""
        self._busy = True
        try:
            if not self._singly:
                await self._commit(batch)
                return
            for update in batch:
                if await self._attempt(update):
                    await self._commit([update])
            async with self._database.reading() as tx:
                # Telegram may give less than it gave before the death: the one that was tried then may be yet to come.
                self._singly = await inbox.is_trying(tx)
            self._tried.clear()
        finally:
            self._busy = False

    def settled(self) -> bool:
        """Whether no update is being handled."""
        return not self._busy

    async def _attempt(self, update: Raw) -> bool:
        """Note on disk that this update is tried; False when it has killed the process too often."""
        number, now = int(update["update_id"]), self._clock.now()
        if number in self._tried:
            return True  # nothing of it was kept, but not by a death: the disk was full or locked
        async with self._database.transaction() as tx:
            allowed = await inbox.attempt(tx, number, kind_of(update), now) <= MOST_ATTEMPTS
            if not allowed:
                desk = self._desk(tx)
                await inbox.enter(tx, [number], now)
                await self._put_aside(desk, update, Failure(number, kind_of(update), error="process ended"))
                await desk.plan()
        self._tried.add(number)
        return allowed

    async def _commit(self, batch: Sequence[Raw]) -> None:
        """Handle a batch; when one of it fails, once more from the start, each update behind a savepoint."""
        try:
            toasts = await self._handle(batch, self._turn)
        except Exception as error:
            if is_trouble(error):
                raise  # no update's fault: the whole batch is fetched again
            toasts = await self._handle(batch, self._turn_apart)
        for toast in toasts:
            self.toast(toast)

    async def _handle(self, batch: Sequence[Raw], handle: Callable[[Transaction, Raw], Awaitable[None]]) -> list[Toast]:
        """Handle in one transaction what is new of a batch, and return the answers to presses."""
        toasts: list[Toast] = []
        async with self._database.transaction() as tx:
            new = await inbox.enter(tx, [int(update["update_id"]) for update in batch], self._clock.now())
            for update in batch:
                if update["update_id"] in new:
                    new.remove(update["update_id"])
                    await handle(tx, update)
                    toasts += self._dispatcher.toasts
                if self._singly:
                    await inbox.passed(tx, int(update["update_id"]))
        return toasts

    async def _turn(self, tx: Transaction, raw: Raw) -> None:
        dispatcher = self._dispatcher
        dispatcher.desk, dispatcher.toasts, dispatcher.turn = self._desk(tx), [], None
        await dispatcher.process_update(updates.read(raw, dispatcher.bot))
        await dispatcher.desk.plan()

    async def _turn_apart(self, tx: Transaction, raw: Raw) -> None:
        """Handle one update; when that fails nothing of it remains but the note of the failure."""
        try:
            async with tx.savepoint():
                await self._turn(tx, raw)
        except Exception as error:
            if is_trouble(error):
                raise
            # The type and the place only: the message of an exception may hold what she wrote.
            log.error("update %s failed: %s", raw["update_id"], type(error).__name__)
            self._dispatcher.toasts = answers_to(raw)
            desk = self._desk(tx)
            await self._put_aside(desk, raw, self._failure(raw, error))
            await desk.plan()

    def _failure(self, raw: Raw, error: Exception) -> Failure:
        turn = self._dispatcher.turn
        place = (turn.route, turn.form, turn.step) if turn else ("", "", "")
        return Failure(int(raw["update_id"]), kind_of(raw), *place, error=type(error).__name__)

    async def _put_aside(self, desk: Desk, raw: Raw, failure: Failure) -> None:
        """File the failure, tell the person that her words were not saved, and tell the owner once."""
        await inbox.put_aside(desk.tx, failure, desk.now)
        chat, user = private_chat(raw)
        if chat:
            visit = await people.meet(desk.tx, chat, user, desk.now)
            desk.post(letters.text(chat, desk.t(visit.person.language, "turn.failed"), person=visit.person.id))
        await self.on_failure(desk, "put aside")

    def _desk(self, tx: Transaction) -> Desk:
        return Desk(tx, self._clock.now(), self._texts, self._config, bot_name=lambda: self._dispatcher.bot.username)


def answers_to(raw: Raw) -> list[Toast]:
    """Return the bare answer to a press that could not be handled: her button stops spinning, the message says why."""
    press = raw.get("callback_query")
    number = press.get("id") if isinstance(press, dict) else None
    return [(number, "", False)] if isinstance(number, str) else []


def kind_of(raw: Raw) -> str:
    """Name the kind of an update: the Bot API's field that is not `update_id`."""
    return next((name for name in raw if name != "update_id"), "empty")


def private_chat(raw: Raw) -> tuple[int, int]:
    """Find the private chat and the user of an update that could not be parsed; (0, 0) when there is none."""
    part = raw.get(kind_of(raw))
    if not isinstance(part, dict):
        return 0, 0
    source = part["message"] if isinstance(part.get("message"), dict) else part
    chat, sender = source.get("chat"), part.get("from")
    if not isinstance(chat, dict) or not isinstance(sender, dict) or chat.get("type") != "private":
        return 0, 0
    found = chat.get("id"), sender.get("id")
    return found if all(isinstance(number, int) for number in found) else (0, 0)  # type: ignore[return-value]


async def _nobody(desk: Desk, cause: str) -> None:
    return None
