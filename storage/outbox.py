"""Everything that leaves for Telegram: ready calls, claimed on disk before they leave, marked when they came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from storage.database import Row, Transaction

# Two partial indexes are walked in their own order, so that a claim costs the same however long the outbox is.
# The plus before the limit: SQLite looks at a bare one and prepares the statement anew whenever it changes.
HEADS = """
    WITH next AS (
        SELECT DISTINCT chat FROM (
            SELECT chat FROM outbox AS o
            WHERE state = 'planned' AND due <= ?1 AND chat NOT IN (SELECT value FROM json_each(?2))
                AND NOT EXISTS (SELECT 1 FROM outbox AS t WHERE t.id = o.target AND t.state IN ('planned', 'sending'))
            ORDER BY priority, due, id LIMIT +?3))
    SELECT o.id, o.key, o.chat, o.person, o.method, o.parameters, t.message, o.document, o.doubt, o.doubted,
        coalesce(o.useless_after <= ?1, 0), t.message IS NULL AND o.target IS NOT NULL
    FROM next
    JOIN outbox AS o ON o.id = (
        SELECT f.id FROM outbox AS f INDEXED BY outbox_due
        WHERE f.chat = next.chat AND f.state IN ('planned', 'sending') AND f.state = 'planned' AND f.due <= ?1
            AND NOT EXISTS (SELECT 1 FROM outbox AS t WHERE t.id = f.target AND t.state IN ('planned', 'sending'))
        ORDER BY f.priority, f.id LIMIT 1)
    LEFT JOIN outbox AS t ON t.id = o.target
    ORDER BY o.priority, o.due, o.id"""

# The first row of each priority: what is due and waits for its chat, or for a slot, may be many rows.
NEXT_DUE = """
    WITH RECURSIVE priorities (n) AS (
        SELECT min(priority) FROM outbox WHERE state = 'planned'
        UNION ALL
        SELECT (SELECT min(priority) FROM outbox WHERE state = 'planned' AND priority > n) FROM priorities
        WHERE n IS NOT NULL)
    SELECT min((
        SELECT due FROM outbox AS o WHERE state = 'planned' AND priority = n
            AND NOT EXISTS (SELECT 1 FROM outbox AS t WHERE t.id = o.target AND t.state IN ('planned', 'sending'))
        ORDER BY due LIMIT 1))
    FROM priorities"""

PLAN_ONCE = (
    "INSERT INTO outbox"
    " (key, chat, person, method, parameters, target, document, priority, due, useless_after, doubt)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"
)
PLAN_AND_TELL = PLAN_ONCE + " RETURNING id"


class Letter(NamedTuple):
    """A call to be made; the fields are the columns of `outbox`."""

    chat: int
    method: str
    parameters: Mapping[str, Any]
    person: int | None = None
    key: str | None = None
    target: int | None = None
    document: str = ""
    priority: int = 0
    due: int | None = None  # None: now
    useless_after: int | None = None
    doubt: str = "repeat"


class Claimed(NamedTuple):
    """A row that may leave now. `message` is the id of its target's message, if it has a target."""

    id: int
    key: str | None
    chat: int
    person: int | None
    method: str
    parameters: dict[str, Any]
    message: int | None
    document: str
    doubt: str
    doubts: int  # how often it may have arrived already


class Mark(NamedTuple):
    """What became of a claimed row; 'planned' gives it back to be tried again."""

    id: int
    state: str
    message: int | None = None
    reason: str = ""
    doubted: bool = False  # it may have arrived all the same
    moved: bool = False  # `message` replaces the message of the row's target, which was gone
    left: bool = False  # its call left, or may have left
    due: int | None = None  # when it may be tried again; None: as soon as before


@dataclass(frozen=True)
class Doubt:
    """A row that may have arrived twice, or that waits because it may have arrived."""

    id: int
    key: str | None
    chat: int
    person: int | None
    method: str
    state: str
    times: int
    settled_at: int | None


async def plan(tx: Transaction, letters: Sequence[Letter], now: int) -> None:
    """Plan the letters; one whose key stands in the outbox already is not planned again."""
    await tx.many(PLAN_ONCE, [_row(letter, now) for letter in letters])
    tx.wakes_sender = True


