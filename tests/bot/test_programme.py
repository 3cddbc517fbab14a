"""What an apply makes of the programme file, and of what was changed in chat."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot import programme
from bot.programme import Programme
from storage import programme as stored
from storage.database import Database, Transaction

EXAMPLE = Path(__file__).parents[2] / "programme.example.toml"
SAMPLE = programme.read(EXAMPLE)


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    """A transaction on a new database."""
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        yield tx
    await database.close()


@pytest.fixture
async def applied(tx: Transaction) -> Transaction:
    """A transaction in which the sample has been applied."""
    await programme.apply(tx, SAMPLE, 1, "Asia/Baku")
    return tx


def edited(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = EXAMPLE.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "programme.toml"
    path.write_text(text, "utf-8")
    return path


def without(session: str) -> Programme:
    return SAMPLE.model_copy(update={"session": tuple(s for s in SAMPLE.session if s.id != session)})


def sentences(changes: list[programme.Change]) -> list[tuple[str, str]]:
    return [(change.kind, change.sentence) for change in changes]


async def put_venue(tx: Transaction, id: str, venue: str) -> None:
    """Change a venue as an organiser does in chat."""
    session = await stored.session(tx, id)
    assert session is not None
    texts = (await stored.all_words(tx))[f"session:{id}"]
    await stored.put_session(tx, session, texts | {"venue": {"az": venue}})


async def test_an_export_says_what_was_applied(tx: Transaction, tmp_path: Path) -> None:
    assert await programme.export(tx) is None
    await programme.apply(tx, SAMPLE, 1, "Asia/Baku")
    text = await programme.export(tx)
    assert text is not None
    (tmp_path / "export.toml").write_text(text, "utf-8")
    assert programme.read(tmp_path / "export.toml") == SAMPLE
    assert await programme.applied(tx) == await programme.current(tx) == SAMPLE


async def test_a_first_apply_adds_everything(tx: Transaction) -> None:
    changes = await programme.apply(tx, SAMPLE, 1, "Asia/Baku")
    assert {change.kind for change in changes} == {"added"}
    assert len(changes) == 1 + 3 + 9
    quba = "Session quba-1 will be added (2027-03-09, 10:00 to 16:00, Quba Mədəniyyət Mərkəzi (nümunə))."
    assert ("added", quba) in sentences(changes)
    session = await stored.session(tx, "quba-1")
    assert session is not None
    assert (session.zone, session.starts, session.revision, session.state) == ("Asia/Baku", time(10), 0, "planned")
    assert (await stored.words(tx, "region:quba", "ru"))["in"] == "в Губе"


async def test_applying_again_changes_nothing(applied: Transaction) -> None:
    before = await stored.sessions(applied)
    assert await programme.apply(applied, SAMPLE, 2, "Asia/Baku") == []
    assert await stored.sessions(applied) == before


async def test_a_change_in_the_file_is_told_and_done(applied: Transaction, tmp_path: Path) -> None:
    wanted = programme.read(
        edited(tmp_path, ("date = 2027-03-04", "date = 2027-03-05"), ("places = 34", "places = 40"))
    )
    told = [
        ("changed", "Region lankaran, places: “34” becomes “40”."),
        ("changed", "Session lankaran-3, date: “2027-03-04” becomes “2027-03-05”."),
    ]
    assert sentences(programme.plan(SAMPLE, await programme.current(applied), wanted)) == told
    assert sentences(await programme.apply(applied, wanted, 2, "Asia/Baku")) == told
    session = await stored.session(applied, "lankaran-3")
    assert session is not None
    assert (session.date, session.revision) == (date(2027, 3, 5), 1)
    assert await programme.current(applied) == wanted


async def test_quotas_and_dates_of_registration_are_told_done_and_exported(
    applied: Transaction, tmp_path: Path
) -> None:
    more = "places = 34\nquotas = { ngo = 10, other = 0 }\ncloses = 2027-02-20"
    wanted = programme.read(edited(tmp_path, ("places = 34", more)))
    told = [
        ("changed", "Region lankaran, quotas.ngo: nothing becomes “10”."),
        ("changed", "Region lankaran, quotas.other: nothing becomes “0”."),
        ("changed", "Region lankaran, closes: nothing becomes “2027-02-20”."),
    ]
    assert sentences(await programme.apply(applied, wanted, 2, "Asia/Baku")) == told
    assert await stored.quotas(applied) == {"lankaran": {"ngo": 10, "other": 0}}
    assert await programme.current(applied) == wanted
    await programme.apply(applied, SAMPLE, 3, "Asia/Baku")
    assert (await stored.quotas(applied), await programme.current(applied)) == ({}, SAMPLE)


async def test_a_session_that_vanished_from_the_file_is_cancelled_not_deleted(applied: Transaction) -> None:
    changes = await programme.apply(applied, without("quba-3"), 2, "Asia/Baku")
    assert sentences(changes) == [("removed", "Session quba-3 is no longer in the file: it will be cancelled.")]
    session = await stored.session(applied, "quba-3")
    assert session is not None
    assert session.state == "cancelled"
    assert await programme.apply(applied, without("quba-3"), 3, "Asia/Baku") == []
    await programme.apply(applied, SAMPLE, 4, "Asia/Baku")
    assert await programme.current(applied) == SAMPLE


async def test_a_region_that_vanished_from_the_file_is_closed_not_deleted(applied: Transaction) -> None:
    rest = SAMPLE.model_copy(update={"region": SAMPLE.region[:2], "session": SAMPLE.session[:6]})
    changes = await programme.apply(applied, rest, 2, "Asia/Baku")
    assert [(change.kind, change.subject) for change in changes] == [
        ("removed", "region:zaqatala"),
        *(("removed", f"session:zaqatala-{day}") for day in (1, 2, 3)),
    ]
    assert [region.id for region in await stored.regions(applied)] == ["lankaran", "quba"]
    assert await stored.region(applied, "zaqatala") is not None
    assert await programme.current(applied) == rest


async def test_what_was_changed_in_chat_survives(applied: Transaction, tmp_path: Path) -> None:
    await put_venue(applied, "quba-1", "Kitabxana")
    wanted = programme.read(edited(tmp_path, ("places = 34", "places = 40")))
    changes = await programme.apply(applied, wanted, 2, "Asia/Baku")
    assert [change.kind for change in changes] == ["changed", "kept", "kept", "kept"]
    assert changes[1].sentence == (
        "Session quba-1, venue.az: was changed in chat from “Quba Mədəniyyət Mərkəzi (nümunə)” to “Kitabxana”;"
        " the file does not touch it, so that stays."
    )
    assert (await stored.words(applied, "session:quba-1", "ru"))["venue"] == "Kitabxana"
    again = programme.plan(await programme.applied(applied), await programme.current(applied), wanted)
    assert [change.kind for change in again] == ["kept", "kept", "kept"]


async def test_what_was_changed_in_chat_and_in_the_file_is_a_conflict(applied: Transaction, tmp_path: Path) -> None:
    await put_venue(applied, "lankaran-1", "Kitabxana")
    wanted = programme.read(
        edited(tmp_path, ('venue = { az = "Lənkəran Gənclər Evi (nümunə)"', 'venue = { az = "Teatr"'))
    )
    changes = await programme.apply(applied, wanted, 2, "Asia/Baku")
    conflict = (
        "Session lankaran-1, venue.az: was changed in chat to “Kitabxana”, and in the file to “Teatr”:"
        " the file will win."
    )
    assert ("conflict", conflict) in sentences(changes)
    assert (await stored.words(applied, "session:lankaran-1", "az"))["venue"] == "Teatr"


async def test_the_same_change_in_chat_and_in_the_file_is_none(applied: Transaction, tmp_path: Path) -> None:
    session = await stored.session(applied, "lankaran-3")
    assert session is not None
    texts = (await stored.all_words(applied))["session:lankaran-3"]
    await stored.put_session(applied, replace(session, date=date(2027, 3, 5)), texts)
    wanted = programme.read(edited(tmp_path, ("date = 2027-03-04", "date = 2027-03-05")))
    assert await programme.apply(applied, wanted, 2, "Asia/Baku") == []


async def test_a_session_cancelled_in_chat_stays_cancelled(applied: Transaction) -> None:
    await stored.cancel_session(applied, "quba-2")
    changes = await programme.apply(applied, SAMPLE, 2, "Asia/Baku")
    said = "Session quba-2 was cancelled in chat; the file does not touch it, so that stays."
    assert sentences(changes) == [("kept", said)]
    assert await programme.current(applied) == without("quba-2")


async def test_a_session_cancelled_in_chat_and_moved_in_the_file_is_a_conflict(
    applied: Transaction, tmp_path: Path
) -> None:
    await stored.cancel_session(applied, "lankaran-3")
    wanted = programme.read(edited(tmp_path, ("date = 2027-03-04", "date = 2027-03-05")))
    [change] = await programme.apply(applied, wanted, 2, "Asia/Baku")
    assert (change.kind, change.subject) == ("conflict", "session:lankaran-3")
    assert await programme.current(applied) == wanted


async def test_a_session_changed_in_chat_that_vanished_from_the_file_is_a_conflict(applied: Transaction) -> None:
    await put_venue(applied, "quba-3", "Kitabxana")
    [change] = await programme.apply(applied, without("quba-3"), 2, "Asia/Baku")
    assert (change.kind, change.subject) == ("conflict", "session:quba-3")
    assert await programme.current(applied) == without("quba-3")


async def test_a_session_added_in_chat_stays(applied: Transaction) -> None:
    session = await stored.session(applied, "quba-3")
    assert session is not None
    texts = (await stored.all_words(applied))["session:quba-3"]
    more = replace(session, id="quba-4", date=session.date + timedelta(days=1))
    await stored.put_session(applied, more, texts)
    [change] = await programme.apply(applied, SAMPLE, 2, "Asia/Baku")
    assert (change.kind, change.subject) == ("kept", "session:quba-4")
    assert change.sentence.startswith("Session quba-4 was added in chat")
    now = await programme.current(applied)
    assert now is not None
    assert [s.id for s in now.session][5:7] == ["quba-3", "quba-4"]


async def test_the_order_of_regions_is_that_of_the_file(applied: Transaction) -> None:
    turned = Programme.model_validate(SAMPLE.model_dump(by_alias=True) | {"region": SAMPLE.region[::-1]})
    assert await programme.apply(applied, turned, 2, "Asia/Baku") == []
    assert [region.id for region in await stored.regions(applied)] == ["zaqatala", "quba", "lankaran"]
    assert await programme.current(applied) == turned
