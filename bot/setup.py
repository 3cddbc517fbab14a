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
from storage import audit, recovery, roles
from storage.database import Database

LINK_HOURS = 24
TRIES = 3  # at pasting the token

BOTFATHER = """\
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

RECOVERY = """\
The recovery key
----------------
It is shown now, and never again. Write it on paper, and keep the paper where the organisation keeps its papers:

    {key}

With it and a backup everything can be brought back on a new machine. Without it, a lost key file means that nobody can
ever read the database again.
"""

OWNER = """\
The owner
---------
This link makes whoever opens it first the owner of the bot. Open it on your telephone and press Start. It works once,
within {hours} hours; the bot answers as soon as it runs.

    {link}
"""

NEXT = """\
Next
----
  1. Put your regions, days, venues and hours into {programme}: what stands there is a sample.
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


def init(folder: Path, environ: Mapping[str, str], clock: Clock, *, owner_link: bool) -> int:
    """Make what is missing in `folder`, and say what is there; a link for an owner at the first time, or if asked."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "config.toml"
    _copy("config.example.toml", file)
    config = configuration.load(file, environ)
    token, bot = _token(config)
    _say_bot(bot)
    if token != config.token.get_secret_value() or not config.bot.token_file.exists():
        _write_secret(config.bot.token_file, token)
        print(f"Made: {config.bot.token_file}, with the token; only you can read it.")
    is_new = _key(config)
    _copy("programme.example.toml", config.programme.file)
    config = configuration.load(file, environ)
    is_first = not config.storage.database.exists()
    code = asyncio.run(_database(config, clock, wants_link=is_first or owner_link))
    print(f"{'Made' if is_first else 'There already'}: {config.storage.database}, the database.\n")
    if is_new:
        _show_recovery_key(config)
    if code:
        print(OWNER.format(hours=LINK_HOURS, link=f"https://t.me/{bot.username}?start=r_{code}"))
    option = "" if folder.resolve() == Path.cwd() else f" --config {file}"
    print(NEXT.format(programme=config.programme.file, option=option), end="")
    return console.FINE


def _copy(example: str, file: Path) -> None:
    if file.exists():
        print(f"There already: {file}; it stays as it is.")
        return
    shutil.copyfile(console.EXAMPLES / example, file)
    print(f"Made: {file}, from {example}.")


def _token(config: Config) -> tuple[str, Bot]:
    """Return the token that is there, or the one that is pasted, and the bot it belongs to. Raises Stop."""
    address, token = config.bot.api_base, config.token.get_secret_value()
    if token:
        bot = asyncio.run(ask_telegram(address, token))
        if bot is None:
            raise console.Stop(console.REFUSED, code=console.KEEP_STOPPED)
        return token, bot
    if not console.is_interactive():
        raise console.Stop(
            "The bot's token is missing. Run this command at a terminal, where it can ask for it, or give it in the"
            " environment as BOT_TOKEN."
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
            f"There is no answer from Telegram ({address}). Is this machine connected? Nothing is lost; try again later."
        ) from None
    finally:
        await api.close()
    if answer.status in (401, 404):
        return None
    if not answer.ok:
        raise console.Stop(f"Telegram did not answer as it should: {answer.description}. Try again later.")
    me: dict[str, Any] = answer.result
    return Bot(me["username"], me["first_name"], me.get("can_join_groups", False))


def _say_bot(bot: Bot) -> None:
    print(f"Telegram knows the token: it is that of {bot.name} (@{bot.username}).")
    if bot.joins_groups:
        print("It can still be put into groups. Send /setjoingroups to @BotFather, choose the bot, then Disable.")


def _key(config: Config) -> bool:
    """Make the key of the database if it is needed and missing; tell whether it was made."""
    file, database = config.storage.key_file, config.storage.database
    if not config.storage.encrypted:
        return False
    if config.key:
        print("There already: the key of the database; it stays as it is.")
        return False
    if file.exists() or database.exists():
        raise console.Stop(*config.obstacles, code=console.KEEP_STOPPED)
    _write_secret(file, secrets.token_hex(32))
    print(f"Made: {file}, the key of the database; only you can read it. Whatever copies {database.parent} to another")
    print("      place should not copy the key. To keep it elsewhere, move it and change [storage] key_file.")
    return True


def _write_secret(file: Path, secret: str) -> None:
    """Write a new file that only its owner can read."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
        out.write(f"{secret}\n")


async def _database(config: Config, clock: Clock, *, wants_link: bool) -> str | None:
    """Make or open the database; return the code of a fresh link for an owner, if one is wanted."""
    key = config.key.get_secret_value() if config.key else None
    database = await Database.open(config.storage.database, key)
    try:
        if not wants_link:
            return None
        async with database.transaction() as tx:
            await audit.write(tx, clock.now(), None, "role.invited", "", "owner")
            return await roles.invite(tx, "owner", None, clock.now(), hours=LINK_HOURS)
    finally:
        await database.close()


def _show_recovery_key(config: Config) -> None:
    assert config.key is not None
    recovery_key = recovery.new_recovery_key()
    print(RECOVERY.format(key=recovery_key))
    if console.is_interactive():
        input("Press Enter when it is on paper. ")
        print()
