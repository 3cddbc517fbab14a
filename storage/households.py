"""Households: the women who use one chat. One of them is active: what is typed there is hers."""

import json
from collections.abc import Collection
from typing import NamedTuple

from storage import people
from storage.database import Transaction

MOST = 8  # women of one chat


class Woman(NamedTuple):
    """One of the women of a chat."""

    chat: int
    person: int
    name: str  # '' while she has told none
    language: str
    number: int  # her place among them, from 1
    active: int


# Before she has sent her registration, her name is what she has written there.
WOMEN = (
    "SELECT cp.chat, p.id, iif(p.name <> '', p.name, coalesce((SELECT a.value ->> '$' FROM sheets s JOIN answers a"
    " ON a.sheet = s.id AND a.question = 'name' WHERE s.person = p.id AND s.state = 'open'), '')), p.language,"
    " row_number() OVER (PARTITION BY cp.chat ORDER BY p.id), cp.active"
    " FROM chat_people cp JOIN people p ON p.id = cp.person"
)
# Who came to the chat and has entered nothing yet.
EMPTY = (
    "SELECT p.id FROM chat_people cp JOIN people p ON p.id = cp.person WHERE cp.chat = ? AND p.state = 'visitor'"
    " AND p.name = '' AND p.via = 'chat' AND NOT EXISTS (SELECT 1 FROM inquiries WHERE person = p.id)"
    " AND NOT EXISTS (SELECT 1 FROM sheets s JOIN answers a ON a.sheet = s.id WHERE s.person = p.id)"
    " ORDER BY p.id DESC LIMIT 1"
)

ABANDONED = (
    "SELECT cp.chat, p.id FROM people p JOIN chat_people cp ON cp.person = p.id"
    " WHERE p.via = 'helper' AND p.state = 'visitor' AND p.created_at < ?"
)
OF_SHARED = (
    WOMEN + " WHERE cp.chat IN (SELECT value FROM json_each(?))"  # noqa: S608 - of our own constants
    " AND EXISTS (SELECT 1 FROM chat_people WHERE chat = cp.chat AND active = 0) ORDER BY cp.chat, p.id"
)


async def of_chat(tx: Transaction, chat: int) -> list[Woman]:
    """Return the women of a chat."""
    return [Woman(*row) for row in await tx.all(WOMEN + " WHERE cp.chat = ? ORDER BY p.id", (chat,))]


async def shared(tx: Transaction, chats: Collection[int]) -> list[Woman]:
    """Return the women of those of the chats that more than one woman uses."""
    rows = await tx.all(OF_SHARED, (json.dumps(list(chats)),))
    return [Woman(*row) for row in rows]


async def addressee(tx: Transaction, chat: int, message: int) -> int | None:
    """Return for whom of the women of the chat a message was, if it is known."""
    row = await tx.one(
        "SELECT o.person FROM outbox o JOIN chat_people cp ON cp.chat = o.chat AND cp.person = o.person"
        " WHERE o.chat = ? AND o.message = ? ORDER BY o.id LIMIT 1",
        (chat, message),
    )
    return row[0] if row else None


async def switch(tx: Transaction, chat: int, person: int) -> bool:
    """Make another woman of the chat the active one; False, and nothing is changed, if she is none of them."""
    if not await tx.one("SELECT 1 FROM chat_people WHERE chat = ? AND person = ?", (chat, person)):
        return False
    await tx.run("UPDATE chat_people SET active = 0 WHERE chat = ? AND active = 1 AND person <> ?", (chat, person))
    await tx.run("UPDATE chat_people SET active = 1 WHERE chat = ? AND person = ?", (chat, person))
    return True


async def empty(tx: Transaction, chat: int) -> int | None:
    """Return the visitor of the chat who has entered nothing yet, if there is one."""
    row = await tx.one(EMPTY, (chat,))
    return row[0] if row else None


async def is_full(tx: Transaction, chat: int) -> bool:
    """Tell whether the chat has as many women as it can have."""
    row = await tx.one("SELECT count(*) FROM chat_people WHERE chat = ?", (chat,))
    return bool(row and row[0] >= MOST)


async def grow(tx: Transaction, chat: int, now: int) -> int | None:
    """Make one more woman of the chat, active from now on, and return her id; None if there are too many.

    One who has entered nothing yet is that woman: so a tap too many makes nobody.
    """
    if (new := await empty(tx, chat)) is not None:
        await switch(tx, chat, new)
        return new
    if await is_full(tx, chat):
        return None
    await tx.run("UPDATE chat_people SET active = 0 WHERE chat = ? AND active = 1", (chat,))
    return await people.welcome(tx, chat, now)


async def help_in(tx: Transaction, chat: int, language: str, now: int) -> int:
    """Make a woman whom the helper of this chat registers, active there meanwhile, and return her id."""
    await tx.run("UPDATE chat_people SET active = 0 WHERE chat = ? AND active = 1", (chat,))
    person = await tx.insert("INSERT INTO people (language, created_at, via) VALUES (?, ?, 'helper')", (language, now))
    await tx.run("INSERT INTO chat_people (chat, person) VALUES (?, ?)", (chat, person))
    return person


async def helped(tx: Transaction, chat: int) -> int | None:
    """Return the woman whose registration the helper of this chat has not finished, if there is one."""
    row = await tx.one(
        "SELECT p.id FROM chat_people cp JOIN people p ON p.id = cp.person WHERE cp.chat = ?"
        " AND p.via = 'helper' AND p.state = 'visitor'",
        (chat,),
    )
    return row[0] if row else None


async def leave(tx: Transaction, chat: int, person: int) -> None:
    """Take a woman out of a chat; if she was active there, the first of the others is from now on."""
    await tx.run("DELETE FROM chat_people WHERE chat = ? AND person = ?", (chat, person))
    await tx.run(
        "UPDATE chat_people SET active = 1 WHERE chat = ?1 AND person = (SELECT min(person) FROM chat_people"
        " WHERE chat = ?1) AND NOT EXISTS (SELECT 1 FROM chat_people WHERE chat = ?1 AND active = 1)",
        (chat,),
    )


async def abandoned(tx: Transaction, before: int) -> list[tuple[int, int]]:
    """Return chat and id of the women whom helpers began to register before that moment and did not finish."""
    return await tx.all(ABANDONED, (before,))
