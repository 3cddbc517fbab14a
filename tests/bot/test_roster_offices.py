"""Sheets as offices send them: headings over two rows, rows numbered ahead, dates for ages, rows hidden by a filter."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from bot import roster, table
from bot.roster import Plan
from bot.table import Unreadable
from tests.bot import roster_mistakes as ways
from tests.bot.test_roster_mistakes import said

HEADINGS = ("№", "Soyadı, adı, atasının adı", "Rayon", "İcma qrupu", "Yaşı", "Əlaqə nömrəsi")
ROWS = (
    (1, "Nümunəli Aygün", "Quba", "Qadın icması", 34, "050 200 00 01"),
    (2, "Şəfəqli Sevda", "Quba", "Qadın icması", 41, 502000002),
    (3, "Гюльнара Образцова", "Губа", "Qadın icması", "29 yaş", "+994 (55) 200-00-03"),
)


async def look(fill: Callable[[Any, Any], None]) -> Plan:
    """What the bot makes of a page that is filled so."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    fill(book, book.add_worksheet("Siyahı"))
    book.close()
    return roster.plan(await table.read(content.getvalue()), ways.form(), ways.CLOSED, ())


def put(page: Any, first: int, rows: Any = ROWS) -> None:
    for at, row in enumerate(rows, start=first):
        page.write_row(at, 0, row)


async def test_headings_over_two_rows_are_one_heading_and_a_total_is_told_once() -> None:
    def fill(book: Any, page: Any) -> None:
        page.merge_range("A1:F1", "Quba rayonu üzrə iştirakçılar")
        for column, heading in zip("ABCD", HEADINGS, strict=False):
            page.merge_range(f"{column}3:{column}4", heading)
        page.merge_range("E3:F3", "Məlumat")
        page.write_row("E4", HEADINGS[4:])
        put(page, 4)
        page.write("B9", "Cəmi: 3 nəfər")

    plan = await look(fill)
    assert [(entry.row, entry.phone) for entry in plan.new] == [
        (5, "+994502000001"),
        (6, "+994502000002"),
        (7, "+994552000003"),
    ]
    assert said(plan.wrong) == [(9, "B", "total")]
    assert plan.notices == []


async def test_rows_that_are_only_numbered_are_no_rows() -> None:
    def fill(book: Any, page: Any) -> None:
        put(page, 0, [HEADINGS, *ROWS, *((number, "", " ") for number in range(4, 30))])

    plan = await look(fill)
    assert (plan.rows, len(plan.new), plan.wrong) == (3, 3, [])


async def test_a_birthday_in_whatever_form_is_told_as_one() -> None:
    def fill(book: Any, page: Any) -> None:
        put(page, 0, [HEADINGS, *((*row[:4], None, row[5]) for row in ROWS)])
        page.write_datetime("E2", datetime(1993, 5, 1))
        page.write("E3", 33970)
        page.write("E4", 1993)

    assert said((await look(fill)).wrong) == [(row, "E", "age date") for row in (2, 3, 4)]


async def test_rows_that_a_filter_hides_are_read_and_told() -> None:
    def fill(book: Any, page: Any) -> None:
        put(page, 0, [HEADINGS, *ROWS])
        page.set_row(2, None, None, {"hidden": True})
        page.set_row(9, None, None, {"hidden": True})

    plan = await look(fill)
    assert len(plan.new) == 3
    assert [(each.key, each.values) for each in plan.notices] == [("hidden rows", {"rows": "3"})]


async def test_a_region_that_is_merged_over_rows_is_one_mistake_for_each() -> None:
    def fill(book: Any, page: Any) -> None:
        put(page, 0, [HEADINGS, *((*row[:2], None, *row[3:]) for row in ROWS)])
        page.merge_range("C2:C4", "Quba")

    assert said((await look(fill)).wrong) == [(row, "C", "merged") for row in (2, 3, 4)]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8-sig", "utf-16"])
async def test_a_number_of_the_row_is_no_phone_where_one_stands_elsewhere(encoding: str) -> None:
    lines = [
        "Номер;ФИО;Регион;Группа;Возраст;Телефон",
        "1;Гюльнара Образцова;Губа;Qadin icmasi;34;502000001",
        ";;;;;",
        ";;;;;",
    ]
    body = await table.read("\r\n".join(lines).encode(encoding))
    plan = roster.plan(body, ways.form(), ways.CLOSED, ())
    assert [entry.phone for entry in plan.new] == ["+994502000001"]
    alone = await table.read(
        "ФИО;Регион;Группа;Возраст;Номер\r\nГюльнара Образцова;Губа;Qadin icmasi;34;502000001".encode(encoding)
    )
    assert [entry.phone for entry in roster.plan(alone, ways.form(), ways.CLOSED, ()).new] == ["+994502000001"]


async def test_what_is_missing_is_named_where_the_name_has_three_parts() -> None:
    def fill(book: Any, page: Any) -> None:
        put(page, 0, [("Adı, soyadı, atasının adı", "Telefon", "İş yeri"), ("Nümunəli Aygün", 502000001, "Məktəb")])

    with pytest.raises(Unreadable) as refused:
        await look(fill)
    assert refused.value.key == "no region column"
