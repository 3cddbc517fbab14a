"""Bringing a database to the newest schema: a new one by `schema.sql`, an old one by the files of `migrations/`."""

import zlib
from functools import cache
from pathlib import Path

import aiosqlite

ROOM = Path(__file__).parent
SCHEMA = ROOM / "schema.sql"
MARKS = ("user_version", "application_id")  # pragmas that say of a database how it was made: number and `checksum`


class NewerSchema(Exception):
    """A newer version of the program wrote the database; says so, and what to do about it."""

    sentence = (
        "This database was written by a newer version of the program; start that version, or restore an older backup."
    )

    def __str__(self) -> str:
        return f"{self.sentence} ({super().__str__()})"


class OtherSchema(NewerSchema):
    """Another program made the database; says so, and what to do about it."""

    sentence = (
        "This database was made by another program than this one; start that one, or restore a backup of this one."
    )


def files() -> list[Path]:
    """The migrations in their order; the number of the last one is the version of `schema.sql`."""
    return sorted((ROOM / "migrations").glob("[0-9]*.sql"))


async def apply(connection: aiosqlite.Connection) -> None:
    """Leave the database at the newest version, or as it was: all pending migrations are one transaction.

    Raises NewerSchema, and OtherSchema where the migrations behind the database are not ours.
    """
    version, mark = [next(iter(await connection.execute_fetchall("PRAGMA " + name)))[0] for name in MARKS]
    newest = len(files())
    if version > newest:
        raise NewerSchema(f"schema {version}, this program knows {newest}")
    if version and mark != checksum(version):
        raise OtherSchema(f"schema {version}, but not ours")
    if version == newest:
        return
    steps = [SCHEMA] if version == 0 else files()[version:]
    script = "\n".join(path.read_text(encoding="utf-8") for path in steps)
    pragmas = f"PRAGMA user_version = {newest};\nPRAGMA application_id = {checksum(newest)};"
    await connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n{pragmas}\nCOMMIT;")


@cache
def checksum(version: int) -> int:
    """Return what stands in a database's `application_id`, of 31 bits: by which migrations it came to this version."""
    return zlib.crc32(b"".join(path.read_bytes() for path in files()[:version])) >> 1
