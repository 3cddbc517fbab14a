"""The programme file: regions, training days and their texts, as organisers write them; reading and writing."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, ValidationInfo, create_model, field_validator, model_validator

from bot import faults
from bot.faults import Day, Hour, Section
from forms import load

LINE = "one line of text in quotes, at most 300 letters"
TEXTS = 'texts such as { az = "…", ru = "…", en = "…" }; Azerbaijani must be there'
DATE = "a date such as 2027-03-02"
ID = 'a short name in small Latin letters, digits and hyphens, such as "quba-1"'

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=32)]  # it travels in callback data


class ProgrammeFault(faults.Fault):
    """The programme file has mistakes; `sentences` has one for each."""


class Words(Section):
    """A text in each language; '' falls back to Azerbaijani."""

    az: Line = Field(min_length=1, description=LINE)
    ru: Line = Field(default="", description=LINE)
    en: Line = Field(default="", description=LINE)


class About(Section):
    """[programme]: what it is called, who runs it, and the line that its funders ask for."""

    name: Words = Field(description=TEXTS)
    organiser: Words = Field(description=TEXTS)
    funders: Words = Field(description=TEXTS)


def _groups() -> list[str]:
    asked = load.shipped("registration").question("group")
    return [choice.key for choice in (asked.choices if asked else ())]


def _quotas() -> Any:
    """Return the section of a region's quotas: its keys are the groups that the registration asks for."""
    seats = Field(default=None, ge=0, le=10000, description="a number of places from 0 to 10000")
    fields: dict[str, Any] = dict.fromkeys(_groups(), (int | None, seats))
    return create_model("Quotas", __base__=Section, **fields)


class Region(Section):
    """[[region]]: a region with its places, the dates of registration, and the case forms of its name."""

    id: Id = Field(description=ID)
    places: int = Field(ge=1, le=10000, description="a number of places from 1 to 10000")
    quotas: _quotas() = Field(default={}, description="a section such as { initiative = 10 }")  # type: ignore[valid-type]
    opens: Day | None = Field(default=None, description=DATE)
    closes: Day | None = Field(default=None, description=DATE)
    contact: Line = Field(default="", description=LINE)
    name: Words = Field(description=TEXTS)
    in_: Words = Field(alias="in", description=TEXTS)


class Session(Section):
    """[[session]]: one training day in one region, with local date and hours."""

    id: Id = Field(description=ID)
    region: str = Field(description="the id of a region")
    date: Day = Field(description=DATE)
    starts: Hour = Field(description='an hour of the day such as "10:00"')
    ends: Hour = Field(description='an hour of the day such as "16:00"')
    topic: Words = Field(description=TEXTS)
    venue: Words = Field(description=TEXTS)
    address: Words = Field(description=TEXTS)
    latitude: float = Field(ge=-90, le=90, description="degrees such as 41.3611, from -90 to 90")
    longitude: float = Field(ge=-180, le=180, description="degrees such as 48.5134, from -180 to 180")

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError(f"it ends at {self.ends:%H:%M}, which is not after its start at {self.starts:%H:%M}.")
        return self


class Programme(Section):
    """A whole programme. Sessions stand in the order of their regions, then of their dates."""

    programme: About = Field(description="a section with keys of its own")
    region: tuple[Region, ...] = Field(description="sections [[region]], one for each region")
    session: tuple[Session, ...] = Field(description="sections [[session]], one for each training day")

    @field_validator("session")
    @classmethod
    def _in_order(cls, sessions: tuple[Session, ...], info: ValidationInfo) -> tuple[Session, ...]:
        order = [region.id for region in info.data.get("region", ())]
        places = {id: place for place, id in enumerate(order)}
        return tuple(sorted(sessions, key=lambda s: (places.get(s.region, len(order)), s.date, s.starts, s.id)))


