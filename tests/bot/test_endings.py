"""When a waiting list has ended: who still waits is told once, kindly and by day, and is promised nothing any more."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.texts import Texts
from handlers import places as acts
from storage import places, programme
from tests.bot import crew
from tests.bot.test_places import press, seats, state
from tests.bot.women import LANGUAGES, Woman
from tests.conftest import BAKU, FIRST_DAY, HOUR, House

NEWS = "There is some news for you"
CLOSED = "has closed, and this time your turn did not come"
EVE = FIRST_DAY - timedelta(days=1)
ENDS = programme.moment(EVE, places.LAST, str(BAKU)) - places.LEAST + 1  # from then on no offer is made


@pytest.fixture
async def small(house: House) -> House:
    """A house whose first region has one place, and that is taken."""
    await seats(house, 1)
    await crew.crowd(house, 1)
    return house


def told(woman: Woman) -> int:
    """How often she was written to about it, without being asked."""
    return sum(NEWS in message.text and CLOSED in message.text for message in woman.phone.received)


async def sleep_until(house: House, moment: int) -> None:
    """Let time pass without the bot."""
    await house.close()
    house.clock.jump(moment)
    await house.open()
    await house.settle()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_waits_is_told_in_her_language_that_it_is_over_and_whom_to_call(small: House, language: str) -> None:
    async with small.database.transaction() as tx:
        await tx.run("UPDATE regions SET contact = '+994501234567'")
    woman = await Woman(small, language).reach("menu")
    await small.travel(ENDS - HOUR)
    text = Texts.load().get(language, "place.over.call", phone="+994 50 123 45 67")
    assert text not in woman.phone.last.text
    await small.travel(ENDS)
    assert text in woman.phone.last.text
    assert woman.understands(woman.phone.last.text)
    assert [button.data for button in woman.phone.last.buttons] == ["m/data", "m/menu"]


async def test_nobody_is_told_twice_whatever_comes_after(small: House) -> None:
    woman = await Woman(small, "en").reach("menu")
    await small.travel(ENDS)
    assert told(woman) == 1
    await woman.write("/start")
    await small.settle()
    assert CLOSED in woman.phone.last.text and "your number" not in woman.phone.last.text
    async with small.database.transaction() as tx:
        await tx.run("DELETE FROM outbox")  # as after 60 days
    await sleep_until(small, ENDS + HOUR)
    await small.travel(days=20)
    assert told(woman) == 1


async def test_at_night_it_waits_for_the_morning(small: House) -> None:
    woman = await Woman(small, "en").reach("menu")
    night = programme.moment(EVE, time(23), str(BAKU))
    await sleep_until(small, night)
    assert told(woman) == 0
    await small.travel(programme.moment(FIRST_DAY, places.DECENT[0], str(BAKU)) - HOUR)
    assert told(woman) == 0
    await small.travel(hours=2)
    assert told(woman) == 1


async def test_whoever_is_given_a_place_before_the_morning_does_not_hear_that_it_is_over(small: House) -> None:
    woman = await Woman(small, "en").reach("menu")
    await sleep_until(small, programme.moment(EVE, time(23), str(BAKU)))
    hers = (await crew.person(small, woman.phone)).id
    nigar = await crew.member(small, "organiser")
    await press(small, nigar, f"o/give/{hers}")
    await nigar.write("körpəsi var")
    await small.settle()
    await press(small, nigar, f"o/giving/{hers}")
    await small.travel(hours=12)
    assert told(woman) == 0
    assert await state(small, woman.phone) == "registered held"


async def test_who_reads_it_in_an_answer_is_not_written_to_as_well(small: House) -> None:
    await small.travel(ENDS)
    late = await Woman(small, "en").reach("menu")
    assert CLOSED in late.phone.last.text, "no number on a list that has ended"
    assert await state(small, late.phone) == "waiting waiting"
    await small.travel(days=3)
    assert told(late) == 0


async def test_all_are_told_however_many_there_are(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "AT_ONCE", 1)
    women = [await crew.woman(small, f"Qadın {number}", language="en", queues=True) for number in range(3)]
    await small.travel(ENDS)
    assert [sum(CLOSED in message.text for message in phone.received) for phone in women] == [1, 1, 1]


async def test_when_the_days_are_moved_the_list_goes_on_with_her_number(small: House) -> None:
    woman = await Woman(small, "en").reach("menu")
    await small.travel(ENDS)
    async with small.database.transaction() as tx:
        for day in await programme.sessions(tx, "lankaran"):
            await programme.put_session(tx, replace(day, date=day.date + timedelta(days=30)), {})
    await woman.write("/start")
    await small.settle()
    assert "your number is 1" in woman.phone.last.text


async def test_nobody_gives_up_her_place_for_a_list_that_has_ended(small: House) -> None:
    woman = await Woman(small, "en").reach("region")
    await woman.phone.tap("Quba")
    for _ in range(3):
        await small.settle()
        await woman.tap_first()
    for _ in range(2):
        await small.settle()
        await woman.tap_done()
    await small.settle()
    await woman.phone.share_contact()
    await small.settle()
    for label in ("✓ Send", "☰ Menu", "📝 My form", "✎ Region", "Lankaran", "✓ Send"):
        await woman.phone.tap(label)
        await small.settle()
    assert "Shall we change it?" in woman.phone.last.text
    question = woman.phone.last
    await small.travel(ENDS)
    await woman.phone.tap("Yes, change it", question)
    await small.settle()
    assert "has closed. Your region has stayed as it was" in woman.phone.last.text
    assert await crew.rows(small, "SELECT region, state FROM places ORDER BY number DESC LIMIT 1") == [("quba", "held")]


async def offered_on_the_eve(house: House, waits: bool) -> Woman:
    """A woman to whom a place is offered at noon of the eve; somebody `waits` after her, or nobody does."""
    await seats(house, 1)
    [other] = await crew.crowd(house, 1)
    woman = await Woman(house, "en").reach("menu")
    if waits:
        await crew.crowd(house, 1)
    await house.travel(programme.moment(EVE, time(12), str(BAKU)))
    await crew.leave(house, other)
    assert "Yes, please" in woman.phone.last.labels
    return woman


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("says", ["No, thank you", ""])
async def test_an_offer_that_ends_after_the_list_promises_its_place_to_nobody(
    house: House, waits: bool, says: str
) -> None:
    woman = await offered_on_the_eve(house, waits)
    await house.travel(ENDS if says else programme.moment(EVE, places.LAST, str(BAKU)) + places.GRACE + 1)
    if says:
        await woman.phone.tap(says)
        await house.settle()
    assert "We no longer keep" in woman.phone.last.text
    assert not any("next participant" in message.text for message in woman.phone.received)
    assert await crew.rows(house, "SELECT count(*) FROM places WHERE state = 'offered'") == [(0,)]
    await woman.phone.tap("Back on the list")
    await house.settle()
    assert (CLOSED if waits else "you are registered") in woman.phone.last.text, "she is told at once"
