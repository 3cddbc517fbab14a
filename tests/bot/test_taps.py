"""Taps of a shaky hand, on a slow phone: twice on the same button is once, and nobody is scolded for it."""

import json

import pytest

from sandbox.world import Press
from tests.bot.haste import at_once
from tests.bot.test_sheets import surveyed
from tests.bot.women import Woman
from tests.conftest import House
from tests.dialogues import samples

MOMENT = 4 / 3600  # hours: longer than any double tap
BACK, SKIP, DONE, ON, STOP = "‹ Geri", "Bu sualı keç ›", "Hazırdır ›", "Davam et", "Dayandır və sil"


async def at_needs(house: House, language: str = "az") -> Woman:
    """A woman who has come to the question of several answers."""
    return await Woman(house, language).reach("needs")


def boxes(woman: Woman) -> list[str]:
    """The data behind the choices that she has before her eyes."""
    return [button.data or "" for button in woman.phone.last.buttons if "/d/" not in (button.data or "")][:-1]


async def ticked(woman: Woman) -> list[str]:
    """What is ticked of the needs, on the disk and not confirmed yet."""
    found: list[str] = json.loads((await woman.answers()).get("registration:needs~", "[]"))
    return found


async def press(woman: Woman, data: str, times: int = 1) -> list[Press]:
    """Press so many times before anything can come of it; return how each was answered."""
    before, message = len(woman.phone.presses), woman.phone.last.message_id
    for _ in range(times):
        await woman.phone.press_raw(data, message)
    await woman.house.settle()
    return woman.phone.presses[before:]


def data(woman: Woman, label: str) -> str:
    """The data of the newest button with that label."""
    shown = [button for message in woman.phone.received for button in message.buttons if button.text == label]
    return shown[-1].data or ""


@pytest.mark.parametrize("taps", [1, 2, 3, 4])
async def test_a_tick_that_is_tapped_again_before_it_is_seen_stays(house: House, taps: int) -> None:
    woman = await at_needs(house)
    await press(woman, boxes(woman)[0], taps)
    assert await ticked(woman) == ["child"]
    assert woman.phone.last.labels[0].startswith("✓ ")


async def test_a_tap_on_the_tick_that_has_just_come_is_the_second_of_a_double_one(house: House) -> None:
    woman = await at_needs(house)
    await press(woman, boxes(woman)[0])
    async with at_once(house):
        await press(woman, boxes(woman)[0], 3)  # what she taps is the button as it has been drawn anew
    assert await ticked(woman) == ["child"]
    await house.travel(hours=MOMENT)
    await press(woman, boxes(woman)[0])
    assert await ticked(woman) == []
    async with at_once(house):
        await press(woman, boxes(woman)[0])
    assert await ticked(woman) == [], "nor is what she has taken away ticked again"
    assert not woman.phone.last.labels[0].startswith("✓ ")


async def test_other_ticks_can_be_taken_away_at_once(house: House) -> None:
    woman = await at_needs(house)
    for place in (0, 1, 0, 2):
        await press(woman, boxes(woman)[place])
    assert await ticked(woman) == ["transport", "access"], "the first was taken away right after the second was ticked"


async def test_a_button_that_was_drawn_before_an_upgrade_ticks(house: House) -> None:
    woman = await at_needs(house)
    old = [button.data or "" for button in woman.phone.last.buttons]
    assert old[0].count("/") == 4
    await press(woman, old[0])
    await house.travel(hours=MOMENT)
    await press(woman, old[0])
    assert await ticked(woman) == ["child"]
    assert all(len((button.data or "").encode()) <= 40 for button in woman.phone.last.buttons)


@pytest.mark.parametrize(
    ("place", "label"),
    [("needs", DONE), ("age", SKIP), ("age", "18–24"), ("age", BACK), ("region", BACK), ("card", "✎ Ad və soyad")],
)
async def test_the_second_of_a_double_tap_is_answered_in_passing(house: House, place: str, label: str) -> None:
    woman = await Woman(house, "az").reach(place)
    button, message, seen = data(woman, label), woman.phone.last.message_id, len(woman.phone.received)
    await woman.phone.press_raw(button, message)
    await house.settle()
    answers, where, now = await woman.answers(), await woman.where(), len(woman.phone.received)
    assert now == seen + 1
    async with at_once(house):
        await woman.phone.press_raw(button, message)
    assert (len(woman.phone.received), await woman.answers(), await woman.where()) == (now, answers, where)
    second = woman.phone.presses[-1]
    assert (second.answered, second.alert) == (True, False)


