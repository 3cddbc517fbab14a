"""Surveys of training days, and their anonymous sheets: sealed while the survey is open, unlinked when it closes."""

import json
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from storage import outbox, sealing
from storage.database import Row, Transaction
from storage.sheets import Sheet

SHEETS = (
    "SELECT s.key, v.form, v.definition, s.person, s.chat, s.survey, s.state, s.step, s.follows, s.asked, s.box, k.key"
    " FROM sealed_sheets s JOIN surveys v ON v.id = s.survey AND v.state = 'open' JOIN survey_keys k ON k.survey = v.id"
)
ANY_OPEN = "SELECT 1 FROM surveys WHERE state = 'open' LIMIT 1"
LETTERS = "asked:"  # how the keys of an anonymous sheet's own letters begin; then the survey's id follows
CLOSING = "closing:"  # how the fact begins that holds when a survey's closing was foreseen, UTC ms; then its id


class Closed(LookupError):
    """The survey does not take answers: it is not open any more."""


@dataclass(frozen=True)
class Ended:
    """A training day that is over and has no survey yet. Moments are UTC ms."""

    session: str
    region: str
    date: str  # local, 'YYYY-MM-DD'
    ends_at: int


async def ended(tx: Transaction, earliest: int, latest: int) -> list[Ended]:
    """Return the sessions without a survey that were held and have earliest < end ≤ latest."""
    rows = await tx.all(
        "SELECT id, region, date, ends_at FROM sessions WHERE state = 'planned' AND ends_at > ? AND ends_at <= ?"
        " AND NOT EXISTS (SELECT 1 FROM surveys WHERE session = sessions.id) ORDER BY ends_at, id",
        (earliest, latest),
    )
    return [Ended(*row) for row in rows]


async def open_survey(tx: Transaction, session: str, form: str, definition: str, now: int, closes_at: int) -> str:
    """Open the survey of a session, with a key of its own, and return its id."""
    tx.forget()
    survey = f"{form}:{session}"
    await tx.run(
        "INSERT INTO surveys (id, session, form, definition, state, opened_at, closes_at)"
        " VALUES (?, ?, ?, ?, 'open', ?, ?)",
        (survey, session, form, definition, now, closes_at),
    )
    await tx.run("INSERT INTO survey_keys (survey, key) VALUES (?, ?)", (survey, sealing.new_key()))
    return survey


async def invite(tx: Transaction, survey: str, women: Sequence[tuple[int, int]], step: str) -> list[Sheet]:
    """Open an empty sheet at `step` for each (person, chat), count them as asked, and return the sheets in order.

    Of each woman's sheets it is asked last now. Raises Closed.
    """
    row = await tx.one(
        "SELECT v.form, v.definition, k.key FROM surveys v JOIN survey_keys k ON k.survey = v.id"
        " WHERE v.id = ? AND v.state = 'open'",
        (survey,),
    )
    if row is None:
        raise Closed(survey)
    form, definition, key = row
    sheets = [
        Sheet(secrets.token_urlsafe(6), form, definition, person, chat, survey, "open", step) for person, chat in women
    ]
    await tx.many(
        "INSERT INTO sealed_sheets (key, survey, person, chat, state, step, box, follows, asked)"
        " VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, (SELECT coalesce(max(asked), 0) FROM sheets WHERE person = ?3),"
        " (SELECT 1 + coalesce(max(asked), 0) FROM sealed_sheets WHERE person = ?3))",
        [(s.key, survey, s.person, s.chat, step, sealing.seal(key, {}, survey, s.person)) for s in sheets],
    )
    await tx.run("UPDATE surveys SET asked = asked + ? WHERE id = ?", (len(sheets), survey))
    return sheets


async def open_sheet(tx: Transaction, survey: str, person: int, chat: int, step: str) -> Sheet:
    """Return the person's sheet of the survey, opened empty at `step` where she has none. Raises Closed."""
    row = await tx.one(SHEETS + " WHERE s.survey = ? AND s.person = ?", (survey, person))
    if row:
        return _sheet(row)
    return (await invite(tx, survey, [(person, chat)], step))[0]


async def sheet_by_key(tx: Transaction, key: str) -> Sheet | None:
    """Return the sheet with its answers; None where there is none, or its survey is closed."""
    row = await tx.one(SHEETS + " WHERE s.key = ?", (key,))
    return _sheet(row) if row else None


async def open_of(tx: Transaction, person: int) -> list[Sheet]:
    """Return the open anonymous sheets of the person, the one whose question was asked last first."""
    if not await _any_open(tx):
        return []
    rows = await tx.all(SHEETS + " WHERE s.person = ? AND s.state = 'open' ORDER BY s.asked DESC", (person,))
    return [_sheet(row) for row in rows]


async def _any_open(tx: Transaction) -> bool:
    """Whether a survey is open at all: on most days none is, and nobody's sheet has to be looked for."""
    if (found := tx.kept.get(ANY_OPEN)) is None:
        found = tx.kept[ANY_OPEN] = bool(await tx.one(ANY_OPEN))
    return bool(found)


