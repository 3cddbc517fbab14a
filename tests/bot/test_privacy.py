"""/privacy: all that is kept is shown, consent can be taken back, and everything can be erased."""

import asyncio

from forms import load
from sandbox.phone import Phone
from storage import consents, people, sheets
from storage.sheets import Sheet
from tests.bot import crew
from tests.bot.test_days import at
from tests.conftest import House


async def erased(house: House, phone: Phone) -> None:
    """She asks for everything to be erased, and is told that it is."""
    await phone.write("/privacy")
    await house.settle()
    for label in ("Hər şeyi sil", "Bəli, hər şeyi sil"):
        await phone.tap(label)
        await house.settle()
    await phone.wait("Hər şey silindi", 15)
    async with asyncio.timeout(15):
        while await crew.rows(house, "SELECT 1 FROM erasures WHERE state <> 'confirmed'"):
            await house.look_again()


def written(person: int, chat: int, definition: str, number: int) -> Sheet:
    """A long recommendation."""
    text = f"tövsiyə {number}: " + "Küçələr gecə işıqlı olsun. " * 20
    way = (
        "open",
        "",
        1,
        {"text": text} | {question.key: text for question in load.shipped("recommendation").questions},
    )
    return Sheet(f"key-{number}", "recommendation", definition, person, chat, str(number), *way)


async def test_the_page_is_short_and_names_what_can_be_done(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await aygun.write("/privacy")
    await house.settle()
    assert len(aygun.last.text) <= 300
    assert aygun.last.labels == ["Məlumatımı göstər", "İcazələrim", "Razılığımı geri götürürəm", "Hər şeyi sil"]


async def test_all_that_is_kept_is_shown_in_words_and_no_message_is_too_long(house: House) -> None:
    aygun = await crew.woman(house, "Aygün", phone="+994501234567")
    person = (await crew.person(house, aygun)).id
    form = load.shipped("recommendation")
    async with house.database.transaction() as tx:
        await consents.give(tx, person, consents.TRAINING, "hash", house.clock.now())
        await sheets.put_definition(tx, load.digest(form), form.name, load.to_json(form))
        for number in range(12):
            await sheets.open_sheet(tx, written(person, aygun.id, load.digest(form), number))
    await house.travel(at(1, 20))
    await aygun.tap("Gələcəyəm")
    await house.settle()
    await aygun.write("/privacy")
    await house.settle()
    seen = len(aygun.received)
    await aygun.tap("Məlumatımı göstər")
    await house.settle()
    shown = [message.text for message in aygun.received[seen:]]
    text = "\n".join(shown)
    assert len(shown) > 1
    for fact in (
        "Aygün",
        "Lənkəran",
        "+994 50 123 45 67",
        str(aygun.id),
        "22 fevral",
        "✓ Gələcəksiniz",
        "xatırlatma",
        "tövsiyə 0",
        "tövsiyə 11",
    ):
        assert fact in text, fact
    assert all(len(part.encode("utf-16-le")) // 2 <= 4096 for part in shown)


async def test_an_answer_of_a_survey_is_never_shown_back(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(2, 17))
    await aygun.tap("4", aygun.last)
    await house.settle()
    await aygun.write("/privacy")
    await house.settle()
    await aygun.tap("Məlumatımı göstər")
    await house.settle()
    assert "möhürlüdür: 1" in aygun.last.text
    assert "faydalı" not in aygun.last.text


async def test_who_takes_her_consent_back_gets_no_more_reminders_and_may_come_back(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    person = (await crew.person(house, aygun)).id
    async with house.database.transaction() as tx:
        await consents.give(tx, person, consents.TRAINING, "hash", house.clock.now())
    await aygun.write("/privacy")
    await house.settle()
    await aygun.tap("Razılığımı geri götürürəm")
    await house.settle()
    await aygun.tap("Xeyr, qalsın")
    await house.settle()
    assert (await crew.person(house, aygun)).state == "registered"
    await aygun.write("/privacy")
    await house.settle()
    await aygun.tap("Razılığımı geri götürürəm")
    await house.settle()
    await aygun.tap("Bəli, geri götürürəm")
    await house.settle()
    assert (await crew.person(house, aygun)).state == "withdrawn"
    assert [row[0] for row in await crew.rows(house, "SELECT withdrawn_at IS NOT NULL FROM consents")] == [1]
    seen = len(aygun.received)
    await house.travel(at(4, 20))
    assert len(aygun.received) == seen
    assert aygun.last.buttons


async def test_an_erasure_is_asked_twice_and_its_confirmation_is_all_that_is_left_in_the_chat(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 20))
    await aygun.tap("Gələcəyəm")
    await house.settle()
    await erased(house, aygun)
    assert ["Hər şey silindi." in message.text for message in aygun.received] == [True]
    for table in ("people", "chats", "chat_people", "outbox", "reminders", "intents", "sheets", "consents"):
        assert await crew.rows(house, f"SELECT * FROM {table}") == [], table
    assert await crew.rows(house, "SELECT chat, state FROM erasures") == [(0, "confirmed")]
    await house.travel(at(4, 20))
    assert len(aygun.received) == 1, "nothing comes after it"


async def test_she_may_start_anew_as_somebody_who_is_not_known(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    before = (await crew.person(house, aygun)).id
    await erased(house, aygun)
    await aygun.start()
    await house.settle()
    person = await crew.person(house, aygun)
    assert person.id > before
    assert (person.state, person.name) == ("visitor", "")


async def test_a_button_erases_the_woman_for_whom_it_was_made_and_nobody_else_of_the_phone(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await aygun.write("/privacy")
    await house.settle()
    await aygun.tap("Hər şeyi sil")
    await house.settle()
    question = aygun.last
    async with house.database.transaction() as tx:
        await tx.run("UPDATE chat_people SET active = 0 WHERE chat = ?", (aygun.id,))
        sister = await people.welcome(tx, aygun.id, house.clock.now())
    for data in (f"p/gone/{sister + 7}", "p/gone", "p/nonsense/1", "p", f"p/left/{sister}x"):
        await aygun.press_raw(data, question.message_id)
        await house.settle()
    assert await crew.rows(house, "SELECT count(*) FROM erasures") == [(0,)]
    assert "işləmir" in aygun.toasts[-1]
    await aygun.press_raw(f"p/gone/{sister - 1}", question.message_id)
    async with asyncio.timeout(15):
        while await crew.rows(house, "SELECT person, state FROM erasures") != [(sister - 1, "confirmed")]:
            await house.look_again()
    assert await crew.rows(house, "SELECT person, active FROM chat_people") == [(sister, 1)]
    assert await crew.rows(house, "SELECT count(*) FROM failures") == [(0,)]
