"""Backups are whole, encrypted, of one moment, and open with either key; a restore writes over nothing."""

import json
import os
from pathlib import Path

import pytest

from storage import backup, outbox, recovery, reminders, sheets, surveys
from storage.database import Database, WrongKey
from storage.outbox import Letter
from tests.storage import place
from tests.storage.place import replace

NAME = "Gülnarə Sınaqova"
NOW = place.ENDS + 3_600_000
HOUR, DAY = 3_600_000, 86_400_000
KEY = bytes(range(32))
PAPER = recovery.new_recovery_key()
BOTH = pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])


async def database(folder: Path, key: bytes | None) -> Database:
    """A programme with two women, one of them in an open survey."""
    made = await Database.open(folder / "data" / "istirak.db", key)
    async with made.transaction() as tx:
        await recovery.keep(tx, PAPER)
        await place.settle(tx, "l-1")
        await sheets.put_definition(tx, "hash", "day", "{}")
        survey = await surveys.open_survey(tx, "l-1", "day", "hash", NOW, NOW + DAY)
        await surveys.invite(tx, survey, [(await place.woman(tx, 1, NAME), 1)], "useful")
        await place.woman(tx, 2)
    return made


async def content(path: Path, key: bytes | None) -> dict[str, list[tuple[object, ...]]]:
    """Every table of a database with its rows."""
    opened = await Database.open(path, key)
    async with opened.reading() as tx:
        tables = [row[0] for row in await tx.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found = {table: await tx.all("SELECT * FROM " + table) for table in tables}
        found["pragma"] = await tx.all("PRAGMA user_version")
        found["indexes"] = await tx.all("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name")
    await opened.close()
    return found


@BOTH
async def test_what_is_restored_is_what_was_there_but_for_the_open_anonymous_sheets(
    tmp_path: Path, key: bytes | None
) -> None:
    made = await database(tmp_path, key)
    file = backup.write(made.path, key, tmp_path / "backups", NOW, replace)
    await made.close()
    await backup.restore(file, PAPER, tmp_path / "new.db", key, NOW, replace)
    before, after = await content(made.path, key), await content(tmp_path / "new.db", key)
    assert len(before["sealed_sheets"]) == len(before["survey_keys"]) == 1
    assert after["sealed_sheets"] == after["survey_keys"] == []
    for table in before.keys() - {"sealed_sheets", "survey_keys", "facts"}:
        assert after[table] == before[table], table
    assert (reminders.RESTORED, f"{NOW} {NOW}") in after["facts"]


@BOTH
async def test_no_file_beside_the_database_can_be_read_without_a_key(tmp_path: Path, key: bytes | None) -> None:
    made = await database(tmp_path, key)
    backup.write(made.path, key, tmp_path / "backups", NOW, replace)
    await made.checkpoint()
    await made.close()
    files = sorted(file for file in (tmp_path / "backups").iterdir())
    assert [file.name for file in files] == ["istirak-20270302T130000Z.db", "istirak-20270302T130000Z.keys.json"]
    for file in files:
        assert NAME.encode() not in file.read_bytes()
        assert b"SQLite" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    plain = NAME.encode() in made.path.read_bytes()
    assert plain is (key is None), "the control: an unencrypted database does show it"


async def test_a_backup_opens_with_the_databases_key_or_the_paper_and_with_nothing_else(tmp_path: Path) -> None:
    made = await database(tmp_path, KEY)
    file = backup.write(made.path, KEY, tmp_path / "backups", NOW, replace)
    await made.close()
    unlocks: list[bytes | str] = [KEY, PAPER]
    for number, unlock in enumerate(unlocks):
        new = os.urandom(32)
        restored = await backup.restore(file, unlock, tmp_path / f"{number}.db", new, NOW, replace)
        assert restored.made_at == NOW
        assert len((await content(tmp_path / f"{number}.db", new))["people"]) == 2
    with pytest.raises(WrongKey):
        await backup.restore(file, os.urandom(32), tmp_path / "no.db", KEY, NOW, replace)
    with pytest.raises(WrongKey):
        await backup.restore(file, recovery.new_recovery_key(), tmp_path / "no.db", KEY, NOW, replace)
    with pytest.raises(recovery.Mistyped):
        await backup.restore(file, PAPER[:-1] + "!", tmp_path / "no.db", KEY, NOW, replace)
    assert not (tmp_path / "no.db").exists()


async def test_a_copy_is_of_one_moment_while_the_bot_writes_on(tmp_path: Path) -> None:
    made = await database(tmp_path, KEY)
    async with made.transaction() as tx:
        await place.woman(tx, 3)
        file = backup.write(made.path, KEY, tmp_path / "backups", NOW, replace)
    await made.close()
    await backup.restore(file, KEY, tmp_path / "new.db", KEY, NOW, replace)
    assert len((await content(tmp_path / "new.db", KEY))["people"]) == 2


async def test_a_restore_writes_over_no_database(tmp_path: Path) -> None:
    made = await database(tmp_path, KEY)
    file = backup.write(made.path, KEY, tmp_path / "backups", NOW, replace)
    await made.close()
    with pytest.raises(backup.Occupied):
        await backup.restore(file, KEY, made.path, KEY, NOW, replace)


@pytest.mark.parametrize("at", [100, 5000])
async def test_a_damaged_backup_is_refused_and_leaves_nothing(tmp_path: Path, at: int) -> None:
    made = await database(tmp_path, KEY)
    file = backup.write(made.path, KEY, tmp_path / "backups", NOW, replace)
    await made.close()
    content = bytearray(file.read_bytes())
    content[at] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(backup.Damaged):
        await backup.restore(file, KEY, tmp_path / "new" / "istirak.db", KEY, NOW, replace)
    assert not list((tmp_path / "new").glob("*"))


@pytest.mark.parametrize("name", ["istirak-*.db", "istirak-*.keys.json"])
async def test_a_backup_that_was_copied_in_part_is_refused_as_damaged(tmp_path: Path, name: str) -> None:
    made = await database(tmp_path, KEY)
    file = backup.write(made.path, KEY, tmp_path / "backups", NOW, replace)
    await made.close()
    [half] = file.parent.glob(name)
    half.write_bytes(half.read_bytes()[:100])
    with pytest.raises(backup.Damaged):
        await backup.restore(file, PAPER, tmp_path / "new.db", KEY, NOW, replace)


async def test_what_fell_due_since_the_backup_waits_for_an_organiser_and_later_things_leave(tmp_path: Path) -> None:
    made = await database(tmp_path, None)
    async with made.transaction() as tx:
        due = [
            Letter(1, "sendMessage", {"text": "a"}, key=f"at {hours}", due=NOW + hours * HOUR) for hours in (-1, 1, 9)
        ]
        await outbox.add(tx, due, NOW)
        await tx.run("UPDATE outbox SET state = 'sending' WHERE key = 'at -1'")
    file = backup.write(made.path, None, tmp_path / "backups", NOW, replace)
    await made.close()
    restored = await backup.restore(file, PAPER, tmp_path / "new.db", None, NOW + 2 * HOUR, replace)
    assert restored.held == 2
    opened = await Database.open(tmp_path / "new.db", None)
    async with opened.transaction() as tx:
        states = await tx.all("SELECT key, state, doubt FROM outbox ORDER BY due")
        assert states == [("at -1", "in doubt", "hold"), ("at 1", "in doubt", "hold"), ("at 9", "planned", "repeat")]
        assert len(await outbox.doubtful(tx)) == 2
    await opened.close()


async def test_a_backup_that_fails_half_way_leaves_no_file_and_the_older_one_stays(tmp_path: Path) -> None:
    made = await database(tmp_path, KEY)
    older = backup.write(made.path, KEY, tmp_path / "backups", NOW, replace)

    def full(new: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        backup.write(made.path, KEY, tmp_path / "backups", NOW + HOUR, full)
    await made.close()
    assert backup.backups(tmp_path / "backups") == [older]
    assert not [file for file in (tmp_path / "backups").iterdir() if file.suffix == ".db" and file != older]


async def test_backups_older_than_their_days_go_with_their_keys(tmp_path: Path) -> None:
    made = await database(tmp_path, KEY)
    for days in (0, 10, 31):
        backup.write(made.path, KEY, tmp_path / "backups", NOW + days * DAY, replace)
    await made.close()
    gone = backup.rotate(tmp_path / "backups", NOW + 31 * DAY, 30)
    assert [file.name for file in gone] == ["istirak-20270302T130000Z.db"]
    assert len(backup.backups(tmp_path / "backups")) == 2
    assert len(list((tmp_path / "backups").glob("*.keys.json"))) == 2


async def test_what_a_death_left_of_a_backup_goes_after_a_day(tmp_path: Path) -> None:
    made = await database(tmp_path, KEY)
    folder = tmp_path / "backups"
    whole = backup.write(made.path, KEY, folder, NOW, replace)
    await made.close()
    torn = "istirak-20270302T130001Z"  # the process died between the two renames of a second backup
    left = [f".{torn}.db.unfinished", f".{torn}.db.unfinished-journal", f"{torn}.keys.json"]
    for name in [*left, "istirak-mineZ.db"]:
        (folder / name).write_bytes(b"")
    assert backup.rotate(folder, NOW + DAY, 30) == []
    assert all((folder / name).exists() for name in left), "another process may be at work on it"
    assert backup.rotate(folder, NOW + DAY + 2000, 30) == []
    assert sorted(file.name for file in folder.iterdir()) == [
        whole.name,
        backup.keys_of(whole).name,
        "istirak-mineZ.db",
    ]


async def test_a_backup_that_would_fill_the_disk_is_not_begun(tmp_path: Path) -> None:
    made = await database(tmp_path, KEY)
    await made.close()
    os.truncate(made.path, 2**43)  # in name only: no block is taken
    with pytest.raises(OSError, match="No space"):
        backup.write(made.path, KEY, tmp_path / "backups", NOW, replace)
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_list_of_tombstones_only_grows(tmp_path: Path) -> None:
    backup.write_tombstones(tmp_path, {3: NOW}, replace)
    backup.write_tombstones(tmp_path, {1: NOW + 1}, replace)
    assert backup.read_tombstones(tmp_path) == {1: NOW + 1, 3: NOW}
    rows = json.loads((tmp_path / backup.TOMBSTONES).read_text())["erased"]
    assert rows == [{"person": 1, "erased_at": NOW + 1}, {"person": 3, "erased_at": NOW}]
    assert backup.read_tombstones(tmp_path / "nowhere") == {}
