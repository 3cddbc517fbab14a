"""The ledger: one row for each occurrence, whatever became of it, and quickly."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from storage import intents, outbox, people, programme, reminders
from storage.database import Database, Transaction
from storage.outbox import Letter
from storage.reminders import Occurrence
from tests.storage import place

HOUR = 3_600_000
MOST_STEPS = 600  # of SQLite's machine for one reminder
EVE = Occurrence(
    "l-1", "lankaran", "eve", "2027-03-02", place.STARTS - 15 * HOUR, place.STARTS - 10 * HOUR, place.STARTS - 15 * HOUR
)
MORNING = replace(
    EVE, kind="morning", due=place.STARTS - 2 * HOUR, useless_after=place.ENDS, registered_before=place.STARTS
)


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await place.settle(tx, "l-1")
        yield tx
    await database.close()


async def test_each_woman_is_planned_once_however_often_the_tick_comes(tx: Transaction) -> None:
    first, second = await place.woman(tx, 1), await place.woman(tx, 2, "Leyla")
    planned = await reminders.plan(tx, [EVE], EVE.due)
    assert [(who.key, who.chat) for who in planned] == [
        (f"remind:l-1:{first}:eve", 1),
        (f"remind:l-1:{second}:eve", 2),
    ]
    assert await reminders.plan(tx, [EVE], EVE.due + 60_000) == []


async def test_only_registered_women_of_the_region_are_meant(tx: Transaction) -> None:
    await programme.put_region(tx, programme.Region("quba", 2, 33))
    await place.woman(tx, 1, region="quba")
    await people.welcome(tx, 2, place.WEEK_BEFORE)
    await people.withdraw(tx, await place.woman(tx, 3))
    await place.woman(tx, 4, now=EVE.due + 1)
    assert await reminders.plan(tx, [EVE], EVE.due + 2) == []


async def test_what_is_past_its_use_is_missed_and_who_cannot_be_reached_is_listed(tx: Transaction) -> None:
    await place.woman(tx, 1)
    await place.woman(tx, 2)
    await people.mark_chat(tx, 2, "blocked", EVE.due)
    planned = await reminders.plan(tx, [EVE, MORNING], MORNING.due)
    assert [(who.kind, who.chat) for who in planned] == [("morning", 1)]
    states = await tx.all("SELECT kind, state, count(*) FROM reminders GROUP BY 1, 2 ORDER BY 1, 2")
    assert states == [("eve", "missed", 2), ("morning", "queued", 1), ("morning", "unreachable", 1)]


async def test_who_cannot_come_is_not_reminded_in_the_morning(tx: Transaction) -> None:
    person = await place.woman(tx, 1)
    assert await intents.say(tx, "l-1", "not coming", 1, 0, person, EVE.due)
    assert [who.answer for who in await reminders.plan(tx, [EVE], EVE.due)] == ["not coming"]
    assert await reminders.plan(tx, [MORNING], MORNING.due) == []
    assert await intents.say(tx, "l-1", "coming", 1, 0, person, MORNING.due)
    assert [who.first for who in await reminders.plan(tx, [MORNING], MORNING.due)] == [False]


async def test_a_day_that_was_moved_to_another_date_is_a_new_occurrence_and_other_hours_are_not(
    tx: Transaction,
) -> None:
    await place.woman(tx, 1)
    await reminders.plan(tx, [MORNING], MORNING.due)
    earlier = replace(MORNING, due=MORNING.due - HOUR)
    assert await reminders.plan(tx, [earlier], MORNING.due) == []
    later = replace(MORNING, due=MORNING.due + 72 * HOUR, useless_after=place.ENDS + 72 * HOUR, date="2027-03-05")
    assert len(await reminders.plan(tx, [later], later.due)) == 1
    assert await reminders.plan(tx, [later], later.due) == []


async def test_two_women_who_use_one_chat_are_reminded_each(tx: Transaction) -> None:
    first = await place.woman(tx, 1, "Aygün")
    other = await place.woman(tx, 2, "Sevda")
    await tx.run("UPDATE chat_people SET chat = 1, active = 0 WHERE person = ?", (other,))
    assert [(who.chat, who.person) for who in await reminders.plan(tx, [EVE], EVE.due)] == [(1, first), (1, other)]


async def test_women_know_a_session_as_it_was_when_they_were_first_reminded(tx: Transaction) -> None:
    person = await place.woman(tx, 1)
    await reminders.plan(tx, [EVE], EVE.due)
    assert await reminders.outdated(tx, EVE.due) == []
    await reminders.remember(tx, ["l-1"])
    assert await reminders.outdated(tx, EVE.due) == []
    session = await programme.session(tx, "l-1")
    assert session
    await programme.put_session(tx, replace(session, date=place.DAY + timedelta(days=1)), {})
    await reminders.remember(tx, ["l-1"])
    assert await reminders.outdated(tx, EVE.due) == ["l-1"]
    assert [who.person for who in await reminders.told(tx, "l-1")] == [person]
    await reminders.retell(tx, "l-1")
    assert await reminders.outdated(tx, EVE.due) == []
    await programme.cancel_session(tx, "l-1")
    assert await reminders.outdated(tx, EVE.due) == ["l-1"]
    assert await reminders.outdated(tx, place.ENDS + 24 * HOUR) == []


async def test_an_answer_counts_only_before_a_day_that_is_held_in_her_region(tx: Transaction) -> None:
    person = await place.woman(tx, 1)
    assert not await intents.say(tx, "nowhere", "coming", 1, 0, person, EVE.due)
    assert not await intents.say(tx, "l-1", "coming", 1, 0, person, place.STARTS)
    assert await intents.say(tx, "l-1", "coming", 1, 0, person, place.STARTS - 1)
    await programme.cancel_session(tx, "l-1")
    assert not await intents.say(tx, "l-1", "not coming", 1, 0, person, EVE.due)
    assert await intents.of(tx, person) == {"l-1": "coming"}


async def test_what_was_not_sent_yet_is_called_off_but_replies_are_not(tx: Transaction) -> None:
    person = await place.woman(tx, 1)
    reply = Letter(1, "sendMessage", {"text": "a"}, person=person)
    await outbox.add(tx, [reply, reply._replace(priority=1, key="remind:l-1:1:eve")], EVE.due)
    await reminders.call_off(tx, person, EVE.due)
    assert await tx.all("SELECT priority, state FROM outbox ORDER BY priority") == [(0, "planned"), (1, "cancelled")]


async def test_a_thousand_reminders_cost_ten_times_as_much_as_a_hundred(tx: Transaction) -> None:
    """In steps of SQLite's machine, which are the same wherever it runs (sqlite.org/c3ref/progress_handler.html)."""
    steps, costs = count(), list[int]()
    tx._driver.set_progress_handler(lambda: next(steps) < 0, 1)
    for first, last, occurrence in ((1, 100, EVE), (101, 1000, MORNING)):
        for chat in range(first, last + 1):
            await place.woman(tx, chat)
        before = next(steps)
        planned = await reminders.plan(tx, [occurrence], occurrence.due)
        costs.append(next(steps) - before)
        assert len(planned) == last
        assert await reminders.plan(tx, [occurrence], occurrence.due) == []
    assert costs[1] < 12 * costs[0], costs
    assert costs[1] < 1000 * MOST_STEPS, costs


