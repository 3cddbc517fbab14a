"""What organisers did, and when; never the words of the women."""

from dataclasses import dataclass

from storage.database import Transaction


@dataclass(frozen=True)
class Entry:
    """One thing that was done. `user` is a Telegram user id, None for the command line."""

    at: int
    user: int | None
    action: str
    subject: str
    detail: str


async def write(
    tx: Transaction, now: int, user: int | None, action: str, subject: object = "", detail: object = ""
) -> None:
    """Add an entry, such as ('role.given', user id, role)."""
    await tx.run(
        "INSERT INTO audit (at, user, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
        (now, user, action, str(subject), str(detail)),
    )


async def entries(tx: Transaction, limit: int = 100) -> list[Entry]:
    """Return the newest entries, the newest first."""
    rows = await tx.all("SELECT at, user, action, subject, detail FROM audit ORDER BY id DESC LIMIT ?", (limit,))
    return [Entry(*row) for row in rows]
