"""The command `check`: what is right and what is wrong, in sentences, with what to do about it. Changes nothing."""

import os
import re
import shutil
import stat
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from bot import alerts, backups, console, faults, programme, upkeep
from bot.clock import Clock, Ticks, moment
from bot.config import Config
from bot.desk import Desk
from bot.texts import Texts
from storage import backup, facts, inbox, outbox, reports, roles
from storage import programme as stored
from storage.database import Database, DatabaseError, Transaction, WrongKey
from storage.migrations import NewerSchema

MEGA = 1_000_000
LEAST_FREE = 500 * MEGA  # bytes
DAY = 86_400_000
HOUR = 3_600_000
CENTURY = 36_525 * DAY


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    mark: Literal[
        "fine",
        "note",  # nothing is wrong, but somebody should know
        "mend",  # somebody has to do something
    ]
    sentence: str


def fine(sentence: str) -> Finding:
    """Return a finding that nothing is wrong."""
    return Finding("fine", sentence)


def note(sentence: str) -> Finding:
    """Return a finding that somebody should know."""
    return Finding("note", sentence)


def mend(sentence: str) -> Finding:
    """Return a finding that somebody has to do something about."""
    return Finding("mend", sentence)


def said(findings: list[Finding]) -> int:
    """Print the findings and return the exit code."""
    for finding in findings:
        print(f"{finding.mark}:  {finding.sentence}")
    wrong = sum(finding.mark == "mend" for finding in findings)
    print(f"\n{wrong} to mend." if wrong else "\nEverything is in order.")
    return console.MEND if wrong else console.FINE


async def look(config: Config, clock: Clock) -> list[Finding]:
    """Return what is found in configuration, secrets, files, programme and database, all of it at once."""
    found = [*_secrets(config), *_folders(config), *_disk(config), *_clock(config, clock)]
    found += [finding async for finding in _database(config, clock)]
    return [*found, *_backups(config, clock.now())]


def _secrets(config: Config) -> Iterator[Finding]:
    yield fine("The configuration can be read.")
    yield from (mend(sentence) for sentence in (*config.obstacles, *config.warnings))
    if not config.obstacles:
        yield fine("The token and the key of the database are there.")
    if not config.storage.encrypted:
        yield mend("The database is not encrypted. Write encrypted = true before the first woman registers.")
    if not config.privacy.contact:
        yield note("[privacy] contact is empty: women are not told whom to ask about their data.")


def _folders(config: Config) -> Iterator[Finding]:
    paths = [config.storage.folder, config.storage.backups, config.storage.database]
    open_to_others = [path for path in paths if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    for path in open_to_others:
        yield mend(f"Other users of this machine can look into {path}. Run: chmod go= {path}")
    for path in paths:
        if path.exists() and not os.access(path, os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)):
            yield mend(f"The bot may not write into {path}: it belongs to another user. As root: chown -R USER {path}")
    if not open_to_others:
        yield fine("Nobody else on this machine can look into the folders of database and backups.")


def _disk(config: Config) -> Iterator[Finding]:
    folders = [_existing(config.storage.folder), _existing(config.storage.backups)]
    for path in {folder.stat().st_dev: folder for folder in folders}.values():
        free = shutil.disk_usage(path).free
        if free >= LEAST_FREE:
            yield fine(f"There is room on the disk of {path}: {free // MEGA} MB.")
        else:
            yield mend(
                f"Only {free // MEGA} MB are free on the disk of {path}. Make room: {LEAST_FREE // MEGA} at least."
            )


def _existing(path: Path) -> Path:
    return next(folder for folder in [path, *path.absolute().parents] if folder.exists())


def _clock(config: Config, clock: Clock) -> Iterator[Finding]:
    hours = {"evening": f"{config.reminders.evening:%H:%M}", "morning": f"{config.reminders.morning:%H:%M}"}
    runs = Ticks(clock, _nothing, config.programme.zone, hours).next_runs()
    zone = ZoneInfo(config.programme.zone)
    yield fine(f"By this machine it is {local(clock.now(), zone)} in {config.programme.zone}. Compare it with a watch.")
    for name, at in runs:
        if name in hours:
            yield fine(f"Reminders of the {name} are looked for next on {local(at, zone)}.")


async def _nothing() -> None:
    return None


def local(at: int, zone: ZoneInfo) -> str:
    """Say a moment as date and hour in the zone."""
    then = moment(at).astimezone(zone)
    return f"{then.day} {then:%B %Y, %H:%M}"


async def _database(config: Config, clock: Clock) -> AsyncIterator[Finding]:
    try:
        async with console.opened(config) as database:
            yield fine(f"The key opens the database {config.storage.database}.")
            async for finding in _content(database, config, clock):
                yield finding
    except console.Stop as stop:
        if config.key or not config.storage.encrypted:
            yield mend(str(stop))
    except WrongKey as error:
        yield mend(console.wrong_key(str(error)))
    except NewerSchema as error:
        yield mend(str(error))
    except (DatabaseError, OSError) as error:
        yield mend(f"The database cannot be used: {error}. Look at the disk; restore a backup if it stays so.")


async def _content(database: Database, config: Config, clock: Clock) -> AsyncIterator[Finding]:
    async with database.reading() as tx:
        for topic in (_programme, _days, _women, _owners, _life, _letters, _failures, _alerts):
            async for finding in topic(tx, config, clock.now()):
                yield finding


