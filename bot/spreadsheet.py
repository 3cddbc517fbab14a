"""The worker's script that reads a spreadsheet: its bytes come in, its cells go out as JSON (bot/table.py).

It runs in a bounded process of its own (bot/worker.py) and imports nothing of the bot.
"""

import codecs
import csv
import datetime
import io
import json
import re
import sys
import zipfile
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

MOST_ROWS = 2_000  # that are not empty
MOST_COLUMNS = 60
LONGEST_CELL = 500  # characters; of a longer one a sign more is kept, so that it can be told
MOST_LETTERS = 2_000_000  # in all cells together
UNPACKED = 64 * 2**20  # bytes that an .xlsx may become
MOST_PAGES = 20

OLD = b"\xd0\xcf\x11\xe0"  # .xls, and an .xlsx with a password
OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"<", b"OggS")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FORMULA = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f[\s/>]')
ROW, NUMBERED, HIDDEN = (
    re.compile(rb"<row\s[^>]*>"),
    re.compile(rb'\sr="(\d{1,7})"'),
    re.compile(rb'\shidden="(1|true)"'),
)
# The letters of Azerbaijani in the Turkish code page (which has no ə), with dashes, quotes and the no-break space.
TURKISH = frozenset("çÇğĞıİöÖşŞüÜ–—‘’“”…№\xa0°«»".encode("cp1254", "ignore"))

Cell = Any  # a text; [kind, text] with the kind 'number', 'date', 'formula' or 'error'; None
Row = tuple[int, list[Cell]]  # its number as a spreadsheet shows it, from 1


class Fault(Exception):
    """Why nothing can be read: a key of bot/mistakes.py."""


def read(content: bytes) -> dict[str, Any]:
    """Return the pages of a spreadsheet. Raises Fault."""
    if content.startswith(b"PK"):
        return workbook(content)
    if content.startswith(OLD):
        raise Fault("old excel")
    if content.startswith(OTHERS) or not content.strip():
        raise Fault("not a table" if content.strip() else "empty")
    return {"pages": [{"name": "", "rows": within(lines(content)), "merged": [], "hidden": []}], "hidden": []}


def workbook(content: bytes) -> dict[str, Any]:
    """Return the visible pages of an .xlsx, and the names of the hidden ones. Raises Fault."""
    import python_calamine as calamine

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if sum(part.file_size for part in archive.infolist()) > UNPACKED:
                raise Fault("too much")
            if "xl/workbook.xml" not in names:
                known = names & {"mimetype", "xl/workbook.bin", "Index/Document.iwa"}
                raise Fault("other table" if known and "word/document.xml" not in names else "not a table")
            marks = {name: (formulas_of(part), hidden_in(part)) for name, part in parts_of(archive)}
        book = calamine.load_workbook(io.BytesIO(content))
        seen = [page for page in book.sheets_metadata if page.typ == calamine.SheetTypeEnum.WorkSheet]
        shown = [page.name for page in seen if page.visible == calamine.SheetVisibleEnum.Visible]
        pages = [page_of(book.get_sheet_by_name(name), *marks.get(name, ((), ()))) for name in shown[:MOST_PAGES]]
    except (calamine.CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, OSError, ValueError) as error:
        raise Fault("damaged") from error
    hidden = [page.name for page in seen if page.name not in shown]
    return {"pages": pages, "hidden": hidden}


def page_of(sheet: Any, formulas: Collection[tuple[int, int]], hidden: Collection[int]) -> dict[str, Any]:
    """Return a worksheet's name, rows, merged cells (first row, first column, last row, last column; from 1, 0).

    And which of the rows are hidden.
    """
    rows = enumerate(sheet.to_python(skip_empty_area=False), start=1)  # from A1, wherever the first value stands
    marked = (
        (number, [["formula", ""] if (number, at) in formulas else shown(cell) for at, cell in enumerate(row)])
        for number, row in rows
    )
    merged = [[a[0] + 1, a[1], b[0] + 1, b[1]] for a, b in (sheet.merged_cell_ranges or [])[:MOST_ROWS]]
    kept = within(marked)
    unseen = [number for number, _ in kept if number in hidden]
    return {"name": sheet.name, "rows": kept, "merged": merged, "hidden": unseen}


