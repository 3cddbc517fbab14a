"""The whole way on a cheap phone, 360 px wide, in Azerbaijani: from Start to the spreadsheet, by time travel."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from bot.seams import Seams
from sandbox import cast
from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from tests.bot import crew
from tests.browser.conftest import DESK, KEY, PHONE, opened
from tests.conftest import START, TOKEN, House, apply_sample, configuration

pytestmark = pytest.mark.browser

WOMAN, ORGANISER = cast.WOMEN[0], cast.ORGANISER


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The real bot behind the chat page."""
    clock, running = VirtualClock(round(START.timestamp() * 1000)), list[House]()
    sandbox = Sandbox(clock, token=TOKEN)
    await sandbox.start(
        page_key=KEY,
        next_event=lambda: running[0].app.next_event(),
        settled=lambda: running[0].app.settled(),
    )
    built = House(tmp_path, sandbox, clock, configuration(tmp_path, sandbox.api_url, encrypted=True), Seams())
    running.append(built)
    await built.open()
    await apply_sample(built.database, clock.now())
    yield built
    await sandbox.stop()
    await built.close()


class Hand:
    """A thumb on the page: it taps what it reads, and takes a picture of each screen."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder, self.pictures = page, folder, 0
        folder.mkdir(exist_ok=True)

    async def open(self, person: int | None) -> None:
        await self.page.locator(f'[data-person="{person}"]').click()

    async def tap(self, label: str) -> None:
        """Press the newest inline button of that label, or the key of the keyboard."""
        buttons = self.page.locator(".inline-button, .keyboard button, .only")
        await buttons.filter(has_text=re.compile(f"^{re.escape(label)}$")).last.click()

    async def write(self, text: str) -> None:
        await self.page.locator(".entry textarea").fill(text)
        await self.page.locator(".send").click()

    async def reads(self, text: str) -> None:
        await expect(self.page.locator(".messages")).to_contain_text(text)

    async def picture(self, name: str) -> None:
        self.pictures += 1
        await self.page.wait_for_timeout(150)
        await self.page.screenshot(path=self.folder / f"{self.pictures:02d}-{name}.png")


async def register(hand: Hand) -> None:
    """Eleven inputs from Start to 'you are registered'."""
    await hand.picture("before-start")
    await hand.tap("BAŞLA")
    await hand.reads("Qeydiyyat iki dəqiqə çəkir")
    await hand.picture("greeting")
    await hand.tap("Başlayaq")
    await hand.picture("consent")
    await hand.tap("Bəli, razıyam")
    await hand.reads("adınızı")
    await hand.write("Aygün Nümunəli")
    await hand.picture("region")
    await hand.tap("Lənkəran")
    await hand.picture("group")
    await hand.tap("Qadın icması")
    await hand.picture("age")
    await hand.tap("35–44")
    await hand.reads("nə lazımdır")
    await hand.tap("Uşağa baxan olsun")
    ticked = hand.page.get_by_role("button", name="✓ Uşağa baxan olsun", exact=True)
    await expect(ticked).to_be_visible(timeout=20_000)  # who taps as fast as this waits for her marks: bot/pace.py
    await hand.picture("needs")
    await hand.tap("Hazırdır ›")
    await hand.reads("nəyə icazə verirsiniz")
    await hand.picture("permissions")
    await hand.tap("Hazırdır ›")
    await hand.reads("telefon nömrənizi yazın")
    await hand.picture("phone")
    await hand.tap("Bu sualı keç ›")
    await hand.picture("card")
    await hand.tap("✓ Göndər")
    await hand.reads("qeydiyyatdan keçdiniz")
    await hand.picture("registered")


async def travel(hand: Hand, target: str) -> None:
    """Move the time by the page's own buttons."""
    page = hand.page
    await page.locator(".now").click()
    await page.locator(f'[data-travel="{target}"]').click()
    await expect(page.locator(".travel .stop")).to_be_hidden(timeout=20_000)
    if target == "next":
        await hand.picture("time-travel")
    await page.locator(".side-close").click()