async def _programme(tx: Transaction, config: Config, now: int) -> AsyncIterator[Finding]:
    file = config.programme.file
    try:
        wanted = programme.read(file)
    except faults.Fault as fault:
        for sentence in fault.sentences:
            yield mend(sentence)
        return
    if file.read_bytes() == (console.EXAMPLES / "programme.example.toml").read_bytes():
        yield note(f"{file} is still the sample: its dates and venues are invented.")
    changes = programme.plan(await programme.applied(tx), await programme.current(tx), wanted)
    pending = [change for change in changes if change.kind != "kept"]
    if pending:
        yield mend(
            f"{file} says other things than the database ({len(pending)}). `python -m bot programme plan` shows them."
        )
    else:
        yield fine(f"The database follows {file}.")


async def _days(tx: Transaction, config: Config, now: int) -> AsyncIterator[Finding]:
    ahead = await stored.sessions_between(tx, now, now + CENTURY)
    if not ahead:
        yield note("No training day lies ahead.")
        return
    first = ahead[0]
    begins = local(first.starts_at, ZoneInfo(first.zone))
    yield fine(f"{len(ahead)} training days lie ahead; the next is {first.id} on {begins}.")
    for zone in {session.zone for session in ahead if session.zone != config.programme.zone}:
        yield mend(f"Training days stand in the time zone {zone}, but [programme] zone is {config.programme.zone}.")


async def _women(tx: Transaction, config: Config, now: int) -> AsyncIterator[Finding]:
    yield fine(f"{len(await reports.participants(tx))} women are registered.")


async def _owners(tx: Transaction, config: Config, now: int) -> AsyncIterator[Finding]:
    if await roles.team(tx, ("owner",)):
        yield fine("The bot has an owner.")
    elif await roles.is_awaited(tx, "owner", now):
        yield note("The bot has no owner yet. Start it, then open the link that `python -m bot init` showed.")
    else:
        yield mend("The bot has no owner. `python -m bot init --owner-link` makes a link for one.")


async def _life(tx: Transaction, config: Config, now: int) -> AsyncIterator[Finding]:
    alive = await facts.get(tx, upkeep.ALIVE)
    if alive is None:
        yield note("The bot has never run with this database.")
        return
    seen = int(alive)
    zone = ZoneInfo(config.programme.zone)
    if seen > now + 60_000:
        yield mend(f"The clock of this machine was turned back: the bot ran until {local(seen, zone)}. Set it right.")
    elif now - seen > upkeep.TELEGRAM_KEEPS:
        yield mend(f"The bot last ran on {local(seen, zone)}. Telegram keeps what women write for a day only.")
    else:
        yield fine(f"The bot last showed a sign of life on {local(seen, zone)}.")


async def _letters(tx: Transaction, config: Config, now: int) -> AsyncIterator[Finding]:
    waiting = await outbox.undecided(tx)
    if waiting:
        yield mend(f"{len(waiting)} messages may have arrived or not, and wait for an organiser: /status in the chat.")
    due = await outbox.next_due(tx)
    if due is not None and due < now - HOUR:
        hours = (now - due) // HOUR
        yield mend(f"Messages have been waiting to be sent for {hours} hours. Does the bot run, and is it connected?")
    elif not waiting:
        yield fine("No message is late, and none is in doubt.")
    for state, reason, count in await outbox.refusals(tx):
        became = "did not arrive" if state == "failed" else "arrived"
        yield note(f"{count} messages {became}: {reason}. Tell who maintains the bot.")


async def _failures(tx: Transaction, config: Config, now: int) -> AsyncIterator[Finding]:
    aside = await inbox.aside(tx)
    if aside:
        kinds = ", ".join(sorted({f"{failure.error} in {failure.route or failure.kind}" for failure in aside}))
        yield note(
            f"{len(aside)} messages could not be handled and were put aside: {kinds}. Tell who maintains the bot."
        )
    else:
        yield fine("Every message that came in could be handled.")


async def _alerts(tx: Transaction, config: Config, now: int) -> AsyncIterator[Finding]:
    """What the owners were told and is not over: who sits at the server learns of it, too."""
    desk = Desk(tx, now, Texts.load(), config)
    for cause in alerts.LASTING:
        if told := await alerts.told_at(desk, cause):
            since = local(told, ZoneInfo(config.programme.zone))
            text = re.sub(r"<[^>]+>", "", desk.t("en", f"alert.{cause}"))
            yield (note if cause == "retention" else mend)(f"The owners were told on {since}: {text}")


def _backups(config: Config, now: int) -> Iterator[Finding]:
    folder, hour = config.storage.backups, config.storage.backup_hour
    newest = backups.latest(config, now)
    if newest is None:
        yield note(f"There is no backup yet: the bot makes one each day at {hour:%H:%M}, `python -m bot backup` now.")
    else:
        age = max(0, now - (backup.made_at(newest) or 0))
        made = mend if age > backups.LATE else fine
        yield made(f"The newest backup is {age // HOUR} hours old: {newest}")
    limit = now - (config.storage.keep_backups_days + 1) * DAY
    for path in backup.backups(folder):
        moment_ = backup.made_at(path) or 0
        if moment_ > now + backups.AHEAD:
            yield mend(f"{path} is of a moment to come: the clock was wrong. Delete it within 30 days.")
        elif moment_ < limit:
            yield mend(f"{path} should be gone: women were promised so. The bot deletes it when it runs.")
    if newest and _existing(folder).stat().st_dev == _existing(config.storage.folder).stat().st_dev:
        yield note(
            f"Database and backups lie on one disk. Copy {folder} to another machine, and delete it there in time."
        )
