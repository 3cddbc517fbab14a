"""Sheets: a person's way through a form, the answers on it, and the definitions of forms that sheets point to."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from forms.model import Value
from storage.database import Row, Transaction

SHEETS = (
    "SELECT key, form, definition, person, chat, subject, state, step, changed_at,"
    " (SELECT json_group_object(question, json(value)) FROM answers WHERE sheet = sheets.id), asked FROM sheets"
)


class Sheet(NamedTuple):
    """A person's way through a form, whichever table it stands in: `sheets`, or `sealed_sheets` if it is anonymous."""

    key: str
    form: str
    definition: str  # hash of the form as it was when the sheet was opened
    person: int
    chat: int  # where the open question stands
    subject: str  # what it is about: '' or the id of a survey
    state: str  # open, submitted, cancelled
    step: str  # key of the open question; '' is the check card
    changed_at: int = 0  # UTC ms, when its question was asked last; 0 if anonymous: then no time is kept
    answers: Mapping[str, Value] = MappingProxyType({})
    asked: tuple[int, int] = (0, 0)  # highest: asked last of hers; the storage counts


async def open_sheet(tx: Transaction, sheet: Sheet) -> Sheet:
    """Put a new open sheet and its answers on the disk: of hers it is asked last now.

    Raises where the person has one open for form and subject.
    """
    id_ = await tx.insert(
        "INSERT INTO sheets (key, form, definition, person, chat, subject, state, step, opened_at, changed_at, asked)"
        " VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?,"
        " (SELECT 1 + coalesce(max(asked), 0) FROM sheets WHERE person = ?))",
        (
            *(sheet.key, sheet.form, sheet.definition, sheet.person, sheet.chat, sheet.subject, sheet.step),
            *(sheet.changed_at, sheet.changed_at, sheet.person),
        ),
    )
    rows = [(id_, question, _json(value)) for question, value in sheet.answers.items()]
    if rows:
        await tx.many("INSERT INTO answers (sheet, question, value) VALUES (?, ?, ?)", rows)
    return sheet._replace(state="open")


async def by_key(tx: Transaction, key: str) -> Sheet | None:
    """Return the sheet with its answers, or None where there is none of that key."""
    row = await tx.one(SHEETS + " WHERE key = ?", (key,))
    return _sheet(row) if row else None


async def open_of(tx: Transaction, person: int) -> list[Sheet]:
    """Return the open sheets of the person that carry her name, the one whose question was asked last first."""
    rows = await tx.all(SHEETS + " WHERE person = ? AND state = 'open' ORDER BY asked DESC", (person,))
    return [_sheet(row) for row in rows]


async def save(tx: Transaction, sheet: Sheet, before: Sheet) -> None:
    """Make the stored sheet, which stood as `before`, equal to `sheet`: of hers it is asked last now."""
    if sheet.state != before.state:  # apart: an index has to be kept for it
        await tx.run("UPDATE sheets SET state = ? WHERE key = ?", (sheet.state, sheet.key))
    await tx.run(
        "UPDATE sheets SET chat = ?, step = ?, changed_at = ?,"
        " asked = (SELECT 1 + max(hers.asked) FROM sheets hers WHERE hers.person = sheets.person) WHERE key = ?",
        (sheet.chat, sheet.step, sheet.changed_at, sheet.key),
    )
    for question, value in sheet.answers.items():
        if question not in before.answers or before.answers[question] != value:
            await tx.run(
                "INSERT INTO answers (sheet, question, value) SELECT id, ?, ? FROM sheets WHERE key = ?"
                " ON CONFLICT (sheet, question) DO UPDATE SET value = excluded.value",
                (question, _json(value), sheet.key),
            )
    if gone := before.answers.keys() - sheet.answers.keys():
        await tx.run(
            "DELETE FROM answers WHERE sheet = (SELECT id FROM sheets WHERE key = ?)"
            " AND question IN (SELECT value FROM json_each(?))",
            (sheet.key, _json(sorted(gone))),
        )


async def drop(tx: Transaction, person: int) -> None:
    """Cancel the open sheets that carry the person's name; their answers are deleted."""
    await tx.run(
        "DELETE FROM answers WHERE sheet IN (SELECT id FROM sheets WHERE person = ? AND state = 'open')", (person,)
    )
    await tx.run("UPDATE sheets SET state = 'cancelled' WHERE person = ? AND state = 'open'", (person,))


async def forget(tx: Transaction, person: int, form: str, question: str) -> None:
    """Delete what stands of a question on the person's sheets of a form; one that is open asks for it anew."""
    await tx.run(
        "DELETE FROM answers WHERE question IN (?, ? || '~') AND sheet IN"
        " (SELECT id FROM sheets WHERE person = ? AND form = ?)",
        (question, question, person, form),
    )


async def put_definition(tx: Transaction, digest: str, form: str, body: str) -> None:
    """Keep the definition of a form under its hash; one that is kept already stays as it is."""
    await tx.run(
        "INSERT INTO definitions (hash, form, body) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
        (digest, form, body),
    )


async def definition(tx: Transaction, digest: str) -> str:
    """Return the canonical JSON of a definition. Raises LookupError where none is kept under that hash."""
    row = await tx.one("SELECT body FROM definitions WHERE hash = ?", (digest,))
    if row is None:
        raise LookupError(f"no definition {digest[:8]}")
    return str(row[0])


def _sheet(row: Row) -> Sheet:
    *columns, answers, asked = row
    return Sheet._make((*columns, orjson.loads(answers), (asked, 0)))


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