@pytest.mark.parametrize("label", [STOP, ON])
async def test_twice_stopped_or_gone_on_with_is_once(house: House, label: str) -> None:
    woman = await Woman(house, "az").reach("region")
    await woman.write("/cancel")
    await house.settle()
    seen = len(woman.phone.received)
    button, message = data(woman, label), woman.phone.last.message_id
    await press(woman, button)
    async with at_once(house):
        await woman.phone.press_raw(button, message)
    assert len(woman.phone.received) == seen + 1
    assert not any(tap.alert for tap in woman.phone.presses)


async def test_twice_no_to_the_consent_is_once(house: House) -> None:
    woman = await Woman(house, "az").reach("consent")
    seen = len(woman.phone.received)
    button, message = data(woman, "Xeyr, razı deyiləm"), woman.phone.last.message_id
    await press(woman, button)
    async with at_once(house):
        await woman.phone.press_raw(button, message)
    assert (len(woman.phone.received), woman.phone.presses[-1].alert) == (seen + 1, False)


@pytest.mark.parametrize(("place", "label"), [("needs", DONE), ("age", SKIP)])
async def test_a_tap_that_comes_late_is_offered_a_change_as_ever(house: House, place: str, label: str) -> None:
    woman = await Woman(house, "az").reach(place)
    button, message = data(woman, label), woman.phone.last.message_id
    await woman.phone.press_raw(button, message)
    await house.travel(hours=MOMENT)
    await woman.phone.press_raw(button, message)
    await house.settle()
    assert woman.phone.last.text.endswith("Cavabı dəyişmək istəyirsiniz?")
    assert "✎ Cavabı dəyiş" in woman.phone.last.labels


async def test_another_answer_is_never_taken_for_a_double_tap(house: House) -> None:
    woman = await Woman(house, "az").reach("age")
    one, other = data(woman, "18–24"), data(woman, "25–34")
    message = woman.phone.last.message_id
    for button in (one, other):
        await woman.phone.press_raw(button, message)
    await house.settle()
    assert "✎ Cavabı dəyiş" in woman.phone.last.labels


async def test_in_a_survey_a_second_tap_tells_in_passing_and_no_answer(house: House) -> None:
    """Of an anonymous sheet no time is kept."""
    woman = await surveyed(house)
    survey = woman.phone.last
    button = survey.buttons[0].data or ""
    for _ in range(2):
        await woman.phone.press_raw(button, survey.message_id)
        await house.settle()
    second = woman.phone.presses[-1]
    assert (second.answer, second.alert) == (
        "Bu sual artıq arxada qalıb. “Geri” düyməsi ilə ona qayıda bilərsiniz.",
        False,
    )


async def begun_visit(house: House, monkeypatch: pytest.MonkeyPatch, *written: str) -> Woman:
    """A woman who has begun the form of the dialogues and written so much of it."""
    samples.offer(monkeypatch)
    woman = Woman(house, "az")
    await woman.phone.start()
    await house.settle()
    await woman.forge("b/visit")
    await house.settle()
    for each in written:
        await woman.write(each)
        await house.settle()
    return woman


async def test_a_day_without_its_year_is_offered_with_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    woman = await begun_visit(house, monkeypatch, "davam", "tək", "heç biri", "5 mart")
    assert woman.phone.last.labels[0] == "05.03.2027"
    asked = woman.phone.last
    await woman.phone.tap("05.03.2027")
    await house.settle()
    assert json.loads((await woman.answers())["visit:day"]) == "2027-03-05"
    assert "✓ \u206805.03.2027\u2069" in asked.text
    await house.travel(hours=MOMENT)
    second = await press(woman, f"f/{woman.key}/a/6/20270305")
    assert second[0].answer == "Cavabınız yazılıb."
    await press(woman, f"f/{woman.key}/a/6/20270306")
    assert "✎ Cavabı dəyiş" in woman.phone.last.labels, "another day: does she want to change it?"


@pytest.mark.parametrize("number", ["20270230", "99999999", "0", "20270101", "1"])
async def test_a_day_that_nobody_offered_is_no_answer(
    house: House, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    woman = await begun_visit(house, monkeypatch, "davam", "tək", "heç biri")
    [pressed] = await press(woman, f"f/{woman.key}/a/6/{number}")
    assert pressed.alert
    assert "visit:day" not in await woman.answers()


@pytest.mark.parametrize("word", ["geri", "Назад", "BACK", "‹ Geri"])
async def test_back_may_be_written_wherever_she_is(house: House, word: str) -> None:
    woman = await Woman(house, "az").reach("card")
    for step in ("phone", "permissions", "needs", "age", "group", "region", "name", "consent", "consent"):
        before = await woman.answers()
        await woman.write(word)
        await house.settle()
        assert (await woman.where())[-1][-1] == step
        assert await woman.answers() == before, "going back keeps every answer"
