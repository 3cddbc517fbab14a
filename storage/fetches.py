"""Files that people sent, to be fetched from Telegram: a row stands until what came of it is on the disk."""

from dataclasses import dataclass

from storage.database import Transaction


@dataclass(frozen=True)
class Fetch:
    """A file to be fetched."""

    id: int
    purpose: str  # what it is for: 'roster'
    file: str  # Telegram's file id
    user: int  # who sent it
    chat: int
    attempts: int
    language: str  # of who sent it

    @property
    def key(self) -> str:
        """The key of the message that says that it is being read."""
        return key(self.id)


def key(fetch: int) -> str:
    """Return the key of the message that says that a file is being read."""
    return f"fetch:{fetch}"


async def ask(tx: Transaction, purpose: str, file: str, user: int, chat: int, message: int, now: int) -> int | None:
    """Have the file of a message fetched and return the row's id; None where that was asked for before."""
    added = await tx.run(
        "INSERT INTO fetches (purpose, file, user, chat, message, asked_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (chat, message) DO NOTHING",
        (purpose, file, user, chat, message, now),
    )
    row = await tx.one("SELECT id FROM fetches WHERE chat = ? AND message = ?", (chat, message)) if added else None
    return row[0] if row else None


async def waiting(tx: Transaction, user: int | None = None) -> list[Fetch]:
    """Return the files that have not been fetched, of a user or of all, the oldest first."""
    rows = await tx.all(
        "SELECT f.id, f.purpose, f.file, f.user, f.chat, f.attempts, coalesce(p.language, 'az') FROM fetches f"
        " LEFT JOIN chat_people cp ON cp.chat = f.chat AND cp.active = 1 LEFT JOIN people p ON p.id = cp.person"
        " WHERE f.user = ?1 OR ?1 IS NULL ORDER BY f.id",
        (user,),
    )
    return [Fetch(*row) for row in rows]


async def attempt(tx: Transaction, fetch: int) -> None:
    """Note, before anything is done with the file, that it is tried: what kills the process is not tried for ever."""
    await tx.run("UPDATE fetches SET attempts = attempts + 1 WHERE id = ?", (fetch,))


async def end(tx: Transaction, fetch: int) -> bool:
    """Forget the file, in the transaction that keeps what came of it; False when that was done before."""
    return await tx.run("DELETE FROM fetches WHERE id = ?", (fetch,)) > 0
