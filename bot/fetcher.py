"""Files in: fetches what people sent from Telegram, has it read, and gives what came of it a turn of its own."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.api import Answer, Caller, NotSent, Uncertain
from bot.clock import Clock
from bot.desk import Desk
from bot.table import Unreadable
from storage import fetches
from storage.database import Database, is_trouble
from storage.fetches import Fetch

log = logging.getLogger(__name__)

LARGEST = 2 * 2**20  # bytes; Telegram gives bots files of up to 20 MB (Bot API, getFile)
ATTEMPTS = 3  # how often a file may kill the process, or be got in part, before it is given up
LOOK_EVERY = 60.0  # seconds; a file that was sent is looked for at once
LONGEST_REST = 60.0  # seconds between two tries
PATIENCE = 12  # how often a file may fail while Telegram itself answers, some ten minutes, before it is given up
PAST = (400, 404)  # answers after which the file will not be had, ever

Download = Callable[[str, int], Awaitable[tuple[int, bytes]]]


@dataclass(frozen=True)
class Use:
    """What is done with the files of a purpose: how one is read, and what is said of it.

    `read` is given the content and works outside of any transaction; `tell` is given what it returned, or why there is
    nothing, in the transaction in which the file is done with.
    """

    read: Callable[[bytes], Awaitable[Any]]  # raises Unreadable
    tell: Callable[[Desk, Fetch, Any], Awaitable[None]]


class Fetcher:
    """Carries on every fetch that was asked for, one after the other; one that fails lets the others go first."""

    def __init__(
        self,
        caller: Caller,
        download: Download,
        database: Database,
        clock: Clock,
        uses: Mapping[str, Use],
        act: Callable[[Callable[[Desk], Awaitable[None]]], Awaitable[object]],
    ) -> None:
        self._caller, self._download, self._database, self._clock = caller, download, database, clock
        self._uses, self._act = uses, act  # `act` runs a function at a desk, in a transaction
        self._wanted = asyncio.Event()
        self._more, self._silence = True, 0
        self._failures: dict[int, int] = {}  # fetch → how often it failed; a start is patient anew
        self._rests: dict[int, float] = {}  # fetch → until when it rests, monotonic seconds

    def wake(self) -> None:
        """Look for files to be fetched soon."""
        self._wanted.set()

    def settled(self) -> bool:
        """Whether no file is waited for."""
        return not self._more and not self._wanted.is_set()

    async def run(self) -> None:
        """Fetch what is to be fetched, until cancelled; first what a stop interrupted."""
        while True:
            self._wanted.clear()
            self._more = True
            try:
                self._more, self._silence = await self.carry_on(), 0
            except (NotSent, Uncertain):
                self._silence += 1
            except Exception as error:
                if not is_trouble(error):
                    raise
                log.error("a file has to wait for the disk: %s", type(error).__name__)
                self._silence += 1
            await self._pause()

    async def carry_on(self) -> bool:
        """Fetch every file that waits and does not rest; tell whether some still wait.

        Raises NotSent or Uncertain when Telegram is away.
        """
        async with self._database.reading() as tx:
            waiting = await fetches.waiting(tx)
        for fetch in waiting:
            if self._rests.get(fetch.id, 0.0) <= self._clock.monotonic():
                await self._try(fetch)
        return bool(self._rests)

    async def _try(self, fetch: Fetch) -> None:
        """Be done with the file, or have it rest. Raises NotSent or Uncertain when Telegram is away."""
        try:
            result = await self._result(fetch)
        except (NotSent, Uncertain):
            await self._asked(await self._caller.call("getMe", {}))  # Telegram answers: so it is this file
            failures = self._failures[fetch.id] = self._failures.get(fetch.id, 0) + 1
            if failures < PATIENCE:
                self._rests[fetch.id] = self._clock.monotonic() + rest(failures)
                return
            log.warning("a file for %s is given up", fetch.purpose)
            result = Unreadable("gone")
        await self._act(partial(self._tell, fetch, result))
        self._failures.pop(fetch.id, None)
        self._rests.pop(fetch.id, None)

    async def _result(self, fetch: Fetch) -> Any:
        """Return what was read of the file, or an Unreadable that says why there is nothing."""
        try:
            if fetch.attempts >= ATTEMPTS:
                raise Unreadable("too much")
            content = await self._content(fetch)
            async with self._database.transaction() as tx:
                await fetches.attempt(tx, fetch.id)
            return await self._uses[fetch.purpose].read(content)
        except Unreadable as reason:
            return reason

    async def _content(self, fetch: Fetch) -> bytes:
        """Return the file. Raises Unreadable, NotSent or Uncertain."""
        answer = await self._asked(await self._caller.call("getFile", {"file_id": fetch.file}))
        path = answer.result.get("file_path") if answer.ok and isinstance(answer.result, dict) else None
        if not isinstance(path, str):
            raise Unreadable("big" if "too big" in answer.description else "gone")
        status, content = await self._download(path, LARGEST)
        if status in PAST:
            raise Unreadable("gone")
        if status != 200:
            raise Uncertain(f"a file: status {status}")
        if len(content) > LARGEST:
            raise Unreadable("big")
        return content

    async def _asked(self, answer: Answer) -> Answer:
        """Return the answer, if it is one to stay with. Raises Uncertain after a wait that Telegram asked for."""
        if answer.status == 429:
            await self._clock.sleep(answer.retry_after or 1.0)
        if not answer.ok and answer.status not in PAST:
            raise Uncertain(f"status {answer.status}")  # 401 is for poll and sender to tell
        return answer

    async def _tell(self, fetch: Fetch, result: Any, desk: Desk) -> None:
        """Be done with the file, and say what came of it; a defect in saying it is told without a word of the file."""
        if not await fetches.end(desk.tx, fetch.id):
            return
        try:
            async with desk.tx.savepoint():
                await self._uses[fetch.purpose].tell(desk, fetch, result)
        except Exception as error:
            if is_trouble(error):
                raise
            log.error("a file for %s could not be used: %s", fetch.purpose, type(error).__name__)
            desk.letters.clear()
            await self._uses[fetch.purpose].tell(desk, fetch, Unreadable("damaged"))

    async def _pause(self) -> None:
        """Wait until a file is sent, or has rested; while Telegram is away, for a rest that grows from try to try."""
        rested = min(self._rests.values(), default=math.inf) - self._clock.monotonic()
        seconds = rest(self._silence) if self._silence else max(0.0, min(rested, LOOK_EVERY))
        alarm = asyncio.create_task(self._clock.sleep(seconds))
        waits = [alarm] if self._silence else [alarm, asyncio.create_task(_flag(self._wanted))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def rest(failures: int) -> float:
    """Return the seconds to wait after so many failures: 2, 4, 8 … LONGEST_REST."""
    return min(LONGEST_REST, 2.0 ** min(failures, 10))


async def _flag(event: asyncio.Event) -> None:
    await event.wait()
