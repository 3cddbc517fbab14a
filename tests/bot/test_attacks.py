"""The disk, the clock and the network turn against the bot: nothing is lost, nothing comes twice, it always ends."""

import asyncio
import sqlite3
import threading

import pytest

from sandbox import faults
from storage.database import Database
from tests.bot import crew
from tests.bot.test_days import at
from tests.conftest import HOUR, House


async def lock_for(house: House, seconds: float) -> threading.Thread:
    """Have another process's connection hold the database's write lock for so many real seconds."""
    held = threading.Event()

    def hold() -> None:
        other = sqlite3.connect(house.config.storage.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        held.set()
        threading.Event().wait(seconds)
        other.execute("ROLLBACK")
        other.close()

    thread = threading.Thread(target=hold)
    thread.start()
    await asyncio.to_thread(held.wait)
    return thread


async def test_a_stop_ends_it_although_telegram_went_away_right_after_the_introduction(house: House) -> None:
    await house.close()
    house.sandbox.faults.plan("deleteWebhook", fault=faults.CUT_BEFORE, times=1000)
    await house.open()
    await asyncio.sleep(0.1)
    await asyncio.wait_for(house.close(), 5)


async def test_a_stop_ends_it_in_the_middle_of_a_conflict(house: House) -> None:
    house.sandbox.faults.plan("getUpdates", fault=faults.status(409, "Conflict: terminated by other"), times=1000)
    house.sandbox.drop_connections()
    await asyncio.sleep(0.3)
    await asyncio.wait_for(house.close(), 5)


async def test_a_database_locked_for_seven_seconds_loses_nothing(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    thread = await lock_for(house, 7)
    await aygun.write("/days")
    await aygun.write("/help")
    await asyncio.to_thread(thread.join)
    async with asyncio.timeout(20):
        await house.settle()
    assert len(aygun.received) == 2


async def test_a_stop_while_the_database_is_locked_ends_in_order(house: House) -> None:
    thread = await lock_for(house, 3)
    await (house.phone()).start()
    await asyncio.sleep(1.2)
    try:
        await asyncio.wait_for(house.close(), 15)
    finally:
        await asyncio.to_thread(thread.join)
