"""What people do, and the updates that the bot gets of it."""

from __future__ import annotations

from typing import Any

from sandbox import objects, texts
from sandbox.queue import DAY_MS, PRESS_MS
from sandbox.world import Chat, Message, Person, Press, World

Json = dict[str, Any]


def say(world: World, chat: Chat, sender: Person | None, **what: Any) -> Json:
    """Put a message into a chat (`what`: fields of Message) and tell the bot, if it may know; gives the update."""
    message = Message(world.new_message_id(chat), chat.id, world.seconds(), sender, **what)
    world.post(message)
    kind = "channel_post" if chat.kind == "channel" else "message"
    given = objects.message(world, message)
    return _push(world, kind, given) if _heard(world, chat, message) else {kind: given}


def written(text: str) -> Json:
    """The fields of a Message that a typed text becomes; raises ValueError for a text that no client would send."""
    clean, _ = texts.trimmed(texts.cleaned(text), [])
    if not clean:
        raise ValueError("Telegram sends no empty text")
    if len(clean) > 4096:
        raise ValueError("a client sends at most 4096 characters at once")
    return {"text": clean, "entities": texts.found(clean, [])}


def edit(world: World, message: Message, text: str) -> Json:
    """Change a text and tell the bot."""
    for name, value in written(text).items():
        setattr(message, name, value)
    message.edited = world.seconds()
    world.touch(message)
    channel = world.chats[message.chat_id].kind == "channel"
    return _push(world, "edited_channel_post" if channel else "edited_message", objects.message(world, message))


def press(world: World, person: Person, chat_id: int, message_id: int, data: str) -> Json:
    """Press a button, or seem to: neither message nor data need exist. The bot has 150 seconds to fetch it."""
    done = Press(str(world.chance.getrandbits(62)), person, chat_id, message_id, data, world.clock.now())
    world.presses[done.id] = done
    world.changed(chat_id)
    return world.queue.push("callback_query", objects.callback_query(world, done), done.at_ms + PRESS_MS)


def change_membership(world: World, chat: Chat, by: Person, old: str, new: str) -> Json:
    """Tell the bot that it is now something else in a chat: blocked, unblocked, put out, taken in."""
    world.changed(chat.id)
    return _push(world, "my_chat_member", objects.own_membership(world, chat, by, old, new))


def _push(world: World, kind: str, body: Json) -> Json:
    """Queue for 24 hours from the date of the message (server, `process_new_message_queue`)."""
    date = int(body["edit_date"] if "edit_date" in body else body["date"])
    return world.queue.push(kind, body, date * 1000 + DAY_MS)


def _heard(world: World, chat: Chat, message: Message) -> bool:
    """Whether the bot gets a message: in groups, with privacy mode, commands, mentions and replies to it (Bots FAQ)."""
    if chat.private or chat.bot_status == "administrator":
        return True
    if chat.bot_status != "member":
        return False
    original = chat.messages.get(message.reply_to or 0)
    called = f"@{world.bot.username}".lower() in message.text.lower()
    return message.text.startswith("/") or called or (original is not None and original.from_bot)
