"""Who reads every table, file and count afterwards finds neither whose an answer was nor who was erased."""

import asyncio
import json
from collections import Counter
from typing import Any

from bot import backups
from sandbox import faults
from sandbox.phone import Phone
from storage import erasures, recovery
from storage.database import Database
from tests.bot import crew
from tests.bot.test_days import at
from tests.bot.test_erasing import ended, files_with
from tests.bot.test_privacy import erased
from tests.bot.test_surveys import WORDS, complete, fill, group
from tests.conftest import House

NAME = "Gülnarə Sınaqova"
PHONE = "+994507654321"


async def everything(house: House, database: Database | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    async with (database or house.database).reading() as tx:
        names = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {name: await tx.all(f"SELECT * FROM {name}") for (name,) in names}


async def answered_survey(house: House) -> list[Phone]:
    """Six women were asked: four complete the survey, one stops half way, one skips the words."""
    phones = await group(house, 6)
    await house.travel(at(2, 17))
    for number, phone in enumerate(phones[:4], start=1):
        await complete(house, phone, str(number))
    await fill(house, phones[4], "5")
    await fill(house, phones[5], "5", "Çox sürətli", "Qismən", "Bəlkə", "Bu sualı keç ›")
    return phones


async def traces(house: House, database: Database | None = None) -> Counter[int]:
    """How many letters stand in the outbox for each woman, but for those that all women of the day got."""
    async with (database or house.database).reading() as tx:
        rows = await tx.all(
            "SELECT person FROM outbox WHERE person IS NOT NULL AND coalesce(key, '') NOT GLOB 'remind:*'"
        )
    return Counter(person for (person,) in rows)


async def test_no_row_and_no_count_tells_after_the_closing_whose_an_answer_was(house: House) -> None:
    await answered_survey(house)
    assert len(set((await traces(house)).values())) > 1, "the control: while it is open, counts differ"
    await house.travel(at(6, 17))
    tables = await everything(house)
    said = [json.loads(row[3]) for row in tables["responses"] if row[1] == "day:lankaran-1"]
    assert len(said) == 6 and {len(each) for each in said} == {1, 4, 5}
    assert len(set((await traces(house)).values())) <= 1
    assert sorted(each.get("better", "") for each in said)[2:] == [WORDS] * 4
    words = (WORDS, json.dumps(WORDS)[1:-1].replace("\\", "\\\\"))
    assert [name for name, rows in tables.items() if any(each in str(rows) for each in words)] == ["responses"]
    assert [row[0] for row in tables["responses"]] == sorted(row[0] for row in tables["responses"])
    survey = [row for row in tables["surveys"] if row[0] == "day:lankaran-1"]
    assert [(row[4], row[7], row[8]) for row in survey] == [("closed", 6, 6)]
    people = {row[0] for row in tables["people"]}
    assert not people & {value for row in tables["responses"] for value in row}


async def test_a_backup_of_the_open_survey_holds_no_sheet_and_no_count(house: House) -> None:
    await answered_survey(house)
    paper = recovery.new_recovery_key()
    async with house.database.transaction() as tx:
        await recovery.keep(tx, paper)
    file = await backups.make(house.config, house.seams, house.clock.now())
    await house.close()
    house.config.storage.database.rename(house.folder / "old.db")
    for left in house.config.storage.folder.glob("istirak.db-*"):
        left.unlink()
    restored = await backups.restore(house.config, house.seams, file, paper, house.clock.now())
    assert restored.erased == 0
    database = await Database.open(house.config.storage.database, None)
    try:
        tables = await everything(house, database)
        assert tables["sealed_sheets"] == [] == tables["survey_keys"]
        assert len(set((await traces(house, database)).values())) <= 1
    finally:
        await database.close()


async def test_an_organiser_sees_only_how_many_and_never_before_the_closing_what(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await answered_survey(house)
    await organiser.write("/status")
    await organiser.write("/export")
    await house.settle()
    assert WORDS not in str([message.text for message in organiser.received])
    calls = [call for call in house.sandbox.calls if WORDS in str(call)]
    assert [call.method for call in calls if call.method != "getUpdates"] == []


async def test_her_data_show_nothing_of_a_survey_open_or_closed_but_that_there_is_one(house: House) -> None:
    phones = await answered_survey(house)
    number = (await crew.person(house, phones[0])).id
    for moment in (at(2, 20), at(6, 17)):
        await house.travel(moment)
        await phones[0].write("/privacy")
        await house.settle()
        count = len(phones[0].received)
        await phones[0].tap(f"p/data/{number}")
        await house.settle()
        shown = str([message.text for message in phones[0].received[count:]])
        for answer in (WORDS, "Tam yerində", "Sürət", "Fayda"):
            assert answer not in shown


async def test_an_erasure_takes_her_from_the_open_survey_and_from_every_file(house: House) -> None:
    phones = await answered_survey(house)
    hers = await crew.woman(house, NAME, phone=PHONE)
    organiser = await crew.member(house, "organiser")
    update = await hers.write("Mənim gizli sualım")
    await house.settle()
    await hers.press_raw(f"q/{update['message']['message_id']}", hers.last.message_id)
    await house.settle()
    await backups.make(house.config, house.seams, house.clock.now())
    for phone in (hers, phones[0]):
        await erased(house, phone)
    await ended(house)
    await house.travel(at(6, 17))
    for text in (NAME, PHONE, "gizli"):
        assert files_with(house, text) == []
    rows = await crew.rows(house, "SELECT state, answered FROM surveys WHERE id = 'day:lankaran-1'")
    assert rows == [("closed", 5)]
    assert str(hers.id) not in str(await everything(house))
    assert NAME not in str([message.text for message in organiser.received])
    await hers.start()
    await house.settle()
    assert (await crew.person(house, hers)).state == "visitor"
    assert hers.last.labels[-1] == "Başlayaq"


async def test_what_still_waits_for_an_organiser_when_she_is_erased_does_not_name_her(house: House) -> None:
    organiser, hers = await crew.member(house, "organiser"), await crew.woman(house, NAME, phone=PHONE)
    number = (await crew.person(house, hers)).id
    await hers.block()
    await organiser.write("/status")
    await house.settle()
    house.sandbox.faults.plan("sendMessage", fault=faults.CUT_BEFORE, times=10_000)
    house.clock.set_rate(1)
    await organiser.tap("o/calls")
    async with asyncio.timeout(10):
        while NAME not in str(await everything(house)):
            await asyncio.sleep(0.01)
        async with house.database.transaction() as tx:
            await erasures.ask(tx, number, hers.id, "az", house.clock.now())
        while await crew.rows(house, "SELECT 1 FROM people WHERE id = ?", number):
            await asyncio.sleep(0.01)
    assert NAME not in str(await everything(house))
    house.sandbox.faults.clear()
    await house.settle()
    assert NAME not in str([message.text for message in organiser.received])
