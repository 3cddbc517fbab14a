"""Doors: links by which women come in, for a region and a partner; and how many came in and registered by each."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from forms import folding
from storage.database import Row, Transaction

LETTERS = 12  # of a code, 72 random bits


@dataclass(frozen=True)
class Door:
    """A link by which women come in."""

    code: str
    region: str  # '' for all
    partner: str  # '' for none
    is_open: bool  # a closed one counts nobody any more
    came: int  # who came in by it first, and is still known
    registered: int  # of these, whose registration is complete


DOORS = (
    "SELECT d.code, d.region, coalesce(d.partner, ''), d.closed_at IS NULL, count(p.id),"
    " coalesce(sum(p.state IN ('registered', 'waiting')), 0) FROM doors d"
    " LEFT JOIN people p ON p.door = d.code AND p.door <> ''"
)
LATEST_FIRST = " GROUP BY d.code ORDER BY d.closed_at IS NOT NULL, d.made_at DESC, d.code"
NAMED = DOORS + " WHERE d.partner IS NOT NULL" + LATEST_FIRST
OPEN_OF_REGION = DOORS + " WHERE d.partner IS NOT NULL AND d.closed_at IS NULL AND d.region = ?" + LATEST_FIRST
OF_CODE = DOORS + " WHERE d.partner IS NOT NULL AND d.code = ?" + LATEST_FIRST


async def begin(tx: Transaction, region: str, user: int, now: int) -> None:
    """Await the partner of a new door; what the user had in hand is given up."""
    await drop(tx, user)
    code = secrets.token_urlsafe(LETTERS * 3 // 4)
    await tx.run("INSERT INTO doors (code, region, made_by, made_at) VALUES (?, ?, ?, ?)", (code, region, user, now))


async def drop(tx: Transaction, user: int) -> bool:
    """Give up the door whose partner the user is asked for; False when there is none."""
    return await tx.run("DELETE FROM doors WHERE made_by = ? AND partner IS NULL", (user,)) > 0


async def is_in_hand(tx: Transaction, user: int) -> bool:
    """Tell whether the user is asked for a door's partner."""
    return await tx.one("SELECT 1 FROM doors WHERE made_by = ? AND partner IS NULL", (user,)) is not None


async def name(tx: Transaction, user: int, partner: str) -> tuple[Door, bool] | None:
    """Return the door in hand with its partner, or the open one that there is for both already; and whether it is new.

    None when nothing is in hand. A partner is the same however the letters are written.
    """
    row = await tx.one("SELECT code, region FROM doors WHERE made_by = ? AND partner IS NULL", (user,))
    if row is None:
        return None
    code, region = row
    for door in _doors(await tx.all(OPEN_OF_REGION, (region,))):
        if (folding.fold(door.partner) or door.partner) == (folding.fold(partner) or partner):
            await drop(tx, user)
            return door, False
    await tx.run("UPDATE doors SET partner = ? WHERE code = ?", (partner, code))
    return Door(code, region, partner, True, 0, 0), True


async def by_code(tx: Transaction, code: str) -> Door | None:
    """Return the door of that code, open or closed."""
    found = _doors(await tx.all(OF_CODE, (code,)))
    return found[0] if found else None


async def of_person(tx: Transaction, person: int) -> Door | None:
    """Return the door by which the person came in; None where she came by none."""
    row = await tx.one("SELECT door FROM people WHERE id = ?", (person,))
    return await by_code(tx, row[0]) if row and row[0] else None


async def every(tx: Transaction) -> list[Door]:
    """Return all doors: the open ones first, of these the latest."""
    return _doors(await tx.all(NAMED))


async def close(tx: Transaction, code: str, now: int) -> bool:
    """Let the door count nobody from now on; False when it was closed already."""
    return await tx.run("UPDATE doors SET closed_at = ? WHERE code = ? AND closed_at IS NULL", (now, code)) > 0


async def enter(tx: Transaction, person: int, code: str) -> None:
    """Remember by which door a visitor came in: the first that was open counts."""
    await tx.run(
        "UPDATE people SET door = ?1 WHERE id = ?2 AND door = '' AND state = 'visitor'"
        " AND EXISTS (SELECT 1 FROM doors WHERE code = ?1 AND partner IS NOT NULL AND closed_at IS NULL)",
        (code, person),
    )


async def forget(tx: Transaction, before: int) -> None:
    """Give up the doors whose partner has been awaited since before that moment."""
    await tx.run("DELETE FROM doors WHERE partner IS NULL AND made_at < ?", (before,))


def _doors(rows: Sequence[Row]) -> list[Door]:
    return [Door(code, region, partner, bool(is_open), *counts) for code, region, partner, is_open, *counts in rows]
