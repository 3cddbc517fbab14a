"""The disk and the network turn against the bot: nothing is lost, nothing comes twice, and it always ends in order."""

import asyncio
import threading
from typing import Any

import pytest

from sandbox import faults
from sandbox.clock import VirtualClock
from sandbox.phone import Phone
from storage.database import Database, connect
from tests.bot import crew
from tests.bot.post import Post, letter
from tests.bot.test_days import at
from tests.conftest import House

MINUTE = 60_000
WOMEN = 12


async def lock_for(house: House, seconds: float) -> threading.Thread:
    """Have another connection hold the database's write lock for so many real seconds; it is held on return.

    It is of the bot's own SQLite library: locks of another one in the same process would not be seen (fcntl(2)).
    """
    held = threading.Event()

    def hold() -> None:
        other = connect(house.config.storage.database, None, False)
        other.execute("BEGIN IMMEDIATE")
        held.set()
        threading.Event().wait(seconds)
        other.execute("ROLLBACK")
        other.close()

    thread = threading.Thread(target=hold)
    thread.start()
    await asyncio.to_thread(held.wait)
    return thread


async def fill_disk(house: House, full: bool) -> None:
    """Let the writer's file grow no further, or again."""
    house.clock.set_rate(1)
    pages = 1 if full else 2**30
    await house.database._writer.execute(f"PRAGMA max_page_count = {pages}")


async def women(house: House) -> list[Phone]:
    return [await crew.woman(house, f"Aygün {number}") for number in range(WOMEN)]


async def reminded_once(house: House, phones: list[Phone], kind: str = "eve") -> None:
    """Every woman has one reminder of the kind, on the disk and on her phone."""
    rows = await crew.rows(house, "SELECT state FROM outbox WHERE key GLOB 'remind:lankaran-1:*:' || ?", kind)
    assert rows == [("sent",)] * len(phones)
    opening = {"eve": "Sabah", "morning": "Bu gün"}[kind]
    assert [sum(opening in message.text for message in phone.received) for phone in phones] == [1] * len(phones)


async def test_a_stop_ends_it_although_telegram_went_away_right_after_the_introduction(house: House) -> None:
    await house.close()
    house.sandbox.faults.plan("deleteWebhook", fault=faults.CUT_BEFORE, times=1000)
    await house.open()
    await asyncio.sleep(0.1)
    await asyncio.wait_for(house.close(), 5)


async def test_a_stop_ends_it_in_the_middle_of_a_conflict(house: House) -> None:
    await asyncio.wait_for(house.sandbox.polled(), 10)
    house.sandbox.faults.plan("getUpdates", fault=faults.status(409, "Conflict: terminated by other"), times=1000)
    house.sandbox.drop_connections()
    await asyncio.sleep(0.3)
    await asyncio.wait_for(house.close(), 5)


async def test_a_stop_ends_it_while_it_waits_for_a_full_disk(house: House) -> None:
    await fill_disk(house, full=True)
    phone = house.phone()
    for number in range(40):
        await phone.write(f"{number} " + "a" * 3000)
    await asyncio.sleep(1.5)
    await fill_disk(house, full=False)
    await asyncio.wait_for(house.close(), 10)


async def test_a_stop_while_the_database_is_locked_ends_and_the_update_is_there_at_the_next_start(house: House) -> None:
    thread = await lock_for(house, 1)
    phone = house.phone()
    await phone.start()
    await asyncio.sleep(0.5)
    await asyncio.wait_for(house.close(), 15)
    await asyncio.to_thread(thread.join)
    await house.open()
    await house.settle()
    assert len(phone.received) == 1


