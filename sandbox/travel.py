"""Time travel: the clock is moved from one thing that will happen to the next, so that nothing is skipped over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from sandbox.clock import VirtualClock

NextEvent = Callable[[], Awaitable[int | None]]
"""When the next thing will happen (UTC milliseconds), or None if nothing is planned."""
Settled = Callable[[], Awaitable[bool]]
"""Whether everything that is due has been done."""

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 20.0
"""How long, in real seconds, one stop of a journey waits for the bot to come to rest."""


@dataclass(frozen=True)
class Stuck(Exception):
    """Something due at `moment_ms` was not done while the journey waited for it."""

    moment_ms: int


class Journey:
    """At most one journey through time; `target` is where it goes (None: nowhere), `note` how the last one ended."""

    def __init__(
        self, clock: VirtualClock, next_event: NextEvent, settled: Settled, changed: Callable[[], None]
    ) -> None:
        self.clock = clock
        self.next_event = next_event
        self.settled = settled
        self.changed = changed
        self.target: int | None = None
        self.note = ""
        self._task: asyncio.Task[None] | None = None

    async def to_next(self) -> None:
        """Set out for the next event; where nothing is planned the note says so."""
        if (moment := await self.next_event()) is None:
            self._end("Nothing is planned.")
        else:
            self.to(max(moment, self.clock.now()))

    def to(self, target_ms: int) -> None:
        """Set out for a moment, unless a journey is on."""
        if self.target is None:
            self.target = target_ms
            self._task = asyncio.create_task(self._go(target_ms))
            self.changed()

    async def arrived(self) -> None:
        """Return when no journey is on."""
        if self._task:
            await asyncio.wait({self._task})

    async def stop(self) -> None:
        """End the journey where it is."""
        if self._task and not self._task.done():
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._end("Stopped.")

    async def _go(self, target_ms: int) -> None:
        try:
            stops = await self._through(target_ms)
        except Stuck:
            self._end("Stopped: something that is due is not being done.")
        except Exception:
            log.exception("time travel ended")
            self._end("Stopped: the bot could not say what comes next.")
        else:
            self._end(f"Arrived. Stops on the way: {stops}." if stops else "Arrived.")

    async def _through(self, target_ms: int) -> int:
        """Move to `target_ms`, stopping at each event; gives the number of stops."""
        stops = 0
        seen: int | None = None
        await self._rest()
        while (moment := await self.next_event()) is not None and moment < target_ms:
            if moment == seen:
                raise Stuck(moment)
            seen = moment
            stops += 1
            await self._stand_at(moment)
        await self._stand_at(target_ms)
        return stops

    async def _stand_at(self, moment_ms: int) -> None:
        self.clock.jump(max(moment_ms, self.clock.now()))
        self.changed()
        await self._rest()

    async def _rest(self) -> None:
        """Wait until everything due is done, or patience is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await self.settled():  # noqa: ASYNC110 - the bot may be another process: it has to be asked
                    await asyncio.sleep(LOOK_SECONDS)

    def _end(self, note: str) -> None:
        self.target = None
        self.note = note
        self.changed()
