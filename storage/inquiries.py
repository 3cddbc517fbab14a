"""Messages that women passed on to the organisers. Their words stay at Telegram."""

from dataclasses import dataclass

from storage.database import Row, Transaction


@dataclass(frozen=True)
class Inquiry:
    """A message that was passed on, and the woman who wrote it."""

    id: int
    person: int
    chat: int
    name: str  # '' while she has told none
    phone: str
    language: str
    reachable: bool  # whether the chat she asked in can be written to
    answered_at: int | None


async def record(tx: Transaction, person: int, chat: int, message: int, now: int) -> int | None:
    """Remember that a message was passed on and return the inquiry's id; None when it had been before."""
    rows = await tx.all(
        "INSERT INTO inquiries (person, chat, message, asked_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (chat, message) DO NOTHING RETURNING id",
        (person, chat, message, now),
    )
    return rows[0][0] if rows else None


async def count_since(tx: Transaction, chat: int, since: int) -> int:
    """Return how many messages of a chat were passed on since that moment."""
    row = await tx.one("SELECT count(*) FROM inquiries WHERE chat = ? AND asked_at >= ?", (chat, since))
    return int(row[0]) if row else 0


async def by_id(tx: Transaction, inquiry: int) -> Inquiry | None:
    """Return the inquiry, or None when she who asked was erased."""
    row = await tx.one(
        "SELECT q.id, q.person, q.chat, p.name, p.phone, p.language, c.state = 'reachable', q.answered_at"
        " FROM inquiries q JOIN people p ON p.id = q.person JOIN chats c ON c.id = q.chat WHERE q.id = ?",
        (inquiry,),
    )
    return _inquiry(row) if row else None


async def answer(tx: Transaction, inquiry: int, user: int, now: int) -> bool:
    """Remember who answered and when; True for the first answer only."""
    changed = await tx.run(
        "UPDATE inquiries SET answered_at = ?, answered_by = ? WHERE id = ? AND answered_at IS NULL",
        (now, user, inquiry),
    )
    return changed > 0


def _inquiry(row: Row) -> Inquiry:
    id_, person, chat, name, phone, language, reachable, answered_at = row
    return Inquiry(id_, person, chat, name, phone, language, bool(reachable), answered_at)
