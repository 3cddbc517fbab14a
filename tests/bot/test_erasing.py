"""Erasing goes on from wherever it was stopped, and what it leaves behind can be read by nobody."""

import asyncio
import json

import pytest

from bot import letters
from storage import erasures, outbox, people
from storage.database import Database
from tests.bot import crew
from tests.bot.test_days import at
from tests.bot.test_privacy import erased
from tests.conftest import House

NAME = "Gülnarə Sınaqova"
PHONE = "+994507654321"


def files_with(house: House, text: str) -> list[str]:
    """Which of the database's files hold the text."""
    found = sorted(house.config.storage.folder.glob("istirak.db*"))
    assert found
    return [file.name for file in found if text.encode() in file.read_bytes()]


async def ended(house: House) -> None:
    async with asyncio.timeout(15):
        while await crew.rows(
            house,
            "SELECT 1 FROM erasures WHERE state <> 'confirmed' UNION ALL SELECT 1 FROM facts WHERE name = 'checkpoint'",
        ):
            await house.look_again()


async def test_her_strings_are_in_the_files_before_and_in_none_after(house: House) -> None:
    hers = await crew.woman(house, NAME, phone=PHONE)
    await house.travel(at(1, 20))
    assert files_with(house, NAME)
    assert files_with(house, PHONE)
    await erased(house, hers)
    await ended(house)
    for text in (NAME, PHONE):
        assert files_with(house, text) == []
    rows = await crew.rows(house, "SELECT * FROM outbox")
    assert str(hers.id) not in str(rows), "not even her chat is known"


@pytest.mark.parametrize("state", ["asked", "deleted", "checkpointed"])
async def test_an_erasure_goes_on_after_a_stop_in_any_state(house: House, state: str) -> None:
    hers = await crew.woman(house, NAME)
    person = (await crew.person(house, hers)).id
    await house.close()
    database = await Database.open(house.config.storage.database, None)
    async with database.transaction() as tx:
        await erasures.ask(tx, person, hers.id, "az", house.clock.now())
        await erasures.advance(tx, person, state)
        if state != "asked":
            await erasures.remove(tx, person, house.clock.now())
        if state == "checkpointed":
            told = letters.text(hers.id, "Hər şey silindi.", key=f"erase:{person}:done")
            await outbox.add(tx, [told], house.clock.now())
    await database.close()
    await house.open()
    await hers.wait("Hər şey silindi", 15)
    await ended(house)
    assert ["Hər şey silindi." in message.text for message in hers.received] == [True]
    assert files_with(house, NAME) == []


async def test_the_list_beside_the_backups_holds_numbers_and_moments_only(house: House) -> None:
    hers = await crew.woman(house, NAME)
    person = (await crew.person(house, hers)).id
    await erased(house, hers)
    file = house.config.storage.backups / "tombstones.json"
    content = json.loads(file.read_text())
    assert content == {"erased": [{"person": person, "erased_at": content["erased"][0]["erased_at"]}]}
    assert file.stat().st_mode & 0o077 == 0


async def test_all_chats_of_a_woman_with_two_phones_are_emptied_and_she_is_told_in_one(house: House) -> None:
    hers, second = await crew.woman(house, NAME), house.phone(name=NAME)
    second.person.started = True
    person = (await crew.person(house, hers)).id
    async with house.database.transaction() as tx:
        now = house.clock.now()
        await tx.run("INSERT INTO chats (id, created_at, changed_at) VALUES (?, ?, ?)", (second.id, now, now))
        await tx.run("INSERT INTO chat_people (chat, person) VALUES (?, ?)", (second.id, person))
    await second.write("/days")
    await house.settle()
    assert second.received
    await erased(house, hers)
    await house.settle()
    assert second.received == []
    assert await crew.rows(house, "SELECT * FROM chats") == []


async def test_a_woman_who_shares_the_phone_keeps_what_is_hers(house: House) -> None:
    hers = await crew.woman(house, NAME)
    async with house.database.transaction() as tx:
        sister = await tx.insert("INSERT INTO people (created_at) VALUES (?)", (house.clock.now(),))
        await people.register(tx, sister, "Sevda", "lankaran", "ngo", "", house.clock.now())
        await tx.run("INSERT INTO chat_people (chat, person, active) VALUES (?, ?, 0)", (hers.id, sister))
    await house.travel(at(1, 20))
    await erased(house, hers)
    assert await crew.rows(house, "SELECT id, name FROM people") == [(sister, "Sevda")]
    assert (await crew.person(house, hers)).id == sister
    shown = "\n".join(message.text for message in hers.received)
    assert "Sevda" in shown
    assert NAME not in shown


async def test_what_she_passed_on_leaves_the_organisers_chats_too(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    hers = await crew.woman(house, NAME)
    update = await hers.write("Məndən başqa heç kim bilməsin?")
    await house.settle()
    await hers.press_raw(f"q/{update['message']['message_id']}", hers.last.message_id)
    await house.settle()
    assert NAME in str([message.text for message in organiser.received])
    await erased(house, hers)
    await house.settle()
    assert NAME not in str([message.text for message in organiser.received])
    assert "heç kim" not in str([message.text for message in organiser.received])
    assert await crew.rows(house, "SELECT role FROM roles") == [("organiser",)]


async def test_she_is_told_only_when_no_reader_holds_her_rows_in_the_wal(house: House) -> None:
    hers = await crew.woman(house, NAME)
    person = (await crew.person(house, hers)).id
    other = await Database.open(house.config.storage.database, None)
    async with other.reading() as reader:
        assert await reader.all("SELECT name FROM people") == [(NAME,)]
        async with house.database.transaction() as tx:
            await erasures.ask(tx, person, hers.id, "az", house.clock.now())
        async with asyncio.timeout(15):
            while not await crew.rows(house, "SELECT 1 FROM erasures WHERE state = 'deleted'"):
                await house.look_again()
        await asyncio.sleep(0.3)
        assert await crew.rows(house, "SELECT state FROM erasures") == [("deleted",)]
        assert files_with(house, NAME), "the control: they are still there"
        assert not [message for message in hers.received if "silindi" in message.text]
    await other.close()
    await hers.wait("Hər şey silindi", 15)
    await ended(house)
    assert files_with(house, NAME) == []


async def test_an_organiser_who_erases_herself_keeps_her_role(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await erased(house, organiser)
    assert await crew.rows(house, "SELECT user, role FROM roles") == [(organiser.id, "organiser")]
