"""The programme: regions, training days, their texts, and the file that was last applied."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from storage.database import Row, Transaction

FALLBACK = "az"

Texts = Mapping[str, Mapping[str, str]]  # field → language → text


@dataclass(frozen=True)
class Region:
    """A region with its places; its names are in `words`. Without places it is closed: it takes nobody any more."""

    id: str
    position: int
    places: int
    contact: str = ""
    opens: str = ""  # local date on which registration opens, 'YYYY-MM-DD'; '' always
    closes: str = ""  # local date, the last one of registration; '' until its first session begins


@dataclass(frozen=True)
class Session:
    """One training day in one region: local date and hours, and the same moments in UTC ms."""

    id: str
    region: str
    date: date
    starts: time
    ends: time
    zone: str
    latitude: float
    longitude: float
    revision: int = 0
    state: Literal["planned", "cancelled"] = "planned"

    @property
    def starts_at(self) -> int:
        """Its beginning, UTC ms."""
        return moment(self.date, self.starts, self.zone)

    @property
    def ends_at(self) -> int:
        """Its end, UTC ms."""
        return moment(self.date, self.ends, self.zone)


# With the beginning of its first session: then registration is over, if no other day is given.
REGIONS = (
    "SELECT id, position, places, contact, opens, closes,"
    " (SELECT min(starts_at) FROM sessions WHERE region = regions.id AND state = 'planned')"
    " FROM regions ORDER BY position, id"
)
WORDS = "SELECT field, text FROM words WHERE subject = ? AND language IN (?, ?) ORDER BY language = ?"
SESSIONS = (
    "SELECT id, region, date, starts, ends, zone, latitude, longitude, revision, state FROM sessions"
    " WHERE region = ? OR ? IS NULL ORDER BY starts_at, id"
)


def moment(day: date, hour: time, zone: str) -> int:
    """Return the moment, UTC ms, at which clocks in `zone` show this date and hour."""
    return round(datetime.combine(day, hour, ZoneInfo(zone)).timestamp() * 1000)


async def regions(tx: Transaction, *, closed: bool = False) -> list[Region]:
    """Return the regions in their order; those that were closed only if `closed`."""
    return [region for region, _ in await _with_beginnings(tx) if region.places > 0 or closed]


async def open_regions(tx: Transaction, now: int, today: date) -> list[Region]:
    """Return, in their order, the regions in which one can register now."""
    day = today.isoformat()
    return [region for region in await _ahead(tx, now, day) if region.opens <= day]


async def opening(tx: Transaction, now: int, today: date) -> date | None:
    """Return the next local date on which registration opens somewhere; None when it opens nowhere any more."""
    day = today.isoformat()
    days = [region.opens for region in await _ahead(tx, now, day) if region.opens > day]
    return date.fromisoformat(min(days)) if days else None


async def region(tx: Transaction, id: str) -> Region | None:
    """Return the region, open or closed."""
    return next((region for region in await regions(tx, closed=True) if region.id == id), None)


async def sessions(tx: Transaction, region: str | None = None) -> list[Session]:
    """Return all sessions, also cancelled ones, of a region or of all, by their beginning."""
    key = (SESSIONS, region)
    if (found := tx.kept.get(key)) is None:
        found = tx.kept[key] = [_session(row) for row in await tx.all(SESSIONS, (region, region))]
    return list(found)


async def session(tx: Transaction, id: str) -> Session | None:
    """Return the session, planned or cancelled."""
    row = await tx.one(
        "SELECT id, region, date, starts, ends, zone, latitude, longitude, revision, state FROM sessions WHERE id = ?",
        (id,),
    )
    return _session(row) if row else None


async def sessions_between(tx: Transaction, earliest: int, latest: int) -> list[Session]:
    """Return the planned sessions with earliest ≤ beginning < latest (UTC ms), in order."""
    rows = await tx.all(
        "SELECT id, region, date, starts, ends, zone, latitude, longitude, revision, state FROM sessions"
        " WHERE state = 'planned' AND starts_at >= ? AND starts_at < ? ORDER BY starts_at, id",
        (earliest, latest),
    )
    return [_session(row) for row in rows]


async def last_end(tx: Transaction) -> int | None:
    """Return when the last session that is or was to be held ends, UTC ms; None without sessions."""
    row = await tx.one("SELECT max(ends_at) FROM sessions WHERE state = 'planned'")
    return row[0] if row else None


async def words(tx: Transaction, subject: str, language: str) -> dict[str, str]:
    """Return the texts of a subject ('region:quba') by field; a field without this language is in Azerbaijani."""
    key = (WORDS, subject, language)
    if (found := tx.kept.get(key)) is None:
        found = tx.kept[key] = dict(await tx.all(WORDS, (subject, language, FALLBACK, language)))
    return dict(found)


async def all_words(tx: Transaction) -> dict[str, dict[str, dict[str, str]]]:
    """Return every text: subject → field → language → text."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for subject, part, language, text in await tx.all("SELECT subject, field, language, text FROM words"):
        found.setdefault(subject, {}).setdefault(part, {})[language] = text
    return found


