"""The command `init`: everything that a new bot needs, made once, and never made over."""

import asyncio
import getpass
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import config as configuration
from bot import console, keys
from bot.api import Api, NotSent, Uncertain
from bot.clock import Clock
from bot.config import Config
from storage import audit, facts, recovery, roles

LINK_HOURS = 24
TRIES = 3  # at pasting the token

BOTFATHER = """
The bot at Telegram
-------------------
In Telegram, open the chat with @BotFather (it has a blue tick), press Start, and write to it, one line after the other:

  /newbot           It asks for a name, which everybody sees, and then for a user name that ends in "bot".
                    Choose names that tell nothing to somebody who looks at a woman's screen.
  /setjoingroups    Choose your bot, then Disable: it talks to each woman alone, never in groups.
  /setprivacy       Choose your bot, then Enable: should it ever be in a group, it does not read along.

What it answers to /newbot holds the token, a line such as 123456789:AAH-many-more-letters. Whoever has the token can
write as your bot: send it to nobody, and do not photograph it.
"""

RECOVERY = """
The recovery key
----------------
It is shown now, and never again. Write it on paper, and keep the paper where the organisation keeps its papers:

    {key}

With it and a backup everything can be brought back on a new machine. Without it, a lost key file means that nobody can
ever read the database again.
"""

NEW_PAPER = """
It opens what is backed up from now on: make a backup right away (python -m bot backup). Older backups open with the
paper that was in use then. If somebody else may have that one, delete them.
"""

OWNER = """
The owner
---------
This link makes whoever opens it first the owner of the bot. Open it on your telephone and press Start. It works once,
within {hours} hours; the bot answers as soon as it runs.

    {link}
"""

KEEP_APART = """\
               What copies the database to other places should not copy the key. To keep it elsewhere, move the file
               and write its new place into [storage] key_file."""

NEXT = """
Next
----
  1. Put your regions, days, venues and hours into {programme}.{sample}
  2. python -m bot programme apply{option}
  3. python -m bot check{option}
  4. python -m bot run{option}
"""


@dataclass(frozen=True)
class Bot:
    """What Telegram says of the bot of a token (Bot API, User)."""

    username: str
    name: str
    joins_groups: bool


