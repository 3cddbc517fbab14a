"""What the methods do when nothing is against it, and that a stock python-telegram-bot gets along with it."""

import pytest
import telegram
from telegram.constants import ParseMode

from sandbox.phone import Phone
from sandbox.samples import PICTURE
from sandbox.server import Sandbox
from tests.sandbox.caller import Bot

PLACE = {"latitude": 38.75, "longitude": 48.85}


async def test_get_me_gives_the_bot(bot: Bot) -> None:
    me = await bot.do("getMe")
    assert (me["is_bot"], me["username"], me["can_read_all_group_messages"]) == (True, "istirak_sandbox_bot", False)


async def test_a_message_is_given_back_as_it_is_shown(bot: Bot, woman: Phone) -> None:
    values = {"text": "  <b>Salam</b>\r\n", "parse_mode": "HTML", "protect_content": True}
    sent = await bot.do("sendMessage", chat_id=woman.id, **values)
    assert (sent["text"], sent["entities"]) == ("Salam", [{"offset": 0, "length": 5, "type": "bold"}])
    assert (sent["from"]["is_bot"], sent["chat"]["id"], sent["has_protected_content"]) == (True, woman.id, True)
    assert woman.last.text == "Salam"


async def test_entities_can_be_given_instead_of_html(bot: Bot, woman: Phone) -> None:
    given = [{"type": "bold", "offset": 2, "length": 1}, {"type": "bold", "offset": 5, "length": 9}]
    sent = await bot.do("sendMessage", chat_id=woman.id, text="🌸ə", entities=given)
    assert sent["entities"] == [{"type": "bold", "offset": 2, "length": 1}]


async def test_an_edit_without_keyboard_takes_the_keyboard_away(bot: Bot, woman: Phone) -> None:
    buttons = {"inline_keyboard": [[{"text": "Bəli", "callback_data": "b", "style": "success"}]]}
    number = (await bot.do("sendMessage", chat_id=woman.id, text="x", reply_markup=buttons))["message_id"]
    assert [(button.text, button.data, button.style) for button in woman.last.buttons] == [("Bəli", "b", "success")]
    edited = await bot.do("editMessageText", chat_id=woman.id, message_id=number, text="y")
    assert (edited["text"], "reply_markup" in edited, woman.last.buttons) == ("y", False, [])
    await bot.do("editMessageReplyMarkup", chat_id=woman.id, message_id=number, reply_markup=buttons)
    assert (woman.last.labels, woman.last.text) == (["Bəli"], "y")


async def test_files_are_sent_captioned_and_sent_again_by_id(bot: Bot, woman: Phone) -> None:
    _, body = await bot.upload(
        "sendDocument", b"a,b", "ad.csv", chat_id=woman.id, caption="<i>x</i>", parse_mode="HTML"
    )
    document = body["result"]["document"]
    assert (document["file_name"], document["file_size"], woman.last.text) == ("ad.csv", 3, "x")
    await bot.do("sendDocument", chat_id=woman.id, document=document["file_id"])
    assert woman.last.document is not None
    assert (woman.last.document.content, woman.last.document.name) == (b"a,b", "ad.csv")
    number = body["result"]["message_id"]
    edited = await bot.do("editMessageCaption", chat_id=woman.id, message_id=number, caption="y")
    assert (edited["caption"], edited["document"]) == ("y", document)


async def test_pictures_voices_and_places_are_shown(bot: Bot, woman: Phone) -> None:
    assert (await bot.upload("sendPhoto", PICTURE, "x.png", chat_id=woman.id))[1]["result"]["photo"][-1]["width"] == 1
    assert woman.last.photo is not None
    await bot.upload("sendVoice", b"OggS", "x.ogg", chat_id=woman.id)
    assert woman.last.voice is not None
    await bot.do("sendLocation", chat_id=woman.id, **PLACE)
    assert woman.last.location == PLACE
    sent = await bot.do("sendVenue", chat_id=woman.id, title="Kitabxana", address="Lənkəran", **PLACE)
    assert woman.last.venue == {"location": PLACE, "title": "Kitabxana", "address": "Lənkəran"} == sent["venue"]
    assert [notice.text for notice in woman.lock_screen] == ["x.png", "x.ogg", "Location", "Kitabxana"]


