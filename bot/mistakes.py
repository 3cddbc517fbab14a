"""What is wrong with a row of a roster, or to be known of it: where it stands, as the organiser sees it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot import table
from bot.columns import FIRST, Layout
from bot.table import Row
from bot.texts import Markup, Texts


class Mistake(NamedTuple):
    """One thing about one cell. `key` names a text 'roster.wrong.…', `values` fill it."""

    row: int
    column: int | None  # from 0; None where it is about the whole row
    heading: str
    key: str
    values: Mapping[str, str | int] = {}


def at(layout: Layout, row: Row, field: str, key: str, **values: str | int) -> Mistake:
    """Return a mistake in the cell of a field."""
    column = layout.places.get(field, layout.places.get(FIRST) if field == "name" else None)
    return Mistake(row.number, column, "" if column is None else layout.heading(column), key, values)


def place(texts: Texts, language: str, mistake: Mistake) -> Markup:
    """Say where it is: 'Row 14, column C (Phone)', as HTML."""
    row = Markup(mistake.row)  # a name, not an amount: 1014, not 1,014
    if mistake.column is None:
        return Markup(texts.get(language, "roster.row", row=row))
    column = Markup(table.letters(mistake.column))
    return Markup(texts.get(language, "roster.cell", row=row, column=column, heading=mistake.heading))


def sentence(texts: Texts, language: str, mistake: Mistake) -> Markup:
    """Say what is wrong, and how it is mended, as HTML."""
    values = {name: Markup(value) if isinstance(value, int) else value for name, value in mistake.values.items()}
    return Markup(texts.get(language, f"roster.wrong.{mistake.key}", None, **values))


def lines(texts: Texts, language: str, found: Sequence[Mistake]) -> list[str]:
    """Say each in a line, as HTML."""
    line = "roster.line"
    return [
        texts.get(language, line, place=place(texts, language, each), wrong=sentence(texts, language, each))
        for each in found
    ]