async def save(tx: Transaction, sheet: Sheet) -> None:
    """Make the stored sheet equal to `sheet`, its answers sealed anew: of hers it is asked last now. Raises Closed."""
    row = await tx.one("SELECT key FROM survey_keys WHERE survey = ?", (sheet.subject,))
    if row is None:
        raise Closed(sheet.subject)
    box = sealing.seal(row[0], sheet.answers, sheet.subject, sheet.person)
    await tx.run(
        "UPDATE sealed_sheets SET chat = ?, state = ?, step = ?, box = ?,"
        " follows = (SELECT coalesce(max(asked), 0) FROM sheets WHERE person = sealed_sheets.person),"
        " asked = (SELECT 1 + max(hers.asked) FROM sealed_sheets hers WHERE hers.person = sealed_sheets.person)"
        " WHERE key = ?",
        (sheet.chat, sheet.state, sheet.step, box, sheet.key),
    )


async def begin_closing(tx: Transaction, now: int, notice: int) -> None:
    """Note at `now` which open surveys close within `notice` ms; forget what was noted by a clock that was wrong."""
    await tx.run(
        "DELETE FROM facts WHERE name GLOB ?1 || '*' AND (CAST(value AS INTEGER) > ?2 OR NOT EXISTS"
        " (SELECT 1 FROM surveys WHERE name = ?1 || id AND state = 'open' AND closes_at <= ?2 + ?3))",
        (CLOSING, now, notice),
    )
    await tx.run(
        "INSERT INTO facts (name, value) SELECT ?1 || id, ?2 FROM surveys WHERE state = 'open' AND closes_at <= ?2 + ?3"
        " ON CONFLICT (name) DO NOTHING",
        (CLOSING, now, notice),
    )


async def over(tx: Transaction, now: int, notice: int) -> list[str]:
    """Return the open surveys whose time is over, and of which that was foreseen `notice` ms before."""
    rows = await tx.all(
        "SELECT id FROM surveys JOIN facts ON name = ? || id WHERE state = 'open' AND closes_at <= ?"
        " AND CAST(value AS INTEGER) <= ? ORDER BY id",
        (CLOSING, now, now - notice),
    )
    return [row[0] for row in rows]


async def closings(tx: Transaction, notice: int) -> list[int]:
    """Return when the closing of the open surveys is to be noted, and when they close, UTC ms."""
    rows = await tx.all(
        "SELECT closes_at, CAST(value AS INTEGER) FROM surveys LEFT JOIN facts ON name = ? || id WHERE state = 'open'",
        (CLOSING,),
    )
    return [closes - notice if noted is None else max(closes, noted + notice) for closes, noted in rows]


async def close(tx: Transaction, survey: str, at_least: int) -> int:
    """Close the survey and return how many sheets had an answer.

    If they are `at_least` so many, they go together into `responses`, unlinked; if not, they are destroyed. Sheets and
    key are destroyed either way. A sheet that she stopped does not count.
    """
    # A backup holds no key and no sheet: a survey that was open then has nothing to be unsealed.
    rows = await tx.all(SHEETS + " WHERE s.survey = ? AND s.state <> 'cancelled'", (survey,))
    said = [kept for row in rows if (kept := {q: v for q, v in _sheet(row).answers.items() if v is not None})]
    enough = len(said) >= at_least
    if enough:
        random.SystemRandom().shuffle(said)
        await tx.run(
            "INSERT INTO responses (key, survey, definition, answers)"
            " SELECT value ->> 0, v.id, v.definition, value ->> 1 FROM json_each(?), surveys v WHERE v.id = ?",
            (json.dumps([(secrets.token_hex(16), json.dumps(answers, sort_keys=True)) for answers in said]), survey),
        )
    await tx.run("DELETE FROM sealed_sheets WHERE survey = ?", (survey,))
    await tx.run("DELETE FROM survey_keys WHERE survey = ?", (survey,))
    await _count_anew(tx)
    # How many letters went to whom would tell which woman stopped half way, and who wrote words of her own.
    letters = outbox.span(f"{LETTERS}{survey}:")
    await tx.run("DELETE FROM outbox WHERE key >= ? AND key < ? AND state <> 'sending'", letters)
    tx.forget()
    await tx.run(
        "UPDATE surveys SET state = ?, answered = ? WHERE id = ?",
        ("closed" if enough else "too few", len(said), survey),
    )
    return len(said)


async def _count_anew(tx: Transaction) -> None:
    # What is left keeps its order, but the numbers would tell how often a sheet that is gone was asked in between.
    await tx.run(
        "UPDATE sealed_sheets SET asked = place FROM (SELECT key AS hers, row_number() OVER"
        " (PARTITION BY person ORDER BY asked) AS place FROM sealed_sheets) WHERE key = hers AND asked <> place"
    )


def _sheet(row: Row) -> Sheet:
    *columns, follows, asked, box, key = row
    sheet = Sheet(*columns)
    answers = sealing.unseal(key, box, sheet.subject, sheet.person)
    return sheet._replace(answers=answers, asked=(follows, asked))


async def drop(tx: Transaction, person: int) -> int:
    """Destroy the person's sheets of open surveys: they are not counted at the closing. Return how many that were."""
    return await tx.run("DELETE FROM sealed_sheets WHERE person = ?", (person,))
