"""The ledger of reminders: one row for each occurrence, whatever became of it. The texts are in the outbox."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from storage import facts
from storage.database import Row, Transaction

RESTORED = "restored"  # the fact 'BACKUP RESTORE', UTC ms: what fell due between the two may have been sent


@dataclass(frozen=True)
class Occurrence:
    """A moment that has come for a session and all women of its region. Moments are UTC ms."""

    session: str
    region: str
    kind: str  # 'eve', 'morning', 'survey'
    date: str  # of the session, local, 'YYYY-MM-DD'
    due: int
    useless_after: int
    registered_before: int  # who registered later is not meant


@dataclass(frozen=True)
class Addressee:
    """A woman to be written to, once, under `key`."""

    key: str
    session: str
    kind: str
    person: int
    language: str
    chat: int
    answer: str  # what she said about the day, '' for nothing
    due: int
    first: bool  # nothing was sent to her about this session before


JOINED = (
    "SELECT joined, id FROM people WHERE region = ? AND state = 'registered' AND joined > ? ORDER BY joined LIMIT ?"
)
PLAN = (
    "WITH o AS (SELECT value ->> 'session' AS session, value ->> 'region' AS region, value ->> 'kind' AS kind,"
    " value ->> 'date' AS date, value ->> 'due' AS due, value ->> 'useless_after' AS useless_after,"
    " value ->> 'registered_before' AS registered_before FROM (SELECT ?2 AS value)),"
    " w AS (SELECT 'remind:' || o.session || ':' || p.id || ':' || o.kind AS key, p.id AS person, o.*"
    " FROM o JOIN json_each(?3) n JOIN people p ON p.id = n.value AND p.state = 'registered'"
    " AND p.registered_at <= o.registered_before"
    # Who said that she cannot come has been reminded enough; her eve row stands in the ledger all the same.
    " WHERE o.kind = 'eve' OR NOT EXISTS (SELECT 1 FROM intents i WHERE i.session = o.session AND i.person = p.id"
    " AND i.answer = 'not coming'))"
    " INSERT INTO reminders (key, session, person, kind, due, state)"
    # A session that was moved to another day is a new occurrence; a change of hours is not.
    " SELECT w.key || CASE WHEN EXISTS (SELECT 1 FROM reminders r WHERE r.key = w.key"
    " AND abs(r.due - w.due) > 43200000) THEN ':' || w.date ELSE '' END, w.session, w.person, w.kind, w.due,"
    " CASE WHEN w.useless_after <= ?1 THEN 'missed' WHEN EXISTS (SELECT 1 FROM chat_people cp JOIN chats c"
    " ON c.id = cp.chat WHERE cp.person = w.person AND c.state = 'reachable') THEN 'queued' ELSE 'unreachable' END"
    " FROM w WHERE true ON CONFLICT (key) DO NOTHING RETURNING key, state"
)
# What was entered as missed and is not past its use after all: the clock was ahead, and was set right.
REVIVE = (
    "UPDATE reminders SET state = 'queued' WHERE session = ? AND kind = ? AND state = 'missed'"
    " AND abs(due - ?) <= 43200000 AND EXISTS (SELECT 1 FROM chat_people cp JOIN chats c ON c.id = cp.chat"
    " WHERE cp.person = reminders.person AND c.state = 'reachable')"
    " AND EXISTS (SELECT 1 FROM people p WHERE p.id = reminders.person AND p.state = 'registered')"
    " AND (kind = 'eve' OR NOT EXISTS (SELECT 1 FROM intents i WHERE i.session = reminders.session"
    " AND i.person = reminders.person AND i.answer = 'not coming')) RETURNING key"
)
# The chat is a reachable one, where she is active first.
WHO = (
    "WITH who AS (SELECT r.key AS occurrence, r.session, r.kind, r.due, r.state,"
    " p.id AS person, p.language,"
    # Who has left, or changed her region since, is not meant any more.
    " p.state = 'registered' AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = r.session AND s.region = p.region)"
    " AS meant,"
    " (SELECT c.id FROM chat_people cp JOIN chats c ON c.id = cp.chat WHERE cp.person = p.id"
    " AND c.state = 'reachable' ORDER BY cp.active DESC, c.changed_at DESC LIMIT 1) AS chat,"
    " coalesce((SELECT answer FROM intents i WHERE i.session = r.session AND i.person = p.id), '') AS answer,"
    # By the range of keys: there is no index by person, and a region may have a thousand women.
    " NOT EXISTS (SELECT 1 FROM reminders e WHERE e.key > 'remind:' || r.session || ':' || p.id || ':'"
    " AND e.key < 'remind:' || r.session || ':' || p.id || ';' AND e.state = 'queued' AND e.key <> r.key)"
    " AS first FROM reminders r JOIN people p ON p.id = r.person)"
    " SELECT occurrence, session, kind, person, language, chat, answer, due, first FROM who"
)
PLANNED = WHO + " JOIN json_each(?) k ON k.value = occurrence ORDER BY due, person"
TOLD = (
    WHO + " WHERE session = ? AND state = 'queued' AND kind IN ('eve', 'morning') AND meant"
    " AND chat IS NOT NULL GROUP BY person ORDER BY person"
)


async def plan(tx: Transaction, occurrences: Sequence[Occurrence], now: int, most: int = -1) -> list[Addressee]:
    """Enter what is due and not yet in the ledger, for `most` women at most (-1: all); return who is to be written to.

    What is past its use is entered as 'missed', women without a reachable chat as 'unreachable'. Each occurrence goes
    through the women of its region once, in the order in which they joined it, and goes on where it stopped.
    """
    reached, queued = await _reached(tx), []
    for each in occurrences:
        women = await tx.all(JOINED, (each.region, reached.get(_way(each), -1), most))
        if women:
            entered = await tx.all(PLAN, (now, json.dumps(asdict(each)), json.dumps([person for _, person in women])))
            queued += [key for key, state in entered if state == "queued"]
            await facts.put(tx, _way(each), str(women[-1][0]))
            most -= len(women) if most > 0 else 0
        if each.useless_after > now:
            queued += [key for (key,) in await tx.all(REVIVE, (each.session, each.kind, each.due))]
    return [_addressee(row) for row in await tx.all(PLANNED, (json.dumps(queued),))] if queued else []


async def unplanned(tx: Transaction, occurrences: Sequence[Occurrence]) -> bool:
    """Whether there are women for whom one of these was not looked at yet."""
    reached = await _reached(tx)
    for each in occurrences:
        if await tx.one(JOINED, (each.region, reached.get(_way(each), -1), 1)):
            return True
    return False


async def _reached(tx: Transaction) -> dict[str, int]:
    """Return for each occurrence that was begun how far its way through the region has come."""
    rows = await tx.all("SELECT name, value FROM facts WHERE name > 'planned:' AND name < 'planned;'")
    return {name: int(value) for name, value in rows}


def _way(each: Occurrence) -> str:
    """Return the name of the fact that says how far the way of an occurrence through its region has come."""
    return f"planned:{each.session}:{each.region}:{each.kind}:{each.date}"


async def told(tx: Transaction, session: str) -> list[Addressee]:
    """Return the women of the session's region who were reminded of it and can be written to."""
    return [_addressee(row) for row in await tx.all(TOLD, (session,))]