async def test_a_woman_walks_from_start_to_the_survey(
    house: House, chromium: Browser, faults: list[str], tmp_path: Path
) -> None:
    page = await opened(chromium, house.sandbox, PHONE, faults)
    hand = Hand(page, tmp_path / "screens")
    await hand.open(WOMAN.id)
    await register(hand)
    await house.travel(days=7, hours=10)
    await hand.reads("Sabah görüşümüz var")
    await hand.picture("reminder")
    await hand.tap("Gələcəyəm")
    await expect(page.get_by_role("button", name="✓ Gələcəyəm", exact=True)).to_be_visible()
    await hand.picture("coming")
    await page.get_by_role("button", name="People").click()
    await travel(hand, "day")
    await hand.open(WOMAN.id)
    await hand.reads("Bugünkü təlim sizə nə qədər faydalı oldu?")
    await hand.picture("survey")
    for number, label in enumerate(("4", "Tam yerində", "Bəli", "Bəli"), start=2):
        await hand.tap(label)
        await hand.reads(f"{number} / 5")  # the next question is there, before it is answered
    await hand.tap("Bu sualı keç ›")
    await hand.reads("Çox sağ olun!")
    await hand.picture("survey-done")
    assert await crew.rows(house, "SELECT answer FROM intents") == [("coming",)]
    assert await crew.rows(house, "SELECT state FROM sealed_sheets") == [("submitted",)]
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE[0]
    assert faults == []


async def test_an_organiser_sees_writes_and_takes_the_spreadsheet(
    house: House, chromium: Browser, faults: list[str], tmp_path: Path
) -> None:
    await crew.woman(house, "Aygün Nümunəli")
    await crew.woman(house, "Sevda Nümunəli", "quba", "ru")
    await crew.member(house, "owner", ORGANISER.name, id=ORGANISER.id)
    page = await opened(chromium, house.sandbox, PHONE, faults)
    hand = Hand(page, tmp_path / "screens")
    await hand.open(ORGANISER.id)
    await hand.write("/status")
    await hand.reads("Qeydiyyat: 2 / 100")
    await hand.picture("status")
    await hand.write("/note")
    await hand.tap("Bütün regionlar")
    await hand.reads("elanın mətnini yazıb göndərin")
    await hand.write("Sabah su götürün.")
    await hand.reads("İştirakçılar elanı yuxarıdakı kimi görəcək")
    await hand.picture("note-preview")
    await hand.tap("Göndər")
    await house.travel(hours=0.1)
    await hand.reads("Göndərildi: 2 / 2")
    await hand.picture("note-sent")
    await hand.write("/export")
    async with page.expect_download() as download:
        await page.locator("a.file").click()
    file = tmp_path / "export.xlsx"
    await (await download.value).save_as(file)
    await hand.picture("export")
    book = CalamineWorkbook.from_path(file)
    names = [row[0] for row in book.get_sheet_by_index(0).to_python()[1:]]
    assert sorted(map(str, names)) == ["Aygün Nümunəli", "Sevda Nümunəli"]
    assert faults == []


async def test_the_picture_of_the_readme(house: House, chromium: Browser, faults: list[str], tmp_path: Path) -> None:
    """What stands at the top of the README is this page; `make screenshot` takes it anew."""
    page = await opened(chromium, house.sandbox, DESK, faults)
    hand = Hand(page, tmp_path / "screens")
    await hand.open(WOMAN.id)
    await register(hand)
    await house.travel(days=7, hours=10)
    await hand.reads("Sabah görüşümüz var")
    await hand.tap("Gələcəyəm")
    await expect(page.get_by_role("button", name="✓ Gələcəyəm", exact=True)).to_be_visible()
    await page.wait_for_timeout(300)
    await page.screenshot(path=tmp_path / "sandbox.png")
    assert (tmp_path / "sandbox.png").stat().st_size > 20_000
    assert faults == []
