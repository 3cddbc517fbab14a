"""Messages that cannot be sent, changed or deleted as they stand: said in another way, or refused once."""

import ast

import pytest

from bot import buttons, letters
from bot.buttons import Button
from bot.verdicts import UNFORMATTED
from forms import load
from handlers import questions
from sandbox import faults
from storage.outbox import Letter
from storage.sheets import Sheet
from tests.bot import crew
from tests.bot.post import letter
from tests.bot.test_days import at
from tests.bot.women import Woman
from tests.conftest import DAY, House
from tests.house import source
from tests.telegram import scene, table


async def test_a_change_that_changes_nothing_is_success(house: House) -> None:
    owner = await crew.member(house, "owner")
    await owner.write("/status")
    await house.settle()
    await owner.tap("o/status", owner.last)
    await house.settle()
    scene.met(house, "nothing changed")
    assert (await scene.last_row(house, owner.id))[:3] == ("sent", "", 1)
    assert scene.told(owner) == 0


async def test_a_change_of_a_message_that_is_gone_comes_as_a_new_message(house: House) -> None:
    owner = await crew.member(house, "owner")
    await owner.write("/status")
    await house.settle()
    old = owner.last
    old.deleted = True
    await owner.press_raw("o/status", old.message_id)
    await house.settle()
    assert owner.last.text == old.text and owner.last.message_id > old.message_id
    assert (await scene.last_row(house, owner.id))[:3] == ("sent", "", 1)
    number = await scene.plan(house, letters.delete(owner.id, old.message_id))
    await house.settle()
    assert (await scene.row(house, number))[:3] == ("sent", "", 1), "what is to go and is gone is success"
    reply = Letter(owner.id, "sendMessage", {"text": "Cavab", "reply_parameters": {"message_id": old.message_id}})
    await scene.plan(house, reply)
    await house.settle()
    assert owner.last.text == "Cavab"
    scene.met(house, "message gone")
    assert scene.told(owner) == 0


async def test_a_message_that_cannot_be_changed_comes_anew(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    hers = (await aygun.write("/help"))["message"]["message_id"]
    await house.settle()
    number = await scene.plan(house, letters.edit(aygun.id, hers, "Yeni"))
    await house.settle()
    assert aygun.last.text == "Yeni"
    assert (await scene.row(house, number))[:3] == ("sent", "", 1)
    await house.travel(days=3)
    number = await scene.plan(house, letters.delete(aygun.id, hers))
    await house.settle()
    scene.met(house, "not editable, not deletable")
    assert await scene.row(house, number) == ("failed", "Bad Request: message can't be deleted", 1, 0)


async def test_who_is_erased_is_told_that_older_messages_remain(house: House) -> None:
    aygun = await Woman(house, "az").reach("greeting")
    await house.travel(days=3)
    old, refused = [message.message_id for message in aygun.phone.received], len(scene.calls(house, "deleteMessages"))
    person = (await crew.person(house, aygun.phone)).id
    for data in (f"p/erase/{person}", f"p/gone/{person}"):
        await aygun.write("/privacy")
        await house.settle()
        await aygun.phone.press_raw(data, aygun.phone.last.message_id)
        await house.settle()
    await house.travel(hours=0.1)
    assert "Köhnə mesaj qalıbsa" in aygun.phone.last.text
    assert {call.status for call in scene.calls(house, "deleteMessages")[refused:]} == {200}, "only what can be deleted"
    assert [message.message_id for message in aygun.phone.received[: len(old)]] == old


async def test_a_late_answer_to_a_press_is_let_be_and_the_press_counts(house: House) -> None:
    owner = await crew.member(house, "owner")
    await owner.write("/status")
    await house.settle()
    await house.close()
    await owner.tap("o/export", owner.last)
    house.clock.jump(house.clock.now() + 100_000)  # a press is kept for 150 s, and can be answered for a minute
    await house.open()
    await house.settle()
    scene.met(house, "late button answer")
    assert len(scene.calls(house, "answerCallbackQuery")) == 1
    assert len([message for message in owner.received if message.document]) == 1
    assert scene.told(owner) == 0


async def test_a_text_that_telegram_cannot_read_arrives_plain_and_is_counted(house: House) -> None:
    aygun, refused = await crew.woman(house, "Aygün"), house.sandbox.refused_malformed
    texts = ["<3 Aygün, <b>salam</b>", "<b>salam", "<b>salam</i>"]
    rows = [await scene.plan(house, letters.text(aygun.id, text)) for text in texts]
    await house.settle()
    assert [message.text for message in aygun.received] == ["<3 Aygün, salam", "salam", "salam"]
    assert [await scene.row(house, number) for number in rows] == [("sent", UNFORMATTED, 1, 0)] * 3
    assert house.sandbox.refused_malformed == refused + 3
    house.sandbox.faults.plan("sendMessage", fault=scene.fault(table.row("formatting").answers[-1]))
    await scene.plan(house, letters.text(aygun.id, "<b>Sabah</b>"))
    await house.settle()
    assert aygun.last.text == "Sabah"
    scene.met(house, "formatting")


async def test_a_woman_with_a_heart_in_her_name_is_reminded_in_full_formatting(house: House) -> None:
    aygun = await crew.woman(house, "<3 Aygün")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE chat_people SET active = 0")
        second = await tx.insert("INSERT INTO people (language, created_at) VALUES ('az', 0)")
        await tx.run("INSERT INTO chat_people (chat, person) VALUES (?, ?)", (aygun.id, second))
    await house.travel(at(1, 20))
    assert "<3 Aygün" in aygun.received[0].text, "her name stands where two women share a phone"
    assert "bold" in [entity["type"] for entity in aygun.received[0].entities]
    assert house.sandbox.refused_malformed == 0


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("too long", {"text": "ə" * 4097}),
        ("too long", {"text": "x" * 32_769}),
        ("empty", {"text": ""}),
        ("empty", {"text": " \u202e\u200b "}),
        ("buttons", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "ə" * 33}]]}}),
        ("buttons", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "url": "https://a.az"}]] * 101}}),
    ],
    ids=range(6),
)
async def test_what_telegram_refuses_for_good_is_tried_once_and_the_owner_is_told(
    house: House, name: str, parameters: dict[str, object]
) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    number = await scene.plan(house, Letter(aygun.id, "sendMessage", parameters))
    await scene.plan(house, letter(aygun, "Sonra"))
    await house.settle()
    state, reason, attempts, doubted = await scene.row(house, number)
    assert (state, attempts, doubted) == ("failed", 1, 0)
    assert reason in [answer.description for answer in table.row(name).answers]
    assert [message.text for message in aygun.received] == ["Sonra"]
    assert scene.told(owner) == 1


