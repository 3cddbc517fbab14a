"""Places in chat: numbers, offers and answers bound to their woman, regions that open and close, places by hand."""

from datetime import timedelta

import pytest

from bot.texts import Texts
from sandbox.phone import Phone
from storage import people, places, programme
from storage.programme import Region
from tests.bot import crew
from tests.bot.test_erasing import ended
from tests.bot.women import Woman
from tests.conftest import START, House

GOOD = "Hello! We have some good news"


@pytest.fixture
async def small(house: House) -> House:
    """A house whose first region has one place."""
    await seats(house, 1)
    return house


async def seats(house: House, count: int, region: str = "lankaran", **dates: str) -> None:
    async with house.database.transaction() as tx:
        old = await programme.region(tx, region)
        assert old
        await programme.put_region(tx, Region(region, old.position, count, old.contact, **dates))


async def state(house: House, phone: Phone) -> str:
    person = await crew.person(house, phone)
    async with house.database.reading() as tx:
        place = await places.of(tx, person.id)
    return f"{person.state} {place.state if place else ''}"


async def press(house: House, phone: Phone, data: str) -> None:
    await phone.press_raw(data, phone.last.message_id)
    await house.settle()


async def number(house: House, phone: Phone) -> int:
    async with house.database.reading() as tx:
        place = await places.of(tx, (await crew.person(house, phone)).id)
    assert place
    return place.number


async def test_without_room_she_waits_with_a_number_and_is_told_nothing_of_training_days(small: House) -> None:
    await crew.crowd(small, 2)
    woman = await Woman(small, "en").reach("menu")
    assert "your number is 2" in woman.phone.last.text
    assert await state(small, woman.phone) == "waiting waiting"
    for text in ("/start", "/days", "/recommend"):
        await woman.write(text)
        await small.settle()
        assert "your number is 2" in woman.phone.last.text
    seen = len(woman.phone.received)
    await small.travel(days=12)  # past the three training days, and their surveys
    assert ["has closed" in message.text for message in woman.phone.received[seen:]] == [True], "only that it is over"


async def test_the_reminders_come_once_she_has_taken_the_place_that_was_offered(small: House) -> None:
    [other] = await crew.crowd(small, 1)
    woman = await Woman(small, "en").reach("menu")
    await crew.leave(small, other)
    assert woman.phone.last.text.startswith(GOOD)
    await woman.phone.tap("Yes, please")
    await small.settle()
    assert await state(small, woman.phone) == "registered held"
    assert "you are registered" in woman.phone.last.text
    await small.travel(days=8)
    assert any("meeting tomorrow" in message.text for message in woman.phone.received)


async def test_an_offer_belongs_to_its_woman_and_to_this_offer(small: House) -> None:
    [other] = await crew.crowd(small, 1)
    woman, stranger = await Woman(small, "en").reach("menu"), await Woman(small, "en").reach("menu")
    await crew.leave(small, other)
    offered = await number(small, woman.phone)
    await press(small, stranger.phone, f"w/yes/{offered}")
    assert "another participant" in stranger.phone.toasts[-1]
    for data in ("w/yes/999", "w/yes/x", "w/nonsense/1", "w/yes", f"w/back/{offered}"):
        await press(small, woman.phone, data)
        assert "no longer works" in woman.phone.toasts[-1]
    assert (await state(small, woman.phone), await state(small, stranger.phone)) == (
        "waiting offered",
        "waiting waiting",
    )


async def test_an_offer_to_her_who_shares_the_phone_names_her_and_is_hers_to_take(small: House) -> None:
    hers = await crew.woman(small, "Sevda", language="en")
    async with small.database.transaction() as tx:
        now = small.clock.now()
        sister = await tx.insert("INSERT INTO people (created_at, language) VALUES (?, 'en')", (now,))
        await people.register(tx, sister, "Lalə", "lankaran", "ngo", "", now)
        await tx.run("INSERT INTO chat_people (chat, person, active) VALUES (?, ?, 0)", (hers.id, sister))
        await places.ask(tx, sister, "lankaran", "ngo", now)
    await seats(small, 2)
    await small.travel()
    assert GOOD in hers.last.text
    assert "Lalə" in hers.last.text
    await hers.tap("Yes, please")
    await small.settle()
    assert await crew.rows(small, "SELECT state FROM places WHERE person = ?", sister) == [("held",)]
    assert "Lalə" in hers.last.text


