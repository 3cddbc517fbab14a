"""What Telegram asks of the whole bot, and what is uncertain: obeyed, never dropped, never a storm."""

import asyncio
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from bot import console, letters
from bot.api import Answer, Api, TokenRefused, Upload
from bot.seams import Seams
from sandbox import faults
from sandbox.faults import Fault
from tests.bot import crew
from tests.bot.post import letter
from tests.conftest import HOUR, House
from tests.telegram import rows, scene, table


@pytest.mark.parametrize("answer", table.row("too fast").answers, ids=str)
async def test_a_flood_wait_stops_everything_for_its_seconds_and_drops_nothing(
    house: House, answer: rows.Answer
) -> None:
    women = [await crew.woman(house, f"Aygün {number}") for number in range(20)]
    flood, house.hurry = scene.fault(answer), 1000
    house.sandbox.faults.plan("sendMessage", fault=flood, after=3)
    await scene.plan_all(house, [letter(phone) for phone in women])
    await house.settle()
    sends = scene.calls(house, "sendMessage")
    [refused] = [number for number, call in enumerate(sends) if call.status == 429]
    later = [call.moment for call in sends[refused + 1 :]]
    free = [moment for moment in later if moment >= sends[refused].moment + flood.retry_after * 1000]
    assert len(later) - len(free) <= house.config.pace.in_flight, "only what was in the air already"
    assert [len(phone.received) for phone in women] == [1] * 20
    assert await crew.rows(house, "SELECT DISTINCT state, doubted FROM outbox") == [("sent", 0)]


async def test_a_flood_wait_for_updates_is_kept_too(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await asyncio.wait_for(house.sandbox.polled(), 10)
    house.sandbox.faults.plan("getUpdates", fault=faults.flood(60))
    house.sandbox.drop_connections()
    await aygun.write("/help")
    await house.settle()
    asked = scene.calls(house, "getUpdates")
    [waited] = [after.moment - call.moment for call, after in pairwise(asked) if call.status == 429]
    assert waited >= 60_000
    assert len(aygun.received) == 1


async def ended(house: House) -> TokenRefused:
    """Start the bot, and wait until it ends by itself."""
    try:
        with pytest.raises(TokenRefused) as refused:
            await house.open()
            assert house._running
            await asyncio.wait_for(house._running, 10)
    finally:
        house._running = None
    return refused.value


@pytest.mark.parametrize("method", ["getMe", "getUpdates", "sendMessage", "deleteMessage"])
@pytest.mark.parametrize("answer", table.row("bad token").answers, ids=str)
async def test_a_refused_token_ends_the_bot_with_a_sentence_and_telegram_is_not_hammered(
    house: House, answer: rows.Answer, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    aygun, due = await crew.woman(house, "Aygün"), house.clock.now() + HOUR
    planned = {"sendMessage": letter(aygun, due=due), "deleteMessage": letters.delete(aygun.id, 1, due=due)}
    if method in planned:
        await scene.plan(house, planned[method])
    await house.close()
    house.clock.jump(due)
    house.sandbox.faults.plan(method, fault=scene.fault(answer), times=1000)
    assert console.ended(await ended(house)) == console.KEEP_STOPPED == 78
    assert "BotFather" in capsys.readouterr().err
    assert len([call for call in house.sandbox.calls if call.status == answer.status]) <= 2
    assert aygun.received == []


UNCERTAIN = {
    "not at work": (faults.status(502, "Bad Gateway"), 1),
    "too late": (faults.status(504, "Gateway Timeout", effect=True), 2),
    "page of a proxy": (Fault(effect=False, status=502, description="Bad Gateway", junk=True), 1),
    "page of a network": (faults.JUNK, 2),
    "cut before": (faults.CUT_BEFORE, 1),
    "cut after": (faults.CUT_AFTER, 2),
}


async def uncertain(house: House, fault: Fault, copies: int) -> None:
    """A message that may have arrived is sent again and listed; one that an organiser decides about waits for her."""
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    house.sandbox.faults.plan("sendMessage", fault=fault, times=1)
    number = await scene.plan(house, letter(aygun, "Salam"))
    await house.settle()
    assert await scene.row(house, number) == ("sent", "", 2, 1)
    assert [message.text for message in aygun.received] == ["Salam"] * copies
    house.sandbox.faults.plan("sendMessage", fault=fault, times=1)
    held = await scene.plan(house, letter(aygun, "Gözləyən", doubt="hold"))
    await house.settle()
    assert await scene.row(house, held) == ("in doubt", "", 1, 1)
    await organiser.write("/status")
    await house.settle()
    assert "o/doubts" in [button.data for button in organiser.last.buttons]


@pytest.mark.parametrize("name", UNCERTAIN)
async def test_what_may_have_left_is_sent_again_and_listed(house: House, name: str) -> None:
    await uncertain(house, *UNCERTAIN[name])


@pytest.mark.parametrize(("number", "effect"), [(0, False), (1, True)])
async def test_a_server_that_starts_anew_leaves_a_message_uncertain(house: House, number: int, effect: bool) -> None:
    answer = table.row("server restarts").answers[number]
    await uncertain(house, scene.fault(answer, effect=effect), 2 if effect else 1)


class Impatient(Api):
    """A line on which nobody waits longer than half a second for the answer to a message."""

    async def call(
        self, method: str, parameters: Mapping[str, Any], *, timeout: float = 0.5, upload: Upload | None = None
    ) -> Answer:
        return await super().call(method, parameters, timeout=timeout, upload=upload)


async def test_an_answer_that_does_not_come_in_time_leaves_a_message_uncertain(house: House) -> None:
    await house.close()
    house.seams = Seams(caller=Impatient)
    await house.open()
    await uncertain(house, faults.slow(20_000), 2)


@pytest.mark.parametrize("answer", table.row("anything unknown").answers, ids=str)
async def test_what_nobody_has_seen_yet_is_tried_once_and_its_words_are_kept(house: House, answer: rows.Answer) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    house.sandbox.faults.plan("sendMessage", fault=scene.fault(answer), times=2)
    planned = await scene.plan_all(house, [letter(aygun, text) for text in ("bir", "iki", "üç")])
    await house.settle()
    assert [await scene.row(house, number) for number in planned[:2]] == [("failed", answer.description, 1, 0)] * 2
    assert [message.text for message in aygun.received] == ["üç"]
    assert scene.told(owner) == 1, "once a day"
