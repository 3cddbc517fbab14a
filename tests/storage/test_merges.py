"""What stands under two numbers of one woman comes under one, and back, whatever table it stands in."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import claims, consents, doubles, households, intents, merges, people, places, programme, reminders
from storage.database import Database, Transaction
from tests.storage import place

SCHEMA = (Path(__file__).parents[2] / "storage" / "schema.sql").read_text("utf-8")
NOW = place.WEEK_BEFORE
OPEN_CODES = "SELECT 1 FROM claims WHERE used_at IS NULL AND expires_at > ?"
# What leads to a person and is not moved as it stands: chats and places have rules of their own, the others stay.
NOT_MOVED = {"chat_people", "places", "overrides", "uncompared", "doubles", "merges"}


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await place.settle(tx, "l-1", "l-2")
        yield tx
    await database.close()


async def two(tx: Transaction, chats: tuple[int, int] = (1, 2)) -> tuple[int, int, int]:
    """Two records of one woman, each with a place, and the pair."""
    found: list[int] = []
    for chat in chats:
        if chat == chats[0] and found:
            person = await households.grow(tx, chat, NOW) or 0
            await people.register(tx, person, "Aygün", "lankaran", "ngo", "", NOW)
        else:
            person = await place.woman(tx, chat)
        await places.ask(tx, person, "lankaran", "ngo", NOW)
        found.append(person)
    await doubles.note(tx, [(found[1], found[0])], NOW)
    [(double,)] = await tx.all("SELECT id FROM doubles")
    return found[0], found[1], double


async def snapshot(tx: Transaction) -> dict[str, list[tuple[object, ...]]]:
    """Everything that leads to a person."""
    found = {}
    for table in leading():
        rows = await tx.all(f"SELECT * FROM {table}")
        found[table] = sorted(rows, key=repr)
    found["outbox"] = await tx.all("SELECT id, person, state FROM outbox")
    found["people"] = await tx.all("SELECT id, state, name, phone FROM people")
    return found


def leading() -> list[str]:
    tables = re.findall(r"^CREATE TABLE (\w+) \((.*?)^\)", SCHEMA, re.MULTILINE | re.DOTALL)
    return [name for name, body in tables if "REFERENCES people (id)" in body]


def test_every_table_that_leads_to_a_person_is_moved_or_has_a_reason() -> None:
    assert set(leading()) == (merges.KEYS.keys() - {"outbox"}) | NOT_MOVED


async def test_a_merge_moves_what_there_is_and_its_undoing_brings_all_of_it_back(tx: Transaction) -> None:
    kept, gone, double = await two(tx)
    await consents.give(tx, gone, "training", "hash", NOW)
    await intents.say(tx, "l-1", "coming", 2, 0, gone, NOW)
    await tx.run("INSERT INTO inquiries (person, chat, message, asked_at) VALUES (?, 2, 7, 0)", (gone,))
    await tx.run("INSERT INTO reminders VALUES ('remind:l-1:x:eve', 'l-1', ?, 'eve', 0, 'queued')", (gone,))
    await tx.run(
        "INSERT INTO outbox (chat, person, method, parameters, due) VALUES (2, ?, 'sendMessage', '{}', 0)", (gone,)
    )
    await tx.run("INSERT INTO claims (hash, person, made_by, made_at, expires_at) VALUES ('h', ?, 1, 0, 1)", (gone,))
    before = await snapshot(tx)
    number = await merges.merge(tx, double, kept, gone, NOW)
    for table in ("consents", "intents", "inquiries", "reminders", "claims", "outbox", "places", "chat_people"):
        assert await tx.all(f"SELECT 1 FROM {table} WHERE person = ?", (gone,)) == [], table
    assert [row[0] for row in await tx.all("SELECT chat FROM chat_people WHERE person = ?", (kept,))] == [1, 2]
    done = await merges.by_id(tx, number, NOW)
    assert done
    await merges.undo(tx, done)
    assert await snapshot(tx) == before


async def test_what_both_have_stays_with_each(tx: Transaction) -> None:
    kept, gone, double = await two(tx)
    await intents.say(tx, "l-1", "not coming", 1, 0, kept, NOW)
    await intents.say(tx, "l-1", "coming", 2, 0, gone, NOW)
    await intents.say(tx, "l-2", "coming", 2, 0, gone, NOW)
    before = await snapshot(tx)
    number = await merges.merge(tx, double, kept, gone, NOW)
    assert await intents.of(tx, kept) == {"l-1": "not coming", "l-2": "coming"}
    done = await merges.by_id(tx, number, NOW)
    assert done
    await merges.undo(tx, done)
    assert await snapshot(tx) == before


async def test_two_records_in_one_chat_become_one_and_two_again(tx: Transaction) -> None:
    kept, gone, double = await two(tx, (1, 1))
    assert await tx.all("SELECT person FROM chat_people WHERE active = 1") == [(gone,)]
    before = await snapshot(tx)
    number = await merges.merge(tx, double, kept, gone, NOW)
    assert await tx.all("SELECT chat, person, active FROM chat_people") == [(1, kept, 1)]
    done = await merges.by_id(tx, number, NOW)
    assert done
    await merges.undo(tx, done)
    assert await snapshot(tx) == before


async def test_what_is_done_between_a_merge_and_its_undoing_stays_with_the_record_that_was_kept(
    tx: Transaction,
) -> None:
    kept, gone, double = await two(tx)
    number = await merges.merge(tx, double, kept, gone, NOW)
    await intents.say(tx, "l-2", "coming", 2, 0, kept, NOW)
    await people.register(tx, kept, "Aygün", "lankaran", "ngo", "+994507654321", NOW)
    done = await merges.by_id(tx, number, NOW)
    assert done
    await merges.undo(tx, done)
    assert await intents.of(tx, kept) == {"l-2": "coming"}
    assert await tx.all("SELECT phone FROM people WHERE id = ?", (kept,)) == [("+994507654321",)]


async def test_in_two_regions_the_place_of_the_record_that_is_kept_counts(tx: Transaction) -> None:
    await programme.put_region(tx, programme.Region("quba", 2, 33))
    kept = await place.woman(tx, 1)
    gone = await place.woman(tx, 2, region="quba")
    for person, region in ((kept, "lankaran"), (gone, "quba")):
        await places.ask(tx, person, region, "ngo", NOW)
    await doubles.note(tx, [(kept, gone)], NOW)
    before = await snapshot(tx)
    number = await merges.merge(tx, 1, kept, gone, NOW)
    assert await tx.all("SELECT person, region FROM places") == [(kept, "lankaran")]
    assert await places.taken(tx) == {"lankaran": {"ngo": 1}}
    done = await merges.by_id(tx, number, NOW)
    assert done
    await merges.undo(tx, done)
    assert await snapshot(tx) == before


async def test_a_merge_is_undone_once_and_not_while_the_kept_record_is_merged_itself(tx: Transaction) -> None:
    kept, gone, double = await two(tx)
    third = await place.woman(tx, 3)
    await places.ask(tx, third, "lankaran", "ngo", NOW)
    await doubles.note(tx, [(kept, third)], NOW)
    first = await merges.merge(tx, double, kept, gone, NOW)
    second = await merges.merge(tx, 2, third, kept, NOW)
    assert await merges.by_id(tx, first, NOW) is None, "the later one is undone first"
    done = await merges.by_id(tx, second, NOW)
    assert done
    await merges.undo(tx, done)
    assert await merges.by_id(tx, second, NOW) is None
    again = await merges.by_id(tx, first, NOW)
    assert again
    await merges.undo(tx, again)
    assert await tx.all("SELECT person FROM chat_people ORDER BY chat") == [(kept,), (gone,), (third,)]
    assert await merges.by_id(tx, first, NOW + merges.UNDONE_WITHIN) is None


async def test_a_woman_is_reminded_once_after_a_merge(tx: Transaction) -> None:
    kept, gone, double = await two(tx)
    eve = reminders.Occurrence("l-1", "lankaran", "eve", str(place.DAY), place.STARTS - 10, place.STARTS, place.STARTS)
    await merges.merge(tx, double, kept, gone, NOW)
    assert [who.person for who in await reminders.plan(tx, [eve], eve.due)] == [kept]


async def test_a_code_that_was_not_used_is_void_until_the_merge_is_undone(tx: Transaction) -> None:
    """Else who writes it in between would read, and could erase, the record of another woman."""
    kept, gone, double = await two(tx)
    await claims.make(tx, gone, 1, NOW)
    before = await tx.all("SELECT * FROM claims")
    number = await merges.merge(tx, double, kept, gone, NOW + 1)
    assert await tx.all(OPEN_CODES, (NOW + 1,)) == []
    merge = await merges.by_id(tx, number, NOW)
    assert merge
    assert not (await merges.undo(tx, merge)).codeless
    assert await tx.all("SELECT * FROM claims") == before


async def test_a_code_that_was_followed_by_another_meanwhile_does_not_come_back(tx: Transaction) -> None:
    kept, gone, double = await two(tx)
    await claims.make(tx, gone, 1, NOW)
    number = await merges.merge(tx, double, kept, gone, NOW)
    await claims.make(tx, kept, 1, NOW)
    merge = await merges.by_id(tx, number, NOW)
    assert merge
    assert (await merges.undo(tx, merge)).codeless
    assert await tx.all("SELECT person FROM claims") == [(kept,)]


@pytest.mark.parametrize("withdrew", [0, 1], ids=["kept", "gone"])
async def test_what_she_took_back_under_one_number_does_not_stand_after_a_merge(tx: Transaction, withdrew: int) -> None:
    kept, gone, double = await two(tx)
    for person in (kept, gone):
        await consents.give(tx, person, "photos", "hash", NOW)
    await consents.withdraw(tx, (kept, gone)[withdrew], "photos", NOW + 1)
    await merges.merge(tx, double, kept, gone, NOW + 2)
    assert await tx.all("SELECT 1 FROM consents WHERE purpose = 'photos' AND withdrawn_at IS NULL") == []


@pytest.mark.parametrize("withdrew", [0, 1], ids=["kept", "gone"])
async def test_what_the_one_took_back_stands_again_for_the_other_when_they_are_two(
    tx: Transaction, withdrew: int
) -> None:
    kept, gone, double = await two(tx)
    for person in (kept, gone):
        await consents.give(tx, person, "photos", "hash", NOW)
    await consents.withdraw(tx, (kept, gone)[withdrew], "photos", NOW + 1)
    before = await snapshot(tx)
    number = await merges.merge(tx, double, kept, gone, NOW + 2)
    merge = await merges.by_id(tx, number, NOW)
    assert merge
    await merges.undo(tx, merge)
    assert await snapshot(tx) == before


async def test_what_she_takes_back_between_a_merge_and_its_undoing_stays_taken_back(tx: Transaction) -> None:
    kept, gone, double = await two(tx)
    await consents.give(tx, gone, "photos", "hash", NOW)
    number = await merges.merge(tx, double, kept, gone, NOW + 1)
    await consents.withdraw(tx, kept, "photos", NOW + 2)
    merge = await merges.by_id(tx, number, NOW)
    assert merge
    await merges.undo(tx, merge)
    assert await consents.allowed(tx, gone) == []


@pytest.mark.parametrize("reason", ["", "uzaqdan gəlir"], ids=["there were more places then", "given past the list"])
async def test_a_place_above_the_number_comes_back_if_nobody_else_has_it(tx: Transaction, reason: str) -> None:
    kept, gone, double = await two(tx)
    await tx.run("UPDATE places SET reason = ?", (reason,))
    await programme.put_region(tx, programme.Region("lankaran", 1, 1))
    before = await snapshot(tx)
    number = await merges.merge(tx, double, kept, gone, NOW)
    assert await places.fill(tx, "lankaran", NOW) == []
    merge = await merges.by_id(tx, number, NOW)
    assert merge
    await merges.undo(tx, merge)
    assert await snapshot(tx) == before


async def test_who_has_gone_elsewhere_meanwhile_keeps_what_she_has_there(tx: Transaction) -> None:
    await programme.put_region(tx, programme.Region("quba", 2, 0))
    kept, gone, double = await two(tx)
    number = await merges.merge(tx, double, kept, gone, NOW)
    await places.ask(tx, kept, "quba", "ngo", NOW)
    await programme.put_region(tx, programme.Region("quba", 2, 1))
    merge = await merges.by_id(tx, number, NOW)
    assert merge
    await merges.undo(tx, merge)
    found = "SELECT person, region, state FROM places ORDER BY person"
    assert await tx.all(found) == [(kept, "quba", "waiting"), (gone, "lankaran", "held")]
