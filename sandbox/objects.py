"""The Bot API's JSON objects of what is in the world: User, Chat, Message, CallbackQuery, ChatMemberUpdated."""

from __future__ import annotations

from typing import Any

from sandbox.world import ANONYMOUS_ADMIN, Chat, Media, Message, Person, Press, World

Json = dict[str, Any]
ANONYMOUS = Person(ANONYMOUS_ADMIN, "Group", username="GroupAnonymousBot", is_bot=True)
OWN_ABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}


def user(person: Person) -> Json:
    """A User."""
    given: Json = {"id": person.id, "is_bot": person.is_bot, "first_name": person.name}
    for name in ("last_name", "username", "language_code"):
        if value := getattr(person, name):
            given[name] = value
    return given


def me(world: World) -> Json:
    """The bot's own User, as getMe gives it."""
    return {**user(world.bot), **OWN_ABILITIES}


def chat(world: World, where: Chat) -> Json:
    """A Chat."""
    if where.private:
        return {key: value for key, value in _private(world, where).items() if value}
    return {"id": where.id, "title": where.title, "type": where.kind}


def _private(world: World, where: Chat) -> Json:
    person = world.people[where.id]
    return {
        "id": where.id,
        "first_name": person.name,
        "last_name": person.last_name,
        "username": person.username,
        "type": "private",
    }


def full_chat(world: World, where: Chat) -> Json:
    """A ChatFullInfo, as getChat gives it."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return {
        **chat(world, where),
        "accent_color_id": where.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


def message(world: World, shown: Message, *, with_reply: bool = True) -> Json:
    """A Message; the message it replies to is inside it, without a further one inside that."""
    where = world.chats[shown.chat_id]
    given: Json = {"message_id": shown.message_id}
    if where.kind != "channel":
        given["from"] = user(_sender(world, shown))
    if shown.sender_chat is not None:
        given["sender_chat"] = chat(world, world.chats[shown.sender_chat])
    given["chat"] = chat(world, where)
    given["date"] = shown.date
    if shown.edited is not None:
        given["edit_date"] = shown.edited
    original = where.messages.get(shown.reply_to or 0)
    if with_reply and original is not None and not original.deleted:
        given["reply_to_message"] = message(world, original, with_reply=False)
    if shown.protected:
        given["has_protected_content"] = True
    given.update(_content(shown))
    if shown.inline:
        given["reply_markup"] = shown.inline
    return given


def _sender(world: World, shown: Message) -> Person:
    if shown.from_bot:
        return world.bot
    return shown.sender or ANONYMOUS


def _content(shown: Message) -> Json:
    given: Json = {}
    if shown.kind == "text":
        given["text"] = shown.text
        if shown.entities:
            given["entities"] = shown.entities
        return given
    if shown.media is not None:
        given[shown.kind] = photo_sizes(shown.media) if shown.kind == "photo" else media(shown.media)
    elif shown.kind == "venue":
        given = {"venue": shown.content, "location": shown.content["location"]}
    else:
        given[shown.kind] = shown.content
    if shown.text:
        given["caption"] = shown.text
        if shown.entities:
            given["caption_entities"] = shown.entities
    return given


def media(held: Media) -> Json:
    """A Document, Voice, Sticker or whatever else the file is."""
    given: Json = {"file_id": held.file_id, "file_unique_id": held.unique_id, "file_size": held.size}
    if held.name:
        given["file_name"] = held.name
    if held.mime:
        given["mime_type"] = held.mime
    return {**given, **held.extra}


def photo_sizes(held: Media) -> list[Json]:
    """A photo as the list of its sizes; the largest, whose `file_id` is the file's, comes last."""
    largest = {**media(held), "width": held.extra.get("width", 800), "height": held.extra.get("height", 600)}
    largest.pop("file_name", None)
    largest.pop("mime_type", None)
    return [largest]


def callback_query(world: World, press: Press) -> Json:
    """A CallbackQuery; a deleted message is an InaccessibleMessage in it."""
    where = world.chats[press.chat_id]
    pressed = where.messages.get(press.message_id)
    if pressed is None or pressed.deleted:
        held: Json = {"chat": chat(world, where), "message_id": press.message_id, "date": 0}
    else:
        held = message(world, pressed)
    return {
        "id": press.id,
        "from": user(press.person),
        "message": held,
        "chat_instance": str(7 * where.id + 1),
        "data": press.data,
    }


def own_membership(world: World, where: Chat, by: Person, old: str, new: str) -> Json:
    """A ChatMemberUpdated of the bot itself: in a private chat `kicked` is blocked and `member` is unblocked."""
    return {
        "chat": chat(world, where),
        "from": user(by),
        "date": world.seconds(),
        "old_chat_member": _membership(world, old),
        "new_chat_member": _membership(world, new),
    }


def _membership(world: World, status: str) -> Json:
    given: Json = {"user": user(world.bot), "status": status}
    if status == "kicked":
        given["until_date"] = 0
    if status == "administrator":
        given.update(dict.fromkeys(_RIGHTS, False), can_be_edited=False, is_anonymous=False)
    return given


_RIGHTS = (
    *(
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
    ),
    *("can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories"),
)
