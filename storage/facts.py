"""Small facts about this database, by name."""

from contextlib import closing
from pathlib import Path

from storage.database import Transaction, connect


async def get(tx: Transaction, name: str) -> str | None:
    """Return the fact, or None."""
    row = await tx.one("SELECT value FROM facts WHERE name = ?", (name,))
    return row[0] if row else None


async def put(tx: Transaction, name: str, value: str) -> None:
    """Set the fact."""
    await tx.run(
        "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


async def drop(tx: Transaction, name: str) -> None:
    """Forget the fact."""
    await tx.run("DELETE FROM facts WHERE name = ?", (name,))


def peek(path: Path, key: bytes | None, name: str) -> str | None:
    """Return a fact of a database of any version, which stays as it is. Raises WrongKey, DatabaseError."""
    with closing(connect(path, key, read_only=True)) as connection:
        row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None
