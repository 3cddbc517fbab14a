"""Outside private chats nothing personal is said; whoever blocks the bot is left in peace, and welcome back."""

import pytest

from storage import outbox
from storage.outbox import Letter
from tests.bot import crew
from tests.bot.women import Woman
from tests.conftest import House

MARK = "Nümunəli"  # part of the name of every woman of these tests
COMMANDS = ("start", "help", "days", "recommend", "settings", "privacy", "cancel", "status", "export", "note", "team")


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_in_a_group_gets_one_public_sentence(command: str, house: House) -> None:
    woman = await Woman(house, "ru").reach("menu")
    group = house.sandbox.group()
    await woman.phone.write(f"/{command}@{house.sandbox.world.bot.username}", chat=group)
    await house.settle()
    [answer] = group.received
    assert "şəxsi söhbətdə" in answer.text
    assert MARK not in answer.text
    assert [button.url for button in answer.buttons] == [f"https://t.me/{house.sandbox.world.bot.username}"]
    assert ("leaveChat", group.id) in left(house)


def left(house: House) -> list[tuple[str, int | None]]:
    return [(call.method, call.chat) for call in house.sandbox.calls if call.method == "leaveChat"]


async def test_a_group_it_was_added_to_is_left_without_a_word(house: House) -> None:
    woman = await Woman(house, "az").reach("greeting")
    group = house.sandbox.group()
    await group.take_in(woman.phone.person)
    await house.settle()
    assert group.received == []
    assert ("leaveChat", group.id) in left(house)


async def test_talk_anonymous_admins_and_channels_are_ignored_safely(house: House) -> None:
    woman = await Woman(house, "az").reach("name")
    before = await woman.answers()
    group, channel = house.sandbox.group(kind="supergroup"), house.sandbox.group(kind="channel")
    await group.anonymous("Salam hamıya")
    await channel.post("Salam hamıya")
    await woman.phone.write("Salam hamıya", chat=group)
    other = {"id": group.id, "type": "supergroup", "title": "Qrup"}
    user = {"id": woman.phone.id, "is_bot": False, "first_name": "Aygün"}
    message = {"message_id": 5, "date": 1, "chat": other, "text": "f"}
    press = {"id": "77", "from": user, "chat_instance": "1", "data": f"f/{woman.key}/a/1/1", "message": message}
    house.sandbox.inject({"callback_query": press})
    house.sandbox.inject({"channel_post": {"message_id": 1, "date": 1, "chat": other, "text": "/start"}})
    await house.settle()
    assert group.received == [] and channel.received == []
    assert await woman.answers() == before
    assert await crew.rows(house, "SELECT * FROM failures") == []


async def test_a_command_for_another_bot_is_not_ours(house: House) -> None:
    woman = await Woman(house, "az").reach("greeting")
    group = house.sandbox.group()
    await group.take_in(woman.phone.person, "administrator")
    await woman.phone.write("/start@another_bot", chat=group)
    await house.settle()
    assert group.received == []


async def test_who_blocks_the_bot_is_written_to_no_more(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    async with house.database.transaction() as tx:
        letter = Letter(woman.phone.id, "sendMessage", {"text": "Salam"}, due=house.clock.now() + 3_600_000)
        await outbox.add(tx, [letter], house.clock.now())
    await woman.phone.block()
    await house.settle()
    assert await crew.rows(house, "SELECT state FROM chats") == [("blocked",)]
    assert await crew.rows(house, "SELECT count(*) FROM outbox WHERE state = 'planned'") == [(0,)]
    await woman.phone.unblock()
    await house.settle()
    assert await crew.rows(house, "SELECT state FROM chats") == [("reachable",)]


async def test_a_message_makes_a_blocked_chat_reachable_again(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE chats SET state = 'blocked'")
    await woman.write("salam")
    await house.settle()
    assert await crew.rows(house, "SELECT state FROM chats") == [("reachable",)]
