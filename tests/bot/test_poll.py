"""Updates in: what was confirmed to Telegram is on disk; nothing on the way loses or doubles one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.ext import filters

from bot import rights, routes
from bot.api import Api, TokenRefused
from bot.desk import Desk
from bot.intake import Intake, private_chat
from bot.poll import Poll
from bot.texts import Texts
from bot.turn import Turn
from sandbox import faults
from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from storage import facts, inbox
from storage.database import Database
from tests.conftest import TOKEN, configuration


class Station:
    """A poll with one route of the test's own: it keeps what it is told, and fails on some words."""

    def __init__(self, folder: Path, sandbox: Sandbox, clock: VirtualClock, token: str = TOKEN) -> None:
        self.sandbox, self.clock, self.told, self.is_disk_full = sandbox, clock, list[str](), False
        self.api, self.connection = Api(sandbox.api_url, token), Api(sandbox.api_url, token)
        self.config = configuration(folder, sandbox.api_url)
        self.dispatcher = routes.dispatcher(sandbox.api_url, token, self.connection, ROUTES)

    async def open(self) -> None:
        self.database = await Database.open(self.config.storage.database, None)
        self.intake = Intake(self.database, self.dispatcher, self.clock, Texts.load(), self.config)
        self.intake.on_failure = self.failed
        await self.intake.start()
        self.poll = Poll(self.api, self.clock, self.intake, self.tell)
        await self.dispatcher.initialize()
        self.task = asyncio.create_task(self.poll.run())

    async def close(self) -> None:
        self.poll.stop()
        with contextlib.suppress(asyncio.CancelledError, TokenRefused):
            await asyncio.wait_for(self.task, 10)
        await self.dispatcher.shutdown()
        await self.api.close()
        await self.connection.close()
        await self.database.close()

    async def failed(self, desk: Desk, cause: str) -> None:
        self.told.append(cause)

    async def tell(self, cause: str, over: bool) -> None:
        if self.is_disk_full:
            raise OSError("no space left on device")
        self.told.append(f"{cause} is over" if over else cause)

    async def confirmed(self) -> None:
        async with asyncio.timeout(10):
            while self.sandbox.updates_waiting:
                await asyncio.sleep(0.005)

    async def kept(self) -> list[str]:
        async with self.database.reading() as tx:
            return [row[0] for row in await tx.all("SELECT value FROM facts WHERE name LIKE 'said:%' ORDER BY name")]

    async def letters(self) -> list[tuple[Any, ...]]:
        async with self.database.reading() as tx:
            return await tx.all("SELECT chat, method, parameters FROM outbox ORDER BY id")


async def keep(update: Update, turn: Turn) -> None:
    """Keep the words, then fail on some of them."""
    text = turn.message.text or ""
    turn.form, turn.step = "registration", "name"
    await facts.put(turn.tx, f"said:{turn.message.message_id:06d}", text)
    turn.say("kept")
    if text == "break":
        raise ValueError(f"a secret: {text}")


ROUTES = [routes.message("keep", rights.TALK, filters.TEXT & filters.ChatType.PRIVATE, keep)]


@pytest.fixture
async def station(tmp_path: Path, sandbox: Sandbox, clock: VirtualClock) -> AsyncIterator[Station]:
    built = Station(tmp_path, sandbox, clock)
    await built.open()
    yield built
    await built.close()


async def test_a_confirmed_update_has_its_effects_on_disk(station: Station) -> None:
    phone = station.sandbox.phone()
    for number in range(5):
        await phone.write(f"word {number}")
    await station.confirmed()
    assert await station.kept() == [f"word {number}" for number in range(5)]
    assert len(await station.letters()) == 5


async def test_an_update_that_comes_twice_changes_nothing_the_second_time(station: Station) -> None:
    phone = station.sandbox.phone()
    update = await phone.write("once")
    await station.confirmed()
    await phone.replay(update)
    await station.confirmed()
    assert len(await station.letters()) == 1


async def test_a_turn_that_fails_leaves_only_a_note_without_her_words(station: Station) -> None:
    phone = station.sandbox.phone()
    for text in ("before", "break", "after"):
        await phone.write(text)
    await station.confirmed()
    assert await station.kept() == ["before", "after"]
    async with station.database.reading() as tx:
        (failure,) = await inbox.aside(tx)
    assert (failure.kind, failure.route, failure.form, failure.step, failure.error) == (
        *("message", "keep", "registration", "name"),
        "ValueError",
    )
    assert station.told == ["put aside"]


async def test_she_is_told_that_her_words_were_not_saved(station: Station) -> None:
    phone = station.sandbox.phone()
    await phone.write("break")
    await station.confirmed()
    ((chat, method, parameters),) = await station.letters()
    assert (chat, method) == (phone.id, "sendMessage")
    assert "break" not in parameters


@pytest.mark.parametrize(
    "junk",
    [
        {"message": {"message_id": "seven"}},
        {"message": {"chat": 5}},
        {"callback_query": {"id": 1}},
        {"message": None},
        {"unheard_of": {}},
        {},
    ],
)
async def test_an_update_that_cannot_be_read_holds_up_no_other(station: Station, junk: dict[str, Any]) -> None:
    phone = station.sandbox.phone()
    await phone.write("before")
    station.sandbox.inject(junk)
    await phone.write("after")
    await station.confirmed()
    assert await station.kept() == ["before", "after"]


async def test_a_full_disk_loses_nothing(station: Station) -> None:
    phone = station.sandbox.phone()
    async with station.database.transaction() as tx:
        ((pages,),) = await tx.all("PRAGMA page_count")
        await tx.all(f"PRAGMA max_page_count = {pages}")
    for number in range(30):
        await phone.write(f"{number:02d} " + "x" * 3000)
    async with asyncio.timeout(10):
        while station.poll.pause == 0:
            await asyncio.sleep(0.005)
    assert await station.kept() == []
    assert station.sandbox.updates_waiting == 30
    async with station.database.transaction() as tx:
        await tx.all("PRAGMA max_page_count = 1000000")
    station.clock.set_rate(50)
    await station.confirmed()
    assert [text[:2] for text in await station.kept()] == [f"{number:02d}" for number in range(30)]


async def test_after_an_unclean_stop_an_update_that_kills_twice_is_put_aside(station: Station) -> None:
    phone = station.sandbox.phone()
    update = await phone.write("deadly")
    await station.confirmed()
    deadly = {"update_id": 1, "message": update["message"]}
    now = station.clock.now()
    for _ in range(2):  # two processes noted that they try it, and ended
        async with station.database.transaction() as tx:
            await inbox.attempt(tx, 1, "message", now)
    await station.intake.start()  # the fact 'running' stands: the stop was not clean
    await station.intake.take([deadly, {"update_id": 2, "message": update["message"] | {"message_id": 77}}])
    async with station.database.reading() as tx:
        (failure,) = await inbox.aside(tx)
    assert (failure.update_id, failure.error) == (1, "process ended")
    assert len(await station.kept()) == 2
    assert station.told == ["put aside"]


async def test_a_clean_stop_needs_no_care_at_the_next_start(station: Station) -> None:
    await station.intake.stop()
    async with station.database.reading() as tx:
        assert await facts.get(tx, "running") is None


async def test_a_second_poller_is_told_to_the_owner_and_polling_goes_on(station: Station) -> None:
    station.sandbox.faults.plan(
        "getUpdates",
        fault=faults.status(409, "Conflict: terminated by other getUpdates request"),
    )
    phone = station.sandbox.phone()
    await phone.write("one")
    station.clock.set_rate(2000)
    await phone.write("two")
    async with asyncio.timeout(10):
        while station.told != ["conflict", "conflict is over"] or station.sandbox.updates_waiting:
            await asyncio.sleep(0.005)
    assert await station.kept() == ["one", "two"]


async def test_a_conflict_that_cannot_be_told_for_a_full_disk_is_told_at_the_next_one(station: Station) -> None:
    conflict = faults.status(409, "Conflict: terminated by other getUpdates request")
    await asyncio.wait_for(station.sandbox.polled(), 10)
    station.sandbox.faults.plan("getUpdates", fault=conflict)
    station.is_disk_full = True
    station.sandbox.drop_connections()
    station.clock.set_rate(100)
    async with asyncio.timeout(10):
        while not station.sandbox.faults.met:
            await asyncio.sleep(0.005)
    assert (station.told, station.task.done()) == ([], False)
    station.is_disk_full = False
    station.sandbox.faults.plan("getUpdates", fault=conflict)
    async with asyncio.timeout(10):
        while station.told != ["conflict"]:
            await asyncio.sleep(0.005)


async def test_after_an_outage_the_next_failure_costs_a_second_again(station: Station) -> None:
    await asyncio.wait_for(station.sandbox.polled(), 10)
    station.sandbox.faults.plan("getUpdates", fault=faults.BAD_GATEWAY, times=5)
    station.sandbox.drop_connections()
    station.clock.set_rate(100)
    async with asyncio.timeout(10):
        while station.poll.pause < 16:
            await asyncio.sleep(0.005)
        while station.poll.pause:
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    "fault", [faults.CUT_BEFORE, faults.CUT_AFTER, faults.JUNK, faults.BAD_GATEWAY, faults.flood(3)]
)
async def test_no_failure_of_a_poll_loses_or_doubles_an_update(station: Station, fault: faults.Fault) -> None:
    station.clock.set_rate(100)
    phone = station.sandbox.phone()
    for number in range(6):
        station.sandbox.faults.plan("getUpdates", fault=fault)
        await phone.write(str(number))
        await asyncio.sleep(0.01)
    await station.confirmed()
    assert await station.kept() == [str(number) for number in range(6)]
    assert len(await station.letters()) == 6


async def test_a_token_that_telegram_refuses_ends_the_poll(
    tmp_path: Path, sandbox: Sandbox, clock: VirtualClock
) -> None:
    station = Station(tmp_path, sandbox, clock)
    sandbox.faults.plan("getUpdates", fault=faults.status(401, "Unauthorized"), times=9)
    await station.open()
    with pytest.raises(TokenRefused):
        await asyncio.wait_for(station.task, 5)
    await station.close()


def test_the_person_of_an_unreadable_update_is_found_only_where_she_is_named() -> None:
    chat, sender = {"id": 5, "type": "private"}, {"id": 5}
    assert private_chat({"update_id": 1, "message": {"chat": chat, "from": sender}}) == (5, 5)
    assert private_chat({"update_id": 1, "callback_query": {"from": sender, "message": {"chat": chat}}}) == (5, 5)
    assert private_chat({"update_id": 1, "message": {"chat": {"id": -5, "type": "group"}, "from": sender}}) == (0, 0)
    assert private_chat({"update_id": 1, "message": None}) == (0, 0)
    assert private_chat({"update_id": 1}) == (0, 0)
