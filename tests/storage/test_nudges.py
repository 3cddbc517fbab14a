"""Nudges: who left her registration half-way is found once for each kind, and nobody else is."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forms.model import Value
from storage import erasures, nudges, people, sheets
from storage.database import Database, Transaction
from storage.sheets import Sheet
from tests.storage.place import WEEK_BEFORE, settle

LEFT = WEEK_BEFORE
SPAN = (LEFT, LEFT + 1)
REGIONS = {"lankaran", ""}


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await settle(tx, "lankaran-1")
        await sheets.put_definition(tx, "hash", "registration", "{}")
        yield tx
    await database.close()


async def unfinished(tx: Transaction, chat: int, region: str = "", form: str = "registration") -> int:
    """A visitor who left a form half-way; her number."""
    person = await people.welcome(tx, chat, LEFT)
    answers: dict[str, Value] = {"consent": "yes", **({"region": region} if region else {})}
    sheet = Sheet(f"key{chat}", form, "hash", person, chat, "", "open", "name", LEFT, answers)
    await sheets.open_sheet(tx, sheet)
    return person


async def found(tx: Transaction, kind: str = "next day", span: tuple[int, int] = SPAN) -> list[int]:
    return [woman.person for woman in await nudges.left(tx, kind, span, REGIONS, 100)]


async def test_who_left_in_that_time_is_found_with_her_sheet_and_her_chat(tx: Transaction) -> None:
    person = await unfinished(tx, 1)
    await people.set_language(tx, person, 1, "ru")
    assert await nudges.left(tx, "closing", SPAN, REGIONS, 100) == [("key1", 1, person, "ru", 1)]
    assert await nudges.first_left(tx, "closing", SPAN, REGIONS) == LEFT
    assert await found(tx, span=(LEFT + 1, LEFT + 9)) == await found(tx, span=(0, LEFT)) == []


async def test_at_most_so_many_are_found_at_once(tx: Transaction) -> None:
    women = [await unfinished(tx, chat) for chat in range(1, 6)]
    assert [woman.person for woman in await nudges.left(tx, "next day", SPAN, REGIONS, 3)] == women[:3]


async def test_a_nudge_of_a_kind_comes_once_and_after_the_last_none(tx: Transaction) -> None:
    first, second = await unfinished(tx, 1), await unfinished(tx, 2)
    await nudges.note(tx, first, "next day", LEFT)
    assert (await found(tx, "next day"), await found(tx, "closing")) == ([second], [first, second])
    await nudges.note(tx, second, "closing", LEFT)
    assert (await found(tx, "next day"), await found(tx, "closing")) == ([], [first])


async def test_the_way_to_another_region_is_not_this_one(tx: Transaction) -> None:
    here, nowhere = await unfinished(tx, 1, "lankaran"), await unfinished(tx, 2)
    await unfinished(tx, 3, "quba")
    assert await found(tx) == [here, nowhere]
    assert await nudges.first_left(tx, "next day", SPAN, {"zaqatala"}) is None


@pytest.mark.parametrize(
    "otherwise",
    [
        "UPDATE sheets SET state = 'cancelled'",
        "UPDATE sheets SET state = 'submitted'",
        "UPDATE sheets SET form = 'recommendation'",
        "UPDATE people SET state = 'registered'",
        "UPDATE people SET state = 'waiting'",
        "UPDATE people SET state = 'withdrawn'",
        "UPDATE people SET via = 'helper'",
        "UPDATE chats SET state = 'blocked'",
        "UPDATE chats SET state = 'gone'",
        "DELETE FROM chat_people",
    ],
)
async def test_nobody_else_is_found(tx: Transaction, otherwise: str) -> None:
    person = await unfinished(tx, 1)
    assert await found(tx) == [person]
    await tx.run(otherwise)
    assert await found(tx) == []


async def test_what_was_noted_goes_with_the_registration_or_with_the_woman(tx: Transaction) -> None:
    women = [await unfinished(tx, chat) for chat in range(1, 4)]
    for person in women:
        await nudges.note(tx, person, "next day", LEFT)
    await people.register(tx, women[0], "Aygün", "lankaran", "ngo", "", LEFT)
    await erasures.remove(tx, women[1], LEFT)
    await nudges.forget(tx)
    assert await tx.all("SELECT person FROM nudges") == [(women[2],)]


async def test_only_open_sheets_are_looked_through(tx: Transaction) -> None:
    for statement, parameters in ((nudges.WOMEN, ("closing", 0, 1, "[]", 9)), (nudges.FIRST, ("closing", 0, 1, "[]"))):
        plan = [str(row[3]) for row in await tx.all("EXPLAIN QUERY PLAN " + statement, parameters)]
        assert re.match("(SCAN|SEARCH) s USING INDEX one_open_sheet", plan[0]), plan
        assert [step for step in plan[1:] if step.startswith("SCAN") and "json_each" not in step] == []
