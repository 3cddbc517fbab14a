"""Answers of every kind in the spreadsheet; what was spoken or shown can be asked for by those who may read it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from forms import load, model
from sandbox.phone import Phone
from tests.bot import crew
from tests.bot.test_export import exported, sheets
from tests.bot.test_privacy import erased
from tests.conftest import House

OFFERED = (model.Choice("a", model.Text("Ayrıca")), model.Choice("b", model.Text("Birlikdə")))
NEW_KINDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("size", "number", {"minimum": -5, "maximum": 12, "decimals": 1}),
    ("day", "date", {"earliest": "2027-03-01", "latest": "today"}),
    ("wishes", "choices", {"choices": OFFERED, "at_most": 1, "required": False}),
    ("home", "place", {}),
    ("spoken", "voice", {}),
    ("seen", "photo", {}),
    ("thanks", "note", {}),
)
GIVEN = {"size": 3.5, "day": "2027-03-02", "wishes": ["b"], "home": "40.4,49.8", "spoken": ["voice-file"], "seen": "–"}


def of_new_kinds() -> model.Form:
    """A recommendation that asks for something of each kind that a plain cell cannot hold."""
    questions = (
        model.Question(key, kind, model.Text(f"Sual {key}"), model.Text(key), **more) for key, kind, more in NEW_KINDS
    )
    return replace(load.shipped("recommendation"), questions=tuple(questions))


async def write_down(house: House, woman: Phone, form: model.Form, answers: dict[str, Any], state: str) -> None:
    """The woman's sheet 12 of the form."""
    person = await crew.person(house, woman)
    async with house.database.transaction() as tx:
        await tx.run("INSERT INTO definitions VALUES (?, ?, ?)", (load.digest(form), form.name, load.to_json(form)))
        await tx.run(
            "INSERT INTO sheets VALUES (12, 'k', ?, ?, ?, ?, '', ?, '', 0, 0, 0)",
            (form.name, load.digest(form), person.id, woman.id, state),
        )
        for question, value in answers.items():
            await tx.run("INSERT INTO answers VALUES (12, ?, ?)", (question, json.dumps(value)))


async def test_answers_of_every_kind_are_cells_that_can_be_counted_and_read(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await write_down(house, aygun, of_new_kinds(), GIVEN, "submitted")
    book = sheets(await exported(house, owner))
    headings, row = book["Tövsiyələr"]
    cells = dict(zip(headings, row, strict=True))
    assert cells["size"] == 3.5
    assert str(cells["day"]) == "2027-03-02"
    assert (cells["wishes"], cells["home"]) == ("Birlikdə", "40.4, 49.8")
    assert cells["spoken"] == "🎤 səsli mesaj: /export 12-5"
    assert cells["seen"] == "–", "she wrote it"
    assert "voice-file" not in str(book)
    told = {row[2]: row[4] for row in book["İzahlar"] if row[0] == "Tövsiyə"}
    assert told == {
        "size": "-5 … 12",
        "day": "01.03.2027 … doldurulan gün",
        "wishes": "a = Ayrıca\nb = Birlikdə\nBir neçə cavab, vergüllə ayrılır: 0 … 1",
        "home": "En və uzunluq dairəsi, dərəcə ilə",
        "spoken": "Açmaq üçün xanadakı əmri bota yazın",
        "seen": "Açmaq üçün xanadakı əmri bota yazın",
    }


async def spoken(house: House, woman: Phone, state: str = "submitted") -> None:
    """The woman has answered with a voice message that Telegram keeps, on her sheet 12."""
    update = await woman.send("voice")
    await house.settle()
    file = update["message"]["voice"]["file_id"]
    await write_down(house, woman, of_new_kinds(), {"spoken": [file], "day": "2027-03-02"}, state)


async def test_a_spoken_answer_can_be_heard_is_noted_and_leaves_the_chat_after_a_day(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    await spoken(house, aygun)
    await organiser.write("/export 12-5")
    await house.settle()
    heard = organiser.last
    assert (heard.kind, heard.protected) == ("voice", True)
    assert "spoken" in heard.text and "Aygün" not in heard.text
    rows = await crew.rows(house, "SELECT user, action, subject FROM audit WHERE action = 'export'")
    assert rows == [(organiser.id, "export", "answer 12-5")]
    await house.travel(hours=24.1)
    assert heard.message_id not in [each.message_id for each in organiser.messages]


@pytest.mark.parametrize("number", ["12-2", "12-6", "12-8", "12-0", "13-5", "99999999999999999999-1", "12", "x", "-"])
async def test_a_number_that_is_no_file_opens_nothing(house: House, number: str) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    await spoken(house, aygun)
    await organiser.write(f"/export {number}")
    await house.settle()
    assert "Bu nömrə ilə səs və ya şəkil yoxdur" in organiser.last.text
    assert await crew.rows(house, "SELECT * FROM audit WHERE action = 'export'") == []


async def test_what_is_not_sent_yet_or_of_who_left_opens_for_nobody(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    await spoken(house, aygun, state="open")
    await organiser.write("/export 12-5")
    await house.settle()
    assert "yoxdur" in organiser.last.text
    async with house.database.transaction() as tx:
        await tx.run("UPDATE sheets SET state = 'submitted'")
        await tx.run("UPDATE people SET state = 'withdrawn' WHERE name = 'Aygün'")
    await organiser.write("/export 12-5")
    await house.settle()
    assert "yoxdur" in organiser.last.text
    assert not [call for call in house.sandbox.calls if call.method.lower() == "sendvoice"]


@pytest.mark.parametrize("role", ["trainer", "monitor", None])
async def test_nobody_else_hears_it(house: House, role: str | None) -> None:
    other = await crew.member(house, role) if role else await crew.woman(house, "Sevda")
    aygun = await crew.woman(house, "Aygün")
    await spoken(house, aygun)
    await other.write("/export 12-5")
    await house.settle()
    assert not [call for call in house.sandbox.calls if call.method.lower() == "sendvoice"]


async def test_an_erasure_takes_a_spoken_answer_out_of_the_organisers_chat(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    await spoken(house, aygun)
    await organiser.write("/export 12-5")
    await house.settle()
    heard = organiser.last.message_id
    await erased(house, aygun)
    await house.settle()
    assert heard not in [each.message_id for each in organiser.messages]
    await organiser.write("/export 12-5")
    await house.settle()
    assert "yoxdur" in organiser.last.text
