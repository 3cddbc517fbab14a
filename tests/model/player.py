"""A woman of the model with her phone: she acts in both; then what she sees is held against the model."""

from collections.abc import Iterator

from sandbox.phone import Phone
from sandbox.queue import Json
from sandbox.world import Message
from tests.model import presses, reading
from tests.model.model import CARD, Said, Sheet, Woman, Words
from tests.model.presses import Meaning
from tests.model.stage import Stage

DOUBLE_TAP = 3_000  # ms within which two presses are one
MOMENT = 4_000  # ms after which they surely are not
Button = tuple[int, str, Meaning]  # message, data, meaning


class Player:
    """One of the women."""

    def __init__(self, stage: Stage, phone: Phone, number: int) -> None:
        self.stage, self.phone, self.number = stage, phone, number
        self.woman = Woman()
        self.done: list[tuple[int, Json]] = []  # when, and the update of it
        self._buttons: dict[int, dict[str, Meaning]] = {}
        self._known: set[int] = set()
        self._nudges: set[tuple[str, int]] = set()
        self._tick = self._pressed = 0

    @property
    def blocked(self) -> bool:
        """Whether she has stopped the bot."""
        return self.phone.person.blocked

    def buttons(self) -> list[Button]:
        """The buttons that she can still press, the newest last."""
        shown = [message.message_id for message in self.phone.received]
        return [(id_, data, meaning) for id_ in shown for data, meaning in self._buttons.get(id_, {}).items()]

    def find(self, *acts: str) -> list[Button]:
        """Her buttons of that kind which do something at the open question."""
        return [button for button in self.buttons() if button[2].act in acts and self.works(button[2])]

    def works(self, meaning: Meaning) -> bool:
        """Whether a button belongs to what is open now."""
        sheet = meaning.sheet
        if sheet is None:
            return not meaning.act.startswith("privacy") or meaning.serial == self.woman.life
        if sheet.state != "open":
            return False
        if meaning.act in presses.OF_QUESTIONS:
            return sheet.step == meaning.step
        if meaning.act == "change":
            return meaning.value in sheet.answers and meaning.value != sheet.step
        return sheet.step == CARD or meaning.act != "send"

    # what she does ---------------------------------------------------------------------------------------------------

    async def press(self, button: Button, taps: int = 1) -> None:
        """Press a button of hers, once, or twice in one moment."""
        message, data, meaning = button
        if (meaning.act, meaning.value) in presses.OPENING or meaning.act in presses.OF_QUESTIONS:
            self.stage.clock.jump(self.stage.clock.now() + MOMENT)
        self.begin()
        self._pressed = message
        for tap in range(taps):
            self.keep(await self.phone.press_raw(data, message))
            presses.press(self.woman, meaning, again=tap > 0)

    async def forge(self, data: str) -> None:
        """Press a button of somebody else's, as a changed client can where buttons are: nothing may come of it."""
        self.begin()
        message = next(message for message in reversed(self.phone.received) if message.buttons)
        self.keep(await self.phone.press_raw(data, message.message_id))
        self.woman.arrive()

    async def write(self, words: Words) -> None:
        """Write."""
        self.begin()
        text = words.text
        if words.kind == "go":
            language = self.woman.language
            text = reading.said(f"sheet.{text}", language)
        self.keep(await self.phone.write(text))
        if words.kind == "words":
            self.woman.words.append(text)
        self.woman.write(words)

    async def command(self, name: str) -> None:
        """Send a command."""
        self.begin()
        self.keep(await self.phone.write(f"/{name}"))
        self.woman.command(name)

    async def send(self, kind: str) -> None:
        """Send a sticker, a voice, or her contact."""
        self.begin()
        if kind == "contact":
            self.keep(await self.phone.share_contact())
        else:
            self.keep(await self.phone.send(kind))
        self.woman.write(Words("", "phone" if kind == "contact" else ""))

    async def edit(self, n: int) -> None:
        """Change one of her earlier texts."""
        self.begin()
        mine = [message for message in self.phone.messages if not message.from_bot and message.text]
        self.keep(await self.phone.edit(mine[n % len(mine)].message_id, f"düzəldilmiş {n}"))
        self.woman.edit()

    async def block(self) -> None:
        """Stop the bot."""
        self.begin()
        await self.phone.block()
        self.woman.arrive()
        self.woman.reachable = False

    async def unblock(self) -> None:
        """Let the bot write again."""
        self.begin()
        await self.phone.unblock()
        self.woman.arrive()

    def begin(self) -> None:
        """Tell the model what time it is."""
        self.woman.now = self.stage.clock.now()
        self._pressed = 0

    def keep(self, update: Json) -> None:
        """Remember an update, to be given out again."""
        self.done.append((self.stage.clock.now(), update))

    # what she sees ---------------------------------------------------------------------------------------------------

    def look(self, loose: bool) -> Iterator[str]:
        """Yield how what she got differs from the model's; `loose`: something may have come twice."""
        said, self.woman.said = self.woman.said, []
        if self.stage.clock.now() - self.woman.now < DOUBLE_TAP:
            said = [each for each in said if not each.optional]
        new = [message for message in self.phone.received if message.message_id not in self._known]
        nudged = [message for message in new if reading.read(message, self.woman.language).startswith("nudge.")]
        yield from self._once(nudged, loose)
        fresh = [message for message in new if message not in nudged]
        got = [reading.read(message, self.woman.language) for message in fresh]
        for message in nudged:
            self._learn(message, next((each for each in self.woman.opened() if each.form == "registration"), None))
        pairs = matched(said, got, loose)
        if pairs is None:
            yield f"{self.number} got {got}, not {[each.what for each in said]}: {[m.text[-80:] for m in fresh]}"
            pairs = {}
        yield from self._led_on(fresh)
        for place, message in enumerate(fresh):
            self._learn(message, pairs[place].sheet if place in pairs else None)
        yield from self._changes(fresh)
        self._known |= {message.message_id for message in new}
        self._tick = self.stage.sandbox.world.tick

    def _once(self, nudged: list[Message], loose: bool) -> Iterator[str]:
        """Yield a sentence if she was nudged twice in one way, or had left no registration half-way."""
        kinds = [(reading.read(message, self.woman.language), self.woman.life) for message in nudged]
        if not loose and (len(kinds) > len(set(kinds)) or self._nudges & set(kinds)):
            yield f"{self.number} was nudged by {kinds} after {self._nudges}."
        if kinds and not any(sheet.form == "registration" for sheet in self.woman.sheets):
            yield f"{self.number} was nudged by {kinds} with nothing to finish."
        self._nudges |= set(kinds)

    def _changes(self, fresh: list[Message]) -> Iterator[str]:
        """Yield a wrong change of the pressed message; learn the buttons of all that were changed."""
        for message in self.phone.received:
            if message.changed > self._tick and message not in fresh:
                self._learn(message, None)
        pressed = self.phone.chat.messages.get(self._pressed)
        changed, self.woman.changed = self.woman.changed, ""
        if changed and pressed and not pressed.deleted:
            shown = reading.read(pressed, self.woman.language)
            if shown != changed:
                yield f"{self.number} sees {shown} where she pressed, not {changed}: {pressed.text}"

    def _learn(self, message: Message, sheet: Sheet | None) -> None:
        opened = self.woman.opened()
        sheet = sheet or (opened[0] if opened else None)
        saying = reading.read(message, self.woman.language)
        self._buttons[message.message_id] = reading.meanings(
            message, saying, sheet, self.woman.language, self.woman.life
        )

    def _led_on(self, fresh: list[Message]) -> Iterator[str]:
        """Yield a sentence if the last that she got leads nowhere."""
        if fresh and fresh[-1].kind == "text":
            last = fresh[-1]
            if not (last.buttons or last.keyboard or "/" in last.text or "Elan" in last.text):
                yield f"{self.number} is led nowhere: {last.text}"


def matched(said: list[Said], got: list[str], loose: bool) -> dict[int, Said] | None:
    """Return for each place in `got` what was said there; None if they differ."""
    pairs: dict[int, Said] = {}
    place = 0
    for number, each in enumerate(said):
        if place < len(got) and got[place] == each.what:
            pairs[place] = each
            place += 1
            after = said[number + 1].what if number + 1 < len(said) else ""
            while loose and place < len(got) and got[place] == each.what != after:
                pairs[place] = each
                place += 1
        elif not each.optional:
            return None
    return pairs if place == len(got) else None
