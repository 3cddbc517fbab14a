"""Whether the bot may write somewhere: the chat a call means, and the server's refusal if it may not."""

from __future__ import annotations

from sandbox.parameters import Call
from sandbox.refusals import bad, forbidden
from sandbox.world import Chat, Message, World


def known(world: World, call: Call, name: str = "chat_id") -> Chat:
    """The chat of a call; raises Refused if it is missing or the bot has never met it."""
    value = call.text(name).strip()
    if not value:
        raise bad(f"{name} is empty")
    if value.startswith("@"):
        raise bad("chat not found")
    chat = world.chats.get(call.integer(name))
    if chat is None:
        raise bad("chat not found")
    return chat


def writable(world: World, call: Call, name: str = "chat_id") -> Chat:
    """The chat of a call, where the bot may write now; raises Refused as the server does for each reason it may not."""
    chat = known(world, call, name)
    if chat.private:
        _check_person(world, chat)
    else:
        _check_group(chat)
    return chat


def _check_person(world: World, chat: Chat) -> None:
    person = world.people[chat.id]
    if person.gone:
        raise forbidden("user is deactivated")
    if person.is_bot:
        raise forbidden("the bot can't send messages to the bot")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")
    if person.blocked:
        raise forbidden("bot was blocked by the user")


def _check_group(chat: Chat) -> None:
    name = f"{chat.kind} chat"
    if chat.migrated_to is not None:
        raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.deleted:
        raise forbidden(f"the {name} was deleted")
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {name}")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {name}")
    if not chat.writable:
        raise bad("not enough rights to send text messages to the chat")
    if chat.kind == "channel" and chat.bot_status != "administrator":
        raise bad("need administrator rights in the channel chat")


def message(chat: Chat, message_id: int, doing: str) -> Message:
    """A message of the chat that is still there; `doing` is the word of the refusal: edit, delete, copy …"""
    if not message_id and doing == "edit":
        raise bad("message identifier is not specified")
    found = chat.messages.get(message_id)
    if found is None or found.deleted:
        raise bad(f"message to {doing} not found")
    return found
