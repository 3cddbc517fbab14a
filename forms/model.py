"""What a form is: questions, the answers given so far, what comes in and what is to be shown next. Values only."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

LANGUAGES = ("az", "ru", "en")
CARD = ""  # the step of a sheet whose check card is shown: every question has been passed

# A choice's key, the keys of several, a written text, a phone number (E.164), a date (ISO), a point 'lat,lon', a
# number; a list of one: the file of a voice message or a photo. None: skipped.
Value = str | int | float | list[str] | None

# A field here is a key of the definitions. A default is never changed: stored forms leave out what has its default.
# pydantic, which reads them, looks for `__pydantic_config__`: unknown keys and wrong types are mistakes.
STRICT = {"extra": "forbid", "strict": True}


@dataclass(frozen=True)
class Text:
    """The same words in each language. What is not translated is said in Azerbaijani. Plain text, without markup."""

    __pydantic_config__ = STRICT
    az: str
    ru: str = ""
    en: str = ""

    def every(self) -> dict[str, str]:
        """Return the words by language, without the languages that have none."""
        return {language: words for language in LANGUAGES if (words := getattr(self, language))}

    def said(self, language: str, **values: object) -> str:
        """Return the words in `language`, each `{name}` of `values` filled in."""
        words: str = (getattr(self, language) if language in LANGUAGES else "") or self.az
        for name, value in values.items():
            words = words.replace("{" + name + "}", str(value))
        return words


@dataclass(frozen=True)
class Choice:
    """One of the answers that a question offers. The key is stored, the label is shown."""

    __pydantic_config__ = STRICT
    key: str
    label: Text


@dataclass(frozen=True)
class Question:
    """One question. Which keys it may have depends on its kind (`kinds.KINDS`)."""

    __pydantic_config__ = STRICT
    key: str
    kind: str
    text: Text
    label: Text  # a word or two, for the check card and the export
    required: bool = True
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""  # a list that the programme fills in, such as 'regions'; '' once it is filled in
    max_length: int = 200  # characters
    multiline: bool = False
    minimum: int = 1
    maximum: int = 5
    lowest: Text | None = None  # what the minimum of a scale means
    highest: Text | None = None
    relevant: str = ""  # an expression: where it is not true the question is not asked; '' = always asked
    constraint: str = ""  # an expression of which an answer, in it `.`, has to be true
    reason: Text | None = None  # what is said where it is not
    at_least: int = 0  # of several choices: how many have to be chosen
    at_most: int = 0  # and how many may be; 0: all
    decimals: int = 0  # of a number: digits behind its comma
    earliest: str = ""  # of a date: 'YYYY-MM-DD' or 'today'; '' = any
    latest: str = ""


@dataclass(frozen=True)
class Calculation:
    """A value that is reckoned from answers by an expression, and has a name like them."""

    __pydantic_config__ = STRICT
    key: str
    value: str


@dataclass(frozen=True)
class Form:
    """A form: questions in their order, and what is said around them."""

    __pydantic_config__ = STRICT
    name: str
    title: Text
    questions: tuple[Question, ...] = ()
    intro: Text | None = None  # said before the first question
    done: Text | None = None  # said when it was submitted
    declined: Text | None = None  # said when the consent was refused
    anonymous: bool = False
    check: bool = True  # a card with all answers is shown before submitting
    placeholders: tuple[str, ...] = ()  # names in braces that the caller still has to fill in, such as 'organiser'
    calculations: tuple[Calculation, ...] = ()
    changes_until: str = ""  # the last day, local 'YYYY-MM-DD', on which what was sent may be changed; '' = no end
    open_sheets: Literal["keep", "move"] = "keep"  # where the form changes, open sheets keep to theirs or move on

    def with_choices(self, source: str, choices: Sequence[Choice]) -> Form:
        """Return the form with `choices` in every question that takes its choices from `source`."""
        questions = (
            dataclasses.replace(question, choices=tuple(choices), choices_from="")
            if question.choices_from == source
            else question
            for question in self.questions
        )
        return dataclasses.replace(self, questions=tuple(questions))

    def with_values(self, **values: Text | str) -> Form:
        """Return the form with each `{name}` filled in, in every text: its digest covers what she really reads."""
        texts = {name: value if isinstance(value, Text) else Text(value) for name, value in values.items()}
        left = tuple(name for name in self.placeholders if name not in texts)
        filled: Form = _filled(self, texts)
        until = Text(self.changes_until).said("az", **{name: value.az for name, value in texts.items()})
        return dataclasses.replace(filled, placeholders=left, changes_until=until)

    def question(self, key: str) -> Question | None:
        """Return the question with this key, if there is one."""
        number = self.numbers.get(key)
        return self.questions[number - 1] if number else None

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The place of each question by its key, from 1."""
        count = len(self.questions)
        return {each.key: count - n for n, each in enumerate(reversed(self.questions))}  # of two the first wins

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The keys of all that asks something: a note does not."""
        return tuple(question.key for question in self.questions if question.kind != "note")

    @cached_property
    def reckons(self) -> bool:
        """True if anything in it depends on the answers: what is asked, what is refused, or what is said."""
        return "${" in repr(self) or any(question.relevant or question.constraint for question in self.questions)

    @cached_property
    def is_dated(self) -> bool:
        """True if anything in it depends on the day."""
        return "today" in repr(self) or any(question.kind == "date" for question in self.questions)


def _filled(thing: Any, values: Mapping[str, Text]) -> Any:
    if isinstance(thing, Text):
        words = {
            language: thing.said(language, **{name: value.said(language) for name, value in values.items()})
            for language in thing.every()
        }
        return Text(**words)
    if isinstance(thing, tuple):
        return tuple(_filled(part, values) for part in thing)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        parts = {part.name: _filled(getattr(thing, part.name), values) for part in dataclasses.fields(thing)}
        return dataclasses.replace(thing, **parts)
    return thing


@dataclass(frozen=True)
class Sheet:
    """A person's way through a form: what was answered, and where she is."""

    answers: Mapping[str, Value] = field(default_factory=dict)
    step: str = CARD  # key of the open question, or CARD
    today: str = field(default="", compare=False)  # local 'YYYY-MM-DD', for what depends on it


