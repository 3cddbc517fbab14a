"""/settings: the language."""

import pytest

from tests.bot import crew
from tests.bot.women import Woman
from tests.conftest import House


@pytest.mark.parametrize(("language", "words"), [("az", "Hansı"), ("ru", "На каком"), ("en", "Which")])
async def test_the_settings_speak_the_chosen_language_and_mark_it(language: str, words: str, house: House) -> None:
    woman = await Woman(house, "en" if language == "az" else "az").reach("greeting")
    await woman.write("/settings")
    await house.settle()
    await woman.tap(f"s/{language}")
    await house.settle()
    assert woman.phone.last.text.startswith(words)
    assert [b.data for b in woman.phone.last.buttons if b.text.startswith("✓")] == [f"s/{language}"]
    assert (await crew.person(house, woman.phone)).language == language


async def test_an_open_question_is_asked_in_the_new_language(house: House) -> None:
    woman = await Woman(house, "az").reach("name")
    await woman.write("/settings")
    await house.settle()
    await woman.tap("s/ru")
    await house.settle()
    await woman.phone.tap("Продолжить")
    await house.settle()
    assert "Напишите, пожалуйста" in woman.phone.last.text
