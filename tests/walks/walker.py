"""A woman on a random walk: she sees a screen, and does something with it that a person might do."""

import random
import re
from collections.abc import Callable, Coroutine
from typing import Any

from sandbox.phone import Phone
from sandbox.world import Button, Message

Act = Coroutine[Any, Any, Any]
COMMANDS = ("/start", "/help", "/cancel", "/privacy", "/settings", "/days", "/recommend", "/start x_1", "/nothing")
KINDS = ("sticker", "voice", "photo", "location", "video_note", "document")
WORDS = (
    *("Aygün Nümunəli", "Lenkeran", "Загатала", "Qubadan", "Qusar", "bəli", "yox", "da", "ok", "1", "2", "5", "1, 3"),
    *("+994 50 123 45 67", "0501234567", "12.05.1985", "38", "-", ".", "?", "👍", "geri"),
    *("salam, necəsiniz?", "‹ Geri", "stop", "hamısı", "heç biri", "keç", "hazırdır"),
    *("uşaq baxımı", "ş" * 300, 'a\u202eb <b>x</b> & "y"', "=1+1", "ə" * 4096),
)
BACKWARD = ("‹", "✎", "☰", "✓")  # how the labels begin of what is no way on, or is ticked already
COMMAND = re.compile(r"(?<!\S)/[a-z]+")  # as Telegram makes a link of it
# Rather onward than astray, so that a walk comes to the end of something now and then.
LIKELY = {"on": 40, "tap": 40, "write": 20, "key": 10, "send": 4, "command": 6, "old": 4, "edit": 1, "twice": 2}


class Walker:
    """She remembers the buttons that she has seen, as a chat does that can be scrolled back."""

    def __init__(self, phone: Phone, chance: random.Random) -> None:
        self.phone, self.chance = phone, chance
        self.told: list[str] = []  # what she did, for whoever has to find out what went wrong
        self._seen: list[tuple[int, str, str]] = []

    def act(self) -> Act:
        """Return what she does next."""
        possible: dict[str, Callable[[], Act]] = {
            "on": self.go_on,
            "write": self._write,
            "send": lambda: self._did("sends", self.phone.send, self.chance.choice(KINDS)),
            "command": lambda: self._did("writes", self.phone.write, self.chance.choice(COMMANDS)),
        }
        if buttons := self.buttons():
            possible |= {"tap": lambda: self._tap(buttons), "twice": lambda: self._tap(buttons, taps=2)}
        if self._seen:
            possible["old"] = self._old
        if self.phone.keyboard:
            possible["key"] = self._key
        if mine := [message for message in self.phone.messages if not message.from_bot and message.kind == "text"]:
            possible["edit"] = lambda: self._did("edits", self.phone.edit, mine[-1].message_id, "Bəli, düzdür")
        names = list(possible)
        return possible[self.chance.choices(names, [LIKELY[name] for name in names])[0]]()

    def buttons(self) -> list[tuple[Message, Button]]:
        """The buttons of the last few messages: what she has before her eyes."""
        shown = [(message, button) for message in self.phone.received[-3:] for button in message.buttons if button.data]
        self._seen += [(message.message_id, button.data or "", button.text) for message, button in shown]
        del self._seen[:-200]
        return shown

    async def go_on(self) -> None:
        """Do what somebody does who wants to come to the end: a button that leads on, a key, or an answer in words."""
        last = self.phone.received[-1]
        if not last.buttons and not self.phone.keyboard and (shown := self.buttons()):
            last = shown[-1][0]
        onward = [button for button in last.buttons if button.data and not button.text.startswith(BACKWARD)]
        coloured = [button for button in last.buttons if button.style in ("primary", "success")]
        if onward + coloured and self.chance.random() < 0.85:
            weights = [2.0**-place for place in range(len(onward))]
            led = coloured and (not onward or self.chance.random() < 0.5)
            button = coloured[0] if led else self.chance.choices(onward, weights)[0]
            await self._did(f"taps [{button.text}]", self.phone.press_raw, button.data, last.message_id)
        elif self.phone.keyboard and self.chance.random() < 0.7:
            await self._key(but=BACKWARD)
        else:
            await self._did("writes", self.phone.write, self.chance.choice(WORDS[:10]))

    def way_on(self) -> bool:
        """Whether she has something to tap: a button or a command in one of the last messages, or a key."""
        shown = [message for message in self.phone.received if message.kind != "venue"][-2:]
        return bool(self.phone.keyboard) or any(message.buttons or COMMAND.search(message.text) for message in shown)

    def _write(self) -> Act:
        buttons = self.buttons()
        if buttons and self.chance.random() < 0.3:  # what stands on a button may be typed as well
            return self._did("writes", self.phone.write, self.chance.choice(buttons)[1].text)
        return self._did("writes", self.phone.write, self.chance.choice(WORDS))

    async def _tap(self, buttons: list[tuple[Message, Button]], taps: int = 1) -> None:
        message, button = self.chance.choice(buttons)
        for _ in range(taps):
            await self._did(f"taps [{button.text}]", self.phone.press_raw, button.data, message.message_id)

    def _old(self) -> Act:
        message, data, text = self.chance.choice(self._seen)
        return self._did(f"taps an old [{text}]", self.phone.press_raw, data, message)

    def _key(self, but: tuple[str, ...] = ("\0",)) -> Act:
        keys = [key for row in (self.phone.chat.keyboard or {})["keyboard"] for key in row]
        key = self.chance.choice([key for key in keys if not key["text"].startswith(but)])
        if key.get("request_contact"):
            return self._did("presses the key to", self.phone.share_contact)
        if key.get("request_location"):
            return self._did("presses the key to send her", self.phone.send, "location")
        return self._did("presses the key", self.phone.write, key["text"])

    async def _did(self, what: str, act: Callable[..., Act], *given: Any) -> None:
        self.told.append(" ".join([what, *(str(each)[:40] for each in given)]))
        await act(*given)
