"""Backups: encrypted copies that the database's key opens, or the recovery key on paper; and bringing one back."""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage import erasures, facts, migrations, recovery, reminders, surveys
from storage.database import Database, Transaction, WrongKey, connect, create_private

Replace = Callable[[Path, Path], None]  # puts a new file in the place of a target, on disk when it returns

NAME = "istirak-%Y%m%dT%H%M%SZ.db"
PATTERN = "istirak-*Z.db"
LEFT_BEHIND = 1  # days after which what an interrupted backup left is nobody's work in hand any more
SPARE = 64_000_000  # bytes that a backup leaves free on its disk: the bot may have to write there, too
TOMBSTONES = "tombstones.json"
LEFT_OUT = {"survey_keys", "sealed_sheets"}  # what is anonymous may not be unsealed from a copy: structure only
HOLDS_OF = "SELECT type, name, sql FROM source.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


class Occupied(Exception):
    """Where the database is to be put there is one already; says so, and what to do about it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "There is a database already. Move it aside, with its -wal and -shm files; a restore never writes over one."
            f" ({path})"
        )


class Damaged(Exception):
    """The backup is not whole; says so, and what to do about it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This backup does not pass its own check; take an older one. ({what})")


@dataclass(frozen=True)
class Restored:
    """What a restore did, to be told to who asked for it."""

    made_at: int  # when the backup was made, UTC ms
    erased: int  # people erased since then, erased again
    held: int  # messages that may have left since then, and wait for an organiser


def write(path: Path, key: bytes | None, folder: Path, now: int, replace: Replace) -> Path:
    """Copy the database into an encrypted file in `folder`, as of one moment, and return its path. Blocks.

    Beside it stands NAME.keys.json: its own random key, locked by the database's key and by the recovery key.
    Raises OSError before anything is written when the disk has no room to spare.
    """
    target = folder / moment(now).strftime(NAME)
    if target.exists():
        return target  # somebody else has made the backup of this very second
    own = os.urandom(32)
    with _unfinished(target, is_shared=True) as copy:
        _require_room(path, folder)
        _copy(path, key, copy, own)
        with _opened(copy, own) as backup:
            _check(backup)
            row = backup.execute("SELECT value FROM facts WHERE name = ?", (recovery.FACT,)).fetchone()
        locked = {"database": recovery.wrap(key, own)} if key else {}
        locked |= {"recovery": recovery.wrap(bytes.fromhex(row[0]), own)} if row else {}
        _write_json(keys_of(target), {"version": 1, "made_at": now} | locked, replace)
        replace(copy, target)
    return target


def backups(folder: Path) -> list[Path]:
    """Return the backups in a folder, the oldest first."""
    return sorted(path for path in folder.glob(PATTERN) if made_at(path) is not None)