async def test_a_copy_bears_no_trace(bot: Bot, sandbox: Sandbox, woman: Phone) -> None:
    other = sandbox.phone(name="Nigar (nümunə)")
    await other.start()
    hers = (await woman.send("photo", "baxın"))["message"]["message_id"]
    copied = await bot.do("copyMessage", chat_id=other.id, from_chat_id=woman.id, message_id=hers)
    assert copied == {"message_id": other.last.message_id}
    assert (other.last.kind, other.last.text, other.last.from_bot) == ("photo", "baxın", True)


async def test_both_sides_can_be_deleted(bot: Bot, woman: Phone) -> None:
    mine = (await bot.do("sendMessage", chat_id=woman.id, text="x"))["message_id"]
    hers = (await woman.write("salam"))["message"]["message_id"]
    assert await bot.do("deleteMessages", chat_id=woman.id, message_ids=[mine, hers, 999])
    assert {mine, hers}.isdisjoint(message.message_id for message in woman.messages)


async def test_menus_are_kept_by_scope_and_language(bot: Bot, sandbox: Sandbox, woman: Phone) -> None:
    for scope, language in (("default", ""), ("all_private_chats", ""), ("all_private_chats", "ru")):
        command = {"command": "start", "description": f"{scope} {language}".strip()}
        await bot.do("setMyCommands", commands=[command], scope={"type": scope}, language_code=language)
    menu = sandbox.world.profile.menu(["chat/1", "all_private_chats", "default"], "ru")
    assert menu[0]["description"] == "all_private_chats ru"
    assert (await bot.do("getMyCommands"))[0]["description"] == "default"
    assert await bot.do("getMyCommands", language_code="en") == []
    await bot.do("deleteMyCommands", scope={"type": "all_private_chats"}, language_code="ru")
    assert sandbox.world.profile.menu(["all_private_chats"], "ru")[0]["description"] == "all_private_chats"


@pytest.mark.parametrize("what", ["Name", "Description", "ShortDescription"])
async def test_texts_about_the_bot_are_kept_by_language(bot: Bot, what: str) -> None:
    key = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}[what]
    await bot.do(f"setMy{what}", **{key: "hamı"})
    await bot.do(f"setMy{what}", **{key: "все"}, language_code="ru")
    assert (await bot.do(f"getMy{what}", language_code="ru")) == {key: "все"}
    assert (await bot.do(f"getMy{what}", language_code="en")) == {key: "hamı"}
    assert (await bot.refusal(f"setMy{what}", **{key: "x" * 513}))[0] == 400


async def test_a_menu_button_can_be_set_for_one_chat(bot: Bot, woman: Phone) -> None:
    await bot.do("setChatMenuButton", chat_id=woman.id, menu_button={"type": "default"})
    assert await bot.do("getChatMenuButton", chat_id=woman.id) == {"type": "default"}
    assert await bot.do("getChatMenuButton") == {"type": "commands"}
    assert (await bot.refusal("setChatMenuButton", menu_button={"type": "x"}))[0] == 400


async def test_a_stock_library_gets_along_with_it(sandbox: Sandbox, woman: Phone) -> None:
    """python-telegram-bot over its own httpx: text, buttons, file and press there and back."""
    stock = telegram.Bot(sandbox.token, base_url=f"{sandbox.api_url}/bot", base_file_url=f"{sandbox.api_url}/file/bot")
    async with stock:
        await stock.delete_webhook()
        button = telegram.InlineKeyboardButton("Razıyam", callback_data="yes")
        markup = telegram.InlineKeyboardMarkup.from_button(button)
        sent = await stock.send_message(woman.id, "<b>Salam</b>", parse_mode=ParseMode.HTML, reply_markup=markup)
        assert (sent.text_html, sent.message_id) == ("<b>Salam</b>", woman.last.message_id)
        await woman.tap("Razıyam")
        (update,) = await stock.get_updates(allowed_updates=telegram.Update.ALL_TYPES)
        assert update.callback_query is not None
        assert await update.callback_query.answer("Yazıldı")
        await update.callback_query.edit_message_text("Sağ olun")
        assert (woman.toasts, woman.last.text) == (["Yazıldı"], "Sağ olun")
        document = (await stock.send_document(woman.id, b"abc", filename="a.txt")).document
        assert document is not None
        assert await (await stock.get_file(document.file_id)).download_as_bytearray() == b"abc"
        assert (await stock.get_chat(woman.id)).first_name == woman.person.name
        with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
            await stock.send_message(5, "x")
        with pytest.raises(telegram.error.Forbidden):
            await woman.block()
            await stock.send_message(woman.id, "x")
        changed = (await stock.get_updates(offset=update.update_id + 1))[0].my_chat_member
        assert changed is not None
        assert changed.new_chat_member.status == "kicked"
