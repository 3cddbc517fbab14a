"""Owners are told of a cause once, in their language, and once more when it is over."""

from bot import alerts
from bot.desk import Desk
from bot.texts import LANGUAGES, Texts
from storage import outbox
from tests.bot import crew
from tests.conftest import House

HOUR = 3_600_000
TEXTS = Texts.load()


async def tell(house: House, cause: str, *, over: bool = False) -> None:
    async with house.database.transaction() as tx:
        desk = Desk(tx, house.clock.now(), TEXTS, house.config)
        await (alerts.over if over else alerts.raise_)(desk, cause)
        await outbox.add(tx, desk.letters, desk.now)
    await house.settle()


async def test_every_owner_is_told_and_nobody_else(house: House) -> None:
    owners = [await crew.member(house, "owner", name) for name in ("Sona", "Lalə")]
    others = [await crew.member(house, role) for role in ("organiser", "trainer", "monitor")]
    counts = [len(other.received) for other in others]
    await tell(house, "put aside")
    assert all(owner.last.text == TEXTS.get("az", "alert.put aside") for owner in owners)
    assert [len(other.received) for other in others] == counts


async def test_what_happens_again_and_again_is_told_once_a_day(house: House) -> None:
    owner = await crew.member(house, "owner")
    before = len(owner.received)
    for _ in range(5):
        await tell(house, "put aside")
    assert len(owner.received) == before + 1
    await tell(house, "downtime")
    assert len(owner.received) == before + 2
    await house.travel(days=1)
    before = len(owner.received)
    await tell(house, "put aside")
    assert len(owner.received) == before + 1


async def test_what_lasts_is_told_once_and_its_end_once(house: House) -> None:
    owner = await crew.member(house, "owner")
    before = len(owner.received)
    for _ in range(3):
        await tell(house, "disk")
        await house.travel(hours=30)
    assert len(owner.received) == before + 1
    for _ in range(3):
        await tell(house, "disk", over=True)
    assert len(owner.received) == before + 2
    assert owner.last.text == TEXTS.get("az", "alert.disk.over")
    await house.travel(hours=1)
    await tell(house, "disk")
    assert len(owner.received) == before + 3


async def test_what_was_never_told_does_not_end(house: House) -> None:
    owner = await crew.member(house, "owner")
    before = len(owner.received)
    await tell(house, "disk", over=True)
    assert len(owner.received) == before


def test_every_cause_has_its_sentence_in_every_language() -> None:
    for language in LANGUAGES:
        said = [TEXTS.get(language, f"alert.{cause}", 3) for cause in (*alerts.LASTING, *alerts.HAPPENING)]
        said += [TEXTS.get(language, f"alert.{cause}.over") for cause in alerts.LASTING]
        assert len(set(said)) == len(said)
        assert all(len(text) <= 300 for text in said)
