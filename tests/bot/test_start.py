"""The first message, and what /start means later."""

import pytest

from sandbox.phone import Phone
from tests.bot import crew
from tests.bot.women import Woman
from tests.conftest import House


@pytest.mark.parametrize(
    ("phone_speaks", "marked"),
    [("az", "✓ Azərbaycanca"), ("ru", "✓ Русский"), ("en", "✓ English"), ("ru-RU", ""), ("tr", ""), (None, "")],
)
async def test_the_first_message_is_azerbaijani_whatever_the_phone_says(
    phone_speaks: str | None, marked: str, house: House
) -> None:
    phone = house.phone(language_code=phone_speaks)
    await phone.start()
    await house.settle()
    assert len(phone.received) == 1
    assert phone.last.text.startswith("Salam!")
    *languages, begin = phone.last.rows
    labels = [button.text for row in languages for button in row]
    assert [label.removeprefix("✓ ") for label in labels] == ["Azərbaycanca", "Русский", "English"]
    assert [label for label in labels if label.startswith("✓")] == ([marked] if marked else [])
    assert [button.text for button in begin] == ["Başlayaq"]


async def test_the_greeting_is_said_to_whatever_comes_first(house: House) -> None:
    phone = house.phone()
    await phone.send("voice")
    await house.settle()
    assert phone.last.text.startswith("Salam!")


async def test_a_chosen_language_changes_the_greeting_in_place(house: House) -> None:
    phone = house.phone(language_code="en")
    await phone.start()
    await phone.tap("Русский")
    await house.settle()
    assert len(phone.received) == 1
    assert phone.last.text.startswith("Здравствуйте!")
    assert "✓ Русский" in phone.last.labels and "Начать" in phone.last.labels


async def test_ten_inputs_after_start_lead_to_registered(house: House) -> None:
    woman = await Woman(house, "az").reach("greeting")
    inputs = 0
    for step in (
        lambda: woman.tap("b/registration"),
        woman.tap_first,
        lambda: woman.write("Aygün"),
        woman.tap_first,
        woman.tap_first,
        woman.tap_first,
        woman.tap_done,
        woman.tap_done,
        woman.phone.share_contact,
        woman.tap_first,
    ):
        await step()
        await house.settle()
        inputs += 1
    assert inputs == 10
    assert "qeydiyyatdan keçdiniz" in woman.phone.last.text
    assert (await crew.person(house, woman.phone)).state == "registered"


async def test_start_goes_on_where_she_stopped(house: House) -> None:
    woman = await Woman(house, "ru").reach("region")
    await woman.phone.start()
    await house.settle()
    assert woman.phone.last.text.startswith("Продолжаем")
    assert "3 / 8" in woman.phone.last.text
    assert (await woman.answers())["registration:name"] == '"Aygün Nümunəli"'


async def test_start_shows_her_menu_to_a_registered_woman(house: House) -> None:
    woman = await Woman(house, "en").reach("menu")
    await woman.phone.start("whatever")
    await house.settle()
    assert [button.data for button in woman.phone.last.buttons] == [
        "m/days",
        "m/data",
        "m/recommend",
        "m/settings",
        "m/help",
        "m/privacy",
        "m/household",
    ]


@pytest.mark.parametrize("item", ["days", "data", "recommend", "settings", "help", "privacy", "household"])
async def test_every_button_of_the_menu_shows_something(item: str, house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    await woman.phone.start()
    await house.settle()
    menu = woman.phone.last.text
    await woman.phone.tap(f"m/{item}")
    await house.settle()
    assert woman.phone.presses[-1].answered
    assert woman.phone.last.text != menu


@pytest.mark.parametrize("item", ["settings", "help", "privacy"])
async def test_what_is_shown_in_the_place_of_the_menu_leads_back_to_it(item: str, house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    await woman.phone.start()
    await house.settle()
    menu, count = woman.phone.last.text, len(woman.phone.received)
    for data in (f"m/{item}", "m/menu"):
        await woman.phone.tap(data, woman.phone.last)
        await house.settle()
    assert woman.phone.last.text == menu
    assert len(woman.phone.received) == count


async def test_who_is_not_registered_is_led_to_the_registration(house: House) -> None:
    woman = await Woman(house, "az").reach("greeting")
    for data in ("m/data", "m/recommend", "m/menu", "b/recommendation"):
        await woman.forge(data)
        await house.settle()
        assert woman.phone.last.labels == ["Başlayaq"], data


async def test_two_quick_taps_on_begin_ask_once(house: House) -> None:
    woman = await Woman(house, "az").reach("greeting")
    greeting = woman.phone.last
    await woman.phone.tap("b/registration", greeting)
    await woman.phone.press_raw("b/registration", greeting.message_id)
    await house.settle()
    assert len(woman.phone.received) == 2
    assert await crew.rows(house, "SELECT count(*) FROM sheets") == [(1,)]


async def test_two_women_have_two_sheets(house: House) -> None:
    phones: list[Phone] = [(await Woman(house, "az").reach("name")).phone for _ in range(2)]
    await phones[0].write("Aygün")
    await phones[1].write("Nigar")
    await house.settle()
    assert await crew.rows(house, "SELECT value FROM answers WHERE question = 'name' ORDER BY value") == [
        ('"Aygün"',),
        ('"Nigar"',),
    ]
