"""Nudges: who left her registration half-way, and which nudges each woman had: none of a kind comes twice, ever."""

import json
from collections.abc import Collection
from typing import NamedTuple

from storage.database import Transaction


class Unfinished(NamedTuple):
    """A sheet that its person left open, in a chat that can be reached."""

    key: str  # the sheet's
    asked: int
    person: int
    language: str
    chat: int


# Who left and had no nudge of kind ?1; after the one before closing none comes, so it stands for both. Whoever takes
# part, waits for a place or has left the programme only looks at her data; whom somebody else registers is not asked.
# The index holds open sheets only: SQLite would look through all sheets that ever were.
LEFT = (
    " FROM sheets s INDEXED BY one_open_sheet JOIN people p ON p.id = s.person"
    " JOIN chats c ON c.id = s.chat AND c.state = 'reachable'"
    " JOIN chat_people cp ON cp.chat = s.chat AND cp.person = p.id"
    " WHERE s.state = 'open' AND s.form = 'registration' AND p.state = 'visitor' AND p.via = 'chat'"
    " AND NOT EXISTS (SELECT 1 FROM nudges n WHERE n.person = p.id AND n.kind IN (?1, 'closing'))"
    " AND s.changed_at >= ?2 AND s.changed_at < ?3"
    # On the way to one of the regions ?4; '' is one that she has not come to.
    " AND coalesce((SELECT a.value ->> '$' FROM answers a WHERE a.sheet = s.id AND a.question = 'region'), '')"
    " IN (SELECT value FROM json_each(?4))"
)
HERS, MOMENT = "SELECT s.key, s.asked, p.id, p.language, s.chat", "SELECT min(s.changed_at)"
WOMEN, FIRST = HERS + LEFT + " ORDER BY s.id LIMIT ?5", MOMENT + LEFT


async def left(
    tx: Transaction, kind: str, between: tuple[int, int], regions: Collection[str], limit: int
) -> list[Unfinished]:
    """Return at most `limit` registrations that were left in a span of time and whose women had no such nudge.

    They are on the way to one of `regions`, of which '' is one that was not chosen yet. The span is UTC ms, without
    its end.
    """
    rows = await tx.all(WOMEN, (kind, *between, _json(regions), limit))
    return [Unfinished(*row) for row in rows]


async def first_left(tx: Transaction, kind: str, between: tuple[int, int], regions: Collection[str]) -> int | None:
    """Return when the first of these was left, UTC ms; None when there is none."""
    row = await tx.one(FIRST, (kind, *between, _json(regions)))
    return row[0] if row else None


async def note(tx: Transaction, person: int, kind: str, now: int) -> None:
    """Remember that she had this nudge."""
    await tx.run("INSERT INTO nudges (person, kind, nudged_at) VALUES (?, ?, ?)", (person, kind, now))


async def forget(tx: Transaction) -> None:
    """Forget the nudges of those whom none can reach any more, because they registered."""
    await tx.run("DELETE FROM nudges WHERE person IN (SELECT id FROM people WHERE state <> 'visitor')")


def _json(regions: Collection[str]) -> str:
    return json.dumps(sorted(regions))
