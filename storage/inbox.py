"""Which updates were seen, and which could not be handled."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Transaction


@dataclass(frozen=True)
class Failure:
    """An update that was put aside, or that is being tried: never a text, a contact or a button's data."""

    update_id: int
    kind: str
    route: str = ""
    form: str = ""
    step: str = ""
    error: str = ""


async def enter(tx: Transaction, update_ids: Sequence[int], now: int) -> set[int]:
    """Remember the ids and return those that were new (Bot API, Update.update_id)."""
    rows = await tx.all(
        "INSERT INTO inbox (update_id, seen_at) SELECT value, ? FROM json_each(?) WHERE true"
        " ON CONFLICT (update_id) DO NOTHING RETURNING update_id",
        (now, json.dumps(list(update_ids))),
    )
    return {row[0] for row in rows}


async def prune(tx: Transaction, before: int) -> int:
    """Forget the ids seen before that moment; Telegram keeps an update for 24 hours at most."""
    return await tx.run("DELETE FROM inbox WHERE seen_at < ?", (before,))


async def attempt(tx: Transaction, update_id: int, kind: str, now: int) -> int:
    """Note, before an update is tried alone, that it is; return how often it has been, this time included."""
    rows = await tx.all(
        "INSERT INTO failures (update_id, kind, state, failed_at) VALUES (?, ?, 'trying', ?)"
        " ON CONFLICT (update_id) DO UPDATE SET attempts = attempts + 1 RETURNING attempts",
        (update_id, kind, now),
    )
    return int(rows[0][0])


async def passed(tx: Transaction, update_id: int) -> None:
    """Take back the note that an update is being tried: it went well; so do older notes, which cannot come any more."""
    await tx.run("DELETE FROM failures WHERE update_id <= ? AND state = 'trying'", (update_id,))


async def is_trying(tx: Transaction) -> bool:
    """Whether an update that was under way at a death has not come again yet."""
    return await tx.one("SELECT 1 FROM failures WHERE state = 'trying'") is not None


async def put_aside(tx: Transaction, failure: Failure, now: int) -> None:
    """File an update that could not be handled."""
    await tx.run(
        "INSERT INTO failures (update_id, kind, route, form, step, error, state, failed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, 'put aside', ?)"
        " ON CONFLICT (update_id) DO UPDATE SET route = excluded.route, form = excluded.form, step = excluded.step,"
        " error = excluded.error, state = 'put aside', failed_at = excluded.failed_at",
        (failure.update_id, failure.kind, failure.route, failure.form, failure.step, failure.error, now),
    )


async def forget_failures(tx: Transaction, before: int) -> None:
    """Forget what could not be handled before that moment."""
    await tx.run("DELETE FROM failures WHERE failed_at < ?", (before,))


async def aside(tx: Transaction) -> list[Failure]:
    """List what was put aside, the newest first."""
    rows = await tx.all(
        "SELECT update_id, kind, route, form, step, error FROM failures WHERE state = 'put aside'"
        " ORDER BY failed_at DESC"
    )
    return [Failure(*row) for row in rows]
