"""The programme between its file and the database: what an apply would change, the apply, and the export.

After the first apply the database is the truth: what organisers changed in chat survives, unless the file changes
the same thing.
"""

from typing import Any

from bot.changes import Change, merge, plan
from bot.programme_file import Programme, ProgrammeFault, Region, read, shifted, write
from storage import programme as stored
from storage.database import Transaction

__all__ = [
    "Change",
    "Programme",
    "ProgrammeFault",
    "applied",
    "apply",
    "current",
    "export",
    "plan",
    "quotas",
    "read",
    "shifted",
]


async def apply(tx: Transaction, wanted: Programme, now: int, zone: str) -> list[Change]:
    """Make the database follow the file and return what that changed; `zone` is that of the file's hours."""
    merged, changes = merge(await applied(tx), await current(tx), wanted)
    await _store(tx, merged, zone)
    await stored.put_applied(tx, wanted.model_dump_json(by_alias=True), now)
    return changes


async def export(tx: Transaction) -> str | None:
    """Return the text of a file that says what the database says; None before the first apply."""
    programme = await current(tx)
    return write(programme) if programme else None


async def applied(tx: Transaction) -> Programme | None:
    """Return the programme that was applied last, or None."""
    body = await stored.applied(tx)
    return Programme.model_validate_json(body) if body else None


async def current(tx: Transaction) -> Programme | None:
    """Return what the database says now, without closed regions and cancelled sessions; None before the first apply."""
    if await stored.applied(tx) is None:
        return None
    words, quotas = await stored.all_words(tx), await stored.quotas(tx)
    regions = [
        _region(region) | {"quotas": quotas.get(region.id, {})} | words[f"region:{region.id}"]
        for region in await stored.regions(tx)
    ]
    sessions = [
        _row(session) | words[f"session:{session.id}"]
        for session in await stored.sessions(tx)
        if session.state == "planned"
    ]
    return Programme.model_validate({"programme": words["programme"], "region": regions, "session": sessions})


def _region(region: stored.Region) -> dict[str, Any]:
    dates = {"opens": region.opens or None, "closes": region.closes or None}
    return {"id": region.id, "places": region.places, "contact": region.contact} | dates


def _row(session: stored.Session) -> dict[str, Any]:
    keys = ("id", "region", "date", "starts", "ends", "latitude", "longitude")
    return {key: getattr(session, key) for key in keys}


async def _store(tx: Transaction, programme: Programme, zone: str) -> None:
    said = programme.model_dump(by_alias=True)
    await stored.put_words(tx, "programme", said["programme"])
    for position, region in enumerate(programme.region):
        dates = (str(day or "") for day in (region.opens, region.closes))
        await stored.put_region(tx, stored.Region(region.id, position, region.places, region.contact, *dates))
        await stored.put_quotas(tx, region.id, quotas(region))
        await stored.put_words(tx, f"region:{region.id}", _texts(said["region"][position]))
    for session, words in zip(programme.session, said["session"], strict=True):
        times = (session.date, session.starts, session.ends, zone)
        row = stored.Session(session.id, session.region, *times, session.latitude, session.longitude)
        await stored.put_session(tx, row, _texts(words))
    for session_now in await stored.sessions(tx):
        if session_now.id not in {session.id for session in programme.session}:
            await stored.cancel_session(tx, session_now.id)
    for region_now in await stored.regions(tx):
        if region_now.id not in {region.id for region in programme.region}:
            await stored.close_region(tx, region_now.id)


def quotas(region: Region) -> dict[str, int]:
    """Return the quotas of a region: group → places, without the groups that have none."""
    return {group: places for group, places in region.quotas.model_dump().items() if places is not None}


def _texts(said: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {key: value for key, value in said.items() if isinstance(value, dict) and key != "quotas"}
