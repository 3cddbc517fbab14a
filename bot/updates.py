"""Updates as python-telegram-bot's objects; the everyday ones are made here, for it asks for 100 fields in each."""

from datetime import UTC, datetime
from typing import Any

import telegram
from telegram import Bot, Contact, MaybeInaccessibleMessage, MessageEntity

Raw = dict[str, Any]

# A message with no other fields is a text, a command or a contact of hers; all others the library reads by itself.
EVERYDAY = {"message_id", "from", "chat", "date", "text", "entities", "contact", "reply_to_message"}


class Unguarded:
    """Makes an object of the library in half the time: its guard against changes, a call for each field, stays away."""

    __slots__ = ()
    __setattr__ = object.__setattr__


class Update(Unguarded, telegram.Update):
    """An update."""

    __slots__ = ()


class CallbackQuery(Unguarded, telegram.CallbackQuery):
    """The press of a button."""

    __slots__ = ()


class Message(Unguarded, telegram.Message):
    """A message."""

    __slots__ = ()


class Chat(Unguarded, telegram.Chat):
    """A chat."""

    __slots__ = ()


class User(Unguarded, telegram.User):
    """Whoever wrote or pressed."""

    __slots__ = ()


def read(raw: Raw, bot: Bot) -> telegram.Update:
    """Return the update that Telegram's JSON describes (Bot API, Update). Raises whatever is wrong with it."""
    if raw.get("callback_query"):
        return Update(raw["update_id"], callback_query=press(raw["callback_query"]))
    if raw.get("message") and raw["message"].keys() <= EVERYDAY:
        return Update(raw["update_id"], message=message(raw["message"], bot))
    return telegram.Update.de_json(raw, bot)


def press(raw: Raw) -> CallbackQuery:
    """Return the press of a button; of the message under it only where it stands."""
    under = raw.get("message")
    return CallbackQuery(
        id=raw["id"],
        from_user=User.de_json(raw["from"]),
        chat_instance=raw["chat_instance"],
        message=MaybeInaccessibleMessage(*place(under)) if under else None,
        data=raw.get("data"),
    )


def message(raw: Raw, bot: Bot) -> Message:
    """Return an everyday message; of the one that it replies to only where it stands."""
    chat, number, date = place(raw)
    answered = raw.get("reply_to_message")
    made = Message(
        number,
        date,
        chat,
        from_user=User.de_json(raw["from"]) if "from" in raw else None,
        text=raw.get("text"),
        entities=MessageEntity.de_list(raw.get("entities", [])),
        contact=Contact.de_json(raw["contact"]) if "contact" in raw else None,
        reply_to_message=standing(answered) if answered else None,
    )
    made.set_bot(bot)  # commands are compared with its name
    return made


def standing(raw: Raw) -> Message:
    """Return a message of which no more than its place is known."""
    chat, number, date = place(raw)
    return Message(number, date, chat)


def place(raw: Raw) -> tuple[Chat, int, datetime]:
    """Return a message's chat, its number there, and when it was sent."""
    return Chat.de_json(raw["chat"]), raw["message_id"], datetime.fromtimestamp(raw["date"], UTC)
