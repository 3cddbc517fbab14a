"""How a message is read: what it says in her language, what its buttons mean; the data behind them is not looked at.

The wordings are those of the files that people edit: locales/, forms/definitions/, programme.example.toml.
"""

import re
import tomllib
from functools import cache
from typing import Any

from bot import texts
from sandbox.world import Message
from tests.model.model import DAYS, SEVERAL, Sheet, days_date
from tests.model.presses import Meaning
from tests.rehearsal import words
from tests.rehearsal.words import ROOT

# What a message may say, by the keys of the interface's texts; the first that is found counts.
NOTICES = (
    *("help.text", "start.greeting", "registration.done", "registration.updated", "menu.text", "menu.later"),
    *(
        "strangers.enough",
        "strangers.text",
        "strangers.command",
        "sheet.stopped",
        "cancel.ask",
        "cancel.nothing",
        "edited.open",
    ),
    *("nudge.next day", "nudge.closing", "sheet.answered", "sheet.sent"),
    *("edited.none", "settings.text", "days.unregistered", "days.eve", "days.morning", "days.list", "days.question"),
    *("privacy.sure", "privacy.erasing", "privacy.erased", "privacy.kept", "privacy.text"),
)
MENU = ("days", "data", "recommend", "settings", "help", "privacy", "menu")
SMALL = {"sheet.done": "done", "sheet.back": "back", "sheet.keep": "keep", "sheet.skip": "skip", "sheet.clear": "skip"}
NAMES = {"Azərbaycanca": "az", "Русский": "ru", "English": "en"}
PROGRESS = re.compile(r"^(\d+) / (\d+)\n(.+)$", re.MULTILINE)
UNREAD = "what cannot be read"


def read(message: Message, language: str) -> str:
    """Return in short what a message says, such as 'ask registration name'; `UNREAD` when it is not her language."""
    text = words.written(message.text)
    if message.kind == "venue":
        return "venue"
    again = " again" if said("way.pass_on", language) in message.labels else ""
    if (progress := PROGRESS.search(text)) and (found := asked(progress, language)):
        return f"ask {found[0]} {found[1]}{again}"
    if said("sheet.check", language) in text:
        titles = {name: form(name)["form"]["title"][language] for name in FORMS}
        return "card " + next((name for name, title in titles.items() if title in text), UNREAD) + again
    return next((key for key in NOTICES if pattern(key, language).search(text)), "") or ending(text, language, again)


def ending(text: str, language: str, again: str) -> str:
    """Read what stands at the end of a form, or is said beside its questions."""
    for name in FORMS:
        for end in ("done", "declined"):
            if form(name)["form"].get(end, {}).get(language) == text:
                return f"{end} {name}"
    phone = form("registration")["question"][-1]["label"][language]
    if text == said("sheet.noted", language) or text.startswith(f"✓ {phone}: "):
        return "noted"
    if text == refusal("not a phone", language) and again:
        return "refusal"
    told = re.search(r"Elan [a-z]+", text)  # a message of the organisers
    return told[0] if told else UNREAD


def asked(progress: re.Match[str], language: str) -> tuple[str, str] | None:
    """Return the form and the question of which number and first line are those."""
    number, total = int(progress[1]), int(progress[2])
    for name in FORMS:
        questions = form(name)["question"]
        if not number <= total == len(questions):
            continue
        if progress[3] == questions[number - 1]["text"][language].strip().partition("\n")[0]:
            return name, str(questions[number - 1]["key"])
    return None


def meanings(message: Message, saying: str, sheet: Sheet | None, language: str, life: int) -> dict[str, Meaning]:
    """Return what each of the buttons means, by its data; those that are none of the model's business are left out."""
    found = {}
    for button in message.buttons:
        label = button.text.removeprefix("✓ ")
        meaning = of_question(label, saying, sheet, language, label != button.text)
        meaning = meaning or of_notice(label, saying, message, language, life)
        if meaning is None and sheet:
            meaning = of_sheet(label, message, sheet, language)
        if meaning and button.data:
            found[button.data] = meaning
    return found


def of_sheet(label: str, message: Message, sheet: Sheet, language: str) -> Meaning | None:
    """Read a button that leads to a sheet from elsewhere."""
    acts = {"sheet.resume": "resume", "nudge.on": "resume", "sheet.stop": "stop", "nudge.no": "stop"}
    act = next((act for key, act in acts.items() if label == said(key, language)), "")
    if act:
        return Meaning(act, "", sheet, "", sheet.asked)
    answered = words.written(message.text).partition(":")[0]
    for question in form(sheet.form)["question"]:
        if label == said("sheet.change", language) and question["label"][language] == answered:
            return Meaning("change", question["key"], sheet)
    return None


