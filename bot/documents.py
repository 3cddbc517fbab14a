"""Files that are made when they are sent, from a recipe: they never lie on the disk."""

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import rights, workbook
from bot.api import Upload
from bot.texts import LOCALES, Texts
from bot.workbook import Cell, Page
from forms import engine, kinds, load, readings
from forms.model import Form, Question, Value
from storage import reports, roles
from storage.database import Database, Transaction
from storage.reports import Filled

PEOPLE = (
    *("name", "region", "group", "age", "phone", "language", "registered_at"),
    *("reachable", "place", "permissions", "source"),
)
APART = "needs"  # a question whose answers stand on no sheet (storage/needs.py)
SESSIONS = (
    *("session", "region", "date", "starts", "ends", "state"),
    *("registered", "coming", "not_coming", "asked", "answered"),
)
INTENT = ("session", "date", "name", "intent", "changed_at")
SURVEY = ("session", "region", "survey")
RECOMMENDATIONS = ("name", "region", "sent_at")
CODEBOOK = ("sheet", "column", "key", "meaning", "choices")


class NotAllowed(Exception):
    """Whoever asked for this file has no right to it any more."""


@dataclass(frozen=True)
class Material:
    """Everything that the spreadsheet shows, read in one consistent view."""

    participants: Sequence[reports.Participant]
    days: Sequence[reports.Day]
    intents: Sequence[reports.Intent]
    responses: Sequence[Filled]
    recommendations: Sequence[Filled]
    forms: Sequence[Form]
    regions: dict[str, str]