def read(path: Path) -> Programme:
    """Read a programme file. Raises ProgrammeFault with every mistake in it."""
    try:
        said = faults.read(path)
    except faults.Fault as fault:
        raise ProgrammeFault(fault.sentences) from None
    programme, mistakes = faults.check(Programme, said, path.name)
    mistakes += [f"{path.name}: {sentence}" for sentence in _contradictions(said)]
    if programme is None or mistakes:
        raise ProgrammeFault(mistakes)
    return programme


def shifted(programme: Programme, first: date) -> Programme:
    """Return the same programme with its first training day on `first` and all other dates as far from it as before."""
    by = first - min(session.date for session in programme.session)
    sessions = tuple(session.model_copy(update={"date": session.date + by}) for session in programme.session)
    dates = [{"opens": region.opens, "closes": region.closes} for region in programme.region]
    moved = [{key: day and day + by for key, day in each.items()} for each in dates]
    regions = tuple(region.model_copy(update=each) for region, each in zip(programme.region, moved, strict=True))
    return programme.model_copy(update={"region": regions, "session": sessions})


def write(programme: Programme) -> str:
    """Return the programme as the text of a TOML file; `read` gives the same programme again."""
    said = programme.model_dump(by_alias=True)
    parts = [_table("[programme]", said["programme"])]
    parts += [_table("[[region]]", region) for region in said["region"]]
    parts += [_table("[[session]]", session) for session in said["session"]]
    return "\n".join(parts)


def _contradictions(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong between sections; looks at the file as it stands, so that all mistakes are told at once."""
    regions, sessions = _entries(said, "region"), _entries(said, "session")
    known = [str(region.get("id")) for region in regions]
    for key, entries in (("region", regions), ("session", sessions)):
        if not entries:
            yield f"there is no [[{key}]]; at least one is needed."
        for id, times in Counter(str(entry.get("id")) for entry in entries if "id" in entry).items():
            if times > 1:
                yield f'[[{key}]] "{id}" stands {times} times; each id may stand once.'
    for entry in regions:
        yield from (f'[[region]] "{entry.get("id")}" {sentence}' for sentence in _of_registration(entry))
    latest: dict[str, date] = {}
    for session in sessions:
        name, region, day = session.get("id"), session.get("region"), session.get("date")
        if isinstance(region, str) and region not in known:
            yield f'[[session]] "{name}" region: there is no region "{region}".{faults.did_you_mean(region, known)}'
        elif isinstance(region, str) and type(day) is date:
            if day < latest.get(region, day):
                yield f'[[session]] "{name}" date: {day} is before the day that stands above it, {latest[region]}.'
            latest[region] = day


def _of_registration(region: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong between a region's places and quotas, and between the dates of its registration."""
    opens, closes, places, quotas = (region.get(key) for key in ("opens", "closes", "places", "quotas"))
    if type(opens) is date and type(closes) is date and closes < opens:
        yield f"closes: {closes} is before the day on which registration opens, {opens}."
    if type(places) is int and isinstance(quotas, dict) and all(type(quotas.get(group)) is int for group in _groups()):
        together = sum(quotas[group] for group in _groups())
        if together < places:
            left = f"{places - together} of the {places} places"
            yield f"quotas: every group has one, but together they are {together}: {left} would stay empty."


def _entries(said: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    entries = said.get(key)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _table(header: str, said: Mapping[str, Any]) -> str:
    return "\n".join([header, *(f"{key} = {_value(value)}" for key, value in said.items() if _is_said(value)), ""])


def _is_said(value: Any) -> bool:
    """Tell whether a key is written: not if it is left out, or a group of which every key is left out."""
    return any(map(_is_said, value.values())) if isinstance(value, dict) else value not in ("", None)


def _value(value: Any) -> str:
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False)  # for a single line, JSON's quoting is TOML's
        case time():
            return f'"{value:%H:%M}"'
        case dict():
            return "{ " + ", ".join(f"{key} = {_value(part)}" for key, part in value.items() if _is_said(part)) + " }"
        case _:
            return str(value)
