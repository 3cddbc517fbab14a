"""Strangers, removed organisers, anonymous administrators and channels: nobody acts or reads without a role."""

from typing import Any

import pytest

from sandbox.phone import Phone
from tests.bot import crew
from tests.bot.test_inquiries import QUESTION, asked
from tests.bot.test_notes import notes_of, written
from tests.conftest import House

NAME = "Gülnarə Sınaqova"
ANONYMOUS = 1_087_968_824  # Telegram's GroupAnonymousBot
FILES = ("sendDocument", "sendPhoto")
WORDS = ("/status", "/export", "/note", "/invite", "/team")
PRESSES = ("o/status", "o/calls", "o/export", "o/doubt/again/9", "n/to/all", "n/1/send", "r/invite/owner", "r/sure/1")
LINKS = ("d/to/all", "d/alone", "d/list", "r/roles")


def user(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "Kimsə", **more}


def said(house: House, text: str, chat: dict[str, Any], **more: Any) -> dict[str, Any]:
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    date = house.clock.now() // 1000
    return {"message_id": 900, "date": date, "chat": chat, "text": text, "entities": entities, **more}


async def nothing_told(house: House) -> None:
    """No call told a name or made a link, and nothing failed."""
    await house.settle()
    sent = [call for call in house.sandbox.calls if call.method not in ("getUpdates", "setMyCommands")]
    told = [call.method for call in sent if NAME in str(call) or "start=" in str(call) or call.method in FILES]
    assert told == []
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
    assert await crew.rows(house, "SELECT count(*) FROM roles WHERE role = 'owner'") == [(1,)]


@pytest.fixture
async def team(house: House) -> tuple[Phone, Phone]:
    """An owner and an organiser; and a woman who cannot be reached, so that there is a name to tell."""
    owner, organiser = await crew.member(house, "owner", "Könül"), await crew.member(house, "organiser")
    await (await crew.woman(house, NAME, phone="+994507654321")).block()
    await house.settle()
    return owner, organiser


async def test_an_anonymous_administrator_and_a_channel_are_nobody(house: House, team: tuple[Phone, Phone]) -> None:
    owner, _ = team
    group = {"id": -1_001, "type": "supergroup", "title": "Qrup"}
    channel = {"id": -1_002, "type": "channel", "title": "Kanal"}
    for word in WORDS:
        for sender in (ANONYMOUS, owner.id):
            message = said(house, word, group, **{"from": user(sender)}, sender_chat=group)
            house.sandbox.inject({"message": message})
        house.sandbox.inject({"channel_post": said(house, word, channel, sender_chat=channel)})
        house.sandbox.inject({"message": said(house, word, channel, sender_chat=channel)})
        house.sandbox.inject({"edited_message": said(house, word, group, **{"from": user(owner.id)})})
    for data in (*PRESSES, *LINKS):
        press = {"id": "1", "from": user(owner.id), "chat_instance": "1", "data": data}
        house.sandbox.inject({"callback_query": {**press, "message": said(house, "a", group)}})
        house.sandbox.inject({"callback_query": {**press, "inline_message_id": "x"}})
    await nothing_told(house)


async def test_whose_words_reach_another_chat_are_not_the_owners(house: House, team: tuple[Phone, Phone]) -> None:
    """A private chat is the user's own: an update that says otherwise is forged, and a forwarded command is a text."""
    owner, _ = team
    stranger = house.phone("Yad")
    await stranger.start()
    chat = {"id": stranger.id, "type": "private", "first_name": "Yad"}
    origin = {"type": "user", "sender_user": user(owner.id), "date": 1}
    for word in WORDS:
        house.sandbox.inject({"message": said(house, word, chat, **{"from": user(stranger.id)}, forward_origin=origin)})
        house.sandbox.inject({"message": said(house, word, chat, **{"from": user(stranger.id)}, sender_chat=chat)})
    for data in (*PRESSES, *LINKS):
        await stranger.press_raw(data, stranger.last.message_id if stranger.received else 1)
    await nothing_told(house)


async def test_who_was_removed_can_neither_read_write_nor_finish_what_he_began(
    house: House, team: tuple[Phone, Phone]
) -> None:
    owner, organiser = team
    aygun = await crew.woman(house, "Aygün")
    await asked(house, aygun)
    note = await written(house, organiser)
    copy = next(message.message_id for message in organiser.received if QUESTION in message.text)
    await owner.write("/team")
    await house.settle()
    await owner.press_raw(f"r/sure/{organiser.id}", owner.last.message_id)
    await house.settle()
    house.sandbox.calls.clear()
    before = len(aygun.received)
    for word in WORDS:
        await organiser.write(word)
    for data in (*PRESSES, *LINKS, f"n/{note}/send", f"n/{note}/change"):
        await organiser.press_raw(data, organiser.last.message_id)
    await organiser.reply(copy, "Cavab")
    await nothing_told(house)
    assert notes_of(aygun) == []
    assert len(aygun.received) == before