async def test_more_places_and_an_erasure_top_the_list_up_by_themselves(small: House) -> None:
    hers = await crew.woman(small, "Sevda")
    first, second = await Woman(small, "en").reach("menu"), await Woman(small, "en").reach("menu")
    await seats(small, 2)
    await small.travel()
    assert (await state(small, first.phone), await state(small, second.phone)) == ("waiting offered", "waiting waiting")
    gone = (await crew.person(small, hers)).id
    await hers.write("/privacy")
    await small.settle()
    await press(small, hers, f"p/gone/{gone}")
    await ended(small)
    await small.travel()
    assert await state(small, second.phone) == "waiting offered"


async def test_who_withdraws_gives_her_place_to_the_next_at_once(small: House) -> None:
    hers = await crew.woman(small, "Sevda", language="en")
    woman = await Woman(small, "en").reach("menu")
    await hers.write("/privacy")
    await small.settle()
    await press(small, hers, f"p/left/{(await crew.person(small, hers)).id}")
    assert (await state(small, hers), await state(small, woman.phone)) == ("withdrawn ", "waiting offered")
    assert woman.phone.last.text.startswith(GOOD)
    await press(small, woman.phone, f"p/left/{(await crew.person(small, woman.phone)).id}")
    assert await state(small, woman.phone) == "withdrawn "
    assert await crew.rows(small, "SELECT count(*) FROM places") == [(0,)]


async def test_an_offer_made_at_night_is_sent_in_the_morning_and_not_at_all_if_she_answered(small: House) -> None:
    [other] = await crew.crowd(small, 1)
    woman = await Woman(small, "en").reach("menu")
    await small.travel(hours=13)  # 23:00
    seen = len(woman.phone.received)
    await crew.leave(small, other)
    assert len(woman.phone.received) == seen
    await woman.write("/start")
    await small.settle()
    await woman.phone.tap("Yes, please")
    await small.travel(hours=12)
    assert not any(message.text.startswith(GOOD) for message in woman.phone.received)


async def test_a_change_of_group_keeps_the_place_and_the_quota(small: House) -> None:
    await seats(small, 2)
    async with small.database.transaction() as tx:
        await programme.put_quotas(tx, "lankaran", {"ngo": 1})
    await crew.crowd(small, 1)  # of an NGO
    woman = await Woman(small, "en").reach("menu")
    for label in ("☰ Menu", "📝 My form", "✎ Group", "Women’s NGO", "✓ Send"):
        await woman.phone.tap(label)
        await small.settle()
    assert await state(small, woman.phone) == "registered held"
    assert (await crew.person(small, woman.phone)).group == "ngo"
    assert await crew.rows(small, "SELECT group_key, number FROM taken WHERE number > 0 ORDER BY 1") == [
        ("initiative", 1),
        ("ngo", 1),
    ]


async def test_a_move_to_a_region_with_room_frees_the_old_place(small: House) -> None:
    woman = await Woman(small, "en").reach("menu")
    waiting = await Woman(small, "en").reach("menu")
    for label in ("☰ Menu", "📝 My form", "✎ Region", "Quba", "✓ Send"):
        await woman.phone.tap(label)
        await small.settle()
    assert "in Quba" in woman.phone.last.text
    assert await state(small, woman.phone) == "registered held"
    assert await state(small, waiting.phone) == "waiting offered"


async def test_until_she_agrees_to_a_number_elsewhere_everything_she_has_and_said_stays(small: House) -> None:
    await seats(small, 1, "quba")
    await crew.crowd(small, 1, "quba")
    woman = await Woman(small, "en").reach("menu")
    for label in ("☰ Menu", "📝 My form", "✎ Region", "Quba", "✓ Send"):
        await woman.phone.tap(label)
        await small.settle()
    assert (await crew.person(small, woman.phone)).region == "lankaran"
    said = "SELECT a.value FROM answers a JOIN sheets s ON s.id = a.sheet WHERE a.question = 'region' AND s.person = ?"
    hers = (await crew.person(small, woman.phone)).id
    assert {value for (value,) in await crew.rows(small, said, hers)} == {'"lankaran"'}
    stranger = await Woman(small, "en").reach("menu")
    move = next(button.data or "" for button in woman.phone.last.buttons if "w/move" in str(button.data))
    await press(small, stranger.phone, move)
    assert "no longer works" in stranger.phone.toasts[-1]
    await press(small, woman.phone, move.replace("quba", "baku"))
    assert "no longer works" in woman.phone.toasts[-1]
    await woman.phone.tap("Yes, change it")
    await small.settle()
    assert await state(small, woman.phone) == "waiting waiting"
    assert (await crew.person(small, woman.phone)).region == "quba"
    await press(small, woman.phone, move)
    assert "saved" in woman.phone.toasts[-1]


