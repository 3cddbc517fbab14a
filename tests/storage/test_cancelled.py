"""Whoever waits for its transaction holds nobody up, and whoever is cancelled in it leaves nothing open behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import NO_PATIENCE, Database, DatabaseError, connect

STEPS = range(1, 30)  # turns of the event loop until the cancelling: somewhere in them BEGIN is on its way


async def write(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.run("INSERT INTO facts (name, value) VALUES ('left', 'open')")
        await asyncio.sleep(60)


async def read(database: Database) -> None:
    async with database.reading() as tx:
        await tx.all("SELECT name FROM facts")
        await asyncio.sleep(60)


@pytest.mark.parametrize("act", [write, read])
async def test_a_cancelled_transaction_leaves_nothing_open(
    tmp_path: Path, act: Callable[[Database], Awaitable[None]]
) -> None:
    database = await Database.open(tmp_path / "one.db", None)
    for steps in STEPS:
        task = asyncio.ensure_future(act(database))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.transaction() as tx:
            assert await tx.all("SELECT name FROM facts WHERE name = 'left'") == []
        async with database.reading() as tx:
            assert await tx.one("SELECT 1") == (1,)
    await database.close()


async def test_who_begins_while_another_process_writes_waits_and_holds_up_nobody_else(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "one.db", None)
    with closing(connect(tmp_path / "one.db", None, False)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.ensure_future(write(database))
        for _ in range(20):  # were the event loop to wait as well, the lock would never be given back
            await asyncio.sleep(0.01)
        async with database.reading() as tx:
            assert await tx.one("SELECT 1") == (1,)
        other.execute("ROLLBACK")
        while not database._writer.in_transaction:
            await asyncio.sleep(0.001)
        with pytest.raises(DatabaseError, match="locked"):
            other.execute(NO_PATIENCE).connection.execute("BEGIN IMMEDIATE")
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await database.close()


async def test_who_is_cancelled_while_another_process_writes_leaves_nothing_open(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "one.db", None)
    with closing(connect(tmp_path / "one.db", None, False)) as other:
        other.execute("BEGIN IMMEDIATE")
        database.patience = "PRAGMA busy_timeout = 20"
        for steps in STEPS:
            writing = asyncio.ensure_future(write(database))
            for _ in range(steps):
                await asyncio.sleep(0)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            assert not database._writer.in_transaction
    async with database.transaction() as tx:
        assert await tx.all("SELECT name FROM facts WHERE name = 'left'") == []
    await database.close()