async def add(tx: Transaction, letters: Sequence[Letter], now: int) -> list[int | None]:
    """Plan the letters and return their ids in the same order; None where the key stands in the outbox already."""
    planned = [await tx.one(PLAN_AND_TELL, _row(letter, now)) for letter in letters]
    tx.wakes_sender = tx.wakes_sender or any(planned)
    return [row[0] if row else None for row in planned]


def _row(letter: Letter, now: int) -> Row:
    return (
        *(letter.key, letter.chat, letter.person, letter.method, orjson.dumps(letter.parameters).decode()),
        *(letter.target, letter.document, letter.priority, now if letter.due is None else letter.due),
        *(letter.useless_after, letter.doubt),
    )


async def claim(tx: Transaction, now: int, busy_chats: Sequence[int], limit: int) -> list[Claimed]:
    """Mark up to `limit` due rows as 'sending', one a chat, and return them in the order in which they should leave.

    Replies go before reminders before notes, then what fell due first; within a chat and a priority, in order of ids.
    A row whose target has not left yet waits. What is past its use, or changes a message that was never sent, is
    settled instead.
    """
    while rows := await heads(tx, now, busy_chats, limit):
        useless = [Mark(row[0], "missed", reason="past its use") for row in rows if row[-2]]
        orphans = [Mark(row[0], "cancelled", reason="nothing to change") for row in rows if row[-1] and not row[-2]]
        if useless or orphans:
            await settle(tx, useless + orphans, now)
        claimed = [_claimed(row) for row in rows if not row[-2] and not row[-1]]
        if claimed:
            ids = orjson.dumps([row.id for row in claimed]).decode()
            await tx.run("UPDATE outbox SET state = 'sending' WHERE id IN (SELECT value FROM json_each(?))", (ids,))
            return claimed
    return []


async def heads(tx: Transaction, now: int, busy_chats: Sequence[int], limit: int) -> list[Row]:
    """Return the first due row of each chat whose turn it is, and whether it is past its use or lost its target."""
    return await tx.all(HEADS, (now, orjson.dumps(busy_chats).decode(), limit))


def _claimed(row: Row) -> Claimed:
    id_, key, chat, person, method, parameters, *rest = row[:10]
    return Claimed(id_, key, chat, person, method, orjson.loads(parameters), *rest)


async def settle(tx: Transaction, marks: Sequence[Mark], now: int) -> None:
    """Write what became of rows; a settled row loses its parameters, its key and its message id stay."""
    await tx.many(
        "UPDATE outbox SET state = ?1, message = coalesce(?2, message), reason = ?3,"
        " doubted = doubted + ?4, attempts = attempts + ?7, due = coalesce(?8, due),"
        " parameters = CASE WHEN ?1 IN ('planned', 'in doubt') THEN parameters ELSE '' END,"
        " settled_at = CASE WHEN ?1 IN ('planned', 'in doubt') THEN NULL ELSE ?5 END"
        " WHERE id = ?6 AND state IN ('planned', 'sending')",
        [(mark.state, mark.message, mark.reason, mark.doubted, now, mark.id, mark.left, mark.due) for mark in marks],
    )
    moved = [(mark.message, mark.id) for mark in marks if mark.moved]
    if moved:
        await tx.many("UPDATE outbox SET message = ? WHERE id = (SELECT target FROM outbox WHERE id = ?)", moved)


async def recover(tx: Transaction) -> int:
    """Give back, or hold, what was in the air when the bot died; return how many rows that were."""
    return await tx.run(
        "UPDATE outbox SET state = CASE doubt WHEN 'hold' THEN 'in doubt' ELSE 'planned' END, doubted = doubted + 1,"
        " attempts = attempts + 1"
        " WHERE state IN ('planned', 'sending') AND state = 'sending'"  # so says the index outbox_due
    )


async def hasten(tx: Transaction, doubts: int, now: int) -> None:
    """Let what may have arrived, so many times at most, be tried again now."""
    await tx.run(
        "UPDATE outbox SET due = ?1 WHERE doubted > 0 AND doubted <= ?2 AND state = 'planned' AND due > ?1",
        (now, doubts),
    )


async def next_due(tx: Transaction) -> int | None:
    """Return the earliest moment, also a past one, at which a planned row that waits for no other is due."""
    row = await tx.one(NEXT_DUE)
    return row[0] if row else None


async def close_chat(tx: Transaction, chat: int, reason: str, now: int) -> int:
    """Settle all that is planned for a chat as 'unreachable'; return how many rows that were."""
    return await tx.run(
        "UPDATE outbox SET state = 'unreachable', reason = ?, parameters = '', settled_at = ?"
        " WHERE chat = ? AND state IN ('planned', 'sending') AND state = 'planned'",
        (reason, now, chat),
    )


