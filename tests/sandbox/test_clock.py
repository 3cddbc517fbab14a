"""The clock that sandbox and bot share: what must be true of its time, its sleepers and its file."""

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.clock import VirtualClock

START = 1_767_225_600_000


def test_it_starts_where_it_is_told_and_runs_at_its_rate() -> None:
    began = time.monotonic()
    clock = VirtualClock(START, rate=3600)
    time.sleep(0.01)
    now = clock.now()
    assert START + 30_000 <= now <= START + (time.monotonic() - began) * 3_600_000
    assert clock.monotonic() >= 30


def test_a_jump_moves_both_times_and_never_back() -> None:
    clock = VirtualClock(START, rate=0)
    clock.jump(START + 5_000)
    assert (clock.now(), clock.monotonic()) == (START + 5_000, 5.0)
    with pytest.raises(ValueError, match="later time"):
        clock.jump(START)


def test_wall_time_can_be_turned_back_while_monotonic_time_goes_on() -> None:
    clock = VirtualClock(START, rate=0)
    clock.jump(START + 60_000)
    clock.set_wall_back(10_000)
    assert (clock.now(), clock.monotonic()) == (START + 50_000, 60.0)
    clock.jump(START + 51_000)
    assert clock.monotonic() == 61.0


def test_wall_time_can_be_put_ahead_while_monotonic_time_goes_on() -> None:
    clock = VirtualClock(START, rate=0)
    clock.set_wall_ahead(3_600_000)
    assert (clock.now(), clock.monotonic()) == (START + 3_600_000, 0.0)


def test_a_rate_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        VirtualClock(START, rate=-1)


def test_real_tells_when_the_machine_will_be_there() -> None:
    clock = VirtualClock(START, rate=60)
    ahead = clock.real(START + 3_600_000) - datetime.now(UTC)
    assert 59 < ahead.total_seconds() <= 60.1
    clock.set_rate(0)
    assert (clock.real(START + 3_600_000) - datetime.now(UTC)).days > 3_000


async def test_a_sleeper_wakes_at_once_when_the_clock_is_moved_past_it() -> None:
    clock = VirtualClock(START, rate=0)
    sleeper = asyncio.create_task(clock.sleep(3_600))
    await asyncio.sleep(0)
    clock.jump(START + 3_599_000)
    await asyncio.sleep(0.01)
    assert not sleeper.done()
    clock.jump(START + 3_600_000)
    await asyncio.wait_for(sleeper, 1)


async def test_a_sleeper_follows_a_change_of_rate() -> None:
    clock = VirtualClock(START, rate=0)
    sleeper = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    clock.set_rate(100_000)
    await asyncio.wait_for(sleeper, 1)
    assert clock.monotonic() >= 60


async def test_moves_are_told_to_listeners_in_the_loop() -> None:
    clock = VirtualClock(START)
    heard = asyncio.Event()
    clock.on_move(heard.set)
    clock.set_rate(2)
    await asyncio.wait_for(heard.wait(), 1)


async def test_a_cancelled_sleep_leaves_nothing_behind() -> None:
    clock = VirtualClock(START)
    sleeper = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    sleeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeper
    clock.jump(START + 3_600_000)


async def test_clocks_on_one_file_move_together_whoever_moves_them(tmp_path: Path) -> None:
    ours = VirtualClock(START, rate=0, file=tmp_path / "clock.json")
    theirs = VirtualClock.shared(tmp_path / "clock.json")
    heard = asyncio.Event()
    theirs.on_move(heard.set)
    sleeper = asyncio.create_task(theirs.sleep(1_000))
    await asyncio.sleep(0)
    ours.jump(START + 1_000_000)
    await asyncio.wait_for(sleeper, 1)
    await asyncio.wait_for(heard.wait(), 1)
    theirs.jump(START + 2_000_000)
    assert (ours.now(), ours.monotonic()) == (START + 2_000_000, 2_000.0)


def test_another_process_has_the_same_time(tmp_path: Path) -> None:
    clock = VirtualClock(START, rate=10, file=tmp_path / "clock.json")
    clock.jump(START + 86_400_000)
    script = (
        "import sys; from pathlib import Path; from sandbox.clock import VirtualClock;"
        "print(VirtualClock.shared(Path(sys.argv[1])).now())"
    )
    before = clock.now()
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "clock.json")], capture_output=True, text=True, check=True
    )
    assert before <= int(ran.stdout) <= clock.now()


def test_no_clock_is_shared_where_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        VirtualClock.shared(tmp_path / "none.json")
