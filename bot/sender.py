"""Messages out: claims rows of the outbox on disk, makes their calls, and writes what became of them."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot import verdicts
from bot.api import Caller, NotSent, TokenRefused, Uncertain, Upload
from bot.clock import Clock
from bot.pace import Pace
from bot.presses import Presses
from bot.verdicts import Call, Verdict
from storage import outbox
from storage.database import Database, DatabaseError, Transaction
from storage.outbox import Claimed, Mark

log = logging.getLogger(__name__)

COLLECT = 0.01  # real seconds in which marks gather for one commit
AHEAD = 0.02  # seconds before its slot at which a row is claimed: no more than that are 'sending' without being sent
LONGEST_REST = 60.0  # seconds, between two tries and between two looks at the outbox
WAYS = 4  # how often a row may be said in another way before it fails
UNPACED = frozenset({"deleteMessage", "deleteMessages"})

MarkChat = Callable[[Transaction, int, str, int], Awaitable[object]]  # chat, 'blocked' or 'gone', now
OnFailure = Callable[[Transaction, Claimed, str], Awaitable[None]]  # the row, Telegram's description
Make = Callable[[str], Awaitable[Upload]]  # a file from its recipe


@dataclass(frozen=True)
class Hooks:
    """What the sender asks of others; `mark_chat` and `on_failure` run in the transaction that marks the row."""

    make: Make
    mark_chat: MarkChat
    on_failure: OnFailure


@dataclass(frozen=True)
class Outcome:
    """What became of a claimed row."""

    row: Claimed
    verdict: Verdict
    chat: int  # the row's, or the supergroup that its group became
    moved: bool = False

    def mark(self) -> Mark:
        """Return what is written into the row."""
        verdict = self.verdict
        moved = self.moved and verdict.state == "sent"
        return Mark(self.row.id, verdict.state, verdict.message, verdict.reason, verdict.doubted, moved)


class Sender:
    """The only one who talks to Telegram on behalf of the outbox. One `run()` a process."""

    def __init__(
        self, api: Caller, database: Database, clock: Clock, pace: Pace, hooks: Hooks, *, connections: int = 8
    ) -> None:
        self._api, self._database, self._clock, self._pace, self._hooks = api, database, clock, pace, hooks
        self._connections = connections
        self.presses = Presses(api, clock, pace)
        self.unformatted = 0  # texts whose formatting Telegram could not read: defects of ours
        self._tasks: set[asyncio.Task[None]] = set()
        self._air: dict[int, int] = {}  # rows in the air, with their chats
        self._back: list[Outcome] = []  # what came back and is not on the disk yet
        self._rests: dict[int, float] = {}  # until when (monotonic) a chat waits to be tried again
        self._silence = 0  # calls in a row that were not answered at all
        self._more = True  # a look at the outbox may find something to claim
        self._due: int | None = None  # the earliest due moment that the last look left
        self._seen = 0  # wall time of the last look
        self._changed, self._ended = asyncio.Event(), asyncio.Event()
        self._stopping: bool = False
        self._refused: TokenRefused | None = None
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
        return not (self._more or self._air or self._back or due) and self.presses.settled()

    def next_event(self) -> int | None:
        """Return when, UTC ms, there will be something to do; None when nothing is planned."""
        return self._due if self.settled() else self._clock.now() + int(self._patience() * 1000)

    async def run(self) -> None:
        """Send what is in the outbox until `stop`, first what was in the air when the bot died. Raises TokenRefused."""
        self._ended.clear()
        self._clock.on_move(self.wake)
        try:
            async with self._database.transaction() as tx:
                await outbox.recover(tx)
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
        back: list[Outcome] = []
        try:
            async with self._database.transaction() as tx:
                now, busy = self._clock.now(), self._busy()
                back, self._back = self._back, []
                await self._write(tx, back, now)
                claimed = await outbox.claim(tx, now, busy, limit) if limit else []
                if len(claimed) < limit:
                    self._more, self._due = False, await outbox.next_due(tx)
        except DatabaseError as error:  # a full disk: what came back is kept, nothing leaves
            log.error("the outbox cannot be written: %s", type(error).__name__)
            self._more, self._back = True, back + self._back
            await asyncio.sleep(1)
            return
        for row in claimed:
            self._air[row.id] = row.chat
            task = asyncio.create_task(self._carry(row), name=f"row {row.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _busy(self) -> list[int]:
        """Return the chats that must wait: one message a chat in the air, and rests after tries and bursts."""
        now = self._clock.monotonic()
        self._rests = {chat: until for chat, until in self._rests.items() if until > now}
        return [*self._air.values(), *self._rests, *self._pace.resting()]

    def _patience(self) -> float:
        """Return after how many seconds to look again, if nothing happens before."""
        if self._more:
            full = len(self._air) >= self._connections
            return LONGEST_REST if full else max(0.001, self._pace.wait() - AHEAD)
        if self._due is None or (ahead := (self._due - self._clock.now()) / 1000) > 0:
            return LONGEST_REST if self._due is None else min(LONGEST_REST, ahead)
        now = self._clock.monotonic()
        return min([LONGEST_REST, *self._pace.resting().values(), *(until - now for until in self._rests.values())])

    async def _pause(self, seconds: float) -> None:
        """Wait until something changed or the time is over, then let some marks gather."""
        if not self._back:
            alarm = asyncio.create_task(self._ring(seconds))
            await self._changed.wait()
            alarm.cancel()
        if self._back:
            await asyncio.sleep(COLLECT)
        self._changed.clear()

    async def _ring(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self.wake()

    async def _carry(self, row: Claimed) -> None:
        """Take a row to Telegram and keep what came of it."""
        try:
            outcome = await self._deliver(row)
        except TokenRefused as error:
            self._refused = error
            outcome = Outcome(row, Verdict(), row.chat)
        except Exception as error:  # a file that could not be made, or a defect of ours: never tried in a hot loop
            log.error("row %d failed: %s", row.id, type(error).__name__)
            outcome = Outcome(row, Verdict("failed", reason=type(error).__name__), row.chat)
        finally:
            del self._air[row.id]
        if outcome.verdict.rest:
            self._rests[row.chat] = self._clock.monotonic() + outcome.verdict.rest
        self._back.append(outcome)
        self.wake()

    async def _deliver(self, row: Claimed) -> Outcome:
        call, verdict = verdicts.call(row), Verdict()
        upload = await self._hooks.make(row.document) if row.document else None
        for _ in range(WAYS):
            if call.method not in UNPACED and not await self._pace.slot(call.chat):
                return Outcome(row, Verdict(), row.chat)
            self._changed.set()  # a slot was taken: the next row may be claimed
            verdict = await self._exchange(row, call, upload)
            if verdict.again is None:
                break
            call = verdict.again
            if call.plain:
                self._count_unformatted(row)
        return Outcome(row, verdict, call.chat, call.moved)

    async def _exchange(self, row: Claimed, call: Call, upload: Upload | None) -> Verdict:
        try:
            answer = await self._api.call(call.method, {"chat_id": call.chat} | call.parameters, upload=upload)
        except NotSent:
            self._unheard(patience=0)
            return Verdict()
        except Uncertain:
            self._unheard(patience=2)
            state: verdicts.State = "in doubt" if row.doubt == "hold" else "planned"
            return Verdict(state, rest=backoff(row.attempts), doubted=True)
        self._silence = 0
        verdict = verdicts.judge(call, answer)
        if verdict.retry_after:
            self._pace.too_fast(verdict.retry_after)
        return verdict

    def _count_unformatted(self, row: Claimed) -> None:
        self.unformatted += 1
        log.error("row %d: Telegram could not read the formatting", row.id)

    def _unheard(self, patience: int) -> None:
        """Count a call without an answer; after more than `patience` in a row all sending pauses, longer each time."""
        if not self._pace.held():
            self._silence += 1
            if self._silence > patience:
                self._pace.hold(backoff(self._silence - patience))

    async def _write(self, tx: Transaction, back: Sequence[Outcome], now: int) -> None:
        """Write what became of rows, and what follows from it for their chats."""
        if now < self._seen:
            await outbox.keep_due(tx, self._seen, now)
        self._seen = now
        for outcome in back:
            if outcome.chat != outcome.row.chat:
                await outbox.move_chat(tx, outcome.row.chat, outcome.chat)
        if back:
            await outbox.settle(tx, [outcome.mark() for outcome in back], now)
        for outcome in back:
            try:
                async with tx.savepoint():
                    await self._follow(tx, outcome, now)
            except DatabaseError:
                raise
            except Exception as error:  # a defect in telling of a failure must not stop the way out
                log.error("after row %d: %s", outcome.row.id, type(error).__name__)

    async def _follow(self, tx: Transaction, outcome: Outcome, now: int) -> None:
        """Close the chat of a row that found it closed; tell of a row that failed."""
        row, verdict = outcome.row, outcome.verdict
        if verdict.closes:
            await self._hooks.mark_chat(tx, row.chat, verdict.closes, now)
            await outbox.close_chat(tx, row.chat, verdict.reason, now)
        if verdict.state == "failed":
            await self._hooks.on_failure(tx, row, verdict.reason)


def backoff(attempt: int) -> float:
    """Return the seconds to wait after the nth try: 1, 2, 4 … 60."""
    return min(LONGEST_REST, 2.0 ** min(attempt - 1, 10))
