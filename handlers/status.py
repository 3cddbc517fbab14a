"""Where the programme stands, on one small screen, and whom somebody has to call."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from telegram import Update

from bot import rights, texts
from bot.buttons import Button
from bot.desk import Desk
from bot.texts import LOCALES, Markup
from bot.turn import Turn
from forms import kinds
from storage import audit, erasures, outbox, reports

MOST_NAMES = 25  # of a list in a message, which may be 4096 characters long at most


async def show(update: Update, turn: Turn) -> None:
    """Show the figures of today."""
    turn.say(*await _screen(turn))


async def refresh(update: Update, turn: Turn) -> None:
    """Bring the figures in the pressed message up to date."""
    turn.toast()
    turn.edit(*await _screen(turn))


async def show_calls(update: Update, turn: Turn) -> None:
    """List the women whom the bot cannot reach, with their phones; who deleted her account may be erased."""
    turn.toast()
    unreached = await reports.unreached(turn.tx)
    await audit.write(turn.tx, turn.now, turn.user, "calls.shown", "", str(len(unreached)))
    names = await reports.region_names(turn.tx, turn.language)
    lines = [_call(turn, each, names) for each in unreached]
    shown = "\n".join([turn.t("status.calls", len(lines)), *shortened(turn.desk, turn.language, lines)])
    rows = [[_eraser(turn, each)] for each in unreached[:MOST_NAMES] if each.gone]
    turn.say(f"{shown}\n\n{turn.t('status.come_back', link=f'https://t.me/{turn.bot.username}')}", rows)


async def ask_erasure(update: Update, turn: Turn) -> None:
    """o/erase/PERSON: ask once more before a woman whose Telegram account was deleted is erased."""
    number = _number(turn)
    found = [each for each in await reports.unreached(turn.tx) if each.gone and each.person == number]
    if not found:
        _refuse(turn)
        return
    turn.toast()
    names = await reports.region_names(turn.tx, turn.language)
    html = turn.t("status.erase.sure", turn.desk.config.storage.keep_backups_days, who=_who(turn, found[0], names))
    yes = Button(turn.plain("status.erase.yes"), f"o/erasing/{number}", style="danger")
    turn.edit(html, [[yes], [Button(turn.plain("status.erase.no"), "o/calls")]])


async def erase(update: Update, turn: Turn) -> None:
    """o/erasing/PERSON: have her erased as if she had asked for it (bot/erasing.py); the audit names nobody."""
    if not await erasures.ask_for_gone(turn.tx, _number(turn), turn.now):
        _refuse(turn)
        return
    turn.toast()
    await audit.write(turn.tx, turn.now, turn.user, "gone.erased")
    turn.edit(turn.t("status.erase.done"))


def _number(turn: Turn) -> int:
    """Return the person that a button names; 0, which is nobody, for anything else."""
    [word] = turn.words[2:3] or [""]
    return int(word) if word.isdecimal() and len(word) < 19 else 0


def _refuse(turn: Turn) -> None:
    turn.toast(turn.plain("status.erase.stale"), alert=True)
    turn.unbutton()


def _call(turn: Turn, woman: reports.Unreached, names: Mapping[str, str]) -> str:
    return turn.t("status.call.gone" if woman.gone else "status.call", who=_who(turn, woman, names))


def _who(turn: Turn, woman: reports.Unreached, names: Mapping[str, str]) -> Markup:
    region, number = names.get(woman.region, woman.region), phone(turn, woman.phone)
    return Markup(turn.t("status.who", name=woman.name, region=region, phone=number))


def _eraser(turn: Turn, woman: reports.Unreached) -> Button:
    name = f"{texts.FIRST_STRONG_ISOLATE}{woman.name}{texts.POP_ISOLATE}"  # a label is no HTML
    return Button(f"{turn.plain('status.erase')} {name}", f"o/erase/{woman.person}")


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
