"""A file is fetched once, also over an outage or a restart, within its bounds; what cannot be had is said."""

import io
import logging
from pathlib import Path

import pytest

from bot import fetcher, logs, table
from bot.table import Unreadable
from sandbox import faults
from sandbox.phone import Phone
from tests.bot import crew, sheets
from tests.conftest import TOKEN, House

MB = 2**20
ROWS = [sheets.HEADINGS, sheets.woman(1)]


def said(phone: Phone, text: str) -> int:
    return sum(text in message.text for message in phone.received)


async def test_what_says_that_it_is_too_big_is_not_fetched(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS), file_size=2 * MB + 1)
    assert said(organiser, "Fayl çox böyükdür: ən çoxu 2 MB.") == 1
    assert not [call for call in house.sandbox.calls if call.method in ("getFile", "file")]


async def test_what_is_bigger_than_it_says_is_not_read_beyond_the_bound(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, b"Ad;Region\n" * 500_000, file_size=10)
    assert said(organiser, "Fayl çox böyükdür") == 1
    content = sheets.csv([["Ad", "x" * 100]] * 3)
    sent = await organiser.send("document", content=content)
    answer = await house.app._connection.call("getFile", {"file_id": sent["message"]["document"]["file_id"]})
    status, part = await house.app._connection.download(answer.result["file_path"], 10)
    assert (status, part) == (200, content[:11])
    await house.settle()


@pytest.mark.parametrize(
    ("method", "fault", "text"),
    [
        ("getFile", faults.status(400, "Bad Request: file is too big"), "Fayl çox böyükdür"),
        ("getFile", faults.status(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), "vermədi"),
        ("file", faults.status(404, "Not Found"), "vermədi"),
    ],
)
async def test_what_telegram_does_not_give_is_said_once(
    house: House, method: str, fault: faults.Fault, text: str
) -> None:
    organiser = await crew.member(house, "organiser")
    house.sandbox.faults.plan(method, fault=fault)
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    assert said(organiser, text) == 1
    assert await crew.rows(house, "SELECT * FROM fetches") == []


@pytest.mark.parametrize("method", ["getFile", "file"])
@pytest.mark.parametrize(
    "fault",
    [faults.CUT_BEFORE, faults.CUT_AFTER, faults.BAD_GATEWAY, faults.RESTART, faults.flood(7)],
    ids=["cut", "cut after", "502", "500", "429"],
)
async def test_an_outage_is_waited_out_and_the_file_comes_in_once(
    house: House, method: str, fault: faults.Fault
) -> None:
    organiser = await crew.member(house, "organiser")
    house.sandbox.faults.plan(method, fault=fault, times=3)
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    assert said(organiser, "Cədvəldə 1 sətir var.") == 1
    assert len([call for call in house.sandbox.calls if call.method == "getFile"]) >= 4


@pytest.mark.parametrize("status", [403, 503])
async def test_a_file_that_fails_for_good_holds_up_no_other_and_is_given_up_with_a_word(
    house: House, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser = await crew.member(house, "organiser")
    monkeypatch.setattr(fetcher, "PATIENCE", 3)
    download = house.app.fetcher._download
    refused: list[str] = []

    async def failing(path: str, most: int) -> tuple[int, bytes]:
        refused[:] = refused or [path]
        return (status, b"") if path in refused else await download(path, most)

    monkeypatch.setattr(house.app.fetcher, "_download", failing)
    await organiser.send("document", content=sheets.xlsx(ROWS), name="a.xlsx")
    await organiser.send("document", content=sheets.xlsx(ROWS), name="b.xlsx")
    await organiser.wait("Cədvəldə 1 sətir var.")
    assert said(organiser, "vermədi") == 0, "it is tried again"
    await house.settle()
    assert (said(organiser, "vermədi"), said(organiser, "Cədvəldə 1 sətir var.")) == (1, 1)
    assert await crew.rows(house, "SELECT * FROM fetches") == []


async def test_while_telegram_is_away_no_file_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "PATIENCE", 2)
    organiser = await crew.member(house, "organiser")
    house.sandbox.faults.plan("getFile", fault=faults.BAD_GATEWAY, times=4)
    house.sandbox.faults.plan("getMe", fault=faults.BAD_GATEWAY, times=4)
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    assert (said(organiser, "vermədi"), said(organiser, "Cədvəldə 1 sətir var.")) == (0, 1)


