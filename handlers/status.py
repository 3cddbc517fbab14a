"""Where the programme stands, on one small screen, and whom somebody has to call."""

from datetime import date

from babel.dates import format_date
from telegram import Update

from bot import rights, texts
from bot.buttons import Button
from bot.desk import Desk
from bot.texts import LOCALES, Markup
from bot.turn import Turn
from forms import kinds
from storage import audit, outbox, reports

MOST_NAMES = 25  # of a list in a message, which may be 4096 characters long at most


async def show(update: Update, turn: Turn) -> None:
    """Show the figures of today."""
    turn.say(*await _screen(turn))


async def refresh(update: Update, turn: Turn) -> None:
    """Bring the figures in the pressed message up to date."""
    turn.toast()
    turn.edit(*await _screen(turn))


async def show_calls(update: Update, turn: Turn) -> None:
    """List the women whom the bot cannot reach, with their phones."""
    turn.toast()
    unreached = await reports.unreached(turn.tx)
    await audit.write(turn.tx, turn.now, turn.user, "calls.shown", "", str(len(unreached)))
    names = await reports.region_names(turn.tx, turn.language)
    lines = [
        turn.t("status.call", name=each.name, region=names.get(each.region, each.region), phone=phone(turn, each.phone))
        for each in unreached
    ]
    shown = "\n".join([turn.t("status.calls", len(lines)), *shortened(turn.desk, turn.language, lines)])
    turn.say(f"{shown}\n\n{turn.t('status.come_back', link=f'https://t.me/{turn.bot.username}')}")


async def _screen(turn: Turn) -> tuple[str, list[list[Button]]]:
    regions = await reports.regions(turn.tx, turn.language, turn.now)
    surveys = await reports.surveys(turn.tx)
    calls = len(await reports.unreached(turn.tx))
    registered, places = sum(region.registered for region in regions), sum(region.places for region in regions)
    html = turn.t(
        "status.screen",
        registered=registered,
        places=places,
        regions=Markup("\n".join(_region(turn, region) for region in regions)),
        answered=surveys.answered,
        asked=surveys.asked,
        calls=calls,
        hour=texts.hour(turn.now, turn.desk.config.programme.zone),
    )
    return html, _buttons(turn, calls, len(await outbox.undecided(turn.tx)))


def _region(turn: Turn, region: reports.Region) -> str:
    line = turn.t("status.region", name=region.name, registered=region.registered, places=region.places)
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


def _buttons(turn: Turn, calls: int, doubts: int) -> list[list[Button]]:
    rows = [[Button(turn.plain("status.refresh"), "o/status")]]
    if rights.allows(turn.role, rights.EXPORT):
        rows[0].append(Button(turn.plain("status.export"), "o/export"))
        if calls:
            rows.append([Button(turn.plain("status.show_calls"), "o/calls")])
    if doubts and rights.allows(turn.role, rights.WRITE):
        rows.append([Button(turn.plain("status.doubts", doubts), "o/doubts")])
    return rows


def shortened(desk: Desk, language: str, lines: list[str]) -> list[str]:
    """Keep as many lines as a message can hold, and say how many more there are."""
    if len(lines) <= MOST_NAMES:
        return lines
    return [*lines[:MOST_NAMES], desk.t(language, "status.more", len(lines) - MOST_NAMES)]


def phone(turn: Turn, number: str) -> str:
    """Return a phone number as people write it, or that there is none."""
    return kinds.phone_shown(number) if number else turn.t("status.no_phone")
