"""What there is in our Telegram: people, chats, messages, files and the bot; plain state with listeners."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import VirtualClock
from sandbox.limits import Limits
from sandbox.profile import Profile
from sandbox.queue import UpdateQueue

Json = dict[str, Any]
PATH_MS = 3_600_000
"""How long a path that getFile gave can be used."""
ANONYMOUS_ADMIN = 1087968824
"""The one id under which all anonymous group admins write (@GroupAnonymousBot)."""


@dataclass
class Person:
    """One Telegram account. `started`: she has pressed Start, so the bot may write to her."""

    id: int
    name: str
    language_code: str | None = None
    username: str | None = None
    phone_number: str = ""
    last_name: str = ""
    is_bot: bool = False
    started: bool = False
    blocked: bool = False
    gone: bool = False


@dataclass(frozen=True)
class Media:
    """A file that Telegram keeps; `kind` is the field of a message that holds it: document, photo, voice …"""

    kind: str
    file_id: str
    unique_id: str
    content: bytes
    name: str = ""
    mime: str = ""
    extra: Json = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes."""
        return int(self.extra.get("file_size", len(self.content)))


@dataclass(frozen=True)
class Button:
    """An inline button as shown; `data` or `url` is None when it has none."""

    text: str
    data: str | None
    url: str | None
    style: str | None = None


@dataclass
class Message:
    """A message in a chat, as it is now. `text` is the text, or the caption of a file."""

    message_id: int
    chat_id: int
    date: int
    sender: Person | None
    from_bot: bool = False
    kind: str = "text"
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    media: Media | None = None
    content: Json = field(default_factory=dict)
    markup: Json | None = None
    reply_to: int | None = None
    edited: int | None = None
    silent: bool = False
    protected: bool = False
    sender_chat: int | None = None
    deleted: bool = False
    changed: int = 0

    @property
    def rows(self) -> list[list[Button]]:
        """Its inline buttons, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [[Button(b["text"], b.get("callback_data"), b.get("url"), b.get("style")) for b in row] for row in rows]

    @property
    def buttons(self) -> list[Button]:
        """Its inline buttons in reading order."""
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        """What its inline buttons say."""
        return [button.text for button in self.buttons]

    @property
    def keyboard(self) -> list[list[str]] | None:
        """The labels of the reply keyboard it brought, if it brought one."""
        rows = (self.markup or {}).get("keyboard")
        return None if rows is None else [[button["text"] for button in row] for row in rows]

    @property
    def inline(self) -> Json | None:
        """Its inline keyboard as the Bot API gives it."""
        return self.markup if self.markup and "inline_keyboard" in self.markup else None

    @property
    def document(self) -> Media | None:
        """The file it carries, if it was sent as a document."""
        return self.media if self.kind == "document" else None

    @property
    def photo(self) -> Media | None:
        """The picture it carries."""
        return self.media if self.kind == "photo" else None

    @property
    def voice(self) -> Media | None:
        """The voice message it is."""
        return self.media if self.kind == "voice" else None

    @property
    def venue(self) -> Json | None:
        """The place it shows: title, address, location."""
        return self.content if self.kind == "venue" else None

    @property
    def location(self) -> Json | None:
        """The point it shows: latitude, longitude."""
        return self.content if self.kind == "location" else None


@dataclass(frozen=True)
class Notice:
    """What a lock screen shows of a new message."""

    title: str
    text: str
    silent: bool
    protected: bool


@dataclass
class Chat:
    """A private chat (its id is the person's), a group, a supergroup or a channel, as the bot sees it."""

    id: int
    kind: str
    title: str = ""
    bot_status: str = "member"
    members: dict[int, Person] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    keyboard: Json | None = None
    action: str | None = None
    migrated_to: int | None = None
    deleted: bool = False
    writable: bool = True
    last_id: int = 0

    @property
    def private(self) -> bool:
        """Whether it is the chat of one person with the bot."""
        return self.kind == "private"

    def visible(self) -> list[Message]:
        """Its messages that are still there, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]


@dataclass
class Press:
    """A pressed inline button; `answer` and `alert` are what the bot said to it."""

    id: str
    person: Person
    chat_id: int
    message_id: int
    data: str
    at_ms: int
    answered: bool = False
    answer: str = ""
    alert: bool = False


class World:
    """All of it, in the time of one clock. Listeners are called with the id of the chat or person that changed."""

    def __init__(self, clock: VirtualClock, bot: Person, seed: int | None = None) -> None:
        self.clock = clock
        self.bot = bot
        self.chance = random.Random(seed)  # noqa: S311 - ids for a double, not secrets
        self.queue = UpdateQueue(clock, self.chance)
        self.limits = Limits(clock)
        self.profile = Profile()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Media] = {}
        self.paths: dict[str, tuple[Media, int]] = {}
        self.presses: dict[str, Press] = {}
        self.tick = 0
        self._listeners: list[Callable[[int], None]] = []
        self._last_private_id = 0

    def listen(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Have `callback` called with a chat's or person's id after each visible change; gives what ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def changed(self, where: int) -> None:
        """Tell the listeners that something visible changed in a chat or of a person."""
        for callback in tuple(self._listeners):
            callback(where)

    def seconds(self) -> int:
        """The date of a message that is written now: UTC seconds."""
        return self.clock.now() // 1000

    def add_person(self, person: Person) -> Chat:
        """Let a person in; gives her private chat with the bot, where she has not pressed Start yet."""
        self.people[person.id] = person
        chat = Chat(person.id, "private", members={person.id: person})
        self.chats[chat.id] = chat
        self.changed(person.id)
        return chat

    def add_chat(self, chat: Chat) -> Chat:
        """Let a group or channel in."""
        self.chats[chat.id] = chat
        self.changed(chat.id)
        return chat

    def new_message_id(self, chat: Chat) -> int:
        """The next message number: one row of numbers for all private chats and basic groups (MTProto's common box)."""
        if chat.kind in ("supergroup", "channel"):
            chat.last_id += 1
            return chat.last_id
        self._last_private_id += 1
        return self._last_private_id

    def post(self, message: Message) -> Message:
        """Put a message into its chat; `changed` of a message orders all changes of the world."""
        self.chats[message.chat_id].messages[message.message_id] = message
        self.touch(message)
        return message

    def touch(self, message: Message) -> None:
        """A message came, was edited or was deleted: mark it and tell the listeners."""
        self.tick += 1
        message.changed = self.tick
        self.changed(message.chat_id)

    def keep(self, media: Media) -> Media:
        """Store a file, so that its id can be sent and fetched."""
        self.files[media.file_id] = media
        return media

    def lay_out(self, media: Media) -> str:
        """Let a file be downloaded for an hour from now (Bot API, File.file_path); gives its path."""
        known = next((path for path, (held, _) in self.paths.items() if held is media), None)
        ending = media.name[media.name.rfind(".") :] if "." in media.name else ""
        path = known or f"{media.kind}s/file_{len(self.paths)}{ending}"
        self.paths[path] = media, self.clock.now() + PATH_MS
        return path

    def at_path(self, path: str) -> Media | None:
        """The file that can be downloaded at a path now."""
        media, until = self.paths.get(path, (None, 0))
        return media if self.clock.now() < until else None

    def new_file_id(self) -> tuple[str, str]:
        """A fresh `file_id` and `file_unique_id`."""
        return f"BQACAgIAAxkBAAI{self.chance.getrandbits(160):040x}", f"AgAD{self.chance.getrandbits(64):016x}"
