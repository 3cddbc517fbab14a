"""Erasing a person: a job in four states, resumed at start, and the tombstones that keep her from coming back.

Failures and seen update ids are not touched: neither holds anything that leads to a person.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from storage.database import Transaction

CHECKPOINT = "checkpoint"  # the fact that stands while deleted rows may still be read in the WAL
# In chats where nobody is active any more, who came last is from now on.
NEXT_ACTIVE = (
    "UPDATE chat_people SET active = 1 WHERE (chat, person) IN (SELECT c.value, (SELECT max(person) FROM chat_people"
    " WHERE chat = c.value) FROM json_each(?) c WHERE NOT EXISTS (SELECT 1 FROM chat_people"
    " WHERE chat = c.value AND active = 1))"
)


@dataclass(frozen=True)
class Erasure:
    """An erasure under way."""

    person: int
    chat: int  # where she asked for it and is told; 0 for nowhere
    language: str
    state: str  # asked, deleted, checkpointed


async def ask(tx: Transaction, person: int, chat: int, language: str, now: int) -> None:
    """Have the person erased."""
    await tx.run(
        "INSERT INTO erasures (person, chat, language, state, asked_at) VALUES (?, ?, ?, 'asked', ?)"
        " ON CONFLICT (person) DO NOTHING",
        (person, chat, language, now),
    )


async def ask_for_gone(tx: Transaction, person: int, now: int) -> bool:
    """Have a participant erased who is in no chat: all her Telegram accounts were deleted, or she never came to one.

    False, and nothing is done, for others. The erasure's last word goes to a chat of hers, where Telegram refuses it,
    or to none (0); nobody else is told in her place.
    """
    asked = await tx.run(
        "INSERT INTO erasures (person, chat, language, state, asked_at)"
        " SELECT p.id, coalesce((SELECT min(chat) FROM chat_people WHERE person = p.id), 0), p.language, 'asked', ?2"
        " FROM people p WHERE p.id = ?1 AND p.state IN ('registered', 'waiting')"
        " AND NOT EXISTS (SELECT 1 FROM chat_people cp JOIN chats c ON c.id = cp.chat"
        " WHERE cp.person = p.id AND c.state <> 'gone') ON CONFLICT (person) DO NOTHING",
        (person, now),
    )
    return asked > 0


async def ask_all(tx: Transaction, before: int, now: int) -> int:
    """Have everyone erased who came before that moment and has no role; return how many that are."""
    return await tx.run(
        "INSERT INTO erasures (person, chat, language, state, asked_at)"
        " SELECT p.id, coalesce((SELECT chat FROM chat_people WHERE person = p.id ORDER BY active DESC, chat"
        " LIMIT 1), 0), p.language, 'asked', ?2 FROM people p WHERE p.created_at < ?1 AND NOT EXISTS (SELECT 1"
        " FROM chat_people c JOIN roles r ON r.user = c.chat WHERE c.person = p.id) ON CONFLICT (person) DO NOTHING",
        (before, now),
    )


async def under_way(tx: Transaction) -> list[Erasure]:
    """Return the erasures that have not ended."""
    rows = await tx.all("SELECT person, chat, language, state FROM erasures WHERE state <> 'confirmed' ORDER BY person")
    return [Erasure(*row) for row in rows]


async def is_under_way(tx: Transaction, *people: int) -> bool:
    """Tell whether an erasure of one of these people was asked for and has not ended."""
    row = await tx.one(
        "SELECT 1 FROM erasures WHERE state <> 'confirmed' AND person IN (SELECT value FROM json_each(?))",
        (json.dumps(people),),
    )
    return row is not None


async def advance(tx: Transaction, person: int, state: str) -> None:
    """Bring an erasure to its next state."""
    await tx.run("UPDATE erasures SET state = ? WHERE person = ?", (state, person))


async def own_chats(tx: Transaction, person: int) -> list[int]:
    """Return the chats that the person uses and nobody else."""
    rows = await tx.all(
        "SELECT chat FROM chat_people c WHERE person = ?1"
        " AND NOT EXISTS (SELECT 1 FROM chat_people o WHERE o.chat = c.chat AND o.person <> ?1)",
        (person,),
    )
    return [row[0] for row in rows]


async def messages(tx: Transaction, person: int, since: int) -> dict[int, list[int]]:
    """Return, by chat, the ids of messages not older than that moment.

    They are ours to her, hers that she passed on to the organisers, and what the organisers were shown of those.
    """
    rows = await tx.all(
        "SELECT chat, message FROM outbox WHERE message IS NOT NULL AND settled_at > ?2 AND method NOT LIKE 'edit%'"
        " AND (person = ?1 OR chat IN (SELECT value FROM json_each(?3)) OR key IN (SELECT o.key FROM inquiries q"
        " JOIN outbox o ON o.key GLOB 'inquiry:' || q.id || ':*' WHERE q.person = ?1))"
        " UNION SELECT chat, message FROM inquiries WHERE person = ?1 AND asked_at > ?2",
        (person, since, json.dumps(await own_chats(tx, person))),
    )
    found = defaultdict(list)
    for chat, message in rows:
        found[chat].append(message)
    return dict(found)


async def is_in_the_air(tx: Transaction, person: int) -> bool:
    """Tell whether something is on its way to her, so that its message could not be deleted yet."""
    row = await tx.one("SELECT 1 FROM outbox WHERE person = ? AND state = 'sending' LIMIT 1", (person,))
    return row is not None


async def remove(tx: Transaction, person: int, erased_at: int) -> None:
    """Delete the person and all that leads to her, and leave a tombstone; also what was merged into her.

    What references her goes with her (ON DELETE CASCADE): sheets, answers, sealed sheets, consents, intents, reminders,
    inquiries, her place, which the next tick passes on. Roles stay: an office is ended by its removal. A chat that
    another woman uses stays hers.
    """
    await tx.run(
        "UPDATE audit SET subject = 'erased', detail = '' WHERE action LIKE 'inquiry.%'"
        " AND subject IN (SELECT CAST(id AS TEXT) FROM inquiries WHERE person = ?1)"
        " OR action IN ('place.given', 'woman.registered', 'woman.code') AND subject = CAST(?1 AS TEXT)"
        " OR action LIKE 'double.%' AND CAST(?1 AS TEXT) IN (subject, detail)",
        (person,),
    )
    for (merged,) in await tx.all("SELECT gone FROM merges WHERE kept = ?", (person,)):
        await remove(tx, merged, erased_at)
    # What organisers have not been shown yet of her inquiries leaves, too; it holds her name and her chat.
    own = json.dumps(await own_chats(tx, person))
    chats = json.dumps([chat for (chat,) in await tx.all("SELECT chat FROM chat_people WHERE person = ?", (person,))])
    await tx.run(
        "DELETE FROM outbox WHERE person = ?1 OR chat IN (SELECT value FROM json_each(?2)) OR parameters <> ''"
        " AND EXISTS (SELECT 1 FROM inquiries q WHERE q.person = ?1 AND (key GLOB 'inquiry:' || q.id || ':*'"
        " OR key GLOB 'answered:' || q.id || ':*'))",
        (person, own),
    )
    await _withhold(tx, person, erased_at)
    await tx.run("DELETE FROM people WHERE id = ?", (person,))
    await tx.run("DELETE FROM chats WHERE id IN (SELECT value FROM json_each(?))", (own,))
    await tx.run(NEXT_ACTIVE, (chats,))
    await tx.run(
        "INSERT INTO tombstones (person, erased_at) VALUES (?, ?) ON CONFLICT (person) DO NOTHING", (person, erased_at)
    )


async def _withhold(tx: Transaction, person: int, now: int) -> None:
    """Stop the lists that name the person and have not reached an organiser yet: they can be asked for again."""
    row = await tx.one("SELECT name FROM people WHERE id = ?", (person,))
    if row and row[0]:
        shown = f"\u2068{escape(row[0])}\u2069"  # as texts show a person's words, so that no other text is meant
        await tx.run(
            "UPDATE outbox SET state = 'cancelled', reason = 'it named who was erased', parameters = '', settled_at = ?"
            " WHERE parameters <> '' AND chat IN (SELECT user FROM roles) AND instr(parameters, ?) > 0",
            (now, shown),
        )


async def is_told(tx: Transaction, person: int) -> bool:
    """Tell whether nothing of the erasure's own letters is still to leave."""
    row = await tx.one(
        "SELECT 1 FROM outbox WHERE key GLOB 'erase:' || ? || ':*' AND state IN ('planned', 'sending')", (person,)
    )
    return row is None


