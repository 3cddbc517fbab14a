"""The clock, the programme and the women change while the reminders are on their way."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

from sandbox.phone import Phone
from storage import people, programme
from storage.programme import Session
from tests.bot import crew
from tests.bot.test_days import at
from tests.conftest import DAY, HOUR, House

WOMEN = 12
QUESTION = "Gələcəyəm"


def about(phone: Phone, opening: str) -> list[str]:
    return [message.text for message in phone.received if opening in message.text]


async def begin_reminders(house: House) -> None:
    """Come to the evening before the first day, and stop when the first reminder has arrived."""
    await house.travel(at(1, 18, 59))
    house.clock.set_rate(1)
    house.clock.jump(at(1, 19))
    async with asyncio.timeout(10):
        while not await crew.rows(house, "SELECT 1 FROM outbox WHERE key GLOB 'remind:*' AND state = 'sent'"):
            await asyncio.sleep(0.001)


async def change_session(house: House, **changes: object) -> None:
    async with house.database.transaction() as tx:
        old = await programme.session(tx, "lankaran-1")
        assert old
        words = (await programme.all_words(tx))["session:lankaran-1"]
        new: Session = replace(old, **changes)  # type: ignore[arg-type]
        await programme.put_session(tx, new, words)


async def move_to(house: House, phone: Phone, region: str) -> None:
    person = await crew.person(house, phone)
    async with house.database.transaction() as tx:
        await people.register(tx, person.id, person.name, region, "ngo", "", house.clock.now())


async def test_a_clock_set_back_two_hours_in_the_middle_neither_doubles_nor_delays(house: House) -> None:
    phones = [await crew.woman(house, f"Aygün {number}") for number in range(WOMEN)]
    await begin_reminders(house)
    house.clock.set_wall_back(2 * HOUR)
    await house.settle()
    assert [len(about(phone, "Sabah")) for phone in phones] == [1] * WOMEN
    await house.travel(at(1, 20))
    assert [len(about(phone, "Sabah")) for phone in phones] == [1] * WOMEN


async def test_a_clock_set_forward_a_week_records_what_was_missed_and_sends_nothing_late(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 18, 59))
    house.clock.jump(house.clock.now() + 7 * DAY)
    await house.settle()
    rows = await crew.rows(house, "SELECT kind, state FROM reminders WHERE session = 'lankaran-1' ORDER BY kind")
    assert ("eve", "missed") in rows and ("morning", "missed") in rows
    assert about(aygun, "Sabah") == [] and about(aygun, "Bu gün") == []


async def test_a_clock_that_is_two_years_ahead_for_an_hour_erases_nobody(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    house.clock.jump(house.clock.now() + 730 * DAY)
    await house.settle()
    house.clock.jump(house.clock.now() + HOUR)
    await house.settle()
    house.clock.set_wall_back(730 * DAY)
    house.clock.jump(house.clock.now() + HOUR)
    await house.settle()
    assert await crew.rows(house, "SELECT name FROM people") == [("Aygün",)]
    assert about(aygun, "silindi") == []


async def test_who_registers_a_minute_before_or_after_the_morning_hour_is_reminded_once(house: House) -> None:
    await house.travel(at(2, 7, 59))
    early = await crew.woman(house, "Aygün")
    await house.travel(at(2, 8, 1))
    late = await crew.woman(house, "Sevda")
    await house.travel(at(2, 9))
    assert [len(about(phone, "Bu gün")) for phone in (early, late)] == [1, 1]


async def test_a_day_moved_to_the_next_one_between_eve_and_morning_is_told_and_reminded_of_anew(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 20))
    await change_session(house, date=at_date(2) + timedelta(days=1))
    await house.travel(at(2, 12))
    assert len(about(aygun, "dəyiş")) == 1
    assert about(aygun, "Bu gün") == []
    await house.travel(at(3, 9))
    keys = [row[0] for row in await crew.rows(house, "SELECT key FROM reminders WHERE session = 'lankaran-1'")]
    assert sorted(key.partition(":1:")[2] for key in keys if ":1:" in key) == ["eve", "eve:2027-03-03", "morning"]


async def test_a_day_that_is_off_is_not_reminded_of_in_the_morning(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 20))
    async with house.database.transaction() as tx:
        await programme.cancel_session(tx, "lankaran-1")
    await house.travel(at(2, 12))
    assert about(aygun, "Bu gün") == []
    assert await crew.rows(house, "SELECT 1 FROM outbox WHERE key GLOB 'off:lankaran-1:*' AND state = 'sent'")


async def test_a_change_of_hours_in_the_middle_of_the_reminders_reaches_everybody_with_the_right_hour_last(
    house: House,
) -> None:
    phones = [await crew.woman(house, f"Aygün {number}") for number in range(WOMEN)]
    await begin_reminders(house)
    await change_session(house, starts=time(11, 30))
    house.clock.jump(at(1, 19, 2))
    await house.settle()
    for phone in phones:
        asked = [message.text for message in phone.received if QUESTION in message.labels]
        assert "11:30" in asked[-1], asked


async def test_who_blocks_between_claim_and_arrival_is_listed_and_costs_nobody_else(house: House) -> None:
    phones = [await crew.woman(house, f"Aygün {number}") for number in range(WOMEN)]
    await house.travel(at(1, 18, 59))
    for phone in phones[::2]:
        phone.person.blocked = True  # the news of it has not come yet
    house.clock.jump(at(1, 19))
    await house.settle()
    rows = await crew.rows(house, "SELECT state, count(*) FROM outbox WHERE key GLOB 'remind:*:eve' GROUP BY state")
    assert dict(rows) == {"sent": WOMEN // 2, "unreachable": WOMEN // 2}
    assert await crew.rows(house, "SELECT count(*) FROM chats WHERE state = 'blocked'") == [(WOMEN // 2,)]


async def test_who_changes_her_region_is_reminded_of_the_new_days_and_told_nothing_more_of_the_old(
    house: House,
) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 20))
    await move_to(house, aygun, "quba")
    before = len(aygun.received)
    await change_session(house, starts=time(12))
    await house.travel(at(2, 12))
    assert [message.text for message in aygun.received[before:]] == []


async def test_a_reminder_speaks_the_language_she_has_chosen_meanwhile(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 20))
    await aygun.write("/settings")
    await aygun.tap("s/ru")
    await house.travel(at(2, 9))
    assert "Сегодня" in aygun.received[-2].text + aygun.last.text


def at_date(day: int) -> date:
    return date(2027, 3, day)