async def test_a_caption_over_1024_characters_is_refused_once(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await organiser.write("/export")
    await house.settle()
    [(recipe,)] = await crew.rows(house, "SELECT document FROM outbox WHERE document <> ''")
    number = await scene.plan(house, letters.document(organiser.id, recipe, "ə" * 1025))
    await house.settle()
    assert await scene.row(house, number) == ("failed", "Bad Request: message caption is too long", 1, 0)


async def test_what_she_sends_empty_is_no_answer(house: House) -> None:
    aygun = await Woman(house, "az").reach("name")
    before, asked = await aygun.answers(), len(aygun.phone.received)
    for nothing in ("\u202e\u2028 ", "\u200b\ufeff", " \x00\x1f "):
        aygun.inject(text=nothing)
        await house.settle()
    assert await aygun.answers() == before
    assert len(aygun.phone.received) == asked + 3
    assert house.sandbox.refused_malformed == 0


KEY = "x" * 8  # of a sheet


def test_no_button_of_any_form_is_too_long_nor_are_there_too_many() -> None:
    longest = Sheet(KEY, "registration", "", 2**62, 2**62, "", "open", "")
    for form in map(load.shipped, load.names()):
        for number, question in enumerate(form.questions, start=1):
            data = [questions.data(longest, "a", number, choice) for choice in range(1, 100)]
            assert max(len(word.encode()) for word in data) <= buttons.MOST_BYTES, (form.name, question.key)
    with pytest.raises(ValueError, match="64 bytes"):
        buttons.show(Button("Bəli", "ə" * 33))


async def test_nothing_that_she_sends_is_downloaded_however_big(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    update = await aygun.send("document", file_size=20 * 1024 * 1024 + 1)
    await house.settle()
    await aygun.press_raw(f"q/{update['message']['message_id']}", aygun.last.message_id)
    await house.settle()
    assert scene.calls(house, "getFile") == []


def test_one_part_of_ours_downloads_files_and_not_to_the_disk() -> None:
    words = {
        (path.name, str(getattr(node, "attr", getattr(node, "value", None))))
        for path in source.files("bot", "handlers")
        for node in source.nodes(path)
        if isinstance(node, ast.Attribute | ast.Constant)
    }
    assert not {word for _, word in words} & {"get_file", "download_to_drive", "download_as_bytearray"}
    assert {name for name, word in words if word == "getFile"} == {"fetcher.py"}


async def test_an_upload_that_is_too_big_is_refused_once_and_the_owner_is_told(house: House) -> None:
    owner = await crew.member(house, "owner")
    house.sandbox.faults.plan("sendDocument", fault=faults.TOO_LARGE)
    await owner.write("/export")
    await house.settle()
    await house.travel(house.clock.now() + 2 * DAY)
    sent = await crew.rows(house, "SELECT state, reason, attempts FROM outbox WHERE method = 'sendDocument'")
    assert sent == [("failed", "Request Entity Too Large", 1)]
    assert scene.told(owner) == 1
