"""Small facts about this database, by name."""

from storage.database import Transaction


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
