"""The registration on a cheap phone, 360 px wide, in each language: every text fits its screen and its button."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from forms import load
from sandbox import cast
from tests.browser.conftest import PHONE, opened
from tests.browser.test_way import Hand, house
from tests.conftest import House
from tests.model.reading import said

__all__ = ["house"]
pytestmark = pytest.mark.browser

LANGUAGES = {"az": "✓ Azərbaycanca", "ru": "Русский", "en": "English"}
CUT = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_woman_registers_in_her_language(
    language: str, house: House, chromium: Browser, faults: list[str], tmp_path: Path
) -> None:
    questions = {question.key: question for question in load.shipped("registration").questions}
    page = await opened(chromium, house.sandbox, PHONE, faults)
    hand = Hand(page, tmp_path / "screens")

    async def look(name: str) -> None:
        await house.settle()
        await hand.picture(f"{language}-{name}")
        assert await page.locator(".inline-button, .keyboard button").evaluate_all(CUT) == []

    await hand.open(cast.WOMEN[0].id)
    await hand.tap("BAŞLA")
    await house.settle()
    await hand.tap(LANGUAGES[language])
    await look("greeting")
    await hand.tap(said("way.begin", language))
    await look("consent")
    for key in ("consent", "name", "region", "group", "age", "needs", "permissions"):
        question = questions[key]
        await hand.reads(question.text.said(language).partition("\n")[0] if key != "consent" else "1 / 8")
        await look(key)
        if key == "name":
            await hand.write("Aygün Nümunəli")
        elif key == "region":
            await hand.write("Zagatala")
        elif key in ("needs", "permissions"):
            await hand.tap(question.choices[0].label.said(language))
            await look(f"{key}-ticked")
            await hand.tap(said("sheet.done", language))
        else:
            await hand.tap(question.choices[0].label.said(language))
        await house.settle()
    await look("phone")
    await hand.tap(said("sheet.skip", language))
    await look("card")
    await hand.tap(said("sheet.send", language))
    await house.settle()
    await look("registered")
    await hand.tap(said("way.menu", language))
    await look("menu")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert faults == []