async def test_a_region_that_is_not_open_is_no_choice(house: House) -> None:
    await seats(house, 33, "quba", opens=f"{START.date() + timedelta(days=1)}")
    await seats(house, 33, "zaqatala", closes=f"{START.date() - timedelta(days=1)}")
    woman = await Woman(house, "en").reach("region")
    assert [label for label in woman.phone.last.labels if not label.startswith("‹")] == ["Lankaran"]
    await house.travel(days=1)
    woman = await Woman(house, "en").reach("region")
    assert [label for label in woman.phone.last.labels if not label.startswith("‹")] == ["Lankaran", "Quba"]


@pytest.mark.parametrize("language", ["az", "ru", "en"])
async def test_while_nothing_is_open_the_greeting_says_when_it_will_be_or_that_it_is_over(
    house: House, language: str
) -> None:
    for region in ("lankaran", "quba", "zaqatala"):
        await seats(house, 33, region, opens="2027-02-24")
    woman = await Woman(house, language).reach("greeting")
    assert "24" in woman.phone.last.text
    assert not [button for button in woman.phone.last.buttons if "b/" in str(button.data)]
    await house.travel(days=25)  # every training has begun
    await woman.write("/start")
    await house.settle()
    over = Texts.load().get(language, "registration.over")
    assert over in woman.phone.last.text
    await woman.forge("b/registration")
    await house.settle()
    assert woman.phone.last.text == over


async def test_on_the_last_day_she_may_send_and_after_it_her_answers_stay_for_another_region(house: House) -> None:
    await seats(house, 34, closes=f"{START.date()}")
    first, second = await Woman(house, "en").reach("card"), await Woman(house, "en").reach("phone")
    await first.tap_first()
    await house.settle()
    assert await state(house, first.phone) == "registered held"
    await house.travel(days=1)
    await second.phone.share_contact()
    await house.settle()
    await second.tap_first()
    await house.settle()
    texts = [message.text for message in second.phone.received[-2:]]
    assert "Your answers are kept" in texts[0]
    assert "In which region" in texts[1]
    for label in ("Quba", "✓ Send"):
        await second.phone.tap(label)
        await house.settle()
    person = await crew.person(house, second.phone)
    assert (person.state, person.region, person.name) == ("registered", "quba", "Aygün Nümunəli")


async def test_when_every_region_has_closed_meanwhile_her_answers_stay_on_the_sheet(house: House) -> None:
    woman = await Woman(house, "en").reach("card")
    for region in ("lankaran", "quba", "zaqatala"):
        await seats(house, 33, region, closes=f"{START.date()}")
    await house.travel(days=1)
    await woman.tap_first()
    await house.settle()
    assert "Registration is over" in woman.phone.last.text
    assert [(state, step) for _, state, step in await woman.where()] == [("open", "")]
    assert len(await woman.answers()) == 8


async def test_a_registered_woman_changes_her_data_also_when_her_region_takes_nobody_any_more(house: House) -> None:
    woman = await Woman(house, "en").reach("menu")
    await seats(house, 34, closes=f"{START.date() - timedelta(days=1)}")
    for act in ("☰ Menu", "📝 My form", "✎ Name"):
        await woman.phone.tap(act)
        await house.settle()
    await woman.write("Sevda Nümunəli")
    await house.settle()
    await woman.phone.tap("✓ Send")
    await house.settle()
    person = await crew.person(house, woman.phone)
    assert (person.state, person.region, person.name) == ("registered", "lankaran", "Sevda Nümunəli")
