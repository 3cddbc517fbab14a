"""Backups as the command line asks for them: where they lie, how long they are kept."""

import asyncio
from pathlib import Path

from bot.config import Config
from bot.seams import Seams
from storage import backup
from storage.backup import Restored


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


def latest(config: Config) -> Path | None:
    """Return the newest backup, or None."""
    found = backup.backups(config.storage.backups)
    return found[-1] if found else None
