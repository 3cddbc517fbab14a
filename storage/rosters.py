"""Rosters: sheets of women that an organiser sent, from the preview to the last row; and whom the bot knows already."""

import json
from dataclasses import dataclass
from typing import NamedTuple

from storage import people
from storage.database import Transaction

ROSTERS = (
    "SELECT r.id, r.hash, r.made_by, r.chat, r.body, r.definition, r.plan, r.state, r.made_at,"
    " coalesce(p.language, 'az')"
    " FROM rosters r LEFT JOIN chat_people cp ON cp.chat = r.chat AND cp.active = 1"
    " LEFT JOIN people p ON p.id = cp.person"
)


@dataclass(frozen=True)
class Roster:
    """A roster, by its state in `schema.sql`."""

    id: int
    hash: str  # of the file
    made_by: int
    chat: int
    body: str  # its cells, JSON; '' once it is settled
    definition: str  # hash of the form that they are read by
    plan: str  # the hash of what was shown
    state: str
    made_at: int  # UTC ms
    language: str  # of who sent it

    @property
    def list_key(self) -> str:
        """The key of the file that lists its mistakes and differences."""
        return f"roster:{self.id}:list"


class Known(NamedTuple):
    """A woman who is registered, waits for a place, or left."""

    person: int
    state: str
    name: str
    region: str
    group: str
    age: str
    phone: str
    language: str
    herself: int  # 1 if she has a chat with the bot: then she looks after her own data
    merged: int = 0  # 1 if name and phone are those of a record that was merged into hers


class Shown(NamedTuple):
    """What is kept of a roster that is shown."""

    hash: str
    body: str
    definition: str
    plan: str


async def preview(tx: Transaction, user: int, chat: int, shown: Shown, now: int) -> int:
    """Keep a roster that is shown now and return its id; the one that the user had in hand is given up."""
    await tx.run(
        "UPDATE rosters SET state = 'dropped', body = '', settled_at = ? WHERE made_by = ? AND state = 'previewed'",
        (now, user),
    )
    return await tx.insert(
        "INSERT INTO rosters (made_by, chat, hash, body, definition, plan, state, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?, 'previewed', ?)",
        (user, chat, *shown, now),
    )


async def by_id(tx: Transaction, roster: int, user: int) -> Roster | None:
    """Return this roster of the user's."""
    row = await tx.one(ROSTERS + " WHERE r.id = ? AND r.made_by = ?", (roster, user))
    return Roster(*row) if row else None


async def settle(tx: Transaction, roster: int, state: str, now: int, added: int = 0, changed: int = 0) -> bool:
    """End a roster as 'applied' or 'dropped', and forget what stands on it; of two presses one counts."""
    ended = await tx.run(
        "UPDATE rosters SET state = ?, body = '', added = ?, changed = ?, settled_at = ?"
        " WHERE id = ? AND state = 'previewed'",
        (state, added, changed, now, roster),
    )
    return ended > 0


async def expire(tx: Transaction, before: int, now: int) -> None:
    """Give up the rosters that were shown before that moment and not confirmed: nobody's data lie about."""
    await tx.run(
        "UPDATE rosters SET state = 'dropped', body = '', settled_at = ? WHERE state = 'previewed' AND made_at < ?",
        (now, before),
    )


async def known(tx: Transaction) -> list[Known]:
    """Return everyone who is registered, waits for a place, or left, in the order of their numbers.

    A record that was merged into another stands for that one, under its own name and phone: no sheet brings it back.
    """
    rows = await tx.all(
        # Who was merged may have been merged into one who was merged since.
        "WITH RECURSIVE stands (own, person) AS (SELECT id, id FROM people WHERE state <> 'visitor'"
        " UNION ALL SELECT s.own, m.kept FROM stands s JOIN merges m ON m.gone = s.person)"
        " SELECT p.id, p.state, o.name, coalesce(p.region, ''), p.group_key, p.age, o.phone, p.language,"
        " EXISTS (SELECT 1 FROM chat_people WHERE person = p.id), p.id <> o.id FROM stands s"
        " JOIN people o ON o.id = s.own JOIN people p ON p.id = s.person"
        " WHERE p.state <> 'visitor' AND p.id NOT IN (SELECT gone FROM merges) ORDER BY o.id"
    )
    return [Known(*row) for row in rows]


async def add(tx: Transaction, language: str, now: int) -> int:
    """Make a person who has no chat and return her id; she is to be registered in the same transaction."""
    return await tx.insert("INSERT INTO people (language, created_at, via) VALUES (?, ?, 'roster')", (language, now))


async def write(
    tx: Transaction, person: int, name: str, region: str, group: str, age: str, phone: str, language: str, now: int
) -> None:
    """Make the person's record what the roster says."""
    await people.register(tx, person, name, region, group, phone, now, age)
    await tx.run("UPDATE people SET language = ? WHERE id = ?", (language, person))


async def seated(tx: Transaction, women: list[int]) -> tuple[int, int]:
    """Return how many of these women hold a place, and how many wait for one."""
    row = await tx.one(
        "SELECT coalesce(sum(state = 'registered'), 0), coalesce(sum(state = 'waiting'), 0) FROM people"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(women),),
    )
    return (row[0], row[1]) if row else (0, 0)
