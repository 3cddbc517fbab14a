"""What a roster would change: its rows held against the women whom the bot knows. Nothing is written here."""

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from bot import columns, mistakes, table
from bot.columns import Layout
from bot.entries import Entries, Entry, Reader
from bot.mistakes import Mistake
from forms import folding, names
from forms.model import Choice, Form, Text
from forms.names import Heard
from storage import programme, rosters
from storage.database import Transaction
from storage.rosters import Known

COMPARED = ("name", "region", "group", "age", "phone", "language")
SAME = 75  # of 100: so alike are two ways of writing one woman's name, if the phone is the same, too ("Aygün")


@dataclass(frozen=True)
class Change:
    """A woman whom the bot knows, and what the roster says otherwise of her."""

    row: int
    before: Known
    after: Known

    @property
    def fields(self) -> list[str]:
        """What is different."""
        return [name for name in COMPARED if getattr(self.before, name) != getattr(self.after, name)]


@dataclass
class Plan:
    """What a roster would change."""

    new: list[Entry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)  # she has a chat: what she entered herself stays
    same: int = 0
    wrong: list[Mistake] = field(default_factory=list)
    notices: list[Mistake] = field(default_factory=list)
    rows: int = 0

    @property
    def digest(self) -> str:
        """A hash of what would be written: the same for the same rows and the same women."""
        written = [self.new, [(change.before.person, change.before, change.after) for change in self.changed]]
        return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()


async def look(tx: Transaction, body: str, form: Form) -> Plan:
    """Return what the table `body` would change now. Raises table.Unreadable."""
    [question] = [question for question in form.questions if question.key == "region"]
    offered, words = {choice.key for choice in question.choices}, await programme.all_words(tx)
    closed = [
        Choice(region.id, Text(**words[f"region:{region.id}"]["name"]))
        for region in await programme.regions(tx, closed=True)
        if region.id not in offered
    ]
    return await asyncio.to_thread(plan, body, form, closed, await rosters.known(tx))  # others are served meanwhile


def plan(body: str, form: Form, closed: Sequence[Choice], women: Sequence[Known]) -> Plan:
    """Return what the table `body` (bot/table.py) would change. Raises table.Unreadable."""
    found = table.from_json(body)
    layout = columns.find(found, form)
    entries = Reader(layout, form, closed).read()
    made = Plan(wrong=entries.wrong, notices=entries.notices, rows=entries.rows)
    made.notices += [
        Mistake(layout.top.number, None, "", "hidden page", {"page": name, "read": layout.page.name})
        for name in found.hidden
    ]
    _compare(made, entries, layout, women)
    made.wrong.sort(key=lambda each: (each.row, each.column or 0))
    made.notices.sort(key=lambda each: (each.row, each.column or 0))
    return made


def _compare(made: Plan, entries: Entries, layout: Layout, women: Sequence[Known]) -> None:
    by_phone: dict[str, list[Known]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for woman in women:
        by_phone[woman.phone].append(woman)
        by_name[folding.fold(woman.name), woman.region].append(woman)
    regions = {entry.region for entry in entries.good}
    by_initials: dict[tuple[str, str], list[tuple[Heard, Known]]] = defaultdict(list)
    for woman in women:
        if woman.region in regions:
            heard = names.heard(woman.name)  # once, not for each row that she is held against
            for pair in beginnings(heard):
                by_initials[woman.region, pair].append((heard, woman))
    rows = {row.number: row for row in layout.rows}
    meant: dict[int, int] = {}  # person → the row that means her
    for entry in entries.good:
        twin = _twin(entry, by_phone, by_name)
        others = [] if twin or not entry.phone else by_phone[entry.phone]
        if twin and meant.setdefault(twin.person, entry.row) != entry.row:
            made.wrong.append(Mistake(entry.row, None, "", "row twice", {"other": meant[twin.person]}))
        elif twin and twin.state == "withdrawn":
            made.wrong.append(mistakes.at(layout, rows[entry.row], "name", "left"))
        elif twin:
            _settle(made, entry, twin)
        elif others:
            made.wrong.append(mistakes.at(layout, rows[entry.row], "phone", "phone of another", name=others[0].name))
        else:
            made.new.append(entry)
            like = _like(entry, by_initials)
            if like:
                made.notices.append(mistakes.at(layout, rows[entry.row], "name", "double", name=like.name))


def _settle(made: Plan, entry: Entry, twin: Known) -> None:
    """File a woman whom the bot knows: as she is, changed, or with data of her own. What is empty erases nothing."""
    said = {name: value for name in COMPARED if (value := getattr(entry, name))}
    change = Change(entry.row, twin, twin._replace(**said))
    if folding.fold(entry.name) == folding.fold(twin.name):  # another spelling is no difference
        change = replace(change, after=change.after._replace(name=twin.name))
    if not change.fields or twin.merged:  # her own record is not overwritten by what stood on the other one
        made.same += 1
    elif twin.herself:
        made.kept.append(change)
    else:
        made.changed.append(change)


def _twin(entry: Entry, by_phone: dict[str, list[Known]], by_name: dict[tuple[str, str], list[Known]]) -> Known | None:
    """Return the woman that the row certainly means: by phone and a like name; without a phone by the name itself."""
    if entry.phone:
        return next((woman for woman in by_phone[entry.phone] if names.alike(entry.name, woman.name) >= SAME), None)
    named = by_name[folding.fold(entry.name), entry.region]
    return named[0] if len(named) == 1 and not named[0].herself else None


def _like(entry: Entry, women: Mapping[tuple[str, str], Sequence[tuple[Heard, Known]]]) -> Known | None:
    """Return a woman of the region whose name is so alike that she may be the same."""
    said = names.heard(entry.name)
    near = (each for pair in sorted(beginnings(said)) for each in women.get((entry.region, pair), ()))
    return next((woman for heard, woman in near if names.likeness(said, heard) >= names.LIKE), None)


def initials(name: str) -> set[str]:
    """Return the pairs of letters with which words of a name begin, as they sound: like names have one in common.

    So a name is compared with a few, not with all.
    """
    return beginnings(names.heard(name))


def beginnings(name: Heard) -> set[str]:
    """Return the `initials` of a name that was heard."""
    letters = sorted(word[0] for word in (*name.words, name.father) if word)
    return {"".join(pair) for pair in combinations(letters, 2)} or set(letters)
