"""Whether the bot stays as quick with very many people on disk: `python -m bench.growth`.

An update of one woman, each tick with nothing due, the planning of 1,000 reminders, and /status; beside each the bare
statements on a bare connection with the same pragmas, in the same run.
"""

import argparse
import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench import crowd, place, stub
from bot.clock import SystemClock
from bot.config import Config
from bot.desk import Desk
from bot.texts import Texts
from handlers import TICKS, days
from storage import outbox, programme, reports
from storage.database import Database, Transaction, connect

FEW, SOME, MANY = 1_000, 10_000, 100_000  # people on disk
WOMEN, AT_ONCE = 300, 100  # who register meanwhile
TIMES = 5
# What any bot with these promises reads and writes for one update: who is there, her step, the answer to her.
BARE = (
    "INSERT INTO inbox (update_id, seen_at) VALUES (2000000000 + ?1, 0)",
    "SELECT * FROM chats c JOIN chat_people cp ON cp.chat = c.id JOIN people p ON p.id = cp.person"
    f" WHERE c.id = {crowd.FIRST} + ?1",
    "SELECT * FROM sheets s LEFT JOIN answers a ON a.sheet = s.id WHERE s.person = ?1 + 1 AND s.state = 'open'",
    "UPDATE sheets SET step = 'bare' WHERE person = ?1 + 1 AND form = 'registration' AND subject = ''"
    " AND state = 'open'",
    f"INSERT INTO outbox (chat, method, parameters, due) VALUES ({crowd.FIRST} + ?1, 'bare', '', 0)",
    f"UPDATE outbox SET state = 'sent', message = 1 WHERE id = (SELECT max(id) FROM outbox"
    f" WHERE chat = {crowd.FIRST} + ?1 AND state IN ('planned', 'sending'))",
)

Statement = tuple[str, Sequence[Any]]


class Noted(Transaction):
    """A transaction that keeps the statements which it was asked for."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx._connection)
        self.statements: list[Statement] = []

    async def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return every row."""
        self.statements.append((sql, parameters))
        return await super().all(sql, parameters)

    async def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Execute a statement and return how many rows it changed."""
        self.statements.append((sql, parameters))
        return await super().run(sql, parameters)

    async def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for each of `rows`."""
        kept = list(rows)
        self.statements += [(sql, row) for row in kept]
        await super().many(sql, kept)


@asynccontextmanager
async def undone(database: Database) -> AsyncIterator[Noted]:
    """Give a transaction of which nothing is kept."""
    try:
        async with database.transaction() as tx:
            yield Noted(tx)
            raise Undone
    except Undone:
        pass


class Undone(Exception):
    """Nothing of this is to be kept."""


async def timed(
    database: Database, config: Config, now: int, act: Callable[[Desk], Awaitable[object]]
) -> tuple[float, float]:
    """Return the milliseconds of an act, the best of some, and of its bare statements."""
    ours, texts, statements = list[float](), Texts.load(), list[Statement]()
    for _ in range(TIMES):
        async with undone(database) as tx:
            desk = Desk(tx, now, texts, config)
            began = time.process_time()
            await act(desk)
            if desk.letters:
                await outbox.add(tx, desk.letters, now)
            ours.append(time.process_time() - began)
            statements = tx.statements
    return min(ours) * 1000, bare(config, statements)


def bare(config: Config, statements: Sequence[Statement]) -> float:
    """Return the milliseconds of the statements alone, the best of some; nothing of them is kept."""
    connection, took = connect(config.storage.database, config.database_key, False), list[float]()
    try:
        for _ in range(TIMES):
            connection.execute("BEGIN IMMEDIATE")
            began = time.process_time()
            for sql, parameters in statements:
                connection.execute(sql, parameters).fetchall()
            took.append(time.process_time() - began)
            connection.execute("ROLLBACK")
    finally:
        connection.close()
    return min(took) * 1000


