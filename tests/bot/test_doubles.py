"""Two records that may be one woman: noted, shown side by side, merged, undone, or kept apart."""

import pytest

from sandbox.phone import Phone
from storage import doubles, erasures, merges, people, places, rosters
from tests.bot import crew, sheets
from tests.conftest import House

PHONE = "+994501234567"
STATES = "SELECT name, state FROM people WHERE name <> 'Nigar' ORDER BY id"


async def on_paper(house: House, name: str, phone: str = "", region: str = "lankaran") -> int:
    """A woman of a roster."""
    async with house.database.transaction() as tx:
        person = await rosters.add(tx, "az", house.clock.now())
        await people.register(tx, person, name, region, "ngo", phone, house.clock.now())
        await places.ask(tx, person, region, "ngo", house.clock.now())
    return person


async def pairs(house: House) -> list[tuple[str, str]]:
    """Let the clock tick, and return whom it noted."""
    await house.travel(hours=1)
    sql = "SELECT a.name, b.name FROM doubles d JOIN people a ON a.id = d.one JOIN people b ON b.id = d.other"
    return sorted(await crew.rows(house, sql))


async def press(house: House, phone: Phone, *buttons: str) -> str:
    for button in buttons:
        await phone.tap(button)
        await house.settle()
    return phone.last.text.translate({0x2068: None, 0x2069: None})


async def the_pair(house: House) -> tuple[Phone, Phone, int]:
    """An organiser who sees a pair: Aygün on her phone, and the same woman on a roster with her number."""
    aygun = await crew.woman(house, "Aygün Əliyeva")
    paper = await on_paper(house, "Aygun Aliyeva", PHONE)
    await house.travel(hours=1)
    organiser = await crew.member(house, "organiser")
    await organiser.write("/status")
    await house.settle()
    await press(house, organiser, "o/doubles")
    return organiser, aygun, paper


async def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    """What is kept of the women, but for what only tells that time has passed."""
    columns = {
        "people": "id, state, name, phone, region",
        "chat_people": "*",
        "places": "person, region, number, state",
        "sheets": "id, person, state",
        "consents": "person, purpose",
        "intents": "*",
        "reminders": "key, person",
        "doubles": "one, other, state",
        "taken": "*",
    }
    return {
        table: [row async for row in _rows(house, f"SELECT {what} FROM {table} ORDER BY 1, 2")]
        for table, what in columns.items()
    }


async def _rows(house: House, sql: str):  # type: ignore[no-untyped-def]
    for row in await crew.rows(house, sql):
        yield row


async def test_the_same_number_or_a_like_name_in_one_region_is_noted_and_nothing_else(house: House) -> None:
    await crew.woman(house, "Aygün Əliyeva", phone=PHONE)
    await crew.woman(house, "Sevda Quliyeva", "quba")
    await on_paper(house, "Алиева Айгюн")
    await on_paper(house, "Sevda Quliyeva", region="lankaran")
    await on_paper(house, "Leyla Həsənova", PHONE, "quba")
    found = await pairs(house)
    assert found == [("Aygün Əliyeva", "Leyla Həsənova"), ("Aygün Əliyeva", "Алиева Айгюн")]
    assert await crew.rows(house, "SELECT * FROM uncompared") == []


async def test_women_who_share_a_phone_are_no_doubles_because_of_its_number(house: House) -> None:
    mother = await crew.woman(house, "Sevda Əliyeva", phone=PHONE)
    async with house.database.transaction() as tx:
        await tx.run("UPDATE chat_people SET active = 0")
        daughter = await people.welcome(tx, mother.id, house.clock.now())
        await people.register(tx, daughter, "Aygün Əliyeva", "lankaran", "ngo", PHONE, house.clock.now())
    assert await pairs(house) == []


async def test_a_record_that_was_changed_is_compared_again(house: House) -> None:
    await crew.woman(house, "Aygün Əliyeva", phone=PHONE)
    other = await on_paper(house, "Leyla Həsənova")
    assert await pairs(house) == []
    async with house.database.transaction() as tx:
        await tx.run("UPDATE people SET phone = ? WHERE id = ?", (PHONE, other))
    assert len(await pairs(house)) == 1


async def test_a_pair_is_shown_side_by_side_and_two_women_stay_two(house: House) -> None:
    organiser, _, paper = await the_pair(house)
    text = organiser.last.text.translate({0x2068: None, 0x2069: None})
    for part in (
        "1. Aygün Əliyeva\nLənkəran",
        "2. Aygun Aliyeva\nLənkəran",
        "+994 50 123 45 67",
        "siyahıdan",
        "22 fevral",
    ):
        assert part in text
    assert "qalmadı" in await press(house, organiser, "İki ayrı qadın")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE people SET name = 'Aygün Əliyeva' WHERE id = ?", (paper,))
    await house.travel(hours=1)
    assert await crew.rows(house, "SELECT state FROM doubles") == [("different",)], "nobody is asked again"
    await organiser.write("/status")
    await house.settle()
    assert "o/doubles" not in [button.data for button in organiser.last.buttons]


