"""Updates: kept on disk before they are confirmed, handled once, whatever Telegram does with its queue."""

import asyncio
import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from telegram import Update
from telegram.ext import TypeHandler

import handlers
from bot import poll
from bot.api import Answer, Api, Upload
from bot.seams import Seams
from sandbox import faults
from tests.bot import crew
from tests.conftest import DAY, HOUR, House
from tests.telegram import scene
from tests.telegram.scene import ALERTS, sources


class Witness(Api):
    """A line that looks, at each call that confirms updates, at what of them is on the disk."""

    house: House
    given: set[int]
    missing: list[int]

    async def call(
        self, method: str, parameters: Mapping[str, Any], *, timeout: float = 30.0, upload: Upload | None = None
    ) -> Answer:
        if "offset" in parameters:
            confirmed = {number for number in self.given if number < parameters["offset"]}
            kept = {number for (number,) in await crew.rows(self.house, "SELECT update_id FROM inbox")}
            [(answers,)] = await crew.rows(self.house, "SELECT count(*) FROM outbox")
            self.missing += sorted(confirmed - kept) + [0] * (len(confirmed) - answers)
        answer = await super().call(method, parameters, timeout=timeout, upload=upload)
        if method == "getUpdates" and answer.ok:
            self.given |= {update["update_id"] for update in answer.result}
        return answer


async def test_whenever_an_update_is_confirmed_its_effects_are_on_disk(house: House) -> None:
    await house.close()
    Witness.house, Witness.given, Witness.missing = house, set(), []
    house.seams = Seams(caller=Witness)
    await house.open()
    for name in ("Aygün", "Leyla", "Nərgiz"):
        phone = house.phone(name)
        for text in ("/start", "/help", "/days"):
            await phone.write(text)
            await asyncio.sleep(0.01)
    await house.settle()
    assert len(Witness.given) == 9
    assert Witness.missing == []


@pytest.mark.parametrize(("hours", "told"), [(22.9, 0), (23.1, 1)])
async def test_after_a_day_of_absence_the_owner_is_told_that_messages_may_be_lost(
    house: House, hours: float, told: int
) -> None:
    owner, aygun = await crew.member(house, "owner"), await crew.woman(house, "Aygün")
    await house.travel(hours=0.1)
    await house.close()
    await aygun.write("/help")
    house.clock.jump(house.clock.now() + round(hours * HOUR))
    await house.open()
    await house.settle()
    assert scene.told(owner, ALERTS["downtime"]) == told
    assert len(aygun.received) == 1, "it was not yet 24 hours old"
    await house.close()
    await aygun.write("/help")
    house.clock.jump(house.clock.now() + DAY)
    await house.open()
    await house.settle()
    assert len(aygun.received) == 1, "Telegram has dropped it"
    assert scene.told(owner, ALERTS["downtime"]) == told + 1


async def test_a_flood_is_taken_in_although_nothing_can_leave(house: House) -> None:
    phones = [house.phone(f"Aygün {number}") for number in range(50)]
    house.sandbox.faults.mix(1, {faults.slow(10_000): 1.0}, methods=("sendMessage", "answerCallbackQuery"))
    for phone in phones:
        await phone.start()
        await phone.write("/help")
        await phone.press_raw("m/days", 1)
    async with asyncio.timeout(10):
        while house.sandbox.updates_waiting or not house.app.intake.settled():
            await asyncio.sleep(0.005)
    [(kept,)] = await crew.rows(house, "SELECT count(*) FROM inbox")
    assert kept == 150
    answered = [call for call in house.sandbox.calls if call.method == "sendMessage"]
    assert answered == [], "the control: no message was answered by Telegram meanwhile"
    house.sandbox.faults.clear()
    house.clock.jump(house.clock.now() + 10_000_000)


