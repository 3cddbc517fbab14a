"""Bringing a database to the newest schema: a new one by `schema.sql`, an old one by the files of `migrations/`."""

from contextlib import closing
from functools import cache
from pathlib import Path

import aiosqlite
from sqlcipher3 import dbapi2

ROOM = Path(__file__).parent
SCHEMA = ROOM / "schema.sql"


class NewerSchema(Exception):
    """This database was written by a newer version of the program; start that version, or restore an older backup."""


class OtherSchema(NewerSchema):
    """This database has other tables than this program; start the version that made it, or restore another backup."""


COLUMNS = (
    "SELECT tables.name, columns.name FROM sqlite_master AS tables JOIN pragma_table_xinfo(tables.name) AS columns"
    " WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
)


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
        if [tuple(row) for row in await connection.execute_fetchall(COLUMNS)] != _columns():
            raise OtherSchema(f"its number is {version}, too")
        return
    steps = [SCHEMA] if version == 0 else files()[version:]
    script = "\n".join(path.read_text(encoding="utf-8") for path in steps)
    await connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {newest};\nCOMMIT;")


@cache
def _columns() -> list[tuple[str, str]]:
    """Return every table's columns as `schema.sql` has them."""
    with closing(dbapi2.connect(":memory:")) as empty:
        empty.executescript(SCHEMA.read_text(encoding="utf-8"))
        return list(empty.execute(COLUMNS).fetchall())
