"""The file that goes with the preview of a roster: every mistake, every difference, and what is to be known."""

import asyncio
import html
import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import mistakes, rights, roster, table, texts, workbook
from bot.api import Upload
from bot.documents import NotAllowed
from bot.mistakes import Mistake
from bot.roster import Change, Plan
from bot.texts import Texts
from bot.workbook import Cell, Page
from forms import load
from forms.model import Form
from storage import roles, rosters, sheets
from storage.database import Database
from storage.roles import Member
from storage.rosters import Roster

PLACE = ("row", "column", "heading")
MARKS = re.compile(f"<[^>]*>|[{texts.FIRST_STRONG_ISOLATE}{texts.POP_ISOLATE}]")


def recipe(made: Roster) -> str:
    """Return the recipe of the file of a roster."""
    return f"roster:{made.id}:{made.made_by}"


async def make(recipe: str, database: Database, texts: Texts, zone: str) -> Upload:
    """Make the file of a recipe. Raises NotAllowed when the right to it was taken away, or the roster is settled."""
    _, number, user = recipe.split(":")
    async with database.reading() as tx:
        member = next((member for member in await roles.team(tx) if member.user == int(user)), None)
        made = await rosters.by_id(tx, int(number), int(user))
        if member is None or not rights.allows(member.role, rights.ROSTER) or made is None or not made.body:
            raise NotAllowed(user)
        form = load.from_json(await sheets.definition(tx, made.definition))
        plan = await roster.look(tx, made.body, form)
    content = await asyncio.to_thread(lambda: workbook.write(pages(plan, form, texts, member)))
    day = datetime.fromtimestamp(made.made_at // 1000, ZoneInfo(zone))
    return Upload("document", f"istirak-roster-{day:%Y-%m-%d}.xlsx", content)


def pages(plan: Plan, form: Form, texts: Texts, member: Member) -> list[Page]:
    """Return the pages that hold something."""
    language = member.language
    words = {name: texts.plain(language, f"roster.{name}") for name in ("wrong", "differs", "notices")}
    changes = [*((change, False) for change in plan.changed), *((change, True) for change in plan.kept)]
    shown = [
        _list(words["wrong"], plan.wrong, texts, language),
        Page(
            words["differs"],
            _headings(texts, language, "row", "name", "before", "after", "becomes"),
            [line for change, own in changes for line in _difference(change, own, form, texts, language)],
        ),
        _list(words["notices"], plan.notices, texts, language),
    ]
    return [page for page in shown if page.rows]


def _list(title: str, found: Sequence[Mistake], texts: Texts, language: str) -> Page:
    rows: list[list[Cell]] = [
        [
            *(each.row, "" if each.column is None else table.letters(each.column), each.heading),
            _plain(mistakes.sentence(texts, language, each)),
        ]
        for each in found
    ]
    return Page(title, _headings(texts, language, *PLACE, "sentence"), rows)


def _difference(change: Change, own: bool, form: Form, texts: Texts, language: str) -> list[list[Cell]]:
    becomes = texts.plain(language, "roster.stays" if own else "roster.changes")
    return [
        [
            *(change.row, change.before.name),
            *(_shown(form, name, getattr(which, name), language) for which in (change.before, change.after)),
            becomes,
        ]
        for name in change.fields
    ]


def _shown(form: Form, name: str, value: str, language: str) -> str:
    question = form.question(name)
    labels = {choice.key: choice.label.said(language) for choice in question.choices} if question else {}
    return labels.get(value, value)


def _headings(of: Texts, language: str, *columns: str) -> list[str]:
    return [of.plain(language, f"roster.column.{column}") for column in columns]


def _plain(said: str) -> str:
    """Return a text as it stands in a cell: without markup, and without the marks that keep names apart in a chat."""
    return html.unescape(MARKS.sub("", said))
