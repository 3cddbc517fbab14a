"""Merging: what stands under two numbers of one woman comes under one; for some time it can be undone."""

import json
from dataclasses import astuple
from typing import Any, NamedTuple

from storage import places, reminders
from storage.database import Transaction
from storage.places import Place

DAY = 86_400_000
UNDONE_WITHIN = 30 * DAY

# What goes from one woman to the other, by what tells its rows apart. A row that the other has, too, stays where it is.
KEYS = {
    "sheets": "id",
    "consents": "purpose || ' ' || given_at",
    "needs": "need",
    "nudges": "kind",
    "intents": "session",
    "reminders": "key",
    "inquiries": "id",
    "sealed_sheets": "key",
    "claims": "hash",
    "outbox": "id",
}
MOVE = {
    table: f"UPDATE OR IGNORE {table} SET person = ?1 WHERE person = ?2 RETURNING {key}"  # noqa: S608 - of KEYS only
    for table, key in KEYS.items()
}
MOVE_BACK = {
    table: f"UPDATE OR IGNORE {table} SET person = ?1 WHERE person = ?2"  # noqa: S608 - of KEYS only
    f" AND {key} IN (SELECT value FROM json_each(?3))"
    for table, key in KEYS.items()
}
# There is room for what she held while nobody else has it: then the region and her group are less full than they were.
# What an organiser gave past the list she has in any case.
ROOM = (
    "UPDATE places SET state = 'held' WHERE person = ?1 AND number = ?4 AND state = 'waiting' AND (reason <> ''"
    " OR max((SELECT places FROM regions WHERE id = places.region), ?2)"
    " > (SELECT coalesce(sum(t.number), 0) FROM taken t WHERE t.region = places.region)"
    " AND NOT EXISTS (SELECT 1 FROM quotas q LEFT JOIN taken t USING (region, group_key)"
    " WHERE q.region = places.region AND q.group_key = places.group_key"
    " AND max(q.places, ?3) <= coalesce(t.number, 0)))"
)

# A code that is used between a merge and its undoing would open the one record to the woman of the other.
OPEN_CODES = (
    "SELECT hash, expires_at, person FROM claims WHERE person IN (?2, ?3) AND used_at IS NULL AND expires_at > ?1"
)
VOID = "UPDATE claims SET expires_at = ?1 WHERE person IN (?2, ?3) AND used_at IS NULL AND expires_at > ?1"
VALID = "UPDATE claims SET expires_at = ?2 WHERE hash = ?1 AND used_at IS NULL"
# What she took back under one number does not stand under the other as long as they are one.
TAKEN_BACK = (
    "UPDATE consents SET withdrawn_at = ?1 WHERE person = ?2 AND withdrawn_at IS NULL AND EXISTS (SELECT 1"
    " FROM consents o WHERE o.person = ?3 AND o.purpose = consents.purpose AND o.withdrawn_at > consents.given_at)"
    " RETURNING person, purpose, given_at"
)
STANDS_AGAIN = (
    "UPDATE consents SET withdrawn_at = NULL WHERE person = ?2 AND purpose = ?3 AND given_at = ?4 AND withdrawn_at = ?1"
    " AND NOT EXISTS (SELECT 1 FROM consents s WHERE s.person = ?2 AND s.purpose = ?3 AND s.withdrawn_at IS NULL)"
)

# Who holds a place takes part; who has a number waits. The triggers say so, but not where a place changes hands.
STANDING = (
    "UPDATE people SET state = iif(pl.state = 'held', 'registered', 'waiting') FROM places pl"
    " WHERE people.id = ?1 AND pl.person = ?1"
)


# In time, and as long as the record that was kept takes part.
UNDOABLE = (
    " FROM merges m JOIN people p ON p.id = m.kept WHERE m.merged_at > ? AND p.state IN ('registered', 'waiting')"
)


class Merge(NamedTuple):
    """Two records that became one."""

    id: int
    double: int
    kept: int
    gone: int
    body: str  # what was moved, JSON
    merged_at: int  # UTC ms


