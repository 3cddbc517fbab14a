"""Around the chat: people, lock screen, time travel, and a sandbox that goes away and comes back."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from sandbox.cast import CAST, WOMEN
from sandbox.phone import Phone
from sandbox.server import Sandbox
from tests.browser.conftest import KEY, MORNING
from tests.browser.diary import Diary
from tests.browser.sample_bot import SampleBot
from tests.browser.test_chat import choose, start, write

pytestmark = pytest.mark.browser

AYGUN, SEVDA = WOMEN[:2]
HOUR = 3_600_000


async def test_the_cast_is_listed_with_its_last_lines(desk: Page, bot: SampleBot, tmp_path: Path) -> None:
    await expect(desk.locator(".person")).to_have_count(len(CAST))
    await start(desk, SEVDA.id)
    await start(desk, AYGUN.id)
    await bot.say(SEVDA.id or 0, "Sabah görüşərik")
    entry = desk.locator(f'[data-person="{SEVDA.id}"]')
    await expect(entry.locator(".last")).to_have_text("Sabah görüşərik")
    await expect(entry.locator(".unread")).to_have_text("1")
    await desk.screenshot(path=tmp_path / "desk.png")
    await choose(desk, SEVDA.id)
    await expect(entry.locator(".unread")).to_have_count(0)


async def test_a_phone_shows_list_or_chat_and_a_desk_both(phone: Page, desk: Page) -> None:
    for page, beside in ((phone, False), (desk, True)):
        await choose(page, AYGUN.id)
        await expect(page.locator("#chat")).to_be_visible()
        await expect(page.locator("#people")).to_be_visible(visible=beside)
        await expect(page.locator("#side")).to_be_visible(visible=beside)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_person_can_be_added(phone: Page, tmp_path: Path) -> None:
    await phone.get_by_role("button", name="Add a person").click()
    await phone.get_by_label("Name").fill("Sevinc (nümunə)")
    await phone.get_by_label("Language of her phone").select_option("ru")
    await phone.screenshot(path=tmp_path / "add.png")
    await phone.get_by_role("button", name="Add", exact=True).click()
    await expect(phone.locator("#chat .title")).to_contain_text("Sevinc (nümunə)")
    await expect(phone.get_by_role("button", name="СТАРТ")).to_be_visible()


async def test_the_lock_screen_shows_sixty_characters(phone: Page, bot: SampleBot, tmp_path: Path) -> None:
    await start(phone)
    await bot.say(AYGUN.id or 0, "Bu mesaj uzundur: " + "ə" * 60)
    await phone.get_by_role("button", name="Lock screen and time travel").click()
    note = phone.locator(".notes li").first
    await expect(note).to_contain_text("Nümunə bot")
    await expect(note.locator("span").last).to_have_text("Bu mesaj uzundur: " + "ə" * 42)
    await phone.screenshot(path=tmp_path / "lock.png")


async def test_she_blocks_and_unblocks_the_bot(phone: Page, bot: SampleBot, sandbox: Sandbox) -> None:
    await start(phone)
    await phone.get_by_role("button", name="More", exact=True).click()
    await phone.get_by_role("button", name="Block the bot").click()
    await expect(phone.get_by_role("button", name="BLOKDAN ÇIXAR")).to_be_visible()
    assert sandbox.world.people[AYGUN.id or 0].blocked
    await phone.get_by_role("button", name="BLOKDAN ÇIXAR").click()
    await expect(phone.locator(".entry")).to_be_visible()
    assert not sandbox.world.people[AYGUN.id or 0].blocked


async def test_a_travel_stands_at_each_event_on_its_way(
    desk: Page, bot: SampleBot, diary: Diary, sandbox: Sandbox, tmp_path: Path
) -> None:
    await start(desk)
    moments = [MORNING + hours * HOUR for hours in (2, 5, 20, 30)]
    gate = asyncio.Event()

    async def remind() -> None:
        await gate.wait()
        await bot.say(AYGUN.id or 0, "Xatırlatma")

    for moment in moments:
        diary.plan(moment, remind)
    await expect(desk.locator(".travel-next")).to_contain_text("Tue 3 Mar 2026, 12:00")
    await desk.get_by_role("button", name="To the next event").click()
    await expect(desk.locator(".travel-going")).to_contain_text("Going through Tue 3 Mar 2026, 12:00")
    await expect(desk.get_by_role("button", name="A day on")).to_be_disabled()
    await desk.screenshot(path=tmp_path / "travelling.png")
    gate.set()
    await expect(desk.locator(".theirs").get_by_text("Xatırlatma")).to_be_visible()
    assert diary.kept == moments[:1]
    await desk.get_by_role("button", name="A day on").click()
    await expect(desk.locator(".travel-going")).to_have_text("Arrived. Stops on the way: 2.")
    await desk.screenshot(path=tmp_path / "travelled.png")
    assert diary.kept == moments[:3]
    assert sandbox.clock.now() >= MORNING + 26 * HOUR
    shown = [await one.inner_text() for one in await desk.locator(".theirs .meta").all()]
    assert shown[1:] == ["12:00", "15:00", "06:00"]


async def test_a_lost_connection_is_said_and_found_again(
    desk: Page, sandbox: Sandbox, bot: SampleBot, faults: list[str]
) -> None:
    await start(desk)
    port = sandbox.port
    await sandbox.stop()
    await expect(desk.locator("#notice")).to_have_text("Connection lost, trying again …")
    await sandbox.start(port, page_key=KEY)
    await expect(desk.locator("#notice")).to_be_hidden()
    await write(desk, "Mən buradayam")
    await expect(desk.locator(".mine").last).to_have_text(re.compile("Mən buradayam"))
    assert all("net::ERR" in fault for fault in faults)
    faults.clear()


async def test_everything_can_be_reached_and_read_with_the_keyboard(phone: Page) -> None:
    await phone.locator(f'[data-person="{AYGUN.id}"]').focus()
    await phone.keyboard.press("Enter")
    await phone.get_by_role("button", name="BAŞLA").focus()
    await phone.keyboard.press("Enter")
    await expect(phone.locator(".message.theirs")).to_have_count(1)
    unnamed = "all => all.filter(one => one.offsetParent && !one.innerText.trim() && !one.ariaLabel).length"
    assert await phone.locator("button").evaluate_all(unnamed) == 0


async def test_a_weak_phone_holds_two_hundred_messages(phone: Page, sandbox: Sandbox) -> None:
    await start(phone)
    her = Phone(sandbox.world, sandbox.world.people[AYGUN.id or 0])
    for number in range(220):
        await her.write(f"Mesaj {number}")
    await expect(phone.locator(".message").last).to_contain_text("Mesaj 219")
    await expect(phone.locator(".message")).to_have_count(200)
