"""Needs: what a woman needs on a training day. Kept apart from her answers, because they are forgotten sooner."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from storage.database import Transaction


async def put(tx: Transaction, person: int, needs: Iterable[str]) -> None:
    """Keep these, and no others, as what the person needs."""
    await tx.run("DELETE FROM needs WHERE person = ?", (person,))
    await tx.many("INSERT INTO needs (person, need) VALUES (?, ?)", [(person, need) for need in needs])


async def of(tx: Transaction, person: int) -> list[str]:
    """Return what the person needs: choice keys, in the order of the alphabet."""
    return [row[0] for row in await tx.all("SELECT need FROM needs WHERE person = ? ORDER BY need", (person,))]


async def summed(tx: Transaction) -> Mapping[str, Mapping[str, int]]:
    """Return, by region and need, how many women with a place there have it."""
    rows = await tx.all(
        "SELECT p.region, n.need, count(*) FROM needs n JOIN people p ON p.id = n.person"
        " WHERE p.state = 'registered' GROUP BY p.region, n.need"
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for region, need, number in rows:
        found[region][need] = number
    return found


async def forget(tx: Transaction, before: int) -> None:
    """Forget the needs in regions whose last session ended before that moment (UTC ms); of cancelled ones if all were.

    Also what stands on sheets that were not sent, of the women of these regions or who have chosen one of them.
    """
    rows = await tx.all(
        "SELECT region FROM sessions GROUP BY region"
        " HAVING coalesce(max(CASE state WHEN 'planned' THEN ends_at END), max(ends_at)) < ?",
        (before,),
    )
    past = json.dumps([row[0] for row in rows])
    await tx.run(
        "DELETE FROM needs WHERE person IN (SELECT id FROM people WHERE region IN (SELECT value FROM json_each(?)))",
        (past,),
    )
    await tx.run(
        "DELETE FROM answers WHERE question IN ('needs', 'needs~') AND sheet IN (SELECT s.id FROM sheets s"
        " JOIN people p ON p.id = s.person LEFT JOIN answers a ON a.sheet = s.id AND a.question = 'region'"
        " JOIN json_each(?) r ON r.value IN (p.region, a.value ->> '$') WHERE s.form = 'registration')",
        (past,),
    )
