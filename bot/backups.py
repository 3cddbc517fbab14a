"""Backups: the one that the bot makes by itself each day, and those that the command line asks for."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock, milliseconds, moment
from bot.config import Config
from bot.seams import Seams
from storage import backup, facts
from storage.backup import Replace, Restored
from storage.database import Database

log = logging.getLogger(__name__)

Tell = Callable[[str, bool], Awaitable[None]]  # tells the owners of a cause, or that it is over; each once
LATE = 36 * 3_600_000  # ms; the owners are told of a newest backup that is older
AHEAD = 3_600_000  # ms by which a moment may lie ahead of a clock that was set right meanwhile
REST = 900.0  # seconds until a backup that failed is tried again
LONG = 3600.0  # seconds after which a backup in hand is no reason any more to wait with telling
MOMENT = 60.0  # seconds
LONGEST_STOP = 30.0  # (real) seconds that a stop waits for a backup; a disk that hangs may never finish it
SINCE = "backups"  # the fact that holds since when, UTC ms, this database has been looked after


class Daily:
    """Makes a backup each day at its hour, or as soon as it can afterwards; what is too old goes, come what may."""

    def __init__(self, database: Database, clock: Clock, config: Config, replace: Replace, tell: Tell) -> None:
        self._database, self._clock, self._config = database, clock, config
        self._replace, self._tell = replace, tell
        self._looking: asyncio.Task[None] | None = None
        self._rests_until = 0.0  # monotonic
        self._is_late: bool | None = None  # what the owners were told last; None: we have just started
        self.newest: int | None = (
            None  # UTC ms, of the newest backup at the last look, or since when there could be one
        )

    def look(self) -> None:
        """Tick: do what is due in a task of its own, unless one is under way. Nobody waits for a slow disk."""
        if self.settled() and self._clock.monotonic() >= self._rests_until:
            self._looking = asyncio.create_task(self._look(), name="backups")

    def settled(self) -> bool:
        """Whether no backup is being made."""
        return self._looking is None or self._looking.done()

    async def stop(self) -> None:
        """Return when the backup in hand is finished; one that the disk does not take in LONGEST_STOP is given up."""
        if self._looking and (await asyncio.wait([self._looking], timeout=LONGEST_STOP))[1]:
            log.error("the disk of the backups hangs: the one in hand is left unfinished")
            self._looking.cancel()

    async def _look(self) -> None:
        now, watching = self._clock.now(), asyncio.create_task(self._watch(), name="watch over the backup")
        for act in (self._keep_up, self._rotate):
            await self._try(act.__qualname__, act(now))
        watching.cancel()

    async def _try(self, name: str, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # a full disk, a folder that is gone: the bot goes on, and we try again
            log.error("%s has to wait", name, exc_info=error)
            self._rests_until = self._clock.monotonic() + REST

    async def _watch(self) -> None:
        """Tell the owners when this look hangs until the newest backup is too old: its thread cannot be ended."""
        left = 0 if self.newest is None else (self.newest + LATE - self._clock.now()) / 1000
        await self._clock.sleep(max(LONG, left))
        await self._clock.sleep(MOMENT)  # where the clock jumped, the backup in hand is just being made
        await self._try("the alert", self._say(is_late=True))

    async def _keep_up(self, now: int) -> None:
        self.newest = await self._newest(now)
        try:
            if self.newest < self._last_hour(now):
                await self._make(now)
                self.newest = now
        finally:
            await self._say(is_late=now - self.newest > LATE)

    async def _rotate(self, now: int) -> None:
        # After a new one was made: a clock that is wrong for a while must not cost the last backup.
        storage = self._config.storage
        await asyncio.to_thread(backup.rotate, storage.backups, now, storage.keep_backups_days)

    async def _make(self, now: int) -> None:
        storage, key = self._config.storage, self._config.database_key
        await asyncio.to_thread(backup.write, storage.database, key, storage.backups, now, self._replace)

    async def _newest(self, now: int) -> int:
        """Return the moment of the newest backup; for a database that is new here, now: its first hour is to come."""
        async with self._database.reading() as tx:
            since = await facts.get(tx, SINCE)
        if since is None:
            async with self._database.transaction() as tx:
                await facts.put(tx, SINCE, str(now))
            return now
        noted = int(since) if int(since) <= now + AHEAD else 0  # the clock was wrong
        found = await asyncio.to_thread(latest, self._config, now)
        return max(noted, (backup.made_at(found) or 0) if found else 0)

    def _last_hour(self, now: int) -> int:
        """Return when, UTC ms, a backup was due last."""
        here = moment(now).astimezone(ZoneInfo(self._config.programme.zone))
        at = datetime.combine(here.date(), self._config.storage.backup_hour, here.tzinfo)
        return milliseconds(at if at <= here else at - timedelta(days=1))

    async def _say(self, *, is_late: bool) -> None:
        if is_late is not self._is_late:
            await self._tell("backup", not is_late)
            self._is_late = is_late


async def make(config: Config, seams: Seams, now: int) -> Path:
    """Make a backup in `[storage] backups`, delete those that are too old, and return its path.

    The bot may be running meanwhile: the copy is of one moment, and nobody waits for it.
    """
    folder = config.storage.backups
    made = await asyncio.to_thread(
        backup.write, config.storage.database, config.database_key, folder, now, seams.replace
    )
    backup.rotate(folder, now, config.storage.keep_backups_days)
    return made


async def restore(config: Config, seams: Seams, file: Path, recovery_key: str | None, now: int) -> Restored:
    """Make the database from a backup, opened with the recovery key as typed, or with the key file if that is None.

    Raises backup.Occupied, WrongKey, recovery.Mistyped, backup.Damaged; their sentences are for who asked.
    """
    unlock = recovery_key if recovery_key is not None else config.database_key or b""
    return await backup.restore(file, unlock, config.storage.database, config.database_key, now, seams.replace)


def latest(config: Config, now: int) -> Path | None:
    """Return the newest backup that is not of a moment to come, or None."""
    found = [path for path in backup.backups(config.storage.backups) if (backup.made_at(path) or 0) <= now + AHEAD]
    return found[-1] if found else None
