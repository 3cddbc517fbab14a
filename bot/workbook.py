"""Spreadsheets: pages of plain cells, written so that no text can become a formula, a link or markup."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from forms import cleaning

Cell = str | int | float | date | datetime | None  # a datetime is local, without a zone

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NARROWEST, WIDEST = 9, 60  # characters
EARLIEST = "1900-03-01"  # before that Excel counts days in a way of its own
LONGEST = 32_767  # characters of a cell (Excel's limit; XlsxWriter leaves a longer text out)


@dataclass(frozen=True)
class Page:
    """A sheet of the workbook: a row of headings, and rows of cells."""

    title: str  # at most 31 characters
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write(pages: Sequence[Page]) -> bytes:
    """Return the workbook as XLSX. Nothing touches the disk."""
    import xlsxwriter  # only here: few starts of the bot ever need it, and its memory

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, OPTIONS)
    formats = {
        "heading": book.add_format({"bold": True, "bottom": 1}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "dd.mm.yyyy", "align": "left", "valign": "top"}),
        "moment": book.add_format({"num_format": "dd.mm.yyyy hh:mm", "align": "left", "valign": "top"}),
    }
    for page in pages:
        _page(book.add_worksheet(page.title), page, formats)
    book.close()
    return content.getvalue()


def safe(text: str) -> str:
    """Return a text as it may stand in a cell: no unseen characters, and nothing that XlsxWriter takes for XML."""
    clean = cleaning.cleaned(text, multiline=True)[:LONGEST]
    # XlsxWriter writes a string from '<r>' to '</r>' into the file as it is: it takes it for its own rich text.
    return f" {clean[: LONGEST - 1]}" if clean.startswith("<r>") else clean


def _page(sheet: Any, page: Page, formats: dict[str, Any]) -> None:
    for column, heading in enumerate(page.headings):
        sheet.write_string(0, column, safe(heading), formats["heading"])
        sheet.set_column(column, column, _width([heading, *(row[column] for row in page.rows)]))
    for number, row in enumerate(page.rows, start=1):
        for column, cell in enumerate(row):
            _cell(sheet, number, column, cell, formats)
    sheet.freeze_panes(1, 0)
    if page.headings:
        sheet.autofilter(0, 0, len(page.rows), len(page.headings) - 1)


def _cell(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, safe(cell), formats["text"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, formats["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["day"])
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _width(cells: Sequence[Cell]) -> int:
    lengths = [16 if isinstance(cell, datetime) else len(str(cell)) for cell in cells if cell is not None]
    return min(max(NARROWEST, *lengths) + 2, WIDEST)
