"""People, their chats, and who uses which chat."""

from typing import NamedTuple

from storage.database import Transaction


class Person(NamedTuple):
    """Someone who talks to the bot, or did."""

    id: int
    state: str  # visitor, registered, withdrawn
    language: str
    name: str
    region: str | None
    group: str
    phone: str
    registered_at: int | None


class Visit(NamedTuple):
    """A person in a chat: what a turn knows before it begins."""

    person: Person
    chat: int
    greeted: bool
    reachable: bool
    role: str | None  # of the Telegram user, not of the person


async def meet(tx: Transaction, chat: int, user: int, now: int) -> Visit:
    """Return who is active in the chat; a chat never seen gets a new visitor."""
    row = await tx.one(
        "SELECT p.id, p.state, p.language, p.name, p.region, p.group_key, p.phone, p.registered_at,"
        " c.greeted, c.state = 'reachable', (SELECT role FROM roles WHERE user = ?)"
        " FROM chats c JOIN chat_people cp ON cp.chat = c.id AND cp.active = 1 JOIN people p ON p.id = cp.person"
        " WHERE c.id = ?",
        (user, chat),
    )
    if row is None:
        await welcome(tx, chat, now)
        return await meet(tx, chat, user, now)
    return Visit(Person(*row[:8]), chat, bool(row[8]), bool(row[9]), row[10])


async def welcome(tx: Transaction, chat: int, now: int) -> int:
    """Make a visitor for a chat that has nobody active; return her id."""
    await tx.run(
        "INSERT INTO chats (id, created_at, changed_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING", (chat, now, now)
    )
    person = await tx.insert(
        "INSERT INTO people (language, created_at) SELECT language, ? FROM chats WHERE id = ?", (now, chat)
    )
    await tx.run("INSERT INTO chat_people (chat, person) VALUES (?, ?)", (chat, person))
    return person


async def by_id(tx: Transaction, person: int) -> Person | None:
    """Return the person, or None when she was erased."""
    row = await tx.one(
        "SELECT id, state, language, name, region, group_key, phone, registered_at FROM people WHERE id = ?", (person,)
    )
    return Person(*row) if row else None


async def greet(tx: Transaction, chat: int) -> None:
    """Remember that the first message of this chat was answered."""
    await tx.run("UPDATE chats SET greeted = 1 WHERE id = ?", (chat,))


async def set_language(tx: Transaction, person: int, chat: int, language: str) -> None:
    """Speak `language` with the person, and with whoever is new in this chat."""
    await tx.run("UPDATE people SET language = ? WHERE id = ?", (language, person))
    await tx.run("UPDATE chats SET language = ? WHERE id = ?", (language, chat))


async def mark_chat(tx: Transaction, chat: int, state: str, now: int) -> bool:
    """Set a chat 'reachable', 'blocked' or 'gone'; True when that is news."""
    changed = await tx.run(
        "UPDATE chats SET state = ?, changed_at = ? WHERE id = ? AND state <> ?", (state, now, chat, state)
    )
    return changed > 0


async def register(tx: Transaction, person: int, name: str, region: str, group: str, phone: str, now: int) -> None:
    """Make the person a participant, or bring her record up to date; the date of her first registration stays."""
    await tx.run(
        "UPDATE people SET state = 'registered', name = ?, region = ?, group_key = ?, phone = ?,"
        " registered_at = coalesce(registered_at, ?) WHERE id = ?",
        (name, region, group, phone, now, person),
    )


async def withdraw(tx: Transaction, person: int) -> None:
    """End the person's part in the programme; her record stays until it is erased."""
    await tx.run("UPDATE people SET state = 'withdrawn' WHERE id = ?", (person,))
