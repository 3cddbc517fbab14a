"""Women on their way through the registration, for tests that disturb them: all invented."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.phone import Phone
from tests.bot import crew
from tests.conftest import House

LANGUAGES = ("az", "ru", "en")
# What she has in front of her, in the order in which she comes to it.
PLACES = ("greeting", "consent", "name", "region", "group", "age", "needs", "permissions", "phone", "card", "menu")
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
OF_AZERBAIJANI = re.compile("[əğışöüçİ]")


class Woman:
    """A woman with her phone, somewhere in the registration."""

    def __init__(self, house: House, language: str) -> None:
        self.house, self.language = house, language
        self.phone: Phone = house.phone(name="Aygün", language_code=language)
        self.past: list[tuple[str, int]] = []  # buttons she pressed: data and message

    async def reach(self, place: str) -> "Woman":
        """Go on until `place` is in front of her."""
        steps: list[Callable[[], Awaitable[Any]]] = [
            self._greeting,
            lambda: self.tap("b/registration"),
            self.tap_first,
            lambda: self.write("Aygün Nümunəli"),
            self.tap_first,
            self.tap_first,
            self.tap_first,
            self.tap_done,
            self.tap_done,
            self.phone.share_contact,
            self.tap_first,
        ]
        for step in steps[: PLACES.index(place) + 1]:
            await step()
            await self.house.settle()
        return self

    async def _greeting(self) -> None:
        await self.phone.start()
        await self.house.settle()
        await self.tap(f"l/{self.language}")

    async def tap(self, data: str) -> None:
        """Press the newest button with this data."""
        self.past.append((data, next(m.message_id for m in reversed(self.phone.received) if data in self._data(m))))
        await self.phone.tap(data)

    async def tap_first(self) -> None:
        """Press the first button of the newest message."""
        data = self._data(self.phone.last)[0]
        assert data
        await self.tap(data)

    async def tap_done(self) -> None:
        """Say that these are all, under several choices: none, if she has ticked none."""
        await self.tap(next(data for data in self._data(self.phone.last) if data.split("/")[2:3] == ["d"]))

    @staticmethod
    def _data(message: Any) -> list[str]:
        return [button.data for button in message.buttons]

    async def write(self, text: str) -> None:
        """Send a text that a client would send."""
        await self.phone.write(text)

    def inject(self, **message: Any) -> None:
        """Let the bot get a message of hers as it stands here, whatever a client would make of it."""
        self.house.sandbox.inject({"message": self.message(**message)})

    def message(self, **fields: Any) -> dict[str, Any]:
        """Return a message of hers in the Bot API's words."""
        user = {"id": self.phone.id, "is_bot": False, "first_name": "Aygün", "language_code": self.language}
        chat = {"id": self.phone.id, "type": "private", "first_name": "Aygün"}
        number = self.phone.messages[-1].message_id + 100
        return {"message_id": number, "date": self.house.clock.now() // 1000, "chat": chat, "from": user, **fields}

    async def forge(self, data: str) -> None:
        """Press a button that the bot never made, on the newest message."""
        await self.phone.press_raw(data, self.phone.last.message_id)

    @property
    def key(self) -> str:
        """The key of her open sheet, as her buttons carry it."""
        shown = [data for message in self.phone.received for data in self._data(message) if data.startswith("f/")]
        pressed = [data for data, _ in self.past if data.startswith("f/")]
        return [*pressed, *shown][-1].split("/")[1]

    async def answers(self) -> dict[str, str]:
        """What stands on her sheets."""
        return dict(
            await crew.rows(
                self.house,
                "SELECT s.form || ':' || a.question, a.value FROM answers a JOIN sheets s ON s.id = a.sheet"
                " JOIN chat_people c ON c.person = s.person WHERE c.chat = ?",
                self.phone.id,
            )
        )

    async def where(self) -> list[tuple[Any, ...]]:
        """Where she is on her sheets."""
        return await crew.rows(
            self.house,
            "SELECT s.id, s.state, s.step FROM sheets s JOIN chat_people c ON c.person = s.person WHERE c.chat = ?",
            self.phone.id,
        )

    def understands(self, text: str) -> bool:
        """Tell whether a text is in her language, as far as its letters show it."""
        plain = re.sub("\u2068[^\u2069]*\u2069", "", text)  # names and answers are in no language of ours
        if self.language == "ru":
            return bool(CYRILLIC.search(plain))
        return not CYRILLIC.search(plain) and (self.language == "az" or not OF_AZERBAIJANI.search(plain))
