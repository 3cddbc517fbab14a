"""Everyday updates are made without python-telegram-bot's own reading, and are the same."""

from datetime import UTC, datetime
from typing import Any

import pytest
import telegram
from telegram import Bot

from bot import updates
from tests.conftest import TOKEN

BOT = Bot(TOKEN)
WOMAN = {"id": 7, "is_bot": False, "first_name": "Aygün", "username": "aygun", "language_code": "az"}
CHAT = {"id": 7, "type": "private", "first_name": "Aygün", "username": "aygun"}
PLACE = {"message_id": 12, "chat": CHAT, "date": 1_790_000_000}
OURS = {**PLACE, "from": {"id": 1, "is_bot": True, "first_name": "İştirak"}, "text": "Adınız?"}
KEYBOARD = {"inline_keyboard": [[{"text": "Bəli", "callback_data": "f/key/a/1/1"}]]}
CONTACT = {"phone_number": "+994501234567", "first_name": "Aygün", "user_id": 7}
COMMAND = {"text": "/start", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
PRESS = {"id": "9", "from": WOMAN, "chat_instance": "3", "data": "f/key/a/1/1"}

STILL = {"is_animated": False, "is_video": False}

EVERYDAY: list[dict[str, Any]] = [{"text": "Salam"}, COMMAND, {"contact": CONTACT}]
OTHER: list[dict[str, Any]] = [
    {"sticker": {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1, **STILL}},
    {"text": "Salam", "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Aygün"}},
]


@pytest.mark.parametrize("brought", EVERYDAY + OTHER)
def test_a_message_is_what_the_library_makes_of_it(brought: dict[str, Any]) -> None:
    raw = {"update_id": 5, "message": {**PLACE, "from": WOMAN, **brought}}
    read, expected = updates.read(raw, BOT), telegram.Update.de_json(raw, BOT)
    assert read.to_dict() == expected.to_dict()
    assert read.message and expected.message and read.message.get_bot() is BOT
    assert read.message.date == expected.message.date


@pytest.mark.parametrize("brought", EVERYDAY)
def test_everyday_messages_go_without_the_guard_of_each_field(brought: dict[str, Any]) -> None:
    read = updates.read({"update_id": 5, "message": {**PLACE, "from": WOMAN, **brought}}, BOT)
    assert isinstance(read.message, updates.Unguarded)


def test_a_field_that_the_library_does_not_know_yet_does_no_harm() -> None:
    raw = {"update_id": 5, "callback_query": {**PRESS, "from": {**WOMAN, "aura": 3}, "message": PLACE}}
    press = updates.read(raw, BOT).callback_query
    assert press and press.from_user.id == 7
    assert press.from_user.api_kwargs == {"aura": 3}


def test_what_a_message_replies_to_is_known_by_its_place() -> None:
    raw = {"update_id": 5, "message": {**PLACE, "from": WOMAN, "text": "Bəli", "reply_to_message": OURS}}
    known = {"update_id": 5, "message": {**PLACE, "from": WOMAN, "text": "Bəli", "reply_to_message": PLACE}}
    assert updates.read(raw, BOT).to_dict() == telegram.Update.de_json(known, BOT).to_dict()


@pytest.mark.parametrize("kind", ["edited_message", "my_chat_member"])
def test_an_update_of_another_kind_is_read_by_the_library(kind: str) -> None:
    member = {"user": {"id": 1, "is_bot": True, "first_name": "İştirak"}, "status": "member"}
    changed = {"chat": CHAT, "from": WOMAN, "date": 1, "old_chat_member": member, "new_chat_member": member}
    raw = {"update_id": 5, kind: changed if kind == "my_chat_member" else {**OURS, "edit_date": 1_790_000_060}}
    assert updates.read(raw, BOT).to_dict() == telegram.Update.de_json(raw, BOT).to_dict()


@pytest.mark.parametrize("under", [{**OURS, "reply_markup": KEYBOARD}, {**PLACE, "date": 0}])
def test_a_press_is_what_the_library_makes_of_it_and_its_message_a_place(under: dict[str, Any]) -> None:
    raw = {"update_id": 5, "callback_query": {**PRESS, "message": under}}
    read = updates.read(raw, BOT)
    press = read.callback_query
    assert press and press.to_dict() == {**PRESS, "message": {**PLACE, "date": under["date"]}}
    assert press.message and press.message.date == datetime.fromtimestamp(under["date"], UTC)
    assert press.message.is_accessible == bool(under["date"])
    assert read.effective_chat and read.effective_chat.id == read.effective_user.id == 7  # type: ignore[union-attr]


def test_a_press_under_no_message_has_none() -> None:
    read = updates.read({"update_id": 5, "callback_query": PRESS}, BOT)
    assert read.callback_query and read.callback_query.message is None
    assert read.effective_chat is None


@pytest.mark.parametrize("raw", [{"message": {"text": "Salam"}}, {"callback_query": {"id": "9"}}, {"message": "Salam"}])
def test_what_is_wrong_raises(raw: dict[str, Any]) -> None:
    with pytest.raises((KeyError, AttributeError, TypeError)):
        updates.read({"update_id": 5, **raw}, BOT)
