"""Backups of a running bot, and a bot that comes back from one."""

from pathlib import Path

import pytest

from bot import backups
from bot.seams import Seams
from storage import backup, recovery
from storage.database import WrongKey
from tests.bot import crew
from tests.bot.test_days import DAY, at
from tests.bot.test_privacy import erased
from tests.conftest import House


async def printed(house: House) -> str:
    """The recovery key, as `init` shows it."""
    paper = recovery.new_recovery_key()
    async with house.database.transaction() as tx:
        await recovery.keep(tx, paper)
    return paper


async def restored(house: House, file: Path, paper: str) -> backup.Restored:
    """The bot's machine is lost; it comes back from a backup and the paper."""
    await house.close()
    for lost in house.config.storage.folder.glob("istirak.db*"):
        lost.unlink()
    result = await backups.restore(house.config, Seams(), file, paper, house.clock.now())
    await house.open()
    await house.settle()
    return result


async def test_a_backup_is_made_while_the_bot_runs_and_old_ones_go(house: House) -> None:
    await printed(house)
    now = house.clock.now()
    assert backups.latest(house.config, now) is None
    first = await backups.make(house.config, Seams(), house.clock.now())
    assert backups.latest(house.config, now) == first
    second = await backups.make(house.config, Seams(), house.clock.now() + 31 * DAY)
    assert backup.backups(house.config.storage.backups) == [second]


async def test_reminders_that_fell_due_since_the_backup_wait_for_an_organiser_and_the_next_ones_come(
    house: House,
) -> None:
    paper = await printed(house)
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 12))
    file = await backups.make(house.config, Seams(), house.clock.now())
    await house.travel(at(1, 20))
    seen = len(aygun.received)
    assert seen == 2
    await restored(house, file, paper)
    assert len(aygun.received) == seen, "she is not reminded twice"
    doubted = await crew.rows(house, "SELECT state FROM outbox WHERE key LIKE 'remind:%'")
    assert doubted == [("in doubt",), ("in doubt",)]
    await house.travel(at(2, 9))
    assert "Bu gün" in aygun.received[-1].text


async def test_owners_are_told_once_that_the_bot_came_back_from_a_backup(house: House) -> None:
    paper = await printed(house)
    owner = await crew.member(house, "owner")
    file = await backups.make(house.config, Seams(), house.clock.now())
    await house.travel(days=2)
    before = len(owner.received)
    await restored(house, file, paper)
    assert len(owner.received) == before + 1
    assert owner.last.text.startswith("Bot ehtiyat surətindən bərpa olundu.")
    await house.travel(days=1)
    await house.close()
    await house.open()
    await house.settle()
    assert len(owner.received) == before + 1


async def test_a_restore_does_not_bring_an_erased_woman_back(house: House) -> None:
    paper = await printed(house)
    aygun, leyla = await crew.woman(house, "Aygün"), await crew.woman(house, "Leyla")
    file = await backups.make(house.config, Seams(), house.clock.now())
    await erased(house, aygun)
    result = await restored(house, file, paper)
    assert result.erased == 1
    assert await crew.rows(house, "SELECT name FROM people") == [("Leyla",)]
    await house.travel(at(1, 20))
    assert len(aygun.received) == 1
    assert len(leyla.received) == 2


async def test_a_survey_that_was_open_in_the_backup_answers_kindly_and_closes_empty(house: House) -> None:
    paper = await printed(house)
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(2, 17))
    file = await backups.make(house.config, Seams(), house.clock.now())
    question = aygun.last
    await restored(house, file, paper)
    await aygun.tap("5", question)
    await house.settle()
    assert aygun.toasts[-1]
    assert await crew.rows(house, "SELECT count(*) FROM failures") == [(0,)]
    await house.travel(at(6, 18))
    assert await crew.rows(house, "SELECT state FROM surveys WHERE session = 'lankaran-1'") == [("too few",)]


async def test_a_database_without_key_needs_the_paper(house: House) -> None:
    await printed(house)
    file = await backups.make(house.config, Seams(), house.clock.now())
    await house.close()
    house.config.storage.database.rename(house.folder / "aside.db")
    with pytest.raises(WrongKey):
        await backups.restore(house.config, Seams(), file, None, house.clock.now())
    (house.folder / "aside.db").rename(house.config.storage.database)
    await house.open()
