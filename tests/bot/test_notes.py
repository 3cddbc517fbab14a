"""A note: seen before it leaves, sent once to each chat, stopped when asked, and told who was not reached."""

import re
from pathlib import Path

import pytest

from bot.config import Config
from bot.desk import Desk
from bot.texts import LANGUAGES, Texts
from handlers import notes
from sandbox.phone import Phone
from storage import notes as stored
from storage import outbox, people
from storage.database import Database
from storage.outbox import Letter, Mark
from tests.bot import crew
from tests.conftest import House

LOCK_SCREEN = 60  # characters
TEXT = "Sabah avtobus saat 9-da gəlir."


async def written(house: House, organiser: Phone, text: str = TEXT, region: str = "lankaran") -> int:
    """A note that waits for 'send'; returns its id."""
    await organiser.write("/note")
    await organiser.tap(f"n/to/{region}")
    await house.settle()
    await organiser.write(text)
    await house.settle()
    found = re.search(r"n/(\d+)/drop", " ".join(button.data or "" for button in organiser.last.buttons))
    assert found
    return int(found[1])


async def state(house: House, note: int) -> str:
    return str((await crew.rows(house, "SELECT state FROM notes WHERE id = ?", note))[0][0])


def notes_of(phone: Phone, text: str = TEXT) -> list[str]:
    return [message.text for message in phone.received if text in message.text]