def made_at(file: Path) -> int | None:
    """Return of which moment, UTC ms, the backup is to which a file belongs; None when it belongs to none.

    The moment stands in the name: a file's own time changes when it is copied.
    """
    name = file.name.removeprefix(".").partition(".")[0]
    try:
        read = datetime.strptime(f"{name}.db", NAME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return round(read.timestamp() * 1000)


def rotate(folder: Path, now: int, keep_days: int) -> list[Path]:
    """Delete the backups older than `keep_days` days, with their keys, and return them.

    What the death of the process left of an unfinished backup goes after a day: it may be opened by its keys.
    """
    old = []
    for file in sorted(folder.glob("*istirak-*Z.*")):
        made = made_at(file)
        days = keep_days if _backup_of(file).exists() else LEFT_BEHIND
        if made is not None and moment(made) < moment(now) - timedelta(days=days):
            file.unlink(missing_ok=True)
            old += [file] if file.match(PATTERN) else []
    return old


def _backup_of(file: Path) -> Path:
    return file.with_name(file.name.removeprefix(".").partition(".")[0] + ".db")


async def restore(
    backup: Path, unlock: bytes | str, path: Path, key: bytes | None, now: int, replace: Replace
) -> Restored:
    """Make the database at `path` from a backup, encrypted with `key`. Raises Occupied, WrongKey, Mistyped, Damaged.

    `unlock` is the key of the database that was lost, or the recovery key as it was typed. Who was erased since is
    erased again. What fell due since may have left: it is in doubt and waits for an organiser.
    """
    made_at, own = _looked_at(backup, unlock, path)
    with _unfinished(path) as copy:
        _copy(backup, own, copy, key)
        restored = await _bring_up_to_date(copy, key, made_at, now, read_tombstones(backup.parent))
        replace(copy, path)
    return restored


def read_tombstones(folder: Path) -> dict[int, int]:
    """Return whom the list beside the backups names as erased, and when."""
    file = folder / TOMBSTONES
    if not file.exists():
        return {}
    return {row["person"]: row["erased_at"] for row in json.loads(file.read_text("utf-8"))["erased"]}


def write_tombstones(folder: Path, buried: dict[int, int], replace: Replace) -> None:
    """Add these to the list beside the backups, which holds nothing but internal numbers and moments."""
    everyone = read_tombstones(folder) | buried
    rows = [{"person": person, "erased_at": at} for person, at in sorted(everyone.items())]
    _write_json(folder / TOMBSTONES, {"erased": rows}, replace)


def keys_of(backup: Path) -> Path:
    """Return the path of the file with the locked keys of a backup."""
    return backup.with_suffix(".keys.json")


def moment(milliseconds: int) -> datetime:
    """Return UTC milliseconds as an aware date and time."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


async def _bring_up_to_date(path: Path, key: bytes | None, made_at: int, now: int, buried: dict[int, int]) -> Restored:
    database = await Database.open(path, key)
    try:
        async with database.transaction() as tx:
            erased = await erasures.apply(tx, buried | await erasures.tombstones(tx))
            held = await _hold_due(tx, made_at, now)
    finally:
        await database.close()
    return Restored(made_at, erased, held)


async def _hold_due(tx: Transaction, made_at: int, now: int) -> int:
    await facts.put(tx, reminders.RESTORED, f"{made_at} {now}")
    return await tx.run(
        "UPDATE outbox SET state = 'in doubt', doubt = 'hold', doubted = doubted + 1"
        " WHERE state = 'sending' OR state = 'planned' AND due <= ?",
        (now,),
    )


def _looked_at(backup: Path, unlock: bytes | str, path: Path) -> tuple[int, bytes]:
    """Return when the backup was made and its own key, once everything is found to be in order."""
    if path.exists():
        raise Occupied(path)
    try:
        header = json.loads(keys_of(backup).read_text("utf-8"))
        made_at = int(header["made_at"])
    except (ValueError, KeyError, TypeError):
        raise Damaged(keys_of(backup).name) from None
    own = _unlocked(header, unlock)
    try:
        with _opened(backup, own) as source:
            _check(source)
    except WrongKey:  # its keys belong to it, so it is the file that is not whole
        raise Damaged(backup.name) from None
    return made_at, own


def _unlocked(header: dict[str, Any], unlock: bytes | str) -> bytes:
    name = "recovery" if isinstance(unlock, str) else "database"
    if name not in header:
        raise WrongKey(f"this backup was made without the {name} key")
    return recovery.unwrap(recovery.derived(unlock) if isinstance(unlock, str) else unlock, header[name])


def _copy(path: Path, key: bytes | None, target: Path, target_key: bytes | None) -> None:
    """Copy table by table what `path` holds at one moment; the target is never a plain file unless it has no key."""
    create_private(target)
    with _opened(target, target_key, read_only=False) as copy:
        copy.execute("PRAGMA foreign_keys = OFF")
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("ATTACH DATABASE ? AS source KEY ?", (f"{path.absolute().as_uri()}?mode=ro", _raw(key)))
        copy.execute("BEGIN")
        parts = copy.execute(HOLDS_OF).fetchall()
        for kind, name, sql in parts:
            if kind == "table":
                copy.execute(sql)
                if name not in LEFT_OUT:
                    table = _quoted(name)
                    copy.execute("INSERT INTO main." + table + " SELECT * FROM source." + table)  # noqa: S608 - our schema
        copy.execute("DELETE FROM main.outbox WHERE key GLOB ? || '*'", (surveys.LETTERS,))
        copy.execute("DELETE FROM main.sqlite_sequence")
        copy.execute("INSERT INTO main.sqlite_sequence SELECT * FROM source.sqlite_sequence")
        for kind, _, sql in parts:
            if kind != "table":
                copy.execute(sql)
        for name in migrations.MARKS:
            value = copy.execute("PRAGMA source." + name).fetchone()[0]
            copy.execute("PRAGMA main." + name + " = " + str(int(value)))
        copy.execute("COMMIT")
        copy.execute("DETACH DATABASE source")


def _require_room(path: Path, folder: Path) -> None:
    if shutil.disk_usage(folder).free < path.stat().st_size + SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def _check(connection: Any) -> None:
    for pragma, fine in (("PRAGMA cipher_integrity_check", []), ("PRAGMA integrity_check", [("ok",)])):
        if connection.execute(pragma).fetchall() != fine:
            raise Damaged(pragma)


@contextmanager
def _opened(path: Path, key: bytes | None, *, read_only: bool = True) -> Iterator[Any]:
    connection = connect(path, key, read_only)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _unfinished(target: Path, *, is_shared: bool = False) -> Iterator[Path]:
    """Give a name to work under; nothing of it is left when the block raises.

    `is_shared`: two may want it at once, and the second is refused; else what is there was left by the dead.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = target.with_name(f".{target.name}.unfinished")
    if is_shared and path.exists():
        raise FileExistsError(errno.EEXIST, "another backup is being made", str(path))
    path.unlink(missing_ok=True)
    try:
        yield path
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _write_json(file: Path, content: dict[str, Any], replace: Replace) -> None:
    with _unfinished(file) as new:
        create_private(new)
        new.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
        replace(new, file)


def _raw(key: bytes | None) -> str:
    return f"x'{key.hex()}'" if key else ""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
