"""A consent stands for one purpose, in the words that she read, until it is taken back; each is kept."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forms import load
from storage import consents
from storage.consents import PERMISSIONS, TRAINING
from storage.database import Database, Transaction
from tests.storage import place

NOW = 1_800_000_000_000


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await place.settle(tx, "lankaran-1")
        yield tx
    await database.close()


def test_the_purposes_are_the_choices_of_the_form() -> None:
    asked = load.shipped("registration").question("permissions")
    assert asked
    assert tuple(choice.key for choice in asked.choices) == PERMISSIONS


async def test_each_purpose_stands_by_itself(tx: Transaction) -> None:
    aygun = await place.woman(tx, 1)
    await consents.give(tx, aygun, TRAINING, "a" * 64, NOW)
    assert await consents.allow(tx, aygun, ["contact", "photos"], "a" * 64, NOW) == []
    assert await consents.allowed(tx, aygun) == ["photos", "contact"]
    assert await consents.withdraw(tx, aygun, "photos", NOW + 1)
    assert not await consents.withdraw(tx, aygun, "photos", NOW + 2)
    assert await consents.allowed(tx, aygun) == ["contact"]
    assert [(each.purpose, each.definition, each.withdrawn_at) for each in await consents.of_person(tx, aygun)] == [
        (TRAINING, "a" * 64, None),
        ("contact", "a" * 64, None),
        ("photos", "a" * 64, NOW + 1),
    ]


async def test_what_is_left_out_is_withdrawn_and_what_stands_keeps_its_words_and_day(tx: Transaction) -> None:
    aygun = await place.woman(tx, 1)
    await consents.give(tx, aygun, TRAINING, "old", NOW)
    await consents.allow(tx, aygun, ["photos", "quotes"], "old", NOW)
    assert await consents.allow(tx, aygun, ["quotes", "transfer"], "new", NOW + 5) == ["photos"]
    kept = {
        (each.purpose, each.definition, each.given_at, each.withdrawn_at)
        for each in await consents.of_person(tx, aygun)
    }
    assert kept == {
        (TRAINING, "old", NOW, None),
        ("photos", "old", NOW, NOW + 5),
        ("quotes", "old", NOW, None),
        ("transfer", "new", NOW + 5, None),
    }


async def test_what_is_given_again_in_the_same_moment_stands(tx: Transaction) -> None:
    aygun = await place.woman(tx, 1)
    for purposes in (["photos"], [], ["photos"]):
        await consents.allow(tx, aygun, purposes, "hash", NOW)
    assert await consents.allowed(tx, aygun) == ["photos"]
