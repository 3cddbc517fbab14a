"""One woman with her phone: she reads what stands there, does what she wants to do, and remembers what was confirmed."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.clock import VirtualClock
from sandbox.phone import NotThere, Phone
from sandbox.world import Message
from tests.rehearsal import words

TRIES = 3  # how often she sends again what the bot said it had not saved


class Unanswered(Exception):
    """She did something and nothing came back."""


@dataclass
class Wish:
    """What she means to answer in a form: a choice's key, or what she writes; None leaves a question out."""

    answers: dict[str, str | None]
    typed: frozenset[str] = frozenset()  # questions with choices that she answers in writing, with these words …
    spelling: dict[str, str] = field(default_factory=dict)  # … spelled like this


@dataclass
class Diary:
    """What she was told is done. What she never saw confirmed does not stand here."""

    registered: dict[str, str | None] = field(default_factory=dict)
    intents: dict[str, str] = field(default_factory=dict)  # a session's id → 'coming', 'not'
    surveys: dict[str, dict[str, str]] = field(default_factory=dict)  # a session's id → her answers
    recommendations: list[dict[str, str | None]] = field(default_factory=list)
    asked: int = 0  # questions that were passed on
    declined: bool = False
    erased: bool = False


class Woman:
    """A person of the rehearsal. Everything she decides she decides by what her phone shows."""

    def __init__(self, phone: Phone, clock: VirtualClock, chance: random.Random, *, patience: float = 20.0) -> None:
        self.phone, self.clock, self.chance, self.patience = phone, clock, chance, patience
        self.diary = Diary()
        self.acts = 0
        self.slowness = 4.0  # seconds that she thinks, about
        self.grasped = 0  # the number of the last message of the bot that she has reacted to

    async def think(self) -> None:
        """Let some time pass, as people do."""
        await self.clock.sleep(self.chance.uniform(0.3, 1.7) * self.slowness)

    async def see(self, fits: Callable[[Message], bool], what: str) -> Message:
        """The newest message since she last reacted for which `fits` says yes; waits for it. Raises Unanswered."""
        try:
            found = await self.phone.wait(lambda m: m.message_id > self.grasped and fits(m), self.patience)
        except NotThere as error:
            raise Unanswered(f"{what}: {error}") from None
        return found

    async def press(self, shown: str, message: Message) -> None:
        """Press a button that she sees, and take what comes after it as the answer."""
        self.grasped, self.acts = self.newest(), self.acts + 1
        await self.phone.tap(shown, message)

    async def write(self, text: str) -> None:
        """Write a text, and take what comes after it as the answer."""
        self.acts += 1
        self.grasped = self.newest()
        await self.phone.write(text)

    def newest(self) -> int:
        """The number of the newest message of her chat."""
        return max(self.phone.chat.messages, default=0)

    async def start(self, payload: str = "") -> None:
        """Press Start."""
        self.acts += 1
        self.grasped = self.newest()
        await self.phone.start(payload)

    async def choose_language(self, language: str) -> None:
        """Press the button of a language under the greeting, and wait until the greeting speaks it."""
        names = {"az": "Azərbaycanca", "ru": "Русский", "en": "English"}
        greeting = await self.see(lambda m: any(b.endswith(names[language]) for b in m.labels), "a greeting")
        self.acts += 1
        await self.phone.tap(next(b for b in greeting.labels if b.endswith(names[language])), greeting)
        await self.until(lambda: f"✓ {names[language]}" in greeting.labels, "the greeting in her language")

    async def until(self, seen: Callable[[], bool], what: str) -> None:
        """Wait until something on the screen is so. Raises Unanswered."""
        try:
            async with asyncio.timeout(self.patience):
                while not seen():
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise Unanswered(f"{self.phone.person.name} waits for {what}") from None

    async def begin(self) -> None:
        """Press the button that begins."""
        greeting = await self.see(lambda m: words.label(m, "way.begin") is not None, "a button to begin")
        await self.think()
        await self.press(words.label(greeting, "way.begin") or "", greeting)

    async def fill(self, form: str, wish: Wish, stop_at: str = "") -> dict[str, str | None]:
        """Answer what is asked until the form is sent, or the question `stop_at` is on the screen; return her answers."""
        given: dict[str, str | None] = {}
        while True:
            message = await self.see(lambda m: self.is_step(m, form), f"a question of {form}")
            asked = words.asked(message)
            if asked is None and words.says(message, "turn.failed"):
                raise Unanswered("the bot says that it did not save what she sent")
            if asked is None and self.is_end(message, form):
                self.grasped = message.message_id
                return given
            await self.think()
            if asked is None:
                await self.check(message, form, wish)
                continue
            if asked[1] == stop_at:
                return given
            await self.answer(message, asked, wish)
            given[asked[1]] = wish.answers.get(asked[1])

    def is_step(self, message: Message, form: str) -> bool:
        """Whether a message wants something of her in this form, or ends it."""
        asked = words.asked(message)
        if asked:
            return asked[0] == form
        return words.label(message, "sheet.send") is not None or self.is_end(message, form)

    def is_end(self, message: Message, form: str) -> bool:
        """Whether a message says that the form was sent."""
        if form == "registration":
            ends = ("registration.done", "registration.updated")
            return any(words.says(message, end) for end in ends) or any(d in message.text for d in words.declined(form))
        return any(thanks in message.text for thanks in words.done(form))

    async def check(self, card: Message, form: str, wish: Wish) -> None:
        """Read the card over and send it; what is not as she meant it is a broken promise."""
        await self.press(words.label(card, "sheet.send") or "", card)

    async def answer(self, message: Message, asked: tuple[str, str], wish: Wish) -> None:
        """Answer one question, by a button or in writing."""
        form, question = asked
        meant = wish.answers.get(question)
        if question in wish.spelling:
            await self.write(wish.spelling[question])
        elif question == "phone" and meant == "share":
            self.acts, self.grasped = self.acts + 1, self.newest()
            await self.phone.tap(self.key("sheet.contact"))
        elif meant is None:
            await self.skip(message)
        elif shown := words.choice(message, form, question, meant) if message.buttons else None:
            await self.press(shown, message)
        else:
            await self.write(meant)

    async def skip(self, message: Message) -> None:
        """Leave a question out, by its button or the key of the keyboard."""
        if shown := words.label(message, "sheet.skip"):
            await self.press(shown, message)
        else:
            await self.write(self.key("sheet.skip"))

    def key(self, name: str) -> str:
        """The key of the open keyboard with that text."""
        keys = [key for row in self.phone.keyboard or [] for key in row]
        return next(key for key in keys if key in words.interface(name))
