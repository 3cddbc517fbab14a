"""A spreadsheet is read as it stands, or refused with a reason, whatever it is and whoever wrote it."""

import io
import zipfile
from collections.abc import Callable

import pytest

from bot import table
from bot.table import Cell, Unreadable
from tests.bot import sheets

ROWS = [["Ad", "Region"], ["Aygün Şəfəq", "Quba"], ["Könül", "Lənkəran"]]
TURKISH = [["Ad", "Region"], ["Aygün Çiçək".replace("ə", "e"), "Quba"], ["Gülşən".replace("ə", "e"), "Qax"]]
RUSSIAN = [["Имя", "Регион"], ["Айгюн Нумунели", "Губа"], ["Фатьма", "Ленкорань"]]


def texts(read: table.Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read.pages[0].rows]


async def read(content: bytes) -> table.Table:
    return table.from_json(await table.read(content))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize(
    ("encoding", "rows"),
    [
        ("utf-8", ROWS),
        ("utf-8-sig", ROWS),
        ("utf-16", ROWS),
        ("utf-16-le", ROWS),
        ("utf-16-be", ROWS),
        ("cp1254", TURKISH),
        ("cp1251", RUSSIAN),
    ],
)
async def test_a_csv_is_read_in_every_usual_encoding_and_with_every_separator(
    encoding: str, rows: list[list[str]], separator: str
) -> None:
    assert texts(await read(sheets.csv(rows, encoding, separator))) == rows


async def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    csv = await read('sep=;\nAd;Qeyd\n\n"Aygün";"iki\nsətir"\nSevda;x\n'.encode())
    assert [row.number for row in csv.pages[0].rows] == [2, 4, 5]
    xlsx = await read(sheets.xlsx([[], ["Ad"], [None, ""], ["Aygün"]]))
    assert [row.number for row in xlsx.pages[0].rows] == [2, 4]


async def test_cells_are_told_by_their_kind() -> None:
    from datetime import date

    rows = [["Ad", 994501234567.0, 1.5, date(1990, 5, 1), "==A1", "#N/A", None, "son"]]
    [row] = (await read(sheets.xlsx(rows))).pages[0].rows
    assert row.cells == [
        Cell("Ad"),
        Cell("994501234567", "number"),
        Cell("1.5", "number"),
        Cell("1990-05-01", "date"),
        Cell("", "formula"),
        Cell("#N/A", "error"),
        Cell(""),
        Cell("son"),
    ]


async def test_hidden_pages_are_not_read_but_named_and_merged_cells_are_told() -> None:
    book = await read(sheets.xlsx(ROWS, merged="B2:B3", pages={"Gizli": ROWS, "Başqa": ROWS}, hidden=["Gizli"]))
    assert [page.name for page in book.pages] == ["Siyahı", "Başqa"]
    assert book.hidden == ["Gizli"]
    assert book.pages[0].merged == [(2, 1, 3, 1)]


def archive(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, inside in files.items():
            made.writestr(name, inside)
    return content.getvalue()


def swollen(size: int) -> bytes:
    """A workbook whose one page is made of so many spaces."""
    content = io.BytesIO(sheets.xlsx(ROWS))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet2.xml", b" " * size)
    return content.getvalue()


def lying() -> bytes:
    """A workbook whose page says of itself that it is small, and is 200 MB."""
    small, large = sheets.xlsx(ROWS), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small)) as given, zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            page = given.read(name)
            made.writestr(
                name, page.replace(b"<sheetData>", b"<sheetData>" + b" " * 200_000_000) if "sheet1" in name else page
            )
    content = bytearray(large.getvalue())
    directory = content.rindex(b"xl/worksheets/sheet1.xml")  # its entry in the central directory
    content[directory - 46 + 24 : directory - 46 + 28] = (1000).to_bytes(4, "little")
    return bytes(content)


def corner() -> bytes:
    """A workbook with one cell at the far end of the last row."""
    return sheets.xlsx([["Ad"], *[[]] * 1_048_574, [None] * 16_383 + ["x"]])


# What takes its time to be made is made in its test only: this page is read by every process that runs tests.
REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "nothing": (b"", "empty"),
    "only spaces": (b" \r\n ", "empty"),
    "a PDF called .xlsx": (b"%PDF-1.7\n%\xe2\xe3", "not a table"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a table"),
    "a web page": (b"<html><table>", "not a table"),
    "a program": (b"\x7fELF" + bytes(range(32)) * 50, "not a table"),
    "a Word document": (archive(**{"word/document.xml": b"<w/>"}), "not a table"),
    "any archive": (archive(a=b"b"), "not a table"),
    "old Excel, or a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old excel"),
    "OpenDocument": (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "other table"),
    "binary Excel": (archive(**{"xl/workbook.bin": b"x"}), "other table"),
    "half a file": (sheets.xlsx(ROWS)[:3000], "damaged"),
    "broken inside": (archive(**{"xl/workbook.xml": b"<a", "xl/_rels/workbook.xml.rels": b"<b/>"}), "damaged"),
    "a bomb": (lambda: swollen(70_000_000), "too much"),
    "a bomb that lies": (lying, "too much"),
    "2,002 rows": (sheets.csv([["Ad"], *([["Aygün"]] * 2001)]), "too many rows"),
    "a million rows": (lambda: sheets.csv([["A"]] * 400_000), "too many rows"),
    "a cell at the far corner": (corner, "too much"),
    "a very long text": (sheets.csv([["a" * 500] * 50] * 100), "too much"),
    "quotes without an end": (b'Ad;Region\n"' + b"a" * 5_000_000, "damaged"),
    "entities in entities": (
        archive(
            **{
                "xl/_rels/workbook.xml.rels": b"<a/>",
                "xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY a "'
                + b"a" * 1000
                + b'">'
                + b"".join(b'<!ENTITY b%d "%s">' % (n, b"&a;" * 1000) for n in range(30))
                + b"]><a>"
                + b"".join(b"&b%d;" % n for n in range(30)) * 30
                + b"</a>",
            }
        ),
        "damaged",
    ),
}


@pytest.mark.parametrize(("content", "key"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_is_no_roster_is_refused_with_its_reason(content: bytes | Callable[[], bytes], key: str) -> None:
    made = content if isinstance(content, bytes) else content()
    with pytest.raises(Unreadable) as refused:
        await table.read(made)
    assert refused.value.key == key
