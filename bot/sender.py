"""Messages out: claims rows of the outbox on disk, makes their calls, and writes what became of them."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot import pace
from bot.api import Caller, TokenRefused
from bot.carrier import LONGEST_REST, Carrier, Make, Outcome, failed, given_back
from bot.clock import Clock
from bot.pace import Pace
from bot.presses import Presses
from bot.troubles import DISK, Note
from storage import outbox
from storage.database import Database, Transaction, is_trouble
from storage.outbox import Claimed

log = logging.getLogger(__name__)

COLLECT = 0.01  # seconds in which marks gather at most for one commit
AHEAD = 0.02  # seconds before its slot at which a row is claimed: no more than that are 'sending' without being sent
OFTEN = 5  # times; what may have arrived more often is not sent again any sooner, whoever else is answered
TROUBLE_REST = 1.0  # seconds until a disk that could not be written is tried again

MarkChat = Callable[[Transaction, int, str, int], Awaitable[object]]  # chat, 'blocked' or 'gone', now
OnFailure = Callable[[Transaction, Claimed, str], Awaitable[None]]  # the row, Telegram's description
OnSettled = Callable[[Claimed], None]


@dataclass(frozen=True)
class Hooks:
    """What the sender asks of others; `mark_chat` and `on_failure` run in the transaction that marks the row."""

    make: Make
    mark_chat: MarkChat
    on_failure: OnFailure
    on_settled: OnSettled = lambda row: None  # after the commit


class Sender:
    """The only one who talks to Telegram on behalf of the outbox. One `run()` a process."""

    def __init__(
        self, api: Caller, database: Database, clock: Clock, pace: Pace, hooks: Hooks, *, connections: int = 8
    ) -> None:
        self._database, self._clock, self._pace, self._hooks = database, clock, pace, hooks
        self._connections = connections
        self._changed, self._landed, self._ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._carrier = Carrier(api, pace, hooks.make, self._changed.set)  # a slot was taken: claim the next row
        self.presses = Presses(api, clock, pace, connections)
        self._tasks: set[asyncio.Task[None]] = set()
        self._air: dict[int, int] = {}  # rows in the air, with their chats
        self._back: list[Outcome] = []  # what came back and is not on the disk yet
        self._rests: dict[int, float] = {}  # until when (monotonic) a chat waits to be tried again
        self._more = True  # a look at the outbox may find something to claim
        self._looking = False
        self._due: int | None = None  # the earliest due moment that the last look left
        self._rested = math.inf  # when (monotonic) the first of the chats that rested at the last look may go on
        self._seen = 0  # wall time of the last look
        self._stopping: bool = False
        self._refused: TokenRefused | None = None
        self.note: Note = lambda cause, part, failing: None
        self._ended.set()

    def wake(self) -> None:
        """Look at the outbox soon: something was put in, or the clock was moved."""
        self._more = True
        self._changed.set()

    def answer(self, query_id: str, text: str = "", alert: bool = False) -> None:
        """Answer a button press, best effort, before all else."""
        self.presses.answer(query_id, text, alert)

    def settled(self) -> bool:
        """Whether nothing is due, in the air, or still to be written down."""
        due = self._due is not None and self._due <= self._clock.now()
        return not (self._more or self._looking or self._air or self._back or due) and self.presses.settled()

    async def run(self) -> None:
        """Send what is in the outbox until `stop`, first what was in the air when the bot died. Raises TokenRefused."""
        self._ended.clear()
        self._clock.on_move(self.wake)
        try:
            async with self._database.transaction() as tx:
                await outbox.recover(tx)
                left = await pace.kept(tx, self._clock.now())
            if left:
                self._pace.too_fast(left)
            while not self._stopping and not self._refused:
                await self._look(self._room())
                await self._pause(self._patience())
        finally:
            self._ended.set()
        if self._refused:
            await self.stop()
            raise self._refused

    async def stop(self, seconds: float = 10.0) -> None:
        """Claim nothing more, wait up to so many (real) seconds for what is in the air, and write it down."""
        self._stopping = True
        self._pace.hold(math.inf)
        self._changed.set()
        await self._ended.wait()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()  # its row stays 'sending': at the next start it is in doubt
        await self.presses.stop()
        await self._look(0)

    def _room(self) -> int:
        """Return how many rows may be claimed: no more than have a connection, and a slot very soon."""
        free = self._connections - len(self._air)
        return min(free, self._pace.room(AHEAD)) if self._more and not self._stopping else 0

    async def _look(self, limit: int) -> None:
        """Write what came back and claim up to `limit` rows, in one transaction; then let them go."""
        if not limit and not self._back:
            return
        self._looking = True
        try:
            async with self._database.transaction() as tx:
                back = list(self._back)
                claimed = await self._mark_and_claim(tx, back, limit)
            self.note(DISK, "outbox", False)
            del self._back[: len(back)]
            for outcome in back:
                self._hooks.on_settled(outcome.row)
            for row in claimed:
                self._let_go(row)
        except Exception as error:
            if not is_trouble(error):
                raise
            # A full disk: nothing leaves, and what came back is kept until it can be written.
            log.error("the outbox cannot be written: %s", type(error).__name__)
            self.note(DISK, "outbox", True)
            self._more = True
            await self._clock.sleep(TROUBLE_REST)
        finally:
            self._looking = False

    async def _mark_and_claim(self, tx: Transaction, back: Sequence[Outcome], limit: int) -> list[Claimed]:
        """Write what came back, claim what may leave, and see what is due next."""
        now, busy = self._clock.now(), self._busy()
        if now < self._seen:
            await outbox.keep_due(tx, self._seen, now)
        self._seen = now
        await self._write(tx, back, now)
        if not limit:
            return []
        self._more = False  # unless something happens from here on
        claimed = await outbox.claim(tx, now, busy, limit)
        if len(claimed) == limit:
            self._more = True
        else:
            self._due = await outbox.next_due(tx)
        return claimed

    def _let_go(self, row: Claimed) -> None:
        self._air[row.id] = row.chat
        task = asyncio.create_task(self._carry(row), name=f"row {row.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _busy(self) -> list[int]:
        """Return the chats that must wait: one message a chat in the air, and rests after tries and bursts."""
        now = self._clock.monotonic()
        self._rests = {chat: until for chat, until in self._rests.items() if until > now}
        bursts = {chat: now + wait for chat, wait in self._pace.resting().items()}
        self._rested = min([math.inf, *self._rests.values(), *bursts.values()])
        return [*self._air.values(), *self._rests, *bursts]

    def _patience(self) -> float:
        """Return after how many seconds to look again, if nothing happens before."""
        if self._more:
            full = len(self._air) >= self._connections
            ahead = 0.0 if self._pace.held() else AHEAD
            return LONGEST_REST if full else max(0.001, self._pace.wait() - ahead)
        if self._due is None or (ahead := (self._due - self._clock.now()) / 1000) > 0:
            return LONGEST_REST if self._due is None else min(LONGEST_REST, ahead)
        # A rest may have ended since that look: what it kept back is looked at again at once, not when it is too late.
        return min(LONGEST_REST, max(0.0, self._rested - self._clock.monotonic()))

    async def _pause(self, seconds: float) -> None:
        """Wait until something changed or the time is over, then let marks gather while most rows are in the air."""
        if not self._back:
            await self._within(seconds, self._changed)
        self._landed.clear()
        if self._back and len(self._air) > self._connections // 2:
            await self._within(COLLECT, self._landed)
        self._changed.clear()

    async def _within(self, seconds: float, happened: asyncio.Event) -> None:
        """Wait for what is to happen, but not longer than so many seconds."""
        alarm = asyncio.create_task(self._ring(seconds, happened))
        await happened.wait()
        alarm.cancel()

    async def _ring(self, seconds: float, happened: asyncio.Event) -> None:
        await self._clock.sleep(seconds)
        self._more = True
        happened.set()

    async def _carry(self, row: Claimed) -> None:
        """Take a row to Telegram and keep what came of it."""
        try:
            outcome = await self._carrier.carry(row)
        except TokenRefused as error:
            self._refused, outcome = error, given_back(row)
        except Exception as error:
            outcome = failed(row, error)
        finally:
            del self._air[row.id]
        if outcome.verdict.rest:
            self._rests[row.chat] = self._clock.monotonic() + outcome.verdict.rest
        self._back.append(outcome)
        if len(self._air) <= self._connections // 2:
            self._landed.set()
        self.wake()

    async def _write(self, tx: Transaction, back: Sequence[Outcome], now: int) -> None:
        """Write what became of rows, and what follows from it for their chats."""
        for outcome in back:
            if outcome.chat != outcome.row.chat:
                await outbox.move_chat(tx, outcome.row.chat, outcome.chat)
        if waits := [outcome.verdict.retry_after for outcome in back if outcome.verdict.retry_after]:
            await pace.keep(tx, max(waits), now)
        if back:
            await outbox.settle(tx, [outcome.mark(now) for outcome in back], now)
        if any(outcome.verdict.breaks_silence for outcome in back):
            await outbox.hasten(tx, OFTEN, now)
        for outcome in back:
            if outcome.verdict.closes or outcome.verdict.state == "failed":
                await self._follow(tx, outcome, now)

    async def _follow(self, tx: Transaction, outcome: Outcome, now: int) -> None:
        """Close the chat of a row that found it closed; tell of a row that failed."""
        row, verdict = outcome.row, outcome.verdict
        try:
            async with tx.savepoint():
                if verdict.closes:
                    await self._hooks.mark_chat(tx, row.chat, verdict.closes, now)
                    await outbox.close_chat(tx, row.chat, verdict.reason, now)
                else:
                    await self._hooks.on_failure(tx, row, verdict.reason)
        except Exception as error:
            if is_trouble(error):
                raise
            # A defect in telling of it must not stop the way out.
            log.error("after row %d: %s", row.id, type(error).__name__)