def of_question(label: str, saying: str, sheet: Sheet | None, language: str, ticked: bool) -> Meaning | None:
    """Read a button of a question or of a check card; `ticked`: it bears a tick."""
    kind, _, rest = saying.removesuffix(" again").partition(" ")
    if sheet is None or kind not in ("ask", "card"):
        return None
    step = rest.partition(" ")[2]
    if kind == "ask":
        for key, act in SMALL.items():
            if label == said(key, language).removeprefix("✓ "):
                return Meaning(act, "", sheet, step)
        value = next((key for key, shown in choices(sheet.form, step, language).items() if shown == label), None)
        act = "untick" if ticked and step in SEVERAL else "answer"
        return Meaning(act, value, sheet, step) if value else None
    if label == said("sheet.send", language).removeprefix("✓ "):
        return Meaning("send", "", sheet)
    for question in form(sheet.form)["question"]:
        if label == f"✎ {question['label'][language]}":
            return Meaning("change", question["key"], sheet)
    return None


def of_notice(label: str, saying: str, message: Message, language: str, life: int) -> Meaning | None:
    """Read a button of the interface."""
    if label == said("way.begin", language):
        return Meaning("begin", "registration")
    if label == said("way.menu", language):
        return Meaning("menu", "menu")
    if label in NAMES and saying in ("start.greeting", "settings.text"):
        return Meaning("language" if saying == "start.greeting" else "settings", NAMES[label])
    for item in MENU[:-1]:
        if saying in ("menu.text", "sheet.sent") and label == said(f"menu.{item}", language):
            return Meaning("menu", item)
    for name in ("coming", "not"):
        if label == said(f"days.{name}", language):
            return Meaning(name, session_in(message))
    for name in ("erase", "gone", "keep"):
        if label == said(f"privacy.{name}.button", language):
            return Meaning(f"privacy.{name}", serial=life)
    return None


def session_in(message: Message) -> str:
    """Return the training day that a message is about; it may be older than the language of its buttons."""
    text = words.written(message.text)
    days = [(id_, str(texts.day(language, days_date(id_)))) for id_ in DAYS for language in texts.LANGUAGES]
    return next(id_ for id_, day in days if day in text)


@cache
def said(key: str, language: str) -> str:
    """Return an interface text without its tags."""
    return re.sub(r"<[^>]+>", "", locale(language)[key]["other"])


@cache
def pattern(key: str, language: str) -> re.Pattern[str]:
    """Return a pattern that finds an interface text, whatever its values, whichever its plural form."""
    bare = [re.sub(r"<[^>]+>", "", wording) for wording in locale(language)[key].values()]
    parts = [".*?".join(re.escape(part) for part in re.split(r"\{\w+\}", wording)) for wording in bare]
    return re.compile("|".join(f"^(?:{part})" if part.startswith(".*?") else part for part in parts), re.DOTALL)


@cache
def choices(name: str, question: str, language: str) -> dict[str, str]:
    """Return the labels of a question's choices by their keys."""
    found = next(each for each in form(name)["question"] if each["key"] == question)
    if found["kind"] == "scale":
        return {str(n): str(n) for n in range(found["minimum"], found["maximum"] + 1)}
    if found.get("choices_from"):
        sample = tomllib.loads((ROOT / "programme.example.toml").read_text(encoding="utf-8"))
        return {each["id"]: each["name"][language] for each in sample["region"]}
    return {each["key"]: each["label"][language] for each in found.get("choice", [])}


@cache
def form(name: str) -> dict[str, Any]:
    """Return a form as it is written down."""
    return tomllib.loads((ROOT / "forms" / "definitions" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def locale(language: str) -> dict[str, dict[str, str]]:
    """Return the interface texts of a language."""
    return tomllib.loads((ROOT / "locales" / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def refusal(key: str, language: str) -> str:
    """Return the sentence of a refusal."""
    said_: dict[str, Any] = tomllib.loads((ROOT / "forms" / "refusals.toml").read_text(encoding="utf-8"))
    return str(said_[key][language])


FORMS = ("registration", "recommendation", "day")
