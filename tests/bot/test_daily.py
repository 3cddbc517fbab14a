"""The bot makes a backup each day by itself; what is too old goes, and the owners know when there is none."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import backups, seams
from bot.seams import Seams
from sandbox.phone import Phone
from storage import backup, facts
from tests.bot import crew
from tests.conftest import DAY, HOUR, House

FIRST = "istirak-20270222T233000Z.db"  # half past three in the morning of the 23rd in Baku


class Disk:
    """A disk for the backups that can be broken, or so slow that it waits for us."""

    def __init__(self) -> None:
        self.is_broken = False
        self.asked, self.goes_on = threading.Event(), threading.Event()
        self.goes_on.set()

    def replace(self, new: Path, target: Path) -> None:
        self.asked.set()
        self.goes_on.wait(10)
        if self.is_broken:
            raise OSError(28, "No space left on device")
        seams.replace(new, target)


@pytest.fixture
async def disk(house: House) -> Disk:
    found = Disk()
    await house.close()
    house.seams = Seams(replace=found.replace)
    await house.open()
    await house.settle()  # a backup that is due at the start has been made
    return found


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.002)


def has(phone: Phone, count: int) -> Callable[[], bool]:
    return lambda: len(phone.received) >= count


def names(house: House) -> list[str]:
    return [path.name for path in backup.backups(house.config.storage.backups)]


async def test_there_is_one_backup_a_day_at_its_hour(house: House) -> None:
    await house.travel(hours=17.4)
    assert names(house) == [], "its hour has not come"
    await house.travel(hours=0.2)
    [made] = names(house)
    assert abs((backup.made_at(Path(made)) or 0) - (backup.made_at(Path(FIRST)) or 0)) < HOUR
    await house.travel(hours=20)
    assert names(house) == [made]
    for _ in range(3):
        await house.travel(days=1)
    assert len(names(house)) == 4


async def test_what_was_slept_over_is_made_up_once_at_start(house: House) -> None:
    await house.close()
    house.clock.jump(house.clock.now() + 5 * DAY)
    await house.open()
    await house.settle()
    assert len(names(house)) == 1
    await house.travel(hours=1)
    assert len(names(house)) == 1


async def test_a_backup_of_a_moment_to_come_counts_for_nothing(house: House) -> None:
    ahead = await backups.make(house.config, Seams(), house.clock.now() + 400 * DAY)
    async with house.database.transaction() as tx:
        await facts.put(tx, backups.SINCE, str(house.clock.now() + 400 * DAY))
    await house.travel(hours=1)
    assert len(names(house)) == 2
    newest = backups.latest(house.config, house.clock.now())
    assert newest
    assert newest != ahead


async def test_owners_are_told_once_when_none_can_be_made_and_once_when_it_is_over(house: House, disk: Disk) -> None:
    owner, organiser = await crew.member(house, "owner"), await crew.member(house, "organiser", "Könül")
    before = len(owner.received), len(organiser.received)
    disk.is_broken = True
    await house.travel(hours=35)
    assert len(owner.received) == before[0], "one that failed is tried again before anybody is called"
    await house.travel(hours=2)
    for _ in range(3):
        await house.travel(days=1)
    await house.close()
    await house.open()
    await house.settle()
    assert [message.text[:18] for message in owner.received[before[0] :]] == ["36 saatdan çoxdur "]
    disk.is_broken = False
    await house.travel(hours=1)
    await house.travel(days=1)
    assert [message.text for message in owner.received[before[0] + 1 :]] == ["Ehtiyat surəti yenə hər gün çıxarılır."]
    assert len(organiser.received) == before[1]


async def test_old_backups_go_on_their_day_although_no_new_one_can_be_made(house: House, disk: Disk) -> None:
    for _ in range(2):
        await house.travel(days=1)
    assert len(names(house)) == 2
    disk.is_broken = True
    house.clock.jump(house.clock.now() + 29 * DAY)
    await house.settle()
    assert len(names(house)) == 1, "the first is thirty days old"
    house.clock.jump(house.clock.now() + DAY)
    await house.settle()
    assert list(house.config.storage.backups.glob("*istirak-*")) == []


async def test_nobody_waits_for_a_slow_disk_and_a_stop_waits_for_the_copy(house: House, disk: Disk) -> None:
    aygun = await crew.woman(house, "Aygün")
    disk.goes_on.clear()
    disk.asked.clear()
    house.clock.jump(house.clock.now() + DAY)
    async with asyncio.timeout(5):
        while not disk.asked.is_set():
            await asyncio.sleep(0.002)
        await aygun.write("/days")
        while not aygun.received:
            await asyncio.sleep(0.002)
    assert not await house.app.settled()
    assert names(house) == []
    closing = asyncio.create_task(house.close())
    await asyncio.sleep(0.2)
    assert not closing.done()
    disk.goes_on.set()
    await closing
    assert len(names(house)) == 1


async def test_owners_are_told_of_a_disk_that_hangs_and_everything_else_goes_on(house: House, disk: Disk) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await house.travel(hours=18)
    told = len(owner.received)
    disk.goes_on.clear()
    disk.asked.clear()
    house.clock.jump(house.clock.now() + DAY)
    await until(disk.asked.is_set)
    for hours, alerts in ((11, 0), (2, 0), (0.1, 1), (30, 1)):  # the newest is 35, 37 and 67 hours old
        house.clock.jump(house.clock.now() + round(hours * HOUR))
        await until(has(owner, told + alerts))
        next_one = has(aygun, len(aygun.received) + 1)
        await aygun.write("/days")
        await until(next_one)
        assert len(owner.received) == told + alerts
    assert owner.last.text.startswith("36 saatdan çoxdur ")
    disk.goes_on.set()
    await until(has(owner, told + 2))
    await house.settle()
    assert [message.text for message in owner.received[told + 1 :]] == ["Ehtiyat surəti yenə hər gün çıxarılır."]


async def test_a_stop_leaves_a_backup_that_hangs_and_is_clean_all_the_same(
    house: House, disk: Disk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(backups, "LONGEST_STOP", 0.05)
    disk.goes_on.clear()
    disk.asked.clear()
    house.clock.jump(house.clock.now() + DAY)
    await until(disk.asked.is_set)
    await house.close()
    assert "left unfinished" in caplog.text
    assert names(house) == []
    disk.goes_on.set()  # the thread ends after us
    await house.open()
    assert await crew.rows(house, "SELECT 1 FROM facts WHERE name = 'ends'") == [], "no end without a stop was counted"
