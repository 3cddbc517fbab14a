"""The command `sandbox`: the bot and a Telegram of its own in one process, with invented people and a clock to move."""

import asyncio
import logging
import os
import secrets
import shutil
import signal
import socket
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretBytes, SecretStr

from bot import app, config, console, keys, lock, logs, programme
from bot.clock import Clock, SystemClock, moment
from bot.config import Config
from sandbox import cast
from sandbox.clock import VirtualClock
from sandbox.phone import Phone
from sandbox.server import HOST, Sandbox
from storage import facts, roles
from storage.database import Database, DatabaseError, WrongKey

MARK = "invented people only"  # the value of the fact console.SANDBOX
MINUTE = 60_000
AHEAD = timedelta(days=7)  # from the sandbox's first moment to the first training day
WELCOME = """\
{organiser} is the owner of the bot: her phone has opened the one-time link.
The others have never seen it. Press Start on their phones, and move the time on.

Open this address in a browser on this machine (Ctrl+C here ends it; the next start begins anew):

http://127.0.0.1:{port}/?key={key}
"""


async def run(folder: Path, wanted_port: int) -> int:
    """Serve the chat page until Ctrl+C. Every start is a new one: an earlier sandbox in `folder` is forgotten.

    Raises Stop, and leaves everything as it is, when the database in `folder` is not a sandbox's.
    """
    clock = VirtualClock(SystemClock().now() // MINUTE * MINUTE)
    sandbox, page_key, port = Sandbox(clock), secrets.token_urlsafe(16), free_port(wanted_port)
    if wanted_port and port != wanted_port:
        print(f"The port {wanted_port} is taken, so it is {port} this time.")
    configuration = _configuration(folder, f"http://{HOST}:{port}", sandbox.token)
    with lock.held(folder):
        code = await prepare(configuration, clock)
    logs.set_up(logging.WARNING)
    running = app.build(configuration, clock)
    await sandbox.start(port, page_key, running.next_event, running.settled)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.stop_soon)
    opening = asyncio.create_task(_open(sandbox, running, code, page_key))
    try:
        await running.run()
    finally:
        opening.cancel()
        await sandbox.stop()
    print("Ended.")
    return console.FINE


async def _open(sandbox: Sandbox, running: app.App, code: str, page_key: str) -> None:
    """Once the bot answers, make the organiser its owner and say where the page is."""
    await running.ready.wait()
    organiser = sandbox.world.people[cast.ORGANISER.id or 0]
    await Phone(sandbox.world, organiser).start(f"r_{code}")
    print(WELCOME.format(organiser=organiser.name, port=sandbox.port, key=page_key), flush=True)


def free_port(wanted: int) -> int:
    """Return the wanted port of this machine, or one that is free when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError:
            return free_port(0)
        return int(probe.getsockname()[1])


async def prepare(configuration: Config, clock: Clock) -> str:
    """Leave a new database with the sample programme a week ahead; return the code of the owner's link. Raises Stop."""
    path, key = configuration.storage.database, configuration.database_key
    if path.exists():
        _refuse_foreign(path, key)
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        shutil.rmtree(configuration.storage.backups, ignore_errors=True)  # after time travel: of days to come
    zone = configuration.programme.zone
    sample = programme.read(configuration.programme.file)
    first = moment(clock.now()).astimezone(ZoneInfo(zone)).date() + AHEAD
    database = await Database.open(path, key)
    try:
        async with database.transaction() as tx:
            await facts.put(tx, console.SANDBOX, MARK)
            await programme.apply(tx, programme.shifted(sample, first), clock.now(), zone)
            return await roles.invite(tx, "owner", None, clock.now())
    finally:
        await database.close()


def _refuse_foreign(path: Path, key: bytes | None) -> None:
    try:
        is_ours = facts.peek(path, key, console.SANDBOX) == MARK
    except (WrongKey, DatabaseError):
        is_ours = False
    if not is_ours:
        raise console.Stop(
            f"The database {path} is not a sandbox's own. It is left as it is; name another place with --folder."
        )


def _configuration(folder: Path, api_base: str, token: str) -> Config:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = _key(folder / "key")
    return Config(
        bot=config.Bot(api_base=api_base),
        storage=config.Storage(folder=folder, key_file=folder / "key", backups=folder / "backups"),
        programme=config.Programme(file=console.EXAMPLES / "programme.example.toml"),
        privacy=config.Privacy(contact="Könül (nümunə), +994 50 000 00 01"),
        token=SecretStr(token),
        key=SecretBytes(key),
    )


def _key(file: Path) -> bytes:
    found = keys.Findings()
    if key := keys.key(file, {}, found):
        return key
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32))
    return _key(file)