class Past(NamedTuple):
    """A merge as a list shows it."""

    id: int
    kept: str  # the name on the record
    gone: str
    merged_at: int  # UTC ms


class Undone(NamedTuple):
    """What an undoing has to be told of."""

    had: list[Place]  # what each of the two had before the merge
    codeless: bool  # the code that was given out for `gone` was followed by another one meanwhile, and is lost


async def merge(tx: Transaction, double: int, kept: int, gone: int, now: int) -> int:
    """Bring what stands under `gone` to `kept`; return the number under which it can be undone.

    `gone` remains, with no chat, no place and no part in anything, until the time for undoing is over. A place that is
    freed is to be filled. A phone number is taken over where `kept` has none. Until an undoing, codes not used yet are
    void, and what she took back under either number is taken back.
    """
    body: dict[str, Any] = {"state": await _state(tx, gone)}
    had = [place for place in [await places.of(tx, kept), await places.of(tx, gone)] if place]
    body["places"] = [(astuple(place), await _fullness(tx, place)) for place in had]
    await reminders.unplan(tx, gone, now)
    body["codes"] = await tx.all(OPEN_CODES, (now, kept, gone))
    await tx.run(VOID, (now, kept, gone))
    pairs = ((kept, gone), (gone, kept))
    body["taken back"] = [row for one, other in pairs for row in await tx.all(TAKEN_BACK, (now, one, other))]
    body["moved"] = {table: [key for (key,) in await tx.all(sql, (kept, gone))] for table, sql in MOVE.items()}
    body["chats"] = await _move_chats(tx, kept, gone)
    body["phone"] = await tx.run(
        "UPDATE people SET phone = (SELECT phone FROM people WHERE id = ?2) WHERE id = ?1 AND phone = ''", (kept, gone)
    )
    if len({place.region for place in had}) == 1:
        await places.unite(tx, kept, gone)
    else:
        await places.free(tx, gone)
    await tx.run("UPDATE people SET state = 'merged' WHERE id = ?", (gone,))
    return await tx.insert(
        "INSERT INTO merges (double, kept, gone, body, merged_at) VALUES (?, ?, ?, ?, ?)",
        (double, kept, gone, json.dumps(body), now),
    )


async def by_id(tx: Transaction, merge: int, now: int) -> Merge | None:
    """Return the merge, if it can still be undone."""
    row = await tx.one(
        "SELECT m.id, m.double, m.kept, m.gone, m.body, m.merged_at" + UNDOABLE + " AND m.id = ?",
        (now - UNDONE_WITHIN, merge),
    )
    return Merge(*row) if row else None


async def recent(tx: Transaction, now: int, offset: int, most: int) -> tuple[list[Past], int]:
    """Return a page of the merges that can still be undone, the newest first, and how many there are."""
    rows = await tx.all(
        "SELECT m.id, p.name, (SELECT name FROM people WHERE id = m.gone), m.merged_at, count(*) OVER ()"  # noqa: S608 - our constant
        + UNDOABLE
        + " ORDER BY m.merged_at DESC, m.id DESC LIMIT ? OFFSET ?",
        (now - UNDONE_WITHIN, most, offset),
    )
    return [Past(*row[:4]) for row in rows], rows[0][4] if rows else 0


async def undo(tx: Transaction, merge: Merge) -> Undone:
    """Give back to `gone` all that came from there, as it stands now, and to both the places that they had.

    A place that somebody else has meanwhile is not taken away: then its old number waits, before all later ones. What
    was done in between stays with `kept`.
    """
    body = json.loads(merge.body)
    await tx.run("UPDATE people SET state = ? WHERE id = ?", (body["state"], merge.gone))
    for table, keys in body["moved"].items():
        await tx.run(MOVE_BACK[table], (merge.gone, merge.kept, json.dumps(keys)))
    for chat, active, both in body["chats"]:
        await _chat_back(tx, merge, chat, active=active, both=both)
    if body["phone"]:
        await tx.run(
            "UPDATE people SET phone = '' WHERE id = ?1 AND phone = (SELECT phone FROM people WHERE id = ?2)",
            (merge.kept, merge.gone),
        )
    valid = {hash_: await tx.run(VALID, (hash_, expires)) for hash_, expires, _ in body["codes"]}
    await tx.many(STANDS_AGAIN, [(merge.merged_at, *row) for row in body["taken back"]])
    had = [(Place(*row), fullness) for row, fullness in body["places"]]
    for place, fullness in reversed(had):  # what `kept` has of the other one first
        await _place_back(tx, merge, place, fullness)
    await tx.run("DELETE FROM merges WHERE id = ?", (merge.id,))
    codeless = any(not valid[hash_] for hash_, _, person in body["codes"] if person == merge.gone)
    return Undone([place for place, _ in had], codeless)


