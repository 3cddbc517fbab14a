"""Every mistake in a sheet is named with its row and its column, and nothing is said of a row without one."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from bot import mistakes, roster, table
from bot.mistakes import Mistake
from bot.roster import Plan
from bot.table import Unreadable
from bot.texts import LANGUAGES, Texts
from sandbox import html
from storage.rosters import Known
from tests.bot import roster_mistakes as ways
from tests.bot import sheets

WOMEN = (ways.LEFT, *ways.OTHERS)


def body(rows: Sequence[Sequence[Any]], merged: Sequence[Sequence[int]] = ()) -> str:
    """What the worker would give for these rows, without the worker."""
    lines = [(number, [cell(value) for value in row]) for number, row in enumerate(rows, start=1) if any(row)]
    return json.dumps({"pages": [{"name": "Siyahı", "rows": lines, "merged": merged}], "hidden": []})


def cell(value: Any) -> Any:
    if isinstance(value, str):
        kind = "formula" if value.startswith("==") else "error" if value.startswith("#") else ""
        return [kind, value] if kind else value
    return ["date", value.isoformat()] if isinstance(value, date) else ["number", f"{value:.0f}"]


def look(rows: Sequence[Sequence[Any]], women: Sequence[Known] = WOMEN, **more: Any) -> Plan:
    return roster.plan(body(rows, **more), ways.form(), ways.CLOSED, women)


def said(found: Sequence[Mistake]) -> list[tuple[int, str, str]]:
    return [(each.row, "" if each.column is None else table.letters(each.column), each.key) for each in found]


@pytest.mark.parametrize(("column", "value", "key"), ways.CELLS)
def test_a_mistake_is_named_with_its_row_and_column(column: str, value: Any, key: str) -> None:
    row = ways.good(7)
    row["ABCDEFGH".index(column)] = value
    plan = look([ways.HEADINGS, ways.good(1), [], row])
    assert said(plan.wrong) == [(4, column, key)]
    assert [entry.row for entry in plan.new] == [2]


@pytest.mark.parametrize(("column", "value", "meant"), ways.UNDERSTOOD)
def test_what_only_looks_odd_is_understood(column: str, value: Any, meant: str) -> None:
    row = ways.good(7)
    row["ABCDEFGH".index(column)] = value
    [entry] = look([ways.HEADINGS, row]).new
    field = {ways.NAME: "name", ways.REGION: "region", ways.GROUP: "group", ways.AGE: "age", ways.PHONE: "phone"}
    assert getattr(entry, field.get(column, "language")) == meant


def test_there_are_fifty_kinds_and_each_is_said_in_every_language_with_how_to_mend_it() -> None:
    rows, expected = ways.sheet(300)
    found = look(rows).wrong
    assert set(said(found)) == expected
    assert len({(column, key) for _, column, key in expected}) >= 50
    texts = Texts.load()
    for language in LANGUAGES:
        for line in mistakes.lines(texts, language, found):
            shown, _ = html.parse(line)
            assert len(shown) < 400 and "{" not in shown


async def test_a_sheet_of_a_thousand_rows_is_read_in_a_worker_and_every_mistake_is_named() -> None:
    rows, expected = ways.sheet(1000)
    assert len({key for _, _, key in expected}) >= 45
    plan = roster.plan(await table.read(sheets.xlsx(rows)), ways.form(), ways.CLOSED, WOMEN)
    assert set(said(plan.wrong)) == expected
    assert len(plan.new) == 1000 - len(expected)
    assert {entry.row for entry in plan.new} == set(range(4, 1004)) - {row for row, _, _ in expected}


def test_a_row_with_several_mistakes_names_all_of_them() -> None:
    row = ways.good(7)
    row[1:4] = ["", "Marsda", ""]
    assert said(look([ways.HEADINGS, row]).wrong) == [
        (2, "B", "no name"),
        (2, "C", "unknown region"),
        (2, "D", "no group"),
    ]


def test_the_same_woman_or_phone_twice_is_named_at_the_later_row() -> None:
    first, phone, name = ways.good(1), ways.good(2), ways.good(3)
    phone[5], name[1], name[5] = first[5], first[1], ""
    found = look([ways.HEADINGS, first, first, phone, name]).wrong
    assert said(found) == [(3, "", "row twice"), (4, "F", "phone twice"), (5, "B", "name twice")]
    assert {each.values["other"] for each in found} == {2}


def test_two_women_of_one_name_with_phones_of_their_own_are_two() -> None:
    first, second = ways.good(1), ways.good(2)
    second[1] = first[1]
    plan = look([ways.HEADINGS, first, second])
    assert (len(plan.new), plan.wrong, said(plan.notices)) == (2, [], [(3, "B", "same name")])


def test_merged_cells_are_named_in_every_row_that_they_touch() -> None:
    rows = [ways.HEADINGS, ways.good(1), ways.good(2), ways.good(3)]
    plan = look(rows, merged=[[2, 2, 3, 2]])
    assert said(plan.wrong) == [(2, "C", "merged"), (3, "C", "merged")]
    across = look(rows, merged=[[2, 8, 2, 9], [1, 0, 1, 7]])
    assert across.wrong == []


def test_who_left_is_not_brought_back_and_a_number_of_another_is_not_taken() -> None:
    left, other = ways.good(1), ways.good(2)
    left[1], left[5], other[5] = ways.LEFT.name, ways.LEFT.phone, ways.OTHERS[0].phone
    found = look([ways.HEADINGS, left, other]).wrong
    assert said(found) == [(2, "B", "left"), (3, "F", "phone of another")]
    assert found[1].values["name"] == ways.OTHERS[0].name


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([], "empty"),
        ([["Ad, soyad", "Region", "Qrup", "Yaş"]], "only headings"),
        ([["Aygün", "Quba"], ["Sevda", "Quba"]], "no headings"),
        ([["Region", "Qrup", "Yaş"], ["Quba", "QHT", "30"]], "no headings"),
        ([["Ad, soyad", "Qrup", "Yaş"], ["Aygün", "QHT", "30"]], "no region column"),
        ([["Ad, soyad", "Region", "Yaş"], ["Aygün", "Quba", "30"]], "no group column"),
        ([["Ad, soyad", "Region", "Qrup"], ["Aygün", "Quba", "QHT"]], "no age column"),
        ([["Ad, soyad", "Region", "Rayon", "Qrup"], ["Aygün", "Quba", "Quba", "QHT"]], "two columns"),
        ([["Ad", "Telefon", "Mobil"], ["Aygün", "1", "2"]], "two columns"),
    ],
)
def test_a_sheet_without_what_is_needed_is_refused_with_a_sentence(rows: list[list[str]], key: str) -> None:
    with pytest.raises(Unreadable) as refused:
        look(rows)
    assert refused.value.key == key
    assert Texts.load().get("az", f"roster.file.{key}", what=refused.value.what)


@pytest.mark.parametrize(
    "headings",
    [
        ["Имя", "Регион", "Группа", "Возраст", "Телефон", "Язык"],
        ["Name", "Region", "Group", "Age", "Phone", "Language"],
        ["AD, SOYAD", "BÖLGƏ", "QURUM", "YAŞ QRUPU", "ƏLAQƏ NÖMRƏSİ", "DİL"],
        ["ФИО", "Район", "Организация", "Возраст", "Моб. телефон", "Язык"],
    ],
)
def test_headings_are_known_in_three_languages_and_in_any_order(headings: list[str]) -> None:
    row = ["Aygün Nümunəli", "Quba", "Qadın icması", "34", "050 123 45 67", "ru"]
    for turned in (headings, headings[::-1]):
        cells = row if turned is headings else row[::-1]
        [entry] = look([turned, cells]).new
        assert entry[1:] == ("Aygün Nümunəli", "quba", "community", "middle", "+994501234567", "ru")


def test_a_name_in_two_columns_is_one_name() -> None:
    [entry] = look([["Soyad", "Ad", "Region", "Qrup", "Yaş"], ["Nümunəli", "Aygün", "Quba", "Qadın icması", "34"]]).new
    assert entry.name == "Aygün Nümunəli"


def test_what_is_not_read_is_said() -> None:
    rows = [[*ways.HEADINGS, "Göz rəngi", ""], [*ways.good(1), "qara", "qeyd"]]
    plan = look(rows)
    assert said(plan.notices) == [(1, "I", "unknown column"), (2, "J", "beyond")]
    assert len(plan.new) == 1