@dataclass(frozen=True)
class Reader:
    """For whom the spreadsheet is: the words of a language, and the clock of a zone."""

    word: Callable[[str], str]
    language: str
    zone: ZoneInfo

    def local(self, moment: int | None) -> datetime | None:
        """Return UTC ms as local date and time, without a zone: a spreadsheet knows none."""
        return None if moment is None else datetime.fromtimestamp(moment // 1000, self.zone).replace(tzinfo=None)

    def headings(self, columns: Iterable[str]) -> list[str]:
        """Return what stands above the columns."""
        return [self.word(f"column.{column}") for column in columns]


def recipe(user: int, now: int) -> str:
    """Return the recipe of the spreadsheet for a Telegram user."""
    return f"export:{user}:{now}"


async def make(recipe: str, database: Database, texts: Texts, zone: str) -> Upload:
    """Make the file of a recipe. Raises NotAllowed when the right to it was taken away meanwhile."""
    _, user, now = recipe.split(":")
    async with database.reading() as tx:
        member = next((member for member in await roles.team(tx) if member.user == int(user)), None)
        if member is None or not rights.allows(member.role, rights.EXPORT):
            raise NotAllowed(user)
        material = await gather(tx, member.language)
    reader = Reader(lambda key: texts.plain(member.language, key), member.language, ZoneInfo(zone))
    content = await asyncio.to_thread(lambda: workbook.write(pages(material, reader)))
    return Upload("document", f"istirak-{reader.local(int(now)):%Y-%m-%d}.xlsx", content)


async def gather(tx: Transaction, language: str) -> Material:
    """Read what the spreadsheet shows."""
    return Material(
        await reports.participants(tx),
        await reports.days(tx),
        await reports.intents(tx),
        await reports.responses(tx),
        await reports.submitted(tx, "recommendation"),
        [load.from_json(body) for body in await reports.definitions(tx)],
        await reports.region_names(tx, language),
    )


def pages(material: Material, reader: Reader) -> list[Page]:
    """Return the sheets: people, sessions, intents, surveys, recommendations, and the codebook that explains them."""
    shown = [
        _people(material, reader),
        _sessions(material, reader),
        _intents(material, reader),
        _filled("survey", SURVEY, material.responses, material, reader),
        _filled("recommendations", RECOMMENDATIONS, material.recommendations, material, reader),
    ]
    return [*shown, _codebook(material, reader)]


def _people(material: Material, reader: Reader) -> Page:
    """Show the participants; questions that were added to the registration have a column each, after the fixed ones."""
    forms = {body: load.from_json(body) for body in {each.definition for each in material.participants} if body}
    added = {q.key: q for form in forms.values() for q in engine.editable(form) if q.key not in (*PEOPLE, APART)}
    groups, ages, allowed = (_labels(material, reader, key) for key in ("group", "age", "permissions"))
    languages = LOCALES[reader.language].languages
    rows: list[list[Cell]] = [
        [
            *(each.name, material.regions.get(each.region, each.region), groups.get(each.group, each.group)),
            *(ages.get(each.age, each.age), each.phone, languages.get(each.language, each.language)),
            reader.local(each.registered_at),
            *(reader.word("export.yes" if each.reachable else "export.no"), reader.word(f"place.is.{each.place}")),
            ", ".join(label for key, label in allowed.items() if key in json.loads(each.permissions)),
            reader.word("export.link") if each.source == "" else each.source,
            *(_answer(forms.get(each.definition), key, json.loads(each.answers), reader, each.sheet) for key in added),
        ]
        for each in material.participants
    ]
    headings = [*reader.headings(PEOPLE), *(question.label.said(reader.language) for question in added.values())]
    return Page(reader.word("sheet.people"), headings, rows)


def _labels(material: Material, reader: Reader, key: str) -> dict[str, str]:
    """Return how the choices of a question of the registration are called, in whichever of its definitions."""
    asked = [form.question(key) for form in material.forms if form.name == "registration"]
    return {choice.key: choice.label.said(reader.language) for each in asked if each for choice in each.choices}


def _sessions(material: Material, reader: Reader) -> Page:
    rows: list[list[Cell]] = [
        [
            *(day.id, material.regions.get(day.region, day.region), day.date, day.starts, day.ends),
            *(reader.word(f"export.{day.state}"), day.registered, day.coming, day.not_coming),
            *(day.asked, day.answered),
        ]
        for day in material.days
    ]
    return Page(reader.word("sheet.sessions"), reader.headings(SESSIONS), rows)


def _intents(material: Material, reader: Reader) -> Page:
    rows: list[list[Cell]] = [
        [
            *(each.session, each.date, each.name),
            *(reader.word(f"export.{each.answer or 'silent'}"), reader.local(each.changed_at)),
        ]
        for each in material.intents
    ]
    return Page(reader.word("sheet.intent"), reader.headings(INTENT), rows)


def _filled(name: str, fixed: Sequence[str], sheets: Sequence[Filled], material: Material, reader: Reader) -> Page:
    """Show filled sheets, a column for each question of any definition that they were filled in by."""
    forms = {body: load.from_json(body) for body in {sheet.definition for sheet in sheets}}
    questions = {(form.name, each.key): each for form in forms.values() for each in engine.editable(form)}
    rows: list[list[Cell]] = []
    for sheet in sheets:
        form, answers = forms[sheet.definition], json.loads(sheet.answers)
        third = reader.local(sheet.changed_at) if sheet.changed_at else form.title.said(reader.language)
        first: list[Cell] = [sheet.subject, material.regions.get(sheet.region, sheet.region), third]
        own = [_answer(form, key, answers, reader, sheet.sheet) if of == form.name else None for of, key in questions]
        rows.append(first + own)
    labels = [question.label.said(reader.language) for question in questions.values()]
    return Page(reader.word(f"sheet.{name}"), [*reader.headings(fixed), *labels], rows)


def _answer(form: Form | None, key: str, answers: dict[str, Value], reader: Reader, sheet: int) -> Cell:
    """Return an answer as a number or a date where it is one; where it is a file, how to have the bot send it."""
    question, value = form.question(key) if form else None, answers.get(key)
    if form is None or question is None or value is None:
        return None
    if isinstance(value, int | float):
        return value
    said = engine.shown(question, value, reader.language)
    if question.kind == "date" and str(value) >= workbook.EARLIEST:
        return date.fromisoformat(str(value))
    if question.kind in kinds.FILES and isinstance(value, list):
        return f"{said}: {number(sheet, form, key)}"
    return said


def number(sheet: int, form: Form, key: str) -> str:
    """Return what is written to the bot to have it send a voice message or a photo (handlers/export.py)."""
    return f"/export {sheet}-{engine.number(form, key)}"


def _codebook(material: Material, reader: Reader) -> Page:
    sheets = {"people": PEOPLE, "sessions": SESSIONS, "intent": INTENT, "survey": SURVEY}
    sheets["recommendations"] = RECOMMENDATIONS
    rows: list[list[Cell]] = [
        [reader.word(f"sheet.{sheet}"), reader.word(f"column.{column}"), column, reader.word(f"about.{column}"), None]
        for sheet, columns in sheets.items()
        for column in columns
    ]
    rows += [
        [
            form.title.said(reader.language),
            question.label.said(reader.language),
            question.key,
            *_meaning(question, reader),
        ]
        for form in material.forms
        for question in form.questions
        if question.kind != "note"
    ]
    return Page(reader.word("sheet.codebook"), reader.headings(CODEBOOK), rows)


def _meaning(question: Question, reader: Reader) -> tuple[str, str]:
    """Return what is asked, and what can be answered: the choices, or the bounds, or what a cell of the kind holds."""
    lines = [f"{choice.key} = {choice.label.said(reader.language)}" for choice in question.choices]
    match question.kind:
        case "scale" | "number":
            lines = [_bounds(str(question.minimum), str(question.maximum))]
        case "date":
            lines = [_bounds(*(_day(bound, reader) for bound in (question.earliest, question.latest)))]
        case "choices":
            most = question.at_most or len(question.choices)
            lines.append(f"{reader.word('export.several')}: {_bounds(str(kinds.fewest(question)), str(most))}")
        case "place":
            lines = [reader.word("export.place")]
        case "voice" | "photo":
            lines = [reader.word("export.file")]
    return engine.wording(question, reader.language), "\n".join(lines)


def _bounds(least: str, most: str) -> str:
    return f"{least} … {most}".strip() if least or most else ""


def _day(bound: str, reader: Reader) -> str:
    return reader.word("export.today") if bound == "today" else readings.day_shown(bound)
