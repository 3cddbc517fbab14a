"""What a woman needs is counted for her region, and forgotten when the training has been over for a while."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from forms.model import Value
from storage import needs, people, programme, sheets
from storage.database import Database, Transaction
from storage.sheets import Sheet
from tests.storage import place
from tests.storage.place import ENDS, WEEK_BEFORE


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await place.settle(tx, "lankaran-1")
        yield tx
    await database.close()


async def test_what_is_kept_is_what_she_said_last(tx: Transaction) -> None:
    aygun = await place.woman(tx, 1)
    await needs.put(tx, aygun, ["food", "child"])
    assert await needs.of(tx, aygun) == ["child", "food"]
    await needs.put(tx, aygun, ["access"])
    assert await needs.of(tx, aygun) == ["access"]
    await needs.put(tx, aygun, [])
    assert await needs.of(tx, aygun) == []


async def test_they_are_summed_for_each_region_of_the_women_who_take_part(tx: Transaction) -> None:
    await place.settle(tx, region="quba")
    women = [await place.woman(tx, chat) for chat in (1, 2, 3)] + [await place.woman(tx, 4, region="quba")]
    for woman in women:
        await needs.put(tx, woman, ["child"])
    await needs.put(tx, women[0], ["child", "food"])
    await people.withdraw(tx, women[2])
    assert await needs.summed(tx) == {"lankaran": {"child": 2, "food": 1}, "quba": {"child": 1}}


async def test_they_are_forgotten_by_region_after_its_last_session(tx: Transaction) -> None:
    await place.settle(tx, "quba-1", region="quba")
    later = await programme.session(tx, "quba-1")
    assert later
    await programme.put_session(tx, replace(later, date=later.date.replace(day=3)), {})
    here, there = await place.woman(tx, 1), await place.woman(tx, 2, region="quba")
    for woman in (here, there):
        await needs.put(tx, woman, ["child"])
    await needs.forget(tx, ENDS)
    assert await needs.of(tx, here) == ["child"], "not before that moment"
    await needs.forget(tx, ENDS + 1)
    assert (await needs.of(tx, here), await needs.of(tx, there)) == ([], ["child"])


async def test_a_cancelled_session_puts_nothing_off_unless_there_is_no_other(tx: Transaction) -> None:
    aygun, session = await place.woman(tx, 1), await programme.session(tx, "lankaran-1")
    assert session
    cancelled = replace(session, id="lankaran-2", date=session.date.replace(day=9), state="cancelled")
    await programme.put_session(tx, cancelled, {})
    await needs.put(tx, aygun, ["child"])
    await needs.forget(tx, ENDS + 1)
    assert await needs.of(tx, aygun) == []
    await needs.put(tx, aygun, ["child"])
    await programme.put_session(tx, replace(session, state="cancelled"), {})
    await needs.forget(tx, ENDS + 1)
    assert await needs.of(tx, aygun) == ["child"]
    await needs.forget(tx, ENDS + 8 * 86_400_000)
    assert await needs.of(tx, aygun) == []


async def test_sheets_that_were_never_sent_forget_them_too(tx: Transaction) -> None:
    """Of a woman of the region, and of a visitor who has chosen it: ticked or answered."""
    await sheets.put_definition(tx, "hash", "registration", "{}")
    women = [await place.woman(tx, 1), await people.welcome(tx, 2, WEEK_BEFORE), await people.welcome(tx, 3, 0)]
    said: list[dict[str, Value]] = [
        {"needs": ["child"]},
        {"region": "lankaran", "needs~": ["food"]},
        {"region": "quba", "needs": ["food"]},
    ]
    for woman, answers in zip(women, said, strict=True):
        key, given = f"key-{woman}", {"name": "Ad", **answers}
        sheet = Sheet(key, "registration", "hash", woman, 1, "", "open", "permissions", 1, given)
        await sheets.open_sheet(tx, sheet)
    await needs.forget(tx, ENDS + 1)
    left = await tx.all("SELECT sheet, question, value FROM answers WHERE question <> 'name' ORDER BY sheet, question")
    assert [(question, json.loads(value)) for _, question, value in left] == [
        ("region", "lankaran"),
        ("needs", ["food"]),
        ("region", "quba"),
    ]
