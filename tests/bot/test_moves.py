"""A change of group or of region: what is said is true when it is said, and no quota is passed by a change."""

import pytest

from sandbox.phone import Phone
from storage import programme
from tests.bot import crew
from tests.bot.test_places import press, seats, state
from tests.bot.women import Woman
from tests.conftest import House

SAVED = "your details are up to date"
COUNTED = "SELECT group_key FROM places WHERE person = ?"


@pytest.fixture
async def full(house: House) -> House:
    """A house whose second region is full."""
    await seats(house, 1, "quba")
    await crew.crowd(house, 1, "quba")
    return house


async def change(house: House, phone: Phone, *labels: str) -> list[str]:
    """Change something on her card; return what she is told then."""
    seen = len(phone.received)
    for label in ("☰ Menu", "📝 My form", *labels, "✓ Send"):
        await phone.tap(label)
        seen = len(phone.received) if label != "✓ Send" else seen
        await house.settle()
    return [message.text.translate({0x2068: None, 0x2069: None}) for message in phone.received[seen:]]


async def test_before_she_has_answered_about_a_full_region_nothing_is_said_to_be_changed(full: House) -> None:
    woman = await Woman(full, "en").reach("menu")
    [question] = [text for text in await change(full, woman.phone, "✎ Region", "Quba") if "Registration" not in text]
    assert SAVED not in question
    assert question.endswith("Until you answer, your place stays yours.\n\nShall we change it?")
    await woman.phone.tap("No, keep it")
    await full.settle()
    assert SAVED in woman.phone.last.text and "Lankaran" in woman.phone.last.text
    assert await state(full, woman.phone) == "registered held"


async def test_what_else_she_changed_with_the_region_is_kept_when_she_stays(full: House) -> None:
    woman = await Woman(full, "en").reach("menu")
    await change(full, woman.phone, "✎ Group", "Women’s NGO", "✎ Region", "Quba")
    assert (await crew.person(full, woman.phone)).group == "ngo"
    await woman.phone.tap("No, keep it")
    await full.settle()
    assert SAVED in woman.phone.last.text, "not that nothing has changed"


async def test_the_answer_about_a_region_is_hers_only(full: House) -> None:
    woman, stranger = await Woman(full, "en").reach("menu"), await Woman(full, "en").reach("menu")
    await change(full, woman.phone, "✎ Region", "Quba")
    stay = next(button.data or "" for button in woman.phone.last.buttons if "w/stay" in str(button.data))
    for data in (stay, "w/stay/x", "w/stay"):
        await press(full, stranger.phone, data)
        assert "no longer works" in stranger.phone.toasts[-1]


async def test_a_change_into_a_full_group_keeps_the_place_and_everyone_is_told_her_own_group(house: House) -> None:
    async with house.database.transaction() as tx:
        await programme.put_quotas(tx, "lankaran", {"ngo": 1})
    await crew.crowd(house, 1)  # of an NGO
    woman = await Woman(house, "en").reach("menu")
    told = await change(house, woman.phone, "✎ Group", "Women’s NGO")
    assert SAVED in told[-1] and "2 March" in told[-1]
    hers = await crew.person(house, woman.phone)
    assert (hers.state, hers.group) == ("registered", "ngo")
    assert await crew.rows(house, COUNTED, hers.id) == [("initiative",)], "the quota of the other group is not passed"
    nigar = await crew.member(house, "organiser", language_code="en")
    await nigar.write("/status")
    await house.settle()
    assert "Qadın ictimai birliyi (QHT): 1 / 1" in nigar.last.text.translate({0x2068: None, 0x2069: None})


async def test_the_waiting_list_shows_the_group_that_she_says_also_while_a_place_is_kept_under_another(
    house: House,
) -> None:
    await seats(house, 1)
    [other] = await crew.crowd(house, 1)
    woman = await Woman(house, "en").reach("menu")
    async with house.database.transaction() as tx:
        await programme.put_quotas(tx, "lankaran", {"ngo": 0})
    await crew.leave(house, other)
    await change(house, woman.phone, "✎ Group", "Women’s NGO")
    assert await state(house, woman.phone) == "waiting offered"
    nigar = await crew.member(house, "organiser")
    await press(house, nigar, "o/list/lankaran")
    await nigar.write("/status")
    await house.settle()
    await nigar.tap("Gözləyənlər: Lənkəran")
    await house.settle()
    assert "Qadın ictimai birliyi" in nigar.last.text


async def test_who_declines_and_goes_back_asks_in_the_group_that_she_is_of_now(house: House) -> None:
    await seats(house, 1)
    [other] = await crew.crowd(house, 1)
    woman = await Woman(house, "en").reach("menu")
    async with house.database.transaction() as tx:
        await programme.put_quotas(tx, "lankaran", {"ngo": 0})
    await crew.leave(house, other)
    await change(house, woman.phone, "✎ Group", "Women’s NGO")
    offer = next(message for message in woman.phone.received if "Yes, please" in message.labels)
    await woman.phone.tap("No, thank you", offer)
    await house.settle()
    await woman.phone.tap("Back on the list")
    await house.settle()
    assert await crew.rows(house, COUNTED, (await crew.person(house, woman.phone)).id) == [("ngo",)]
    assert await state(house, woman.phone) == "waiting waiting", "there is no place for that group"
