"""The model: what each woman must see, and what must stand on the disk, after whatever she did. Plain dicts and lists.

Written from the promises of docs/architecture.md and from the golden dialogues, not from the code. Nothing here knows
of updates, transactions or deaths: they must make no difference.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BAKU = ZoneInfo("Asia/Baku")
HOUR, DAY = 3_600_000, 86_400_000
Value = str | int | None
CARD = ""
Questions = dict[str, tuple[Value, ...] | str]
# Each question with the answers that it offers, or with what is to be written: 'words', or a 'phone'.
REGISTRATION: Questions = {"consent": ("yes", "no"), "name": "words", "region": ("lankaran", "quba", "zaqatala")}
REGISTRATION |= {"group": ("initiative", "community", "entrepreneur", "ngo", "other"), "phone": "phone"}
RECOMMENDATION: Questions = {"area": ("rules", "planning", "economic", "social"), "place": "words"}
RECOMMENDATION |= {"addressee": ("executive", "municipality", "other", "unknown"), "proposal": "words"}
SURVEY: Questions = {"useful": (1, 2, 3, 4, 5), "pace": ("slow", "right", "fast"), "heard": ("yes", "partly", "no")}
SURVEY |= {"use": ("yes", "maybe", "no"), "better": "words"}
FORMS = {"registration": REGISTRATION, "recommendation": RECOMMENDATION, "day": SURVEY}
FIRST = {"lankaran": date(2027, 3, 2), "quba": date(2027, 3, 9), "zaqatala": date(2027, 3, 16)}
DAYS = {f"{region}-{n + 1}": (region, first + timedelta(days=n)) for region, first in FIRST.items() for n in range(3)}
PHONE = "+994501234567"
ENOUGH = 5  # sheets that keep a survey anonymous


def days_date(session: str) -> date:
    """Return the date of a training day."""
    return DAYS[session][1]


def at(session: str, hour: int, days: int = 0) -> int:
    """Return a moment, UTC ms, of a training day or of a day before it."""
    day = days_date(session) + timedelta(days=days)
    return round(datetime(day.year, day.month, day.day, hour, tzinfo=BAKU).timestamp() * 1000)


@dataclass(eq=False)
class Sheet:
    """A way through a form; `subject` is the training day of a survey."""

    form: str
    answers: dict[str, Value]
    step: str = CARD
    subject: str = ""
    state: str = "open"
    serial: int = 0  # how often it was asked
    order: int = 0  # the number of the question that was asked last here, of all that she was asked

    @property
    def questions(self) -> Questions:
        """Its questions with their kinds."""
        return FORMS[self.form]

    def onward(self) -> str:
        """The first question that has not been passed, or the card."""
        return next((key for key in self.questions if key not in self.answers), CARD)

    def takes(self, words: "Words") -> tuple[Value] | None:
        """The answer that is written there, in a tuple; None if it is none."""
        kind = self.questions.get(self.step, ())
        if isinstance(kind, tuple):
            return (kind[words.number - 1],) if 0 < words.number <= len(kind) else None
        if kind == "phone":
            return (PHONE,) if words.kind == "phone" else None
        return (words.text,) if words.kind in ("words", "go") else None


@dataclass(frozen=True)
class Words:
    """What she writes: words, the number of an answer, a phone number, words on a key of the keyboard, or nothing."""

    text: str
    kind: str = ""
    number: int = 0


@dataclass
class Said:
    """A message she must get. One that is `optional` may be missing: what asked for it was a double tap."""

    what: str
    sheet: Sheet | None = None
    optional: bool = False


@dataclass(eq=False)
class Woman:
    """One woman: who she is to the bot, her sheets, what she said about days, and what the bot said since we looked."""

    language: str = "az"
    state: str = ""  # '', visitor, registered
    greeted: bool = False
    reachable: bool = True
    record: tuple[str, ...] = ("", "", "", "")  # name, region, group, phone
    registered_at: int = 0
    agreed: bool = False  # she consented here; a record of another time has no consent of hers on this disk
    sheets: list[Sheet] = field(default_factory=list)
    intents: dict[str, str] = field(default_factory=dict)
    ledger: dict[tuple[str, str], str] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    changed: str = ""  # what the message of the pressed button must say now
    life: int = 0  # how often she was erased
    buried: list[str] = field(default_factory=list)  # her words that must not be found any more
    words: list[str] = field(default_factory=list)  # words of her own that she wrote
    count: int = 0
    now: int = 0

    def opened(self) -> list[Sheet]:
        """Her open sheets, the one that was asked last first."""
        return sorted((sheet for sheet in self.sheets if sheet.state == "open"), key=lambda each: -each.order)

    def arrive(self) -> None:
        """Whoever does something is known, and can be reached."""
        if not self.state:
            self.state, self.language = "visitor", "az"
        self.reachable, self.changed = True, ""

    def say(self, what: str, sheet: Sheet | None = None) -> None:
        """She must get this message."""
        self.said.append(Said(what, sheet))

    # what she writes -------------------------------------------------------------------------------------------------

    def command(self, name: str) -> None:
        """She sends a command."""
        self.arrive()
        opened = self.opened()
        if name == "start" and self.state == "registered":
            self.say("menu.text")
        elif name == "start" and opened:
            self.ask(opened[0])
        elif name == "start" or (name == "nonsense" and not self.greeted):
            self.greet()
        elif name == "cancel":
            self.say("cancel.ask" if opened else "cancel.nothing", opened[0] if opened else None)
        elif name == "days":
            self.say("days.list" if self.state == "registered" else "days.unregistered")
        elif name == "recommend":
            self.begin("recommendation")
        else:
            texts = {"settings": "settings.text", "help": "help.text", "privacy": "privacy.text"}
            self.say(texts.get(name, "strangers.command"), opened[0] if opened else None)

    def greet(self) -> None:
        """Salam."""
        self.greeted = True
        self.say("start.greeting")

    def write(self, words: Words) -> None:
        """She writes, or sends what is no text: the question asked last takes it, or an older one, or it is refused."""
        self.arrive()
        opened = self.opened()
        for sheet in opened:
            if sheet.step == "phone" and words.kind == "go" and words.text in GOING:
                return self.go(sheet, words.text)
            if (taken := sheet.takes(words)) is not None:
                return self.answer(sheet, taken[0])
            if sheet.questions.get(sheet.step) == "words":
                break
        if opened:
            if opened[0].step == "phone":
                self.say("refusal")
            self.ask(opened[0], " again" if opened[0].step != "phone" else "")
        elif self.greeted:
            self.say("strangers.text")
        else:
            self.greet()
        return None

    def edit(self) -> None:
        """She edits what she wrote: nothing changes, and she is told how it is done."""
        self.arrive()
        opened = self.opened()
        self.say("edited.open" if opened else "edited.none", opened[0] if opened else None)

    # forms -----------------------------------------------------------------------------------------------------------

    def begin(self, form: str, optional: bool = False) -> None:
        """She begins a form, or goes on with it; a registered woman finds her data on the registration's card."""
        if form == "recommendation" and self.state != "registered":
            return self.say("menu.later")
        sheet = next((each for each in self.opened() if each.form == form), None)
        if sheet is None:
            sheet = Sheet(form, {})
            if form == "registration" and self.state == "registered":
                name, region, group, phone = self.record
                sheet.answers = {
                    "consent": "yes",
                    "name": name,
                    "region": region,
                    "group": group,
                    "phone": phone or None,
                }
            sheet.step = sheet.onward()
            self.sheets.append(sheet)
        self.ask(sheet)
        self.said[-1].optional = optional
        return None

    def ask(self, sheet: Sheet, again: str = "") -> None:
        """The open question, or the card, is in front of her; its form is the one asked last."""
        self.count, sheet.serial = self.count + 1, sheet.serial + 1
        sheet.order = self.count
        self.say(f"ask {sheet.form} {sheet.step}{again}" if sheet.step else f"card {sheet.form}{again}", sheet)

    def answer(self, sheet: Sheet, value: Value) -> None:
        """The open question is answered, and the way goes on."""
        if sheet.step == "consent" and value == "no":
            sheet.state, sheet.answers = "cancelled", {}
            return self.say("declined registration")
        sheet.answers[sheet.step] = value
        return self.move(sheet, sheet.onward())

    def move(self, sheet: Sheet, step: str) -> None:
        """The way leads to that question, to the card, or out of a form without a card."""
        if sheet.step == "phone" and step != "phone":
            self.say("noted")
        sheet.step = step
        if step == CARD and sheet.form == "day":
            self.send(sheet)
        else:
            self.ask(sheet)

    def go(self, sheet: Sheet, where: str) -> None:
        """Back, on without a change, or on without an answer."""
        keys = list(sheet.questions)
        if where == "back":
            self.move(sheet, keys[max(keys.index(sheet.step) - 1, 0)])
        elif where == "skip":
            self.answer(sheet, None)
        elif sheet.step in sheet.answers:
            self.move(sheet, sheet.onward())

    def send(self, sheet: Sheet) -> None:
        """The sheet is complete."""
        sheet.state = "submitted"
        if sheet.form != "registration":
            return self.say(f"done {sheet.form}")
        name, region, group, phone = (str(sheet.answers[key] or "") for key in ("name", "region", "group", "phone"))
        self.say("registration.updated" if self.state == "registered" else "registration.done")
        self.record, self.registered_at = (name, region, group, phone), self.registered_at or self.now
        self.state, self.agreed = "registered", True
        return None

    def stop(self, sheet: Sheet) -> None:
        """She gives the form up."""
        sheet.state, sheet.answers = "cancelled", {}
        self.say("sheet.stopped")

    # buttons that belong to no form ----------------------------------------------------------------------------------

    def choose(self, item: str) -> None:
        """She presses an item of the menu."""
        places = {"menu": "menu.text", "settings": "settings.text", "help": "help.text", "privacy": "privacy.text"}
        if item in places and self.state == "registered":
            self.changed = places[item]
        elif item == "days":
            self.say("days.list" if self.state == "registered" else "days.unregistered")
        elif self.state != "registered":
            self.say("menu.later")
        else:
            self.begin("registration" if item == "data" else "recommendation")

    def intend(self, session: str, answer: str) -> None:
        """She says whether she comes: her last word counts, until the day begins."""
        if self.state == "registered" and DAYS[session][0] == self.record[1] and self.now < at(session, 10):
            self.intents[session] = answer

    def speak(self, language: str, where: str) -> None:
        """She chooses her language."""
        self.language, self.changed = language, where

    def erase(self) -> None:
        """Everything of hers goes; the last that she gets says so."""
        for sheet in self.sheets:
            sheet.state = "gone"
        self.said, self.buried, self.words = [Said("privacy.erased")], self.buried + self.words, []
        self.state, self.greeted, self.registered_at, self.life = "", False, 0, self.life + 1
        self.agreed = False
        self.record, self.sheets, self.intents, self.ledger = ("", "", "", ""), [], {}, {}


GOING = ("back", "keep", "skip")
