"""A sandbox with its page, a sample bot, and Debian's Chromium looking at it at two widths."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from tests.browser.diary import Diary
from tests.browser.sample_bot import SampleBot

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KEY = "key-of-the-browser-tests"
MORNING = 1_772_517_600_000  # 3 March 2026, 10:00 in Baku
PHONE = (360, 740)
DESK = (1200, 800)


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
async def sandbox(diary: Diary) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(VirtualClock(MORNING), bot_username="sample_bot", bot_name="Nümunə bot")
    diary.clock = sandbox.clock
    await sandbox.start(page_key=KEY, next_event=diary.next_event, settled=diary.settled)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[SampleBot]:
    async with SampleBot(f"{sandbox.api_url}/bot{sandbox.token}") as bot:
        yield bot


@pytest.fixture
def installed() -> Path:
    if not CHROMIUM.exists():
        pytest.skip("there is no chromium on this machine: 'apt-get install chromium' brings it")
    return CHROMIUM


@pytest.fixture
async def chromium(installed: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=installed, args=OPTIONS)
        yield browser
        await browser.close()


async def opened(
    chromium: Browser, sandbox: Sandbox, size: tuple[int, int], faults: list[str], query: str = ""
) -> Page:
    """The page in a window of a size; everything the browser complains of is put into `faults`."""
    page = await chromium.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(10_000)

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(f"{sandbox.api_url}/?key={KEY}{query}")
    return page


@pytest.fixture
def faults() -> list[str]:
    return []


@pytest.fixture
async def phone(chromium: Browser, sandbox: Sandbox, bot: SampleBot, faults: list[str]) -> AsyncIterator[Page]:
    """The page as a cheap phone shows it; it must not have complained of anything."""
    yield await opened(chromium, sandbox, PHONE, faults)
    assert faults == []


@pytest.fixture
async def desk(chromium: Browser, sandbox: Sandbox, bot: SampleBot, faults: list[str]) -> AsyncIterator[Page]:
    """The page in a wide window; it must not have complained of anything."""
    yield await opened(chromium, sandbox, DESK, faults)
    assert faults == []
