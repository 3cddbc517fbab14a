"""What a woman passes on reaches every organiser, and their reply reaches her, with nothing of it on a lock screen."""

import re

import pytest

from sandbox import acts, samples
from sandbox.phone import Phone
from storage import programme
from tests.bot import crew
from tests.conftest import House

QUESTION = "Uşağımı özümlə gətirə bilərəm?"


async def asked(house: House, woman: Phone, text: str = QUESTION) -> int:
    """She writes and passes it on; the id of her message."""
    update = await woman.write(text)
    await house.settle()
    message = int(update["message"]["message_id"])
    await woman.press_raw(f"q/{message}", woman.last.message_id)
    await house.settle()
    return message


def copies(phone: Phone, text: str = QUESTION) -> list[int]:
    return [message.message_id for message in phone.received if message.text == text]


async def test_her_message_is_copied_to_all_who_may_answer_and_to_nobody_else(house: House) -> None:
    owner, organiser = await crew.member(house, "owner"), await crew.member(house, "organiser", "Lalə")
    trainer, monitor = await crew.member(house, "trainer"), await crew.member(house, "monitor")
    aygun = await crew.woman(house, "Aygün", language="ru")
    await asked(house, aygun)
    for phone in (owner, organiser):
        who, copy = phone.received[-2:]
        assert copy.text == QUESTION
        assert "Aygün" in who.text
        assert "Lənkəran" in who.text
        assert "rus" in who.text
    assert copies(trainer) == copies(monitor) == []
    assert "организаторам" in aygun.last.text


async def test_passed_on_twice_it_arrives_once(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    message = await asked(house, aygun)
    await aygun.press_raw(f"q/{message}", aygun.last.message_id)
    await house.settle()
    assert len(copies(owner)) == 1


async def test_a_reply_to_the_copy_or_to_its_heading_reaches_her(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await asked(house, aygun)
    who, copy = owner.received[-2:]
    await owner.reply(copy.message_id, "Bəli, <b>əlbəttə</b> & buyurun!")
    await house.settle()
    assert aygun.last.text.replace("\u2068", "").replace("\u2069", "").endswith("Bəli, <b>əlbəttə</b> & buyurun!")
    assert aygun.lock_screen[-1].text.startswith("Salam!")
    assert "əlbəttə" not in aygun.lock_screen[-1].text
    assert "Aygün" in owner.last.text
    await owner.reply(who.message_id, "Otaq da var.")
    await house.settle()
    assert "Otaq da var." in aygun.last.text


async def test_the_others_are_told_once_that_it_was_answered(house: House) -> None:
    owner, lala = await crew.member(house, "owner"), await crew.member(house, "organiser", "Lalə")
    aygun = await crew.woman(house, "Aygün")
    await asked(house, aygun)
    for text in ("Bəli.", "Buyurun."):
        await lala.reply(copies(lala)[0], text)
        await house.settle()
    told = [message.text for message in owner.received if "cavab verildi" in message.text]
    assert len(told) == 1
    assert "Lalə" in told[0]
    [(answered_by,)] = await crew.rows(house, "SELECT answered_by FROM inquiries")
    assert answered_by == lala.id


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker"])
async def test_what_is_no_text_is_copied_below_a_neutral_line(house: House, kind: str) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await asked(house, aygun)
    world, caption = house.sandbox.world, "" if kind == "sticker" else "Lənkəranda"
    sample = samples.media(world, kind, None)
    acts.say(world, owner.chat, owner.person, kind=kind, media=sample, text=caption, reply_to=copies(owner)[0])
    await house.settle()
    line, copy = aygun.received[-2:]
    assert (copy.kind, copy.text) == (kind, "")
    assert caption in line.text
    assert not any("Lənkəran" in notice.text for notice in aygun.lock_screen)


async def test_a_reply_of_an_organiser_to_anything_else_is_not_an_answer(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await asked(house, aygun)
    before = len(aygun.received)
    await owner.reply(owner.received[0].message_id, "Bəli.")
    await house.settle()
    assert len(aygun.received) == before


async def test_who_was_removed_can_answer_no_more(house: House) -> None:
    owner, lala = await crew.member(house, "owner"), await crew.member(house, "organiser", "Lalə")
    aygun = await crew.woman(house, "Aygün")
    await asked(house, aygun)
    await owner.write("/team")
    await owner.tap(f"r/remove/{lala.id}")
    await owner.tap(f"r/sure/{lala.id}")
    await house.settle()
    before = len(aygun.received)
    await lala.reply(copies(lala)[0], "Bəli.")
    await house.settle()
    assert len(aygun.received) == before


async def test_without_an_organiser_she_is_told_kindly_and_given_a_number(house: House) -> None:
    async with house.database.transaction() as tx:
        region = await programme.region(tx, "lankaran")
        assert region
        await programme.put_region(tx, programme.Region(region.id, region.position, region.places, "+994501112233"))
    aygun, sevda = await crew.woman(house, "Aygün"), await crew.woman(house, "Sevda", "quba")
    await asked(house, aygun)
    assert "+994 50 111 22 33" in aygun.last.text
    await asked(house, sevda)
    assert re.search("təşkilatçı yoxdur", sevda.last.text)
    assert await crew.rows(house, "SELECT 1 FROM inquiries") == []


async def test_who_closed_the_bot_is_to_be_called(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün", phone="+994501234567")
    await asked(house, aygun)
    await aygun.block()
    await house.settle()
    await owner.reply(copies(owner)[0], "Bəli.")
    await house.settle()
    assert "+994 50 123 45 67" in owner.last.text


async def test_of_an_erased_woman_the_organiser_hears_only_that(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await asked(house, aygun)
    person = await crew.person(house, aygun)
    async with house.database.transaction() as tx:
        await tx.run("DELETE FROM people WHERE id = ?", (person.id,))
    await owner.reply(copies(owner)[0], "Bəli.")
    await house.settle()
    assert "silib" in owner.last.text
    assert "Aygün" not in owner.last.text


async def test_nobody_can_flood_the_organisers(house: House) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    for number in range(7):
        await asked(house, aygun, f"Sual {number}?")
    assert len([message for message in owner.received if message.text.startswith("Sual ")]) == 5
    await house.travel(hours=1)
    await asked(house, aygun, "Sual 8?")
    assert owner.last.text == "Sual 8?"


@pytest.mark.parametrize("data", ["q", "q/", "q/x", "q/-1", "q/²", "q/99999999999999999999", "q/1/2", "q/0"])
async def test_forged_data_makes_no_failure(house: House, data: str) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    secret = await crew.woman(house, "Sevda")
    await secret.write("Sirr")
    await house.settle()
    await aygun.press_raw(data, 1)
    await house.settle()
    assert copies(owner, "Sirr") == []
    assert await crew.rows(house, "SELECT 1 FROM failures") == []


async def test_an_organiser_does_not_pass_on_to_herself(house: House) -> None:
    owner = await crew.member(house, "owner")
    await asked(house, owner)
    assert "təşkilatçı yoxdur" in owner.last.text
    assert copies(owner) == []
