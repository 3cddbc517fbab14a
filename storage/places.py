"""Places in the regions and their waiting lists: who holds one, who waits with which number, to whom one is offered.

Who asks gets a place at once if there is one and nobody who waits could take it. A place that is freed is offered to
the lowest number whose group has room. Whatever frees it, `fill` passes it on: in the same transaction, or in a tick.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage import programme
from storage.database import Transaction

HOUR = 3_600_000
TERM = 24 * HOUR  # so long an offered place is kept for her
LEAST = 2 * HOUR  # a shorter term is no offer: then the list rests, and organisers give what is free
GRACE = HOUR // 6  # an answer counts so long after the term: the bot may have been away for a while
LAST = time(18)  # local hour of the day before the first session: by then every offer has ended
DECENT = time(9), time(21)  # local hours between which an offer is sent, and its term begins

COLUMNS = "person, region, group_key, number, state, asked_at, offered_at, offer_ends, reason, told_at"
PLACES = f"SELECT {COLUMNS} FROM places"  # noqa: S608 - of our own constants
# The plus: by the index of numbers SQLite would look through all places, in each tick.
LAPSED = PLACES + " WHERE state = 'offered' AND offer_ends <= ? ORDER BY +number"
# The groups of a region of which somebody waits; the index leads from one to the next.
WAITING = (
    "WITH RECURSIVE waiting (group_key) AS (SELECT min(group_key) FROM places WHERE region = ?1 AND state = 'waiting'"
    " UNION ALL SELECT (SELECT min(group_key) FROM places WHERE region = ?1 AND state = 'waiting'"
    " AND group_key > w.group_key) FROM waiting w WHERE w.group_key IS NOT NULL) "
)
ROOM = "(SELECT places FROM regions WHERE id = ?1) > (SELECT coalesce(sum(number), 0) FROM taken WHERE region = ?1)"
FULL_GROUPS = (
    "(SELECT q.group_key FROM quotas q LEFT JOIN taken t USING (region, group_key)"
    " WHERE q.region = ?1 AND q.places <= coalesce(t.number, 0))"
)
# The lowest number of a region that waits and whose group has room, if the region has. However many of a full group are
# before her, they are not looked at.
NEXT = (
    WAITING + PLACES + " WHERE number = (SELECT min((SELECT min(number) FROM places WHERE region = ?1"  # noqa: S608 - of our own constants
    f" AND state = 'waiting' AND group_key = w.group_key)) FROM waiting w WHERE w.group_key NOT IN {FULL_GROUPS})"
    f" AND {ROOM}"
)
# Where nobody waits and there is room she holds a place at once; else she has the last number, and `fill` looks on.
ASK = (
    "INSERT INTO places (person, region, group_key, number, state, asked_at)"  # noqa: S608 - of our own constants
    " SELECT ?2, ?1, ?3, CAST(value AS INTEGER), iif(NOT EXISTS (SELECT 1 FROM places WHERE region = ?1"
    f" AND state = 'waiting') AND {ROOM} AND ?3 NOT IN {FULL_GROUPS}, 'held', 'waiting'), ?4"
    " FROM facts WHERE name = 'numbers'"
    " ON CONFLICT (person) DO UPDATE SET region = excluded.region, group_key = excluded.group_key,"
    " number = excluded.number, state = excluded.state, asked_at = excluded.asked_at, offered_at = NULL,"
    " offer_ends = NULL, reason = '', told_at = NULL RETURNING state"
)


@dataclass(frozen=True)
class Place:
    """A woman's place, or her turn for one, by its state in `schema.sql`. Moments are UTC ms."""

    person: int
    region: str
    group: str  # under whose quota it counts
    number: int  # who asked before her has a lower one
    state: str
    asked_at: int
    offered_at: int | None
    offer_ends: int | None
    reason: str  # of the organiser who gave it past the list, or ''
    told_at: int | None = None  # when she heard that the list ended before her turn


class _Tried(Exception):
    """Ends what was only tried."""


async def of(tx: Transaction, person: int) -> Place | None:
    """Return the woman's place, or her turn for one; None when she has not asked, or gave it back."""
    row = await tx.one(PLACES + " WHERE person = ?", (person,))
    return Place(*row) if row else None


