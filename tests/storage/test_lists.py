"""The end of a waiting list: who is to hear of it, once, and that nobody goes through the list to find out."""

from datetime import timedelta

from storage import lists, places, programme
from storage.database import Transaction
from tests.storage.place import DAY, ZONE
from tests.storage.test_places import NOON, REGION, place_of, tx, woman

__all__ = ["tx"]
END = programme.moment(DAY - timedelta(days=1), places.LAST, ZONE) - places.LEAST + 1


async def test_who_still_waits_at_the_end_is_to_be_told_once_and_in_her_order(tx: Transaction) -> None:
    _, _, first, second = [await woman(tx, chat) for chat in range(1, 5)]
    assert await lists.untold(tx, REGION, END - 1, 9) == []
    assert await places.next_lapse(tx) == END
    assert [place.person for place in await lists.untold(tx, REGION, END, 9)] == [first, second]
    await lists.tell(tx, first, END)
    await lists.tell(tx, first, END + 5)
    assert (await place_of(tx, first)).told_at == END
    assert [place.person for place in await lists.untold(tx, REGION, END, 9)] == [second]
    await lists.tell(tx, second, END)
    assert await places.next_lapse(tx) is None


async def test_who_asks_anew_is_told_anew(tx: Transaction) -> None:
    for chat in range(1, 4):
        last = await woman(tx, chat)
    await lists.tell(tx, last, END)
    await places.ask(tx, last, REGION, "ngo", NOON)
    assert (await place_of(tx, last)).told_at is None


async def test_a_list_without_training_days_has_no_end(tx: Transaction) -> None:
    for chat in range(1, 4):
        await woman(tx, chat, region="quba")
    assert not await lists.is_over(tx, "quba", END * 2)
    assert await lists.untold(tx, "quba", END * 2, 9) == []


async def test_a_tick_looks_only_at_those_who_are_still_to_be_told(tx: Transaction) -> None:
    plan = [str(row[3]) for row in await tx.all("EXPLAIN QUERY PLAN " + lists.UNTOLD, (REGION, 9))]
    assert plan == ["SEARCH places USING INDEX places_untold (region=?)"]
