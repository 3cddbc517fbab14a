"""A post office for the sender's tests: a real outbox on disk, a sender, and the sandbox to send to."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.api import Api, Upload
from bot.pace import Pace
from bot.sender import Hooks, Sender
from sandbox.clock import VirtualClock
from sandbox.phone import Phone
from sandbox.server import Sandbox
from storage import outbox, people
from storage.database import Database, Transaction
from storage.outbox import Claimed, Letter

PATIENCE = 5.0  # real seconds
RESTED = 15_000  # ms; the longest burst to be made up for is a group's


def letter(phone: Phone | int, text: str = "Salam", **fields: Any) -> Letter:
    """Return a plain message; a phone stands for its private chat."""
    chat = phone if isinstance(phone, int) else phone.id
    return Letter(chat, "sendMessage", {"text": text}, **fields)


class Post:
    """Everything between the outbox and the phones."""

    def __init__(self, folder: Path, sandbox: Sandbox, clock: VirtualClock) -> None:
        self.folder, self.sandbox, self.clock = folder, sandbox, clock
        self.failures: list[tuple[int, str]] = []
        self.recipes: list[str] = []
        self.running: asyncio.Task[None] | None = None

    async def open(self, token: str | None = None) -> None:
        """Open the database and make a sender that does not run yet."""
        self.database = await Database.open(self.folder / "bot.db", None)
        self.api = Api(self.sandbox.api_url, token or self.sandbox.token)
        self.pace = Pace(self.clock)
        hooks = Hooks(self._make, people.mark_chat, self._on_failure)
        self.sender = Sender(self.api, self.database, self.clock, self.pace, hooks)
        self.database.on_message(self.sender.wake)

    def rest(self) -> None:
        """Let so much time pass that every chat may have its burst; at its start a sender takes them for spent."""
        self.clock.jump(self.clock.now() + RESTED)

    def start(self) -> None:
        """Let the sender run."""
        self.running = asyncio.create_task(self.sender.run())

    async def close(self) -> None:
        """Stop in order and close everything."""
        if self.running and not self.running.done():
            await self.sender.stop()
            await self.running
        await self.api.close()
        await self.database.close()

    async def die(self) -> None:
        """End as a killed process does: nothing more is written."""
        assert self.running
        self.running.cancel()
        for task in list(self.sender._tasks):
            task.cancel()
        await asyncio.gather(self.running, *self.sender._tasks, return_exceptions=True)
        await self.api.close()
        await self.database.close()

    async def phone(self, name: str = "Aygün") -> Phone:
        """Return the phone of a woman who has pressed Start."""
        phone = self.sandbox.phone(name)
        await phone.start()
        async with self.database.transaction() as tx:
            await people.meet(tx, phone.id, phone.id, self.clock.now())
        return phone

    async def add(self, *letters: Letter) -> list[int]:
        """Put letters into the outbox."""
        async with self.database.transaction() as tx:
            rows = await outbox.add(tx, letters, self.clock.now())
        return [row for row in rows if row is not None]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so, for a few seconds at most."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                if self.running and self.running.done():
                    await self.running
                await asyncio.sleep(0.002)

    async def settle(self) -> None:
        """Wait until nothing that is due has not left."""
        await self.until(self.sender.settled)

    async def skip_waits(self) -> None:
        """Wait until everything is settled, and jump over the seconds in which nothing happens."""
        while not self.sender.settled():
            await asyncio.sleep(0.03)
            event = self.next_event()
            if event is not None and event > self.clock.now() and not self.sender._air:
                self.clock.jump(event)

    def next_event(self) -> int | None:
        """Return when, UTC ms, the sender will have something to do; None when nothing is planned."""
        settled = self.sender.settled()
        return self.sender._due if settled else self.clock.now() + int(self.sender._patience() * 1000)

    async def rows(self, columns: str = "state") -> list[Any]:
        """Return one column of the outbox, in order of ids."""
        async with self.database.reading() as tx:
            found = await tx.all(f"SELECT {columns} FROM outbox ORDER BY id")
        return [row[0] if len(row) == 1 else row for row in found]

    async def _make(self, recipe: str) -> Upload:
        self.recipes.append(recipe)
        if recipe == "impossible":
            raise ValueError("Sevinc")
        return Upload("document", "siyahı.txt", recipe.encode())

    async def _on_failure(self, tx: Transaction, row: Claimed, reason: str) -> None:
        self.failures.append((row.id, reason))


def calls(sandbox: Sandbox, *methods: str) -> list[tuple[str, int | None, int]]:
    """Return method, chat and status of the calls of `methods`."""
    return [(call.method, call.chat, call.status) for call in sandbox.calls if call.method in methods]
