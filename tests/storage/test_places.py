"""Places: at once where there is room, in the order of the list otherwise, offered with a term, given past the list."""

from collections.abc import AsyncIterator
from datetime import time, timedelta
from pathlib import Path

import pytest

from storage import erasures, lists, people, places, programme, reports
from storage.database import Database, Transaction
from storage.programme import Region
from tests.storage.place import DAY, STARTS, WEEK_BEFORE, ZONE, settle

NOON = programme.moment(DAY - timedelta(days=7), time(12), ZONE)
NIGHT = programme.moment(DAY - timedelta(days=7), time(23), ZONE)
HOUR, TERM = places.HOUR, places.TERM
REGION = "lankaran"


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    """Two regions with two places each, the first with a training day."""
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await settle(tx, "lankaran-1")
        for position, region in enumerate((REGION, "quba")):
            await programme.put_region(tx, Region(region, position, 2))
        yield tx
    await database.close()


async def woman(tx: Transaction, chat: int, group: str = "ngo", region: str = REGION, now: int = NOON) -> int:
    person = await people.welcome(tx, chat, WEEK_BEFORE)
    await people.register(tx, person, f"Qadın {chat}", region, group, "", now)
    await places.ask(tx, person, region, group, now)
    return person


async def states(tx: Transaction, *women: int) -> list[str]:
    return [place.state if (place := await places.of(tx, each)) else "" for each in women]


async def place_of(tx: Transaction, person: int) -> places.Place:
    place = await places.of(tx, person)
    assert place
    return place


async def test_who_comes_after_the_last_place_waits_with_a_number_and_is_not_registered(tx: Transaction) -> None:
    women = [await woman(tx, chat) for chat in range(1, 5)]
    assert await states(tx, *women) == ["held", "held", "waiting", "waiting"]
    assert [await places.position(tx, await place_of(tx, each)) for each in women[2:]] == [1, 2]
    found = [each and each.state for each in [await people.by_id(tx, person) for person in women]]
    assert found == ["registered", "registered", "waiting", "waiting"]


async def test_a_freed_place_is_offered_to_the_first_and_passes_on_when_she_does_not_want_it(tx: Transaction) -> None:
    held, _, first, second = [await woman(tx, chat) for chat in range(1, 5)]
    await places.free(tx, held)
    [offer] = await places.fill(tx, REGION, NOON)
    assert (offer.person, offer.offered_at, offer.offer_ends) == (first, NOON, NOON + TERM)
    assert await places.position(tx, await place_of(tx, second)) == 1
    assert await places.decline(tx, offer)
    assert not await places.take(tx, offer)
    [next_offer] = await places.fill(tx, REGION, NOON)
    assert next_offer.person == second
    assert await places.take(tx, next_offer)
    assert await states(tx, first, second) == ["declined", "held"]
    back = await people.by_id(tx, second)
    assert back
    assert back.state == "registered"


async def test_an_offer_lapses_some_minutes_after_its_term_and_its_answer_is_too_late_then(tx: Transaction) -> None:
    held, _, first = [await woman(tx, chat) for chat in range(1, 4)]
    await places.free(tx, held)
    [offer] = await places.fill(tx, REGION, NOON)
    over = NOON + TERM + places.GRACE
    assert await places.next_lapse(tx) == over
    assert await places.lapse(tx, over - 1) == []
    assert await places.lapse(tx, over) == [offer]
    assert not await places.take(tx, offer)
    assert await states(tx, first) == ["lapsed"]
    await places.ask(tx, first, REGION, "ngo", over)  # nobody else waits
    assert await states(tx, first) == ["held"]


async def test_an_offer_made_at_night_is_sent_and_runs_from_the_morning(tx: Transaction) -> None:
    held, _, _ = [await woman(tx, chat) for chat in range(1, 4)]
    await places.free(tx, held)
    [offer] = await places.fill(tx, REGION, NIGHT)
    assert (offer.offered_at, offer.offer_ends) == (NIGHT + 10 * HOUR, NIGHT + 10 * HOUR + TERM)


async def test_an_offer_ends_before_the_eve_and_then_the_list_rests(tx: Transaction) -> None:
    held, other, first, _ = [await woman(tx, chat) for chat in range(1, 5)]
    last = programme.moment(DAY - timedelta(days=1), places.LAST, ZONE)
    await places.free(tx, held)
    [offer] = await places.fill(tx, REGION, last - places.LEAST)
    assert (offer.person, offer.offer_ends) == (first, last)
    await places.free(tx, other)
    assert await places.fill(tx, REGION, last - places.LEAST + 1) == []
    newcomer = await woman(tx, 9, now=STARTS - HOUR)
    assert await states(tx, newcomer) == ["waiting"]  # she passes nobody who waits


async def test_a_group_with_a_full_quota_is_passed_over_and_keeps_its_number(tx: Transaction) -> None:
    await programme.put_quotas(tx, REGION, {"ngo": 1})
    first, second = await woman(tx, 1), await woman(tx, 2)
    other = await woman(tx, 3, "other")
    assert await states(tx, first, second, other) == ["held", "waiting", "held"]
    await places.free(tx, other)
    assert await places.fill(tx, REGION, NOON) == []
    await places.free(tx, first)
    assert [offer.person for offer in await places.fill(tx, REGION, NOON)] == [second]


