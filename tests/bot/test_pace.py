"""The pace: never more than 30 in any second, short bursts in a chat, and `retry_after` obeyed by everyone."""

import asyncio
import random
from bisect import bisect_left
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from bot.pace import BURST, Pace, Slot, keep, kept
from sandbox.clock import VirtualClock
from sandbox.limits import Limits
from sandbox.refusals import Refused
from storage.database import Database

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
    clock.jump(clock.now() + 2_000)
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


async def refusals(pace: Pace, clock: VirtualClock, limits: Limits, minutes: float) -> list[float]:
    """Send all that the pace allows; return when Telegram, which takes so many a second, refused."""
    refused, chat, until = list[float](), 0, clock.now() + round(minutes * 60_000)
    while clock.now() < until:
        if pace.wait() <= 0:
            chat += 1
            assert await pace.slot(chat)
            try:
                limits.take(chat, private=True)
            except Refused as refusal:
                refused.append(clock.monotonic())
                pace.too_fast((refusal.parameters or {})["retry_after"])
        clock.jump(clock.now() + 20)
    return refused


async def test_a_limit_below_ours_is_learnt_from_one_refusal_and_probed_rarely(clock: VirtualClock) -> None:
    pace, limits = Pace(clock), Limits(clock, a_second=20)
    assert len(await refusals(pace, clock, limits, 10)) == 1
    before = len(limits._all)
    assert before >= 17  # of 20 in the last second: it has crept back
    clock.jump(clock.now() + 3600_000)
    assert len(await refusals(pace, clock, limits, 5)) == 1  # the probe of an hour
    limits.a_second = 30
    clock.jump(clock.now() + 6 * 3600_000)
    assert await refusals(pace, clock, limits, 1) == []
    assert len(limits._all) >= 28  # and the limit that was raised is found


async def test_a_limit_that_falls_while_we_send_is_learnt_from_two_refusals_at_most(clock: VirtualClock) -> None:
    pace, limits = Pace(clock), Limits(clock)
    assert await refusals(pace, clock, limits, 1) == []
    limits.a_second = 15
    assert len(await refusals(pace, clock, limits, 20)) <= 2
    assert len(limits._all) >= 12


async def test_what_is_learnt_never_leaves_less_than_a_quarter_of_the_pace(clock: VirtualClock) -> None:
    """Telegram allows a message a second for a while: many refusals in a row, each of a slower pace."""
    pace, limits = Pace(clock, per_second=28.0), Limits(clock, a_second=1)
    assert len(await refusals(pace, clock, limits, 2)) >= 5
    clock.jump(clock.now() + 10 * 60_000)  # all halvings have passed; what was learnt stays for hours
    limits.a_second = 30
    assert await refusals(pace, clock, limits, 0.5) == []
    assert 6 <= len(limits._all) <= 8  # in the last second


async def test_a_chat_that_was_too_fast_does_not_slow_the_others_for_long(clock: VirtualClock) -> None:
    pace = Pace(clock)
    assert await pace.slot(PRIVATE)
    pace.too_fast(1)
    clock.jump(clock.now() + 61_000)
    assert await refusals(pace, clock, Limits(clock), 0.1) == []
    assert pace.room(1.0) >= 28


@pytest.mark.parametrize("lived", [0.01, 0.3, 1.0])
async def test_bots_that_are_killed_again_and_again_send_no_more_than_one(clock: VirtualClock, lived: float) -> None:
    moments: list[float] = []
    for _ in range(20):
        task = running(send(Pace(clock), clock, moments, 1_000))
        await pass_time(clock, lived)
        task.cancel()
        clock.jump(clock.now() + 300)  # a process does not start sooner
    assert fullest(moments) <= 30


async def test_a_chat_has_no_second_burst_from_a_bot_that_was_killed(clock: VirtualClock) -> None:
    limits = Limits(clock)
    for _ in range(2):
        pace = Pace(clock)
        for _ in range(8):
            if not pace.resting() and pace.wait() <= 0:
                assert await pace.slot(PRIVATE)
                limits.take(PRIVATE, private=True)
            clock.jump(clock.now() + 50)


async def test_a_long_wait_is_remembered_and_not_longer_than_it_was(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "bot.db", None)
    async with database.transaction() as tx:
        await keep(tx, 1.0, 1_000_000)
        assert await kept(tx, 1_000_000) == 0
        await keep(tx, 600, 1_000_000)
        assert await kept(tx, 1_100_000) == 500
        assert await kept(tx, 2_000_000) == 0
        assert await kept(tx, 0) == 600  # the clock was turned back
    await database.close()


async def test_what_was_held_up_on_its_way_does_not_arrive_in_one_second_with_too_much_else(
    clock: VirtualClock,
) -> None:
    pace, chance, landed = Pace(clock), random.Random(1), list[float]()
    flying: list[tuple[float, Slot]] = []
    for _ in range(40_000):  # steps of 2 ms
        if pace.wait() <= 0 and (slot := await pace.slot(len(landed))):
            stall = 0.1 if chance.random() < 0.03 else 0.0
            flying.append((clock.monotonic() + chance.uniform(0.02, 0.06) + stall, slot))
        for arrived, slot in [each for each in flying if each[0] <= clock.monotonic()]:
            flying.remove((arrived, slot))
            landed.append(arrived)
            pace.answered(slot)
        clock.jump(clock.now() + 2)
    assert fullest(sorted(landed)) <= 30
    assert len(landed) >= 80 * 27
