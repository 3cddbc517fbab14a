"""Forms in the chat: which sheet an answer goes to, what a button may do, and what is never shown back."""

import json

from forms import load
from forms.model import Choice, Text
from handlers import definitions
from storage import programme, sheets, surveys
from storage.programme import Region
from tests.bot import crew
from tests.bot.women import Woman
from tests.conftest import FIRST_DAY, HOUR, House


async def surveyed(house: House) -> Woman:
    """A woman who has just been invited to the survey of her first day."""
    woman = await Woman(house, "az").reach("menu")
    end = programme.moment(FIRST_DAY, (await first_session(house)).ends, "Asia/Baku")
    await house.travel(end + HOUR)
    assert "1 / 5" in woman.phone.last.text
    return woman


async def first_session(house: House) -> programme.Session:
    async with house.database.reading() as tx:
        session = await programme.session(tx, "lankaran-1")
    assert session
    return session


async def kept(house: House, woman: Woman) -> dict[str, object]:
    """What stands, sealed, on her sheet of the survey."""
    person = await crew.person(house, woman.phone)
    async with house.database.reading() as tx:
        return dict((await surveys.open_of(tx, person.id))[0].answers)


async def test_words_answer_the_question_asked_last(house: House) -> None:
    """A recommendation waits for words; then the survey asks for words; then the recommendation again."""
    woman = await surveyed(house)
    invitation = woman.phone.last
    await woman.write("/recommend")
    await house.settle()
    await woman.tap_first()  # the area; now it asks for the place, in words
    await house.settle()
    for at in range(4):  # four taps in the survey; now that one asks for words
        await woman.phone.tap(invitation.labels[0] if at == 0 else woman.phone.last.labels[0])
        await house.settle()
    await woman.write("Daha çox fasilə")
    await house.settle()
    assert "recommendation:place" not in await woman.answers()
    await woman.write("Nümunə kəndi")
    await house.settle()
    assert json.loads((await woman.answers())["recommendation:place"]) == "Nümunə kəndi"


