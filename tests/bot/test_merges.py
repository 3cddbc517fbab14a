"""A merge and its undoing as an organiser sees them: what is refused, what comes back, what is said of the rest."""

import pytest

from sandbox.phone import Phone
from storage import people, places, programme
from storage.programme import Region
from tests.bot import crew
from tests.bot.test_doubles import PHONE, on_paper, press, the_pair
from tests.conftest import House

STATES = "SELECT id, state FROM people ORDER BY id"


async def erasing(house: House, person: int) -> None:
    """Her erasure is asked for, and has to wait: something is on its way to her."""
    async with house.database.transaction() as tx:
        await tx.run("INSERT INTO erasures VALUES (?, 0, 'az', 'asked', 0)", (person,))
        await tx.run(
            "INSERT INTO outbox (chat, person, method, parameters, due, state) VALUES (1, ?, 'x', '{}', 0, 'sending')",
            (person,),
        )


async def merged(house: House, organiser: Phone, side: str = "1") -> int:
    """Merge the pair; return the number of the merge."""
    [(double,)] = await crew.rows(house, "SELECT id FROM doubles WHERE state = 'open'")
    await press(house, organiser, f"o/same/{double}/{side}", f"o/merge/{double}/{side}")
    [(number,)] = await crew.rows(house, "SELECT max(id) FROM merges")
    return int(number)


@pytest.mark.parametrize("name", ["Aygün Əliyeva", "Aygun Aliyeva"])
async def test_who_is_being_erased_is_not_merged(house: House, name: str) -> None:
    organiser, _, _ = await the_pair(house)
    [(person,)] = await crew.rows(house, "SELECT id FROM people WHERE name = ?", name)
    [(double,)] = await crew.rows(house, "SELECT id FROM doubles")
    await organiser.tap(f"o/same/{double}/1")
    await house.settle()
    await erasing(house, person)
    before = await crew.rows(house, STATES)
    for data in (f"o/merge/{double}/1", f"o/same/{double}/2", f"o/merge/{double}/2"):
        await organiser.press_raw(data, organiser.last.message_id)
        await house.settle()
        assert "indi silinir" in organiser.toasts[-1], data
    assert await crew.rows(house, STATES) == before
    assert await crew.rows(house, "SELECT * FROM merges") == []


async def test_no_merge_is_undone_while_its_record_is_being_erased(house: House) -> None:
    organiser, aygun, _ = await the_pair(house)
    await merged(house, organiser)
    await erasing(house, (await crew.person(house, aygun)).id)
    await organiser.tap("Geri qaytar")
    await house.settle()
    assert "indi silinir" in organiser.toasts[-1]
    assert len(await crew.rows(house, "SELECT * FROM merges")) == 1


async def test_of_a_place_that_has_gone_on_the_undoing_says_whose_it_was_and_with_which_number_she_waits(
    house: House,
) -> None:
    organiser, _, _ = await the_pair(house)
    async with house.database.transaction() as tx:
        await tx.run("UPDATE regions SET places = 2 WHERE id = 'lankaran'")
    await crew.crowd(house, 2)
    await merged(house, organiser)
    text = await press(house, organiser, "Geri qaytar")
    assert "Bu arada yazılanlar bu qeydiyyatda qaldı: Aygün Əliyeva." in text
    assert "Aygun Aliyeva: Lənkəranda olan yeri artıq başqasına keçib, indi siyahıda nömrəsi 1." in text
    assert "+994 50 123 45 67" in text


async def test_where_both_have_again_what_they_had_nothing_else_is_said(house: House) -> None:
    organiser, _, _ = await the_pair(house)
    await merged(house, organiser)
    assert (await press(house, organiser, "Geri qaytar")).endswith("qaldı: Aygün Əliyeva.")


