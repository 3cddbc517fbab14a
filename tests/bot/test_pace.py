"""The pace: never more than 30 in any second, short bursts in a chat, and `retry_after` obeyed by everyone."""

import asyncio
from bisect import bisect_left
from collections.abc import Coroutine
from typing import Any

import pytest

from bot.pace import BURST, Pace
from sandbox.clock import VirtualClock

PRIVATE, GROUP = 100_001, -100_001


@pytest.fixture
async def clock() -> VirtualClock:
    """A clock that stands until the test moves it."""
    return VirtualClock(1_800_000_000_000, rate=0)


async def pass_time(clock: VirtualClock, seconds: float, step_ms: int = 1) -> None:
    """Move the clock in small steps, and let everyone who wakes do what they want."""
    until = clock.now() + round(seconds * 1000)
    while clock.now() < until:
        clock.jump(clock.now() + step_ms)
        for _ in range(4):
            await asyncio.sleep(0)


def running(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return asyncio.create_task(coroutine)


async def send(pace: Pace, clock: VirtualClock, moments: list[float], count: int, chat: int | None = None) -> None:
    for number in range(count):
        if await pace.slot(chat or PRIVATE + number):
            moments.append(clock.monotonic())


def fullest(moments: list[float], seconds: float = 1.0) -> int:
    """Return the most moments that lie in any span of so many seconds."""
    return max(bisect_left(moments, start + seconds) - index for index, start in enumerate(moments))


@pytest.mark.parametrize("step_ms", [1, 7, 40])
async def test_never_more_than_thirty_leave_in_any_second_however_late_the_timers_are(
    clock: VirtualClock, step_ms: int
) -> None:
    moments: list[float] = []
    pace = Pace(clock)
    task = running(send(pace, clock, moments, 10_000))
    await pass_time(clock, 12, step_ms)
    task.cancel()
    assert fullest(moments) <= 30
    assert fullest(moments, 1.045) <= 30  # so that what arrives unevenly is not too much either
    assert len(moments) >= (28.0 if step_ms < 30 else 24.0) * 12


async def test_after_a_stall_there_is_no_burst(clock: VirtualClock) -> None:
    moments: list[float] = []
    task = running(send(Pace(clock), clock, moments, 10_000))
    await pass_time(clock, 1)
    clock.jump(clock.now() + 5_000)
    await pass_time(clock, 2)
    task.cancel()
    assert fullest(moments, 0.1) <= 5
    assert fullest(moments) <= 30


async def test_a_slower_pace_is_kept(clock: VirtualClock) -> None:
    moments: list[float] = []
    task = running(send(Pace(clock, per_second=5), clock, moments, 100))
    await pass_time(clock, 10, 5)
    task.cancel()
    assert 48 <= len(moments) <= 51


async def test_a_chat_may_have_a_burst_and_then_one_a_second(clock: VirtualClock) -> None:
    pace = Pace(clock)
    taken = running(send(pace, clock, [], BURST, PRIVATE))
    await pass_time(clock, 0.1)
    assert taken.done()
    assert pace.resting()[PRIVATE] == pytest.approx(0.9, abs=0.05)
    await pass_time(clock, 0.95)
    assert pace.resting() == {}
    again = running(send(pace, clock, [], 1, PRIVATE))
    await pass_time(clock, 0.1)
    assert again.done() and pace.resting()[PRIVATE] > 0.8


async def test_a_group_has_at_most_twenty_in_any_minute(clock: VirtualClock) -> None:
    pace, moments = Pace(clock), list[float]()
    for _ in range(3_000):
        if not pace.resting():
            assert await pace.slot(GROUP)
            moments.append(clock.monotonic())
        clock.jump(clock.now() + 100)
    assert fullest(moments, 60.0) <= 20
    assert len(moments) >= 80  # in five minutes


async def test_too_fast_stops_everyone_and_whoever_waits_gives_up(clock: VirtualClock) -> None:
    pace, moments = Pace(clock), list[float]()
    task = running(send(pace, clock, moments, 3))
    await pass_time(clock, 0.01)
    pace.too_fast(60)
    await pass_time(clock, 0.1)
    assert task.done() and len(moments) == 1
    assert pace.held() and pace.room(10) == 0 and pace.wait() > 59
    clock.jump(clock.now() + 60_000)
    assert not pace.held() and pace.room(0.1) >= 1


async def test_after_a_429_the_pace_is_halved_and_creeps_back(clock: VirtualClock) -> None:
    pace = Pace(clock)
    pace.too_fast(5)
    pace.too_fast(5)  # of a call that was in the air at the same time: it counts once
    clock.jump(clock.now() + 5_000)
    rates = []
    for _ in range(4):
        moments: list[float] = []
        task = running(send(pace, clock, moments, 1_000))
        await pass_time(clock, 10, 5)
        task.cancel()
        await asyncio.sleep(0)
        rates.append(len(moments) / 10)
        clock.jump(clock.now() + 15_000)
    assert 14 <= rates[0] <= 16.5
    assert rates == sorted(rates)
    assert rates[-1] >= 27


async def test_the_pace_is_never_halved_down_to_nothing(clock: VirtualClock) -> None:
    pace = Pace(clock)
    for _ in range(20):
        pace.too_fast(1)
        clock.jump(clock.now() + 1_000)
    assert await pace.slot(PRIVATE)
    assert pace.wait() < 2


async def test_room_counts_the_slots_that_nobody_waits_for(clock: VirtualClock) -> None:
    pace = Pace(clock)
    assert pace.room(0.02) == 1
    assert await pace.slot(PRIVATE)
    room = pace.room(0.2)
    waiting = running(send(pace, clock, [], 1))
    await asyncio.sleep(0)
    assert pace.room(0.2) == room - 1
    waiting.cancel()
