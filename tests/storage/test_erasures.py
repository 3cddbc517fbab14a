"""What an erasure leaves in the database and its files; they are not encrypted here, so that a control can find it."""

import secrets
from pathlib import Path
from typing import Any

import pytest

from storage import audit, backup, consents, erasures, facts, inquiries, outbox, people, recovery, sheets
from storage.database import Connector, Database, Transaction, connect
from storage.outbox import Letter
from storage.sheets import Sheet
from tests.storage import place
from tests.storage.place import replace

NAME, PHONE, ANSWER = "Gülnarə Sınaqova", "+994507654321", "Küçələr gecə işıqlı olsun"
NOW = place.WEEK_BEFORE
HOUR = 3_600_000


def forgetful(path: Path, key: bytes | None, read_only: bool) -> Any:
    """A connection as it would be without the pragma that erasing rests on."""
    connection = connect(path, key, read_only)
    connection.execute("PRAGMA secure_delete = OFF")
    return connection


async def opened(folder: Path, connector: Connector = connect) -> Database:
    return await Database.open(folder / "istirak.db", None, connector)


async def settle(tx: Transaction, women: int = 40) -> list[int]:
    """Women with everything that can be known of them."""
    await place.settle(tx, "l-1")
    await sheets.put_definition(tx, "hash", "registration", "{}")
    people_ = []
    for chat in range(1, women + 1):
        person = await place.woman(tx, chat, f"{NAME} {chat}")
        await tx.run("UPDATE people SET phone = ? WHERE id = ?", (f"{PHONE}{chat}", person))
        answers = {"name": f"{NAME} {chat}", "text": ANSWER}
        sheet = Sheet(secrets.token_hex(4), "registration", "hash", person, chat, "", "open", "", NOW, answers)
        await sheets.open_sheet(tx, sheet)
        await consents.give(tx, person, consents.TRAINING, "hash", NOW)
        inquiry = await inquiries.record(tx, person, chat, 1000 + chat, NOW)
        await audit.write(tx, NOW, 77, "inquiry.answered", inquiry, NAME)
        asked = Letter(9999, "sendMessage", {"text": f"{NAME} {chat}"}, key=f"inquiry:{inquiry}:9999:who")
        hers = Letter(chat, "sendMessage", {"text": f"{NAME} {chat}"}, person=person, key=f"remind:l-1:{person}:eve")
        await outbox.add(tx, [asked, hers], NOW)
        people_.append(person)
    return people_


def remnants(folder: Path) -> int:
    """How often her name, her number and her words stand in the files."""
    content = b"".join(file.read_bytes() for file in sorted(folder.glob("istirak.db*")))
    return sum(content.count(text.encode()) for text in (NAME, PHONE, ANSWER))


@pytest.mark.parametrize(("connector", "left"), [(connect, False), (forgetful, True)], ids=["ours", "control"])
async def test_nothing_is_left_in_file_or_wal_after_the_checkpoint(
    tmp_path: Path, connector: Connector, left: bool
) -> None:
    database = await opened(tmp_path, connector)
    async with database.transaction() as tx:
        everyone = await settle(tx)
    assert await database.checkpoint()
    assert remnants(tmp_path) > 0
    async with database.transaction() as tx:
        for person in everyone:
            await erasures.remove(tx, person, NOW)
    assert remnants(tmp_path) > 0, "before the checkpoint they are still in the file"
    assert await database.checkpoint()
    assert (remnants(tmp_path) > 0) is left
    await database.close()


async def test_no_table_leads_to_an_erased_woman_and_the_others_stay(tmp_path: Path) -> None:
    database = await opened(tmp_path)
    async with database.transaction() as tx:
        first, second = await settle(tx, 2)
        await erasures.ask(tx, first, 1, "az", NOW)
        await erasures.remove(tx, first, NOW)
        for table, count in (
            ("people", 1),
            ("chats", 1),
            ("sheets", 1),
            ("consents", 1),
            ("inquiries", 1),
            ("outbox", 2),
        ):
            rows = await tx.all("SELECT * FROM " + table)
            assert len(rows) == count, table
            assert f"{NAME} 1" not in str(rows), table
        assert await tx.all("SELECT person FROM chat_people") == [(second,)]
        entries = sorted((entry.subject, entry.detail) for entry in await audit.entries(tx))
        assert entries == [("2", NAME), ("erased", "")]
        assert await erasures.tombstones(tx) == {first: NOW}
    await database.close()


async def test_only_messages_young_enough_to_be_deleted_are_named(tmp_path: Path) -> None:
    database = await opened(tmp_path)
    async with database.transaction() as tx:
        person = (await settle(tx, 1))[0]
        old = [Letter(1, "sendMessage", {"text": "a"}, person=person), Letter(1, "editMessageText", {}, person=person)]
        ids = await outbox.add(tx, old, NOW)
        await tx.run("UPDATE outbox SET state = 'sent', message = id + 500, settled_at = ?", (NOW + HOUR,))
        await tx.run("UPDATE outbox SET settled_at = ? WHERE id = ?", (NOW - 48 * HOUR, ids[0]))
        found = await erasures.messages(tx, person, NOW - HOUR)
        assert {chat: len(messages) for chat, messages in found.items()} == {1: 2, 9999: 1}
        assert 1001 in found[1], "her own message that she passed on"
    await database.close()


