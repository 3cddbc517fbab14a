"""Who cannot be written to: every message to her is settled with the reason, and she is listed to be called."""

import logging

import pytest

from sandbox.phone import Phone
from storage import people
from tests.bot import crew
from tests.bot.post import letter
from tests.bot.test_days import at
from tests.conftest import House
from tests.telegram import scene, table
from tests.telegram.rows import Answer


async def has_to_be_called(house: House, organiser: Phone, name: str) -> bool:
    """Whether a woman stands on the organiser's list."""
    await organiser.write("/status")
    await house.settle()
    if "o/calls" not in [button.data for button in organiser.last.buttons]:
        return False
    await organiser.tap("o/calls", organiser.last)
    await house.settle()
    assert f"t.me/{house.sandbox.world.bot.username}" in organiser.last.text, "the link to pass on"
    return name in organiser.last.text


async def test_who_blocked_the_bot_gets_nothing_more_until_she_comes_back(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    await house.travel(at(1, 18, 59))
    aygun.person.blocked = True  # she has blocked it, and the bot does not know yet
    await house.travel(at(1, 19, 1))
    scene.met(house, "blocked")
    rows = await crew.rows(house, "SELECT state, reason FROM outbox WHERE chat = ?", aygun.id)
    assert rows == [("unreachable", "Forbidden: bot was blocked by the user")] * 2, "the reminder and its map card"
    assert len(scene.calls(house, "sendMessage", aygun.id)) == 1
    assert await scene.chat_state(house, aygun) == "blocked"
    assert await has_to_be_called(house, organiser, "Aygün")
    await house.travel(at(2, 8, 1))
    assert len(scene.calls(house, "sendMessage", aygun.id)) == 1, "no more reminders"
    await aygun.unblock()
    await house.settle()
    assert await scene.chat_state(house, aygun) == "reachable"
    assert not await has_to_be_called(house, organiser, "Aygün")
    await house.travel(at(2, 16, 1))
    assert len(aygun.received) == 1, "the survey"


async def test_who_writes_again_can_be_reached_again(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    aygun.person.blocked = True
    await scene.plan(house, letter(aygun))
    await house.settle()
    assert await scene.chat_state(house, aygun) == "blocked"
    aygun.person.blocked = False
    await aygun.write("/help")
    await house.settle()
    assert await scene.chat_state(house, aygun) == "reachable"
    assert len(aygun.received) == 1


@pytest.mark.parametrize(
    ("name", "field", "value", "state"),
    [
        ("account deleted", "gone", True, "gone"),
        ("never pressed Start", "started", False, "blocked"),
        ("to a bot", "is_bot", True, "gone"),
    ],
)
async def test_who_is_out_of_reach_is_settled_at_once_and_listed(
    house: House, name: str, field: str, value: bool, state: str
) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    setattr(aygun.person, field, value)
    rows = await scene.plan_all(house, [letter(aygun, str(number)) for number in range(3)])
    await house.settle()
    scene.met(house, name)
    [answer] = table.row(name).answers
    assert {(await scene.row(house, number))[:2] for number in rows} == {("unreachable", answer.description)}
    assert len(scene.calls(house, "sendMessage", aygun.id)) == 1
    assert await scene.chat_state(house, aygun) == state
    assert await has_to_be_called(house, organiser, "Aygün")


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
@pytest.mark.parametrize("fate", ["kicked", "left", "deleted"])
async def test_where_the_bot_was_put_out_nothing_is_said_any_more(house: House, kind: str, fate: str) -> None:
    group = house.sandbox.group("Qrup", kind)
    group.chat.bot_status, group.chat.deleted = fate, fate == "deleted"
    rows = await scene.plan_all(house, [letter(group.id, str(number)) for number in range(3)])
    await house.settle()
    words = {"kicked": "bot was kicked from the", "left": "bot is not a member of the", "deleted": "the"}[fate]
    description = f"Forbidden: {words} {kind} chat{' was deleted' if fate == 'deleted' else ''}"
    assert Answer(403, description) in table.row("put out of a group").answers
    assert {(await scene.row(house, number))[:2] for number in rows} == {("unreachable", description)}
    assert len(scene.calls(house, "sendMessage", group.id)) == 1


async def test_a_chat_that_telegram_does_not_know_is_settled_and_logged_as_a_defect(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    aygun, leyla = await crew.woman(house, "Aygün"), await crew.woman(house, "Leyla")
    del house.sandbox.world.chats[aygun.id]
    private = table.row("unknown chat").answers[1]
    with caplog.at_level(logging.ERROR):
        number = await scene.plan(house, letter(aygun))
        await house.settle()
        house.sandbox.faults.plan("sendMessage", fault=scene.fault(private))
        other = await scene.plan(house, letter(leyla))
        await house.settle()
    scene.met(house, "unknown chat")
    assert (await scene.row(house, number))[:3] == ("unreachable", "Bad Request: chat not found", 1)
    assert (await scene.row(house, other))[:3] == ("unreachable", private.description, 1)
    assert caplog.text.count("does not know the chat") == 2


async def test_a_group_that_became_a_supergroup_is_written_to_there_at_once(house: House) -> None:
    group = house.sandbox.group("Qrup", "group")
    new = await group.upgrade()
    rows = await scene.plan_all(house, [letter(group.id, str(number)) for number in range(2)])
    await house.settle()
    scene.met(house, "became a supergroup")
    assert [message.text for message in new.received] == ["0", "1"]
    assert await crew.rows(house, "SELECT state, chat FROM outbox WHERE id >= ?", rows[0]) == [("sent", new.id)] * 2
    assert len(scene.calls(house, "sendMessage", group.id)) == 1


@pytest.mark.parametrize("answer", table.row("no right to write").answers, ids=str)
async def test_where_it_may_not_write_it_tries_once_and_the_owner_is_told(house: House, answer: Answer) -> None:
    owner, group = await crew.member(house, "owner"), house.sandbox.group()
    if "not enough rights" in answer.description:
        group.chat.writable = False  # the sandbox knows this one by itself
    else:
        house.sandbox.faults.plan("sendMessage", fault=scene.fault(answer))
    number = await scene.plan(house, letter(group.id))
    await house.settle()
    assert await scene.row(house, number) == ("failed", answer.description, 1, 0)
    assert scene.told(owner) == 1


async def test_a_new_token_whose_bot_nobody_started_lists_everybody_and_asks_each_once(house: House) -> None:
    """A lost token, a new bot, the old database: each woman is to be called, and can come by herself."""
    organiser, women = (
        await crew.member(house, "organiser"),
        [await crew.woman(house, name) for name in ("Aygün", "Nar")],
    )
    for phone in women:
        phone.person.started = False
    await house.travel(at(2, 8, 1))
    assert [len(scene.calls(house, "sendMessage", phone.id)) for phone in women] == [1, 1]
    assert await has_to_be_called(house, organiser, "Nar")
    await women[0].start()
    await house.settle()
    assert not await has_to_be_called(house, organiser, "Aygün")
    async with house.database.transaction() as tx:
        assert (await people.meet(tx, women[0].id, women[0].id, 0)).person.name == "Aygün"
