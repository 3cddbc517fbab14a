"""One person's phone, driven from Python: what she does becomes updates, what the bot does becomes what she sees."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox import acts, samples
from sandbox.group import Group
from sandbox.world import Message, Notice, Person, Press, World

Json = dict[str, Any]
Seen = TypeVar("Seen")
PATIENCE_SECONDS = 5.0
"""How long, in real seconds, she looks for a button or an answer before the test has failed."""


class NotThere(LookupError):
    """What she was to see or press did not appear in time; the message shows what did."""


class Phone:
    """The phone of one person. Everything she does returns the update that it made, as the bot will get it."""

    def __init__(self, world: World, person: Person) -> None:
        self.world = world
        self.person = person
        self.chat = world.chats[person.id]

    @property
    def id(self) -> int:
        """Her Telegram user id, which is her private chat's id too."""
        return self.person.id

    @property
    def messages(self) -> list[Message]:
        """All she sees in her chat with the bot, oldest first: the bot's messages and her own."""
        return self.chat.visible()

    @property
    def received(self) -> list[Message]:
        """The bot's messages in her chat, oldest first."""
        return [message for message in self.messages if message.from_bot]

    @property
    def last(self) -> Message:
        """The bot's newest message; raises NotThere if there is none."""
        if not self.received:
            raise NotThere("the bot has not written yet")
        return self.received[-1]

    @property
    def keyboard(self) -> list[list[str]] | None:
        """The labels of the reply keyboard that is open under her chat."""
        rows = (self.chat.keyboard or {}).get("keyboard")
        return None if rows is None else [[key["text"] for key in row] for row in rows]

    @property
    def presses(self) -> list[Press]:
        """The buttons she pressed, oldest first, with what the bot said to each."""
        return [press for press in self.world.presses.values() if press.person is self.person]

    @property
    def toasts(self) -> list[str]:
        """The texts that flashed up as answers to her presses, alerts too."""
        return [press.answer for press in self.presses if press.answer]

    @property
    def lock_screen(self) -> list[Notice]:
        """What her lock screen showed, oldest first: the bot's name and the first 60 characters."""
        return self.chat.notices

    async def start(self, payload: str = "") -> Json:
        """Open the bot by its link and press Start (which also unblocks it)."""
        await self.unblock()
        self.person.started = True
        return await self.write(f"/start {payload}".strip())

    async def write(self, text: str, *, chat: Group | None = None, reply_to: int | None = None) -> Json:
        """Send a text, to the bot or into a group."""
        return self._say(chat, reply_to=reply_to, **acts.written(text))

    async def reply(self, message_id: int, text: str) -> Json:
        """Answer one message with a text."""
        return await self.write(text, reply_to=message_id)

    async def edit(self, message_id: int, text: str) -> Json:
        """Change a text of hers."""
        message = self.chat.messages[message_id]
        if message.from_bot:
            raise ValueError("she can change only what she wrote")
        return acts.edit(self.world, message, text)

    async def share_contact(self, phone_number: str | None = None, *, user_id: int | None = None) -> Json:
        """Share her own contact, or with a number or user id given somebody else's."""
        own = phone_number is None and user_id is None
        contact: Json = {"phone_number": phone_number or self.person.phone_number, "first_name": self.person.name}
        if own or user_id is not None:
            contact["user_id"] = self.person.id if own else user_id
        return self._say(None, kind="contact", content=contact)

    async def send(self, kind: str, caption: str = "", *, content: bytes | None = None, **extra: Any) -> Json:
        """Send one of `samples.KINDS`: photo, voice, video_note, document, animation, sticker, location, poll …"""
        if kind in samples.POINTS:
            return self._say(None, kind=kind, content={**samples.POINTS[kind], **extra})
        if kind not in samples.FILES:
            raise ValueError(f"a person sends one of: {', '.join(sorted(samples.KINDS))}")
        media = samples.media(self.world, kind, content, **extra)
        return self._say(None, kind=kind, text=caption, media=media)

    async def tap(self, label: str, message: Message | int | None = None) -> Json:
        """Press a button by its label or data: of `message`, or of the newest that has it; waits for it to appear.

        A key of the reply keyboard sends its text, or shares her contact or place. Raises NotThere.
        """
        if message is not None:
            held = self.chat.messages[message] if isinstance(message, int) else message
            return self._press(held, self._data(held, label))
        found: Message | Json = await self._until(lambda: self._find(label), PATIENCE_SECONDS, f"a button «{label}»")
        if isinstance(found, Message):
            return self._press(found, self._data(found, label))
        return await self._key(found)

    async def press_raw(self, data: str, message_id: int) -> Json:
        """Send any data as if it stood on a button of any message, as a changed client can."""
        return acts.press(self.world, self.person, self.person.id, message_id, data)

    async def block(self) -> Json | None:
        """Stop the bot; None if it was stopped before."""
        if self.person.blocked:
            return None
        self.person.blocked = True
        return acts.change_membership(self.world, self.chat, self.person, "member", "kicked")

    async def unblock(self) -> Json | None:
        """Let the bot write again; None if it may."""
        if not self.person.blocked:
            return None
        self.person.blocked = False
        return acts.change_membership(self.world, self.chat, self.person, "kicked", "member")

    async def close_account(self) -> None:
        """Delete her account: the bot is told nothing, but can no longer reach her."""
        self.person.gone = True
        self.world.changed(self.person.id)

    async def replay(self, update: Json) -> None:
        """Let the bot get an update once more, with the same id."""
        self.world.queue.repeat(update)

    async def wait(self, what: str | Callable[[Message], bool], seconds: float = PATIENCE_SECONDS) -> Message:
        """The newest message of the bot that holds this text, or for which `what` says yes; waits REAL seconds for it.

        Edits count as well as new messages. Raises NotThere.
        """
        fits = (lambda message: what in message.text) if isinstance(what, str) else what
        asked = f"«{what}»" if isinstance(what, str) else "the message waited for"
        return await self._until(lambda: next(filter(fits, reversed(self.received)), None), seconds, asked)

    async def answered(self, after: int, seconds: float = PATIENCE_SECONDS) -> Message:
        """The first message of the bot that came or changed after the world's `tick` was `after`."""

        def newer() -> Message | None:
            fresh = [message for message in self.received if message.changed > after]
            return min(fresh, key=lambda message: message.changed, default=None)

        return await self._until(newer, seconds, "an answer")

    async def _until(self, look: Callable[[], Seen | None], seconds: float, what: str) -> Seen:
        """What `look` finds, looked for again after each change of her chat, at most so many real seconds."""
        changed = asyncio.Event()
        end = self.world.listen(lambda where: changed.set() if where == self.chat.id else None)
        try:
            async with asyncio.timeout(seconds):
                while not (found := look()):
                    changed.clear()
                    await changed.wait()
            return found
        except TimeoutError:
            raise NotThere(f"{self.person.name} does not see {what}; she sees: {self._seen()}") from None
        finally:
            end()

    def _seen(self) -> str:
        shown = [f"«{message.text}» {message.labels or ''}".strip() for message in self.received[-3:]]
        return "; ".join(shown) or "nothing"

    def _find(self, label: str) -> Message | Json | None:
        """The newest message with such a button, or such a key of the keyboard that is open."""
        for message in reversed(self.received):
            if any(label in (button.text, button.data) for button in message.buttons):
                return message
        keys = (key for row in (self.chat.keyboard or {}).get("keyboard", []) for key in row)
        return next((key for key in keys if key["text"] == label), None)

    def _data(self, message: Message, label: str) -> str:
        for button in message.buttons:
            if label in (button.text, button.data):
                if button.data is None:
                    raise NotThere(f"«{label}» opens a link, the bot hears nothing of it")
                return button.data
        raise NotThere(f"message {message.message_id} has no button «{label}», only {message.labels}")

    async def _key(self, key: Json) -> Json:
        if (self.chat.keyboard or {}).get("one_time_keyboard"):
            self.chat.keyboard = None
        if key.get("request_contact"):
            return await self.share_contact()
        if key.get("request_location"):
            return await self.send("location")
        return await self.write(str(key["text"]))

    def _press(self, message: Message, data: str) -> Json:
        if message.deleted:
            raise NotThere(f"message {message.message_id} is gone")
        return acts.press(self.world, self.person, message.chat_id, message.message_id, data)

    def _say(self, group: Group | None, **what: Any) -> Json:
        where = group.chat if group else self.chat
        if where.private:
            if self.person.blocked:
                raise ValueError(f"{self.person.name} has stopped the bot; she has to start it again first")
            self.person.started = True
        return acts.say(self.world, where, self.person, **what)
