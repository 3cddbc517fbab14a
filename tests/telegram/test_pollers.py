"""Who else takes updates of this token: a second copy of the bot, or a webhook."""

import asyncio
from itertools import pairwise

from bot import poll
from bot.api import Api
from sandbox.phone import Phone
from tests.bot import crew
from tests.conftest import House
from tests.telegram import scene, table
from tests.telegram.scene import ALERTS


async def test_a_second_copy_elsewhere_is_told_once_and_so_is_its_end(house: House) -> None:
    owner = await crew.member(house, "owner")
    house.sandbox.calls.clear()
    [answer] = table.row("two pollers").answers
    for _ in range(3):  # the other copy comes and goes: between its polls ours are answered
        house.sandbox.faults.plan("getUpdates", fault=scene.fault(answer), times=3, after=2)
        for _ in range(5):
            house.clock.jump(house.clock.now() + 40_000)
            await house.settle()
    refused = [call for call in scene.calls(house, "getUpdates") if call.status == 409]
    assert len(refused) >= 4
    assert scene.told(owner, ALERTS["conflict"]) == 1
    assert scene.told(owner, ALERTS["conflict.over"]) == 0
    await over(house, owner)
    assert [scene.told(owner, ALERTS[name]) for name in ("conflict", "conflict.over")] == [1, 1]
    polls = scene.calls(house, "getUpdates")
    waits = [after.moment - call.moment for call, after in pairwise(polls) if call.status == 409]
    assert min(waits) >= poll.CONFLICT_PAUSE * 1000


async def over(house: House, owner: Phone) -> None:
    """Let the time pass after which no conflict has come back."""
    house.sandbox.faults.clear()
    async with asyncio.timeout(10):
        while not scene.told(owner, ALERTS["conflict.over"]):
            house.clock.jump(house.clock.now() + 30_000)
            await house.settle()
    house.clock.jump(house.clock.now() + 2 * poll.CALM * 1000)
    await house.settle()


async def test_a_conflict_that_ended_while_the_bot_was_stopped_is_over(house: House) -> None:
    owner = await crew.member(house, "owner")
    [answer] = table.row("two pollers").answers
    await asyncio.wait_for(house.sandbox.polled(), 10)
    house.sandbox.faults.plan("getUpdates", fault=scene.fault(answer))
    house.sandbox.drop_connections()
    house.hurry = 2000
    await house.settle()
    async with asyncio.timeout(10):
        while not scene.told(owner, ALERTS["conflict"]):
            await house.settle()
    await house.close()
    await house.open()
    await over(house, owner)
    assert [scene.told(owner, ALERTS[name]) for name in ("conflict", "conflict.over")] == [1, 1]


async def test_a_webhook_that_was_set_before_the_start_is_taken_away(house: House) -> None:
    aygun = house.phone()
    await house.close()
    house.sandbox.world.profile.webhook = {"url": "https://example.org/hook"}
    await aygun.start()
    await house.open()
    await house.settle()
    assert house.sandbox.world.profile.webhook == {}
    assert len(aygun.received) == 1


async def test_a_webhook_that_is_set_while_it_runs_is_taken_away(house: House) -> None:
    aygun = house.phone()
    line = Api(house.sandbox.api_url, house.sandbox.token)
    await asyncio.wait_for(house.sandbox.polled(), 10)
    assert (await line.call("setWebhook", {"url": "https://example.org/hook"})).ok
    await line.close()
    await aygun.start()
    await house.settle()
    assert len(aygun.received) == 1
    scene.met(house, "a webhook is set")
    assert house.sandbox.world.profile.webhook == {}


def test_there_is_no_webhook_of_ours() -> None:
    assert "setwebhook" not in scene.sources().casefold().replace("_", "")
    assert "deletewebhook" in scene.sources().casefold(), "the control"
