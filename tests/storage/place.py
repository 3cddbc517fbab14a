"""A programme small enough to see through: invented regions, days and women. Used by the tests of this room."""

from datetime import date, time
from pathlib import Path

from storage import people, programme
from storage.database import Transaction
from storage.programme import Region, Session

ZONE = "Asia/Baku"
DAY = date(2027, 3, 2)
STARTS = programme.moment(DAY, time(10), ZONE)
ENDS = programme.moment(DAY, time(16), ZONE)
WEEK_BEFORE = STARTS - 7 * 86_400_000


async def settle(tx: Transaction, *sessions: str, region: str = "lankaran") -> None:
    """One region with these sessions, all on DAY."""
    await programme.put_region(tx, Region(region, 1, 34))
    await programme.put_words(tx, f"region:{region}", {"name": {"az": "Lənkəran"}})
    for name in sessions:
        texts = {"topic": {"az": "Mövzu"}, "venue": {"az": "Yer"}, "address": {"az": "Ünvan"}}
        await programme.put_session(tx, Session(name, region, DAY, time(10), time(16), ZONE, 38.7, 48.8), texts)


async def woman(
    tx: Transaction, chat: int, name: str = "Aygün", region: str = "lankaran", now: int = WEEK_BEFORE
) -> int:
    """A registered woman with a chat of her own."""
    person = await people.welcome(tx, chat, now)
    await people.register(tx, person, name, region, "ngo", "+994501234567", now)
    return person


def replace(new: Path, target: Path) -> None:
    """Put one file in the place of another, as bot/seams.py does on a real disk."""
    new.replace(target)
