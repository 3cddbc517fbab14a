"""Where the programme stands, on one small screen, and whom somebody has to call."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from babel.dates import format_date
from telegram import Update

from bot import rights, texts
from bot.buttons import Button
from bot.desk import Desk
from bot.texts import LOCALES, Markup
from bot.turn import Turn
from forms import phones
from handlers import definitions, doors
from storage import doubles, merges, needs, outbox, places, programme, reports

MOST_NAMES = 25  # of a list in a message, which may be 4096 characters long at most


class Lists(NamedTuple):
    """What is known of places beside their number; each by region."""

    queues: Mapping[str, tuple[int, int]]  # how many have an offer, how many wait
    taken: Mapping[str, Mapping[str, int]]  # by group, held and offered
    quotas: Mapping[str, Mapping[str, int]]  # by group
    needs: Mapping[str, Mapping[str, int]]  # by need


class Open(NamedTuple):
    """How much waits for somebody of the team."""

    calls: int  # women to be called
    doubles: int
    merged: int  # merges that can still be undone
    doubts: int  # messages of which it is not known whether they arrived


async def show(update: Update, turn: Turn) -> None:
    """Show the figures of today."""
    turn.say(*await _screen(turn))


async def refresh(update: Update, turn: Turn) -> None:
    """Bring the figures in the pressed message up to date."""
    turn.toast()
    turn.edit(*await _screen(turn))


async def _screen(turn: Turn) -> tuple[str, list[list[Button]]]:
    regions = await reports.regions(turn.tx, turn.language, turn.now)
    surveys = await reports.surveys(turn.tx)
    all_ = await reports.accounted(turn.tx)
    registered, seats = sum(region.registered for region in regions), sum(region.places for region in regions)
    lists = Lists(
        await places.queues(turn.tx), await places.taken(turn.tx), await programme.quotas(turn.tx), await _needed(turn)
    )
    figures = [*(_region(turn, region, lists) for region in regions), *_ages(turn, await reports.ages(turn.tx))]
    html = turn.t(
        "status.screen",
        registered=registered,
        places=seats,
        regions=Markup("\n".join(figures)),
        answered=surveys.answered,
        asked=surveys.asked,
        in_chat=all_.in_chat,
        on_paper=all_.on_paper,
        calls=all_.to_call,
        hour=texts.hour(turn.now, turn.desk.config.programme.zone),
    )
    html = "\n\n".join(part for part in (html, await doors.sources(turn.desk, turn.language)) if part)
    waited_for = [region for region in regions if region.id in lists.queues]
    merged = (await merges.recent(turn.tx, turn.now, 0, 1))[1]
    doubts = len(await outbox.undecided(turn.tx))
    open_ = Open(all_.on_paper + all_.to_call, await doubles.count(turn.tx), merged, doubts)
    return html, _buttons(turn, waited_for, open_)


async def _needed(turn: Turn) -> Mapping[str, Mapping[str, int]]:
    """Return what the women need, by region, in numbers: for who prepares the days, nobody else."""
    return await needs.summed(turn.tx) if rights.allows(turn.role, rights.EXPORT) else {}


def _ages(turn: Turn, counts: Mapping[str, int]) -> list[str]:
    """Return the line of the age bands; none while nobody has said hers."""
    bands = [*definitions.offered(turn.language, "age"), ("", turn.plain("status.no_age"))]
    return [turn.t("status.ages", ages=_counted(bands, counts))] if any(counts) else []


def _counted(names: Sequence[tuple[str, str]], counts: Mapping[str, int]) -> Markup:
    """Return, in the order of the names, how many there are of each that there is."""
    return Markup(", ".join(f"{escape(name)}: {counts[key]}" for key, name in names if key in counts))


def _region(turn: Turn, region: reports.Region, lists: Lists) -> str:
    lines = [turn.t("status.region", name=region.name, registered=region.registered, places=region.places)]
    if region.id in lists.queues:
        offered, waiting = lists.queues[region.id]
        lines.append(turn.t("status.waiting", offered=offered, waiting=waiting))
    for group, most in sorted(lists.quotas.get(region.id, {}).items()):
        taken = lists.taken.get(region.id, {}).get(group, 0)
        lines.append(turn.t("status.quota", group=definitions.group(turn.language, group), taken=taken, places=most))
    if counts := lists.needs.get(region.id):
        lines.append(turn.t("status.needs", needs=_counted(definitions.offered(turn.language, "needs"), counts)))
    line = "\n".join(lines)
    if region.session is None:
        return f"{line}\n{turn.t('status.over')}"
    session = turn.t(
        "status.session",
        day=format_date(date.fromisoformat(region.date), "d MMMM", locale=LOCALES[turn.language]),
        coming=region.coming,
        not_coming=region.not_coming,
        silent=region.silent,
    )
    return f"{line}\n{session}"


def _buttons(turn: Turn, waited_for: Sequence[reports.Region], open_: Open) -> list[list[Button]]:
    rows = [[Button(turn.plain("status.refresh"), "o/status")]]
    if rights.allows(turn.role, rights.EXPORT):
        rows[0].append(Button(turn.plain("status.export"), "o/export"))
        label = turn.plain("status.list")
        rows += [[Button(f"{label} {region.name}"[:28], f"o/list/{region.id}")] for region in waited_for]
        if open_.calls:
            rows.append([Button(f"{turn.plain('status.show_calls')}: {open_.calls}", "o/calls")])
        if open_.doubles:
            rows.append([Button(turn.plain("status.doubles", open_.doubles), "o/doubles")])
        elif open_.merged:
            rows.append([Button(turn.plain("double.show_past", open_.merged), "o/doubles/merged")])
    if open_.doubts and rights.allows(turn.role, rights.WRITE):
        rows.append([Button(turn.plain("status.doubts", open_.doubts), "o/doubts")])
    return rows


def shortened(desk: Desk, language: str, lines: list[str]) -> list[str]:
    """Keep as many lines as a message can hold, and say how many more there are."""
    if len(lines) <= MOST_NAMES:
        return lines
    return [*lines[:MOST_NAMES], desk.t(language, "status.more", len(lines) - MOST_NAMES)]


def phone(turn: Turn, number: str) -> str:
    """Return a phone number as people write it, or that there is none."""
    return phones.shown(number) if number else turn.t("status.no_phone")
