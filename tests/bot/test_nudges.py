"""A registration left half-way is taken up once the next day by daylight, once before it closes, then never."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from bot.config import Config
from bot.desk import Desk
from bot.texts import Texts
from handlers import nudges
from handlers import sheets as asked
from sandbox.phone import Phone
from storage import people, programme, sheets
from storage.sheets import Sheet
from tests.bot import crew
from tests.bot.women import LANGUAGES, Woman
from tests.conftest import BAKU, House

OPENINGS = {"next day": "Salam! Nə vaxt istəsəniz", "closing": "Salam! Sizə vaxtında"}
CLOSING = (2, 28)  # the day before the last whole one before Lankaran's first session


def at(month: int, day: int, hour: int, minute: int = 0) -> int:
    """A moment of 2027 by the clocks in Baku; the tests begin on 22 February at 10:00."""
    return round(datetime(2027, month, day, hour, minute, tzinfo=BAKU).timestamp() * 1000)


def nudged(phone: Phone) -> list[str]:
    """The kinds of the nudges that she got, in their order."""
    return [kind for each in phone.received for kind, words in OPENINGS.items() if each.text.startswith(words)]


async def sleep(house: House, until: int) -> None:
    """The bot is down until that moment."""
    await house.close()
    house.clock.jump(until)
    await house.open()
    await house.settle()


async def test_the_next_day_at_eleven_she_is_written_to_and_goes_on_where_she_stopped(house: House) -> None:
    woman = await Woman(house, "az").reach("region")
    await house.travel(at(2, 23, 10, 59))
    assert nudged(woman.phone) == []
    assert await house.app.next_event() == at(2, 23, 11)
    await house.travel(at(2, 23, 11, 1))
    assert nudged(woman.phone) == ["next day"]
    assert woman.phone.last.labels == ["Davam edək", "Xeyr, dayandır və sil"]
    await woman.tap_first()
    await house.settle()
    assert "hansı regionda" in woman.phone.last.text
    assert (await woman.answers())["registration:name"] == '"Aygün Nümunəli"'


async def test_one_tap_on_no_stops_it_and_nothing_is_kept_or_asked_again(house: House) -> None:
    woman = await Woman(house, "az").reach("region")
    await house.travel(at(2, 23, 12))
    await woman.phone.tap("Xeyr, dayandır və sil")
    await house.settle()
    assert "dayandırdıq" in woman.phone.last.text
    assert await woman.answers() == {}
    await house.travel(at(3, 20, 12))
    assert nudged(woman.phone) == ["next day"]


@pytest.mark.parametrize("hour", [3, 10, 20, 23])
async def test_a_bot_that_comes_back_at_an_hour_for_sleeping_waits_for_the_morning(house: House, hour: int) -> None:
    woman = await Woman(house, "az").reach("region")
    await sleep(house, at(2, 23, hour, 30))
    assert nudged(woman.phone) == []
    morning = 23 + (hour >= 20)
    await house.travel(at(2, morning, 10, 59))
    assert nudged(woman.phone) == []
    await house.travel(at(2, morning, 11, 1))
    assert nudged(woman.phone) == ["next day"]


@pytest.mark.parametrize(("until", "kinds"), [(26, ["next day"]), (27, [])])
async def test_after_three_days_of_sleep_it_comes_late_and_once_after_four_not_at_all(
    house: House, until: int, kinds: list[str]
) -> None:
    woman = await Woman(house, "az").reach("region")
    await sleep(house, at(2, until, 12))
    assert nudged(woman.phone) == kinds
    await house.travel(at(2, 27, 23))
    assert nudged(woman.phone) == kinds


async def test_who_went_on_by_herself_is_not_written_to_before_she_stops_again(house: House) -> None:
    woman = await Woman(house, "az").reach("region")
    await house.travel(at(2, 23, 8))
    await woman.tap_first()
    await house.settle()
    await house.travel(at(2, 24, 10, 59))
    assert nudged(woman.phone) == []
    await house.travel(at(2, 24, 12))
    assert nudged(woman.phone) == ["next day"]
    await woman.tap_first()
    await house.travel(at(2, 27, 23))
    assert nudged(woman.phone) == ["next day"], "none of a kind comes twice, however often she stops"


async def test_who_has_finished_is_not_written_to(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    await woman.phone.write("/start")
    await house.settle()
    await woman.tap("m/data")  # she looks at her data: an open sheet, and no unfinished registration
    await house.travel(at(2, 28, 23))
    assert nudged(woman.phone) == []


REGIONS = {"Lənkəran": CLOSING, "Quba": (3, 7), "Zaqatala": (3, 14), "": (3, 14)}


@pytest.mark.parametrize(("region", "day"), REGIONS.items())
async def test_before_her_region_closes_she_is_written_to_once_more_then_never(
    house: House, region: str, day: tuple[int, int]
) -> None:
    woman = await Woman(house, "az").reach("region")
    if region:
        await woman.phone.tap(region)
    await house.travel(at(*day, 10, 59))
    assert nudged(woman.phone) == ["next day"]
    await house.travel(at(*day, 11, 1))
    assert nudged(woman.phone) == ["next day", "closing"]
    await house.travel(at(3, 25, 12))
    assert nudged(woman.phone) == ["next day", "closing"]


async def test_who_stops_on_the_eve_of_that_day_hears_of_it_once_not_twice(house: House) -> None:
    await house.travel(at(2, 27, 18))
    woman = await Woman(house, "az").reach("group")
    await house.travel(at(3, 20, 12))
    assert nudged(woman.phone) == ["closing"]


async def test_when_registration_is_over_nobody_is_led_to_it(house: House) -> None:
    await house.travel(at(3, 2, 9))
    here, elsewhere = await Woman(house, "az").reach("group"), await Woman(house, "ru").reach("region")
    await elsewhere.phone.tap("Губа")
    await house.travel(at(3, 3, 12))
    assert nudged(here.phone) == []
    assert "Здравствуйте! Продолжить можно" in elsewhere.phone.last.text
    late = await Woman(house, "az").reach("region")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE regions SET closes = '2027-03-03'")
    await house.travel(at(3, 25, 12))
    assert nudged(late.phone) == []


async def test_an_end_that_is_set_for_tomorrow_is_told_on_the_same_day(house: House) -> None:
    woman = await Woman(house, "az").reach("group")
    await house.travel(at(2, 24, 14))
    async with house.database.transaction() as tx:
        await tx.run("UPDATE regions SET closes = '2027-02-25' WHERE id = 'lankaran'")
    await house.travel(at(2, 24, 14, 5))
    assert nudged(woman.phone) == ["next day", "closing"]


async def declines(woman: Woman) -> None:
    await woman.phone.tap(woman.phone.last.labels[1])


async def stops(woman: Woman) -> None:
    await woman.phone.write("/cancel")
    await woman.house.settle()
    await woman.phone.tap(woman.phone.last.labels[1])


async def blocks(woman: Woman) -> None:
    await woman.phone.block()


async def says_nothing(woman: Woman) -> None:
    """She has seen the greeting, and begun nothing."""


@pytest.mark.parametrize(
    ("place", "act"), [("consent", declines), ("region", stops), ("region", blocks), ("greeting", says_nothing)]
)
async def test_who_does_not_want_to_or_cannot_be_reached_is_left_alone(
    house: House, place: str, act: Callable[[Woman], Awaitable[None]]
) -> None:
    woman = await Woman(house, "az").reach(place)
    await act(woman)
    await house.settle()
    await house.travel(at(3, 20, 12))
    assert nudged(woman.phone) == []
    assert await crew.rows(house, "SELECT count(*) FROM nudges") == [(0,)]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_nudge_speaks_her_language_and_its_first_words_tell_nothing(house: House, language: str) -> None:
    woman = await Woman(house, language).reach("region")
    await house.travel(at(2, 23, 12))
    await house.travel(at(3, 14, 12))
    for message in woman.phone.received[-2:]:
        assert woman.understands(message.text)
        assert all(woman.understands(label) for label in message.labels)
    async with house.database.reading() as tx:
        words = await programme.all_words(tx)
    telling = [text for fields in words.values() for field in fields.values() for text in field.values()]
    for notice in woman.phone.lock_screen[-2:]:
        assert not [text for text in telling if text[:12] in notice.text]


async def unfinished(house: House, count: int, left: int) -> None:
    """So many women in chats of their own who stopped at a moment."""
    async with house.database.transaction() as tx:
        desk = Desk(tx, house.clock.now(), Texts.load(), Config())
        known = await people.welcome(tx, 1, left)
        person = await people.by_id(tx, known)
        assert person
        await asked.begin(desk, person, 1, "registration")
        [opened] = await sheets.open_of(tx, known)
        for chat in range(2, count + 1):
            hers = await people.welcome(tx, chat, left)
            key = f"key{chat}"
            await sheets.open_sheet(
                tx, Sheet(key, opened.form, opened.definition, hers, chat, "", "open", "name", left)
            )


async def test_a_thousand_are_written_to_in_batches_each_once(house: House) -> None:
    await unfinished(house, 1_000, house.clock.now())
    sizes, more = [], True
    while more:
        async with house.database.transaction() as tx:
            desk = Desk(tx, at(2, 23, 11), Texts.load(), Config())
            more = await nudges.nudge(desk)
            sizes.append(len(desk.letters))
    assert sizes == [nudges.AT_ONCE] * 10 + [0]
    assert await crew.rows(house, "SELECT count(*), count(DISTINCT person) FROM nudges") == [(1_000, 1_000)]
    async with house.database.transaction() as tx:
        again = Desk(tx, at(2, 23, 12), Texts.load(), Config())
        assert not await nudges.nudge(again)
    assert again.letters == []


async def test_what_cannot_leave_by_daylight_is_of_no_use_any_more(house: House) -> None:
    await Woman(house, "az").reach("region")
    await house.travel(at(2, 23, 12))
    assert await crew.rows(house, "SELECT useless_after FROM outbox WHERE key GLOB 'nudge:*'") == [(at(2, 23, 20),)]