async def test_each_occurrence_goes_through_the_women_in_batches_and_once(tx: Transaction) -> None:
    for chat in range(1, 6):
        await place.woman(tx, chat)
    day = [MORNING, replace(MORNING, kind="survey")]
    batches = [await reminders.plan(tx, day, MORNING.due, 3) for _ in range(5)]
    assert [len(batch) for batch in batches] == [3, 3, 3, 1, 0]
    assert len({who.key for batch in batches for who in batch}) == 10


async def test_a_woman_who_joins_late_or_comes_back_is_not_passed_over(tx: Transaction) -> None:
    first, second = await place.woman(tx, 1), await place.woman(tx, 2)
    assert len(await reminders.plan(tx, [MORNING], MORNING.due)) == 2
    for person in (first, second):
        await tx.run("UPDATE people SET state = 'withdrawn' WHERE id = ?", (person,))
    await tx.run("DELETE FROM reminders WHERE person = ?", (second,))  # as if she had not been there yet
    await tx.run("DELETE FROM people WHERE id = ?", (first,))  # nobody is given her place in the row
    third = await place.woman(tx, 3)
    await tx.run("UPDATE people SET state = 'registered' WHERE id = ?", (second,))
    assert {who.person for who in await reminders.plan(tx, [MORNING], MORNING.due)} == {second, third}
