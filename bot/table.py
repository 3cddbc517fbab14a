"""What stands in a spreadsheet that somebody sent: pages of cells, read in a bounded process (bot/spreadsheet.py)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from bot import worker

SCRIPT = Path(__file__).with_name("spreadsheet.py")


class Unreadable(Exception):
    """Why a file cannot be read: a key of the texts 'roster.file.…', and what is meant, such as columns."""

    def __init__(self, key: str, what: str = "") -> None:
        super().__init__(key)
        self.key, self.what = key, what


class Cell(NamedTuple):
    """A cell. Its kind: text, number, date (then the text is ISO), formula or error."""

    text: str
    kind: str = "text"

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be read in it."""
        return self.kind == "text" and not self.text.strip()


EMPTY = Cell("")


@dataclass(frozen=True)
class Row:
    """A row that is not empty, with its number as a spreadsheet shows it, from 1."""

    number: int
    cells: Sequence[Cell]

    def at(self, column: int) -> Cell:
        """Return the cell in a column, from 0."""
        return self.cells[column] if column < len(self.cells) else EMPTY


@dataclass(frozen=True)
class Page:
    """A page: its name ('' of a CSV), its rows, and its merged cells (first row, first column, last row, last column).

    Rows are counted from 1, columns from 0. `hidden` are the numbers of rows that its owner does not see.
    """

    name: str
    rows: Sequence[Row]
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden: Sequence[int] = ()


@dataclass(frozen=True)
class Table:
    """The pages that can be seen, and the names of the hidden ones."""

    pages: Sequence[Page]
    hidden: Sequence[str] = ()


async def read(content: bytes) -> str:
    """Return what stands in a spreadsheet as JSON, to be kept and given to `from_json`. Raises Unreadable."""
    try:
        answer = (await worker.run(SCRIPT, content)).decode("ascii")
    except worker.Ended:
        raise Unreadable("too much") from None
    if fault := json.loads(answer).get("fault"):
        raise Unreadable(fault)
    return answer


def from_json(body: str) -> Table:
    """Return the table that `read` gave."""
    raw: dict[str, Any] = json.loads(body)
    return Table([_page(page) for page in raw["pages"]], raw["hidden"])


def _page(raw: dict[str, Any]) -> Page:
    rows = [Row(number, [_cell(cell) for cell in cells]) for number, cells in raw["rows"]]
    return Page(raw["name"], rows, [(a, b, c, d) for a, b, c, d in raw["merged"]], raw.get("hidden", ()))


def _cell(raw: Any) -> Cell:
    if isinstance(raw, str):
        return Cell(raw)
    return EMPTY if raw is None else Cell(raw[1], raw[0])


def letters(column: int) -> str:
    """Return the name of a column, from 0, as a spreadsheet shows it: A, B … Z, AA …"""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