async def move_chat(tx: Transaction, old: int, new: int) -> None:
    """Address what has not left for a group to the supergroup that it became (Bot API, migrate_to_chat_id)."""
    await tx.run("UPDATE outbox SET chat = ? WHERE chat = ? AND state IN ('planned', 'sending')", (new, old))


async def cancel(tx: Transaction, key_prefix: str, now: int) -> int:
    """Stop what is planned under keys that begin so; return how many rows that were. What is in the air arrives."""
    return await tx.run(
        "UPDATE outbox SET state = 'cancelled', parameters = '', settled_at = ?"
        " WHERE key >= ? AND key < ? AND state = 'planned'",
        (now, *span(key_prefix)),
    )


async def by_message(tx: Transaction, chat: int, message: int) -> str | None:
    """Return the key of the row that sent this message, or None."""
    row = await tx.one(
        "SELECT key FROM outbox WHERE chat = ? AND message = ? AND key IS NOT NULL ORDER BY id LIMIT 1", (chat, message)
    )
    return row[0] if row else None


async def counts_by_key_prefix(tx: Transaction, key_prefix: str) -> dict[str, int]:
    """Return how many rows with keys that begin so are in which state."""
    rows = await tx.all(
        "SELECT state, count(*) FROM outbox WHERE key >= ? AND key < ? GROUP BY state", span(key_prefix)
    )
    return dict(rows)


def span(key_prefix: str) -> tuple[str, str]:
    """Return the bounds, from and below, of all keys that begin so."""
    return key_prefix, key_prefix + chr(0x10FFFF)


async def doubtful(tx: Transaction) -> list[Doubt]:
    """List what may have arrived twice, or waits because it may have arrived; oldest first. Changes cannot double."""
    rows = await tx.all(
        "SELECT id, key, chat, person, method, state, doubted, settled_at FROM outbox"
        " WHERE doubted > 0 AND method NOT LIKE 'edit%' AND method NOT LIKE 'delete%' ORDER BY id"
    )
    return [Doubt(*row) for row in rows]


async def refusals(tx: Transaction) -> list[tuple[str, str, int]]:
    """Return what Telegram did not take as it was: 'failed' or 'sent' (in another way), why, and how often."""
    return await tx.all(
        "SELECT state, reason, count(*) FROM outbox WHERE state IN ('failed', 'sent') AND reason <> ''"
        " GROUP BY state, reason ORDER BY state, count(*) DESC, reason"
    )


async def undecided(tx: Transaction) -> list[Doubt]:
    """List what waits for an organiser because it may have arrived, the oldest first."""
    return [doubt for doubt in await doubtful(tx) if doubt.state == "in doubt"]


async def decide(tx: Transaction, newest: int, again: bool, now: int) -> int:
    """End the doubt of all rows up to that id: send them again, or count them as sent; return how many that were."""
    if again:
        changed = await tx.run("UPDATE outbox SET state = 'planned' WHERE id <= ? AND state = 'in doubt'", (newest,))
        tx.wakes_sender = tx.wakes_sender or changed > 0
        return changed
    return await tx.run(
        "UPDATE outbox SET state = 'sent', parameters = '', settled_at = ? WHERE id <= ? AND state = 'in doubt'",
        (now, newest),
    )


async def prune(tx: Transaction, before: int, most: int) -> int:
    """Forget, of the `most` oldest rows, those settled before that moment; return how many that were.

    Those whose message is still to be changed stay. It is to be repeated until it forgets none: however long the outbox
    is, no more than `most` rows are read at once.
    """
    return await tx.run(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM (SELECT id, settled_at FROM outbox ORDER BY id LIMIT ?2) AS o"
        " WHERE settled_at < ?1 AND NOT EXISTS (SELECT 1 FROM outbox AS c WHERE c.target = o.id"
        " AND c.state IN ('planned', 'sending', 'in doubt')))",
        (before, most),
    )


async def keep_due(tx: Transaction, since: int, now: int) -> None:
    """Keep due what was due at `since`, although wall time was turned back from there to `now`."""
    await tx.run(
        "UPDATE outbox SET due = ? WHERE state IN ('planned', 'sending') AND due > ? AND due <= ?", (now, now, since)
    )