def formulas_of(part: bytes) -> set[tuple[int, int]]:
    """Return the cells of a worksheet (row from 1, column from 0) whose value is computed."""
    return {(int(at[2]), column(at[1].decode())) for at in FORMULA.finditer(part)}


def hidden_in(part: bytes) -> set[int]:
    """Return the rows of a worksheet that are hidden, such as by a filter."""
    rows = (row[0] for row in ROW.finditer(part))
    return {int(number[1]) for row in rows if HIDDEN.search(row) and (number := NUMBERED.search(row))}


def parts_of(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield each worksheet's name with its XML."""
    parts = {
        part.get("Id"): part.get("Target", "")
        for part in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - bounded process
    }
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314 - bounded process
        if element.tag.rpartition("}")[2] == "sheet":
            target = parts.get(element.get(RELATION), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in archive.namelist():
                yield element.get("name", ""), archive.read(path)


def column(letters: str) -> int:
    """Return the place of a column named by its letters, from 0."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def shown(cell: Any) -> Cell:
    """Return a cell as JSON can hold it: a whole number without its fraction, a date as ISO text."""
    if cell is None or isinstance(cell, str):
        text = (cell or "")[: LONGEST_CELL + 1]
        return ["error", text] if re.fullmatch(r"#(REF|N/A|NAME\?|VALUE|DIV/0|NULL|NUM|SPILL|CALC)!?", text) else text
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return ["date", cell.isoformat() if not isinstance(cell, datetime.timedelta) else str(cell)]
    if isinstance(cell, float):
        return ["number", str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)]
    return ["number", str(cell)]


def within(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that are not empty, without empty cells at their ends. Raises Fault above the limits."""
    kept: list[Row] = []
    letters = 0
    for number, row in rows:
        while row and (row[-1] is None or row[-1] == "" or (isinstance(row[-1], str) and not row[-1].strip())):
            row.pop()
        if not row:
            continue
        letters += sum(len(cell if isinstance(cell, str) else cell[1]) for cell in row if cell)
        if len(kept) >= MOST_ROWS + 1:
            raise Fault("too many rows")
        if letters > MOST_LETTERS:
            raise Fault("too much")
        kept.append((number, row[:MOST_COLUMNS]))
    return kept


def lines(content: bytes) -> Iterator[Row]:
    """Yield the rows of a CSV, by the separator that makes the most of it. Raises Fault where it is no text."""
    text = decoded(content)
    if "\0" in text or sum(sign < " " and sign not in "\t\r\n" for sign in text) > len(text) // 100:
        raise Fault("not a table")
    separator, skipped = "", 0
    if told := re.match(r"sep=(.)\r?\n", text):  # a line that Excel writes and hides
        separator, skipped, text = told[1], 1, text[told.end() :]
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, ""), delimiter=separator or separating(text)), 1):
            yield number + skipped, [cell[: LONGEST_CELL + 1] for cell in row]
    except csv.Error as error:
        raise Fault("damaged") from error


def decoded(content: bytes) -> str:
    """Return the text: UTF-8 or UTF-16 if it is that, else the Cyrillic or the Turkish code page, by its letters."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    zeros = [content[start:2000:2].count(0) for start in (0, 1)]
    if max(zeros) > len(content[:2000]) // 8:
        return content.decode("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        high = {byte for byte in content if byte >= 0x80}
        return content.decode("cp1254" if high <= TURKISH else "cp1251", "replace")


def separating(text: str) -> str:
    """Return the sign of ; , and tab that parts the first rows into the most columns."""

    def columns(sign: str) -> int:
        rows = csv.reader(io.StringIO(text[:20_000], ""), delimiter=sign)
        return sum(len(row) for row, _ in zip(rows, range(20), strict=False))

    return max(";,\t", key=columns)


def main() -> None:
    """Read standard input, and say what is in it."""
    csv.field_size_limit(2**22)
    try:
        answer = read(sys.stdin.buffer.read())
    except Fault as fault:
        answer = {"fault": str(fault)}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


if __name__ == "__main__":
    main()
