"""What becomes of taps and words: old taps, ticks, answers that are not sure, forms that changed meanwhile."""

import dataclasses
import json
from functools import cache
from typing import Any

import pytest

from forms import load
from handlers import definitions
from storage import programme
from storage.programme import Region
from tests.bot import crew
from tests.bot.haste import at_once
from tests.bot.women import Woman
from tests.conftest import House
from tests.dialogues import samples


def registration(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """The registration as it is shipped, with other keys of its form."""
    changed = dataclasses.replace(load.shipped("registration"), **changes)
    monkeypatch.setattr(definitions, "shipped", lambda name: changed if name == "registration" else load.shipped(name))
    for kept in ("moves", "_filled"):  # what they keep of the changed form goes with it
        monkeypatch.setattr(definitions, kept, cache(getattr(definitions, kept).__wrapped__))


async def other_region(woman: Woman) -> None:
    """An old tap: another region than she chose, on the message that asked for it."""
    data, message = next(press for press in woman.past if "/a/3/" in press[0])
    await woman.phone.press_raw(data.removesuffix("/1") + "/2", message)
    await woman.house.settle()


async def her_data(woman: Woman) -> None:
    """From the menu to what is kept of her."""
    await woman.write("/start")
    await woman.house.settle()
    await woman.tap("m/data")
    await woman.house.settle()


async def test_an_old_tap_offers_to_change_that_answer_once_at_each_step(house: House) -> None:
    woman = await Woman(house, "en").reach("phone")
    for _ in range(3):
        await other_region(woman)
    offers = [message for message in woman.phone.received if "already answered" in message.text]
    assert len(offers) == 1
    assert "Lankaran" in offers[0].text
    assert json.loads((await woman.answers())["registration:region"]) == "lankaran"
    await woman.phone.tap("✎ Change this answer")
    await house.settle()
    await woman.phone.tap("Quba")
    await house.settle()
    assert json.loads((await woman.answers())["registration:region"]) == "quba"
    assert (await woman.where())[-1][-1] == "phone"


async def test_an_old_tap_on_what_was_sent_leads_to_her_data(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    await other_region(woman)
    assert woman.phone.last.labels == ["📝 Anketim"]
    await woman.phone.tap("📝 Anketim")
    await house.settle()
    assert "Lənkəran" in woman.phone.last.text
    assert "✎ Region" in woman.phone.last.labels


async def test_what_is_not_sure_is_asked_with_the_likely_answers_first(house: House) -> None:
    woman = await Woman(house, "en").reach("region")
    await woman.write("Quba Zaqatala")
    await house.settle()
    assert "Did you mean this?" in woman.phone.last.text
    assert woman.phone.last.labels[:3] == ["Quba", "Zaqatala", "Lankaran"]
    await woman.phone.tap("Zaqatala")
    await house.settle()
    assert json.loads((await woman.answers())["registration:region"]) == "zaqatala"


async def test_ticks_outlive_a_restart_and_are_no_answer_yet(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    samples.offer(monkeypatch)
    woman = Woman(house, "az")
    await woman.phone.start()
    await house.settle()
    await woman.forge("b/visit")
    for written in ("davam", "tək"):
        await house.settle()
        await woman.write(written)
    await house.settle()
    await woman.phone.tap("Yol")
    await house.settle()
    await house.close()
    await house.open()
    assert json.loads((await woman.answers())["visit:needs~"]) == ["transport"]
    await woman.phone.tap("Pilləsiz giriş")
    await house.settle()
    await woman.phone.tap("Hazırdır ›")
    await house.settle()
    answers = await woman.answers()
    assert json.loads(answers["visit:needs"]) == ["transport", "access"]
    assert "visit:needs~" not in answers


async def test_of_many_fast_taps_only_the_newest_state_has_to_reach_her(house: House) -> None:
    woman = await Woman(house, "az").reach("group")
    for _ in range(2):  # the group, then the age
        await woman.tap_first()
        await house.settle()
    boxes = [button.data or "" for button in woman.phone.last.buttons[:3]]
    message, before = woman.phone.last.message_id, len(house.sandbox.calls)
    for data in boxes * 5:
        await woman.phone.press_raw(data, message)
    await house.settle()
    assert [label.startswith("✓") for label in woman.phone.last.labels[:5]] == [True, True, True, False, False]
    edits = [call for call in house.sandbox.calls[before:] if call.method == "editMessageReplyMarkup"]
    assert 1 <= len(edits) <= 6


async def test_an_open_sheet_moves_on_to_a_changed_form_if_the_form_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration(monkeypatch, open_sheets="move")
    woman = await Woman(house, "az").reach("group")
    old, message = woman.phone.last.buttons[0].data, woman.phone.last.message_id
    async with house.database.transaction() as tx:
        await programme.put_region(tx, Region("lankaran", 0, 0))  # no places any more
        await programme.put_region(tx, Region("sumqayit", -1, 10))
        await programme.put_words(tx, "region:sumqayit", {"name": {"az": "Sumqayıt"}, "in": {"az": "Sumqayıtda"}})
    await woman.phone.press_raw(str(old), message)
    await house.settle()
    assert woman.phone.last.text.startswith("Suallar bir az dəyişib.")
    assert "hansı regionda" in woman.phone.last.text
    assert woman.phone.last.labels[0] == "Sumqayıt"
    assert set(await woman.answers()) == {"registration:consent", "registration:name"}
    async with at_once(house):
        await woman.phone.press_raw(str(old), message)
    assert woman.phone.toasts[-1] == "Oldu.", "the same tap once more"
    await house.travel(hours=1)
    await woman.phone.press_raw(str(old), message)  # a button of the old questions reaches none of the new ones
    await house.settle()
    assert woman.phone.toasts[-1].startswith("Bu anketin sualları dəyişib.")
    assert "registration:region" not in await woman.answers()
    await woman.tap_first()
    await house.settle()
    assert json.loads((await woman.answers())["registration:region"]) == "sumqayit"
    assert [state for _, state, _ in await woman.where()] == ["cancelled", "open"]


async def test_what_was_changed_keeps_its_history(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    await her_data(woman)
    await woman.phone.tap("✎ Ad və soyad")
    await house.settle()
    await woman.write("Aygün Yeni")
    await house.settle()
    await woman.phone.tap("✓ Göndər")
    await house.settle()
    history = "SELECT json(a.value), s.state FROM answers a JOIN sheets s ON s.id = a.sheet WHERE question = 'name'"
    rows = await crew.rows(house, history + " ORDER BY s.id")
    assert rows == [('"Aygün Nümunəli"', "submitted"), ('"Aygün Yeni"', "submitted")]


async def test_after_its_last_day_what_was_sent_is_changed_by_the_organisers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration(monkeypatch, changes_until="2027-02-22")
    woman = await Woman(house, "az").reach("menu")
    await her_data(woman)
    assert "✎ Region" in woman.phone.last.labels
    await woman.phone.tap("✓ Göndər")
    await house.travel(hours=24)
    await her_data(woman)
    assert woman.phone.last.text.startswith("Məlumatınızı burada dəyişməyin vaxtı keçib.")
    assert woman.phone.last.labels == ["☰ Menyu"]


@pytest.mark.parametrize("late", ["f/{key}/ok", "f/{key}/e/4", "Aygün Yeni"])
async def test_what_she_changes_on_the_last_day_and_sends_after_it_is_not_taken_and_she_is_told_so(
    house: House, monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    registration(monkeypatch, changes_until="2027-02-22")
    woman = await Woman(house, "az").reach("menu")
    await her_data(woman)
    await woman.phone.tap("✎ Region")
    await house.settle()
    await woman.phone.tap("Quba")
    await house.travel(hours=24)
    said = len(woman.phone.received)
    data = late.format(key=woman.key)
    await (woman.forge(data) if data.startswith("f/") else woman.write(data))
    await house.settle()
    [told] = woman.phone.received[said:]
    assert told.text.startswith("Məlumatınızı burada dəyişməyin vaxtı keçib.")
    assert told.labels == ([] if data.startswith("f/") else ["Təşkilatçılara göndər"]) + ["☰ Menyu"]
    assert [state for _, state, _ in await woman.where()] == ["submitted", "cancelled"]
    assert await crew.rows(house, "SELECT region FROM people WHERE region IS NOT NULL") == [("lankaran",)]
    await woman.write("salam")  # nothing waits for an answer any more
    await house.settle()
    assert "1 / " not in woman.phone.last.text


async def test_a_change_that_was_begun_in_time_goes_on_if_the_last_day_was_put_off(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration(monkeypatch, changes_until="2027-02-22")
    woman = await Woman(house, "az").reach("menu")
    await her_data(woman)
    registration(monkeypatch, changes_until="2027-03-22")
    await house.travel(hours=24)
    await woman.phone.tap("✎ Region")
    await house.settle()
    await woman.phone.tap("Quba")
    await house.settle()
    await woman.phone.tap("✓ Göndər")
    await house.settle()
    assert await crew.rows(house, "SELECT region FROM people WHERE region IS NOT NULL") == [("quba",)]


async def test_who_registers_is_not_held_up_by_the_last_day_of_changes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration(monkeypatch, changes_until="2027-01-01")
    await Woman(house, "az").reach("menu")
    assert await crew.rows(house, "SELECT count(*) FROM people WHERE state = 'registered'") == [(1,)]
