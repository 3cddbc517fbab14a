"""The programme in the database: local hours and their moments, texts with their fallback, revisions."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from storage import programme
from storage.database import Database, Transaction

QUBA = programme.Region("quba", 1, 33, "+994501234567")
DAY = programme.Session("quba-1", "quba", date(2027, 3, 9), time(10), time(16), "Asia/Baku", 41.3611, 48.5134)
TEXTS = {"venue": {"az": "Mərkəz", "ru": "Центр", "en": ""}, "topic": {"az": "Şəhər"}}
HOUR = 3_600_000


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    """A transaction on a new database with one region and one session."""
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await programme.put_region(tx, QUBA)
        await programme.put_session(tx, DAY, TEXTS)
        yield tx
    await database.close()


def ms(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]


def test_local_hours_become_moments() -> None:
    assert programme.moment(date(2027, 3, 9), time(10), "Asia/Baku") == ms(2027, 3, 9, 6)
    assert programme.moment(date(2027, 7, 1), time(10), "Europe/Berlin") == ms(2027, 7, 1, 8)


async def test_a_session_is_kept_with_its_moments(tx: Transaction) -> None:
    assert await programme.session(tx, "quba-1") == DAY
    assert await tx.one("SELECT starts_at, ends_at FROM sessions") == (ms(2027, 3, 9, 6), ms(2027, 3, 9, 12))
    assert await programme.session(tx, "quba-9") is None


async def test_regions_stand_in_their_order_and_closed_ones_only_on_demand(tx: Transaction) -> None:
    first = programme.Region("lankaran", 0, 34)
    await programme.put_region(tx, first)
    assert await programme.regions(tx) == [first, QUBA]
    await programme.close_region(tx, "quba")
    assert await programme.regions(tx) == [first]
    assert await programme.regions(tx, closed=True) == [first, replace(QUBA, places=0)]
    assert await programme.region(tx, "quba") == replace(QUBA, places=0)
    assert await programme.region(tx, "gəncə") is None


async def test_registration_opens_and_closes_by_date_and_at_the_first_session_at_the_latest(tx: Transaction) -> None:
    early, late = replace(QUBA, id="early", opens="2027-02-10"), replace(QUBA, id="late", closes="2027-03-20")
    for region in (early, late):
        await programme.put_region(tx, region)

    async def names(moment: int, day: date) -> list[str]:
        return [region.id for region in await programme.open_regions(tx, moment, day)]

    before, after = DAY.starts_at - 1, DAY.starts_at
    assert await names(before, date(2027, 2, 9)) == ["late", "quba"]
    assert await programme.opening(tx, before, date(2027, 2, 9)) == date(2027, 2, 10)
    assert await names(before, date(2027, 2, 10)) == ["early", "late", "quba"]
    assert await programme.opening(tx, before, date(2027, 2, 10)) is None
    assert await names(after, date(2027, 3, 20)) == ["early", "late"]
    assert await names(after, date(2027, 3, 21)) == ["early"]


async def test_putting_a_region_again_changes_it(tx: Transaction) -> None:
    changed = programme.Region("quba", 0, 40)
    await programme.put_region(tx, changed)
    assert await programme.regions(tx) == [changed]


async def test_sessions_stand_by_their_beginning_also_cancelled_ones(tx: Transaction) -> None:
    await programme.put_region(tx, programme.Region("lankaran", 0, 34))
    earlier = replace(DAY, id="lankaran-1", region="lankaran", date=date(2027, 3, 2))
    await programme.put_session(tx, earlier, {})
    await programme.cancel_session(tx, "quba-1")
    cancelled = replace(DAY, state="cancelled")
    assert await programme.sessions(tx) == [earlier, cancelled]
    assert await programme.sessions(tx, "quba") == [cancelled]
    assert await programme.sessions(tx, "zaqatala") == []


async def test_sessions_between_two_moments_leave_out_the_last_and_the_cancelled(tx: Transaction) -> None:
    starts = DAY.starts_at
    assert await programme.sessions_between(tx, starts, starts + 1) == [DAY]
    assert await programme.sessions_between(tx, starts - HOUR, starts) == []
    await programme.cancel_session(tx, "quba-1")
    assert await programme.sessions_between(tx, starts, starts + 1) == []


async def test_a_text_that_is_missing_in_a_language_is_azerbaijani(tx: Transaction) -> None:
    assert await programme.words(tx, "session:quba-1", "ru") == {"venue": "Центр", "topic": "Şəhər"}
    assert await programme.words(tx, "session:quba-1", "en") == {"venue": "Mərkəz", "topic": "Şəhər"}
    assert await programme.words(tx, "session:quba-1", "az") == {"venue": "Mərkəz", "topic": "Şəhər"}
    assert await programme.words(tx, "session:quba-9", "az") == {}


async def test_all_words_are_those_that_were_put_last(tx: Transaction) -> None:
    await programme.put_words(tx, "programme", {"name": {"az": "Köhnə"}, "funders": {"az": "…"}})
    await programme.put_words(tx, "programme", {"name": {"az": "Yeni", "ru": ""}})
    assert await programme.all_words(tx) == {
        "programme": {"name": {"az": "Yeni"}},
        "session:quba-1": {"venue": {"az": "Mərkəz", "ru": "Центр"}, "topic": {"az": "Şəhər"}},
    }


@pytest.mark.parametrize(
    "moved",
    [
        replace(DAY, date=date(2027, 3, 10)),
        replace(DAY, starts=time(9)),
        replace(DAY, ends=time(17)),
        replace(DAY, latitude=41.4),
        replace(DAY, longitude=48.6),
    ],
)
async def test_the_revision_rises_when_day_hours_or_place_change(tx: Transaction, moved: programme.Session) -> None:
    assert await programme.put_session(tx, moved, TEXTS) == replace(moved, revision=1)
    assert await programme.session(tx, "quba-1") == replace(moved, revision=1)


@pytest.mark.parametrize(("field", "revision"), [("venue", 1), ("address", 1), ("topic", 0)])
async def test_the_revision_rises_with_venue_and_address_not_with_the_topic(
    tx: Transaction, field: str, revision: int
) -> None:
    await programme.put_session(tx, DAY, TEXTS | {field: {"az": "Başqa"}})
    assert await programme.session(tx, "quba-1") == replace(DAY, revision=revision)


async def test_the_revision_rises_once_for_each_change_and_never_falls(tx: Transaction) -> None:
    moved = replace(DAY, date=date(2027, 3, 10), starts=time(9))
    await programme.put_session(tx, moved, TEXTS)
    await programme.put_session(tx, moved, TEXTS)
    await programme.put_session(tx, DAY, TEXTS)
    assert await programme.session(tx, "quba-1") == replace(DAY, revision=2)


async def test_the_applied_file_is_the_last_one(tx: Transaction) -> None:
    assert await programme.applied(tx) is None
    await programme.put_applied(tx, "{}", 1)
    await programme.put_applied(tx, '{"a": 1}', 2)
    assert await programme.applied(tx) == '{"a": 1}'
    assert await tx.all("SELECT id, applied_at FROM programme") == [(1, 2)]
