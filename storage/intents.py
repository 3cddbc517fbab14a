"""What the women say about a training day before it: 'coming' or 'not coming'; the last word counts."""

from storage.database import Transaction


async def say(tx: Transaction, session: str, answer: str, chat: int, message: int, person: int, now: int) -> bool:
    """Keep the answer given by a button under `message`; False when the day has begun, is off, or is not hers.

    Two women may share a phone: the answer is that of the woman for whom the message was, and of `person`, who is
    active in the chat, when that is not known.
    """
    changed = await tx.run(
        "INSERT INTO intents (session, person, answer, changed_at) SELECT s.id, p.id, ?, ?"
        " FROM sessions s JOIN people p ON p.region = s.region AND p.state = 'registered'"
        " WHERE s.id = ? AND s.state = 'planned' AND s.starts_at > ? AND p.id = coalesce((SELECT o.person FROM outbox o"
        " JOIN chat_people c ON c.chat = o.chat AND c.person = o.person WHERE o.chat = ? AND o.message = ? LIMIT 1), ?)"
        " ON CONFLICT (session, person) DO UPDATE SET answer = excluded.answer, changed_at = excluded.changed_at",
        (answer, now, session, now, chat, message, person),
    )
    return changed > 0


async def of(tx: Transaction, person: int) -> dict[str, str]:
    """Return what the person said, by session."""
    rows = await tx.all("SELECT session, answer FROM intents WHERE person = ?", (person,))
    return dict(rows)


async def ask_anew(tx: Transaction, session: str) -> None:
    """Forget who cannot come: the day was moved, and they are asked again."""
    await tx.run("DELETE FROM intents WHERE session = ? AND answer = 'not coming'", (session,))
