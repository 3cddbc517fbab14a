"""The command line: `python -m bot COMMAND`."""

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bot import app, console, logs, watchdog
from bot import config as configuration
from bot.clock import Clock, SystemClock
from bot.config import Config
from sandbox.clock import VirtualClock
from storage import facts

log = logging.getLogger("bot")

# New objects between two rounds of the garbage collector: with Python's 700 it took an eighth of all CPU.
ROUND = 200_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for and return the exit code (bot/console.py)."""
    os.umask(0o077)  # whatever is made is for this user only
    asked = parser().parse_args(arguments)
    try:
        return int(asked.act(asked))
    except console.ENDINGS as error:
        return console.ended(error)
    except (KeyboardInterrupt, EOFError):
        return console.INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser("python -m bot", description="İştirak. docs/running.md says how to run it.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    made = commands.add_parser("init", help="lead through the first set-up")
    made.add_argument("--folder", type=Path, default=Path(), help="where everything is made (here)")
    made.add_argument("--owner-link", action="store_true", help="make a new one-time link for an owner")
    made.add_argument("--recovery-key", action="store_true", help="make another recovery key; the paper is lost")
    made.set_defaults(act=_init)
    made = _configured(commands, "check", "say what is wrong, and what to do about it")
    made.add_argument("--live", action="store_true", help="also try Telegram, with one message to the owner")
    made.set_defaults(act=_check)
    _add_programme(commands)
    _configured(commands, "run", "run the bot until it is stopped").set_defaults(act=_run)
    made = _configured(commands, "backup", "make an encrypted copy of the database")
    made.add_argument("--to", type=Path, metavar="FOLDER", help="instead of the one in the configuration")
    made.set_defaults(act=_backup)
    made = commands.add_parser("restore", help="make the database from a backup")
    made.add_argument("file", type=Path, metavar="FILE", help="the backup")
    made.add_argument("--recovery-key", action="store_true", help="ask for the key on paper; the key file is lost")
    made.add_argument("--into", type=Path, default=Path(), metavar="FOLDER", help="where everything is made (here)")
    made.set_defaults(act=_restore)
    made = commands.add_parser("sandbox", help="run the bot against a Telegram of its own on this machine")
    made.add_argument("--port", type=int, default=8080, help="of the chat page (8080)")
    made.add_argument("--folder", type=Path, default=Path(".sandbox"), help="of its database (.sandbox)")
    made.set_defaults(act=_sandbox)
    return top


def _add_programme(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    group = commands.add_parser("programme", help="bring regions and training days from the file into the database")
    steps = group.add_subparsers(required=True, metavar="STEP")
    made = _configured(steps, "plan", "say what an apply would change")
    made.add_argument("file", nargs="?", type=Path, metavar="FILE", help="instead of the one in the configuration")
    made.set_defaults(act=_plan)
    made = _configured(steps, "apply", "make the database follow the file")
    made.add_argument("file", nargs="?", type=Path, metavar="FILE", help="instead of the one in the configuration")
    made.add_argument("--yes", action="store_true", help="do not ask")
    made.set_defaults(act=_apply)
    made = _configured(steps, "export", "write the file anew, with what was changed in chat")
    made.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a new file, instead of the screen")
    made.set_defaults(act=_export)


def _configured(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=text)
    made.add_argument("--config", type=Path, default=Path("config.toml"), metavar="FILE", help="(config.toml)")
    return made


# A command imports what only it needs: a bot that serves women does not carry the others in its memory.


def _init(asked: argparse.Namespace) -> int:
    from bot import setup

    return setup.init(
        asked.folder, os.environ, SystemClock(), owner_link=asked.owner_link, recovery_key=asked.recovery_key
    )


def _check(asked: argparse.Namespace) -> int:
    from bot import check, live

    config = _config(asked)
    clock = _clock(config)
    code = check.said(asyncio.run(check.look(config, clock)))
    if not asked.live:
        return code
    if not config.token.get_secret_value():
        raise console.Stop("Telegram cannot be tried without a token.")
    return max(code, live.said(asyncio.run(live.check(config, clock))))


def _plan(asked: argparse.Namespace) -> int:
    from bot import planning

    return planning.plan(_config(asked), asked.file)


def _export(asked: argparse.Namespace) -> int:
    from bot import planning

    return planning.export(_config(asked), asked.file)


def _apply(asked: argparse.Namespace) -> int:
    from bot import planning

    config = _config(asked)
    return planning.apply(config, asked.file, _clock(config), yes=asked.yes)


def _run(asked: argparse.Namespace) -> int:
    config = _config(asked)
    if config.obstacles:
        raise console.Stop(*config.obstacles, code=console.KEEP_STOPPED)
    return uvloop.run(keep_running(config))


async def keep_running(config: Config) -> int:
    """Run the bot until SIGTERM or SIGINT; return the exit code. Raises what `console.ENDINGS` names."""
    async with console.opened(config) as database, database.reading() as tx:
        is_sample = await facts.get(tx, console.SANDBOX)
    if is_sample and not configuration.is_loopback(config.bot.api_base):
        raise console.Stop("This database belongs to the sandbox: its people are invented.", code=console.KEEP_STOPPED)
    logs.set_up(secrets=[config.token.get_secret_value()])
    for warning in config.warnings:
        log.warning("%s", warning)
    running = app.build(config, _clock(config))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.stop_soon)
    gc.freeze()  # modules, texts and routes stay as long as we do: there is no need to look through them
    gc.set_threshold(ROUND)
    awake = asyncio.create_task(watchdog.keep_awake(os.environ))
    try:
        await running.run()
    finally:
        awake.cancel()
    return console.FINE


def _sandbox(asked: argparse.Namespace) -> int:
    from bot import trial

    return asyncio.run(trial.run(asked.folder, asked.port))


def _backup(asked: argparse.Namespace) -> int:
    from bot import rescue

    return rescue.backup(_config(asked), SystemClock(), asked.to)


def _restore(asked: argparse.Namespace) -> int:
    from bot import rescue

    return rescue.restore(asked.file, asked.into, os.environ, SystemClock(), with_paper=asked.recovery_key)


def _config(asked: argparse.Namespace) -> Config:
    return configuration.load(asked.config, os.environ)


def _clock(config: Config) -> Clock:
    return VirtualClock.shared(config.sandbox.clock) if config.sandbox.clock else SystemClock()


if __name__ == "__main__":
    sys.exit(main())
