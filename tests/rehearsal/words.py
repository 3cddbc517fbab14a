"""What the women can read: the words of questions, buttons and notices, taken from the files that people edit.

A woman knows a question by its wording and a button by its label, in whatever language they come; she never sees the
data behind a button.
"""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.world import Message

ROOT = Path(__file__).parents[2]
LANGUAGES = ("az", "ru", "en")
MARK = "✓ "
_VALUE = re.compile(r"\{\w+\}")
_TAG = re.compile(r"<[^>]+>")


@cache
def interface(key: str) -> frozenset[str]:
    """Every plain wording of an interface text without values, such as the label of a button."""
    return frozenset(_bare(_locales()[language][key]["other"]) for language in LANGUAGES)


@cache
def opening(key: str) -> re.Pattern[str]:
    """A pattern that finds an interface text in any language and number, whatever its values are."""
    wordings = {wording for language in LANGUAGES for wording in _locales()[language][key].values()}
    return re.compile("|".join(_pattern(_bare(wording)) for wording in wordings), re.DOTALL)


def says(message: Message, key: str) -> bool:
    """Whether an interface text stands in a message."""
    return bool(opening(key).search(message.text))


def label(message: Message, key: str) -> str | None:
    """The label of the button with an interface text, as it stands under the message."""
    return _among(message, interface(key))


def choice(message: Message, form: str, question: str, key: str) -> str | None:
    """The label of the button that stands for a choice of a question."""
    if question == "region":
        return _among(message, region(key))
    return _among(message, choices(form, question).get(key, frozenset()))


def asked(message: Message) -> tuple[str, str] | None:
    """The form and the question that a message asks, known by the question's first line."""
    if not re.search(r"\d / \d", message.text):
        return None
    return next((known for known, lines in questions().items() if any(line in message.text for line in lines)), None)


@cache
def questions() -> dict[tuple[str, str], frozenset[str]]:
    """The first line of each question in each language."""
    return {
        (form, question["key"]): frozenset(text.strip().partition("\n")[0] for text in question["text"].values())
        for form in ("registration", "recommendation", "day")
        for question in _form(form)["question"]
    }


def is_card(message: Message, form: str) -> bool:
    """Whether a message is the card of a form: it can be sent, and its answers can be changed."""
    if label(message, "sheet.send") is None:
        return False
    changes = {f"✎ {name}" for each, question in questions() if each == form for name in question_label(form, question)}
    return bool(changes & set(message.labels))


@cache
def choices(form: str, question: str) -> dict[str, frozenset[str]]:
    """The labels of each choice of a question, in each language; those of a scale are its numbers."""
    found = next(each for each in _form(form)["question"] if each["key"] == question)
    if found["kind"] == "scale":
        return {str(number): frozenset([str(number)]) for number in range(found["minimum"], found["maximum"] + 1)}
    return {each["key"]: frozenset(each["label"].values()) for each in found.get("choice", [])}


def ends(message: Message, form: str) -> bool:
    """Whether a message says that the form was sent, or that she declined."""
    if form != "registration":
        return any(thanks in message.text for thanks in done(form))
    said = any(says(message, key) for key in ("registration.done", "registration.updated"))
    return said or any(text in message.text for text in declined(form))


@cache
def is_several(form: str, question: str) -> bool:
    """Whether a question takes several choices, which are ticked."""
    return any(each["key"] == question and each["kind"] == "choices" for each in _form(form)["question"])


@cache
def done(form: str) -> frozenset[str]:
    """What is said when a form was sent."""
    return frozenset(_form(form)["form"]["done"].values())


@cache
def declined(form: str) -> frozenset[str]:
    """What is said when she did not consent."""
    return frozenset(_form(form)["form"]["declined"].values())


@cache
def last_without_card(form: str) -> str:
    """The last question of a form that is sent with its last answer; '' where a card comes before."""
    return "" if _form(form)["form"].get("check", True) else str(_form(form)["question"][-1]["key"])


@cache
def region(id_: str) -> frozenset[str]:
    """The names of a region."""
    sample = tomllib.loads((ROOT / "programme.example.toml").read_text(encoding="utf-8"))
    return frozenset(next(each for each in sample["region"] if each["id"] == id_)["name"].values())


def question_label(form: str, question: str) -> frozenset[str]:
    """The short names of a question, as on the check card."""
    return frozenset(next(each for each in _form(form)["question"] if each["key"] == question)["label"].values())


def written(text: str) -> str:
    """A text as people see it: without the invisible marks around names."""
    return text.replace("\u2068", "").replace("\u2069", "")


def tidy(text: str) -> str:
    """A text as it may be kept: composed letters, single spaces, nothing that cannot be seen."""
    return " ".join(unicodedata.normalize("NFC", text.replace("\u200b", "")).split())


def _among(message: Message, labels: frozenset[str]) -> str | None:
    return next((shown for shown in message.labels if labels & {shown, shown.removeprefix(MARK)}), None)


def _pattern(wording: str) -> str:
    return ".*?".join(re.escape(part) for part in _VALUE.split(wording))


def _bare(wording: str) -> str:
    return _TAG.sub("", wording)


@cache
def _form(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "forms" / "definitions" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def _locales() -> dict[str, dict[str, dict[str, str]]]:
    return {
        language: tomllib.loads((ROOT / "locales" / f"{language}.toml").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }
