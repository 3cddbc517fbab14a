"""A place that an organiser is about to give past the list: whom she chose, and why."""

from dataclasses import dataclass

from storage.database import Transaction


@dataclass(frozen=True)
class Override:
    """What a user has in hand. `reason` is '' while it is awaited."""

    person: int
    reason: str


async def begin(tx: Transaction, user: int, person: int, now: int) -> None:
    """Await the reason for which the person is given a place; what the user had in hand is given up."""
    await drop(tx, user)
    await tx.run("INSERT INTO overrides (user, person, made_at) VALUES (?, ?, ?)", (user, person, now))


async def in_hand(tx: Transaction, user: int) -> Override | None:
    """Return what the user has in hand."""
    row = await tx.one("SELECT person, reason FROM overrides WHERE user = ?", (user,))
    return Override(*row) if row else None


async def write(tx: Transaction, user: int, reason: str) -> None:
    """Keep the reason."""
    await tx.run("UPDATE overrides SET reason = ? WHERE user = ?", (reason, user))


async def drop(tx: Transaction, user: int) -> bool:
    """Give up what the user has in hand; False when that is nothing."""
    return await tx.run("DELETE FROM overrides WHERE user = ?", (user,)) > 0


async def forget(tx: Transaction, before: int) -> None:
    """Give up what was begun before that moment."""
    await tx.run("DELETE FROM overrides WHERE made_at < ?", (before,))