def init(folder: Path, environ: Mapping[str, str], clock: Clock, *, owner_link: bool, recovery_key: bool) -> int:
    """Make what is missing in `folder`, and say what is there; a link for an owner at the first time, or if asked.

    `recovery_key`: another one takes the place of the one whose paper is lost.

    Raises Stop, ConfigFault, WrongKey.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "config.toml"
    copy_example("config.example.toml", file)
    config = configuration.load(file, environ)
    bot = _bot(config, Path(environ.get("BOT_TOKEN_FILE") or config.bot.token_file))
    copy_example("programme.example.toml", config.programme.file)
    if config.storage.encrypted:
        make_key(config, Path(environ.get("DB_KEY_FILE") or config.storage.key_file))
    config = configuration.load(file, environ)
    is_first = not config.storage.database.exists()
    _recovery_key(config, clock, is_lost=recovery_key)
    _say_made(config.storage.database, "the database", is_new=is_first)
    if is_first or owner_link:
        code = asyncio.run(_invite(config, clock))
        print(OWNER.format(hours=LINK_HOURS, link=f"https://t.me/{bot.username}?start=r_{code}"))
    option = "" if folder.resolve() == Path.cwd() else f" --config {file}"
    is_sample = config.programme.file.read_bytes() == (console.EXAMPLES / "programme.example.toml").read_bytes()
    sample = "\n     What stands there now is a sample." if is_sample else ""
    print(NEXT.format(programme=config.programme.file, sample=sample, option=option), end="")
    return console.FINE


def _say_made(file: Path, what: str, *, is_new: bool) -> None:
    print(f"{'Made:         ' if is_new else 'There already:'} {file} ({what})")


def copy_example(example: str, file: Path) -> None:
    """Copy an example to `file` unless that is there, and say which."""
    is_new = not file.exists()
    if is_new:
        shutil.copyfile(console.EXAMPLES / example, file)
    _say_made(file, f"from {example}" if is_new else "it stays as it is", is_new=is_new)


def _bot(config: Config, file: Path) -> Bot:
    """Return the bot of the token that is there, or of the one that is pasted and then kept in `file`. Raises Stop."""
    token = config.token.get_secret_value()
    bot = asyncio.run(ask_telegram(config.bot.api_base, token)) if token else None
    if token and bot is None:
        raise console.Stop(console.REFUSED, code=console.KEEP_STOPPED)
    if bot is None:
        token, bot = _pasted(config.bot.api_base)
    print(f"Telegram knows the token: it is that of {bot.name} (@{bot.username}).")
    if bot.joins_groups:
        print("It can still be put into groups. Send /setjoingroups to @BotFather, choose the bot, then Disable.")
    is_new = token != config.token.get_secret_value() or not file.exists()
    if is_new:
        _write_secret(file, token)
    _say_made(file, "the token; only you can read it" if is_new else "the token", is_new=is_new)
    return bot


def _pasted(address: str) -> tuple[str, Bot]:
    if not console.is_interactive():
        raise console.Stop(
            "The bot's token is missing. Run this command at a terminal, where it can ask for it, or give the token in"
            " the environment as BOT_TOKEN."
        )
    print(BOTFATHER)
    for _ in range(TRIES):
        token = getpass.getpass("Paste the token here, it will not be shown, and press Enter: ").strip()
        if not keys.TOKEN.fullmatch(token):
            print("That is not a token. It has digits, a colon, then many letters; copy it whole from BotFather.")
        elif bot := asyncio.run(ask_telegram(address, token)):
            return token, bot
        else:
            print("Telegram does not know this token. Copy it once more from BotFather; /token shows it again.")
    raise console.Stop("Without a token it cannot go on. What was made so far stays; run the command again.")


async def ask_telegram(address: str, token: str) -> Bot | None:
    """Return the bot of the token (Bot API, getMe), None when Telegram does not know it. Raises Stop."""
    api = Api(address, token)
    try:
        answer = await api.call("getMe", {}, timeout=15)
    except (NotSent, Uncertain):
        raise console.Stop(
            f"There is no answer from Telegram ({address}). Is this machine connected? Run the command again later;"
            " what was made so far stays."
        ) from None
    finally:
        await api.close()
    if answer.status in (401, 404):
        return None
    if not answer.ok:
        raise console.Stop(f"Telegram did not answer as it should: {answer.description}. Try again later.")
    me: dict[str, Any] = answer.result
    return Bot(me["username"], me["first_name"], me.get("can_join_groups", False))


def make_key(config: Config, file: Path) -> None:
    """Make the key of the database if it is missing. Raises Stop when it is there but unfit, or lost."""
    is_new = config.key is None
    if is_new and (file.exists() or config.storage.database.exists()):
        raise console.Stop(*config.obstacles, code=console.KEEP_STOPPED)
    if is_new:
        _write_secret(file, secrets.token_hex(32))
    _say_made(
        file, "the key of the database; only you can read it" if is_new else "the key of the database", is_new=is_new
    )
    if is_new and file == config.storage.key_file:
        print(KEEP_APART)


def _write_secret(file: Path, secret: str) -> None:
    """Write a file that only its owner can read."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
        out.write(f"{secret}\n")


def _recovery_key(config: Config, clock: Clock, *, is_lost: bool) -> None:
    """Show a recovery key if the database has none, or the paper `is_lost`, and keep it once it was seen.

    Interrupted, the one before or the next one counts.
    """
    has_one = asyncio.run(_has_recovery_key(config))
    if has_one and not is_lost:
        return
    key = recovery.new_recovery_key()
    print(RECOVERY.format(key=key))
    if console.is_interactive():
        input("Press Enter when it is on paper. ")
    asyncio.run(_keep(config, clock, key, replaces=has_one))
    if has_one:
        print(NEW_PAPER, end="")


async def _has_recovery_key(config: Config) -> bool:
    async with console.opened(config, make=True) as database, database.reading() as tx:
        return await facts.get(tx, recovery.FACT) is not None


async def _keep(config: Config, clock: Clock, recovery_key: str, *, replaces: bool) -> None:
    async with console.opened(config, make=True) as database, database.transaction() as tx:
        if replaces:
            await audit.write(tx, clock.now(), None, "recovery.replaced")
        await recovery.keep(tx, recovery_key)


async def _invite(config: Config, clock: Clock) -> str:
    """Return the code of a fresh link for an owner."""
    async with console.opened(config, make=True) as database, database.transaction() as tx:
        await audit.write(tx, clock.now(), None, "role.invited", "", "owner")
        return await roles.invite(tx, "owner", None, clock.now(), hours=LINK_HOURS)
