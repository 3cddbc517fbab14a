"""The waiting list in the hands of organisers: figures, pages, a place given for a reason, who hears of what."""

import pytest

from sandbox.phone import Phone
from storage import audit, people, programme
from tests.bot import crew
from tests.bot.test_erasing import ended
from tests.bot.test_places import GOOD, press, seats, state
from tests.bot.women import Woman
from tests.conftest import House


@pytest.fixture
async def small(house: House) -> House:
    """A house whose first region has one place."""
    await seats(house, 1)
    return house


def shown(phone: Phone) -> str:
    return phone.last.text.translate(str.maketrans("", "", "\u2068\u2069"))


async def test_the_figures_say_who_waits_and_how_far_the_quotas_are(small: House) -> None:
    async with small.database.transaction() as tx:
        await programme.put_quotas(tx, "lankaran", {"ngo": 20})
    await crew.crowd(small, 3)
    nigar = await crew.member(small, "organiser", language_code="en")
    await nigar.write("/status")
    await small.settle()
    assert "Lənkəran · 1 / 1\ntəklif olunub 0, gözləyir 2\nQadın ictimai birliyi (QHT): 1 / 20" in shown(nigar)
    assert "Gözləyənlər: Lənkəran" in nigar.last.labels
    trainer = await crew.member(small, "trainer", name="Lalə")
    await trainer.write("/status")
    await small.settle()
    assert "gözləyir 2" in shown(trainer)
    assert "Gözləyənlər: Lənkəran" not in trainer.last.labels
    await press(small, trainer, "o/list/lankaran")
    assert "Qadın" not in shown(trainer).partition("Time")[0].replace("Qadın ictimai", "")


async def test_the_waiting_list_is_shown_in_its_order_page_by_page(small: House) -> None:
    await crew.crowd(small, 13)
    nigar = await crew.member(small, "organiser")
    await nigar.write("/status")
    await small.settle()
    await nigar.tap("Gözləyənlər: Lənkəran")
    await small.settle()
    lines = [line for line in shown(nigar).splitlines() if "Qadın ictimai" in line]
    assert [line.split(",")[0] for line in lines] == [f"{n}. Qadın {n}" for n in range(1, 11)]
    await nigar.tap("›")
    await small.settle()
    assert "11. Qadın 11," in shown(nigar) and "12. Qadın 12," in shown(nigar)
    async with small.database.reading() as tx:
        assert {entry.action for entry in await audit.entries(tx)} >= {"waiting.shown"}


async def test_a_place_is_given_past_the_list_for_a_reason_that_stands_in_the_audit(small: House) -> None:
    await crew.crowd(small, 2)
    woman = await Woman(small, "en").reach("menu")
    hers = (await crew.person(small, woman.phone)).id
    nigar = await crew.member(small, "organiser")
    await nigar.write("/note")
    await small.settle()
    await press(small, nigar, "n/to/lankaran")
    await press(small, nigar, f"o/give/{hers}")
    await press(small, nigar, f"o/giving/{hers}")  # without a reason
    assert await state(small, woman.phone) == "waiting waiting"
    await nigar.write("Uzaq kənddəndir, tək yol budur")
    await small.settle()
    assert "Uzaq kənddəndir" in nigar.last.text and "1 / 1" in nigar.last.text
    await press(small, nigar, f"o/giving/{hers}")
    assert await state(small, woman.phone) == "registered held"
    assert woman.phone.last.text.startswith(GOOD)
    assert "There is a place for you in Lankaran" in shown(woman.phone)
    async with small.database.reading() as tx:
        entry = next(entry for entry in await audit.entries(tx) if entry.action == "place.given")
    assert (entry.user, entry.subject, entry.detail) == (nigar.id, str(hers), "Uzaq kənddəndir, tək yol budur")
    await press(small, nigar, f"o/giving/{hers}")
    assert "işləmir" in nigar.toasts[-1]
    await press(small, woman.phone, f"p/gone/{hers}")
    await ended(small)
    rows = await crew.rows(small, "SELECT subject, detail FROM audit WHERE action = 'place.given'")
    assert rows == [("erased", "")]


async def test_who_is_about_to_give_a_place_may_leave_it(small: House) -> None:
    await crew.crowd(small, 1)
    woman = await Woman(small, "en").reach("menu")
    hers = (await crew.person(small, woman.phone)).id
    nigar = await crew.member(small, "organiser")
    for way_out in ("o/nogive", "/cancel"):
        await press(small, nigar, f"o/give/{hers}")
        await (nigar.write(way_out) if way_out == "/cancel" else press(small, nigar, way_out))
        await small.settle()
        assert "verilmədi" in nigar.last.text
        await nigar.write("səbəb")
        await small.settle()
        assert await crew.rows(small, "SELECT count(*) FROM overrides") == [(0,)]
    assert await state(small, woman.phone) == "waiting waiting"


async def test_a_note_reaches_those_with_a_place_only(small: House) -> None:
    held = await crew.woman(small, "Sevda")
    waiting = await crew.woman(small, "Lalə", queues=True)
    nigar = await crew.member(small, "organiser")
    for act in ("/note", "n/to/lankaran", "Sabah görüşürük"):
        await (press(small, nigar, act) if act.startswith("n/") else nigar.write(act))
        await small.settle()
    await nigar.tap("Göndər")
    await small.travel(hours=1)
    assert "Sabah görüşürük" in held.last.text
    assert not waiting.received


async def test_an_unreachable_woman_with_an_offer_is_to_be_called(small: House) -> None:
    [other] = await crew.crowd(small, 1)
    woman = await Woman(small, "en").reach("menu")
    async with small.database.transaction() as tx:
        await people.mark_chat(tx, woman.phone.id, "blocked", small.clock.now())
    await crew.leave(small, other)
    nigar = await crew.member(small, "organiser")
    await press(small, nigar, "o/calls")
    assert "Aygün" in nigar.last.text
