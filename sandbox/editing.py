"""The methods that change or delete messages."""

from __future__ import annotations

from typing import Any

from sandbox import chats, contents, markup, objects
from sandbox.parameters import Call
from sandbox.refusals import NOT_MODIFIED, bad
from sandbox.world import Chat, Message, World

Json = dict[str, Any]
DELETABLE_SECONDS = 48 * 3600
"""Bot API, deleteMessage. For edits Telegram promises no such limit; it holds here too, so bots are ready."""
MOST_DELETED = 100


def edit_text(world: World, call: Call) -> Json:
    """The message as it is now (Bot API, editMessageText); without `reply_markup` it loses its buttons."""
    text, entities = contents.text(call)
    chat, message = _editable(world, call)
    if message.kind != "text":
        raise bad("there is no text in the message to edit")
    return _change(world, chat, call, message, text, entities)


def edit_caption(world: World, call: Call) -> Json:
    """The message as it is now (Bot API, editMessageCaption)."""
    text, entities = contents.caption(call)
    chat, message = _editable(world, call)
    if message.media is None:
        raise bad("there is no caption in the message to edit")
    return _change(world, chat, call, message, text, entities)


def edit_markup(world: World, call: Call) -> Json:
    """The message as it is now (Bot API, editMessageReplyMarkup)."""
    chat, message = _editable(world, call)
    return _change(world, chat, call, message, message.text, message.entities)


def delete_message(world: World, call: Call) -> bool:
    """True; the message is gone from both sides (Bot API, deleteMessage), also one of hers."""
    chat = chats.known(world, call)
    message = chats.message(chat, call.integer("message_id"), "delete")
    if not _deletable(world, chat, message):
        raise bad("message can't be deleted")
    _delete(world, message)
    return True


def delete_messages(world: World, call: Call) -> bool:
    """True; those of at most 100 messages that are there are gone (Bot API, deleteMessages)."""
    chat = chats.known(world, call)
    ids = call.json("message_ids", "message identifiers")
    if not isinstance(ids, list):
        raise bad("message_ids must be an Array of Integer")
    if not ids:
        raise bad("message identifiers are not specified")
    if len(ids) > MOST_DELETED:
        raise bad("too many message identifiers specified")
    held = [message for number in ids if (message := chat.messages.get(number)) and not message.deleted]
    if not all(_deletable(world, chat, message) for message in held):
        raise bad("message can't be deleted")
    for message in held:
        _delete(world, message)
    return True


METHODS = {
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagereplymarkup": edit_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
}


def _old(world: World, message: Message) -> bool:
    return world.seconds() - message.date > DELETABLE_SECONDS


def _editable(world: World, call: Call) -> tuple[Chat, Message]:
    """The message to edit; raises Refused if it is not the bot's, or came with a reply keyboard.

    However old: a bot's own messages have no time limit (TDLib, MessagesManager::can_edit_message).
    """
    chat = chats.writable(world, call)
    message = chats.message(chat, call.integer("message_id"), "edit")
    if not message.from_bot or (message.markup and not message.inline):
        raise bad("message can't be edited")
    return chat, message


def _change(world: World, chat: Chat, call: Call, message: Message, text: str, entities: list[Json]) -> Json:
    keyboard = markup.read(call, private=chat.private, inline_only=True)
    world.limits.take(chat.id, private=chat.private)
    if (text, entities, keyboard) == (message.text, message.entities, message.inline):
        raise bad(NOT_MODIFIED)
    message.text, message.entities, message.markup = text, entities, keyboard
    message.edited = world.seconds()
    world.touch(message)
    return objects.message(world, message)


def _deletable(world: World, chat: Chat, message: Message) -> bool:
    """In private chats both sides' messages of the last 48 hours, elsewhere the bot's own, or all if it is an admin."""
    mine = message.from_bot or chat.private or chat.bot_status == "administrator"
    return mine and not _old(world, message)


def _delete(world: World, message: Message) -> None:
    message.deleted = True
    world.touch(message)