async def test_more_places_top_the_list_up_and_fewer_take_nobodys_away(tx: Transaction) -> None:
    women = [await woman(tx, chat) for chat in range(1, 5)]
    await programme.put_region(tx, Region(REGION, 1, 1))
    assert await places.fill(tx, REGION, NOON) == []
    assert await states(tx, *women) == ["held", "held", "waiting", "waiting"]
    await programme.put_region(tx, Region(REGION, 1, 3))
    assert await places.waited_for(tx) == [REGION]
    assert [offer.person for offer in await places.fill(tx, REGION, NOON)] == [women[2]]


async def test_a_place_given_by_an_organiser_may_be_above_the_number_and_counts(tx: Transaction) -> None:
    first, _, _, last = [await woman(tx, chat) for chat in range(1, 5)]
    assert await places.give(tx, last, "körpəsi var")
    assert not await places.give(tx, last, "yenə")
    assert (await place_of(tx, last)).reason == "körpəsi var"
    await places.free(tx, first)
    assert await places.fill(tx, REGION, NOON) == []  # two are held, as many as there are


async def test_trying_another_region_changes_nothing(tx: Transaction) -> None:
    women = [await woman(tx, chat) for chat in range(1, 4)]

    async def kept() -> list[object]:
        tables = ("places", "taken", "facts", "people")
        return [await tx.all(f"SELECT * FROM {table}") for table in tables]

    before = await kept()
    assert await places.number_there(tx, women[0], "quba", "ngo", NOON) == 0
    assert await kept() == before
    for chat in range(11, 14):
        await woman(tx, chat, region="quba")
    before = await kept()
    assert await places.number_there(tx, women[0], "quba", "ngo", NOON) == 2
    assert await kept() == before


async def test_a_change_of_group_keeps_the_place_under_the_old_quota_where_the_new_one_is_full(
    tx: Transaction,
) -> None:
    await programme.put_quotas(tx, REGION, {"ngo": 1})
    first, other = await woman(tx, 1), await woman(tx, 2, "other")
    await places.regroup(tx, other, "ngo")
    assert (await place_of(tx, other)).group == "other"
    await places.regroup(tx, first, "community")
    await places.regroup(tx, other, "ngo")
    assert [(await place_of(tx, each)).group for each in (first, other)] == ["community", "ngo"]


async def test_an_erased_woman_leaves_her_place(tx: Transaction) -> None:
    held, _, first = [await woman(tx, chat) for chat in range(1, 4)]
    await erasures.remove(tx, held, NOON)
    assert [offer.person for offer in await places.fill(tx, REGION, NOON)] == [first]


async def test_of_two_records_of_one_woman_the_better_place_stays(tx: Transaction) -> None:
    held, _, first, second = [await woman(tx, chat) for chat in range(1, 5)]
    await places.unite(tx, first, held)
    assert await states(tx, first, held) == ["held", ""]
    now_registered = await people.by_id(tx, first)
    assert now_registered
    assert now_registered.state == "registered"
    await places.unite(tx, first, second)
    assert await states(tx, first, second) == ["held", ""]


async def test_the_sheet_of_people_shows_who_waits_after_those_with_a_place_in_the_order_of_the_list(
    tx: Transaction,
) -> None:
    women = [await woman(tx, chat) for chat in range(1, 5)]
    await places.free(tx, women[2])
    await places.ask(tx, women[2], REGION, "ngo", NOON)
    found = [(row.name, row.place) for row in await reports.participants(tx)]
    assert found == [("Qadın 1", "held"), ("Qadın 2", "held"), ("Qadın 4", "waiting"), ("Qadın 3", "waiting")]


async def test_the_counts_and_the_list_say_how_far_everyone_has_come(tx: Transaction) -> None:
    held, _, first, second = [await woman(tx, chat) for chat in range(1, 5)]
    await places.free(tx, held)
    await places.fill(tx, REGION, NOON)
    assert await places.taken(tx) == {REGION: {"ngo": 2}}
    assert await places.queues(tx) == {REGION: (1, 1)}
    page, total = await lists.shown(tx, REGION, 0, 10)
    assert ([(line.person, line.state) for line in page], total) == ([(first, "offered"), (second, "waiting")], 2)
    assert [line.person for line in (await lists.shown(tx, REGION, 1, 1))[0]] == [second]


async def test_a_tick_looks_at_the_offers_and_not_at_all_places(tx: Transaction) -> None:
    plan = [str(row[3]) for row in await tx.all("EXPLAIN QUERY PLAN " + places.LAPSED, (NOON,))]
    assert plan[0].startswith("SEARCH places USING INDEX places_offered"), plan


async def test_who_fits_is_found_by_her_group_and_not_by_going_through_the_list(tx: Transaction) -> None:
    plan = [str(row[3]) for row in await tx.all("EXPLAIN QUERY PLAN " + places.NEXT, (REGION,))]
    steps = [step for step in plan if " places " in step or " places_" in step]
    assert steps
    assert all(step.startswith("SEARCH places") for step in steps), plan
    assert sum("INDEX places_of_group (region=?" in step for step in steps) == 3, plan
    assert not [step for step in plan if "TEMP B-TREE" in step], plan


async def test_the_first_of_all_groups_that_have_room_is_next(tx: Transaction) -> None:
    await programme.put_quotas(tx, REGION, {"ngo": 0})
    held = [await woman(tx, chat, "other") for chat in (1, 2)]
    waiting = [await woman(tx, 3 + n, group) for n, group in enumerate(("ngo", "women", "community", "ngo", "other"))]
    for person in held:
        await places.free(tx, person)
    assert [offer.person for offer in await places.fill(tx, REGION, NOON)] == waiting[1:3]