async def by_number(tx: Transaction, number: int) -> Place | None:
    """Return whose turn has that number."""
    row = await tx.one(PLACES + " WHERE number = ?", (number,))
    return Place(*row) if row else None


async def ask(tx: Transaction, person: int, region: str, group: str, now: int) -> list[Place]:
    """Give her a place in the region, or the last number of its waiting list; what she had elsewhere is free.

    Returns the offers that were made on the way, because others came before her. What she left is to be filled.
    """
    await tx.run(
        "INSERT INTO facts (name, value) VALUES ('numbers', '1') ON CONFLICT (name) DO UPDATE SET value = value + 1"
    )
    if await tx.one(ASK, (region, person, group, now)) == ("held",):
        return []
    return await fill(tx, region, now, newcomer=person)


async def fill(tx: Transaction, region: str, now: int, newcomer: int = 0) -> list[Place]:
    """Pass on every place of the region that is free, in the order of the list, and return the offers that this made.

    The newcomer gets hers at once; the others are asked. Where it is too late for that, the list rests.
    """
    offers = []
    while row := await tx.one(NEXT, (region,)):
        place = Place(*row)
        if place.person == newcomer:
            await tx.run("UPDATE places SET state = 'held' WHERE person = ?", (newcomer,))
            break  # hers is the last number: nobody else fits
        between = await term(tx, region, now)
        if between is None:
            break
        await tx.run(
            "UPDATE places SET state = 'offered', offered_at = ?, offer_ends = ? WHERE person = ?",
            (*between, place.person),
        )
        offers += [offer for offer in [await of(tx, place.person)] if offer]
    return offers


async def term(tx: Transaction, region: str, now: int) -> tuple[int, int] | None:
    """Return from when to when (UTC ms) an offer made now would stand; None when it is too late for one."""
    first = await _first_session(tx, region)
    if first is None:
        return now, now + TERM
    begins = decent(now, first.zone)
    ends = min(begins + TERM, _last(first))
    return (begins, ends) if ends - begins >= LEAST else None


def decent(now: int, zone: str) -> int:
    """Return the first moment from `now` on (UTC ms) that is at a decent hour where the clocks show `zone`."""
    local = datetime.fromtimestamp(now / 1000, ZoneInfo(zone))
    if DECENT[0] <= local.time() < DECENT[1]:
        return now
    return programme.moment(local.date() + timedelta(days=local.time() >= DECENT[1]), DECENT[0], zone)


async def position(tx: Transaction, place: Place) -> int:
    """Return her number as she is told it: how many wait in her region up to her."""
    row = await tx.one(
        "SELECT count(*) FROM places WHERE region = ? AND state = 'waiting' AND number <= ?",
        (place.region, place.number),
    )
    return row[0] if row else 0


async def number_there(tx: Transaction, person: int, region: str, group: str, now: int) -> int:
    """Return which number she would have if she asked in that region now, 0 for a place; nothing is changed."""
    number = 0
    try:
        async with tx.savepoint():
            await ask(tx, person, region, group, now)
            place = await of(tx, person)
            number = await position(tx, place) if place and place.state == "waiting" else 0
            raise _Tried
    except _Tried:
        return number


async def take(tx: Transaction, place: Place) -> bool:
    """Let her hold the place that is offered to her; False when it is not offered any more."""
    return await _move(tx, place, "offered", "held")


async def decline(tx: Transaction, place: Place) -> bool:
    """Free the place that is offered to her; False when it is not offered any more."""
    return await _move(tx, place, "offered", "declined")


async def lapse(tx: Transaction, now: int) -> list[Place]:
    """End the offers whose term is over, and return them as they stood."""
    rows = await tx.all(LAPSED, (now - GRACE,))
    over = [Place(*row) for row in rows]
    for place in over:
        await _move(tx, place, "offered", "lapsed")
    return over


async def give(tx: Transaction, person: int, reason: str) -> bool:
    """Let her hold a place, past the list and above the number of places if need be; False when she holds one."""
    changed = await tx.run(
        "UPDATE places SET state = 'held', reason = ? WHERE person = ? AND state <> 'held'", (reason, person)
    )
    return changed > 0


async def free(tx: Transaction, person: int) -> Place | None:
    """Take her out of places and lists, and return what she had; it is to be filled."""
    place = await of(tx, person)
    await tx.run("DELETE FROM places WHERE person = ?", (person,))
    return place