async def test_it_starts_without_an_offset_and_what_comes_again_changes_nothing(house: House) -> None:
    aygun = house.phone()
    before = len(house.sandbox.calls)
    await aygun.start()
    await house.settle()
    # Killed after the commit and before the offset: at the next start Telegram gives the same update again.
    update = {"update_id": (await crew.rows(house, "SELECT max(update_id) FROM inbox"))[0][0]}
    await house.close()
    message = {"message_id": 1, "date": house.clock.now() // 1000, "text": "/start", "chat": chat(aygun.id)}
    house.sandbox.inject(update | {"message": message | {"from": {"id": aygun.id, "is_bot": False, "first_name": "A"}}})
    await house.open()
    await house.settle()
    polls = [call for call in house.sandbox.calls[before:] if call.method == "getUpdates"]
    started = next(number for number, call in enumerate(house.sandbox.calls) if call.method == "deleteWebhook")
    first = next(call for call in house.sandbox.calls[started:] if call.method == "getUpdates")
    assert "offset" not in first.values
    assert any("offset" in call.values for call in polls), "the control"
    assert len(aygun.received) == 1


def chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private", "first_name": "Aygün"}


async def test_pending_updates_are_never_dropped(house: House) -> None:
    aygun = house.phone()
    await aygun.start()
    await house.settle()
    assert {call.values["drop_pending_updates"] for call in scene.calls(house, "deleteWebhook")} == {"false"}
    assert all(int(call.values.get("offset", 0)) >= 0 for call in scene.calls(house, "getUpdates"))
    assert set(re.findall(r'drop_pending_updates(?:"\s*:|=)\s*(\w+)', sources())) == {"False"}


async def test_after_a_week_of_silence_an_update_with_a_smaller_id_is_handled(house: House) -> None:
    aygun, queue = house.phone(), house.sandbox.world.queue
    queue._next_id, queue._pushed_ms = 2**31 - 100, house.clock.now()
    first = await aygun.start()
    await house.settle()
    await house.travel(days=8)
    for count in (2, 3):
        update = await aygun.write("/help")
        assert update["update_id"] < first["update_id"]
        await house.settle()
        assert len(aygun.received) == count
    [(oldest,)] = await crew.rows(house, "SELECT max(update_id) FROM inbox")
    assert oldest < first["update_id"], "what was seen a week ago is forgotten"


async def test_a_batch_that_was_not_kept_is_not_asked_for_in_a_loop(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.database._writer.execute("PRAGMA query_only = ON")
    house.clock.set_rate(20)
    await aygun.write("/help")
    async with asyncio.timeout(10):
        while house.app.poll.pause < 2:
            await asyncio.sleep(0.005)
    await house.database._writer.execute("PRAGMA query_only = OFF")
    await house.settle()
    asked = [call for call in scene.calls(house, "getUpdates") if call.status == 200][-4:]
    waits = [(after.moment - call.moment) / 1000 for call, after in pairwise(asked)]
    assert max(waits) > 1.5, "1 s, 2 s, 4 s …"
    assert len(aygun.received) == 1


async def test_telegram_never_waits_longer_than_we_do(house: House) -> None:
    await house.phone().start()
    await house.settle()
    assert {call.values["timeout"] for call in scene.calls(house, "getUpdates")} == {str(poll.LONG_POLL)}
    assert poll.LONG_POLL <= 50 < poll.PATIENCE


async def test_blocking_and_unblocking_is_heard_without_a_message(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await aygun.block()
    await house.settle()
    assert await scene.chat_state(house, aygun) == "blocked"
    await aygun.unblock()
    await house.settle()
    assert await scene.chat_state(house, aygun) == "reachable"
    assert scene.calls(house, "sendMessage", aygun.id) == []


async def test_exactly_the_kinds_that_are_handled_are_asked_for(house: House) -> None:
    await house.phone().start()
    await house.settle()
    asked = {call.values["allowed_updates"] for call in scene.calls(house, "getUpdates")}
    assert [json.loads(each) for each in asked] == [["message", "edited_message", "callback_query", "my_chat_member"]]
    assert any(isinstance(route.handler, TypeHandler) for route in handlers.ROUTES), "the others would be handled too"
    assert set(poll.WANTED) <= set(Update.ALL_TYPES)


@pytest.mark.parametrize(
    "data", ["", "f", "f/x/a/1/1", "o/status", "r/remove/1", "p/gone/1", "\x00\u202e/🌸", "x" * 64]
)
async def test_any_data_of_a_button_is_only_a_wish(house: House, data: str) -> None:
    aygun = await crew.woman(house, "Aygün")
    leyla = await crew.woman(house, "Leyla")
    await leyla.write("/help")
    await house.settle()
    tables = ("people", "roles", "sheets", "erasures", "notes", "invites")
    before = [await crew.rows(house, f"SELECT * FROM {name}") for name in tables]
    await leyla.press_raw(data, leyla.last.message_id)
    await house.settle()
    assert (await crew.person(house, aygun)).id == 1, "the control: whom some of the data mean"
    assert [await crew.rows(house, f"SELECT * FROM {name}") for name in tables] == before
    assert await crew.rows(house, "SELECT * FROM failures") == []


async def test_what_cannot_be_parsed_is_put_aside_and_holds_up_nobody(house: House) -> None:
    owner = await crew.member(house, "owner")
    phones = [house.phone(f"Aygün {number}") for number in range(20)]
    house.sandbox.inject({"message": {"message_id": "seven", "chat": chat(phones[0].id), "from": {"id": phones[0].id}}})
    for phone in phones:
        await phone.start()
    polls = len(scene.calls(house, "getUpdates"))
    await house.settle()
    assert [len(phone.received) for phone in phones] == [2] + [1] * 19, "the first was told that it was not saved"
    assert len(scene.calls(house, "getUpdates")) - polls < 30
    assert await crew.rows(house, "SELECT kind, state FROM failures") == [("message", "put aside")]
    assert scene.told(owner, ALERTS["put aside"]) == 1


async def test_an_answer_without_any_id_is_not_asked_for_in_a_loop(house: House) -> None:
    aygun = house.phone()
    house.sandbox.world.queue.repeat({"message": "without an id"})
    house.sandbox.world.queue.repeat({"update_id": "seven"})
    await aygun.start()
    await house.settle()
    assert len(aygun.received) == 1