async def test_the_job_ends_when_its_letters_are_settled_and_then_knows_no_chat(tmp_path: Path) -> None:
    database = await opened(tmp_path)
    async with database.transaction() as tx:
        await erasures.ask(tx, 7, 70, "ru", NOW)
        await erasures.ask(tx, 7, 71, "az", NOW)
        assert await erasures.under_way(tx) == [erasures.Erasure(7, 70, "ru", "asked")]
        await outbox.add(tx, [Letter(70, "sendMessage", {"text": "a"}, key="erase:7:done")], NOW)
        await outbox.add(tx, [Letter(80, "sendMessage", {"text": "a"}, key="erase:77:done")], NOW)
        assert not await erasures.is_told(tx, 7)
        await tx.run("UPDATE outbox SET state = 'unreachable' WHERE chat = 70")
        assert await erasures.is_told(tx, 7)
        await erasures.forget(tx, 7)
        assert await tx.all("SELECT chat, state FROM erasures") == [(0, "confirmed")]
        assert await tx.all("SELECT chat FROM outbox") == [(80,)]
        assert await erasures.under_way(tx) == []
    await database.close()


async def test_the_wal_is_marked_as_emptied_only_for_what_stood_in_it_then(tmp_path: Path) -> None:
    database = await opened(tmp_path)
    async with database.transaction() as tx:
        await facts.put(tx, erasures.CHECKPOINT, "day:l-2")
        await erasures.emptied(tx, "day:l-1")
        assert await facts.get(tx, erasures.CHECKPOINT) == "day:l-2"
        await erasures.emptied(tx, "day:l-2")
        assert await facts.get(tx, erasures.CHECKPOINT) is None
    await database.close()


@pytest.mark.parametrize("key", [None, bytes(range(32))], ids=["plain", "encrypted"])
async def test_every_writing_connection_is_durable_and_overwrites_what_it_deletes(
    tmp_path: Path, key: bytes | None
) -> None:
    database = await Database.open(tmp_path / "istirak.db", key)
    async with database.transaction() as tx:
        assert await tx.all("PRAGMA synchronous") == [(2,)]
        assert await tx.all("PRAGMA secure_delete") == [(1,)]
    await database.close()


async def test_a_backup_made_after_the_erasure_holds_nothing_and_an_older_one_does_not_bring_her_back(
    tmp_path: Path,
) -> None:
    """Looked at through restores that are not encrypted; the control is the older one without its tombstones."""
    paper, folder = recovery.new_recovery_key(), tmp_path / "backups"
    database = await opened(tmp_path)
    async with database.transaction() as tx:
        await recovery.keep(tx, paper)
        everyone = await settle(tx, 3)
    before = backup.write(database.path, None, folder, NOW + HOUR, replace)
    async with database.transaction() as tx:
        for person in everyone:
            await erasures.remove(tx, person, NOW + 2 * HOUR)
        buried = await erasures.tombstones(tx)
    after = backup.write(database.path, None, folder, NOW + 3 * HOUR, replace)
    await database.close()

    await backup.restore(after, paper, tmp_path / "after" / "istirak.db", None, NOW + 4 * HOUR, replace)
    assert remnants(tmp_path / "after") == 0
    await backup.restore(before, paper, tmp_path / "control" / "istirak.db", None, NOW + 4 * HOUR, replace)
    assert remnants(tmp_path / "control") > 0
    backup.write_tombstones(folder, buried, replace)
    restored = await backup.restore(before, paper, tmp_path / "again" / "istirak.db", None, NOW + 4 * HOUR, replace)
    assert restored.erased == 3
    assert remnants(tmp_path / "again") == 0


async def test_the_number_of_an_erased_woman_is_not_given_again_after_a_restore(tmp_path: Path) -> None:
    database = await opened(tmp_path)
    async with database.transaction() as tx:
        await people.welcome(tx, 1, NOW)
        await erasures.apply(tx, {40: NOW + HOUR})
        assert await people.welcome(tx, 2, NOW + 2 * HOUR) == 41
        assert await erasures.apply(tx, {41: NOW + HOUR}) == 0, "she came after that erasure: it was of somebody else"
    await database.close()


async def test_who_is_active_after_an_erasure_is_looked_for_in_her_chats_only(tmp_path: Path) -> None:
    database = await opened(tmp_path)
    async with database.reading() as tx:
        plan = [str(row[3]) for row in await tx.all("EXPLAIN QUERY PLAN " + erasures.NEXT_ACTIVE, ("[1]",))]
    await database.close()
    steps = [step for step in plan if "chat_people" in step]
    assert steps
    assert all(step.startswith("SEARCH chat_people") for step in steps), plan
