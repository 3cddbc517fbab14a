"""How the bot does, in numbers that lead to nobody."""

from dataclasses import dataclass

from storage import outbox
from storage.database import Transaction


@dataclass(frozen=True)
class Vitals:
    """What the tables say at one moment."""

    planned: int  # messages that wait for their moment or for their turn
    in_doubt: int  # messages that wait for an organiser
    next_due: int | None  # UTC ms; a past moment: a message is late
    put_aside: int  # updates that could not be handled, of those that are remembered
    chats: dict[str, int]  # by their state: 'reachable', 'blocked', 'gone'


async def read(tx: Transaction) -> Vitals:
    """Return what the tables say now."""
    [row] = await tx.all(
        "SELECT (SELECT count(*) FROM outbox WHERE state = 'planned'),"
        " (SELECT count(*) FROM outbox WHERE state = 'in doubt'),"
        " (SELECT count(*) FROM failures WHERE state = 'put aside')"
    )
    chats: dict[str, int] = dict(await tx.all("SELECT state, count(*) FROM chats GROUP BY state"))
    return Vitals(row[0], row[1], await outbox.next_due(tx), row[2], chats)
