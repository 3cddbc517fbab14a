"""The methods that put a message of the bot into a chat."""

from __future__ import annotations

from typing import Any

from sandbox import chats, contents, markup, objects, screen
from sandbox.parameters import Call
from sandbox.refusals import bad
from sandbox.world import Chat, Media, Message, World

Json = dict[str, Any]
ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "find_location"),
        *("upload_document", "choose_sticker", "record_video_note", "upload_video_note"),
    }
)


def send_message(world: World, call: Call) -> Json:
    """The message sent (Bot API, sendMessage)."""
    text, entities = contents.text(call)
    return _deliver(world, call, text=text, entities=entities)


def send_document(world: World, call: Call) -> Json:
    """The message sent (Bot API, sendDocument)."""
    return _send_file(world, call, "document")


def send_photo(world: World, call: Call) -> Json:
    """The message sent (Bot API, sendPhoto)."""
    return _send_file(world, call, "photo")


def send_voice(world: World, call: Call) -> Json:
    """The message sent (Bot API, sendVoice)."""
    return _send_file(world, call, "voice")


def send_location(world: World, call: Call) -> Json:
    """The message sent (Bot API, sendLocation)."""
    return _deliver(world, call, kind="location", content=_point(call))


def send_venue(world: World, call: Call) -> Json:
    """The message sent (Bot API, sendVenue)."""
    for name in ("title", "address"):
        if not call.text(name).strip():
            raise bad(f"VENUE_{name.upper()}_EMPTY" if name == "title" else "venue address must be non-empty")
    content = {"location": _point(call), "title": call.text("title"), "address": call.text("address")}
    return _deliver(world, call, kind="venue", content=content)


def copy_message(world: World, call: Call) -> Json:
    """The MessageId of a copy that bears no trace of its origin (Bot API, copyMessage)."""
    origin = chats.message(chats.known(world, call, "from_chat_id"), call.integer("message_id"), "copy")
    text, entities = origin.text, origin.entities
    if "caption" in call.values and origin.media is not None:
        text, entities = contents.caption(call)
    sent = _deliver(
        world, call, kind=origin.kind, text=text, entities=entities, media=origin.media, content=origin.content
    )
    return {"message_id": sent["message_id"]}


def send_chat_action(world: World, call: Call) -> bool:
    """True; the chat shows what the bot is doing until its next message (Bot API, sendChatAction)."""
    chat = chats.writable(world, call)
    if call.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat.action = call.text("action")
    world.changed(chat.id)
    return True


METHODS = {
    "sendmessage": send_message,
    "senddocument": send_document,
    "sendphoto": send_photo,
    "sendvoice": send_voice,
    "sendlocation": send_location,
    "sendvenue": send_venue,
    "copymessage": copy_message,
    "sendchataction": send_chat_action,
}


def _send_file(world: World, call: Call, kind: str) -> Json:
    media = contents.media(world, call, kind)
    text, entities = contents.caption(call)
    return _deliver(world, call, kind=kind, text=text, entities=entities, media=media)


def _point(call: Call) -> Json:
    point = {name: call.decimal(name) for name in ("latitude", "longitude")}
    if not all(call.text(name) for name in point):
        raise bad("latitude and longitude must be non-empty")
    if abs(point["latitude"]) > 90 or abs(point["longitude"]) > 180:
        raise bad("wrong latitude or longitude specified")
    return point


def _deliver(
    world: World,
    call: Call,
    *,
    kind: str = "text",
    text: str = "",
    entities: list[Json] | None = None,
    media: Media | None = None,
    content: Json | None = None,
) -> Json:
    """Put a message of the bot into the chat of the call, unless something is against it; gives it as JSON."""
    keyboard = markup.read(call, private=call.integer("chat_id") > 0)
    chat = chats.writable(world, call)
    reply_to = _reply(chat, call)
    world.limits.take(chat.id, private=chat.private)
    sent = Message(
        world.new_message_id(chat),
        chat.id,
        world.seconds(),
        world.bot,
        from_bot=True,
        kind=kind,
        text=text,
        entities=entities or [],
        media=media,
        content=content or {},
        markup=keyboard,
        reply_to=reply_to,
        silent=call.flag("disable_notification"),
        protected=call.flag("protect_content"),
        sender_chat=chat.id if chat.kind == "channel" else None,
    )
    _show(world, chat, sent)
    return objects.message(world, sent)


def _show(world: World, chat: Chat, sent: Message) -> None:
    """What a new message changes on the phones of the chat: keyboard, lock screen, «typing …»."""
    if sent.markup and "inline_keyboard" not in sent.markup:
        chat.keyboard = sent.markup if "keyboard" in sent.markup else None
    chat.action = None
    chat.notices.append(screen.notice(world, sent))
    world.post(sent)


def _reply(chat: Chat, call: Call) -> int | None:
    """The message this one answers; raises Refused if it is gone, unless the call says that this does not matter."""
    given = call.json("reply_parameters", "reply parameters") or {}
    wanted = given.get("message_id") or call.integer("reply_to_message_id")
    if not wanted:
        return None
    original = chat.messages.get(wanted)
    if original is not None and not original.deleted:
        return int(wanted)
    if given.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")
