"""A folder as `init` leaves it, with a sandbox for its Telegram, and the command line to be used on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot import config, console, programme_file
from bot.__main__ import main
from bot.clock import SystemClock
from bot.config import Config
from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from storage.database import Database, Transaction


@dataclass
class Place:
    folder: Path
    sandbox: Sandbox
    capsys: pytest.CaptureFixture[str]

    @property
    def config(self) -> Config:
        return config.load(self.folder / "config.toml", {})

    def configure(self, text: str) -> None:
        self.folder.mkdir(exist_ok=True, mode=0o700)
        (self.folder / "config.toml").write_text(text, "utf-8")

    def plan_far_ahead(self) -> None:
        """Put the sample programme, moved to March 2099, beside the configuration."""
        sample = programme_file.read(console.EXAMPLES / "programme.example.toml")
        moved = programme_file.write(programme_file.shifted(sample, date(2099, 3, 2)))
        (self.folder / "programme.toml").write_text(moved, "utf-8")

    async def init(self, *options: str) -> tuple[int, str, str]:
        return await self.command("init", "--folder", str(self.folder), *options)

    async def say(self, *words: str) -> tuple[int, str, str]:
        """Give a command; what it returned, printed, and printed as errors. Nobody sits at the terminal."""
        return await self.command(*words, "--config", str(self.folder / "config.toml"))

    async def command(self, *words: str) -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = await asyncio.to_thread(main, words)
        out, err = self.capsys.readouterr()
        return code, out, err

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Transaction]:
        settings = self.config
        key = settings.key.get_secret_value() if settings.key else None
        database = await Database.open(settings.storage.database, key)
        try:
            async with database.transaction() as tx:
                yield tx
        finally:
            await database.close()


@asynccontextmanager
async def place(
    folder: Path, capsys: pytest.CaptureFixture[str], clock: VirtualClock | None = None
) -> AsyncIterator[Place]:
    """An empty folder whose configuration names the sandbox as its Telegram."""
    sandbox = Sandbox(clock or VirtualClock(SystemClock().now()), limits=False)
    await sandbox.start()
    found = Place(folder, sandbox, capsys)
    found.configure(f'[bot]\napi_base = "{sandbox.api_url}"\n')
    try:
        yield found
    finally:
        await sandbox.stop()
