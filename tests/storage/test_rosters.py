"""A roster goes through its states once; whom the bot knows is told by phone and name, merged records included."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import fetches, people, rosters
from storage.database import Database, Transaction
from storage.rosters import Known, Shown
from tests.storage import place

NOW = place.WEEK_BEFORE
NIGAR, LALA = 1, 2
SHOWN = Shown("hash", "{}", "definition", "plan")


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await place.settle(tx)
        await tx.run("INSERT INTO definitions VALUES ('definition', 'registration', '{}')")
        yield tx
    await database.close()


async def state(tx: Transaction, roster: int) -> tuple[str, str]:
    [row] = await tx.all("SELECT state, body FROM rosters WHERE id = ?", (roster,))
    return row[0], row[1]


async def test_there_is_one_roster_in_hand_for_each_who_sends(tx: Transaction) -> None:
    first = await rosters.preview(tx, NIGAR, NIGAR, SHOWN, NOW)
    other = await rosters.preview(tx, LALA, LALA, SHOWN, NOW)
    second = await rosters.preview(tx, NIGAR, NIGAR, SHOWN, NOW)
    assert [await state(tx, each) for each in (first, other, second)] == [
        ("dropped", ""),
        ("previewed", "{}"),
        ("previewed", "{}"),
    ]


async def test_a_roster_is_only_its_senders_and_settled_once(tx: Transaction) -> None:
    roster = await rosters.preview(tx, NIGAR, NIGAR, SHOWN, NOW)
    assert await rosters.by_id(tx, roster, LALA) is None
    assert await rosters.settle(tx, roster, "applied", NOW, 5, 1)
    assert not await rosters.settle(tx, roster, "dropped", NOW)
    assert await state(tx, roster) == ("applied", "")


async def test_what_was_left_for_long_is_forgotten_and_nothing_else(tx: Transaction) -> None:
    old, new = await rosters.preview(tx, NIGAR, 1, SHOWN, NOW - 1), await rosters.preview(tx, LALA, 2, SHOWN, NOW)
    await rosters.expire(tx, NOW, NOW)
    assert [await state(tx, each) for each in (old, new)] == [("dropped", ""), ("previewed", "{}")]


async def test_who_is_known_has_a_chat_or_not_and_who_only_wrote_is_not_known(tx: Transaction) -> None:
    await people.welcome(tx, 10, NOW)
    herself = await place.woman(tx, 11, "Aygün")
    listed = await rosters.add(tx, "ru", NOW)
    await rosters.write(tx, listed, "Sevda", "lankaran", "ngo", "", "", "ru", NOW)
    assert await rosters.known(tx) == [
        Known(herself, "registered", "Aygün", "lankaran", "ngo", "", "+994501234567", "az", 1),
        Known(listed, "registered", "Sevda", "lankaran", "ngo", "", "", "ru", 0),
    ]
    assert await rosters.seated(tx, [herself, listed]) == (2, 0)


async def test_a_merged_record_stands_for_the_one_that_was_kept(tx: Transaction) -> None:
    kept, gone = await place.woman(tx, 11, "Aygün"), await rosters.add(tx, "az", NOW)
    await rosters.write(tx, gone, "Aygun N.", "lankaran", "ngo", "", "+994507654321", "az", NOW)
    await tx.run("INSERT INTO doubles (id, one, other, noted_at) VALUES (1, ?, ?, 0)", (kept, gone))
    await tx.run("INSERT INTO merges (double, kept, gone, body, merged_at) VALUES (1, ?, ?, '', 0)", (kept, gone))
    names = [(woman.person, woman.name, woman.phone) for woman in await rosters.known(tx)]
    assert names == [(kept, "Aygün", "+994501234567"), (kept, "Aygun N.", "+994507654321")]


async def test_who_was_merged_twice_over_stands_for_the_last_one_and_says_so(tx: Transaction) -> None:
    first, second, last = [await place.woman(tx, chat, f"Aygün {chat}") for chat in (11, 12, 13)]
    for gone, kept in ((first, second), (second, last)):
        await tx.run("INSERT INTO doubles (id, one, other, noted_at) VALUES (?, ?, ?, 0)", (gone, gone, kept))
        await tx.run("UPDATE people SET state = 'merged' WHERE id = ?", (gone,))
        await tx.run(
            "INSERT INTO merges (double, kept, gone, body, merged_at) VALUES (?, ?, ?, '', 0)", (gone, kept, gone)
        )
    found = [(woman.person, woman.name, woman.merged) for woman in await rosters.known(tx)]
    assert found == [(last, "Aygün 11", 1), (last, "Aygün 12", 1), (last, "Aygün 13", 0)]


async def test_a_file_is_asked_for_once_and_done_with_once(tx: Transaction) -> None:
    fetch = await fetches.ask(tx, "roster", "FILE", NIGAR, 11, 7, NOW)
    assert fetch
    assert await fetches.ask(tx, "roster", "FILE", NIGAR, 11, 7, NOW) is None
    await fetches.attempt(tx, fetch)
    assert [(each.id, each.attempts, each.language) for each in await fetches.waiting(tx)] == [(fetch, 1, "az")]
    assert await fetches.waiting(tx, LALA) == []
    assert await fetches.end(tx, fetch)
    assert not await fetches.end(tx, fetch)