async def forget(tx: Transaction, person: int) -> None:
    """End the erasure: not even the chat in which she was told of it is known any more."""
    await tx.run("DELETE FROM outbox WHERE key GLOB 'erase:' || ? || ':*'", (person,))
    await tx.run("UPDATE erasures SET state = 'confirmed', chat = 0 WHERE person = ?", (person,))


async def emptied(tx: Transaction, mark: str) -> None:
    """Note that the WAL was emptied since the fact CHECKPOINT had this value."""
    await tx.run("DELETE FROM facts WHERE name = ? AND value = ?", (CHECKPOINT, mark))


async def tombstones(tx: Transaction) -> dict[int, int]:
    """Return when whom was erased."""
    rows = await tx.all("SELECT person, erased_at FROM tombstones ORDER BY person")
    return dict(rows)


async def apply(tx: Transaction, buried: Mapping[int, int]) -> int:
    """Erase again, in a restored database, who was erased since its backup; return how many that were.

    The numbers of erased people are never given again, also not by a database that has not come so far yet.
    """
    found = await tx.all(
        "SELECT p.id FROM people p JOIN json_each(?) t ON t.key = CAST(p.id AS TEXT) WHERE p.created_at <= t.value",
        (json.dumps(buried),),
    )
    for (person,) in found:
        await remove(tx, person, buried[person])
        await forget(tx, person)
    await tx.many(
        "INSERT INTO tombstones (person, erased_at) VALUES (?, ?) ON CONFLICT (person) DO NOTHING", buried.items()
    )
    # SQLite keeps the highest number given (AUTOINCREMENT) in a table of its own.
    last = max([0, *buried])
    await tx.run("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'people'", (last,))
    return len(found)


@dataclass(frozen=True)
class Holdings:
    """What is kept of a person beside her record, her consents and her intents; an erasure deletes all of it."""

    chats: list[int]  # Telegram chat ids
    sheets: list[str]  # keys of the sheets that carry her name, the oldest first
    reminders: int  # and nudges
    inquiries: int
    open_surveys: int  # anonymous sheets that are still hers


async def holdings(tx: Transaction, person: int) -> Holdings:
    """Return what is kept of the person."""
    [row] = await tx.all(
        "SELECT (SELECT json_group_array(chat) FROM chat_people WHERE person = ?1),"
        " (SELECT json_group_array(key) FROM (SELECT key FROM sheets WHERE person = ?1 AND state <> 'cancelled'"
        " ORDER BY id)), (SELECT count(*) FROM reminders WHERE person = ?1)"
        " + (SELECT count(*) FROM nudges WHERE person = ?1),"
        " (SELECT count(*) FROM inquiries WHERE person = ?1), (SELECT count(*) FROM sealed_sheets WHERE person = ?1)",
        (person,),
    )
    return Holdings(json.loads(row[0]), json.loads(row[1]), *row[2:])
