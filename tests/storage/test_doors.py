"""Doors: one for a region and a partner, who came in by it and who registered, and one that is closed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import doors, erasures, people, places
from storage.database import Database, Transaction
from storage.doors import Door
from tests.storage.place import WEEK_BEFORE, settle

NIGAR, SONA = 7, 8
NOW = WEEK_BEFORE


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await settle(tx, "lankaran-1")
        yield tx
    await database.close()


async def made(tx: Transaction, region: str = "lankaran", partner: str = "Qadın evi", user: int = NIGAR) -> Door:
    await doors.begin(tx, region, user, NOW)
    named = await doors.name(tx, user, partner)
    assert named
    return named[0]


async def came(tx: Transaction, chat: int, code: str, *, registers: bool = False) -> int:
    person = await people.welcome(tx, chat, NOW)
    await doors.enter(tx, person, code)
    if registers:
        await people.register(tx, person, f"Qadın {chat}", "lankaran", "ngo", "", NOW)
        await places.ask(tx, person, "lankaran", "ngo", NOW)
    return person


async def counts(tx: Transaction, code: str) -> tuple[int, int]:
    door = await doors.by_code(tx, code)
    assert door
    return door.came, door.registered


async def test_the_same_region_and_partner_have_the_same_door(tx: Transaction) -> None:
    first = await made(tx)
    assert len(first.code) == doors.LETTERS
    assert (await made(tx, partner="QADIN EVİ", user=SONA)).code == first.code
    others = [await made(tx, region=""), await made(tx, partner=""), await made(tx, partner="Qonaq evi")]
    assert len({first.code, *(door.code for door in others)}) == 4
    assert [door.partner for door in await doors.every(tx)].count("Qadın evi") == 2
    assert not await doors.is_in_hand(tx, NIGAR) and not await doors.is_in_hand(tx, SONA)


async def test_partners_in_letters_that_cannot_be_folded_are_not_one(tx: Transaction) -> None:
    assert len({(await made(tx, partner=name)).code for name in ("", "საქართველო", "Հայ", "…")}) == 4


async def test_codes_differ(tx: Transaction) -> None:
    assert len({(await made(tx, partner=f"Tərəfdaş {number}")).code for number in range(50)}) == 50


async def test_who_came_and_who_of_them_registered_is_counted(tx: Transaction) -> None:
    door, other = await made(tx), await made(tx, partner="")
    for chat in range(1, 4):
        await came(tx, chat, door.code, registers=chat == 1)
    await came(tx, 4, other.code, registers=True)
    await came(tx, 5, "nosuchdoor00")
    assert (await counts(tx, door.code), await counts(tx, other.code)) == ((3, 1), (1, 1))


async def test_the_first_door_counts_and_only_for_a_visitor(tx: Transaction) -> None:
    door, other = await made(tx), await made(tx, partner="")
    visitor, registered = await came(tx, 1, door.code), await came(tx, 2, "", registers=True)
    for person in (visitor, registered):
        await doors.enter(tx, person, other.code)
    assert (await counts(tx, door.code), await counts(tx, other.code)) == ((1, 0), (0, 0))


async def test_a_closed_door_counts_nobody_more_and_a_new_one_may_be_made(tx: Transaction) -> None:
    door = await made(tx)
    await came(tx, 1, door.code)
    assert await doors.close(tx, door.code, NOW)
    assert not await doors.close(tx, door.code, NOW + 1)
    await came(tx, 2, door.code)
    assert await counts(tx, door.code) == (1, 0)
    new = await made(tx)
    assert new.code != door.code
    assert [each.is_open for each in await doors.every(tx)] == [True, False]


async def test_a_door_in_hand_is_no_door_yet_and_the_next_takes_its_place(tx: Transaction) -> None:
    await doors.begin(tx, "lankaran", NIGAR, NOW)
    await doors.begin(tx, "", NIGAR, NOW)
    await doors.begin(tx, "", SONA, NOW)
    assert await doors.every(tx) == []
    [code, _] = [row[0] for row in await tx.all("SELECT code FROM doors ORDER BY made_by")]
    assert await doors.by_code(tx, code) is None
    await came(tx, 1, code)
    assert await tx.all("SELECT 1 FROM people WHERE door <> ''") == []
    assert await doors.drop(tx, NIGAR)
    assert await doors.name(tx, NIGAR, "Qadın evi") is None
    await doors.forget(tx, NOW)
    assert await doors.is_in_hand(tx, SONA)
    await doors.forget(tx, NOW + 1)
    assert not await doors.is_in_hand(tx, SONA)


async def test_an_erasure_takes_the_source_with_the_woman(tx: Transaction) -> None:
    door = await made(tx)
    person = await came(tx, 1, door.code, registers=True)
    await erasures.remove(tx, person, NOW)
    assert await counts(tx, door.code) == (0, 0)
    assert await tx.all("SELECT 1 FROM people WHERE door <> ''") == []


async def test_a_woman_is_told_by_which_door_she_came(tx: Transaction) -> None:
    door = await made(tx)
    by_it, by_none = await came(tx, 1, door.code), await came(tx, 2, "")
    found = await doors.of_person(tx, by_it)
    assert found and (found.code, found.partner) == (door.code, "Qadın evi")
    assert await doors.of_person(tx, by_none) is None