async def remember(tx: Transaction, sessions: Sequence[str]) -> None:
    """Keep which revision of these sessions the women know; what they knew before stays until they are told."""
    await tx.run(
        "INSERT INTO facts (name, value) SELECT 'told:' || id, revision FROM sessions"
        " WHERE id IN (SELECT value FROM json_each(?)) ON CONFLICT (name) DO NOTHING",
        (json.dumps(list(sessions)),),
    )


async def outdated(tx: Transaction, now: int) -> list[str]:
    """Return the sessions not yet over of which women know something that is no longer true."""
    rows = await tx.all(
        "SELECT s.id FROM facts f JOIN sessions s ON s.id = substr(f.name, 6)"
        " WHERE f.name > 'told:' AND f.name < 'told;' AND s.ends_at > ?"
        " AND f.value <> CASE s.state WHEN 'planned' THEN CAST(s.revision AS TEXT) ELSE s.state END",
        (now,),
    )
    return [row[0] for row in rows]


async def retell(tx: Transaction, session: str) -> None:
    """Keep that the women know the session as it is now."""
    await tx.run(
        "UPDATE facts SET value = (SELECT CASE state WHEN 'planned' THEN CAST(revision AS TEXT) ELSE state END"
        " FROM sessions WHERE id = ?1) WHERE name = 'told:' || ?1",
        (session,),
    )


async def hold(tx: Transaction, rows: Sequence[int]) -> None:
    """Have these rows of the outbox wait for an organiser: they may have been sent before a restore."""
    await tx.run(
        "UPDATE outbox SET state = 'in doubt', doubt = 'hold', doubted = doubted + 1"
        " WHERE id IN (SELECT value FROM json_each(?)) AND state = 'planned'",
        (json.dumps(list(rows)),),
    )


async def call_off(tx: Transaction, person: int, now: int) -> None:
    """Stop what has not left yet for a woman who does not take part any more, but for the replies to her."""
    await tx.run(
        "UPDATE outbox SET state = 'cancelled', parameters = '', settled_at = ?"
        " WHERE person = ? AND priority > 0 AND state = 'planned'",
        (now, person),
    )


async def unplan(tx: Transaction, person: int, now: int) -> None:
    """Stop her reminders that have not left yet: she has changed her region."""
    await tx.run(
        "UPDATE outbox SET state = 'cancelled', reason = 'another region', parameters = '', settled_at = ?"
        " WHERE person = ? AND key GLOB 'remind:*' AND state = 'planned'",
        (now, person),
    )


def _addressee(row: Row) -> Addressee:
    key, session, kind, person, language, chat, answer, due, first = row
    return Addressee(key, session, kind, person, language, chat, answer, due, bool(first))
