"""The clock, and the ticks that APScheduler asks for when an hour of the programme has come."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

log = logging.getLogger(__name__)

WATCH = 60.0  # seconds between two looks at whether wall time was set
SET = 1000  # ms by which it then has left monotonic time
EARLY = timedelta(milliseconds=10)  # by so much a timer may be early without its moment being met a second time


class Clock(Protocol):
    """Wall time for business rules, monotonic time for pacing and time-outs."""

    def now(self) -> int:
        """Wall time, UTC ms."""

    def monotonic(self) -> float:
        """Seconds that only move forward."""

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds of this clock."""

    def real(self, moment_ms: int) -> datetime:
        """The machine's time, aware UTC, at which this clock will show that moment."""

    def on_move(self, callback: Callable[[], None]) -> None:
        """Have `callback` called in the event loop after the clock was moved."""


class SystemClock:
    """The machine's clock; it is never moved by us."""

    def now(self) -> int:
        """Wall time, UTC ms."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds that only move forward."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        await asyncio.sleep(seconds)

    def real(self, moment_ms: int) -> datetime:
        """The same moment."""
        return moment(moment_ms)

    def on_move(self, callback: Callable[[], None]) -> None:
        """Nothing: nobody moves this clock."""


def moment(milliseconds: int) -> datetime:
    """Return UTC milliseconds as an aware date and time."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


class ClockTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 has no types
    """Fires in the machine's time when `clock` shows what `inner` asks for."""

    def __init__(self, inner: CronTrigger, clock: Clock) -> None:
        self._inner, self._clock = inner, clock

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return when to fire next (apscheduler.triggers.base); both arguments are the machine's time."""
        start = moment(self._clock.now())
        if previous_fire_time:
            start += EARLY
        next_ = self._inner.get_next_fire_time(None, start.astimezone(self._inner.timezone))
        return self._clock.real(milliseconds(next_)) if next_ else None


def milliseconds(time_: datetime) -> int:
    """Return an aware date and time as UTC milliseconds."""
    return round(time_.timestamp() * 1000)


class Ticks:
    """Runs `tick` at start, each minute, at each of `hours` ('evening': '18:00') in `zone`, and when the clock moved.

    Ticks never overlap: one that is asked for while another runs follows it. What is due is decided by the tables: a
    tick that comes too often, or late, changes nothing.
    """

    def __init__(self, clock: Clock, tick: Callable[[], Awaitable[None]], zone: str, hours: Mapping[str, str]) -> None:
        self._clock, self._tick = clock, tick
        self._wanted = asyncio.Event()
        self._resting = True
        self._runner: asyncio.Task[None] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self.watch_every = WATCH
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self.plan(zone, hours)

    def plan(self, zone: str, hours: Mapping[str, str]) -> None:
        """Set the zone and the hours, also while running."""
        self._triggers = {"minute": CronTrigger(second=0, timezone=UTC)}
        for name, hour in hours.items():
            at = time_of_day.fromisoformat(hour)
            self._triggers[name] = CronTrigger(hour=at.hour, minute=at.minute, timezone=ZoneInfo(zone))
        if self._runner:
            self._schedule()

    def start(self) -> None:
        """Begin, with a tick at once; needs a running event loop."""
        self._clock.on_move(self._moved)
        self._runner = asyncio.create_task(self._run(), name="ticks")
        self._watcher = asyncio.create_task(self._watch(), name="watch")
        self._scheduler.start()
        self._schedule()
        self._wanted.set()

    async def stop(self) -> None:
        """End once the tick under way has ended."""
        if not self._runner or not self._watcher:
            return
        self._watcher.cancel()
        self._scheduler.shutdown(wait=False)
        runner, self._runner = self._runner, None
        self._wanted.set()
        await runner
        await asyncio.sleep(0)  # the scheduler's own shutdown runs in the loop

    def settled(self) -> bool:
        """Whether no tick runs and none has been asked for."""
        return self._resting and not self._wanted.is_set()

    def next_runs(self) -> list[tuple[str, int]]:
        """Return each trigger's name and next moment (UTC ms), the earliest first; also before `start`."""
        now = moment(self._clock.now())
        runs = [(name, trigger.get_next_fire_time(None, now)) for name, trigger in self._triggers.items()]
        return sorted(((name, milliseconds(at)) for name, at in runs if at), key=lambda run: run[1])

    def _schedule(self) -> None:
        self._scheduler.remove_all_jobs()
        for name, trigger in self._triggers.items():
            self._scheduler.add_job(self._want, ClockTrigger(trigger, self._clock), id=name)

    def ask(self) -> None:
        """Have a tick run soon, after the one under way."""
        self._wanted.set()

    async def _want(self) -> None:
        self.ask()

    def _moved(self) -> None:
        if self._runner:
            self._schedule()
            self._wanted.set()

    async def _watch(self) -> None:
        """Plan anew when the machine's clock was set: APScheduler would wait until the old time has come again."""
        apart = self._apart()
        while True:
            await self._clock.sleep(self.watch_every)
            before, apart = apart, self._apart()
            if abs(apart - before) > SET:
                self._moved()

    def _apart(self) -> float:
        return self._clock.now() - self._clock.monotonic() * 1000

    async def _run(self) -> None:
        while await self._wanted.wait() and self._runner:
            self._wanted.clear()
            self._resting = False
            try:
                await self._tick()
            except Exception as error:
                log.error("a tick failed: %s", type(error).__name__)
            finally:
                self._resting = True