async def over(tx: Transaction, now: int) -> list[int]:
    """Return who was merged so long ago that it cannot be undone any more."""
    return [row[0] for row in await tx.all("SELECT gone FROM merges WHERE merged_at <= ?", (now - UNDONE_WITHIN,))]


async def _state(tx: Transaction, person: int) -> str:
    row = await tx.one("SELECT state FROM people WHERE id = ?", (person,))
    return str(row[0]) if row else ""


async def _move_chats(tx: Transaction, kept: int, gone: int) -> list[tuple[int, int, int]]:
    """Return the chats of `gone`, whether she was active there, and whether `kept` used it, too; they are hers now."""
    chats = await tx.all(
        "SELECT chat, active, EXISTS (SELECT 1 FROM chat_people k WHERE k.chat = g.chat AND k.person = ?)"
        " FROM chat_people g WHERE person = ?",
        (kept, gone),
    )
    await tx.run("DELETE FROM chat_people WHERE person = ?", (gone,))
    for chat, active, both in chats:
        if not both:
            await tx.run("INSERT INTO chat_people (chat, person, active) VALUES (?, ?, ?)", (chat, kept, active))
        elif active:
            await tx.run("UPDATE chat_people SET active = 1 WHERE chat = ? AND person = ?", (chat, kept))
    return chats


async def _chat_back(tx: Transaction, merge: Merge, chat: int, *, active: int, both: int) -> None:
    """Bring `gone` back to a chat; what it was to `kept` meanwhile goes with her, unless both used it before."""
    hers = await tx.one("SELECT active FROM chat_people WHERE chat = ? AND person = ?", (chat, merge.kept))
    if hers is None:  # the chat, or `kept` in it, is gone
        return
    if both:
        await tx.run("INSERT OR IGNORE INTO chat_people (chat, person, active) VALUES (?, ?, 0)", (chat, merge.gone))
        if active and hers[0]:
            await tx.run("UPDATE chat_people SET active = 0 WHERE chat = ? AND person = ?", (chat, merge.kept))
            await tx.run("UPDATE chat_people SET active = 1 WHERE chat = ? AND person = ?", (chat, merge.gone))
    else:
        await tx.run("UPDATE chat_people SET person = ? WHERE chat = ? AND person = ?", (merge.gone, chat, merge.kept))


async def _fullness(tx: Transaction, place: Place) -> tuple[int, int]:
    """Return how many places of her region, and how many of her group there, are taken."""
    groups = (await places.taken(tx)).get(place.region, {})
    return sum(groups.values()), groups.get(place.group, 0)


async def _place_back(tx: Transaction, merge: Merge, place: Place, fullness: tuple[int, int]) -> None:
    """Give a woman her old place or number, if she has no other by now."""
    if place.person == merge.gone:
        await tx.run(
            "UPDATE places SET person = ? WHERE person = ? AND number = ?", (merge.gone, merge.kept, place.number)
        )
        await tx.run(STANDING, (merge.gone,))
    state = "waiting" if place.state in ("held", "offered") else place.state
    await tx.run(
        "INSERT INTO places (person, region, group_key, number, state, asked_at, reason, told_at)"
        " SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM places WHERE person = ?1)",
        (place.person, place.region, place.group, place.number, state, place.asked_at, place.reason, place.told_at),
    )
    if place.state == "held":
        await tx.run(ROOM, (place.person, *fullness, place.number))
