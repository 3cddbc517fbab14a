"""Ticks come at start, each minute, at the programme's hours in its zone, and at once when the clock was moved."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bot.clock import Clock, SystemClock, Ticks, milliseconds, moment
from sandbox.clock import VirtualClock

BAKU = ZoneInfo("Asia/Baku")
HOURS = {"evening": "18:00", "morning": "08:30"}


def at(text: str) -> int:
    """Return a moment of a day in Baku as UTC ms."""
    return milliseconds(datetime.fromisoformat(f"2027-02-22 {text}").replace(tzinfo=BAKU))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.002)


class Diary:
    """Writes down at which moments ticks ran."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.moments: list[int] = []
        self.together = self.most_together = 0
        self.fault: Exception | None = None
        self.seconds = 0.0

    async def tick(self) -> None:
        self.moments.append(self.clock.now())
        self.together += 1
        self.most_together = max(self.most_together, self.together)
        await asyncio.sleep(self.seconds)
        self.together -= 1
        if self.fault:
            raise self.fault

    def ran(self, since: int, before: int) -> bool:
        return any(since <= ran < before for ran in self.moments)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(at("10:00:30"))


@pytest.fixture
def diary(clock: VirtualClock) -> Diary:
    return Diary(clock)


@pytest.fixture
async def ticks(clock: VirtualClock, diary: Diary) -> AsyncIterator[Ticks]:
    made = Ticks(clock, diary.tick, "Asia/Baku", HOURS)
    made.start()
    await until(lambda: bool(diary.moments) and made.settled())
    yield made
    await made.stop()


async def test_a_tick_runs_at_start(ticks: Ticks, diary: Diary) -> None:
    assert len(diary.moments) == 1


async def test_an_hour_of_the_programme_is_met_by_the_virtual_clock(
    ticks: Ticks, diary: Diary, clock: VirtualClock
) -> None:
    clock.jump(at("17:59:59.900"))
    await until(lambda: diary.ran(at("18:00"), at("18:01")))


async def test_a_jump_over_the_hour_is_followed_by_a_tick_at_once(
    ticks: Ticks, diary: Diary, clock: VirtualClock
) -> None:
    clock.jump(at("19:30:10"))
    await until(lambda: diary.ran(at("19:30:10"), at("19:31")))
    assert len(diary.moments) == 2  # one, not one for each minute that was jumped over


async def test_a_tick_runs_each_minute_also_when_the_clock_was_sped_up(
    ticks: Ticks, diary: Diary, clock: VirtualClock
) -> None:
    clock.set_rate(600)
    await until(lambda: len(diary.moments) >= 5)
    next_ = ticks._scheduler.get_job("minute").next_run_time
    assert next_ - datetime.now(UTC) <= timedelta(minutes=1) / 600


async def test_a_standing_clock_has_no_ticks(ticks: Ticks, diary: Diary, clock: VirtualClock) -> None:
    clock.set_rate(0)
    await until(lambda: len(diary.moments) == 2 and ticks.settled())
    await asyncio.sleep(0.05)
    assert len(diary.moments) == 2


async def test_ticks_never_overlap_and_one_that_is_asked_for_meanwhile_follows(
    ticks: Ticks, diary: Diary, clock: VirtualClock
) -> None:
    diary.seconds = 0.2
    clock.jump(at("11:00:10"))
    await until(lambda: diary.together == 1)
    clock.jump(at("12:00:10"))
    await asyncio.sleep(0.01)
    clock.jump(at("13:00:10"))
    await until(lambda: diary.ran(at("13:00:10"), at("13:01")) and ticks.settled())
    assert diary.most_together == 1
    assert len(diary.moments) == 3  # at start, at the first jump, and one for the two jumps meanwhile


async def test_a_tick_that_fails_is_logged_by_its_type_and_does_not_stop_the_next(
    ticks: Ticks, diary: Diary, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    diary.fault = ValueError("Sevinc")
    with caplog.at_level(logging.DEBUG):
        clock.jump(at("11:00:10"))
        await until(lambda: len(diary.moments) == 2)
        clock.jump(at("12:00:10"))
        await until(lambda: len(diary.moments) == 3)
    assert "ValueError" in caplog.text and "Sevinc" not in caplog.text


async def test_stop_waits_for_the_tick_under_way_and_none_follows(clock: VirtualClock, diary: Diary) -> None:
    diary.seconds = 0.05
    ticks = Ticks(clock, diary.tick, "Asia/Baku", HOURS)
    ticks.start()
    await until(lambda: diary.together == 1)
    await ticks.stop()
    assert diary.together == 0
    clock.jump(at("19:00"))
    await asyncio.sleep(0.03)
    assert len(diary.moments) == 1


async def test_the_next_runs_are_known_without_running(clock: VirtualClock, diary: Diary) -> None:
    ticks = Ticks(clock, diary.tick, "Asia/Baku", HOURS)
    assert ticks.next_runs() == [
        ("minute", at("10:01")),
        ("evening", at("18:00")),
        ("morning", at("08:30") + 24 * 3_600_000),
    ]


async def test_the_hours_are_hours_of_the_zone(clock: VirtualClock, diary: Diary) -> None:
    ticks = Ticks(clock, diary.tick, "UTC", {"evening": "18:00"})
    assert ("evening", at("22:00")) in ticks.next_runs()
    ticks.plan("Asia/Baku", {"evening": "19:00"})
    assert ("evening", at("19:00")) in ticks.next_runs()


async def test_wall_time_turned_back_meets_its_hours_again(ticks: Ticks, diary: Diary, clock: VirtualClock) -> None:
    clock.jump(at("18:30:10"))
    await until(lambda: len(diary.moments) == 2)
    clock.set_wall_back(31 * 60_000)
    await until(lambda: diary.ran(at("17:59"), at("18:00")))
    assert dict(ticks.next_runs())["evening"] == at("18:00")
    clock.jump(at("17:59:59.800"))
    await until(lambda: diary.ran(at("18:00"), at("18:01")))


async def test_a_machine_clock_that_is_set_back_holds_up_no_tick() -> None:
    diary = Diary(SystemClock())
    ticks = Ticks(diary.clock, diary.tick, "Asia/Baku", HOURS)
    ticks.watch_every = 0.05
    ticks.start()
    await until(lambda: len(diary.moments) == 1)
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=True):
        await until(lambda: len(diary.moments) == 2)
        assert ticks._scheduler.get_job("minute").next_run_time - datetime.now(UTC) <= timedelta(minutes=1)
        await ticks.stop()


async def test_the_systems_clock_is_the_machines() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    assert abs(clock.real(clock.now()) - datetime.now(UTC)).total_seconds() < 1
    assert milliseconds(moment(clock.now())) <= clock.now()
    await clock.sleep(0.01)
    assert 0.009 < clock.monotonic() - before < 5
    clock.on_move(lambda: pytest.fail("nobody moves it"))
