"""A clock that can be moved: sandbox, bot and tests read the same one, in one process or in several."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

NOTICE_SECONDS = 0.02
"""How soon, in real seconds, a sleeper notices that another process moved the clock."""

NEVER = timedelta(days=3650)
"""What a standing clock gives as the real distance to any later moment."""


class _Course(NamedTuple):
    """Where the clock stood at `origin` (seconds of the machine's CLOCK_MONOTONIC) and how fast it runs since."""

    wall_ms: float
    elapsed: float
    origin: float
    rate: float

    def since(self) -> float:
        """Virtual seconds since `origin`; never less than 0."""
        return max(0.0, time.monotonic() - self.origin) * self.rate


class _Sleeper:
    """Whoever sleeps until `deadline`, in virtual seconds: the future that is awaited, and the timer of its loop."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.loop = asyncio.get_running_loop()
        self.woken: asyncio.Future[None] = self.loop.create_future()
        self.timer: asyncio.TimerHandle | None = None


class VirtualClock:
    """Wall time and monotonic time that start at `start_ms` and run `rate` times as fast as the machine's.

    With a `file` every process that follows it (see `shared`) has the same time, whoever moves it: Linux gives all
    processes of a machine one CLOCK_MONOTONIC.
    """

    def __init__(self, start_ms: int, *, rate: float = 1.0, file: Path | None = None) -> None:
        self._begin(_Course(float(start_ms), 0.0, time.monotonic(), _checked(rate)), file)
        self._keep()

    @classmethod
    def shared(cls, file: Path) -> VirtualClock:
        """The clock that another process keeps in `file`; raises FileNotFoundError while there is none."""
        clock = cls.__new__(cls)
        clock._begin(_read(file), file)
        clock._seen = _stamp(file)
        return clock

    def now(self) -> int:
        """Wall time, UTC milliseconds."""
        course = self._current()
        return int(course.wall_ms + course.since() * 1000)

    def monotonic(self) -> float:
        """Seconds since the clock began; moves on with jumps and the rate, never back."""
        course = self._current()
        return course.elapsed + course.since()

    def rate(self) -> float:
        """Virtual seconds in a real one."""
        return self._current().rate

    async def sleep(self, seconds: float) -> None:
        """Return after so many virtual seconds, at once when the clock is moved past them."""
        deadline = self.monotonic() + seconds
        await asyncio.sleep(0)
        sleeper = _Sleeper(deadline)
        self._sleepers.add(sleeper)
        try:
            self._see(sleeper)
            self._watch()
            await sleeper.woken
        finally:
            self._sleepers.discard(sleeper)
            if sleeper.timer:
                sleeper.timer.cancel()

    def real(self, moment_ms: int) -> datetime:
        """The machine's time (aware, UTC) at which this clock will show, or showed, `moment_ms`."""
        course = self._current()
        # The one place of the sandbox that needs the machine's own date: a scheduler of real time is told when to wake.
        machine = datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)
        ahead = (moment_ms - course.wall_ms) / 1000 - course.since()
        if course.rate == 0:
            return machine + NEVER if ahead > 0 else machine
        return machine + max(-NEVER, min(NEVER, timedelta(seconds=ahead / course.rate)))

    def jump(self, to_ms: int) -> None:
        """Show `to_ms` from now on, all sleepers before it awake; raises ValueError if it is past."""
        course = self._rebased()
        ahead_ms = to_ms - course.wall_ms
        if ahead_ms < -1:
            raise ValueError(f"the clock shows a later time than {to_ms}; set_wall_back() turns wall time back")
        self._set(course._replace(wall_ms=float(to_ms), elapsed=course.elapsed + max(0.0, ahead_ms / 1000)))

    def set_rate(self, rate: float) -> None:
        """Run `rate` times as fast as the machine from now on; 0 makes the clock stand."""
        self._set(self._rebased()._replace(rate=_checked(rate)))

    def hurry(self, rate: float) -> None:
        """Run at another rate for a moment: sleepers keep to it; who only wants to hear of moves hears nothing."""
        self._course = self._rebased()._replace(rate=_checked(rate))
        self._keep()
        self._stir()

    def pass_by(self, seconds: float) -> None:
        """Be so many seconds further; sleepers keep to it; who only wants to hear of moves hears nothing."""
        course = self._rebased()
        self._course = course._replace(wall_ms=course.wall_ms + seconds * 1000, elapsed=course.elapsed + seconds)
        self._keep()
        self._stir()

    def set_wall_back(self, by_ms: int) -> None:
        """Turn wall time back, as a corrected machine clock does; monotonic time goes on."""
        course = self._rebased()
        self._set(course._replace(wall_ms=course.wall_ms - by_ms))

    def set_wall_ahead(self, by_ms: int) -> None:
        """Put wall time ahead, as a machine clock that somebody sets; monotonic time goes on."""
        self.set_wall_back(-by_ms)

    def on_move(self, callback: Callable[[], None]) -> None:
        """Have `callback` called, in the event loop, after every jump or change of rate, also of another process."""
        self._callbacks.append(callback)
        self._watch()

    def _begin(self, course: _Course, file: Path | None) -> None:
        self._course = course
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._callbacks: list[Callable[[], None]] = []
        self._sleepers: set[_Sleeper] = set()
        self._watcher: tuple[asyncio.AbstractEventLoop, asyncio.TimerHandle] | None = None

    def _current(self) -> _Course:
        """The course, read anew if another process has moved the clock."""
        if self._file is not None and (stamp := _stamp(self._file)) != self._seen:
            self._seen = stamp
            self._course = _read(self._file)
            self._moved()
        return self._course

    def _rebased(self) -> _Course:
        course = self._current()
        since = course.since()
        return course._replace(
            wall_ms=course.wall_ms + since * 1000,
            elapsed=course.elapsed + since,
            origin=time.monotonic(),
        )

    def _set(self, course: _Course) -> None:
        self._course = course
        self._keep()
        self._moved()

    def _keep(self) -> None:
        if self._file is None:
            return
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        fresh.write_text(json.dumps(self._course._asdict()))
        fresh.replace(self._file)
        self._seen = _stamp(self._file)

    def _moved(self) -> None:
        self._stir()
        loop = _running_loop()
        for callback in self._callbacks:
            if loop:
                loop.call_soon(callback)
            else:
                callback()

    def _stir(self) -> None:
        """Have all sleepers see anew how long they still sleep."""
        here = _running_loop()
        for sleeper in tuple(self._sleepers):
            if sleeper.loop is here:
                self._see(sleeper)  # not by a callback, which would wake the loop for each of them
            elif not sleeper.woken.done():
                sleeper.loop.call_soon_threadsafe(self._see, sleeper)

    def _see(self, sleeper: _Sleeper) -> None:
        """Wake whoever has slept enough; else look again after what is left at today's rate. In its own loop."""
        left = sleeper.deadline - self.monotonic()  # where the clock turns out to have been moved, it was just seen
        if sleeper.timer:
            sleeper.timer.cancel()
            sleeper.timer = None
        if sleeper.woken.done():
            return
        rate = self._course.rate
        if left <= 0:
            sleeper.woken.set_result(None)
        elif rate:
            sleeper.timer = sleeper.loop.call_later(left / rate, self._see, sleeper)

    def _watch(self) -> None:
        """Look at the file again and again, as long as someone sleeps or wants to hear of moves."""
        if self._file is None or not (self._sleepers or self._callbacks):
            return
        if (loop := _running_loop()) is None:
            return
        if self._watcher is None or self._watcher[0] is not loop or self._watcher[1].when() < loop.time() - 1:
            self._watcher = (loop, loop.call_later(NOTICE_SECONDS, self._look))

    def _look(self) -> None:
        self._watcher = None
        self._current()
        self._watch()


def _checked(rate: float) -> float:
    if rate < 0:
        raise ValueError("a clock's rate is 0 or more; set_wall_back() turns wall time back")
    return rate


def _read(file: Path) -> _Course:
    return _Course(**json.loads(file.read_text()))


def _stamp(file: Path) -> tuple[int, int]:
    seen = os.stat(file)  # noqa: PTH116 - on every reading of the clock: a third of the cost of Path.stat
    return seen.st_mtime_ns, seen.st_ino


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
