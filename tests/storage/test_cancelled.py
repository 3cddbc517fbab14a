"""Whoever is cancelled in the middle of its transaction leaves nothing open behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from storage.database import Database

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
