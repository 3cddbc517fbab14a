"""Words that break other bots: as names, answers, notes, inquiries and replies. All arrive as they were written."""

from typing import Any

import pytest

from bot import verdicts
from sandbox.phone import Phone
from tests.bot import crew
from tests.bot.test_days import at
from tests.bot.test_notes import notes_of, written
from tests.bot.women import Woman
from tests.conftest import House

ISOLATES = str.maketrans("", "", "\u2068\u2069")
NAMES = (
    "<b>&\"'</b> Aygün",
    "{name} {0} {} %s $x Aygün",
    "מרים عائشة Aygün",
    "</code></b><a href='x'>Aygün",
    "Aygün &amp; &lt;b&gt;",
    "Ş" * 60,
    "Aygün\u2028Nümunə\u2029Üç",
    "/start Aygün",
    "👩🏽‍🌾 Aygün",
)
LONG = {
    "quotes": '"' * 2999 + "a",
    "emoji": "🌸" * 1499 + "a",
    "tags": "<b>" * 1000,
    "braces": "{text}" * 500,
    "lines": "a\n" * 1499,
}


async def nothing_broke(house: House) -> None:
    await house.settle()
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
    assert await crew.rows(house, "SELECT method, reason FROM outbox WHERE state = 'failed'") == []
    assert house.sandbox.refused_malformed == 0
    assert await crew.rows(house, "SELECT 1 FROM outbox WHERE reason = ?", verdicts.UNFORMATTED) == []


async def passed_on(phone: Phone, update: dict[str, Any]) -> None:
    await phone.press_raw(f"q/{update['message']['message_id']}", phone.last.message_id)


def shown(phone: Phone) -> list[str]:
    return [message.text.translate(ISOLATES) for message in phone.received]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_any_name_is_shown_letter_for_letter_wherever_it_stands(house: House, name: str) -> None:
    organiser, woman = await crew.member(house, "organiser"), await Woman(house, "az").reach("name")
    woman.inject(text=name)
    await house.settle()
    for step in (woman.tap_first, woman.tap_first, woman.tap_first, woman.tap_done, woman.tap_done):
        await step()
        await house.settle()
    await woman.phone.share_contact()
    await house.settle()
    await woman.tap_first()
    await house.settle()
    [(kept,)] = await crew.rows(house, "SELECT name FROM people WHERE state = 'registered'")
    assert kept == " ".join(name.split())
    await woman.phone.start()
    await woman.write("/privacy")
    await woman.phone.tap(f"p/data/{(await crew.person(house, woman.phone)).id}")
    update = await woman.phone.write("Sual")
    await house.settle()
    await passed_on(woman.phone, update)
    await house.settle()
    await organiser.reply(organiser.received[-1].message_id, name)
    await house.travel(at(1, 20))
    await woman.phone.block()
    note = await written(house, organiser, f"Salam {name}")
    await organiser.write("/status")
    await organiser.tap("o/calls")
    await house.settle()
    assert note
    assert any(kept in text for text in shown(woman.phone))
    assert sum(kept in text for text in shown(organiser)) >= 3
    await nothing_broke(house)


@pytest.mark.parametrize("case", LONG)
async def test_a_note_and_a_reply_as_long_as_they_may_be_arrive_whole(house: House, case: str) -> None:
    text = LONG[case].strip()
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    note = await written(house, organiser, text)
    await organiser.tap(f"n/{note}/send")
    await house.settle()
    assert len(notes_of(aygun, text)) == 1
    update = await aygun.write("Sual")
    await house.settle()
    await passed_on(aygun, update)
    await house.settle()
    await organiser.reply(organiser.received[-1].message_id, text)
    await house.settle()
    assert len(notes_of(aygun, text)) == 2
    await nothing_broke(house)


async def test_a_recommendation_as_long_as_it_may_be_is_shown_on_its_card_and_in_her_data(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    await woman.write("/recommend")
    await house.settle()
    await woman.tap_first()
    await house.settle()
    await woman.write("ş" * 150)
    await house.settle()
    await woman.tap_first()
    await house.settle()
    await woman.write('"' * 1499 + "a")
    await house.settle()
    await woman.tap_first()
    await house.settle()
    await woman.write("/privacy")
    await woman.phone.tap(f"p/data/{(await crew.person(house, woman.phone)).id}")
    await house.settle()
    assert await crew.rows(house, "SELECT state FROM sheets WHERE form = 'recommendation'") == [("submitted",)]
    assert any('"' * 1000 in text for text in shown(woman.phone))
    await nothing_broke(house)


KINDS: dict[str, dict[str, Any]] = {
    "sticker": {},
    "voice": {},
    "photo": {"caption": "<b>şəkil</b> {x}"},
    "video_note": {},
    "document": {"caption": "&" * 1000},
    "location": {},
    "poll": {"members_only": False},
    "dice": {},
}


@pytest.mark.parametrize("kind", KINDS)
async def test_an_inquiry_of_any_kind_reaches_the_organisers_and_so_does_the_answer(house: House, kind: str) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    await aygun.start()
    await house.settle()
    update = await aygun.send(kind, **KINDS[kind])
    await house.settle()
    await passed_on(aygun, update)
    await house.settle()
    assert organiser.last.kind == kind
    before = len(aygun.received)
    answer = await organiser.send(kind, **KINDS[kind])
    assert answer
    await organiser.reply(organiser.received[-1].message_id, "Cavab")
    await house.settle()
    assert "Cavab" in aygun.last.text
    assert len(aygun.received) == before + 1
    await nothing_broke(house)


async def test_a_reply_to_what_is_old_forgotten_or_deleted_is_answered_and_goes_to_nobody(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    update = await aygun.write("Sual")
    await house.settle()
    await passed_on(aygun, update)
    await house.settle()
    copy = organiser.last.message_id
    await house.travel(days=70)
    before, asked = len(aygun.received), len(organiser.received)
    await organiser.reply(copy, "Gec cavab")
    await house.settle()
    assert len(organiser.received) > asked
    gone = {"message_id": 4_000, "date": 1, "chat": {"id": organiser.id, "type": "private", "first_name": "N"}}
    user = {"id": organiser.id, "is_bot": False, "first_name": "N"}
    house.sandbox.inject(
        {
            "message": {
                "message_id": 5_000,
                "date": house.clock.now() // 1000,
                "chat": gone["chat"],
                "from": user,
                "text": "Heç nəyə cavab",
                "reply_to_message": gone,
            }
        }
    )
    await house.settle()
    assert "Heç nəyə cavab" not in str(shown(aygun)[before:])
    await nothing_broke(house)
