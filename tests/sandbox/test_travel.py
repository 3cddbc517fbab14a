"""Time travel: every event on the way is stood at, in order, before the clock goes on."""

from __future__ import annotations

import asyncio

import pytest

from sandbox import travel
from sandbox.clock import VirtualClock

START = 1_772_517_600_000
HOUR = 3_600_000


class Diary:
    """Events that are done a few looks after their moment has come, as a bot does them."""

    def __init__(self, clock: VirtualClock, moments: list[int]) -> None:
        self.clock = clock
        self.waiting = sorted(moments)
        self.done: list[tuple[int, int]] = []
        self.looks = 0

    async def next_event(self) -> int | None:
        return self.waiting[0] if self.waiting else None

    async def settled(self) -> bool:
        if not self.waiting or self.waiting[0] > self.clock.now():
            return True
        self.looks += 1
        if self.looks % 3 == 0:
            self.done.append((self.waiting.pop(0), self.clock.now()))
        return False


def journey(clock: VirtualClock, diary: Diary) -> travel.Journey:
    return travel.Journey(clock, diary.next_event, diary.settled, lambda: None)


async def arrived(one: travel.Journey) -> None:
    async with asyncio.timeout(10):
        await one.arrived()


async def test_nothing_is_skipped_over() -> None:
    clock = VirtualClock(START, rate=0)
    diary = Diary(clock, [START + hours * HOUR for hours in (1, 5, 5, 23, 30)])
    one = journey(clock, diary)
    one.to(START + 24 * HOUR)
    await arrived(one)
    assert diary.done == [(START + hours * HOUR,) * 2 for hours in (1, 5, 5, 23)]
    assert clock.now() == START + 24 * HOUR


async def test_the_next_event_is_where_the_journey_ends() -> None:
    clock = VirtualClock(START, rate=0)
    diary = Diary(clock, [START + HOUR, START + 2 * HOUR])
    one = journey(clock, diary)
    await one.to_next()
    await arrived(one)
    assert clock.now() == START + HOUR
    assert diary.done == [(START + HOUR, START + HOUR)]


async def test_where_nothing_is_planned_the_clock_stays() -> None:
    clock = VirtualClock(START, rate=0)
    one = journey(clock, Diary(clock, []))
    await one.to_next()
    assert (clock.now(), one.note) == (START, "Nothing is planned.")


async def test_a_journey_can_be_stopped_on_the_way() -> None:
    clock = VirtualClock(START, rate=0)
    rests = asyncio.Event()

    async def next_event() -> int | None:
        return clock.now() + HOUR

    async def settled() -> bool:
        rests.set()
        return clock.now() < START + 3 * HOUR

    one = travel.Journey(clock, next_event, settled, lambda: None)
    one.to(START + 100 * HOUR)
    await rests.wait()
    await one.stop()
    assert clock.now() <= START + 3 * HOUR
    assert one.target is None


async def test_a_bot_that_falls_over_ends_the_journey() -> None:
    clock = VirtualClock(START, rate=0)

    async def next_event() -> int | None:
        raise RuntimeError

    async def settled() -> bool:
        return True

    one = travel.Journey(clock, next_event, settled, lambda: None)
    one.to(START + HOUR)
    await arrived(one)
    assert (clock.now(), one.target) == (START, None)
    assert "could not say" in one.note


@pytest.mark.parametrize("hours", [1, 24])
async def test_what_is_due_and_never_done_stops_the_journey(hours: int) -> None:
    """A bot that does not do what it says is seen, not passed by."""
    clock = VirtualClock(START, rate=0)

    async def next_event() -> int | None:
        return START + HOUR // 2

    async def settled() -> bool:
        return True

    one = travel.Journey(clock, next_event, settled, lambda: None)
    one.to(START + hours * HOUR)
    await arrived(one)
    assert clock.now() == START + HOUR // 2
    assert "not being done" in one.note
