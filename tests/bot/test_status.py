"""The figures: right, small, and with names only for those who may see them."""

import asyncio

from sandbox.phone import Phone
from storage import people
from tests.bot import crew
from tests.conftest import House

SCREEN = 300  # characters


async def figures(house: House, who: Phone) -> str:
    await who.write("/status")
    await house.settle()
    return "".join(sign for sign in who.last.text if sign not in "\u2068\u2069")


async def says(house: House, woman: Phone, answer: str, session: str = "lankaran-1") -> None:
    person = await crew.person(house, woman)
    async with house.database.transaction() as tx:
        await tx.run("INSERT INTO intents VALUES (?, ?, ?, 0)", (session, person.id, answer))


async def test_the_screen_counts_what_the_tables_say(house: House) -> None:
    monitor = await crew.member(house, "monitor")
    women = [await crew.woman(house, f"Qadın {number}") for number in range(4)]
    await crew.woman(house, "Sevda", "quba")
    await says(house, women[0], "coming")
    await says(house, women[1], "coming")
    await says(house, women[2], "not coming")
    text = await figures(house, monitor)
    assert "Qeydiyyat: 5 / 100" in text
    assert "Lənkəran · 4 / 34\n2 mart: gəlir 2, gəlmir 1, cavabsız 1" in text
    assert "Quba · 1 / 33\n9 mart: gəlir 0, gəlmir 0, cavabsız 1" in text
    assert "Saat: 10:00" in text
    assert len(text) <= SCREEN


async def test_the_screen_is_small_also_when_the_programme_is_full(house: House) -> None:
    for language in ("az", "ru", "en"):
        monitor = await crew.member(house, "monitor", language_code=language)
        person = await crew.person(house, monitor)
        async with house.database.transaction() as tx:
            await tx.run("UPDATE people SET language = ? WHERE id = ?", (language, person.id))
        text = await figures(house, monitor)
        assert len(text) <= SCREEN
        assert all(len(label) <= 28 for label in monitor.last.labels)


async def test_the_figures_are_refreshed_in_place(house: House) -> None:
    monitor = await crew.member(house, "monitor")
    await figures(house, monitor)
    count = len(monitor.received)
    await crew.woman(house, "Aygün")
    await monitor.tap("o/status")
    await house.settle()
    assert "1 / 100" in monitor.last.text.replace("\u2068", "").replace("\u2069", "")
    assert len(monitor.received) == count


async def test_names_of_women_to_call_are_for_organisers(house: House) -> None:
    organiser, trainer = await crew.member(house, "organiser"), await crew.member(house, "trainer")
    aygun = await crew.woman(house, "Aygün", phone="+994501234567")
    await aygun.block()
    await house.settle()
    assert "Əlaqə itib: 1" in await figures(house, trainer)
    assert [button.data for button in trainer.last.buttons] == ["o/status"]
    await trainer.press_raw("o/calls", trainer.last.message_id)
    await figures(house, organiser)
    await organiser.tap("o/calls")
    await house.settle()
    assert "Aygün" in organiser.last.text
    assert "+994 50 123 45 67" in organiser.last.text
    assert not any("Aygün" in message.text for message in trainer.received)


async def gone_woman(house: House, name: str) -> tuple[Phone, int]:
    """A participant whose account was deleted, as the bot has learnt, and her number."""
    hers = await crew.woman(house, name, phone="+994501234567")
    async with house.database.transaction() as tx:
        person = (await people.meet(tx, hers.id, hers.id, 0)).person
        await people.mark_chat(tx, hers.id, "gone", house.clock.now())
    await hers.close_account()
    return hers, person.id


async def open_list(house: House, organiser: Phone) -> None:
    await figures(house, organiser)
    await organiser.tap("o/calls")
    await house.settle()


async def test_who_deleted_her_account_is_marked_and_can_be_erased_once_confirmed(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    _, number = await gone_woman(house, "Aygün <3")
    sevda = await crew.woman(house, "Sevda")
    await sevda.block()
    await open_list(house, organiser)
    of_aygun, _, of_sevda = organiser.last.text.partition("Sevda")
    assert "Telegram hesabı silinib" in of_aygun.partition("Aygün")[2]
    assert "silinib" not in of_sevda
    await organiser.tap(f"o/call/{number}")
    await house.settle()
    assert organiser.last.labels == ["Yeni kod ver", "Məlumatlarını sil", "Kimə zəng etməli"]
    await organiser.tap(f"o/erase/{number}")
    await house.settle()
    assert "Aygün <3" in organiser.last.text and "ən çoxu 30 günə" in organiser.last.text.replace("\u2068", "")
    await organiser.tap("Xeyr, siyahıya qayıt")
    await house.settle()
    assert await crew.rows(house, "SELECT 1 FROM erasures") == []
    await organiser.tap(f"o/call/{number}")
    await house.settle()
    await organiser.tap(f"o/erase/{number}")
    await house.settle()
    await organiser.tap("Bəli, hər şeyi sil")
    async with asyncio.timeout(15):
        while await crew.rows(house, "SELECT state FROM erasures") != [("confirmed",)]:
            await house.look_again()
    assert await crew.rows(house, "SELECT name FROM people WHERE state = 'registered'") == [("Sevda",)]
    written = await crew.rows(house, "SELECT user, subject, detail FROM audit WHERE action = 'gone.erased'")
    assert written == [(organiser.id, "", "")]
    await open_list(house, organiser)
    assert "Aygün" not in organiser.last.text and "Sevda" in organiser.last.text


async def test_a_button_that_erases_is_refused_for_everybody_who_is_not_gone(house: House) -> None:
    organiser, trainer = await crew.member(house, "organiser"), await crew.member(house, "trainer")
    aygun, sevda = await crew.woman(house, "Aygün"), await crew.woman(house, "Sevda")
    await sevda.block()
    back, hers = await gone_woman(house, "Leyla")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE people SET state = 'withdrawn' WHERE id = ?", (hers,))
    people_ = [(await crew.person(house, phone)).id for phone in (aygun, sevda, back)]
    await open_list(house, organiser)
    for word in [*map(str, people_), "0", "-1", "x", "9" * 30, "٣", ""]:
        for verb in ("o/erase", "o/erasing"):
            await organiser.press_raw(f"{verb}/{word}", organiser.last.message_id)
            await house.settle()
            assert "artıq işləmir" in organiser.toasts[-1], f"{verb}/{word}"
    async with house.database.transaction() as tx:
        await tx.run("UPDATE people SET state = 'registered' WHERE id = ?", (hers,))
    await trainer.press_raw(f"o/erasing/{hers}", trainer.last.message_id)
    await house.settle()
    assert await crew.rows(house, "SELECT 1 FROM erasures") == []


async def test_a_long_list_of_women_to_call_has_pages(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    for number in range(40):
        await crew.woman(house, f"{number} " + "Ə" * 95)
    async with house.database.transaction() as tx:
        await tx.run("UPDATE chats SET state = 'blocked' WHERE id <> ?", (organiser.id,))
    await figures(house, organiser)
    await organiser.tap("o/calls")
    await house.settle()
    assert [button.data for button in organiser.last.buttons][-1] == "o/calls/1"
    for page in (1, 2, 3):
        await organiser.tap(f"o/calls/{page}")
        await house.settle()
    assert "40. " in organiser.last.text and "\n30. " not in organiser.last.text
    assert [button.data for button in organiser.last.buttons][-1] == "o/calls/2"
    assert house.sandbox.refused_malformed == 0