async def test_before_two_regions_are_merged_it_is_said_what_stays_and_what_is_given_up(house: House) -> None:
    await crew.woman(house, "Aygün Əliyeva", phone=PHONE)
    async with house.database.transaction() as tx:
        await programme.put_region(tx, Region("quba", 2, 1))
    await crew.crowd(house, 1, "quba")
    await on_paper(house, "Aygun Aliyeva", PHONE, "quba")
    await house.travel(hours=1)
    organiser = await crew.member(house, "organiser")
    await organiser.write("/status")
    await house.settle()
    text = await press(house, organiser, "o/doubles", "o/same/1/1")
    assert "Lənkəranda olan qalacaq (yer: ayrılıb), Qubada olan isə ləğv olunacaq (yer: gözləmə siyahısı)" in text


async def test_a_code_that_was_followed_by_another_is_told_as_lost(house: House) -> None:
    organiser, _, paper = await the_pair(house)
    async with house.database.transaction() as tx:
        await tx.run("INSERT INTO claims VALUES ('h', ?, 1, 0, ?, NULL)", (paper, house.clock.now() * 2))
    await merged(house, organiser)
    async with house.database.transaction() as tx:
        await tx.run("DELETE FROM claims")
    assert "Aygun Aliyeva: ona verilmiş kod artıq işləmir" in await press(house, organiser, "Geri qaytar")


async def test_merges_are_listed_for_a_month_the_newest_first_and_undone_from_there(house: House) -> None:
    organiser, _, _ = await the_pair(house)
    first = await merged(house, organiser)
    await house.travel(days=1)
    await crew.woman(house, "Sevda Quliyeva", "quba", phone="+994551112233")
    await on_paper(house, "Sevda Quliyeva", "+994551112233", "quba")
    await house.travel(hours=1)
    await press(house, organiser, "o/doubles")
    second = await merged(house, organiser)
    text = await press(house, organiser, "Birləşdirilib: 2")
    assert text.splitlines()[1:] == [
        "1. Sevda Quliyeva ← Sevda Quliyeva, 23 fevral, çərşənbə axşamı",
        "2. Aygün Əliyeva ← Aygun Aliyeva, 22 fevral, bazar ertəsi",
    ]
    assert [button.data for button in organiser.last.buttons] == [f"o/undo/{second}", f"o/undo/{first}", "o/status"]
    await press(house, organiser, "Geri qaytar 2")
    assert await crew.rows(house, "SELECT id FROM merges") == [(second,)]
    assert "Birləşdirilib: 1" in organiser.last.labels
    await house.travel(days=31)
    assert "heç nə birləşdirilməyib" in await press(house, organiser, "Birləşdirilib: 1")


async def test_the_list_of_merges_has_pages_and_none_of_its_buttons_for_a_trainer(house: House) -> None:
    async with house.database.transaction() as tx:
        for number in range(12):
            one, other = [await tx.insert("INSERT INTO people (created_at) VALUES (0)", ()) for _ in range(2)]
            await people.register(tx, one, f"Qadın {number}", "quba", "ngo", "", 0)
            await places.ask(tx, one, "quba", "ngo", 0)
            double = await tx.insert(
                "INSERT INTO doubles (one, other, state, noted_at) VALUES (?, ?, 'merged', 0)", (one, other)
            )
            await tx.insert(
                "INSERT INTO merges (double, kept, gone, body, merged_at) VALUES (?, ?, ?, '{}', ?)",
                (double, one, other, house.clock.now()),
            )
    organiser, trainer = await crew.member(house, "organiser"), await crew.member(house, "trainer", "Lalə")
    for phone in (organiser, trainer):
        await phone.write("/status")
        await house.settle()
        await phone.press_raw("o/doubles/merged", phone.last.message_id)
        await house.settle()
    assert "Qadın 11" in organiser.last.text and "Qadın 1 " not in organiser.last.text
    await press(house, organiser, "›")
    assert "11. \u2068Qadın 1\u2069" in organiser.last.text
    assert "Qadın 11" not in trainer.last.text
