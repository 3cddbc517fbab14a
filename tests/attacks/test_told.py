"""What needs a person is told to the owner once, in a sentence, and once more when it is over; nothing is lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.seams import Seams
from bot.texts import Texts
from sandbox.phone import Phone
from storage.database import connect
from tests.attacks.test_troubles import fill_disk, lock_for, written_down
from tests.bot import crew
from tests.conftest import House

MINUTE, HOUR = 60_000, 3_600_000
FAST = 100  # virtual seconds in a real one
TEXTS = Texts.load()


def told(owner: Phone, cause: str, count: int | None = None) -> int:
    """How often the owner was told."""
    return [message.text for message in owner.received].count(TEXTS.get("az", f"alert.{cause}", count))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def full(house: House) -> AsyncIterator[None]:
    await fill_disk(house, full=True)
    yield
    await fill_disk(house, full=False)


@asynccontextmanager
async def read_only(house: House) -> AsyncIterator[None]:
    await house.database._writer.execute("PRAGMA query_only = ON")
    yield
    await house.database._writer.execute("PRAGMA query_only = OFF")


@asynccontextmanager
async def locked(house: House) -> AsyncIterator[None]:
    house.database.patience = "PRAGMA busy_timeout = 50"
    other = connect(house.config.storage.database, None, False)  # of the bot's own library, as in lock_for
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize("trouble", [full, read_only, locked])
async def test_a_disk_that_takes_nothing_is_told_once_while_it_lasts_and_once_when_it_is_over(
    house: House, trouble: Callable[[House], AbstractAsyncContextManager[None]]
) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await house.travel(hours=1)
    async with trouble(house):
        house.clock.set_rate(FAST)
        for number in range(20):
            await aygun.write(f"{number} " + "a" * 3000)
        await aygun.write("/days")
        await until(lambda: told(owner, "disk") == 1)
        began = house.clock.monotonic()
        await until(lambda: house.clock.monotonic() > began + 120)
        assert aygun.received == []
    await house.settle()
    await house.travel(hours=2)
    assert (told(owner, "disk"), told(owner, "disk.over")) == (1, 1)
    assert [message.text for message in aygun.received if "mart" in message.text], "what she asked for meanwhile came"
    assert await crew.rows(house, "SELECT count(*) FROM failures") == [(0,)]


async def test_an_owner_who_cannot_be_reached_is_called_once_and_nobody_storms(house: House) -> None:
    owner = await crew.member(house, "owner")
    owner.person.blocked = True
    before = len(house.sandbox.calls)
    async with read_only(house):
        house.clock.set_rate(FAST)
        began = house.clock.monotonic()
        await until(lambda: house.clock.monotonic() > began + 300)
    calls = [call.status for call in house.sandbox.calls[before:] if call.method == "sendMessage"]
    assert calls == [403]


async def test_a_lock_of_some_seconds_is_told_to_nobody(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    house.database.patience = "PRAGMA busy_timeout = 50"
    thread = await lock_for(house, 1)
    house.clock.set_rate(10)
    await aygun.write("/days")
    await asyncio.to_thread(thread.join)
    await house.settle()
    await house.travel(hours=1)
    assert (told(owner, "disk"), told(owner, "disk.over")) == (0, 0)


class Stiff:
    """Connections of which the writing ones take nothing until they are told."""

    def __init__(self) -> None:
        self.writers: list[Any] = []

    def connector(self, path: Path, key: bytes | None, read_only: bool) -> Any:
        connection = connect(path, key, read_only)
        if not read_only:
            connection.execute("PRAGMA query_only = ON")
            self.writers.append(connection)
        return connection

    def loosen(self) -> None:
        self.writers[-1].execute("PRAGMA query_only = OFF")


async def test_a_start_on_a_disk_that_takes_nothing_waits_and_is_told_once(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await house.close()
    stiff, seams = Stiff(), house.seams
    house.seams = Seams(connector=stiff.connector)
    starting = asyncio.create_task(house.open())
    await until(lambda: bool(stiff.writers))
    house.clock.set_rate(FAST)
    await aygun.write("/days")
    await until(lambda: told(owner, "disk") == 1)
    assert aygun.received == []
    await house.close()
    starting.cancel()
    starting = asyncio.create_task(house.open())
    await until(lambda: len(stiff.writers) == 2)
    began = house.clock.monotonic()
    await until(lambda: house.clock.monotonic() > began + 60)
    assert told(owner, "disk") == 1, "a restart in the same trouble tells nothing new"
    stiff.loosen()
    await starting
    await house.settle()
    await house.travel(hours=1)
    assert (told(owner, "disk"), told(owner, "disk.over"), len(aygun.received)) == (1, 1, 1)
    house.seams = seams


async def test_a_stop_on_a_disk_that_takes_nothing_ends_in_order_also_before_it_has_begun(house: House) -> None:
    await house.database._writer.execute("PRAGMA query_only = ON")
    await asyncio.wait_for(house.close(), 10)
    stiff = Stiff()
    house.seams = Seams(connector=stiff.connector)
    house.clock.set_rate(FAST)
    starting = asyncio.create_task(house.open())
    await until(lambda: bool(stiff.writers))
    await asyncio.sleep(0.1)
    await asyncio.wait_for(house.close(), 10)
    starting.cancel()


async def outage(house: House, owner: Phone, ms: int) -> None:
    """Telegram is away for so long, and an hour passes after it."""
    asked = house.sandbox.world.tick
    house.sandbox.network_away()
    await asyncio.sleep(0.1)
    house.clock.jump(house.clock.now() + ms)
    await asyncio.sleep(0.1)
    house.sandbox.network_away(False)
    house.clock.set_rate(FAST)
    await owner.write("/privacy")
    await owner.answered(asked)
    await house.travel(hours=1)


async def test_hours_without_telegram_are_told_when_they_are_over(house: House) -> None:
    owner = await crew.member(house, "owner")
    for minutes in (40, 130):
        await outage(house, owner, minutes * MINUTE)
    assert (told(owner, "away", 1), told(owner, "away", 2)) == (0, 1)


@pytest.mark.parametrize(("hours", "lost"), [(22, 0), (26, 1)])
async def test_a_day_without_telegram_is_told_once_as_what_costs_messages(house: House, hours: int, lost: int) -> None:
    """Telegram keeps updates for 24 hours: what was written and pressed before is gone, although the bot ran."""
    owner = await crew.member(house, "owner")
    await outage(house, owner, hours * HOUR)
    assert (told(owner, "away", hours), told(owner, "downtime")) == (1, lost)


async def test_a_clock_that_was_moved_is_told_each_way_and_a_journey_through_time_is_not(house: House) -> None:
    owner = await crew.member(house, "owner")
    await house.travel(hours=2)
    house.clock.set_wall_ahead(7 * MINUTE)
    await house.travel(hours=2)
    house.clock.set_wall_back(2 * MINUTE)
    await house.travel(hours=2)
    house.clock.set_wall_back(9 * MINUTE)
    await house.travel(hours=2)
    assert (told(owner, "clock ahead", 7), told(owner, "clock back", 9)) == (1, 1)
    assert not [message for message in owner.received if "2 dəqiqə" in message.text]


async def test_a_tick_that_goes_on_failing_is_told_and_does_not_hold_up_the_others(house: House) -> None:
    owner = await crew.member(house, "owner")
    async with house.database.transaction() as tx:
        await tx.run("ALTER TABLE notes RENAME TO elsewhere")
    for minutes in (2, 4, 60, 60):
        await house.travel(hours=minutes / 60)
        house.app.ticks.ask()
        await house.settle()
        assert told(owner, "tick") == (minutes > 2)
    async with house.database.transaction() as tx:
        await tx.run("ALTER TABLE elsewhere RENAME TO notes")
    await house.travel(hours=1)
    await house.travel(hours=1)
    assert (told(owner, "tick"), told(owner, "tick.over")) == (1, 1)


async def test_a_bot_that_ends_by_itself_again_and_again_is_told(house: House) -> None:
    owner = await crew.member(house, "owner")
    for expected in (0, 0, 1, 1):
        await house.close()
        await written_down(house, "INSERT INTO facts (name, value) VALUES ('running', '1')")
        await house.open()
        await house.settle()
        assert told(owner, "ends") == expected