async def regroup(tx: Transaction, person: int, group: str) -> None:
    """Count her under another group. What she was given stays hers: under the old one where the new one is full."""
    await tx.run(
        "UPDATE places SET group_key = ?2 WHERE person = ?1 AND group_key <> ?2 AND (state NOT IN ('held', 'offered')"
        " OR NOT EXISTS (SELECT 1 FROM quotas q LEFT JOIN taken t USING (region, group_key)"
        " WHERE q.region = places.region AND q.group_key = ?2 AND q.places <= coalesce(t.number, 0)))",
        (person, group),
    )


async def unite(tx: Transaction, kept: int, gone: int) -> None:
    """Leave with `kept`, of two records of one woman, the better place of the two; the other one is to be filled."""
    row = await tx.one(
        "SELECT person FROM places WHERE person IN (?, ?) ORDER BY state = 'held' DESC, state = 'offered' DESC,"
        " state = 'waiting' DESC, number LIMIT 1",
        (kept, gone),
    )
    if row and row[0] == gone:
        await tx.run("DELETE FROM places WHERE person = ?", (kept,))
        await tx.run("UPDATE places SET person = ? WHERE person = ?", (kept, gone))
        await tx.run(
            "UPDATE people SET state = iif(EXISTS (SELECT 1 FROM places WHERE person = ?1 AND state = 'held'),"
            " 'registered', 'waiting') WHERE id = ?1",
            (kept,),
        )
    else:
        await tx.run("DELETE FROM places WHERE person = ?", (gone,))


async def waited_for(tx: Transaction) -> list[str]:
    """Return the regions in which somebody waits."""
    rows = await tx.all(
        "SELECT id FROM regions WHERE EXISTS (SELECT 1 FROM places WHERE region = regions.id AND state = 'waiting')"
    )
    return [row[0] for row in rows]


async def next_lapse(tx: Transaction) -> int | None:
    """Return when the next offer lapses, or a list ends and somebody is to hear of it, UTC ms; None when neither is."""
    row = await tx.one("SELECT min(offer_ends) FROM places WHERE state = 'offered'")
    moments = [row[0] + GRACE] if row and row[0] is not None else []
    for (region,) in await tx.all(
        "SELECT id FROM regions WHERE EXISTS (SELECT 1 FROM places WHERE region = regions.id AND state = 'waiting'"
        " AND told_at IS NULL)"
    ):
        first = await _first_session(tx, region)
        moments += [_last(first) - LEAST + 1] if first else []
    return min(moments, default=None)


async def last_day(tx: Transaction, region: programme.Region) -> date | None:
    """Return the last whole day, a local date, of registration in the region; None while it has no end."""
    if region.closes:
        return date.fromisoformat(region.closes)
    first = await _first_session(tx, region.id)
    return first.date - timedelta(days=1) if first else None


async def taken(tx: Transaction) -> dict[str, dict[str, int]]:
    """Return how many places are held or offered: region → group → places."""
    found: dict[str, dict[str, int]] = {}
    for region, group, number in await tx.all("SELECT region, group_key, number FROM taken WHERE number > 0"):
        found.setdefault(region, {})[group] = number
    return found


async def queues(tx: Transaction) -> dict[str, tuple[int, int]]:
    """Return how many women of each region have an offer, and how many wait; without regions where nobody does."""
    rows = await tx.all(
        "SELECT region, sum(offered), sum(1 - offered) FROM (SELECT region, 1 AS offered FROM places"
        " WHERE state = 'offered' UNION ALL SELECT region, 0 FROM places WHERE state = 'waiting') GROUP BY region"
    )
    return {region: (offered, waiting) for region, offered, waiting in rows}


def _last(first: programme.Session) -> int:
    """Return by when every offer of a region has ended, UTC ms."""
    return programme.moment(first.date - timedelta(days=1), LAST, first.zone)


async def _first_session(tx: Transaction, region: str) -> programme.Session | None:
    return next((day for day in await programme.sessions(tx, region) if day.state == "planned"), None)


async def _move(tx: Transaction, place: Place, before: str, after: str) -> bool:
    changed = await tx.run(
        "UPDATE places SET state = ? WHERE person = ? AND number = ? AND state = ?",
        (after, place.person, place.number, before),
    )
    return changed > 0
