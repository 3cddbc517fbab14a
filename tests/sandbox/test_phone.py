"""A person's phone: what she does reaches the bot as Telegram tells it, and she sees what the bot does."""

import asyncio
from typing import Any

import pytest

from sandbox import samples
from sandbox.clock import VirtualClock
from sandbox.phone import NotThere, Phone
from sandbox.server import Sandbox
from sandbox.world import Notice
from tests.sandbox.caller import Bot

Json = dict[str, Any]
KEYS = {"keyboard": [[{"text": "Nömrəmi göndər", "request_contact": True}], ["Yox"]], "one_time_keyboard": True}


def inline(**data: str) -> Json:
    return {"inline_keyboard": [[{"text": text, "callback_data": value}] for text, value in data.items()]}


@pytest.mark.parametrize("language", ["az", "ru", "en", "tr", None])
async def test_start_comes_with_payload_person_and_command(sandbox: Sandbox, bot: Bot, language: str | None) -> None:
    phone = sandbox.phone(name="Aygün", language_code=language, username="aygun_n")
    await phone.start("lenkeran")
    (update,) = await bot.updates()
    message = update["message"]
    assert message["text"] == "/start lenkeran"
    assert message["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert message["chat"] == {"id": phone.id, "first_name": "Aygün", "username": "aygun_n", "type": "private"}
    assert message["from"].get("language_code") == language
    assert message["date"] == sandbox.clock.now() // 1000


async def test_private_chats_share_one_row_of_message_numbers(sandbox: Sandbox, bot: Bot) -> None:
    numbers = []
    for phone in (sandbox.phone(), sandbox.phone()):
        numbers.append((await phone.write("salam"))["message"]["message_id"])
        numbers.append((await bot.do("sendMessage", chat_id=phone.id, text="salam"))["message_id"])
    assert numbers == [1, 2, 3, 4]


async def test_a_tap_finds_the_newest_button_and_gets_its_answer(bot: Bot, woman: Phone) -> None:
    old = await bot.do("sendMessage", chat_id=woman.id, text="köhnə", reply_markup=inline(Bəli="old", Yox="no"))
    await bot.do("sendMessage", chat_id=woman.id, text="təzə", reply_markup=inline(Bəli="new"))
    await woman.tap("Bəli")
    await woman.tap("Bəli", old["message_id"])
    await woman.tap("no")
    queries = [update["callback_query"] for update in await bot.updates()]
    assert [(query["data"], query["message"]["text"]) for query in queries] == [
        ("new", "təzə"),
        ("old", "köhnə"),
        ("no", "köhnə"),
    ]
    assert len({query["id"] for query in queries}) == 3
    await bot.do("answerCallbackQuery", callback_query_id=queries[0]["id"], text="Yazıldı")
    assert (woman.toasts, [press.answered for press in woman.presses]) == (["Yazıldı"], [True, False, False])


async def test_a_tap_waits_for_its_button(bot: Bot, woman: Phone) -> None:
    tap = asyncio.create_task(woman.tap("Bəli"))
    await bot.do("getMe")
    assert not tap.done()
    await bot.do("sendMessage", chat_id=woman.id, text="x", reply_markup=inline(Bəli="b"))
    assert (await asyncio.wait_for(tap, 1))["callback_query"]["data"] == "b"


async def test_what_is_not_there_is_said_with_what_is(bot: Bot, woman: Phone) -> None:
    with pytest.raises(NotThere, match="has not written"):
        _ = woman.last
    await bot.do("sendMessage", chat_id=woman.id, text="Adınız?", reply_markup=inline(Geri="b"))
    with pytest.raises(NotThere, match=r"Adınız.*Geri"):
        await woman.wait("Soyadınız?", 0.05)
    with pytest.raises(NotThere, match="only"):
        await woman.tap("İrəli", woman.last)


async def test_any_data_can_be_pressed_on_any_message(bot: Bot, woman: Phone) -> None:
    sent = await bot.do("sendMessage", chat_id=woman.id, text="x", reply_markup=inline(Bəli="b"))
    await bot.do("deleteMessage", chat_id=woman.id, message_id=sent["message_id"])
    with pytest.raises(NotThere, match="gone"):
        await woman.tap("b", woman.chat.messages[sent["message_id"]])
    await woman.press_raw("forged/1", sent["message_id"])
    query = (await bot.updates())[0]["callback_query"]
    assert (query["data"], query["message"]["date"]) == ("forged/1", 0)


async def test_a_reply_keyboard_types_its_text_or_shares_her_contact(bot: Bot, woman: Phone) -> None:
    for key, kind in (("Nömrəmi göndər", "contact"), ("Yox", "text")):
        await bot.do("sendMessage", chat_id=woman.id, text="Nömrəniz?", reply_markup=KEYS)
        assert woman.keyboard == [["Nömrəmi göndər"], ["Yox"]] == woman.last.keyboard
        message = (await woman.tap(key))["message"]
        assert kind in message
        assert woman.keyboard is None
    assert (await woman.share_contact())["message"]["contact"]["user_id"] == woman.id
    assert "user_id" not in (await woman.share_contact("+994559999999"))["message"]["contact"]


async def test_a_keyboard_goes_when_it_is_removed(bot: Bot, woman: Phone) -> None:
    await bot.do("sendMessage", chat_id=woman.id, text="x", reply_markup=KEYS)
    await bot.do("sendMessage", chat_id=woman.id, text="y", reply_markup={"remove_keyboard": True})
    assert woman.keyboard is None


@pytest.mark.parametrize("kind", sorted(samples.KINDS))
async def test_she_can_send_everything(bot: Bot, woman: Phone, kind: str) -> None:
    await woman.send(kind)
    assert kind in (await bot.updates())[0]["message"]


async def test_her_files_can_be_fetched(bot: Bot, woman: Phone) -> None:
    sent = (await woman.send("document", "mənim", content="məzmun".encode()))["message"]
    assert sent["caption"] == "mənim"
    path = (await bot.do("getFile", file_id=sent["document"]["file_id"]))["file_path"]
    async with bot.session.get(f"/file{bot.root}/{path}") as response:
        assert (await response.read()).decode() == "məzmun"


async def test_an_edit_and_a_reply_carry_what_they_are_about(bot: Bot, woman: Phone) -> None:
    sent = await bot.do("sendMessage", chat_id=woman.id, text="Sualınız?")
    hers = await woman.reply(sent["message_id"], "Saat neçədə?")
    assert hers["message"]["reply_to_message"]["text"] == "Sualınız?"
    nested = await woman.reply(hers["message"]["message_id"], "?")
    assert "reply_to_message" not in nested["message"]["reply_to_message"]
    edited = await woman.edit(hers["message"]["message_id"], "Harada?")
    assert (edited["edited_message"]["text"], "edit_date" in edited["edited_message"]) == ("Harada?", True)
    with pytest.raises(ValueError, match="only what she wrote"):
        await woman.edit(sent["message_id"], "x")


async def test_blocking_is_told_once_and_ends_with_start(bot: Bot, woman: Phone) -> None:
    await woman.block()
    assert await woman.block() is None
    with pytest.raises(ValueError, match="start"):
        await woman.write("salam")
    await woman.start()
    changes = [update.get("my_chat_member") for update in await bot.updates()]
    statuses = [
        (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) for change in changes if change
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]
    assert changes[-1] is None


async def test_the_lock_screen_shows_the_first_60_characters(bot: Bot, woman: Phone) -> None:
    await bot.do("sendMessage", chat_id=woman.id, text=f"<b>{'ə' * 70}</b>", parse_mode="HTML")
    quiet = {"disable_notification": True, "protect_content": True}
    await bot.do("sendMessage", chat_id=woman.id, text="x <tg-spoiler>gizli</tg-spoiler>", parse_mode="HTML", **quiet)
    assert woman.lock_screen == [
        Notice("İştirak", "ə" * 60, silent=False, protected=False),
        Notice("İştirak", "x ▒▒▒▒▒", silent=True, protected=True),
    ]


async def test_waiting_sees_edits_and_newer_answers(bot: Bot, woman: Phone) -> None:
    sent = await bot.do("sendMessage", chat_id=woman.id, text="bir")
    wait = asyncio.create_task(woman.wait(lambda message: message.edited is not None))
    tick = woman.world.tick
    await bot.do("editMessageText", chat_id=woman.id, message_id=sent["message_id"], text="iki")
    assert (await asyncio.wait_for(wait, 1)).text == "iki"
    assert (await woman.answered(tick)).message_id == sent["message_id"]


async def test_no_client_sends_nothing_or_too_much(woman: Phone) -> None:
    for text in (" \n", "x" * 4097):
        with pytest.raises(ValueError, match="send"):
            await woman.write(text)


async def test_listeners_hear_of_every_visible_change(bot: Bot, sandbox: Sandbox, woman: Phone) -> None:
    heard: list[int] = []
    end = sandbox.world.listen(heard.append)
    sent = await bot.do("sendMessage", chat_id=woman.id, text="x")
    await bot.do("sendChatAction", chat_id=woman.id, action="typing")
    await bot.do("deleteMessage", chat_id=woman.id, message_id=sent["message_id"])
    await woman.block()
    assert heard == [woman.id] * 4
    end()
    await woman.unblock()
    assert len(heard) == 4


async def test_the_log_of_calls_tells_moment_chat_and_answer(bot: Bot, woman: Phone, clock: VirtualClock) -> None:
    await bot.do("sendMessage", chat_id=woman.id, text="x")
    await bot.refusal("sendMessage", chat_id=5, text="x")
    good, wrong = bot.sandbox.calls
    assert (good.method, good.chat, good.status, good.values["text"]) == ("sendMessage", woman.id, 200, "x")
    assert (wrong.chat, wrong.status, wrong.description) == (5, 400, "Bad Request: chat not found")
    assert abs(good.moment - clock.now()) < 10_000
