"""Bringing a database to the newest schema: a new one by `schema.sql`, an old one by the files of `migrations/`."""

from pathlib import Path

import aiosqlite

ROOM = Path(__file__).parent
SCHEMA = ROOM / "schema.sql"


class NewerSchema(Exception):
    """This database was written by a newer version of the program; start that version, or restore an older backup."""


def files() -> list[Path]:
    """The migrations in their order; the number of the last one is the version of `schema.sql`."""
    return sorted((ROOM / "migrations").glob("[0-9]*.sql"))


async def apply(connection: aiosqlite.Connection) -> None:
    """Leave the database at the newest version, or as it was: all pending migrations are one transaction."""
    rows = list(await connection.execute_fetchall("PRAGMA user_version"))
    version, newest = rows[0][0], len(files())
    if version > newest:
        raise NewerSchema(f"schema {version}, this program knows {newest}")
    if version == newest:
        return
    steps = [SCHEMA] if version == 0 else files()[version:]
    script = "\n".join(path.read_text(encoding="utf-8") for path in steps)
    await connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {newest};\nCOMMIT;")
