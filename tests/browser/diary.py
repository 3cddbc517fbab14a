"""What the sample bot has planned: it says each thing when its moment has come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sandbox.clock import VirtualClock

Say = Callable[[], Awaitable[object]]


class Diary:
    """Events by moment (UTC milliseconds); `kept` lists when each one was done, by the sandbox's clock."""

    def __init__(self) -> None:
        self.clock: VirtualClock | None = None
        self.planned: list[tuple[int, Say]] = []
        self.kept: list[int] = []

    def plan(self, moment: int, say: Say) -> None:
        self.planned.append((moment, say))
        self.planned.sort(key=lambda event: event[0])

    async def next_event(self) -> int | None:
        return self.planned[0][0] if self.planned else None

    async def settled(self) -> bool:
        assert self.clock
        if not self.planned or self.planned[0][0] > self.clock.now():
            return True
        moment, say = self.planned.pop(0)
        self.kept.append(moment)
        await say()
        return False
