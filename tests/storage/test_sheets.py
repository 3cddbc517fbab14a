"""Sheets, answers, definitions and consents, as they stand on the disk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import consents, people, sheets
from storage.database import Database, DatabaseError, Transaction
from storage.sheets import Sheet

NOW = 1_800_000_000_000


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "sheets.db", None)
    async with database.transaction() as open_tx:
        await sheets.put_definition(open_tx, "hash", "registration", "{}")
        yield open_tx
    await database.close()


async def opened(tx: Transaction, **fields: object) -> Sheet:
    person = await people.welcome(tx, 700, NOW)
    sheet = Sheet("key", "registration", "hash", person, 700, "", "open", "name", NOW)
    return await sheets.open_sheet(tx, sheet._replace(**fields))  # type: ignore[arg-type]


async def kept(tx: Transaction) -> Sheet | None:
    """The sheet as the disk has it, without its rank among hers, which the storage counts."""
    sheet = await sheets.by_key(tx, "key")
    return sheet and sheet._replace(asked=(0, 0))


async def test_a_sheet_comes_back_as_it_was_opened(tx: Transaction) -> None:
    sheet = await opened(tx, answers={"name": "Aygün", "phone": None, "age": 5})
    assert await kept(tx) == sheet
    assert await sheets.open_of(tx, sheet.person) == [sheet._replace(asked=(1, 0))]


async def test_a_sheet_without_answers_has_none(tx: Transaction) -> None:
    sheet = await opened(tx)
    assert await kept(tx) == sheet
    assert sheet.answers == {}


async def test_a_key_that_nobody_has_finds_nothing(tx: Transaction) -> None:
    assert await sheets.by_key(tx, "other") is None


async def test_saving_adds_changes_and_removes_answers(tx: Transaction) -> None:
    before = await opened(tx, answers={"name": "Aygün", "group": "ngo"})
    after = before._replace(chat=701, step="phone", changed_at=NOW + 1, answers={"name": "Aygün Ə.", "region": "quba"})
    await sheets.save(tx, after, before)
    assert await kept(tx) == after


async def test_a_person_has_one_open_sheet_of_a_form_and_subject(tx: Transaction) -> None:
    sheet = await opened(tx)
    with pytest.raises(DatabaseError):
        await sheets.open_sheet(tx, sheet._replace(key="second"))


async def test_a_sheet_that_was_stopped_leaves_room_for_another(tx: Transaction) -> None:
    sheet = await opened(tx, answers={"name": "Aygün"})
    stopped = sheet._replace(state="cancelled", answers={})
    await sheets.save(tx, stopped, sheet)
    await sheets.open_sheet(tx, sheet._replace(key="second"))
    assert await kept(tx) == stopped
    assert [each.key for each in await sheets.open_of(tx, sheet.person)] == ["second"]


async def test_the_sheet_asked_last_comes_first_whatever_the_clock_says(tx: Transaction) -> None:
    first = await opened(tx)
    second = first._replace(key="second", form="recommendation", changed_at=NOW - 1)
    await sheets.open_sheet(tx, second)
    both = await sheets.open_of(tx, first.person)
    assert [(sheet.key, sheet.asked) for sheet in both] == [("second", (2, 0)), ("key", (1, 0))]
    await sheets.save(tx, first._replace(changed_at=NOW - 2), first)
    assert [sheet.key for sheet in await sheets.open_of(tx, first.person)] == ["key", "second"]


async def test_a_definition_never_changes(tx: Transaction) -> None:
    await sheets.put_definition(tx, "hash", "registration", "changed")
    assert await sheets.definition(tx, "hash") == "{}"
    with pytest.raises(LookupError):
        await sheets.definition(tx, "nothing")


async def test_a_consent_is_given_once_and_again_after_it_was_withdrawn(tx: Transaction) -> None:
    person = await people.welcome(tx, 700, NOW)
    assert await consents.give(tx, person, consents.TRAINING, "hash", NOW)
    assert not await consents.give(tx, person, consents.TRAINING, "newer", NOW + 1)
    assert await consents.withdraw(tx, person, consents.TRAINING, NOW + 2)
    assert not await consents.withdraw(tx, person, consents.TRAINING, NOW + 3)
    assert await consents.give(tx, person, consents.TRAINING, "newer", NOW + 4)
    given = [(each.definition, each.given_at, each.withdrawn_at) for each in await consents.of_person(tx, person)]
    assert given == [("hash", NOW, NOW + 2), ("newer", NOW + 4, None)]