async def test_a_database_locked_for_longer_than_anyone_waits_loses_nothing(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    aygun = await crew.woman(house, "Aygün")
    house.database.patience = "PRAGMA busy_timeout = 200"  # ms, of 5,000
    thread = await lock_for(house, 1)
    await aygun.write("/days")
    await aygun.write("/help")
    await asyncio.to_thread(thread.join)
    assert "updates was dropped" in caplog.text, "the control: it was too long"
    await house.settle()
    assert len(aygun.received) == 2


async def test_a_disk_that_fills_up_before_the_reminders_and_in_their_middle_neither_loses_nor_doubles_one(
    house: House,
) -> None:
    phones = await women(house)
    await house.travel(at(1, 18, 59))
    await fill_disk(house, full=True)
    house.clock.jump(at(1, 19))
    await asyncio.sleep(0.5)
    assert await crew.rows(house, "SELECT 1 FROM reminders") == []
    await fill_disk(house, full=False)
    house.clock.jump(at(1, 19, 1))
    async with asyncio.timeout(10):
        while not any(phone.received for phone in phones):
            await asyncio.sleep(0.001)
    await fill_disk(house, full=True)
    await asyncio.sleep(1)
    await fill_disk(house, full=False)
    await house.settle()
    await reminded_once(house, phones)


async def test_a_file_that_can_only_be_read_for_a_while_loses_nothing(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.database._writer.execute("PRAGMA query_only = ON")
    await aygun.write("/days")
    await asyncio.sleep(0.5)
    assert aygun.received == []
    await house.database._writer.execute("PRAGMA query_only = OFF")
    await house.settle()
    assert len(aygun.received) == 1


async def test_a_stop_in_the_middle_of_the_reminders_and_a_new_start_send_each_once(house: House) -> None:
    phones = await women(house)
    await house.travel(at(1, 18, 59))
    house.clock.set_rate(1)
    house.clock.jump(at(1, 19))
    async with asyncio.timeout(10):
        while not any(phone.received for phone in phones):
            await asyncio.sleep(0.001)
    await house.close()
    states = {row[0] for row in await written_down(house, "SELECT state FROM outbox WHERE key GLOB 'remind:*:eve'")}
    assert states == {"sent", "planned"}, "the control: it was in the middle"
    await house.open()
    await house.settle()
    await reminded_once(house, phones)
    assert await crew.rows(house, "SELECT 1 FROM outbox WHERE doubted > 0") == []


async def written_down(house: House, sql: str) -> list[tuple[Any, ...]]:
    """What stands in the database of a bot that does not run."""
    database = await Database.open(house.config.storage.database, None)
    try:
        async with database.transaction() as tx:
            return await tx.all(sql)
    finally:
        await database.close()


async def test_what_was_in_the_air_at_a_death_is_sent_again_and_listed(house: House) -> None:
    phones = await women(house)
    await house.travel(at(1, 18, 59))
    await house.close()
    house.clock.jump(at(1, 19))
    await house.open()
    await house.settle()
    await house.close()
    await written_down(house, "UPDATE outbox SET state = 'sending', parameters = '{\"text\": \"Sabah\"}' WHERE id = 1")
    await house.open()
    await house.settle()
    assert sum(len(phone.received) for phone in phones) == 2 * WOMEN + 1
    assert await crew.rows(house, "SELECT id, state, doubted FROM outbox WHERE doubted > 0") == [(1, "sent", 1)]


@pytest.mark.parametrize("conflict", [True, False])
async def test_ten_minutes_without_telegram_lose_nothing(house: House, conflict: bool) -> None:
    phones = await women(house)
    await house.travel(at(1, 18, 59))
    house.clock.set_rate(200)
    if conflict:
        house.sandbox.faults.plan("getUpdates", fault=faults.status(409, "Conflict: terminated by other"), times=15)
        house.sandbox.drop_connections()
    else:
        house.sandbox.network_away()
    await phones[0].write("/help")
    house.clock.jump(house.clock.now() + 5 * MINUTE)
    await asyncio.sleep(0.5)
    house.clock.jump(house.clock.now() + 5 * MINUTE)
    house.sandbox.network_away(False)
    await house.settle()
    await reminded_once(house, phones)
    assert any("Bu bot" in message.text or "/privacy" in message.text for message in phones[0].received)


async def test_ten_minutes_without_telegram_at_the_start_lose_nothing(house: House) -> None:
    phones = await women(house)
    await house.close()
    house.sandbox.network_away()
    starting = asyncio.create_task(house.open())
    house.clock.set_rate(200)
    await phones[0].write("/help")
    house.clock.jump(at(1, 19))
    await asyncio.sleep(0.5)
    house.clock.jump(at(1, 19, 10))
    house.sandbox.network_away(False)
    await starting
    await house.settle()
    await reminded_once(house, phones)


class SlowDisk:
    """A connection whose commits take a while."""

    def __init__(self, inner: Any) -> None:
        self._inner, self.seconds = inner, 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def execute(self, sql: str, *more: Any) -> Any:
        if sql == "COMMIT":
            threading.Event().wait(self.seconds)
        return self._inner.execute(sql, *more)


async def test_a_rest_that_ends_during_a_slow_commit_does_not_cost_a_minute(
    house: House, clock: VirtualClock, tmp_path: Any
) -> None:
    post, disks = Post(tmp_path, house.sandbox, clock), list[SlowDisk]()
    await post.open()
    await post.database.close()

    def slow(*how: Any) -> SlowDisk:
        disks.append(SlowDisk(connect(*how)))
        return disks[-1]

    post.database = post.sender._database = await Database.open(tmp_path / "bot.db", None, slow)
    post.database.on_message(post.sender.wake)
    post.start()
    aygun = await post.phone()
    try:
        await post.add(*(letter(aygun, str(number)) for number in range(4)))
        await post.until(lambda: len([each for each in aygun.received if each.text.isdigit()]) == 3)
        await post.until(lambda: post.pace.resting().get(aygun.id, 1) < 0.2)
        disks[0].seconds = 0.5
        post.sender.wake()
        await post.until(lambda: len([each for each in aygun.received if each.text.isdigit()]) == 4)
    finally:
        disks[0].seconds = 0.0
        await post.close()


async def test_who_taps_fast_has_each_next_question_within_a_second(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(2, 16, 1))
    house.clock.set_rate(2)
    waited = []
    for label in ("5", "Tam yerində", "Bəli", "Bəli"):
        count, tapped = len(aygun.received), house.clock.monotonic()
        await aygun.tap(label, aygun.last)
        async with asyncio.timeout(10):
            while len(aygun.received) == count:
                await asyncio.sleep(0.001)
        waited.append(house.clock.monotonic() - tapped)
        await house.clock.sleep(max(0.0, 0.9 - waited[-1]))
    assert max(waited) < 1, waited
