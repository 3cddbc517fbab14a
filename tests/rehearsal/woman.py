"""One woman with her phone: she reads what stands there, does what she wants, and remembers what was confirmed."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import VirtualClock
from sandbox.phone import NotThere, Phone
from sandbox.world import Message
from tests.rehearsal import card as cards
from tests.rehearsal import words

NAMES = {"az": "Azərbaycanca", "ru": "Русский", "en": "English"}


class Unanswered(Exception):
    """She did something, and what came back was nothing, or not what she had said."""


@dataclass
class Wish:
    """What she means to say in a form.

    `answers`: a choice's key, keys of several or a text, None to leave it out. `spelling`: what she writes although
    there are buttons. `oddities`: what she sends first instead of an answer. `second`: what she changes on the card.
    """

    answers: dict[str, str | None]
    spelling: dict[str, str] = field(default_factory=dict)
    oddities: dict[str, str] = field(default_factory=dict)
    second: dict[str, str | None] = field(default_factory=dict)
    hurried: bool = False  # she taps everything twice


@dataclass
class Diary:
    """What she was told is done. What she never saw confirmed does not stand here."""

    registered: dict[str, str] = field(
        default_factory=dict
    )  # question → answer, as the card showed it when she sent it
    inputs: int = 0  # from Start until then
    intents: dict[str, str] = field(default_factory=dict)  # a session's id → 'coming', 'not coming'
    surveys: dict[str, dict[str, str]] = field(default_factory=dict)  # a session's id → her answers
    recommendations: list[dict[str, str]] = field(default_factory=list)
    inquiries: int = 0
    declined: bool = False
    erased: bool = False


class Woman:
    """A person of a proof. Everything she decides she decides by what her phone shows."""

    def __init__(self, phone: Phone, clock: VirtualClock, chance: random.Random, *, patience: float = 20.0) -> None:
        self.phone, self.clock, self.chance, self.patience = phone, clock, chance, patience
        self.name = phone.person.name
        self.diary = Diary()
        self.troubles: list[str] = []
        self.answers = 0  # how many questions she answered
        self.inputs = 0  # how often she pressed or wrote something
        self.slowness = 3.0  # seconds that she thinks, about
        self.card: dict[str, str] = {}  # what the last card said
        self.pressed: list[tuple[str, int]] = []  # buttons that she pressed: what they send, and where they stood
        self.echo: Callable[[dict[str, Any]], Awaitable[None]] | None = None  # a bad line: what she does may come twice
        self.lost: Callable[[], bool] = lambda: False  # whether Telegram has forgotten what she pressed last
        self._grasped = 0  # the number of the newest message when she last did something
        self._tick = 0  # and the world's

    async def think(self) -> None:
        """Let some time pass, as people do."""
        await self.clock.sleep(self.chance.uniform(0.3, 1.7) * self.slowness)

    async def see(self, fits: Callable[[Message], bool], what: str) -> Message:
        """The newest message since she last did something for which `fits` says yes; waits for it."""
        return await self.find(lambda message: message.message_id > self._grasped and fits(message), what)

    async def find(self, fits: Callable[[Message], bool], what: str) -> Message:
        """The newest message, however old, for which `fits` says yes; waits for it. Raises Unanswered."""
        try:
            return await self.phone.wait(fits, self.patience)
        except NotThere as error:
            if await self.press_again():
                return await self.find(fits, what)
            raise Unanswered(f"{what}: {error}") from None

    async def until(self, seen: Callable[[], bool], what: str, seconds: float | None = None) -> None:
        """Wait until something on the screen is so. Raises Unanswered."""
        try:
            async with asyncio.timeout(seconds or self.patience):
                while not seen():
                    await asyncio.sleep(0.005)
        except TimeoutError:
            if await self.press_again():
                return await self.until(seen, what, seconds)
            raise Unanswered(f"{self.name} waits in vain for {what}") from None

    def turn_page(self) -> None:
        """From now on only what is newer is an answer to what she does."""
        self._grasped = max(self.phone.chat.messages, default=0)
        self._tick = self.phone.world.tick

    def look_back(self, fits: Callable[[Message], bool]) -> None:
        """Scroll back to the newest message for which `fits` says yes, to react to it as if it were new."""
        self._grasped = max((m.message_id for m in self.phone.received if fits(m)), default=1) - 1

    async def press(self, shown: str, message: Message, *, twice: bool = False) -> None:
        """Press a button that she sees."""
        self.turn_page()
        await self.tap(shown, message, twice=twice)

    async def tap(self, shown: str, message: Message, *, twice: bool = False) -> None:
        """Press a button; what comes next may be a change of what she sees already."""
        data = next(button.data for button in message.buttons if button.text == shown)
        self.pressed.append((data or "", message.message_id))
        # Both at once: after the first has been answered there is no button any more.
        for update in [await self.phone.tap(data or "", message) for _ in range(2 if twice else 1)]:
            await self.sent(update)

    async def press_again(self) -> bool:
        """Press once more what Telegram has forgotten before the bot could fetch it; False if it has not."""
        if not self.lost():
            return False
        await self.sent(await self.phone.press_raw(*self.pressed[-1]))
        return True

    async def sent(self, update: dict[str, Any]) -> None:
        """What she did is on its way."""
        self.inputs += 1
        if self.echo:
            await self.echo(update)

    async def press_key(self, name: str) -> None:
        """Press a key of the keyboard that is open."""
        await self.until(lambda: bool(words.interface(name) & self.keys()), f"the key {name}")
        self.turn_page()
        key = next(iter(words.interface(name) & self.keys()))
        # A message above may still have a button with the words of the key.
        await self.sent(await (self.phone.tap if name == "sheet.contact" else self.phone.write)(key))

    def keys(self) -> set[str]:
        """What stands on the keys of the keyboard that is open."""
        return {key for row in self.phone.keyboard or [] for key in row}

    async def press_named(self, name: str, *, twice: bool = False) -> Message:
        """Wait for a button with an interface text, think, and press it; return its message."""
        message = await self.see(lambda m: words.label(m, name) is not None, f"the button {name}")
        await self.think()
        await self.press(words.label(message, name) or "", message, twice=twice)
        return message

    async def press_old(self) -> None:
        """Press a button that she has pressed before, on a phone that still shows it; the bot answers that, too.

        An answer to a press is never repeated: on a bad line she presses again when none has come.
        """
        data, message = self.chance.choice(self.pressed)
        before = len([press for press in self.phone.presses if press.answered])
        tries = 6 if self.echo else 1
        for left in reversed(range(tries)):
            await self.phone.press_raw(data, message)
            try:
                await self.until(
                    lambda: len([press for press in self.phone.presses if press.answered]) > before,
                    "an answer to an old button",
                    self.patience / tries,
                )
            except Unanswered:
                if not left:
                    raise
            else:
                return

    async def write(self, text: str) -> None:
        """Write a text."""
        self.turn_page()
        await self.sent(await self.phone.write(text))

    async def start(self, payload: str = "") -> None:
        """Press Start."""
        self.turn_page()
        await self.sent(await self.phone.start(payload))

    async def hear(self, name: str) -> Message:
        """Wait for an interface text, in a new message or in one that changes."""
        return await self.find(lambda m: m.changed > self._tick and words.says(m, name), f"the text {name}")

    async def choose_language(self, language: str) -> None:
        """Press a language under the greeting, and wait until the greeting speaks it."""
        greeting = await self.see(lambda m: any(b.endswith(NAMES[language]) for b in m.labels), "a greeting")
        await self.think()
        await self.tap(next(label for label in greeting.labels if label.endswith(NAMES[language])), greeting)
        await self.until(lambda: f"✓ {NAMES[language]}" in greeting.labels, "the greeting in her language")

    async def fill(self, form: str, wish: Wish, stop_at: str = "") -> dict[str, str]:
        """Answer what is asked until the form has ended, or `stop_at` is asked; return what she answered."""
        given: dict[str, str] = {}
        reacted, may_end = "", False
        while True:
            message = await self.step(form, reacted, may_end)
            if may_end and words.ends(message, form):
                return given
            if words.says(message, "turn.failed"):
                message = next(m for m in reversed(self.phone.received) if is_open(m, form))
            await self.think()
            reacted = message.text
            _, question = words.asked(message) or ("", "")
            if not question:
                may_end = await self.check(message, form, wish)
            elif question == stop_at:
                return given
            elif question in wish.oddities:
                await self.be_odd(wish.oddities.pop(question))
            else:
                await self.answer(message, form, question, wish)
                self.answers += 1
                meant = wish.answers.get(question)
                may_end = meant == "no" if question == "consent" else question == words.last_without_card(form)
                if meant is not None:
                    given[question] = meant

    async def step(self, form: str, reacted: str, may_end: bool) -> Message:
        """Wait for what comes next in a form: a question, the card, or, where that can be, the end."""

        def is_new(message: Message) -> bool:
            # What she has just reacted to may come once more, after a crash of the bot: she knows it by its words.
            return message.text != reacted and is_step(message, form, end=may_end)

        return await self.see(is_new, f"a step of {form}")

    async def answer(self, message: Message, form: str, question: str, wish: Wish) -> None:
        """Answer one question, by a button or in writing."""
        meant = wish.answers.get(question)
        if question in wish.spelling:
            await self.write(wish.spelling[question])
        elif words.is_several(form, question):
            await self.tick(message, form, question, (meant or "").split())
        elif meant == "share":
            await self.press_key("sheet.contact")
        elif meant is None and message.buttons:
            await self.press(words.label(message, "sheet.skip") or "", message)
        elif meant is None:
            await self.press_key("sheet.skip")
        elif shown := words.choice(message, form, question, meant):
            await self.press(shown, message, twice=wish.hurried)
        else:
            await self.write(meant)

    async def tick(self, message: Message, form: str, question: str, keys: list[str]) -> None:
        """Tick the choices that she means, one after the other, and say that these are all."""
        for key in keys:
            await self.tick_one(words.choice(message, form, question, key) or "", message)
        await self.press(words.label(message, "sheet.done") or "", message)

    async def tick_one(self, shown: str, message: Message) -> None:
        """Tick a choice, unless it is ticked, and wait for its mark."""
        if not shown.startswith(words.MARK):
            await self.tap(shown, message)
            await self.until(lambda: words.MARK + shown in message.labels, f"the tick of {shown}")

    async def be_odd(self, what: str) -> None:
        """Send something that is no answer: a sticker, a voice message, a command, a change of an old message."""
        self.turn_page()
        if what.startswith("/"):
            await self.phone.write(what)
            await self.press_named("sheet.resume")
        elif what == "edit":
            own = [m for m in self.phone.messages if not m.from_bot and m.kind == "text" and m.text[:1] != "/"]
            await self.phone.edit(own[-1].message_id, "Başqa cür")
            await self.press_named("sheet.resume")
        else:
            await self.phone.send(what)

    async def check(self, card: Message, form: str, wish: Wish) -> bool:
        """Read the card over; change what she wants to change, or send it. Return whether it was sent."""
        if wish.second:
            question, answer = wish.second.popitem()
            wish.answers[question] = answer
            wish.spelling.pop(question, None)
            labels = {f"✎ {label}" for label in words.question_label(form, question)}
            await self.press(next(shown for shown in card.labels if shown in labels), card)
            return False
        self.card = cards.read(card, form, wish.answers)
        for question, meant in wish.answers.items():
            if not cards.is_meant(form, question, meant, self.card.get(question, ""), self.phone.person.phone_number):
                self.troubles.append(f"{self.name}: the card shows {self.card.get(question)!r}, she meant {meant!r}.")
        await self.press(words.label(card, "sheet.send") or "", card, twice=wish.hurried)
        return True


def is_step(message: Message, form: str, *, end: bool) -> bool:
    """Whether a message wants something of her in this form, or, where that can be, ends it."""
    return is_open(message, form) or (end and words.ends(message, form)) or words.says(message, "turn.failed")


def is_open(message: Message, form: str) -> bool:
    """Whether a message asks a question of the form, or shows the card."""
    asked = words.asked(message)
    return asked[0] == form if asked else words.is_card(message, form)
