"""The rows of a roster as women to be registered, or what is wrong with each, cell by cell."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot import cells, mistakes
from bot.cells import Wrong
from bot.columns import FIRST, LAST, Layout
from bot.mistakes import Mistake
from bot.table import Cell, Row
from forms import folding
from forms.model import Choice, Form, Question

MOST_NAMED = 10  # hidden rows


class Entry(NamedTuple):
    """A woman as a row has her."""

    row: int
    name: str
    region: str
    group: str
    age: str
    phone: str  # E.164, or ''
    language: str  # '' where the sheet does not say


@dataclass
class Entries:
    """What was read: the rows in order, what is wrong, and what is to be known."""

    good: list[Entry] = field(default_factory=list)
    wrong: list[Mistake] = field(default_factory=list)
    notices: list[Mistake] = field(default_factory=list)
    rows: int = 0


class Reader:
    """Reads the rows of one layout by the questions of one form."""

    def __init__(self, layout: Layout, form: Form, closed: Sequence[Choice]) -> None:
        self._layout, self._form, self._closed = layout, form, closed
        self._said: dict[tuple[str, Cell], str | Wrong] = {}  # what was read of a cell: regions and groups come again
        self._by_phone: dict[str, Entry] = {}
        self._by_name: dict[tuple[str, str], Entry] = {}

    def read(self) -> Entries:
        """Return every row as an entry, or with everything that is wrong with it."""
        found = Entries(rows=len(self._layout.rows), notices=list(self._of_the_page()))
        for row in self._layout.rows:
            read: dict[str, str] = {}
            wrong = telling([*self._merged(row), *self._cells(row, read)])
            entry = Entry(row.number, *(read.get(key, "") for key in Entry._fields[1:]))
            wrong = wrong or list(self._again(row, entry))
            found.wrong += wrong
            if not wrong:
                found.good.append(entry)
                found.notices += self._notices(row, entry)
        return found

    def _cells(self, row: Row, read: dict[str, str]) -> Iterator[Mistake]:
        """Put into `read` what the cells say; yield what is wrong with the others."""
        for question in self._form.questions:
            way = WAYS.get(question.key)
            cell = self._name(row) if question.key == "name" else self._layout.cell(row, question.key)
            if question.key == "consent" and "consent" in self._layout.places:
                if refused := cells.flawed(cell) or cells.consent(question, cell):
                    yield mistakes.at(self._layout, row, "consent", refused.key, **refused.values)
            elif way and cell.empty:
                if question.required:
                    yield mistakes.at(self._layout, row, question.key, NOTHING[question.key])
            elif way:
                value = self._said.get((question.key, cell)) or cells.flawed(cell) or way(self, question, cell)
                self._said[question.key, cell] = value
                if isinstance(value, Wrong):
                    yield mistakes.at(self._layout, row, question.key, value.key, **value.values)
                else:
                    read[question.key] = value
        yield from self._language(row, read)

    def _language(self, row: Row, read: dict[str, str]) -> Iterator[Mistake]:
        cell = self._layout.cell(row, "language")
        if not cell.empty:
            value = cells.flawed(cell) or cells.language(cell)
            if isinstance(value, Wrong):
                yield mistakes.at(self._layout, row, "language", value.key, **value.values)
            else:
                read["language"] = value

    def _name(self, row: Row) -> Cell:
        """Return the whole name, whether it stands in one column or in two."""
        if "name" in self._layout.places:
            return self._layout.cell(row, "name")
        parts = [self._layout.cell(row, part) for part in (FIRST, LAST)]
        for part in parts:
            if part.kind != "text":
                return part
        return Cell(" ".join(part.text.strip() for part in parts))

    def region(self, question: Question, cell: Cell) -> str | Wrong:
        """Return the key of an open region."""
        return cells.region(question, cell, self._closed)

    def _merged(self, row: Row) -> Iterator[Mistake]:
        for top, left, bottom, right in self._layout.page.merged:
            if (
                top <= row.number <= bottom
                and bottom > top
                and any(left <= column <= right for column in self._layout.places.values())
            ):
                heading = self._layout.heading(left)
                yield Mistake(row.number, left, heading, "merged", {"first": top, "last": bottom})
                return

    def _again(self, row: Row, entry: Entry) -> Iterator[Mistake]:
        """Yield that an earlier row has the same woman, or the same phone."""
        name = folding.fold(entry.name)
        twin, other = self._by_name.get((name, entry.region)), self._by_phone.get(entry.phone)
        if other and folding.fold(other.name) == name:
            yield Mistake(row.number, None, "", "row twice", {"other": other.row})
        elif other:
            yield mistakes.at(self._layout, row, "phone", "phone twice", other=other.row)
        elif twin and not (twin.phone and entry.phone):
            yield mistakes.at(self._layout, row, "name", "name twice", other=twin.row)
        else:
            self._by_name.setdefault((name, entry.region), entry)
            if entry.phone:
                self._by_phone[entry.phone] = entry

    def _notices(self, row: Row, entry: Entry) -> Iterator[Mistake]:
        twin = self._by_name[folding.fold(entry.name), entry.region]
        if twin is not entry:
            yield mistakes.at(self._layout, row, "name", "same name", other=twin.row)
        if not entry.phone:
            yield mistakes.at(self._layout, row, "phone", "no phone")
        beyond = [
            column for column, cell in enumerate(row.cells) if not cell.empty and not self._layout.heading(column)
        ]
        if beyond:
            yield Mistake(row.number, beyond[0], "", "beyond")

    def _of_the_page(self) -> Iterator[Mistake]:
        """Yield what is to be known of the page itself, at the row of its headings."""
        top = self._layout.top.number
        for column in self._layout.unknown:
            yield Mistake(top, column, self._layout.heading(column), "unknown column")
        below = [str(number) for number in self._layout.page.hidden if number > top]
        if below:
            rows = ", ".join([*below[:MOST_NAMED], *(["…"] if len(below) > MOST_NAMED else [])])
            yield Mistake(top, None, "", "hidden rows", {"rows": rows})
        for name in self._layout.others:
            yield Mistake(top, None, "", "other page", {"page": name, "read": self._layout.page.name})


def telling(found: Sequence[Mistake]) -> list[Mistake]:
    """Return the mistakes of a row without those that only follow from another one: a total names no woman at all."""
    total = [each for each in found if each.key == "total"]
    merged = {each.column for each in found if each.key == "merged"}
    return total or [each for each in found if each.key == "merged" or each.column not in merged]


# What is said where a required cell is empty; how the others are read.
NOTHING = {"name": "no name", "region": "no region", "group": "no group", "age": "no age", "phone": "phone missing"}
WAYS: dict[str, Callable[[Reader, Question, Cell], str | Wrong]] = {
    "name": lambda reader, question, cell: cells.name(question, cell),
    "region": Reader.region,
    "group": lambda reader, question, cell: cells.group(question, cell),
    "age": lambda reader, question, cell: cells.age(question, cell),
    "phone": lambda reader, question, cell: cells.phone(question, cell),
}
