"""Golden dialogues: what a woman does and everything she then sees, as files that can be read aloud.

    # what the dialogue shows
    phone: ru            her phone's language

    > text               she writes
    > [label]            she presses the newest button of that label
    > (again)            she presses the same button of the same message once more
    > (contact)          she shares her number; (sticker), (voice), (photo) …: she sends one
    > (edits) text       she changes the last message that she wrote
    > (3 days later)     time passes; also (2 hours later)

After each act stands what came of it: `|` a new message, `~` a message that changed (only its first line, if only its
buttons did), `!` what flashed up, `=` the keys that lie in the place of her keyboard now.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from sandbox.phone import Phone
from sandbox.world import Message
from tests.conftest import House

INVISIBLE = str.maketrans("", "", "\u2068\u2069")  # the isolates around people's words
LATER = re.compile(r"\((\d+) (hours|days) later\)")


def acts(text: str) -> list[str]:
    """Return the lines of a dialogue that are not a result: comments, the phone, and what she does."""
    return [line for line in text.splitlines() if line.startswith(("#", "phone:", ">"))]


async def played(house: House, script: list[str]) -> str:
    """Play the acts against the bot and return the whole dialogue."""
    language = next(line.partition(":")[2].strip() for line in script if line.startswith("phone:"))
    seer = Seer(house, house.phone(name="Aygün", language_code=language))
    paragraphs = ["\n".join(line for line in script if not line.startswith(">"))]
    for act in (line for line in script if line.startswith(">")):
        await seer.do(act.removeprefix(">").strip())
        paragraphs += [act, *seer.news()]
    return "\n\n".join(paragraphs) + "\n"


class Seer:
    """The woman of a dialogue: she acts, and tells what is new on her screen."""

    def __init__(self, house: House, phone: Phone) -> None:
        self.house, self.phone = house, phone
        self._seen, self._flashed = 0, 0
        self._texts: dict[int, str] = {}
        self._keyboard: list[list[str]] | None = None

    async def do(self, act: str) -> None:
        """Do one act and wait until the bot has nothing more to say to it."""
        if later := LATER.fullmatch(act):
            await self.house.travel(**{later[2]: int(later[1])})
        elif act == "(again)":
            press = self.phone.presses[-1]
            await self.phone.press_raw(press.data, press.message_id)
        elif act.startswith("(edits)"):
            mine = [message for message in self.phone.messages if not message.from_bot]
            await self.phone.edit(mine[-1].message_id, act.removeprefix("(edits)").strip())
        elif act == "(contact)":
            await self.phone.share_contact()
        elif act.startswith("("):
            await self.phone.send(act.strip("()"))
        elif act.startswith("["):
            await self.phone.tap(act[1:-1])
        else:
            await self.phone.write(act)
        await self.house.settle()

    def news(self) -> Iterator[str]:
        """Yield, as paragraphs, what has come or changed since the last call."""
        for message in self.phone.received:
            if message.changed > self._seen:
                mark = "~" if message.message_id in self._texts else "|"
                known = self._texts.get(message.message_id) == message.text
                yield "\n".join(f"{mark} {line}".rstrip() for line in shown(message, briefly=known))
                self._texts[message.message_id] = message.text
        toasts = self.phone.toasts
        yield from (f"! {toast}" for toast in toasts[self._flashed :])
        if self.phone.keyboard != self._keyboard:
            yield "\n".join(f"= {keys(row)}" for row in self.phone.keyboard or [[]]).rstrip()
        self._flashed, self._keyboard = len(toasts), self.phone.keyboard
        self._seen = max((message.changed for message in self.phone.received), default=0)


def shown(message: Message, *, briefly: bool) -> list[str]:
    """Return the lines of a message: its text, or its kind, and its buttons."""
    first, *others = (message.text.translate(INVISIBLE) or f"({message.kind})").split("\n")
    text = [f"{first} …"] if briefly else [first, *others]
    return [*text, *(keys([button.text for button in row]) for row in message.rows)]


def keys(row: list[str]) -> str:
    """Return a row of buttons."""
    return " ".join(f"[{label}]" for label in row)


def files() -> list[Path]:
    """Return the dialogues of this folder."""
    return sorted(Path(__file__).parent.glob("*.txt"))


def read(file: Path) -> str:
    """Return a dialogue as it is written down."""
    return file.read_text(encoding="utf-8")


def accept(file: Path, played: str) -> None:
    """Write a dialogue down as it went."""
    file.write_text(played, encoding="utf-8")
