"""Golden dialogues: what a woman does and everything she then sees, as files that can be read aloud.

    # what the dialogue shows
    phone: ru            her phone's language

    > text               she writes
    > [label]            she presses the newest button of that label
    > (again)            she presses the same button of the same message once more
    > (contact)          she shares her number; (sticker), (voice), (photo) …: she sends one
    > (edits) text       she changes the last message that she wrote
    > (begins visit)     she begins a form of this folder
    > (old) [label]      she presses a button that stood there once, as a slow phone still shows it
    > (3 days later)     time passes; also (2 hours later), (a moment later): no tap after it is a double one
    > (34 others register in lankaran)
    > (one of them leaves)           the first of those, and gives her place back
    >> text, >> [label]  the same by an organiser, on another phone; a code that she is shown reads KF7M-2QPT here, and
                         the woman may write it as she likes

After each act stands what came of it: `|` a new message, `~` a message that changed (only its first line, if only its
buttons did), `!` what flashed up, `=` the keys that lie in the place of her keyboard now.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.texts import FALLBACK, LANGUAGES
from forms import codes
from sandbox.phone import Phone
from sandbox.world import Message
from storage import people
from tests.bot import crew
from tests.conftest import House

INVISIBLE = str.maketrans("", "", "\u2068\u2069")  # the isolates around people's words
OTHERS = re.compile(r"\((\d+) others register in (\w+)\)")
SAMPLE, CODE = "KF7M2QPT", re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
MOMENT = 4 / 3600  # hours
LATER = re.compile(r"\((\d+) (hours|days) later\)")


def acts(text: str) -> list[str]:
    """Return the lines of a dialogue that are not a result: comments, the phone, and what she does."""
    return [line for line in text.splitlines() if line.startswith(("#", "phone:", ">"))]


async def played(house: House, script: list[str]) -> str:
    """Play the acts against the bot and return the whole dialogue."""
    language = next(line.partition(":")[2].strip() for line in script if line.startswith("phone:"))
    told = [line for line in script if line.startswith(">")]
    seer = Seer(house, house.phone(name="Aygün", language_code=language))
    team = await organiser(house, language) if any(act.startswith(">>") for act in told) else seer
    paragraphs = ["\n".join(line for line in script if not line.startswith(">"))]
    for act in told:
        actor = team if act.startswith(">>") else seer
        await actor.do(act.lstrip(">").strip())
        seer.code = team.code
        paragraphs += [act, *actor.news()]
    return "\n\n".join(paragraphs) + "\n"


async def organiser(house: House, language: str) -> "Seer":
    """Return an organiser who speaks that language and has read what there was to read."""
    phone = await crew.member(house, "organiser", language_code=language)
    async with house.database.transaction() as tx:
        person = (await people.meet(tx, phone.id, phone.id, 0)).person.id
        await people.set_language(tx, person, phone.id, language if language in LANGUAGES else FALLBACK)
    seer = Seer(house, phone)
    list(seer.news())
    return seer


class Seer:
    """The woman of a dialogue: she acts, and tells what is new on her screen."""

    def __init__(self, house: House, phone: Phone) -> None:
        self.house, self.phone = house, phone
        self._seen, self._flashed = 0, 0
        self._texts: dict[int, str] = {}
        self._buttons: dict[str, tuple[str, int]] = {}  # the newest of each label
        self._keyboard: list[list[str]] | None = None
        self._others: list[int] = []
        self.code = ""  # that an organiser was shown last

    async def do(self, act: str) -> None:
        """Do one act and wait until the bot has nothing more to say to it."""
        if later := LATER.fullmatch(act):
            await self.house.travel(**{later[2]: int(later[1])})
        elif act == "(a moment later)":
            await self.house.travel(hours=MOMENT)
        elif others := OTHERS.fullmatch(act):
            self._others += await crew.crowd(self.house, int(others[1]), others[2])
        elif act == "(one of them leaves)":
            await crew.leave(self.house, self._others.pop(0))
        elif act == "(again)":
            press = self.phone.presses[-1]
            await self.phone.press_raw(press.data, press.message_id)
        elif act.startswith("(edits)"):
            mine = [message for message in self.phone.messages if not message.from_bot]
            await self.phone.edit(mine[-1].message_id, act.removeprefix("(edits)").strip())
        elif act.startswith("(begins"):
            await self.phone.press_raw(f"b/{act.strip('()').split()[-1]}", self.phone.last.message_id)
        elif act.startswith("(old)"):
            await self.phone.press_raw(*self._buttons[act.removeprefix("(old)").strip(" []")])
        elif act == "(contact)":
            await self.phone.share_contact()
        elif act.startswith("("):
            await self.phone.send(act.strip("()"))
        elif act.startswith("["):
            await self.phone.tap(act[1:-1])
        else:
            await self.phone.write(self._spelt(act))
        await self.house.settle()
        for message in self.phone.received[-1:]:
            if found := CODE.search(message.text):
                self.code = found[0].replace("-", "")

    def _spelt(self, written: str) -> str:
        """Return what she writes; SAMPLE, in whatever way she writes it, is the code that the organiser was shown."""
        if codes.written(written) != SAMPLE or not self.code:
            return written
        signs = iter(self.code)
        spelt = (next(signs) if sign.isalnum() else sign for sign in written)
        return "".join(spelt).lower() if written.islower() else "".join(spelt)

    def _masked(self, line: str) -> str:
        """Return a line with SAMPLE in place of the code, which is another one each time."""
        if not self.code:
            return line
        return line.replace(codes.shown(self.code), codes.shown(SAMPLE)).replace(self.code, SAMPLE)

    def news(self) -> Iterator[str]:
        """Yield, as paragraphs, what has come or changed since the last call."""
        for message in self.phone.received:
            if message.changed > self._seen:
                mark = "~" if message.message_id in self._texts else "|"
                known = self._texts.get(message.message_id) == message.text
                yield "\n".join(self._masked(f"{mark} {line}".rstrip()) for line in shown(message, briefly=known))
                self._buttons |= {each.text: (str(each.data), message.message_id) for each in message.buttons}
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
