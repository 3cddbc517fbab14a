"""A database as it is with very many people, filled without the bot: for growth.py."""

from datetime import UTC, datetime, time, timedelta

from bench import place
from bot.config import Config
from storage import programme
from storage.database import Database, Transaction
from storage.programme import Session

DAY = 86_400_000
FIRST = 5_000_000_000  # the chats of the stub's women begin here
PAST, TODAY, LATER = "past", "today", "later"  # days of each region: long over; all were reminded of it; still to come

# In order; ?1 the first chat, ?2 now, ?3 how many people, ?4 of which each so manieth has only said hello so far.
PEOPLE = (
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3)"
    " INSERT INTO chats (id, greeted, created_at, changed_at) SELECT ?1 + i, 1, ?2 - 60 * 86400000, 0 FROM n",
    "INSERT INTO people (id, created_at) SELECT id - ?1 + 1, created_at FROM chats",
    "INSERT INTO chat_people (chat, person) SELECT id, id - ?1 + 1 FROM chats",
    "UPDATE people SET state = 'registered', name = 'Aysel Məmmədova ' || id, group_key = '18-24',"
    " phone = '+994501234567', registered_at = created_at,"
    " region = (SELECT id FROM regions WHERE position = people.id % (SELECT count(*) FROM regions))"
    " WHERE (id - 1) % ?4 > 0",
    "DELETE FROM uncompared",
    "INSERT INTO places (person, region, group_key, number, state, asked_at)"
    " SELECT id, region, group_key, id, 'held', registered_at FROM people WHERE state = 'registered'",
    "INSERT INTO facts (name, value) SELECT 'numbers', max(id) FROM people",
    "INSERT INTO definitions (hash, form, body) VALUES ('before', 'registration', '{}')",
    "INSERT INTO consents (person, purpose, definition, given_at)"
    " SELECT id, 'training', 'before', registered_at FROM people WHERE state = 'registered'",
    "INSERT INTO sheets (key, form, definition, person, chat, state, step, opened_at, changed_at)"
    " SELECT 's' || id, 'registration', 'before', id, ?1 + id - 1, 'submitted', '', 0, 0 FROM people"
    " WHERE state = 'registered'",
    "INSERT INTO answers (sheet, question, value) SELECT s.id, q.value, '\"yes\"'"
    ' FROM sheets s JOIN json_each(\'["name", "region", "group", "phone"]\') q',
)
# What two days of each region leave behind: the ledger, letters that were sent, intents, surveys.
TRACES = (
    "INSERT INTO reminders (key, session, person, kind, due, state)"
    " SELECT 'remind:' || s.id || ':' || p.id || ':' || k.value, s.id, p.id, k.value, s.starts_at, 'queued'"
    " FROM sessions s JOIN people p ON p.region = s.region AND p.state = 'registered'"
    " JOIN json_each('[\"eve\", \"morning\"]') k WHERE s.id NOT GLOB '*-later'",
    "INSERT INTO outbox (key, chat, person, method, parameters, priority, due, state, message, settled_at, attempts)"
    " SELECT key, ?1 + person - 1, person, 'sendMessage', '', 1, due, 'sent', person, due, 1 FROM reminders"
    " WHERE kind = 'eve'",
    "INSERT INTO intents (session, person, answer, changed_at) SELECT session, person, 'coming', due FROM reminders"
    " WHERE kind = 'eve' AND person % 2",
    "INSERT INTO facts (name, value) SELECT 'told:' || id, revision FROM sessions WHERE id NOT GLOB '*-later'",
    "INSERT INTO facts (name, value) SELECT 'planned:' || s.id || ':' || s.region || ':' || k.value || ':' || s.date,"
    ' (SELECT max(joined) FROM people) FROM sessions s JOIN json_each(\'["eve", "morning"]\') k'
    " WHERE s.id NOT GLOB '*-later'",
    "INSERT INTO surveys (id, session, form, definition, state, opened_at, closes_at, asked)"
    " SELECT 'day:' || id, id, 'day', 'before', 'open', ?2, ?2 + 86400000, 10 FROM sessions WHERE id GLOB '*-past'",
    "INSERT INTO survey_keys (survey, key) SELECT id, randomblob(32) FROM surveys",
    "INSERT INTO sealed_sheets (key, survey, person, chat, state, step, box)"
    " SELECT 'a' || p.id, v.id, p.id, ?1 + p.id - 1, 'submitted', '', randomblob(80)"
    " FROM surveys v JOIN sessions s ON s.id = v.session JOIN people p ON p.region = s.region",
)


async def fill(config: Config, people: int, visitors: int, now: int) -> None:
    """Leave a database with so many people, `visitors` of them spread evenly, who have only said hello so far.

    All others are registered, and had two training days of which nothing is due any more; a third is to come.
    """
    config.storage.folder.mkdir(exist_ok=True)
    database = await Database.open(config.storage.database, config.database_key)
    given = {1: FIRST, 2: now, 3: people, 4: max(1, people // visitors)}
    try:
        async with database.transaction() as tx:
            await place.fill(tx)
            await tx.run("UPDATE regions SET places = 10000000")
            for region in place.REGIONS:
                await _days(tx, region, config.programme.zone, now)
            for sql in (*PEOPLE, *TRACES):
                most = max((number for number in given if f"?{number}" in sql), default=0)
                await tx.run(sql, [given[number] for number in range(1, most + 1)])
        await database.checkpoint()
    finally:
        await database.close()


async def _days(tx: Transaction, region: str, zone: str, now: int) -> None:
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    words = {"topic": {"az": "Reminder"}, "venue": {"az": "Community centre"}, "address": {"az": "2nd floor"}}
    for name, away in ((PAST, -7), (TODAY, 0), (LATER, 7)):
        day = Session(f"{region}-{name}", region, today + timedelta(days=away), time(10), time(18), zone, 38.7, 48.8)
        await programme.put_session(tx, day, words)
