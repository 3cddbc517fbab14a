"""Possible doubles: two records that may be one woman; an organiser looks at them and decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from storage.database import Row, Transaction


class Record(NamedTuple):
    """What of a woman's record is held against others."""

    person: int
    name: str
    region: str
    phone: str


@dataclass(frozen=True)
class Side:
    """A woman of a possible double, as an organiser sees her."""

    person: int
    name: str
    region: str
    group: str
    phone: str
    via: str
    registered_at: int  # UTC ms


@dataclass(frozen=True)
class Double:
    """Two records that may be one woman; `one` is the older one."""

    id: int
    one: Side
    other: Side


FIELDS = "SELECT p.id, p.name, coalesce(p.region, ''), p.phone"
RECORD = FIELDS + " FROM people p"
# Of one region at a time: whoever is held against the others of a region needs them read once. CROSS JOIN: SQLite
# begins with who is new (sqlite.org/optoverview.html, 8.2); else it looks through all people, in each tick.
NEW = (
    FIELDS + " FROM uncompared u CROSS JOIN people p ON p.id = u.person WHERE p.region IS (SELECT region FROM people"  # noqa: S608 - our constant
    " WHERE id = (SELECT min(person) FROM uncompared)) LIMIT ?"
)
# Apart, so that each has an index to go by.
OF_REGION = (
    RECORD
    + " WHERE p.region = ?1 AND p.state = 'registered' UNION ALL "
    + RECORD
    + " WHERE p.region = ?1 AND p.state = 'waiting'"
)
# Both take part, or wait for a place: who was merged, left, or was erased is no double any more.
OPEN = (
    " FROM doubles d JOIN people a ON a.id = d.one AND a.state IN ('registered', 'waiting')"
    " JOIN people b ON b.id = d.other AND b.state IN ('registered', 'waiting') WHERE d.state = 'open'"
)
PAIR = (
    "SELECT d.id, a.id, a.name, coalesce(a.region, ''), a.group_key, a.phone, a.via, coalesce(a.registered_at, 0),"
    " b.id, b.name, coalesce(b.region, ''), b.group_key, b.phone, b.via, coalesce(b.registered_at, 0)" + OPEN
)


async def uncompared(tx: Transaction, most: int) -> list[Record]:
    """Return so many of the women of a region whose record is new, or changed, and was not held against others yet."""
    rows = await tx.all(NEW, (most,))
    return [Record(*row) for row in rows]


async def compared(tx: Transaction, women: Iterable[int]) -> None:
    """Remember that these were held against the others."""
    await tx.many("DELETE FROM uncompared WHERE person = ?", [(person,) for person in women])


async def of_region(tx: Transaction, region: str, most: int) -> list[Record]:
    """Return the women of a region; none where there are more than `most`."""
    rows = await tx.all(OF_REGION + " LIMIT ?2", (region, most + 1))  # who waits counts, too
    return [Record(*row) for row in rows] if len(rows) <= most else []


async def of_phone(tx: Transaction, woman: Record, most: int) -> list[Record]:
    """Return other women with her number, but for those who use one chat with her: they share the phone.

    No more than `most`: a number that so many gave is that of an office or a helper.
    """
    rows = await tx.all(
        RECORD + " WHERE p.phone = ?2 AND p.phone <> '' AND p.id <> ?1 AND p.state IN ('registered', 'waiting')"  # noqa: S608 - of our own constants
        " AND NOT EXISTS (SELECT 1 FROM chat_people a JOIN chat_people b ON b.chat = a.chat"
        " WHERE a.person = ?1 AND b.person = p.id) LIMIT ?3",
        (woman.person, woman.phone, most),
    )
    return [Record(*row) for row in rows]


async def note(tx: Transaction, pairs: Iterable[tuple[int, int]], now: int) -> None:
    """Note pairs as possible doubles; what was decided about a pair stays."""
    await tx.many(
        "INSERT INTO doubles (one, other, noted_at) VALUES (?, ?, ?) ON CONFLICT (one, other) DO NOTHING",
        [(min(pair), max(pair), now) for pair in pairs],
    )


async def count(tx: Transaction) -> int:
    """Return how many pairs wait for an organiser."""
    row = await tx.one("SELECT count(*)" + OPEN)
    return row[0] if row else 0


async def first(tx: Transaction) -> Double | None:
    """Return the pair that has waited longest."""
    row = await tx.one(PAIR + " ORDER BY d.id LIMIT 1")
    return _double(row) if row else None


async def by_id(tx: Transaction, double: int) -> Double | None:
    """Return the pair, if it still waits for an organiser."""
    row = await tx.one(PAIR + " AND d.id = ?", (double,))
    return _double(row) if row else None


async def settle(tx: Transaction, double: int, state: str) -> None:
    """Keep what an organiser said: 'different', 'merged', or 'open' again."""
    await tx.run("UPDATE doubles SET state = ? WHERE id = ?", (state, double))


def _double(row: Row) -> Double:
    return Double(row[0], Side(*row[1:8]), Side(*row[8:15]))