async def acts(config: Config) -> None:
    """Print how long each tick takes with nothing due, then the planning of 1,000 reminders, and /status."""
    database, now = await Database.open(config.storage.database, config.database_key), SystemClock().now()
    try:
        for tick in TICKS:
            await timed(database, config, now, tick)  # what is due once a day is over
            async with database.transaction() as tx:
                await tick(Desk(tx, now, Texts.load(), config))
            line(f"tick {tick.__qualname__}", *await timed(database, config, now, tick))
        async with database.reading() as reading:
            day = await programme.session(reading, f"{place.REGIONS[0]}-{crowd.LATER}")
        assert day is not None
        eve = days.occurrences(day, config.reminders)[0].due
        line("1,000 reminders planned", *await timed(database, config, eve, a_thousand))
    finally:
        await database.close()


async def status(config: Config) -> None:
    """Print how long it takes to read what /status shows."""
    database, now = await Database.open(config.storage.database, config.database_key), SystemClock().now()
    try:
        line("/status", *await timed(database, config, now, figures))
    finally:
        await database.close()


async def a_thousand(desk: Desk) -> None:
    """Write to the first 1,000 women whose reminder has come, batch by batch."""
    for _ in range(1_000 // days.AT_ONCE):
        await days.remind(desk)


async def figures(desk: Desk) -> None:
    """Read what /status shows."""
    await reports.regions(desk.tx, "az", desk.now)
    await reports.surveys(desk.tx)
    await reports.unreached(desk.tx)
    await outbox.undecided(desk.tx)


def line(name: str, ours: float, floor: float) -> None:
    """Print a line of the table of acts."""
    print(f"{name:34}{ours:>9.2f}{floor:>9.2f}", flush=True)


def update(people: int) -> tuple[float, float]:
    """Return the CPU ms of an update of the real application among so many people, and of the bare statements."""
    with stub.folder() as folder, stub.running(users=WOMEN, active=AT_ONCE, stride=people // WOMEN):
        config = filled(folder, people)
        with stub.bot("bench.bot", DB=folder / "bot.db", MODE="conv") as process:
            while not stub.ask("stats")["first_poll"]:
                time.sleep(0.01)
            time.sleep(1)
            began = stub.cpu(process)
            stub.ask("go")
            until = time.monotonic() + 60
            while (seen := stub.ask("stats"))["done_users"] < WOMEN and time.monotonic() < until:
                time.sleep(0.05)
            assert seen["done_users"] == WOMEN, seen
            took = stub.cpu(process) - began
        return took / seen["replies"] * 1000, bare_update(config, people)


def bare_update(config: Config, people: int) -> float:
    """Return the CPU ms of the bare statements of an update, of women all over the table."""
    connection, women = connect(config.storage.database, config.database_key, False), random.Random(1)
    began = time.process_time()
    for _ in range(100):
        connection.execute("BEGIN IMMEDIATE")
        for chat in women.sample(range(people), 10):
            for sql in BARE:
                connection.execute(sql, (chat,)).fetchall()
        connection.execute("ROLLBACK")
    connection.close()
    return time.process_time() - began


def filled(folder: Path, people: int) -> Config:
    """Fill the database in a folder and return the configuration for it."""
    os.environ |= {"API": stub.ADDRESS, "DB": str(folder / "bot.db"), "MODE": "conv"}
    config = place.configuration()
    asyncio.run(crowd.fill(config, people, WOMEN, SystemClock().now()))
    return config


def show(rounds: int) -> None:
    """Measure and print the tables."""
    print(f"{'CPU ms of an update':34}{'ours':>9}{'bare':>9}")
    found: dict[int, list[tuple[float, float]]] = {FEW: [], MANY: []}
    for _ in range(rounds):
        for people, measured in found.items():
            measured.append(update(people))
    medians = {people: [median(each[i] for each in measured) for i in (0, 1)] for people, measured in found.items()}
    for people in (FEW, MANY):
        line(f"{people:,} people", *medians[people])
    print(f"{'times':34}{medians[MANY][0] / medians[FEW][0]:>9.2f}{medians[MANY][1] / medians[FEW][1]:>9.2f}")
    for people, measured_acts in ((MANY, acts), (SOME, status)):
        with stub.folder() as folder:
            config = filled(folder, people)
            print(f"\n{f'ms with {people:,} people':34}{'ours':>9}{'bare':>9}")
            asyncio.run(measured_acts(config))


if __name__ == "__main__":
    parser = argparse.ArgumentParser("python -m bench.growth", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    show(parser.parse_args().runs)
