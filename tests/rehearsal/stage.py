"""Where the women live: a Telegram in this process, the real bot in another, and one clock for both."""

import asyncio
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import programme
from bot.config import Config, load
from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from storage import database, roles
from storage.database import Database

ROOT = Path(__file__).parents[2]
BAKU = ZoneInfo("Asia/Baku")
FIRST_DAY = date(2027, 3, 2)
START = datetime(2027, 2, 22, 10, 0, tzinfo=BAKU)
TOKEN = "123456789:" + "AAHsandboxsandboxsandboxsandboxsand"
SENDING = ("sendMessage", "sendVenue", "sendDocument", "copyMessage")
PATIENCE = 30.0  # real seconds in which the bot has to come to rest, and an answer to come
MANY = 20  # updates that wait, for a second, until the clock is slowed down
LOOK = 0.01  # real seconds between two looks
HOUR, SECOND = 3_600_000, 1000


def midnight(day: date) -> int:
    """The moment (UTC ms) at which a day begins where the women live."""
    return round(datetime.combine(day, datetime.min.time(), BAKU).timestamp() * 1000)


class Stuck(Exception):
    """The bot did not do in time what was due, or is gone."""


class Stage:
    """Everything that a proof needs. What it made ends with `close`, and only the process that it started is ended."""

    def __init__(self, folder: Path, *, rate: float, encrypted: bool = True, settings: str = "") -> None:
        self.folder, self.rate, self.encrypted, self.settings = folder, rate, encrypted, settings
        self.clock = VirtualClock(round(START.timestamp() * 1000), rate=rate, file=folder / "clock.json")
        self.sandbox = Sandbox(self.clock, token=TOKEN, seed=1)
        self.config = Config()
        self.bot: subprocess.Popen[bytes] | None = None
        self.owner_link = ""
        self.slow = False  # whether the clock has to be slow, because the bot starts anew
        self._moved_to = 0
        self._view: Any = None
        self._letters: dict[int, tuple[int, int]] = {}

    async def open(self) -> None:
        """Have the sandbox listen and the sample programme stand in the database; the bot does not run yet."""
        await self.sandbox.start()
        self.config = self._configuration()
        await self._prepare()

    def start_bot(self) -> None:
        """Start the real process."""
        command = [sys.executable, "-OO", "-m", "bot", "run", "--config", str(self.folder / "config.toml")]
        self.look_away()
        with (self.folder / "log").open("ab") as log:
            self.bot = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        self.expect_look()

    async def stop_bot(self, *, kill: bool = False) -> int:
        """End the process, in order or at once, and return its exit code."""
        assert self.bot
        (self.bot.kill if kill else self.bot.terminate)()
        async with asyncio.timeout(PATIENCE):
            while (code := self.bot.poll()) is None:
                await asyncio.sleep(LOOK)
        self.bot = None
        return code

    def fill_disk(self, *, full: bool) -> None:
        """Let no file of the bot take a byte (setrlimit(2), RLIMIT_FSIZE), or again as many as there is room for."""
        if self.bot:
            _, most = resource.prlimit(self.bot.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self.bot.pid, resource.RLIMIT_FSIZE, (0 if full else most, most))

    def exit_code(self) -> int | None:
        """The exit code of a process that has ended although nobody wanted it to."""
        return self.bot.poll() if self.bot else None

    def expect_look(self) -> None:
        """The bot rests again only when it has looked at its tables after this moment."""
        self._moved_to = self.clock.now()

    def look_away(self) -> None:
        """Leave the database, so that the bot finds it as after a death: with nobody there."""
        if self._view is not None:
            self._view.close()
            self._view = None

    async def close(self) -> None:
        """End everything that is still running."""
        if self.bot:
            await self.stop_bot(kill=True)
        self.look_away()
        await self.sandbox.stop()
        self.clock.jump(self.clock.now() + HOUR)  # the last sleepers leave the clock, whose file goes with the folder
        await asyncio.sleep(0.05)

    def log(self, lines: int = 20) -> str:
        """The end of what the bot wrote."""
        file = self.folder / "log"
        return "\n".join(file.read_text(errors="replace").splitlines()[-lines:]) if file.exists() else ""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Ask the database what stands there now."""
        if self._view is None:
            key = self.config.key.get_secret_value() if self.config.key else None
            self._view = database.connect(self.config.storage.database, key, True)
        return list(self._view.execute(sql, parameters).fetchall())

    def letters(self) -> list[tuple[int, int]]:
        """Chat and times of doubt of every row that has left as a message, also of those that were forgotten since."""
        rows = self.rows(
            "SELECT id, chat, doubted FROM outbox WHERE state = 'sent' AND method IN (?, ?, ?, ?)", SENDING
        )
        self._letters |= {id_: (chat, doubted) for id_, chat, doubted in rows}
        return list(self._letters.values())

    def messages(self) -> Counter[int]:
        """How many messages each chat got, counted at the sandbox."""
        return Counter(c.chat for c in self.sandbox.calls if c.status == 200 and c.method in SENDING and c.chat)

    def arrived(self) -> Counter[int]:
        """How many messages of the bot each chat got, also those that the bot was never told to have arrived."""
        return Counter(
            chat.id for chat in self.sandbox.world.chats.values() for each in chat.messages.values() if each.from_bot
        )

    def rests(self) -> bool:
        """Whether the bot has taken every update, looked at its tables, and sent what is due."""
        if self.sandbox.updates_waiting:
            return False
        now = self.clock.now()
        [(alive,)] = self.rows("SELECT coalesce((SELECT value FROM facts WHERE name = 'alive'), 0)")
        busy = self.rows(
            "SELECT 1 FROM outbox WHERE state = 'sending' OR (state = 'planned' AND due <= ?)"
            " UNION ALL SELECT 1 FROM erasures WHERE state <> 'confirmed'"
            " UNION ALL SELECT 1 FROM facts WHERE name = 'checkpoint' LIMIT 1",
            (now,),
        )
        return int(alive) >= self._moved_to and not busy

    async def settle(self) -> None:
        """Wait until the bot rests. Raises Stuck."""
        end = time.monotonic() + PATIENCE
        while not self.rests():
            if (code := self.exit_code()) is not None:
                raise Stuck(f"The bot ended by itself with code {code}.\n{self.log()}")
            if time.monotonic() > end:
                raise Stuck(f"Something that is due is not being done.\n{self.log()}")
            await asyncio.sleep(LOOK)

    async def travel(self, to: datetime | int) -> None:
        """Move the clock to a moment, once the bot rests, and let it do what is due then."""
        moment = to if isinstance(to, int) else round(to.timestamp() * 1000)
        await self.settle()
        self.letters()
        self.clock.jump(max(moment, self.clock.now() + SECOND))
        for _ in range(2):  # the first look may have begun before the jump
            self.expect_look()
            await self.settle()
            self.clock.jump(self.clock.now() + SECOND)

    async def keep_up(self) -> None:
        """Slow the clock down for as long as the bot does not keep up: a slow machine is no reason to miss a press."""
        behind = 0
        while True:
            behind = behind + 1 if self.sandbox.updates_waiting > MANY else 0
            rate = self.rate / 8 if behind > 10 or self.slow else self.rate
            if self.clock.rate() != rate:
                self.clock.set_rate(rate)
            await asyncio.sleep(0.1)

    async def together(self, acts: Sequence[Coroutine[Any, Any, object]]) -> None:
        """Let people act at the same time; return when all have done what they wanted."""
        tasks = [asyncio.create_task(act) for act in acts]
        try:
            for done in asyncio.as_completed(tasks):
                await done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _configuration(self) -> Config:
        for name, secret in (("token", TOKEN), ("key", os.urandom(32).hex())):
            (self.folder / name).write_text(secret)
            (self.folder / name).chmod(0o600)
        text = f"""[bot]\napi_base = "{self.sandbox.api_url}"\n[storage]\nencrypted = {str(self.encrypted).lower()}
[sandbox]\nclock = "clock.json"\n{self.settings}"""
        (self.folder / "config.toml").write_text(text)
        return load(self.folder / "config.toml", {})

    async def database(self) -> Database:
        """The database, open for writing, while the bot does not run."""
        key = self.config.key.get_secret_value() if self.config.key else None
        return await Database.open(self.config.storage.database, key)

    async def _prepare(self) -> None:
        made = await self.database()
        sample = programme.shifted(programme.read(ROOT / "programme.example.toml"), FIRST_DAY)
        async with made.transaction() as tx:
            await programme.apply(tx, sample, self.clock.now(), BAKU.key)
            self.owner_link = f"r_{await roles.invite(tx, 'owner', None, self.clock.now())}"
        await made.close()
