"""The waiting lists as organisers see them, and their end: then nothing is offered, and who waits is told once."""

from dataclasses import dataclass

from storage import places
from storage.database import Transaction
from storage.places import Place

# Who waits and has not heard that the list has ended, in its order.
UNTOLD = places.PLACES + " WHERE region = ? AND state = 'waiting' AND told_at IS NULL ORDER BY number LIMIT ?"


@dataclass(frozen=True)
class Waiting:
    """A line of a region's waiting list."""

    number: int  # her place in the list as it is shown; of whom is asked just now, too
    person: int
    name: str
    group: str
    phone: str
    state: str


async def shown(tx: Transaction, region: str, offset: int, most: int) -> tuple[list[Waiting], int]:
    """Return a page of the region's waiting list and how many lines it has; who is asked just now stands first."""
    rows = await tx.all(
        "SELECT p.id, p.name, p.group_key, p.phone, w.state FROM places w JOIN people p ON p.id = w.person"
        " WHERE w.region = ? AND w.state IN ('offered', 'waiting') ORDER BY w.state, w.number LIMIT ? OFFSET ?",
        (region, most, offset),
    )
    all_ = await tx.one("SELECT count(*) FROM places WHERE region = ? AND state IN ('offered', 'waiting')", (region,))
    return [Waiting(offset + at, *row) for at, row in enumerate(rows, start=1)], all_[0] if all_ else 0


async def is_over(tx: Transaction, region: str, now: int) -> bool:
    """Tell whether the list of the region has ended: no offer is made any more, unless its training days are moved."""
    return await places.term(tx, region, now) is None


async def untold(tx: Transaction, region: str, now: int, most: int) -> list[Place]:
    """Return so many of those who wait on a list that has ended and have not heard of it; none while it goes on."""
    rows = await tx.all(UNTOLD, (region, most))
    return [Place(*row) for row in rows] if rows and await is_over(tx, region, now) else []


async def tell(tx: Transaction, person: int, now: int) -> None:
    """Remember that she hears of the end of the list: nobody is told twice."""
    await tx.run("UPDATE places SET told_at = ? WHERE person = ? AND told_at IS NULL", (now, person))
