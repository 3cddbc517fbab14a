"""The model: what each woman must see, and what must stand on the disk, after whatever she did. Plain dicts and lists.

Written from the promises of docs/architecture.md and from the golden dialogues, not from the code. Nothing here knows
of updates, transactions or deaths: they must make no difference.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

BAKU = ZoneInfo("Asia/Baku")
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
Value = str | int | list[str] | None
CARD = ""
Questions = dict[str, tuple[Value, ...] | str]
# Each question with the answers that it offers, or with what is to be written: 'words', or a 'phone'.
SEVERAL = ("needs", "permissions")  # questions of which she may choose several answers, or none
TICKED = "~"  # after such a question: what is ticked and not confirmed yet
REGISTRATION: Questions = {"consent": ("yes", "no"), "name": "words", "region": ("lankaran", "quba", "zaqatala")}
REGISTRATION |= {"group": ("initiative", "community", "entrepreneur", "ngo", "other")}
REGISTRATION |= {"age": ("from_18", "from_25", "from_35", "from_45", "from_55", "from_65")}
REGISTRATION |= {"needs": ("child", "transport", "access", "food")}
REGISTRATION |= {"permissions": ("photos", "quotes", "contact", "transfer"), "phone": "phone"}
RECOMMENDATION: Questions = {"area": ("rules", "planning", "economic", "social"), "place": "words"}
RECOMMENDATION |= {"addressee": ("executive", "municipality", "other", "unknown"), "proposal": "words"}
SURVEY: Questions = {"useful": (1, 2, 3, 4, 5), "pace": ("slow", "right", "fast"), "heard": ("yes", "partly", "no")}
SURVEY |= {"use": ("yes", "maybe", "no"), "better": "words"}
FORMS = {"registration": REGISTRATION, "recommendation": RECOMMENDATION, "day": SURVEY}
FIRST = {"lankaran": date(2027, 3, 2), "quba": date(2027, 3, 9), "zaqatala": date(2027, 3, 16)}
DAYS = {f"{region}-{n + 1}": (region, first + timedelta(days=n)) for region, first in FIRST.items() for n in range(3)}
PHONE = "+994501234567"
PAGES = {name: f"{name}.text" for name in ("menu", "settings", "help", "privacy")}
PATIENCE = 10  # messages that belong nowhere, in ten minutes of the clock, each of which gets an answer
ENOUGH = 5  # sheets that keep a survey anonymous


def days_date(session: str) -> date:
    """Return the date of a training day."""
    return DAYS[session][1]


@cache
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
    asked: int = 0  # the number of the question that was asked last here, of all that she was asked

    @property
    def questions(self) -> Questions:
        """Its questions with their kinds."""
        return FORMS[self.form]

    def onward(self) -> str:
        """The first question that has not been passed, or where ticks wait to be confirmed; or the card."""
        waits = (key for key in self.questions if key not in self.answers or key + TICKED in self.answers)
        return next(waits, CARD)

    def takes(self, words: "Words") -> tuple[Value] | None:
        """The answer that is written there, in a tuple; None if it is none."""
        kind = self.questions.get(self.step, ())
        if isinstance(kind, tuple):
            meant = kind[words.number - 1] if 0 < words.number <= len(kind) else None
            return ([str(meant)] if self.step in SEVERAL else meant,) if meant else None
        if kind == "phone":
            return (PHONE,) if words.kind == "phone" else None
        return (words.text,) if words.kind in ("words", "go") else None

    def ticked(self) -> list[str]:
        """What is ticked at the open question of several answers."""
        found = self.answers.get(self.step + TICKED, self.answers.get(self.step))
        return found if isinstance(found, list) else []


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
    record: dict[str, Value] = field(default_factory=dict)  # every answer of the registration but the consent
    registered_at: int = 0
    sheets: list[Sheet] = field(default_factory=list)
    intents: dict[str, str] = field(default_factory=dict)
    ledger: dict[tuple[str, str], str] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    changed: str = ""  # what the message of the pressed button must say now
    life: int = 0  # how often she was erased
    buried: list[str] = field(default_factory=list)  # her words that must not be found any more
    words: list[str] = field(default_factory=list)  # words of her own that she wrote
    strange: list[int] = field(default_factory=list)  # the minutes of answers to messages that belonged nowhere
    count: int = 0  # how often she was asked
    offers: set[tuple[Sheet, str, int]] = field(default_factory=set)  # of changes, each made once; where it was made
    now: int = 0

    def opened(self) -> list[Sheet]:
        """Her open sheets, the one that was asked last first."""
        return sorted((sheet for sheet in self.sheets if sheet.state == "open"), key=lambda each: -each.asked)

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
        elif name in ("days", "recommend"):
            self.choose(name)
        elif name == "nonsense":
            self.wonder("strangers.command", *opened[:1])
        else:
            self.say({**PAGES, "cancel": "cancel.ask" if opened else "cancel.nothing"}[name], *opened[:1])

    def greet(self) -> None:
        """Salam."""
        self.greeted = True
        self.say("start.greeting")

    def write(self, words: Words) -> None:
        """She writes, or sends what is no text: the question asked last takes it, or an older one, or it is refused."""
        self.arrive()
        opened = self.opened()
        for sheet in opened:
            if sheet.step == "phone" and words.kind == "go":
                return self.go(sheet, words.text)
            if taken := sheet.takes(words):
                return self.answer(sheet, *taken)
            if sheet.questions.get(sheet.step) == "words":
                break
        if opened and opened[0].step == "phone":
            self.say("refusal")
            self.ask(opened[0])
        elif opened:
            self.ask(opened[0], " again")
        elif self.greeted:
            self.wonder("strangers.text")
        else:
            self.greet()
        return None

    def wonder(self, what: str, sheet: Sheet | None = None) -> None:
        """What belongs nowhere is answered; after ten times she is told that it is enough, then once a minute."""
        minute = self.now // MINUTE
        answered = [each for each in self.strange if each // 10 == minute // 10]
        if minute not in answered[PATIENCE + 1 :]:
            self.strange.append(minute)
            self.say("strangers.enough" if len(answered) == PATIENCE else what, sheet)

    def edit(self) -> None:
        """She edits what she wrote: nothing changes, and she is told how it is done."""
        self.arrive()
        opened = self.opened()
        self.say("edited.open" if opened else "edited.none", *opened[:1])

    # forms -----------------------------------------------------------------------------------------------------------

    def begin(self, form: str) -> None:
        """She begins a form, or goes on with it; a registered woman finds her data on the registration's card."""
        sheet = next((each for each in self.opened() if each.form == form), None)
        if sheet is None:
            sheet = Sheet(form, {"consent": "yes", **self.record} if form == "registration" and self.record else {})
            sheet.step = sheet.onward()
            self.sheets.append(sheet)
        self.ask(sheet)

    def ask(self, sheet: Sheet, again: str = "") -> None:
        """The open question, or the card, is in front of her; its form is the one asked last."""
        self.count = sheet.asked = self.count + 1
        self.say(f"ask {sheet.form} {sheet.step}{again}" if sheet.step else f"card {sheet.form}{again}", sheet)

    def answer(self, sheet: Sheet, value: Value) -> None:
        """The open question is answered, and the way goes on."""
        if sheet.step == "consent" and value == "no":
            return self.stop(sheet, "declined registration")
        sheet.answers[sheet.step] = value
        sheet.answers.pop(sheet.step + TICKED, None)
        return self.move(sheet, sheet.onward())

    def tick(self, sheet: Sheet, value: str, wanted: bool) -> None:
        """One of several answers is ticked, or not any more, as the button says; the question stays open."""
        chosen = {*sheet.ticked(), value} if wanted else {*sheet.ticked()} - {value}
        sheet.answers[sheet.step + TICKED] = [str(each) for each in sheet.questions[sheet.step] if each in chosen]
        self.count = sheet.asked = self.count + 1

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
            self.answer(sheet, sheet.answers[sheet.step])

    def offer(self, sheet: Sheet, question: str = "") -> None:
        """She taps an old button: she is told what became of it, and how the answer is changed; once at a place."""
        place = sheet, question, sheet.asked if question else 0
        if place not in self.offers:
            self.offers.add(place)
            self.say("sheet.answered" if question else "sheet.sent", sheet)

    def send(self, sheet: Sheet) -> None:
        """The sheet is complete."""
        sheet.state = "submitted"
        if sheet.form != "registration":
            return self.say(f"done {sheet.form}")
        self.say("registration.updated" if self.state == "registered" else "registration.done")
        self.record = {key: value for key, value in sheet.answers.items() if key != "consent"}
        sheet.answers = {key: value for key, value in sheet.answers.items() if key not in SEVERAL}  # kept apart
        self.state, self.registered_at = "registered", self.registered_at or self.now
        return None

    def stop(self, sheet: Sheet, what: str = "sheet.stopped") -> None:
        """She gives the form up, and nothing of it is kept."""
        sheet.state, sheet.answers = "cancelled", {}
        self.say(what)

    # buttons that belong to no form ----------------------------------------------------------------------------------

    def choose(self, item: str) -> None:
        """She presses an item of the menu."""
        if item == "days":
            self.say("days.list" if self.state == "registered" else "days.unregistered")
        elif self.state != "registered":
            self.say("menu.later")
        elif item in PAGES:
            self.changed = PAGES[item]
        else:
            self.begin("registration" if item == "data" else "recommendation")

    def intend(self, session: str, answer: str) -> None:
        """She says whether she comes: her last word counts, until the day begins."""
        if self.record.get("region") == DAYS[session][0] and self.now < at(session, 10):
            self.intents[session] = answer

    def erase(self) -> None:
        """Everything of hers goes; the last that she gets says so."""
        for sheet in self.sheets:
            sheet.state = "gone"
        erased = Woman(self.language, said=[Said("privacy.erased")], life=self.life + 1, now=self.now)
        erased.buried = self.buried + self.words
        vars(self).update(vars(erased))