@pytest.mark.parametrize("side", ["1", "2"])
async def test_a_merge_makes_one_record_and_undoing_it_both_as_they_were(house: House, side: str) -> None:
    organiser, aygun, paper = await the_pair(house)
    before = await everything(house)
    [(double,)] = await crew.rows(house, "SELECT id FROM doubles")
    await press(house, organiser, f"o/same/{double}/{side}", f"o/merge/{double}/{side}")
    one, other = [person for (person,) in await crew.rows(house, "SELECT id FROM people WHERE name LIKE 'Ayg%'")]
    kept, gone = (one, other) if side == "1" else (other, one)
    assert dict(await crew.rows(house, "SELECT id, state FROM people WHERE id > 0"))[gone] == "merged"
    assert await crew.rows(house, "SELECT person FROM chat_people WHERE chat = ?", aygun.id) == [(kept,)]
    assert await crew.rows(house, "SELECT person, state FROM places") == [(kept, "held")]
    assert await crew.rows(house, "SELECT phone FROM people WHERE id = ?", kept) == [(PHONE,)]
    await aygun.start()
    await house.settle()
    assert (await crew.person(house, aygun)).id == kept
    await press(house, organiser, "Geri qaytar")
    assert await everything(house) == before
    assert [state for _, state in await crew.rows(house, STATES)] == ["registered", "registered"]
    audit = await crew.rows(house, "SELECT action, subject, detail FROM audit WHERE action LIKE 'double.%' ORDER BY id")
    assert audit[-2:] == [("double.merged", str(kept), str(gone)), ("double.undone", str(kept), str(gone))]
    assert paper


async def test_a_place_that_a_merge_frees_goes_on_and_is_not_taken_back(house: House) -> None:
    organiser, _, _ = await the_pair(house)
    async with house.database.transaction() as tx:
        await tx.run("UPDATE regions SET places = 2 WHERE id = 'lankaran'")
    waiting = await crew.woman(house, "Sevda Quliyeva", queues=True)
    assert (await crew.person(house, waiting)).state == "waiting"
    [(double,)] = await crew.rows(house, "SELECT id FROM doubles")
    await press(house, organiser, f"o/same/{double}/1", f"o/merge/{double}/1")
    assert "yer" in waiting.last.text.lower()
    assert ("offered",) in await crew.rows(house, "SELECT state FROM places")
    await press(house, organiser, "Geri qaytar")
    rows = await crew.rows(house, "SELECT state FROM places ORDER BY number")
    assert rows == [("held",), ("waiting",), ("offered",)], "nobody loses what was offered to her"
    assert await crew.rows(house, "SELECT number FROM taken") == [(2,)]


async def test_an_undoing_comes_too_late_after_a_month_and_then_the_other_record_is_gone(house: House) -> None:
    organiser, _, paper = await the_pair(house)
    [(double,)] = await crew.rows(house, "SELECT id FROM doubles")
    await press(house, organiser, f"o/same/{double}/1", f"o/merge/{double}/1")
    merged = organiser.last
    await house.travel(days=31)
    assert await crew.rows(house, "SELECT 1 FROM people WHERE id = ?", paper) == []
    assert await crew.rows(house, "SELECT * FROM merges") == []
    await organiser.tap("Geri qaytar", merged)
    await house.settle()
    assert "artıq işləmir" in organiser.toasts[-1]
    assert len(await crew.rows(house, "SELECT 1 FROM tombstones WHERE person = ?", paper)) == 1


@pytest.mark.parametrize("side", ["1", "2"])
async def test_an_erasure_reaches_what_was_merged(house: House, side: str) -> None:
    organiser, aygun, _ = await the_pair(house)
    [(double,)] = await crew.rows(house, "SELECT id FROM doubles")
    await press(house, organiser, f"o/same/{double}/{side}", f"o/merge/{double}/{side}")
    kept = await crew.person(house, aygun)
    async with house.database.transaction() as tx:
        await erasures.remove(tx, kept.id, house.clock.now())
    assert await crew.rows(house, "SELECT name FROM people WHERE name LIKE 'Ayg%'") == []
    for table in ("merges", "doubles", "places", "uncompared"):
        assert await crew.rows(house, f"SELECT * FROM {table}") == [], table
    audit = await crew.rows(house, "SELECT DISTINCT subject, detail FROM audit WHERE action LIKE 'double.%'")
    assert audit == [("erased", "")]


