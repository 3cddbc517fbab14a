"""People, their chats, and who uses which chat."""

from typing import NamedTuple

from storage.database import Transaction


class Person(NamedTuple):
    """Someone who talks to the bot, or did."""

    id: int
    state: str  # visitor, registered, waiting, withdrawn
    language: str
    name: str
    region: str | None
    group: str
    phone: str
    registered_at: int | None
    via: str = "chat"  # or 'helper', 'roster': who entered her record
    age: str = ""  # choice key; '' where she did not say

    @property
    def enrolled(self) -> bool:
        """Whether her registration is complete: she takes part, or waits for a place."""
        return self.state in ("registered", "waiting")

    @property
    def helped(self) -> bool:
        """Whether somebody of the team is registering her just now."""
        return self.via == "helper" and self.state == "visitor"


class Reach(NamedTuple):
    """Where a message reaches a person."""

    language: str
    chat: int


class Visit(NamedTuple):
    """A person in a chat: what a turn knows before it begins."""

    person: Person
    chat: int
    greeted: bool
    reachable: bool
    role: str | None  # of the Telegram user, not of the person
    shared: bool = False  # other women use the chat, too


PERSON = "SELECT p.id, p.state, p.language, p.name, p.region, p.group_key, p.phone, p.registered_at, p.via, p.age"
MEET = (
    PERSON + ", c.greeted, c.state = 'reachable', (SELECT role FROM roles WHERE user = ?),"  # noqa: S608 - of our own constants
    " EXISTS (SELECT 1 FROM chat_people WHERE chat = c.id AND active = 0)"
    " FROM chats c JOIN chat_people cp ON cp.chat = c.id AND cp.active = 1 JOIN people p ON p.id = cp.person"
    " WHERE c.id = ?"
)


async def meet(tx: Transaction, chat: int, user: int, now: int) -> Visit:
    """Return who is active in the chat; a chat never seen gets a new visitor."""
    row = await tx.one(MEET, (user, chat))
    if row is None:
        await welcome(tx, chat, now)
        return await meet(tx, chat, user, now)
    *hers, greeted, reachable, role, shared = row
    return Visit(Person(*hers), chat, bool(greeted), bool(reachable), role, bool(shared))


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
    row = await tx.one(PERSON + " FROM people p WHERE p.id = ?", (person,))
    return Person(*row) if row else None


async def reach(tx: Transaction, person: int) -> Reach | None:
    """Return the chat where the person was last active, or None when none can be reached."""
    row = await tx.one(
        "SELECT p.language, c.id FROM people p JOIN chat_people cp ON cp.person = p.id JOIN chats c ON c.id = cp.chat"
        " WHERE p.id = ? AND c.state = 'reachable' ORDER BY cp.active DESC, c.changed_at DESC LIMIT 1",
        (person,),
    )
    return Reach(*row) if row else None


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


async def register(
    tx: Transaction, person: int, name: str, region: str, group: str, phone: str, now: int, age: str | None = None
) -> None:
    """Make the person a participant, or bring her record up to date; the date of her first registration stays.

    Who waits for a place goes on waiting (storage/places.py). Without an `age` hers stays as it is.
    """
    await tx.run(
        "UPDATE people SET state = iif(state = 'waiting', state, 'registered'), name = ?, region = ?, group_key = ?,"
        " phone = ?, age = coalesce(?, age), registered_at = coalesce(registered_at, ?) WHERE id = ?",
        (name, region, group, phone, age, now, person),
    )


async def withdraw(tx: Transaction, person: int) -> None:
    """End the person's part in the programme; her record stays until it is erased."""
    await tx.run("UPDATE people SET state = 'withdrawn' WHERE id = ?", (person,))
