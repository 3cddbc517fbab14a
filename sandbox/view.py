"""What the chat page shows of the world: named items of plain JSON, so that a stream can send just what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox import screen, settings
from sandbox.world import Button, Chat, Message, Person, Press, World

Json = dict[str, Any]
Items = dict[str, Json]

NEWEST = 200
"""Messages of a chat that the page holds; weak phones show no more."""
NOTICES = 8
TOASTS = 20
SPIN_MS = 15_000
"""How long a pressed button shows that it waits for the bot."""


@dataclass
class View:
    """The world as drawn; `read` is the newest message each person has seen, `about` a word on each person."""

    world: World
    about: dict[int, str] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    taken: int = 0

    def items(self, person_id: int | None) -> Items:
        """Everything that is shown while `person_id`'s chat is open: the bot, all people, and her chat."""
        if not len(self.world.queue):
            self.taken = self.world.tick
        found: Items = {"bot": self._bot()}
        for person in self.world.people.values():
            if not person.is_bot:
                found[f"person/{person.id}"] = self._person(person)
        if person_id in self.world.people:
            found.update(self._opened(self.world.people[person_id]))
        return found

    def mark_read(self, person_id: int) -> None:
        """She has seen all there is."""
        self.read[person_id] = max(self.world.chats[person_id].messages, default=0)

    def _bot(self) -> Json:
        profile = self.world.profile
        name = profile.text("name", "") or self.world.bot.name
        return {"username": self.world.bot.username, "name": name}

    def _person(self, person: Person) -> Json:
        messages = self.world.chats[person.id].visible()
        unread = [m for m in messages if m.from_bot and m.message_id > self.read.get(person.id, 0)]
        return {
            "id": person.id,
            "name": f"{person.name} {person.last_name}".strip(),
            "about": self.about.get(person.id) or person.language_code or "no language",
            "language_code": person.language_code,
            "blocked": person.blocked,
            "unread": len(unread),
            "last": _line(messages[-1]) if messages else None,
        }

    def _opened(self, person: Person) -> Items:
        chat = self.world.chats[person.id]
        messages = chat.visible()
        presses = [press for press in self.world.presses.values() if press.person.id == person.id]
        waiting = {
            (p.message_id, p.data) for p in presses if not p.answered and p.at_ms > self.world.clock.now() - SPIN_MS
        }
        found = {f"message/{m.message_id}": self._message(chat, m, waiting) for m in messages[-NEWEST:]}
        found["chat"] = self._chat(person, chat, presses)
        return found

    def _chat(self, person: Person, chat: Chat, presses: list[Press]) -> Json:
        profile, language = self.world.profile, (person.language_code or "")[:2]
        return {
            "person": person.id,
            "started": person.started,
            "blocked": person.blocked,
            "keyboard": _keyboard(chat),
            "commands": profile.menu(settings.scopes_of(person.id), language),
            "description": profile.text("description", language),
            "lock_screen": [self._notice(m) for m in reversed(chat.visible()) if m.from_bot][:NOTICES],
            "toasts": [
                {"id": p.id, "text": p.answer, "alert": p.alert} for p in presses[-TOASTS:] if p.answered and p.answer
            ],
        }

    def _notice(self, message: Message) -> Json:
        return {"date": message.date * 1000, "text": screen.notice(self.world, message).text}

    def _message(self, chat: Chat, message: Message, waiting: set[tuple[int, str]]) -> Json:
        mine = not message.from_bot
        text = "/start" if mine and message.text.startswith("/start ") else message.text
        return {
            "id": message.message_id,
            "mine": mine,
            "date": message.date * 1000,
            "text": text,
            "entities": message.entities,
            "edited": message.edited is not None,
            "taken": message.changed <= self.taken,
            "reply_to": _quoted(chat, message.reply_to),
            "buttons": [[_button(button, message, waiting) for button in row] for row in message.rows],
            **_content(message),
        }


def _line(message: Message) -> Json:
    """The newest message, as a line of the list of people."""
    return {
        "text": message.text or message.content.get("title", ""),
        "kind": message.kind,
        "date": message.date * 1000,
        "mine": not message.from_bot,
    }


def _quoted(chat: Chat, message_id: int | None) -> Json | None:
    message = chat.messages.get(message_id or 0)
    if message is None or message.deleted:
        return None
    return {"id": message.message_id, **_line(message)}


def _button(button: Button, message: Message, waiting: set[tuple[int, str]]) -> Json:
    return {
        "text": button.text,
        "style": button.style,
        "kind": "url" if button.url else "data",
        "url": button.url,
        "waiting": (message.message_id, button.data) in waiting,
    }


def _keyboard(chat: Chat) -> Json | None:
    """The reply keyboard that is up; its id is the message that brought it."""
    markup = chat.keyboard
    if not markup or "keyboard" not in markup:
        return None
    brought = (m.message_id for m in reversed(chat.messages.values()) if m.markup == markup)
    return {
        "id": next(brought, 0),
        "rows": [[_key(button) for button in row] for row in markup["keyboard"]],
        "resize": bool(markup.get("resize_keyboard")),
        "one_time": bool(markup.get("one_time_keyboard")),
        "placeholder": markup.get("input_field_placeholder", ""),
    }


def _key(button: Json | str) -> Json:
    if isinstance(button, str):
        return {"text": button, "request": None, "style": None}
    asked = "contact" if button.get("request_contact") else "location" if button.get("request_location") else None
    return {"text": button["text"], "request": asked, "style": button.get("style")}


def _content(message: Message) -> Json:
    """What a message carries beside its text, under the name the page draws it by."""
    content, media = message.content, message.media
    extra = {**content, **(media.extra if media else {})}
    shown: Json = {"other": message.kind}
    if message.kind == "text":
        return {}
    if message.kind == "document" and media:
        shown = {"document": {"name": media.name or "file", "size": media.size, "file": media.file_id}}
    elif message.kind == "photo" and media:
        shown = {"photo": {"file": media.file_id, "width": extra.get("width", 320), "height": extra.get("height", 240)}}
    elif message.kind == "voice":
        shown = {"voice": {"duration": extra.get("duration", 0)}}
    elif message.kind == "sticker":
        shown = {"sticker": {"emoji": extra.get("emoji", "")}}
    elif message.kind in ("venue", "location"):
        shown = {message.kind: content}
    elif message.kind == "contact":
        name = f"{content.get('first_name', '')} {content.get('last_name', '')}".strip()
        shown = {"contact": {"name": name, "phone": content.get("phone_number", "")}}
    return shown
