"""The commands `backup` and `restore`."""

import asyncio
import getpass
import shutil
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import backups, check, console, setup
from bot import config as configuration
from bot.clock import Clock
from bot.config import Config
from bot.seams import Seams
from storage import recovery
from storage.backup import TOMBSTONES, Damaged, Occupied, Restored, keys_of
from storage.database import WrongKey


def backup(config: Config, clock: Clock, folder: Path | None) -> int:
    """Make a backup in the folder of the configuration, or in `folder`, and delete those there that are too old."""
    console.require_database(config)
    kept = config.storage.backups
    if folder:
        config = config.model_copy(update={"storage": config.storage.model_copy(update={"backups": folder})})
    made = asyncio.run(backups.make(config, Seams(), clock.now()))
    if folder and (kept / TOMBSTONES).exists():
        shutil.copy2(kept / TOMBSTONES, folder)  # whoever was erased must not come back from there either
    print(f"Made: {made}, encrypted; {keys_of(made).name} beside it belongs to it.")
    return console.FINE


def restore(file: Path, folder: Path, environ: Mapping[str, str], clock: Clock, *, with_paper: bool) -> int:
    """Make the database of `folder` from a backup; configuration and key are made if they are missing.

    `with_paper`: the recovery key is asked for; otherwise the key file that was in use must be there. Raises Stop.
    """
    if not file.exists() or not keys_of(file).exists():
        raise console.Stop(
            f"A backup is two files, {file.name} and {keys_of(file).name}, in one folder: {file.parent}."
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.toml"
    setup.copy_example("config.example.toml", path)
    config = configuration.load(path, environ)
    if with_paper and config.storage.encrypted:
        setup.make_key(config, Path(environ.get("DB_KEY_FILE") or config.storage.key_file))
        config = configuration.load(path, environ)
    elif config.storage.encrypted and config.key is None:
        raise console.Stop(
            "There is no fit key file here, so this backup opens with the recovery key on paper only."
            " Give the command again with --recovery-key."
        )
    typed = _typed() if with_paper else None
    try:
        restored = asyncio.run(backups.restore(config, Seams(), file, typed, clock.now()))
    except WrongKey as error:
        hint = "" if with_paper else " With --recovery-key the key on paper is asked for."
        raise console.Stop(f"The key does not fit: {error}.{hint}") from None
    except recovery.Mistyped as error:
        raise console.Stop(str(error)) from None
    except (Occupied, Damaged) as error:
        raise console.Stop(str(error)) from None
    _say(restored, config, "" if folder.resolve() == Path.cwd() else f" --config {path}")
    return console.FINE


def _typed() -> str:
    if not console.is_interactive():
        raise console.Stop("The recovery key has to be typed at a terminal.")
    return getpass.getpass("Type the recovery key as it stands on paper, it will not be shown, and press Enter: ")


def _say(restored: Restored, config: Config, option: str) -> None:
    made = check.local(restored.made_at, ZoneInfo(config.programme.zone))
    print(f"The database is back as it was on {made}: {config.storage.database}")
    if restored.erased:
        print(f"{restored.erased} women who had erased themselves since then are erased again.")
    if restored.held:
        print(f"{restored.held} messages may have been sent since then; they wait for an organiser to decide.")
    print(f"Next: `python -m bot check{option}`. Start the bot only when no other copy of it runs anywhere.")
