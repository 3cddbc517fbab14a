"""Spreadsheets for the tests of rosters: all names and numbers are invented."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from sandbox.phone import Phone
from tests.conftest import House

HEADINGS = ("Ad, soyad", "Region", "Qrup", "Telefon", "Yaş")
Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, *, merged: str = "", pages: dict[str, Rows] | None = None, hidden: Sequence[str] = ()) -> bytes:
    """A workbook: a text that begins with '==' is a formula, a date is a date, all else is what it is."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    for name, lines in {"Siyahı": rows, **(pages or {})}.items():
        page = book.add_worksheet(name)
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                _cell(page, at, column, value)
        if name in hidden:
            page.hide()
    if merged:
        book.worksheets()[0].merge_range(merged, "Quba")
    if "Siyahı" in hidden:
        book.worksheets()[-1].activate()
        book.worksheets()[-1].set_first_sheet()
    book.close()
    return content.getvalue()


def _cell(page: Any, at: int, column: int, value: Any) -> None:
    if isinstance(value, str) and value.startswith("=="):
        page.write_formula(at, column, value[1:])
    elif isinstance(value, str):
        page.write_string(at, column, value)
    elif isinstance(value, date | datetime):
        page.write_datetime(at, column, value)
    elif value is not None:
        page.write(at, column, value)


def csv(rows: Rows, encoding: str = "utf-8-sig", separator: str = ";") -> bytes:
    """A CSV as spreadsheet programs write it."""
    lines = [separator.join(f'"{cell}"' if separator in str(cell) else str(cell) for cell in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def woman(number: int, region: str = "Quba") -> tuple[str, str, str, str, str]:
    """A row without a mistake below HEADINGS; each number gives another woman."""
    first = ("Aygün", "Sevda", "Xumar", "Rəna", "Lalə", "Nərmin", "Günel", "Zəhra", "Fəridə", "Könül")[number % 10]
    last = "".join(chr(97 + int(digit)) for digit in f"{number * 7919 + 104729:06d}").capitalize()
    phone = f"050 {200 + number // 10_000} {number // 100 % 100:02d} {number % 100:02d}"
    return f"{first} {last}ova", region, "Qadın icması", phone, str(20 + number % 40)


async def send(house: House, phone: Phone, content: bytes, name: str = "siyahı.xlsx", **said: Any) -> None:
    """Send a file to the bot and wait until it has said what it makes of it."""
    await phone.send("document", content=content, name=name, **said)
    await house.settle()
