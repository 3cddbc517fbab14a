"""What a new programme file changes: file applied before, database, new file, merged three ways.

A programme is taken apart into subjects ('session:quba-1') with flat facts ('venue.az'), and put together again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from bot.programme_file import Programme

Facts = dict[str, str]
Kind = Literal[
    "added",  # new in the file
    "changed",  # the file says it otherwise than before
    "removed",  # no longer in the file: a session is cancelled, a region closed
    "kept",  # changed in chat, and the file does not touch it: stays as it is
    "conflict",  # changed in chat and in the file: the file wins
]


@dataclass(frozen=True)
class Change:
    """One difference between the file and the database, and what an apply makes of it."""

    kind: Kind
    subject: str  # 'programme', 'region:quba', 'session:quba-1'
    sentence: str


def plan(applied: Programme | None, current: Programme | None, wanted: Programme) -> list[Change]:
    """Return what an apply of `wanted` would do, given the file applied last and what the database says now."""
    return merge(applied, current, wanted)[1]


def merge(applied: Programme | None, current: Programme | None, wanted: Programme) -> tuple[Programme, list[Change]]:
    """Return what the database shall say after an apply of `wanted`, and the changes that lead there."""
    was, here, want = _facts(applied), _facts(current), _facts(wanted)
    merged: dict[str, Facts] = {}
    changes: list[Change] = []
    for subject in want | here:  # in the order of the file, then what only the database has
        facts, found = _subject(subject, was.get(subject), here.get(subject), want.get(subject))
        changes += found
        if facts is not None:
            merged[subject] = facts
    return _together(merged), changes


def _subject(
    subject: str, was: Facts | None, here: Facts | None, want: Facts | None
) -> tuple[Facts | None, list[Change]]:
    """Return the facts after an apply (None: gone) and the changes of one subject."""
    if here is not None and want is not None:
        return _fields(subject, was or {}, here, want)
    title, gone = _title(subject), _gone(subject)
    if want == was:
        did = "was added" if here else f"was {gone}"
        return here, [Change("kept", subject, f"{title} {did} in chat; the file does not touch it, so that stays.")]
    if want is None and here == was:
        return None, [Change("removed", subject, f"{title} is no longer in the file: it will be {gone}.")]
    if want is None:
        said = f"{title} was changed in chat, but is no longer in the file: it will be {gone}."
        return None, [Change("conflict", subject, said)]
    if was is None:
        return want, [Change("added", subject, f"{title} will be added{_summary(want)}.")]
    said = f"{title} was {gone} in chat, but was changed in the file: it will be taken up again{_summary(want)}."
    return want, [Change("conflict", subject, said)]


def _fields(subject: str, was: Facts, here: Facts, want: Facts) -> tuple[Facts, list[Change]]:
    merged: Facts = {}
    changes: list[Change] = []
    for field in want | here:
        before, now, new = was.get(field), here.get(field), want.get(field)
        kept = new in (before, now)
        if new != now:
            changes.append(_change(subject, field, before, now, new))
        result = now if kept else new
        if result is not None:
            merged[field] = result
    return merged, changes


def _change(subject: str, field: str, before: str | None, now: str | None, new: str | None) -> Change:
    """Return the change of a field that the database (`now`) and the file (`new`) say differently."""
    where = f"{_title(subject)}, {field}"
    if new == before:
        said = (
            f"was changed in chat from {_quoted(before)} to {_quoted(now)}; the file does not touch it, so that stays."
        )
        return Change("kept", subject, f"{where}: {said}")
    if now == before:
        return Change("changed", subject, f"{where}: {_quoted(now)} becomes {_quoted(new)}.")
    said = f"was changed in chat to {_quoted(now)}, and in the file to {_quoted(new)}: the file will win."
    return Change("conflict", subject, f"{where}: {said}")


def _title(subject: str) -> str:
    kind, _, id = subject.partition(":")
    return f"{kind.capitalize()} {id}".strip() if id else "The programme"


def _gone(subject: str) -> str:
    return "cancelled" if subject.startswith("session:") else "closed (who is registered there stays registered)"


def _summary(facts: Facts) -> str:
    if "date" in facts:
        return f" ({facts['date']}, {facts['starts']} to {facts['ends']}, {facts['venue.az']})"
    return f" ({facts['name.az']})"


def _quoted(text: str | None) -> str:
    return "nothing" if text is None else f"“{text}”"


def _facts(programme: Programme | None) -> dict[str, Facts]:
    if programme is None:
        return {}
    said = programme.model_dump(mode="json", by_alias=True)
    facts = {"programme": dict(_flat(said["programme"]))}
    for kind in ("region", "session"):
        facts |= {f"{kind}:{entry['id']}": dict(_flat(entry)) for entry in said[kind]}
    return facts


def _flat(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in entry.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{part}", str(said)) for part, said in value.items() if said not in ("", None))
        elif value not in ("", None):
            yield key, str(value)


def _together(facts: dict[str, Facts]) -> Programme:
    said: dict[str, Any] = {"region": [], "session": []}
    for subject, flat in facts.items():
        entry: dict[str, Any] = {}
        for field, value in flat.items():
            key, _, part = field.partition(".")
            if part:
                entry.setdefault(key, {})[part] = value
            else:
                entry[key] = value
        if subject == "programme":
            said["programme"] = entry
        else:
            said[subject.partition(":")[0]].append(entry)
    return Programme.model_validate(said)