async def test_an_answer_goes_to_the_question_asked_last_although_the_clock_was_turned_back(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    await woman.write("/start")
    await house.settle()
    await woman.tap("m/data")
    await house.settle()
    await woman.phone.tap("✎ Ad və soyad")
    await house.settle()
    house.clock.set_wall_back(3 * 60_000)
    await woman.write("/recommend")
    await house.settle()
    await woman.tap_first()  # now the place is asked for, in words, as the name is
    await house.settle()
    await woman.write("Nizami küçəsi")
    await house.settle()
    answers = await woman.answers()
    assert json.loads(answers["recommendation:place"]) == "Nizami küçəsi"
    assert "Nizami" not in answers["registration:name"]


async def test_a_number_after_an_invitation_answers_the_survey_although_an_older_sheet_would_take_it(
    house: House,
) -> None:
    woman = await Woman(house, "az").reach("menu")
    await woman.write("/recommend")
    await house.settle()
    await house.travel((await first_session(house)).ends_at + HOUR)
    await woman.write("3")
    await house.settle()
    assert "recommendation:area" not in await woman.answers()
    assert await kept(house, woman) == {"useful": 3}


async def test_of_two_surveys_the_one_asked_last_gets_the_answer(house: House) -> None:
    woman = await surveyed(house)
    earlier = woman.phone.last
    await house.travel((await first_session(house)).ends_at + 25 * HOUR)
    await woman.phone.tap("4", earlier)
    await house.settle()
    await woman.write("1")
    await house.settle()
    assert await kept(house, woman) == {"useful": 4, "pace": "slow"}


async def test_only_the_newest_button_to_go_on_asks_once_more(house: House) -> None:
    woman = await Woman(house, "az").reach("region")
    await woman.write("/cancel")
    await house.settle()
    onward, message = str(woman.phone.last.buttons[0].data), woman.phone.last.message_id
    count = len(woman.phone.received)
    for _ in range(2):
        await woman.phone.press_raw(onward, message)
        await house.settle()
    assert len(woman.phone.received) == count + 1


async def test_how_far_she_went_in_a_survey_cannot_be_told_from_the_number_of_a_sheet_with_her_name(
    house: House,
) -> None:
    """That one is kept after the closing, and goes into backups."""
    woman = await surveyed(house)
    survey = woman.phone.last
    number = "SELECT asked FROM sheets WHERE form = 'recommendation'"
    await woman.write("/recommend")
    await house.settle()
    [(before,)] = await crew.rows(house, number)
    await woman.phone.tap("4", survey)
    await house.settle()
    for _ in range(2):
        await woman.phone.tap(woman.phone.last.labels[0])
        await house.settle()
    await woman.write("/recommend")
    await house.settle()
    assert await crew.rows(house, number) == [(before + 1,)]


async def test_words_that_the_last_question_cannot_take_go_to_the_one_that_asks_for_words(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    await woman.write("/recommend")
    await house.settle()
    await woman.tap_first()  # now it asks for the place, in words
    await house.settle()
    await house.travel((await first_session(house)).ends_at + HOUR)
    survey = woman.phone.last
    await woman.write("Nümunə kəndi")
    await house.settle()
    assert json.loads((await woman.answers())["recommendation:place"]) == "Nümunə kəndi"
    await woman.phone.tap("4", survey)
    await house.settle()
    assert await kept(house, woman) == {"useful": 4}


async def test_an_anonymous_answer_is_neither_shown_nor_sent_back(house: House) -> None:
    woman = await surveyed(house)
    texts = [message.text for message in woman.phone.received]
    await woman.phone.tap("4")
    await house.settle()
    assert [message.text for message in woman.phone.received][: len(texts)] == texts
    assert "✓" not in "".join(label for message in woman.phone.received[-2:] for label in message.labels)
    await woman.phone.tap("‹ Geri")
    await house.settle()
    assert "✓" not in "".join(woman.phone.last.labels)
    assert await kept(house, woman) == {"useful": 4}


async def test_trying_the_buttons_of_an_anonymous_question_tells_nothing(house: House) -> None:
    """Whoever holds her phone could press every choice of a question that was answered, and compare what is said."""
    woman = await surveyed(house)
    choices = [str(button.data) for button in woman.phone.last.buttons]
    await woman.phone.tap("4")
    await house.settle()
    for data in choices:
        await woman.forge(data)
    await house.settle()
    assert len(choices) == 5
    assert len(set(woman.phone.toasts[-5:])) == 1
    assert await kept(house, woman) == {"useful": 4}


async def test_an_older_button_says_what_became_of_its_question(house: House) -> None:
    woman = await Woman(house, "en").reach("group")
    data, message = woman.past[-1]  # the region she chose
    await woman.phone.press_raw(data.removesuffix("/1") + "/2", message)
    await house.settle()
    assert woman.phone.toasts == []
    assert "You have already answered this question." in woman.phone.last.text
    assert json.loads((await woman.answers())["registration:region"]) == "lankaran"


async def test_a_changed_form_leaves_open_sheets_as_they_were(house: House) -> None:
    """A region is added while she is asked; her sheet keeps the definition it began with, a new one gets the new."""
    woman = await Woman(house, "az").reach("region")
    async with house.database.transaction() as tx:
        await programme.put_region(tx, Region("sumqayit", -1, 10))
        await programme.put_words(tx, "region:sumqayit", {"name": {"az": "Sumqayıt"}, "in": {"az": "Sumqayıtda"}})
    assert woman.phone.last.labels[0] == "Lənkəran"
    await woman.tap_first()
    await house.settle()
    assert json.loads((await woman.answers())["registration:region"]) == "lankaran"
    other = await Woman(house, "az").reach("region")
    assert other.phone.last.labels[0] == "Sumqayıt"
    stored = await crew.rows(house, "SELECT hash, body FROM definitions WHERE form = 'registration'")
    assert len(stored) == 2
    assert all(load.digest(load.from_json(body)) == digest for digest, body in stored)


async def test_forms_are_kept_in_memory_up_to_a_limit(house: House) -> None:
    form = definitions.shipped("registration")
    async with house.database.transaction() as tx:
        for number in range(definitions.KEPT + 3):
            filled = form.with_choices("regions", [Choice(f"r{number}", Text(str(number)))])
            digest = load.digest(filled)
            await sheets.put_definition(tx, digest, "registration", load.to_json(filled))
            assert await definitions.by_hash(tx, digest) == filled
    assert len(definitions._read) <= definitions.KEPT


async def test_what_was_stopped_is_deleted_and_what_was_not_is_kept(house: House) -> None:
    woman = await Woman(house, "ru").reach("region")
    await woman.write("/cancel")
    await house.settle()
    assert "registration:name" in await woman.answers()
    await woman.phone.tap("Остановить и удалить")
    await house.settle()
    assert await woman.answers() == {}


async def test_an_update_that_comes_twice_counts_once(house: House) -> None:
    woman = await Woman(house, "az").reach("name")
    update = await woman.phone.write("Aygün")
    await house.settle()
    count = len(woman.phone.received)
    await woman.phone.replay(update)
    await house.settle()
    assert len(woman.phone.received) == count
