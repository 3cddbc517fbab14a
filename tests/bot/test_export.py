"""The spreadsheet: whole, harmless, for those who may have it, and gone from the chat after a day."""

import io
import json
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest
import python_calamine

from bot import documents, workbook
from bot.texts import Texts
from forms import load, model
from sandbox.phone import Phone
from tests.bot import crew
from tests.conftest import House

SIGNS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "'=", '"=')
PAYLOADS = (
    *("1+1", 'HYPERLINK("http://example.org","x")', "cmd|' /C calc'!A0", "SUM(A1:A9)", "WEBSERVICE(A1)", "A1", "{=1}"),
    *(
        'IMPORTXML("a","b")',
        "DDE(1)",
        "0x1",
        "1e5",
        "<r><t>x</t></r>",
        "]]>",
        "&amp;",
        "<f>1</f>",
        "_x003D_1",
        "ə ğ ı ö",
    ),
    *("\u202e1", "\u200b1"),
)
WHOLE = (
    *("<r></r>", "<r><t>x</t></r>", "<r></si></sst>", "http://example.org/", "mailto:a@b.c", "internal:A1", "TRUE"),
    *("\u202eabc", "\x07bell", "\ufeffbom", "#REF!", "1900-01-01", "0042", "{}", "", " "),
)
HOSTILE = [*WHOLE, *(sign + payload for sign in SIGNS for payload in PAYLOADS)]


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name)


async def exported(house: House, who: Phone) -> bytes:
    await who.write("/export")
    await house.settle()
    document = who.last.document
    assert document
    assert re.fullmatch(r"istirak-\d{4}-\d\d-\d\d\.xlsx", document.name)
    return document.content


async def fill(house: House, women: list[Phone]) -> None:
    """A survey that five answered, one that four did, and a recommendation."""
    day, recommendation = load.shipped("day"), load.shipped("recommendation")
    person = await crew.person(house, women[0])
    async with house.database.transaction() as tx:
        for form in (day, recommendation):
            definition = (load.digest(form), form.name, load.to_json(form))
            await tx.run("INSERT OR IGNORE INTO definitions VALUES (?, ?, ?)", definition)
        for session, state, count in (("lankaran-1", "closed", 5), ("lankaran-2", "too few", 4)):
            survey = (f"day:{session}", session, load.digest(day), state, count)
            await tx.run("INSERT INTO surveys VALUES (?, ?, 'day', ?, ?, 0, 0, 9, ?)", survey)
        for number in range(5):
            answers = json.dumps({"useful": number + 1, "pace": "right"})
            response = (f"key{number}", "day:lankaran-1", load.digest(day), answers)
            await tx.run("INSERT INTO responses VALUES (?, ?, ?, ?)", response)
        sheet = (load.digest(recommendation), person.id, women[0].id, house.clock.now())
        await tx.run(
            "INSERT INTO sheets VALUES (1, 'k', 'recommendation', ?, ?, ?, '', 'submitted', '', 0, ?, 0)", sheet
        )
        for question, value in (("area", "planning"), ("place", "=Park+1")):
            await tx.run("INSERT INTO answers VALUES (1, ?, ?)", (question, json.dumps(value)))


async def test_the_spreadsheet_holds_what_the_tables_hold(house: House) -> None:
    owner = await crew.member(house, "owner")
    women = [await crew.woman(house, f"Qadın {number}", phone="+994501234567") for number in range(3)]
    await fill(house, women)
    async with house.database.transaction() as tx:
        await tx.run("UPDATE chats SET state = 'blocked' WHERE id = ?", (women[1].id,))
    book = sheets(await exported(house, owner))
    assert list(book) == ["İştirakçılar", "Təlim günləri", "Kim gələcək", "Sorğular", "Tövsiyələr", "İzahlar"]
    people = book["İştirakçılar"]
    assert [row[0] for row in people[1:]] == ["Qadın 0", "Qadın 1", "Qadın 2"]
    assert people[1][1:6] == ["Lənkəran", "ngo", "", "+994501234567", "azərbaycan"]
    assert str(people[1][6]).startswith("2027-02-22 10:00")
    assert [row[7] for row in people[1:]] == ["bəli", "xeyr", "bəli"]
    assert len(book["Təlim günləri"]) == 1 + 9
    assert len(book["Kim gələcək"]) == 1 + 3 * 3
    survey = book["Sorğular"]
    assert {row[0] for row in survey[1:]} == {"lankaran-1"}
    assert sorted(row[survey[0].index("Fayda")] for row in survey[1:]) == [1, 2, 3, 4, 5]
    assert {row[survey[0].index("Sürət")] for row in survey[1:]} == {"Tam yerində"}
    assert book["Tövsiyələr"][1][0] == "Qadın 0"
    assert "=Park+1" in book["Tövsiyələr"][1]
    assert any("slow = Çox yavaş" in str(row[4]) for row in book["İzahlar"])


