"""Each refusal of the Bot API, with the official code and description (tests/telegram/sending.py)."""

import asyncio
from typing import Any

import aiohttp
import pytest

from sandbox.clock import VirtualClock
from sandbox.phone import Phone
from sandbox.refusals import NOT_MODIFIED, QUERY_TOO_OLD
from sandbox.server import Sandbox
from tests.sandbox.caller import Bot
from tests.sandbox.conftest import DAY

Json = dict[str, Any]


def inline(*data: str) -> Json:
    return {"inline_keyboard": [[{"text": "Bəli", "callback_data": value} for value in data]]}


@pytest.mark.parametrize(
    "values, description",
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n\t\u202e "}, "text must be non-empty"),
        ({"text": "\u200b\ufeff"}, "text must be non-empty"),
        ({"text": "ə" * 4097}, "message is too long"),
        ({"text": "<b>" + "ə" * 4097 + "</b>", "parse_mode": "HTML"}, "message is too long"),
        ({"text": "x" * 32_769}, "text is too long"),
        ({"text": "x", "parse_mode": "Markup"}, "unsupported parse_mode"),
        ({"text": "ə<p>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "p" at byte offset 2'),
        ({"text": "x", "reply_markup": inline("ə" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": inline("")}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": inline(*map(str, range(101)))}, "reply markup is too long"),
        ({"text": "x", "reply_markup": inline(*["x" * 64] * 99)}, "reply markup is too long"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "chat_id": 5}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
    ],
)
async def test_a_message_that_is_wrong(bot: Bot, woman: Phone, values: Json, description: str) -> None:
    assert await bot.refusal("sendMessage", **{"chat_id": woman.id, **values}) == (400, f"Bad Request: {description}")
    assert (len(woman.received), bot.sandbox.refused_malformed) == (0, 1)


async def test_what_is_just_within_the_limits_is_sent(bot: Bot, woman: Phone) -> None:
    await bot.do("sendMessage", chat_id=woman.id, text="<b>" + "🌸" * 4096 + "</b>", parse_mode="HTML")
    await bot.do("sendMessage", chat_id=woman.id, text="x", reply_markup=inline("ə" * 32))
    await bot.do("sendMessage", chat_id=woman.id, text="x", reply_markup=inline(*map(str, range(100))))
    values = {"reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}}
    await bot.do("sendMessage", chat_id=woman.id, text="x", **values)
    assert len(woman.received) == 4


async def test_a_caption_has_1024_characters(bot: Bot, woman: Phone) -> None:
    status, body = await bot.upload("sendDocument", b"x", chat_id=woman.id, caption="ə" * 1025)
    assert (status, body["description"]) == (400, "Bad Request: message caption is too long")
    assert (await bot.upload("sendDocument", b"x", chat_id=woman.id, caption="ə" * 1024))[0] == 200


async def test_people_who_cannot_be_reached(bot: Bot, sandbox: Sandbox) -> None:
    stranger, blocker, gone = (sandbox.phone() for _ in range(3))
    await blocker.start()
    await blocker.block()
    await gone.start()
    await gone.close_account()
    robot = sandbox.phone()
    robot.person.is_bot = True
    told = {
        stranger.id: "bot can't initiate conversation with a user",
        blocker.id: "bot was blocked by the user",
        gone.id: "user is deactivated",
        robot.id: "the bot can't send messages to the bot",
    }
    for chat, description in told.items():
        assert await bot.refusal("sendMessage", chat_id=chat, text="x") == (403, f"Forbidden: {description}")
    await blocker.unblock()
    assert await bot.do("sendMessage", chat_id=blocker.id, text="x")


async def test_an_edit_that_changes_nothing(bot: Bot, woman: Phone) -> None:
    values = {"chat_id": woman.id, "text": "<b>Salam</b>", "parse_mode": "HTML", "reply_markup": inline("x")}
    number = (await bot.do("sendMessage", **values))["message_id"]
    assert await bot.refusal("editMessageText", message_id=number, **values) == (400, f"Bad Request: {NOT_MODIFIED}")
    assert bot.sandbox.refused_malformed == 0
    for change in ({"text": "Salam"}, {"reply_markup": inline("y")}):
        assert await bot.do("editMessageText", message_id=number, **{**values, **change})


async def test_messages_that_cannot_be_edited(bot: Bot, woman: Phone, clock: VirtualClock) -> None:
    async def refusal(method: str = "editMessageText", **values: Any) -> str:
        return (await bot.refusal(method, chat_id=woman.id, text="y", **values))[1].removeprefix("Bad Request: ")

    keyboard = {"keyboard": [["Bəli"]]}
    mine = (await bot.do("sendMessage", chat_id=woman.id, text="x"))["message_id"]
    keyed = (await bot.do("sendMessage", chat_id=woman.id, text="x", reply_markup=keyboard))["message_id"]
    hers = (await woman.write("salam"))["message"]["message_id"]
    assert await refusal() == "message identifier is not specified"
    assert await refusal(message_id=99) == "message to edit not found"
    assert await refusal(message_id=hers) == "message can't be edited"
    assert await refusal(message_id=keyed) == "message can't be edited"
    assert await refusal(message_id=mine, reply_markup=keyboard) == "inline keyboard expected"
    assert await refusal("editMessageCaption", message_id=mine) == "there is no caption in the message to edit"
    clock.jump(clock.now() + 30 * DAY)
    assert (await bot.do("editMessageText", chat_id=woman.id, text="y", message_id=mine))["text"] == "y"


async def test_messages_that_cannot_be_deleted(bot: Bot, woman: Phone, clock: VirtualClock) -> None:
    number = (await bot.do("sendMessage", chat_id=woman.id, text="x"))["message_id"]
    missing = await bot.refusal("deleteMessage", chat_id=woman.id, message_id=99)
    assert missing == (400, "Bad Request: message to delete not found")
    clock.jump(clock.now() + 2 * DAY + 2_000)
    for method, values in (("deleteMessage", {"message_id": number}), ("deleteMessages", {"message_ids": [number]})):
        refused = await bot.refusal(method, chat_id=woman.id, **values)
        assert refused == (400, "Bad Request: message can't be deleted")
    many = await bot.refusal("deleteMessages", chat_id=woman.id, message_ids=list(range(101)))
    assert many == (400, "Bad Request: too many message identifiers specified")


async def test_a_press_can_be_answered_once_and_in_time(bot: Bot, woman: Phone, clock: VirtualClock) -> None:
    first, second = [(await woman.press_raw("x", 1))["callback_query"]["id"] for _ in range(2)]
    assert await bot.do("answerCallbackQuery", callback_query_id=first)
    clock.jump(clock.now() + 61_000)
    for late in (first, second, "404"):
        refused = await bot.refusal("answerCallbackQuery", callback_query_id=late)
        assert refused == (400, f"Bad Request: {QUERY_TOO_OLD}")
    assert bot.sandbox.refused_malformed == 0


async def test_files_that_are_refused(bot: Bot, woman: Phone) -> None:
    async def refusal(method: str, content: bytes) -> str:
        return str((await bot.upload(method, content, chat_id=woman.id))[1]["description"]).removeprefix(
            "Bad Request: "
        )

    assert await refusal("sendDocument", b"") == "file must be non-empty"
    assert await refusal("sendPhoto", b"no picture") == "IMAGE_PROCESS_FAILED"
    assert (await refusal("sendPhoto", b"\xff\xd8\xff" + bytes(10 * 1024 * 1024))).endswith("10485760 bytes")
    missing = await bot.refusal("sendDocument", chat_id=woman.id)
    assert missing == (400, "Bad Request: there is no document in the request")
    wrong = await bot.refusal("sendDocument", chat_id=woman.id, document="BQAC-no-such-file")
    assert wrong == (400, "Bad Request: wrong file identifier/HTTP URL specified")
    photo = (await woman.send("photo"))["message"]["photo"][-1]["file_id"]
    mistaken = await bot.refusal("sendDocument", chat_id=woman.id, document=photo)
    assert mistaken == (400, "Bad Request: can't use file of type Photo as Document")


async def test_an_upload_above_50_mb_is_refused_by_its_announced_size(sandbox: Sandbox) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", sandbox.port)
    head = f"POST /bot{sandbox.token}/sendDocument HTTP/1.1\r\nHost: x\r\nContent-Length: {60 * 1024 * 1024}\r\n\r\n"
    writer.write(head.encode())
    answer = await asyncio.wait_for(reader.readuntil(b"}"), 2)
    assert answer.startswith(b"HTTP/1.1 413 ") and b"Request Entity Too Large" in answer
    writer.close()


async def test_a_download_above_20_mb_is_refused(bot: Bot, woman: Phone) -> None:
    big = (await woman.send("document", file_size=20 * 1024 * 1024 + 1))["message"]["document"]["file_id"]
    assert await bot.refusal("getFile", file_id=big) == (400, "Bad Request: file is too big")
    refused = await bot.refusal("getFile", file_id="none")
    assert refused == (400, "Bad Request: wrong file_id or the file is temporarily unavailable")


@pytest.mark.parametrize(
    "address, status, description",
    [
        ("/bot123456:wrong-secret-of-the-right-form/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 404, "Not Found"),
        ("/bot{token}/getYou", 404, "Not Found: method not found"),
        ("/file/bot123456:wrong-secret-of-the-right-form/x", 401, "Unauthorized"),
        ("/file/bot{token}/documents/none", 404, "Not Found"),
    ],
)
async def test_wrong_addresses(sandbox: Sandbox, bot: Bot, address: str, status: int, description: str) -> None:
    async with bot.session.get(address.replace("{token}", sandbox.token)) as response:
        body = await response.json()
    assert (response.status, body) == (status, {"ok": False, "error_code": status, "description": description})


@pytest.mark.parametrize("body", [b"{", b"[]"])
async def test_a_body_that_is_no_json_object(bot: Bot, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with bot.session.post(f"{bot.root}/getMe", data=body, headers=headers) as response:
        assert response.status == 400


async def test_every_way_of_passing_parameters_is_taken(sandbox: Sandbox, bot: Bot, woman: Phone) -> None:
    values = {"chat_id": str(woman.id), "text": "Salam & hörmət"}
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_fields(*values.items())
    for passed in ({"params": values}, {"data": values}, {"data": form}, {"json": values}):
        async with bot.session.post(f"{bot.root}/SENDmessage", **passed) as response:
            assert response.status == 200
    async with bot.session.get(f"{bot.root}/sendMessage", params=values) as response:
        assert response.status == 200
    assert [message.text for message in woman.received] == ["Salam & hörmət"] * 5


@pytest.mark.parametrize(
    "values, description",
    [
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "start", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "start", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "aze"}, "invalid language code specified"),
        ({"commands": [], "scope": {"type": "x"}}, "can't parse BotCommandScope: unsupported type specified"),
    ],
)
async def test_command_menus_that_are_wrong(bot: Bot, values: Json, description: str) -> None:
    assert await bot.refusal("setMyCommands", **values) == (400, f"Bad Request: {description}")


async def test_places_and_actions_that_are_wrong(bot: Bot, woman: Phone) -> None:
    async def refusal(method: str, **values: Any) -> str:
        return (await bot.refusal(method, chat_id=woman.id, **values))[1].removeprefix("Bad Request: ")

    assert await refusal("sendLocation") == "latitude and longitude must be non-empty"
    assert await refusal("sendLocation", latitude=91, longitude=1) == "wrong latitude or longitude specified"
    assert await refusal("sendVenue", latitude=1, longitude=1, title="") == "VENUE_TITLE_EMPTY"
    assert await refusal("sendChatAction", action="dancing") == "wrong parameter action in request"
    assert await refusal("leaveChat") == "chat member status can't be changed in private chats"
    assert await refusal("copyMessage", from_chat_id=woman.id, message_id=99) == "message to copy not found"
