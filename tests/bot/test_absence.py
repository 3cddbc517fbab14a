"""Offers after a time without the bot: nobody loses a place because it was not there to be answered."""

import pytest

from handlers import absence
from storage import places
from tests.bot import crew
from tests.bot.test_places import GOOD, seats, state
from tests.bot.women import Woman
from tests.conftest import HOUR, House

OFFERS = "SELECT offered_at, offer_ends FROM places WHERE state = 'offered'"


@pytest.fixture
async def offered(house: House) -> Woman:
    """Aygün, to whom a place is offered."""
    await seats(house, 1)
    [other] = await crew.crowd(house, 1)
    woman = await Woman(house, "en").reach("menu")
    await crew.leave(house, other)
    return woman


async def make_good(house: House, hours: float) -> None:
    """What is done at a start after so many hours, before the first tick."""
    async with house.database.transaction() as tx:
        await tx.run("UPDATE facts SET value = value - ? WHERE name = 'alive'", (round(hours * HOUR),))
    await house.app._act(absence.make_good)


async def test_a_term_does_not_run_while_the_bot_is_away(house: House, offered: Woman) -> None:
    [(made, ends)] = await crew.rows(house, OFFERS)
    async with house.database.transaction() as tx:
        await tx.run("UPDATE places SET offered_at = ?, offer_ends = ?", (made - 30 * HOUR, ends - 30 * HOUR))
    await make_good(house, 10)
    [(begun, later)] = await crew.rows(house, OFFERS)
    assert abs(later - (ends - 20 * HOUR)) < HOUR / 60
    await house.app._act(absence.make_good)
    assert await crew.rows(house, OFFERS) == [(begun, later)], "once for an absence, however often it starts"
    await house.travel()
    assert await state(house, offered.phone) == "waiting offered", "her answer may be on its way"
    await offered.phone.tap("Yes, please")
    await house.settle()
    assert await state(house, offered.phone) == "registered held"


async def test_a_short_absence_changes_no_term(house: House, offered: Woman) -> None:
    before = await crew.rows(house, OFFERS)
    await make_good(house, places.GRACE / HOUR - 1 / 60)
    assert await crew.rows(house, OFFERS) == before


async def test_an_offer_that_had_not_left_isbegun_anew_with_a_whole_term(house: House, offered: Woman) -> None:
    async with house.database.transaction() as tx:
        await tx.run("UPDATE outbox SET state = 'missed', settled_at = 0 WHERE key GLOB 'place:*:offer*'")
    await make_good(house, 40)
    assert await state(house, offered.phone) == "waiting waiting"
    seen = len(offered.phone.received)
    await house.travel()
    assert await state(house, offered.phone) == "waiting offered"
    assert [message.text.startswith(GOOD) for message in offered.phone.received[seen:]] == [True]