async def test_a_question_that_was_added_to_the_registration_has_a_column(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await crew.woman(house, "Sevda")
    shipped = load.shipped("registration")
    village = replace(shipped.questions[1], key="village", label=model.Text("Kənd", "Село", "Village"))
    form, person = replace(shipped, questions=(*shipped.questions, village)), await crew.person(house, aygun)
    async with house.database.transaction() as tx:
        definition = (load.digest(form), form.name, load.to_json(form))
        await tx.run("INSERT INTO definitions VALUES (?, ?, ?)", definition)
        await tx.run(
            "INSERT INTO sheets VALUES (7, 'k', 'registration', ?, ?, 1, '', 'submitted', '', 0, 0, 0)",
            (load.digest(form), person.id),
        )
        await tx.run("INSERT INTO answers VALUES (7, 'village', '\"Nümunə\"')")
    book = sheets(await exported(house, owner))
    people = book["İştirakçılar"]
    assert [row[people[0].index("Kənd")] for row in people[1:]] == ["Nümunə", ""]
    assert "Kənd" in {row[1] for row in book["İzahlar"]}


async def test_every_column_is_explained_in_the_codebook(house: House) -> None:
    owner = await crew.member(house, "owner")
    await fill(house, [await crew.woman(house, "Aygün")])
    book = sheets(await exported(house, owner))
    explained = {row[1] for row in book["İzahlar"][1:]}
    for name, rows in book.items():
        if name != "İzahlar":
            assert set(rows[0]) <= explained
    assert all(row[3] for row in book["İzahlar"][1:])


async def test_no_value_becomes_a_formula_a_link_or_markup(house: House) -> None:
    assert len(HOSTILE) >= 200
    owner = await crew.member(house, "owner")
    async with house.database.transaction() as tx:
        for number, value in enumerate(HOSTILE):
            await tx.run(
                "INSERT INTO people (state, name, region, group_key, phone, created_at, registered_at)"
                " VALUES ('registered', ?, 'quba', ?, ?, 0, ?)",
                (value, value, value, number),
            )
    content = await exported(house, owner)
    book = sheets(content)
    for column in (0, 2, 4):
        assert [str(row[column]).strip() for row in book["İştirakçılar"][1:]] == [
            workbook.safe(value).strip() for value in HOSTILE
        ]
    raw = xml(content)
    assert re.findall(r"<f[ >/]", raw) == []
    assert "<hyperlink" not in raw
    assert not set("\u202e\u200b\x07\ufeff") & set("".join(str(cell) for row in book["İştirakçılar"] for cell in row))


def test_a_text_that_looks_like_the_writers_own_markup_is_a_text() -> None:
    """XlsxWriter puts '<r>…</r>' into the file as it is: the control that the guard is needed."""
    text = "<r><t>x</t></r>"
    page = workbook.Page("P", ["H"], [[text]])
    assert sheets(workbook.write([page]))["P"][1] == [" " + text]


def test_a_text_longer_than_a_cell_is_cut_and_not_lost() -> None:
    page = workbook.Page("P", ["H"], [["ə" * 40_000], ["<r>" + "x" * 40_000]])
    rows = sheets(workbook.write([page]))["P"]
    assert [len(row[0]) for row in rows[1:]] == [32_767, 32_767]


async def test_the_message_asks_to_be_deleted_and_is_after_a_day(house: House) -> None:
    owner = await crew.member(house, "owner")
    await exported(house, owner)
    message = owner.last.message_id
    assert "silin" in owner.last.text
    await house.travel(hours=23)
    assert message in [each.message_id for each in owner.messages]
    await house.travel(hours=1.1)
    assert message not in [each.message_id for each in owner.messages]
    assert [row[0] for row in await crew.rows(house, "SELECT action FROM audit WHERE action = 'export'")] == ["export"]


async def test_nothing_of_it_stays_on_the_disk(house: House) -> None:
    owner = await crew.member(house, "owner")
    before = {path.name for path in house.folder.rglob("*")}
    await exported(house, owner)
    assert {path.name for path in house.folder.rglob("*")} == before
    [(document, parameters)] = await crew.rows(house, "SELECT document, parameters FROM outbox WHERE document <> ''")
    assert document.startswith("export:")
    assert parameters == ""


async def test_asked_twice_in_a_minute_it_comes_once(house: House) -> None:
    owner = await crew.member(house, "owner")
    await owner.write("/export")
    await owner.write("/export")
    await house.settle()
    assert len([message for message in owner.received if message.document]) == 1
    assert "artıq hazırlanır" in owner.last.text
    await house.travel(hours=0.1)
    await exported(house, owner)


async def test_the_headings_speak_the_organisers_language(house: House) -> None:
    owner = await crew.member(house, "owner")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE people SET language = 'en'")
    assert "Participants" in sheets(await exported(house, owner))


@pytest.mark.parametrize("role", ["trainer", "monitor", None])
async def test_whose_right_ended_before_it_left_gets_nothing(house: House, role: str | None) -> None:
    organiser = await crew.member(house, "organiser")
    recipe = documents.recipe(organiser.id, house.clock.now())
    texts = Texts.load()
    assert await documents.make(recipe, house.database, texts, "Asia/Baku")
    async with house.database.transaction() as tx:
        await tx.run("DELETE FROM roles")
        if role:
            await tx.run("INSERT INTO roles VALUES (?, ?, NULL, 0)", (organiser.id, role))
    with pytest.raises(documents.NotAllowed):
        await documents.make(recipe, house.database, texts, "Asia/Baku")
