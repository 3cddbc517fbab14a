"""Notes that an organiser writes to a region: written, previewed, sent, perhaps stopped."""

from dataclasses import dataclass

from storage import outbox
from storage.database import Row, Transaction

EVERYWHERE = ""  # the region of a note to all
NOTES = (
    "SELECT n.id, n.region, n.made_by, n.chat, n.text, n.state, n.changed_at, coalesce(p.language, 'az') FROM notes n"
    " LEFT JOIN chat_people cp ON cp.chat = n.chat AND cp.active = 1 LEFT JOIN people p ON p.id = cp.person"
)


@dataclass(frozen=True)
class Note:
    """A note, by its state in `schema.sql`."""

    id: int
    region: str
    made_by: int
    chat: int
    text: str
    state: str
    changed_at: int
    language: str  # of who wrote it

    @property
    def prefix(self) -> str:
        """How the keys of its rows in the outbox begin."""
        return f"note:{self.id}:"

    @property
    def progress(self) -> str:
        """The key of the message that shows how far it is."""
        return f"progress:{self.id}"


@dataclass(frozen=True)
class Recipient:
    """A woman and the chat in which a note reaches her; None when there is none."""

    person: int
    name: str
    language: str
    chat: int | None


async def begin(tx: Transaction, region: str, user: int, chat: int, now: int) -> int:
    """Await the text of a new note and return its id; the note that the user had in hand is given up."""
    await tx.run(
        "UPDATE notes SET state = 'dropped', changed_at = ? WHERE made_by = ? AND state IN ('writing', 'preview')",
        (now, user),
    )
    return await tx.insert(
        "INSERT INTO notes (region, made_by, chat, state, made_at, changed_at) VALUES (?, ?, ?, 'writing', ?, ?)",
        (region, user, chat, now, now),
    )


async def in_hand(tx: Transaction, user: int) -> Note | None:
    """Return the note that the user is writing or looking over."""
    row = await tx.one(NOTES + " WHERE n.made_by = ? AND n.state IN ('writing', 'preview')", (user,))
    return _note(row) if row else None


async def by_id(tx: Transaction, note: int, user: int) -> Note | None:
    """Return this note of the user's."""
    row = await tx.one(NOTES + " WHERE n.id = ? AND n.made_by = ?", (note, user))
    return _note(row) if row else None


async def write(tx: Transaction, note: int, text: str, now: int) -> None:
    """Keep the text of a note that is being written; it is to be looked over next."""
    await tx.run(
        "UPDATE notes SET text = ?, state = 'preview', changed_at = ? WHERE id = ? AND state = 'writing'",
        (text, now, note),
    )


async def move(tx: Transaction, note: int, before: str, after: str, now: int) -> bool:
    """Bring a note from one state to another; False when it was not in the first: of two presses one counts."""
    changed = await tx.run(
        "UPDATE notes SET state = ?, changed_at = ? WHERE id = ? AND state = ?", (after, now, note, before)
    )
    return changed > 0


async def recipients(tx: Transaction, region: str) -> list[Recipient]:
    """Return the registered women of a region, or of all, each with the chat where she was last active, if any."""
    rows = await tx.all(
        "SELECT p.id, p.name, p.language, (SELECT c.id FROM chat_people cp JOIN chats c ON c.id = cp.chat"
        " WHERE cp.person = p.id AND c.state = 'reachable' ORDER BY cp.active DESC, c.changed_at DESC LIMIT 1)"
        " FROM people p WHERE p.state = 'registered' AND (p.region = ?1 OR ?1 = '') ORDER BY p.id",
        (region,),
    )
    return [Recipient(*row) for row in rows]


async def sending(tx: Transaction) -> list[Note]:
    """Return the notes that are on their way."""
    rows = await tx.all(NOTES + " WHERE n.state = 'sending' ORDER BY n.id")
    return [_note(row) for row in rows]


async def stop_all(tx: Transaction, user: int, now: int) -> list[Note]:
    """Stop what has not left of the notes that the user sent, and return these notes."""
    found = [note for note in await sending(tx) if note.made_by == user]
    for note in found:
        await move(tx, note.id, "sending", "stopped", now)
        await outbox.cancel(tx, note.prefix, now)
    return found


async def touch(tx: Transaction, note: int, now: int) -> None:
    """Remember that the progress of the note was shown now."""
    await tx.run("UPDATE notes SET changed_at = ? WHERE id = ?", (now, note))


async def forget_texts(tx: Transaction, before: int) -> None:
    """Forget the texts of notes that nothing became of since that moment; one that was not sent by then is given up."""
    await tx.run(
        "UPDATE notes SET text = '', state = CASE state WHEN 'preview' THEN 'dropped' ELSE state END"
        " WHERE changed_at < ? AND text <> '' AND state <> 'sending'",
        (before,),
    )


async def not_reached(tx: Transaction, note: Note) -> list[str]:
    """Return the names of the registered women of the note's region to none of whose chats it came."""
    rows = await tx.all(
        "SELECT p.name FROM people p WHERE p.state = 'registered' AND (p.region = ?1 OR ?1 = '') AND NOT EXISTS"
        " (SELECT 1 FROM chat_people cp JOIN outbox o ON o.key = ?2 || cp.chat AND o.state = 'sent'"
        " WHERE cp.person = p.id) ORDER BY p.id",
        (note.region, note.prefix),
    )
    return [row[0] for row in rows]


async def progress_row(tx: Transaction, note: Note) -> int | None:
    """Return the row of the outbox whose message shows the note's progress; None once it was forgotten."""
    row = await tx.one("SELECT id FROM outbox WHERE key = ?", (note.progress,))
    return row[0] if row else None


async def moved_since(tx: Transaction, note: Note, moment: int) -> bool:
    """Return whether anything became of the note's rows since that moment."""
    row = await tx.one(
        "SELECT 1 FROM outbox WHERE key >= ? AND key < ? AND settled_at >= ? LIMIT 1",
        (*outbox.span(note.prefix), moment),
    )
    return row is not None


def _note(row: Row) -> Note:
    return Note(*row)
