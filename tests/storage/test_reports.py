"""Figures count registered women only, and show of surveys nothing but numbers until five have closed together."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from forms import load
from storage import people, programme, reports
from storage.database import Database, Transaction

NOW = programme.moment(date(2027, 3, 8), time(12), "Asia/Baku")
DAY = 86_400_000


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    """Two regions with places and one without, Quba with two days."""
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        for position, (region, places) in enumerate([("quba", 33), ("zaqatala", 33), ("closed", 0)]):
            await programme.put_region(tx, programme.Region(region, position, places))
        await programme.put_words(tx, "region:quba", {"name": {"az": "Quba", "ru": "Губа"}})
        for number in (1, 2):
            day = programme.Session(
                f"quba-{number}", "quba", date(2027, 3, 8 + number), time(10), time(16), "Asia/Baku", 41.0, 48.0
            )
            await programme.put_session(tx, day, {})
        yield tx
    await database.close()


async def woman(tx: Transaction, chat: int, region: str = "quba", intent: str = "", session: str = "quba-1") -> int:
    person = await people.welcome(tx, chat, NOW)
    await people.register(tx, person, f"Qadın {chat}", region, "ngo", "+994501234567", NOW)
    if intent:
        await tx.run("INSERT INTO intents VALUES (?, ?, ?, ?)", (session, person, intent, NOW))
    return person


async def survey(tx: Transaction, session: str, state: str, sheets: int) -> None:
    form = load.shipped("day")
    digest = load.digest(form)
    await tx.run("INSERT OR IGNORE INTO definitions VALUES (?, 'day', ?)", (digest, load.to_json(form)))
    await tx.run(
        "INSERT INTO surveys (id, session, form, definition, state, opened_at, closes_at, asked, answered)"
        " VALUES (?, ?, 'day', ?, ?, 0, 0, 9, ?)",
        (f"day:{session}", session, digest, state, 0 if state == "open" else sheets),
    )
    for number in range(sheets if state == "closed" else 0):
        await tx.run(
            "INSERT INTO responses VALUES (?, ?, ?, ?)",
            (f"{session}{number}", f"day:{session}", digest, json.dumps({"useful": number})),
        )


async def test_a_region_counts_its_registered_women_and_what_they_said_of_the_next_day(tx: Transaction) -> None:
    await woman(tx, 1, intent="coming")
    await woman(tx, 2, intent="not coming")
    await woman(tx, 3)
    await woman(tx, 4, intent="coming", session="quba-2")
    await people.withdraw(tx, await woman(tx, 5, intent="coming"))
    await woman(tx, 6, region="zaqatala", intent="coming")  # said of a day that is not hers
    await people.welcome(tx, 7, NOW)
    quba, zaqatala = await reports.regions(tx, "ru", NOW)
    assert quba == reports.Region("quba", "Губа", 33, 4, "quba-1", "2027-03-09", "10:00", 1, 1)
    assert quba.silent == 2
    assert zaqatala == reports.Region("zaqatala", "zaqatala", 33, 1, None, "", "", 0, 0)


async def test_the_next_day_is_the_one_that_has_not_ended_and_is_held(tx: Transaction) -> None:
    ends = programme.moment(date(2027, 3, 9), time(16), "Asia/Baku")
    found = [(await reports.regions(tx, "az", moment))[0].session for moment in (ends - 1, ends, ends + DAY)]
    assert found == ["quba-1", "quba-2", None]
    await programme.cancel_session(tx, "quba-1")
    assert (await reports.regions(tx, "az", NOW))[0].session == "quba-2"


async def test_of_surveys_only_numbers_are_known(tx: Transaction) -> None:
    assert await reports.surveys(tx) == reports.Surveys(0, 0)
    await survey(tx, "quba-1", "closed", 6)
    await survey(tx, "quba-2", "open", 3)
    for chat, state in enumerate(("submitted", "submitted", "open"), start=1):
        person = await woman(tx, chat)
        sheet = (f"k{chat}", person, chat, state)
        await tx.run("INSERT INTO sealed_sheets VALUES (?, 'day:quba-2', ?, ?, ?, '', x'00', 0, 1)", sheet)
    assert await reports.surveys(tx) == reports.Surveys(18, 8)


async def test_responses_are_those_of_closed_surveys_of_five_or_more_without_time(tx: Transaction) -> None:
    await survey(tx, "quba-1", "closed", 5)
    await survey(tx, "quba-2", "too few", 4)
    found = await reports.responses(tx)
    assert [(each.subject, each.changed_at) for each in found] == [("quba-1", 0)] * 5


async def test_a_survey_that_says_closed_with_fewer_than_five_is_not_shown(tx: Transaction) -> None:
    await survey(tx, "quba-1", "closed", 4)
    assert await reports.responses(tx) == []


async def test_whoever_the_bot_cannot_write_to_is_to_be_called(tx: Transaction) -> None:
    person = await woman(tx, 1)
    await woman(tx, 2)
    await people.mark_chat(tx, 1, "blocked", NOW)
    called = reports.Unreached(person, "Qadın 1", "quba", "+994501234567", gone=False)
    assert await reports.unreached(tx) == [called]
    await people.mark_chat(tx, 1, "gone", NOW)
    assert await reports.unreached(tx) == [replace(called, gone=True)]
    await tx.run("INSERT INTO chats (id, state, created_at, changed_at) VALUES (8, 'blocked', 0, 0)")
    await tx.run("INSERT INTO chat_people (chat, person, active) VALUES (8, ?, 1)", (person,))
    assert await reports.unreached(tx) == [called], "she may unblock the other one"
    await tx.run("INSERT INTO chats (id, created_at, changed_at) VALUES (9, 0, 0)")
    await tx.run("INSERT INTO chat_people (chat, person, active) VALUES (9, ?, 1)", (person,))
    assert await reports.unreached(tx) == []


async def test_each_woman_stands_beside_each_day_of_her_region(tx: Transaction) -> None:
    await woman(tx, 1, intent="coming")
    await woman(tx, 2, region="zaqatala")
    assert [(row.session, row.name, row.answer) for row in await reports.intents(tx)] == [
        ("quba-1", "Qadın 1", "coming"),
        ("quba-2", "Qadın 1", ""),
    ]
    assert [(day.id, day.coming, day.asked) for day in await reports.days(tx)] == [
        ("quba-1", 1, None),
        ("quba-2", 0, None),
    ]


async def test_submitted_sheets_come_with_their_answers_and_open_ones_do_not(tx: Transaction) -> None:
    person = await woman(tx, 1)
    await tx.run("INSERT INTO definitions VALUES ('h', 'recommendation', '{}')")
    for number, state in enumerate(("open", "submitted", "cancelled"), start=1):
        sheet = (number, f"k{number}", person, state, NOW)
        await tx.run("INSERT INTO sheets VALUES (?, ?, 'recommendation', 'h', ?, 1, '', ?, '', 0, ?, 0)", sheet)
        await tx.run("INSERT INTO answers VALUES (?, 'place', '\"Park\"')", (number,))
    [filled] = await reports.submitted(tx, "recommendation")
    assert (filled.subject, filled.region, json.loads(filled.answers)) == ("Qadın 1", "quba", {"place": "Park"})
