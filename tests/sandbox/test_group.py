"""Groups and channels: what the bot hears there, and why it may not write."""

import pytest

from sandbox.group import Group
from sandbox.phone import Phone
from sandbox.server import Sandbox
from sandbox.world import ANONYMOUS_ADMIN
from tests.sandbox.caller import Bot


@pytest.fixture
async def group(sandbox: Sandbox) -> Group:
    return sandbox.group("Lənkəran (nümunə)")


async def test_with_privacy_it_hears_commands_mentions_and_replies_only(bot: Bot, group: Group, woman: Phone) -> None:
    sent = await bot.do("sendMessage", chat_id=group.id, text="Salam")
    for text in ("necəsiniz", "/help", "bax @istirak_sandbox_bot"):
        await woman.write(text, chat=group)
    await woman.write("cavab", chat=group, reply_to=sent["message_id"])
    heard = [update["message"] for update in await bot.updates()]
    assert [message["text"] for message in heard] == ["/help", "bax @istirak_sandbox_bot", "cavab"]
    assert {message["chat"]["type"] for message in heard} == {"supergroup"}
    assert {message["from"]["id"] for message in heard} == {woman.id}


async def test_anonymous_admins_have_one_id_and_speak_as_the_group(bot: Bot, group: Group) -> None:
    await group.anonymous("/admin")
    message = (await bot.updates())[0]["message"]
    assert (message["from"]["id"], message["from"]["username"]) == (ANONYMOUS_ADMIN, "GroupAnonymousBot")
    assert message["sender_chat"]["id"] == group.id


async def test_channel_posts_have_no_sender(bot: Bot, sandbox: Sandbox) -> None:
    channel = sandbox.group("Kanal (nümunə)", "channel")
    await channel.post("xəbər")
    update = (await bot.updates())[0]
    assert "from" not in update["channel_post"]
    assert update["channel_post"]["sender_chat"]["type"] == "channel"
    assert await bot.do("sendMessage", chat_id=channel.id, text="x")


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_why_it_may_not_write(bot: Bot, sandbox: Sandbox, woman: Phone, kind: str) -> None:
    group = sandbox.group("x", kind)

    async def refusal() -> tuple[int, str]:
        return await bot.refusal("sendMessage", chat_id=group.id, text="x")

    group.chat.writable = False
    assert await refusal() == (400, "Bad Request: not enough rights to send text messages to the chat")
    await group.put_out(woman.person)
    assert await refusal() == (403, f"Forbidden: bot was kicked from the {kind} chat")
    group.chat.bot_status = "left"
    assert await refusal() == (403, f"Forbidden: bot is not a member of the {kind} chat")
    group.chat.deleted = True
    assert await refusal() == (403, f"Forbidden: the {kind} chat was deleted")
    assert group.received == []


async def test_it_can_leave(bot: Bot, group: Group) -> None:
    assert await bot.do("leaveChat", chat_id=group.id)
    assert (await bot.refusal("sendMessage", chat_id=group.id, text="x"))[0] == 403
    await group.anonymous("/help")
    assert bot.sandbox.updates_waiting == 0


async def test_it_is_told_when_it_is_put_out_and_taken_in(bot: Bot, group: Group, woman: Phone) -> None:
    await group.put_out(woman.person)
    await group.take_in(woman.person, "administrator")
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in await bot.updates()]
    assert statuses == ["kicked", "administrator"]


async def test_an_upgraded_group_names_its_new_id(bot: Bot, sandbox: Sandbox) -> None:
    group = sandbox.group("x", "group")
    new = await group.upgrade()
    status, body = await bot.answer("sendMessage", chat_id=group.id, text="x")
    assert (status, body["description"]) == (400, "Bad Request: group chat was upgraded to a supergroup chat")
    assert body["parameters"] == {"migrate_to_chat_id": new.id}
    assert await bot.do("sendMessage", chat_id=new.id, text="x")


async def test_a_phone_number_can_be_asked_for_in_private_only(bot: Bot, group: Group) -> None:
    markup = {"keyboard": [[{"text": "x", "request_contact": True}]]}
    refused = await bot.refusal("sendMessage", chat_id=group.id, text="x", reply_markup=markup)
    assert refused == (400, "Bad Request: phone number can be requested in private chats only")


async def test_groups_have_rows_of_numbers_of_their_own(bot: Bot, sandbox: Sandbox, group: Group, woman: Phone) -> None:
    other = sandbox.group("y")
    numbers = [(await bot.do("sendMessage", chat_id=chat, text="x"))["message_id"] for chat in (group.id, other.id)]
    assert numbers == [1, 1]