async def test_old_buttons_bring_no_merged_record_back(house: House) -> None:
    organiser, aygun, _ = await the_pair(house)
    [(double,)] = await crew.rows(house, "SELECT id FROM doubles")
    await aygun.start()
    await house.settle()
    menu = aygun.last
    old = organiser.last.message_id
    await press(house, organiser, f"o/same/{double}/2", f"o/merge/{double}/2")
    states = await crew.rows(house, "SELECT id, state FROM people")
    for data in (f"o/same/{double}/2", f"o/merge/{double}/2", f"o/merge/{double}/1", f"o/two/{double}", "o/merge/0/1"):
        await organiser.press_raw(data, old)
        await house.settle()
        assert "artıq işləmir" in organiser.toasts[-1], data
    [(gone,)] = await crew.rows(house, "SELECT id FROM people WHERE state = 'merged'")
    for data in (f"o/call/{gone}", f"o/code/{gone}", f"o/erase/{gone}", f"o/give/{gone}"):
        await organiser.press_raw(data, old)
        await house.settle()
    for data in (f"h/{gone}", f"p/gone/{gone}", f"p/erase/{gone}"):
        await aygun.press_raw(data, menu.message_id)
        await house.settle()
    assert await crew.rows(house, "SELECT id, state FROM people") == states
    assert await crew.rows(house, "SELECT * FROM erasures") == await crew.rows(house, "SELECT * FROM claims") == []
    async with house.database.transaction() as tx:
        assert await doubles.count(tx) == 0


async def test_an_offer_that_a_merge_ends_does_not_arrive_and_comes_anew_when_it_is_undone(house: House) -> None:
    organiser, aygun, paper = await the_pair(house)
    one = (await crew.person(house, aygun)).id
    await house.travel(hours=12)  # an offer made at night leaves in the morning
    async with house.database.transaction() as tx:
        await tx.run("UPDATE places SET state = 'waiting' WHERE person = ?", (one,))
    await house.travel()
    letters = "SELECT state FROM outbox WHERE key GLOB 'place:*:offer*' ORDER BY id"
    assert await crew.rows(house, letters) == [("planned",)]
    [(double,)] = await crew.rows(house, "SELECT id FROM doubles")
    await press(house, organiser, f"o/same/{double}/2", f"o/merge/{double}/2")
    assert await crew.rows(house, "SELECT person, state FROM places") == [(paper, "held")]
    assert await crew.rows(house, letters) == [("cancelled",)]
    await press(house, organiser, "Geri qaytar")
    assert await crew.rows(house, "SELECT state FROM places WHERE person = ?", one) == [("offered",)]
    assert await crew.rows(house, letters) == [("cancelled",), ("planned",)]


async def test_a_row_of_a_merged_record_changes_nothing_of_the_one_that_was_kept(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    kept, gone = sheets.woman(0), sheets.woman(1)
    await sheets.send(house, organiser, sheets.xlsx([sheets.HEADINGS, kept, gone]))
    await organiser.tap("ro/1/apply")
    await house.settle()
    async with house.database.transaction() as tx:
        one, other = [row[0] for row in await tx.all("SELECT id FROM people WHERE via = 'roster' ORDER BY id")]
        await doubles.note(tx, [(one, other)], 0)
        [(double,)] = await tx.all("SELECT id FROM doubles")
        await merges.merge(tx, double, one, other, house.clock.now())
    before = await crew.rows(house, "SELECT * FROM people")
    await sheets.send(house, organiser, sheets.xlsx([sheets.HEADINGS, (*gone[:4], "44")]))
    await organiser.press_raw("ro/2/apply", organiser.last.message_id)
    await house.settle()
    assert await crew.rows(house, "SELECT * FROM people") == before


async def test_names_are_not_compared_where_too_many_women_wait(house: House) -> None:
    async with house.database.transaction() as tx:
        await tx.run("UPDATE regions SET places = 1 WHERE id = 'lankaran'")
    for name in ("Aygün Əliyeva", "Sevda Quliyeva", "Leyla Həsənova"):
        await on_paper(house, name)
    async with house.database.transaction() as tx:
        assert len(await doubles.of_region(tx, "lankaran", 3)) == 3
        assert await doubles.of_region(tx, "lankaran", 2) == []


async def test_while_nobody_is_new_no_tick_looks_through_all_women(house: House) -> None:
    plan = [str(row[3]) for row in await crew.rows(house, "EXPLAIN QUERY PLAN " + doubles.NEW, 50)]
    assert not [step for step in plan if step.startswith(("SCAN p", "SCAN people"))], plan
