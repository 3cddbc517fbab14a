"""Anonymous sheets: hers and sealed while the survey is open; unlinked, or destroyed, when it closes."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import programme, sheets, surveys
from storage.database import Database, Transaction
from tests.storage import place

HOUR = 3_600_000
CLOSES = place.ENDS + 72 * HOUR


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await place.settle(tx, "l-1", "l-2")
        await sheets.put_definition(tx, "hash", "day", "{}")
        yield tx
    await database.close()


async def opened(tx: Transaction, women: int, session: str = "l-1") -> list[sheets.Sheet]:
    """A survey that `women` women were asked in."""
    survey = await surveys.open_survey(tx, session, "day", "hash", place.ENDS, CLOSES)
    asked = [(await place.woman(tx, 100 + number), 100 + number) for number in range(women)]
    return await surveys.invite(tx, survey, asked, "useful")


async def said(tx: Transaction, sheet: sheets.Sheet, **answers: object) -> None:
    await surveys.save(tx, sheet._replace(answers=answers, step="pace"))  # type: ignore[arg-type]


async def test_a_day_that_is_over_gets_one_survey(tx: Transaction) -> None:
    await programme.cancel_session(tx, "l-2")
    assert await surveys.ended(tx, place.STARTS, place.ENDS - 1) == []
    assert [day.session for day in await surveys.ended(tx, place.STARTS, place.ENDS)] == ["l-1"]
    await opened(tx, 0)
    assert await surveys.ended(tx, place.STARTS, place.ENDS) == []
    assert await surveys.closings(tx, 1000) == [CLOSES - 1000]


async def test_a_sheet_can_be_found_and_resumed_while_its_survey_is_open(tx: Transaction) -> None:
    [sheet] = await opened(tx, 1)
    await said(tx, sheet, useful="4")
    found = await surveys.sheet_by_key(tx, sheet.key)
    assert found
    assert (found.form, found.subject, found.step, found.answers) == ("day", "day:l-1", "pace", {"useful": "4"})
    assert await surveys.open_of(tx, sheet.person) == [found]
    assert await surveys.open_sheet(tx, "day:l-1", sheet.person, sheet.chat, "useful") == found
    await surveys.close(tx, "day:l-1", 5)
    assert await surveys.sheet_by_key(tx, sheet.key) is None
    assert await surveys.open_of(tx, sheet.person) == []
    with pytest.raises(surveys.Closed):
        await surveys.save(tx, found)
    with pytest.raises(surveys.Closed):
        await surveys.open_sheet(tx, "day:l-1", sheet.person, sheet.chat, "useful")


async def test_the_closing_leaves_no_trace_of_how_often_its_sheet_was_asked_in_the_numbers_of_others(
    tx: Transaction,
) -> None:
    [gone] = await opened(tx, 1)
    second = await surveys.open_survey(tx, "l-2", "day", "hash", place.ENDS, CLOSES)
    [kept] = await surveys.invite(tx, second, [(gone.person, gone.chat)], "useful")
    for _ in range(3):
        await said(tx, gone, useful="4")
    await said(tx, kept, useful="4")
    await surveys.close(tx, "day:l-1", 5)
    assert await tx.all("SELECT follows, asked FROM sealed_sheets") == [(0, 1)]


async def test_no_answer_can_be_read_in_the_table_of_an_open_survey(tx: Transaction) -> None:
    [sheet] = await opened(tx, 1)
    await said(tx, sheet, better="Daha çox vaxt olsun")
    [(box,)] = await tx.all("SELECT box FROM sealed_sheets")
    assert b"vaxt" not in box
    assert b"better" not in box


async def test_five_sheets_with_an_answer_move_whole_or_partial_and_without_empty_answers(tx: Transaction) -> None:
    asked = await opened(tx, 7)
    for number, sheet in enumerate(asked[:5]):
        await said(tx, sheet, useful=str(number), better=None)
    await said(tx, asked[5], useful=None)
    assert await surveys.close(tx, "day:l-1", 5) == 5
    rows = await tx.all("SELECT survey, definition, answers FROM responses")
    assert sorted(json.loads(row[2])["useful"] for row in rows) == ["0", "1", "2", "3", "4"]
    assert {row[:2] for row in rows} == {("day:l-1", "hash")}
    assert all("better" not in row[2] for row in rows)
    assert await tx.all("SELECT state, asked, answered FROM surveys") == [("closed", 7, 5)]
    assert await tx.all("SELECT 1 FROM sealed_sheets UNION ALL SELECT 1 FROM survey_keys") == []


async def test_four_sheets_are_destroyed_and_only_their_number_is_kept(tx: Transaction) -> None:
    asked = await opened(tx, 6)
    for sheet in asked[:4]:
        await said(tx, sheet, useful="5")
    await surveys.save(tx, asked[4]._replace(state="cancelled", answers={"useful": "1"}))
    assert await surveys.close(tx, "day:l-1", 5) == 4
    assert await tx.all("SELECT * FROM responses") == []
    assert await tx.all("SELECT state, answered FROM surveys") == [("too few", 4)]
    assert await tx.all("SELECT 1 FROM sealed_sheets UNION ALL SELECT 1 FROM survey_keys") == []


async def test_neither_column_nor_order_nor_time_leads_from_a_response_to_a_woman(tx: Transaction) -> None:
    """The same sheets in the same order, many times: where they land has nothing to do with whose they are."""
    columns = [row[1] for row in await tx.all("PRAGMA table_info(responses)")]
    assert columns == ["key", "survey", "definition", "answers"]
    [(sql,)] = await tx.all("SELECT sql FROM sqlite_master WHERE name = 'responses'")
    assert "WITHOUT ROWID" in sql
    first_places = set()
    for number in range(40):
        await tx.run("DELETE FROM people")
        await tx.run("DELETE FROM chats")
        await place.settle(tx, f"s-{number}")
        asked = await opened(tx, 5, f"s-{number}")
        for place_, sheet in enumerate(asked):
            await said(tx, sheet, useful=str(place_))
        await surveys.close(tx, f"day:s-{number}", 5)
        rows = await tx.all("SELECT answers, key FROM responses WHERE survey = ? ORDER BY key", (f"day:s-{number}",))
        first_places.add(json.loads(rows[0][0])["useful"])
        keys = {sheet.key for sheet in asked}
        assert not any(key in keys for _, key in rows)
    assert first_places == {"0", "1", "2", "3", "4"}, "each of five was first at least once in forty: 1 - 5 · 0.8^40"


async def test_a_survey_whose_key_was_left_out_of_a_restored_backup_closes_empty(tx: Transaction) -> None:
    [sheet] = await opened(tx, 1)
    await tx.run("DELETE FROM survey_keys")
    await tx.run("DELETE FROM sealed_sheets")
    assert await surveys.sheet_by_key(tx, sheet.key) is None
    assert await surveys.close(tx, "day:l-1", 5) == 0
    assert await tx.all("SELECT state FROM surveys") == [("too few",)]