async def test_what_a_stop_interrupts_is_fetched_at_the_next_start(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    house.sandbox.faults.plan("getFile", fault=faults.CUT_BEFORE, times=10_000)
    await organiser.send("document", content=sheets.xlsx(ROWS), name="a.xlsx")
    await organiser.wait("oxuyuram")
    await house.close()
    house.sandbox.faults.clear()
    await house.open()
    await house.settle()
    assert said(organiser, "Cədvəldə 1 sətir var.") == 1


async def test_a_file_that_killed_the_process_often_is_given_up(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    house.sandbox.faults.plan("getFile", fault=faults.CUT_BEFORE, times=10_000)
    await organiser.send("document", content=sheets.xlsx(ROWS), name="a.xlsx")
    await organiser.wait("oxuyuram")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE fetches SET attempts = 3")
    house.sandbox.faults.clear()
    await house.settle()
    assert said(organiser, "həddən artıq böyüyür") == 1


async def test_a_defect_in_using_a_file_is_told_and_nothing_else_stops(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser = await crew.member(house, "organiser")
    monkeypatch.setattr(table, "from_json", lambda body: 1 / 0)
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    assert said(organiser, "Fayl zədələnib") == 1
    monkeypatch.undo()
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    assert said(organiser, "Cədvəldə 1 sətir var.") == 1


async def test_four_files_at_once_are_one_too_many(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    house.sandbox.faults.plan("getFile", fault=faults.CUT_BEFORE)
    for number in range(4):
        await organiser.send("document", content=sheets.xlsx([sheets.HEADINGS, sheets.woman(number)]), name="a.xlsx")
    await house.settle()
    assert said(organiser, "Cədvəldə 1 sətir var.") >= 3
    assert said(organiser, "hələ oxuyuram") <= 1


async def test_a_name_that_climbs_leads_nowhere_and_nothing_lies_on_the_disk(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    before = {path for path in house.folder.rglob("*") if path.is_file()}
    for name in ("../../../etc/passwd.xlsx", "/etc/passwd", "a\x00.csv", "ə" * 300):
        await sheets.send(house, organiser, sheets.xlsx(ROWS), name=name)
    after = {path for path in house.folder.rglob("*") if path.is_file()}
    assert after - before <= set(house.folder.rglob("*.db-*"))
    assert said(organiser, "Cədvəldə 1 sətir var.") == 4


async def test_neither_the_token_nor_a_name_is_logged(house: House) -> None:
    stream, root = io.StringIO(), logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    logs.set_up(logging.DEBUG, stream=stream)
    try:
        organiser = await crew.member(house, "organiser")
        house.sandbox.faults.plan("file", fault=faults.CUT_BEFORE, times=2)
        await sheets.send(house, organiser, sheets.xlsx([*ROWS, ("Sirli Ad", "Marsda", "", "12", "")]))
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    assert said(organiser, "Cədvəldə 2 sətir var.") == 1
    for secret in (TOKEN, TOKEN.partition(":")[2], "Sirli", sheets.woman(1)[0]):
        assert secret not in stream.getvalue()


async def test_a_worker_that_is_killed_is_one_sentence(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text("import os\nos.kill(os.getpid(), 9)", "utf-8")
    monkeypatch.setattr(table, "SCRIPT", script)
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    assert said(organiser, "həddən artıq böyüyür") == 1
    with pytest.raises(Unreadable):
        await table.read(b"x")
