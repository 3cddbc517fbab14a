"""/help, and what nobody expected."""

import re

import pytest

from tests.bot import crew
from tests.bot.women import LANGUAGES, Woman
from tests.conftest import House


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_command_that_help_names_is_answered(language: str, house: House) -> None:
    woman = await Woman(house, language).reach("menu")
    await woman.write("/help")
    await house.settle()
    named = re.findall(r"/[a-z]+", woman.phone.last.text)
    assert len(named) == 6
    for command in named:
        await woman.write(command)
        await house.settle()
        assert "/help" not in woman.phone.last.text, command  # that is what an unknown command is told


@pytest.mark.parametrize(
    ("role", "named"),
    [
        ("organiser", {"/status", "/note", "/register", "/export", "/invite", "/team"}),
        ("trainer", {"/status"}),
        ("monitor", {"/status"}),
    ],
)
async def test_the_team_is_told_its_own_commands_and_organisers_the_roster(
    role: str, named: set[str], house: House
) -> None:
    member = await crew.member(house, role)
    await member.write("/help")
    await house.settle()
    _, _, own = member.last.text.partition("Komanda üçün")
    assert set(re.findall(r"/[a-z]+", own)) == named
    assert (".xlsx, .csv" in own) == (role == "organiser")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_not_understood_can_be_passed_on_with_one_tap(language: str, house: House) -> None:
    woman = await Woman(house, language).reach("menu")
    update = await woman.phone.write("Uşağımı gətirə bilərəm?")
    await house.settle()
    assert f"q/{update['message']['message_id']}" in [button.data for button in woman.phone.last.buttons]


@pytest.mark.parametrize("place", ["region", "phone", "card"])
async def test_words_that_a_form_cannot_take_can_be_passed_on_too(place: str, house: House) -> None:
    woman = await Woman(house, "az").reach(place)
    update = await woman.phone.write("Uşağımı gətirə bilərəm?")
    await house.settle()
    buttons = [button.data for message in woman.phone.received[-2:] for button in message.buttons]
    assert f"q/{update['message']['message_id']}" in buttons


async def test_news_of_the_chat_itself_is_not_talked_about(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    count = len(woman.phone.received)
    woman.inject(write_access_allowed={})
    await house.settle()
    assert len(woman.phone.received) == count