async def test_a_note_is_shown_as_it_will_be_seen_and_reaches_each_woman_of_the_region(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    aygun, elena = await crew.woman(house, "Aygün"), await crew.woman(house, "Yelena", language="ru")
    elsewhere, blocked = await crew.woman(house, "Sevda", "quba"), await crew.woman(house, "Xumar")
    await blocked.block()
    await house.settle()
    note = await written(house, organiser)
    preview, card = organiser.received[-2:]
    assert "Alacaq: \u20682\u2069" in card.text or "Alacaq: 2" in card.text
    assert notes_of(aygun) == []
    await organiser.tap(f"n/{note}/send")
    await house.settle()
    assert notes_of(aygun) == [preview.text]
    assert "организаторов" in notes_of(elena)[0]
    assert notes_of(elsewhere) == []
    await house.travel(hours=0.05)
    assert await state(house, note) == "sent"
    assert "2 / 2" in organiser.last.text.replace("\u2068", "").replace("\u2069", "")
    assert "Xumar" in organiser.last.text


async def test_nothing_of_a_note_stands_on_a_lock_screen(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    note = await written(house, organiser, "Lənkəran")
    await organiser.tap(f"n/{note}/send")
    await house.settle()
    assert "Lənkəran" not in aygun.lock_screen[-1].text
    texts = Texts.load()
    for language in LANGUAGES:
        for key in ("note.letter", "inquiry.answer"):
            assert texts.get(language, key, text="§").index("§") >= LOCK_SCREEN


async def test_pressed_twice_it_is_sent_once(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    note = await written(house, organiser)
    card = organiser.last
    first = await organiser.tap(f"n/{note}/send", card)
    await organiser.press_raw(f"n/{note}/send", card.message_id)
    await organiser.replay(first)
    await house.settle()
    assert len(notes_of(aygun)) == 1
    assert len(await crew.rows(house, "SELECT 1 FROM audit WHERE action = 'note.sent'")) == 1


@pytest.mark.parametrize(("role", "told"), [("organiser", True), ("trainer", False), (None, False)])
async def test_names_are_not_told_to_who_lost_the_right_meanwhile(house: House, role: str | None, told: bool) -> None:
    organiser, xumar = await crew.member(house, "organiser"), await crew.woman(house, "Xumar")
    await xumar.block()
    await house.settle()
    async with house.database.transaction() as tx:
        await tx.run("DELETE FROM roles")
        if role:
            await tx.run("INSERT INTO roles VALUES (?, ?, NULL, 0)", (organiser.id, role))
        note = await stored.begin(tx, "lankaran", organiser.id, organiser.id, 0)
        await stored.move(tx, note, "writing", "sending", 0)
    await house.travel(hours=0.1)
    assert await state(house, note) == "sent"
    assert ("Xumar" in organiser.last.text) is told


async def test_two_women_on_one_phone_get_one_message(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE chat_people SET active = 0 WHERE chat = ?", (aygun.id,))
        sister = await people.welcome(tx, aygun.id, house.clock.now())
        await people.register(tx, sister, "Sevda", "lankaran", "ngo", "", house.clock.now())
    note = await written(house, organiser)
    await organiser.tap(f"n/{note}/send")
    await house.travel(hours=0.05)
    assert len(notes_of(aygun)) == 1
    assert "çatmadı" not in organiser.last.text


async def test_stopped_it_says_how_many_had_left_and_no_more_leave(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    women = [await crew.woman(house, f"Qadın {number}") for number in range(60)]
    note = await written(house, organiser)
    await organiser.tap(f"n/{note}/send")
    stop = await organiser.wait(
        lambda message: "n/" in "".join(b.data or "" for b in message.buttons) and "Göndərilir" in message.text
    )
    await organiser.tap(f"n/{note}/stop", stop)
    await house.settle()
    await house.travel(hours=0.05)
    got = sum(len(notes_of(phone)) for phone in women)
    assert 0 < got < 60
    said = organiser.last.text.replace("\u2068", "").replace("\u2069", "")
    assert f"getmişdi: {got}. Getmədi: {60 - got}." in said
    assert await state(house, note) == "stopped"


async def test_the_progress_is_shown_not_more_often_than_each_three_seconds_and_only_when_there_is_any(
    tmp_path: Path,
) -> None:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        note = await stored.begin(tx, "", 1, 1, 0)
        await stored.move(tx, note, "writing", "sending", 0)
        ids = await outbox.add(tx, [Letter(chat, "sendMessage", {}, key=f"note:{note}:{chat}") for chat in range(9)], 0)
        shown = []
        for second in range(12):
            if second < 8:
                await outbox.settle(tx, [Mark(ids[second] or 0, "sent", second)], second * 1000)
            desk = Desk(tx, second * 1000, Texts.load(), Config())
            await notes.show_progress(desk)
            shown.append(len(desk.letters))
    await database.close()
    assert shown == [0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]


async def test_the_progress_is_shown_in_place(house: House) -> None:
    organiser, _ = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    note = await written(house, organiser)
    await organiser.tap(f"n/{note}/send")
    await house.settle()
    count = len(organiser.received)
    await house.travel(hours=0.1)
    assert len(organiser.received) == count
    assert "1 / 1" in organiser.last.text
    assert organiser.last.buttons == []


async def test_the_text_may_be_changed_or_the_note_dropped(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    note = await written(house, organiser)
    await organiser.tap(f"n/{note}/change")
    await house.settle()
    await organiser.write("Başqa mətn")
    await house.settle()
    await organiser.tap(f"n/{note}/send")
    await house.settle()
    assert len(notes_of(aygun, "Başqa mətn")) == 1
    other = await written(house, organiser)
    await organiser.tap(f"n/{other}/drop")
    await organiser.press_raw(f"n/{other}/send", organiser.last.message_id)
    await house.settle()
    assert await state(house, other) == "dropped"
    assert notes_of(aygun) == []


async def test_cancel_gives_up_the_note_in_hand(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    note = await written(house, organiser)
    await organiser.write("/cancel")
    await house.settle()
    assert await state(house, note) == "dropped"


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker", "location", "video_note"])
async def test_only_a_text_is_taken(house: House, kind: str) -> None:
    organiser = await crew.member(house, "organiser")
    await organiser.write("/note")
    await organiser.tap("n/to/all")
    await organiser.send(kind)
    await house.settle()
    assert (await crew.rows(house, "SELECT state, text FROM notes")) == [("writing", "")]
    assert "yalnız mətn" in organiser.last.text


@pytest.mark.parametrize(("text", "taken"), [("a" * 3000, True), ("a" * 3001, False), ("😀" * 1501, False)])
async def test_a_note_has_at_most_3000_characters(house: House, text: str, taken: bool) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    await organiser.write("/note")
    await organiser.tap("n/to/lankaran")
    await house.settle()
    await organiser.write(text)
    await house.settle()
    [(state, note)] = await crew.rows(house, "SELECT state, id FROM notes")
    assert state == ("preview" if taken else "writing")
    if taken:
        await organiser.tap(f"n/{note}/send")
        await house.settle()
        assert len(notes_of(aygun, text)) == 1


@pytest.mark.parametrize("text", ["<b>", "</b> & <i>", "{text}", "&lt;", "a < b > c", "<tg-spoiler>x", "\u202eabc"])
async def test_what_is_written_is_what_is_read(house: House, text: str) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    note = await written(house, organiser, f"Salam {text}!")
    await organiser.tap(f"n/{note}/send")
    await house.settle()
    assert f"Salam {text}!".replace("\u202e", "") in aygun.last.text
    assert house.sandbox.refused_malformed == 0


async def test_another_organisers_note_is_not_hers_to_send(house: House) -> None:
    organiser, other = await crew.member(house, "organiser"), await crew.member(house, "organiser", "Lalə")
    aygun = await crew.woman(house, "Aygün")
    note = await written(house, organiser)
    for data in (
        f"n/{note}/send",
        f"n/{note}/drop",
        "n/99/send",
        "n/x/send",
        f"n/{note}/x",
        f"n/{note}",
        "n",
        "n/²/send",
    ):
        await other.press_raw(data, other.last.message_id)
        await house.settle()
    assert await state(house, note) == "preview"
    assert notes_of(aygun) == []
    assert (await crew.rows(house, "SELECT count(*) FROM failures"))[0][0] == 0


async def test_a_note_goes_on_after_a_restart(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    note = await written(house, organiser)
    await house.close()
    await house.open()
    await organiser.tap(f"n/{note}/send")
    await house.settle()
    await house.close()
    await house.open()
    await house.travel(hours=0.05)
    assert len(notes_of(aygun)) == 1
    assert await state(house, note) == "sent"