# What may come in ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Typed:
    """She wrote something."""

    text: str


@dataclass(frozen=True)
class Pressed:
    """She pressed the button of a choice."""

    choice: str
    ticked: bool = True  # of several choices: what the button asks for, to tick it, or not any more


@dataclass(frozen=True)
class Shared:
    """She shared a contact: her own (the contact button) or somebody else's card."""

    phone: str
    is_own: bool


@dataclass(frozen=True)
class Located:
    """She shared a point on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Sent:
    """She sent a 'voice' message or a 'photo'; `file` is what Telegram calls it."""

    kind: str
    file: str


@dataclass(frozen=True)
class Done:
    """She pressed the button under several choices that says that these are all, or the one under a note."""


@dataclass(frozen=True)
class Other:
    """She sent something that no question can take: 'sticker', 'poll' …"""

    kind: str


Input = Typed | Pressed | Shared | Located | Sent | Done | Other


# What is to be shown next --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refusal:
    """Why an input is no answer. `key` names a sentence of `refusals.toml`, `values` fill its braces."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    likely: tuple[str, ...] = ()  # keys of the choices that may have been meant, the likeliest first
    reason: Text | None = None  # said in place of that sentence: the form's own words


@dataclass(frozen=True)
class Ask:
    """Ask this question; first say the refusal, if there is one.

    `number` is its place in the form, from 1: buttons carry it. `at` of `total` is how far she is, of the questions
    that are asked of her as far as is known now; 0 for a note.
    """

    question: Question  # in its texts what is known is filled in
    sheet: Sheet
    refusal: Refusal | None
    number: int
    total: int
    at: int

    @property
    def answered(self) -> bool:
        """True if the question has been passed before: `engine.keep` leaves it as it is and goes on."""
        return self.question.key in self.sheet.answers


@dataclass(frozen=True)
class Card:
    """Show all answers, to be submitted or changed."""

    sheet: Sheet
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Submitted:
    """The form is complete: every required question is answered."""

    sheet: Sheet


@dataclass(frozen=True)
class Declined:
    """She refused the consent: nothing more is asked. A later yes goes on where she was."""

    sheet: Sheet


Step = Ask | Card | Submitted | Declined
