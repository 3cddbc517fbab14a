"""A batch of updates: one commit for all of them, and what fails in it takes nothing else along."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.ext import filters

from bot import rights, routes
from bot.api import Api
from bot.intake import Intake
from bot.texts import Texts
from bot.turn import Toast, Turn
from sandbox.clock import VirtualClock
from storage import facts, inbox
from storage.database import Database
from tests.conftest import TOKEN, configuration

ADDRESS = "http://127.0.0.1:9"  # nobody is there: nothing here asks Telegram
WOMAN = {"id": 7, "is_bot": False, "first_name": "Aygün"}
PLACE = {"message_id": 1, "chat": {"id": 7, "type": "private"}, "date": 1_790_000_000}


async def hear(update: Update, turn: Turn) -> None:
    """Keep the words, then fail on some of them."""
    await facts.put(turn.tx, f"said:{turn.message.text}", "")
    turn.say("heard")
    if turn.message.text == "break":
        raise ValueError
    if turn.message.text == "full" and not await turn.tx.one("SELECT 1 FROM facts WHERE name = 'room'"):
        raise OSError("no space left on device")


async def press(update: Update, turn: Turn) -> None:
    """Answer the press."""
    turn.toast("pressed")


ROUTES = [
    routes.message("hear", rights.TALK, filters.TEXT, hear),
    routes.button("press", rights.TALK, "x", press),
]


class Desk:
    """An intake with its database, and the answers to presses that it let go."""

    def __init__(self, database: Database, folder: Path, clock: VirtualClock) -> None:
        self.database, self.toasts = database, list[Toast]()
        dispatcher = routes.dispatcher(ADDRESS, TOKEN, Api(ADDRESS, TOKEN), ROUTES)
        self.intake = Intake(database, dispatcher, clock, Texts.load(), configuration(folder, ADDRESS))
        self.intake.toast = self.toasts.append

    async def rows(self, sql: str) -> list[Any]:
        async with self.database.reading() as tx:
            return [row[0] for row in await tx.all(sql)]


@pytest.fixture
async def desk(tmp_path: Path, clock: VirtualClock) -> AsyncIterator[Desk]:
    database = await Database.open(tmp_path / "bot.db", None)
    yield Desk(database, tmp_path, clock)
    await database.close()


def written(number: int, text: str) -> dict[str, Any]:
    return {"update_id": number, "message": {**PLACE, "from": WOMAN, "text": text}}


def pressed(number: int) -> dict[str, Any]:
    press = {"id": f"press {number}", "from": WOMAN, "chat_instance": "1", "data": "x/1", "message": PLACE}
    return {"update_id": number, "callback_query": press}


async def test_what_fails_takes_nothing_of_its_batch_along_and_nothing_counts_twice(desk: Desk) -> None:
    await desk.intake.take([written(1, "before"), pressed(2), written(3, "break"), pressed(4), written(5, "after")])
    assert await desk.rows("SELECT name FROM facts ORDER BY name") == ["said:after", "said:before"]
    assert await desk.rows("SELECT update_id FROM inbox ORDER BY 1") == [1, 2, 3, 4, 5]
    assert await desk.rows("SELECT update_id FROM failures") == [3]
    assert len(await desk.rows("SELECT id FROM outbox")) == len(["before", "not saved", "after"])
    assert [toast[0] for toast in desk.toasts] == ["press 2", "press 4"]


async def test_an_update_twice_in_one_batch_counts_once(desk: Desk) -> None:
    await desk.intake.take([pressed(1), pressed(1)])
    assert [toast[0] for toast in desk.toasts] == ["press 1"]


async def after_a_death(desk: Desk, *tried: int) -> None:
    """Start as after a process that ended while it tried these updates."""
    async with desk.database.transaction() as tx:
        await facts.put(tx, "running", "0")
        for number in tried:
            await inbox.attempt(tx, number, "message", 0)
    await desk.intake.start()


@pytest.mark.parametrize("later", [2, 3])
async def test_the_note_of_what_was_tried_at_a_death_goes_when_it_passes_or_cannot_come_any_more(
    desk: Desk, later: int
) -> None:
    await after_a_death(desk, 2)
    await desk.intake.take([written(1, "less than Telegram gave before")])
    assert await desk.rows("SELECT update_id FROM failures") == [2]
    await desk.intake.take([written(later, "the rest")])
    assert await desk.rows("SELECT update_id FROM failures") == []


async def test_a_disk_that_takes_nothing_after_a_death_counts_as_no_death(desk: Desk) -> None:
    await after_a_death(desk)
    batch = [written(1, "before"), written(2, "full")]
    for _ in range(4):
        with pytest.raises(OSError):
            await desk.intake.take(batch)
    async with desk.database.transaction() as tx:
        await facts.put(tx, "room", "")
    await desk.intake.take(batch)
    assert "said:full" in await desk.rows("SELECT name FROM facts")
    assert await desk.rows("SELECT update_id FROM failures") == []
