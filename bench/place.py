"""Where a measured bot lives: its configuration, and its database as it is before the first update."""

import os
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretBytes, SecretStr

from bot.clock import SystemClock
from bot.config import Bot, Config, Pace, Programme, Reminders, Storage
from storage import people, programme
from storage.database import Database, Transaction
from storage.programme import Region, Session

KEY = bytes(range(32))
TOKEN = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # the stub's, which does not look at it
AT_ONCE = 64  # messages on the way
REGIONS = ("lankaran", "quba", "zaqatala", "masalli", "qusar", "sheki", "ganja", "shamakhi")
# The stub presses the button whose data stand first behind this word; the first of the greeting is a language.
GREETING = "Step1: Welcome. We keep your name, region, age group and phone. callback_data: b/registration\n"
THANKS = "Step7: You are registered."
NOON = 12
FIRST_CHAT = 7_000_000_000  # of the women to be reminded
DAY = 86_400_000


def configuration() -> Config:
    """Return the configuration of a measured bot, from API and DB, and CONC for reminders: no pace, many at once."""
    folder = Path(os.environ["DB"]).parent / "ours"
    at_once = int(os.environ["CONC"]) if os.environ.get("MODE") == "fan" else AT_ONCE
    pace = Pace.model_construct(per_second=100_000.0, per_chat=10_000.0, in_flight=at_once)  # no limits to keep
    return Config(
        bot=Bot(api_base=os.environ["API"]),
        storage=Storage(folder=folder, key_file=folder / "key", backups=folder / "backups"),
        programme=Programme(zone=zone()),
        reminders=Reminders(evening=time(NOON - 2)),
        pace=pace,
        token=SecretStr(TOKEN),
        key=SecretBytes(KEY),
    )


def zone() -> str:
    """Return a zone in which it is about noon: the reminders of tomorrow's training day are due there."""
    return f"Etc/GMT{datetime.now(UTC).hour - NOON:+d}"


async def prepare(config: Config, women: int = 0, to_remind: bool = False) -> None:
    """Leave a database with a programme and so many registered women, whom it is time `to_remind`."""
    config.storage.folder.mkdir(exist_ok=True)
    database = await Database.open(config.storage.database, config.database_key)
    try:
        async with database.transaction() as tx:
            await fill(tx)
            if to_remind:
                await set_day(tx, config.programme.zone)
            await register(tx, women)
    finally:
        await database.close()


async def fill(tx: Transaction) -> None:
    """Put in the regions, and the two texts that are the programme's."""
    name = {"name": {"az": GREETING}, "organiser": {"az": "Organiser"}}
    await programme.put_words(tx, "programme", name)
    for position, region in enumerate(REGIONS):
        await programme.put_region(tx, Region(region, position, 10_000, closes="9999-12-31"))
        await programme.put_words(tx, f"region:{region}", {"name": {"az": region.title()}, "in": {"az": THANKS}})


async def set_day(tx: Transaction, zone: str) -> None:
    """Put in tomorrow's training day of the first region."""
    tomorrow = datetime.now(ZoneInfo(zone)).date() + timedelta(days=1)
    words = {"topic": {"az": "Reminder"}, "venue": {"az": "Community centre"}, "address": {"az": "2nd floor"}}
    await programme.put_session(tx, Session("one", REGIONS[0], tomorrow, time(10), time(16), zone, 38.7, 48.8), words)


async def register(tx: Transaction, women: int) -> None:
    """Register women of the first region, the day before yesterday; that they were held against each other is over."""
    then = SystemClock().now() - 2 * DAY
    for chat in range(FIRST_CHAT, FIRST_CHAT + women):
        visit = await people.meet(tx, chat, chat, then)
        await people.register(tx, visit.person.id, "Aysel", REGIONS[0], "18-24", "+994501234567", then)
    await tx.run("DELETE FROM uncompared")