async def put_region(tx: Transaction, region: Region) -> None:
    """Add the region, or make the stored one equal to it."""
    tx.forget()
    await tx.run(
        "INSERT INTO regions (id, position, places, contact, opens, closes) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET position = excluded.position, places = excluded.places,"
        " contact = excluded.contact, opens = excluded.opens, closes = excluded.closes",
        (region.id, region.position, region.places, region.contact, region.opens, region.closes),
    )


async def quotas(tx: Transaction) -> dict[str, dict[str, int]]:
    """Return how many places of a region the women of a group may take at most: region → group → places."""
    found: dict[str, dict[str, int]] = {}
    for region, group, places in await tx.all("SELECT region, group_key, places FROM quotas"):
        found.setdefault(region, {})[group] = places
    return found


async def put_quotas(tx: Transaction, region: str, quotas: Mapping[str, int]) -> None:
    """Make `quotas`, group → places, all quotas of the region."""
    await tx.run("DELETE FROM quotas WHERE region = ?", (region,))
    rows = [(region, group, places) for group, places in quotas.items()]
    await tx.many("INSERT INTO quotas (region, group_key, places) VALUES (?, ?, ?)", rows)


async def close_region(tx: Transaction, id: str) -> None:
    """Leave the region without places; it is kept, because women and sessions belong to it."""
    tx.forget()
    await tx.run("UPDATE regions SET places = 0 WHERE id = ?", (id,))


async def put_session(tx: Transaction, wanted: Session, texts: Texts) -> Session:
    """Add the session with its texts, or make the stored one equal to it.

    Its revision is ours to keep: it rises by one when date, hours, place on the map, venue or address changed.
    """
    tx.forget()
    old = await session(tx, wanted.id)
    old_texts = (await all_words(tx)).get(f"session:{wanted.id}", {})
    if old is None:
        kept = replace(wanted, revision=0)
    else:
        kept = replace(wanted, revision=old.revision + (_where(old, old_texts) != _where(wanted, texts)))
    await tx.run(
        "INSERT INTO sessions (id, region, date, starts, ends, zone, starts_at, ends_at, latitude, longitude,"
        " revision, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " region = excluded.region, date = excluded.date, starts = excluded.starts, ends = excluded.ends,"
        " zone = excluded.zone, starts_at = excluded.starts_at, ends_at = excluded.ends_at,"
        " latitude = excluded.latitude, longitude = excluded.longitude,"
        " revision = excluded.revision, state = excluded.state",
        _row(kept),
    )
    await put_words(tx, f"session:{wanted.id}", texts)
    return kept


async def cancel_session(tx: Transaction, id: str) -> None:
    """Mark the session as one that is not held; it is never deleted."""
    tx.forget()
    await tx.run("UPDATE sessions SET state = 'cancelled' WHERE id = ?", (id,))


async def put_words(tx: Transaction, subject: str, texts: Texts) -> None:
    """Make `texts` all that is said of the subject; empty texts are left out."""
    tx.forget()
    await tx.run("DELETE FROM words WHERE subject = ?", (subject,))
    await tx.many(
        "INSERT INTO words (subject, field, language, text) VALUES (?, ?, ?, ?)",
        [(subject, field, language, text) for field, said in texts.items() for language, text in said.items() if text],
    )


async def applied(tx: Transaction) -> str | None:
    """Return the programme file that was last applied, as canonical JSON."""
    row = await tx.one("SELECT body FROM programme")
    return row[0] if row else None


async def put_applied(tx: Transaction, body: str, now: int) -> None:
    """Remember the programme file that is applied now."""
    await tx.run(
        "INSERT INTO programme (id, body, applied_at) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " body = excluded.body, applied_at = excluded.applied_at",
        (body, now),
    )


async def _ahead(tx: Transaction, now: int, day: str) -> list[Region]:
    """Return the regions in which registration is not over at that moment (UTC ms), a local date."""
    return [
        region
        for region, begins in await _with_beginnings(tx)
        if region.places > 0 and (region.closes >= day if region.closes else begins is None or begins > now)
    ]


async def _with_beginnings(tx: Transaction) -> list[tuple[Region, int | None]]:
    if (found := tx.kept.get(REGIONS)) is None:
        rows = await tx.all(REGIONS)
        found = tx.kept[REGIONS] = [(Region(*region), begins) for *region, begins in rows]
    return cast(list[tuple[Region, int | None]], found)


def _session(row: Row) -> Session:
    id, region, day, starts, ends, *rest = row
    return Session(id, region, date.fromisoformat(day), time.fromisoformat(starts), time.fromisoformat(ends), *rest)


def _row(session: Session) -> tuple[Any, ...]:
    hours = (session.starts.isoformat("minutes"), session.ends.isoformat("minutes"))
    moments = (session.starts_at, session.ends_at)
    place = (session.latitude, session.longitude)
    local = (session.date.isoformat(), *hours, session.zone)
    return (session.id, session.region, *local, *moments, *place, session.revision, session.state)


def _where(session: Session, texts: Texts) -> tuple[Any, ...]:
    when = (session.date, session.starts, session.ends, session.zone)
    place = (session.latitude, session.longitude)
    said = [{k: v for k, v in texts.get(field, {}).items() if v} for field in ("venue", "address")]
    return (*when, *place, *said)
