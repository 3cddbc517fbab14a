"""What organisers do, on a cheap phone, 360 px wide, in each language: every screen is short, fits, and leads on."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from sandbox import cast
from sandbox.phone import Phone
from storage import needs, people
from tests.bot import crew, sheets
from tests.bot.test_doubles import on_paper
from tests.bot.test_permissions import act, registered
from tests.bot.test_places import seats
from tests.browser.conftest import PHONE, opened
from tests.browser.test_languages import CUT
from tests.browser.test_way import Hand, house
from tests.conftest import LOOK, PATIENCE, House
from tests.model.reading import choices, said

__all__ = ["house"]
pytestmark = pytest.mark.browser

LANGUAGES = ("az", "ru", "en")
LONGEST = 300  # characters of a message
EXPLAINED = 600  # of one that has to hold more: figures, a merge, a text to pass on
NUMBER = "+994501234567"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARKS = re.compile("[\u2068\u2069]")


class Organiser(Hand):
    """An organiser's thumb: presses what the texts of her language call so, and looks at what comes."""

    def __init__(self, page: Page, folder: Path, phone: Phone, house: House, language: str) -> None:
        super().__init__(page, folder)
        self.phone, self.house, self.language = phone, house, language
        self.seen: dict[int, str] = {}

    async def press(self, key: str, more: str = "") -> None:
        """Tap the button whose label is that text of the interface, and what follows it."""
        await self.choose(said(key, self.language) + more)

    async def choose(self, label: str) -> None:
        await self.done(self.tap(label))

    async def answer(self, question: str) -> None:
        """Tap the first choice of a question of the registration."""
        await self.choose(next(iter(choices("registration", question, self.language).values())))

    async def say(self, text: str) -> None:
        await self.done(self.write(text))

    async def done(self, act: Awaitable[None]) -> None:
        """Do it, wait until it has come from the page to Telegram, and until the bot has said all it has to say."""
        before = self.acts()
        await act
        async with asyncio.timeout(PATIENCE):
            while self.acts() == before:
                await asyncio.sleep(LOOK)
        await self.house.settle()

    def acts(self) -> int:
        """How many buttons she has pressed and messages she has sent."""
        return len(self.phone.presses) + sum(not message.from_bot for message in self.phone.messages)

    async def look(self, name: str, longest: int = LONGEST) -> str:
        """Take a picture of what is new: short, not cut off, and it leads on, unless it is a file; return its text."""
        new = [each for each in self.phone.received if self.seen.get(each.message_id) != each.text]
        self.seen |= {each.message_id: each.text for each in new}
        newest = self.page.locator(f'[data-message="{new[-1].message_id}"]')
        await expect(newest.locator(".inline-button")).to_have_text(new[-1].labels)
        await newest.scroll_into_view_if_needed()
        await self.picture(f"{self.language}-{name}")
        assert await self.page.locator(".inline-button, .keyboard button, .theirs .text").evaluate_all(CUT) == []
        texts = [MARKS.sub("", each.text) for each in new]
        assert [text for text in texts if len(text) > longest] == []
        onward = any(each.buttons or each.kind != "text" or re.search(r"\B/[a-z]+", each.text) for each in new)
        assert onward or self.phone.keyboard, texts
        return "\n\n".join(texts)


@pytest.fixture(params=LANGUAGES)
async def hand(
    request: pytest.FixtureRequest, house: House, chromium: Browser, faults: list[str], tmp_path: Path
) -> AsyncIterator[Organiser]:
    """The owner's hand on the chat page, in a language; the page must not have complained, nor grown too wide."""
    phone = await crew.member(house, "owner", cast.ORGANISER.name, id=cast.ORGANISER.id)
    owner = await crew.person(house, phone)
    async with house.database.transaction() as tx:
        await people.set_language(tx, owner.id, phone.id, request.param)
    page = await opened(chromium, house.sandbox, PHONE, faults)
    hand = Organiser(page, tmp_path / "screens", phone, house, request.param)
    await hand.open(cast.ORGANISER.id)
    yield hand
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert faults == []


async def crowded(house: House) -> None:
    """A region with two places: two women who need something, one who waits, and one of them again, on paper."""
    await seats(house, 2)
    for name, phone, needed in (("Aygün Əliyeva", NUMBER, ("child", "access")), ("Sevda Quliyeva", "", ("child",))):
        person = await crew.person(house, await crew.woman(house, name, phone=phone))
        async with house.database.transaction() as tx:
            await needs.put(tx, person.id, needed)
    await crew.woman(house, "Xumar Nümunəli", queues=True)
    await on_paper(house, "Aygun Aliyeva", NUMBER)
    await house.travel(hours=1)


async def test_figures_lead_to_the_waiting_list_and_a_place_is_given_past_it(hand: Organiser) -> None:
    await crowded(hand.house)
    await hand.say("/status")
    figures = await hand.look("status", EXPLAINED)
    for key, count in (("child", 2), ("access", 1)):
        assert f"{choices('registration', 'needs', hand.language)[key]}: {count}" in figures
    await hand.press("status.list", f" {choices('registration', 'region', hand.language)['lankaran']}")
    await hand.look("waiting")
    await hand.choose("1")
    await hand.look("why")
    await hand.say("Uzaq kənddən gəlir")
    assert "2 / 2" in await hand.look("sure")
    await hand.press("waiting.yes")
    assert "Xumar Nümunəli" in await hand.look("given")
    await hand.say("/status")
    assert "3 / 2" in await hand.look("status-after", EXPLAINED)


async def test_possible_doubles_are_compared_merged_and_parted(hand: Organiser) -> None:
    await crowded(hand.house)
    await hand.say("/status")
    await hand.choose(said("status.doubles", hand.language).format(count=1))
    shown = await hand.look("doubles", EXPLAINED)
    assert "Aygün Əliyeva" in shown and "Aygun Aliyeva" in shown
    await hand.press("double.keep.1")
    await hand.look("double-sure", EXPLAINED)
    await hand.press("double.yes")
    await hand.look("merged")
    await hand.press("double.undo")
    await hand.look("undone")
    await hand.press("double.next")
    await hand.press("double.different")
    await hand.look("no-more-doubles")
    await hand.press("sheet.back")
    await hand.look("status-without-doubles", EXPLAINED)


async def test_whom_to_call_leads_to_a_woman_her_code_and_her_erasure(hand: Organiser) -> None:
    await crowded(hand.house)
    await hand.say("/status")
    await hand.press("status.show_calls", ": 1")
    assert "Aygun Aliyeva" in await hand.look("calls", EXPLAINED)
    await hand.choose("1")
    await hand.look("one-to-call")
    await hand.press("status.code")
    assert re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", await hand.look("new-code"))
    await hand.press("status.show_calls")
    await hand.choose("1")
    await hand.press("status.erase")
    await hand.look("erase", EXPLAINED)
    await hand.press("status.erase.no")
    await hand.look("calls-again")


async def test_a_woman_without_telegram_is_registered_and_gets_a_code(hand: Organiser) -> None:
    await hand.say("/register")
    await hand.look("register")
    await hand.press("helping.agreed")
    await hand.look("name")
    await hand.say("Sevda Nümunəli")
    for question in ("region", "group", "age"):
        await hand.look(question)
        await hand.answer(question)
    for question in ("needs", "permissions"):
        await hand.look(question)
        await hand.press("sheet.done")
    await hand.look("phone")
    await hand.say("050 123 45 67")
    assert "Sevda Nümunəli" in await hand.look("card")
    await hand.press("sheet.send")
    assert re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", await hand.look("code"))
    await hand.press("helping.next")
    await hand.look("next")
    await hand.press("helping.agreed")
    await hand.say("/register")
    await hand.look("unfinished")
    await hand.press("helping.drop")
    await hand.look("dropped")
    await hand.say("/register")
    await hand.press("helping.no")
    await hand.look("not-agreed")


async def test_a_link_is_made_to_be_passed_on_counted_and_closed(hand: Organiser) -> None:
    await hand.say("/invite")
    await hand.look("invite")
    await hand.answer("region")
    await hand.look("partner")
    await hand.say("Lənkəran Qadın Evi")
    assert "?start=d_" in await hand.look("picture", EXPLAINED)
    await expect(hand.page.locator(".picture img, img.picture").last).to_be_visible()
    await hand.press("door.list")
    await hand.look("links")
    await hand.choose("1")
    await hand.look("link")
    await hand.press("door.close")
    await hand.look("link-sure")
    await hand.press("door.close")
    await hand.look("link-closed")


async def test_a_sheet_of_women_is_looked_over_before_it_is_written(hand: Organiser) -> None:
    rows = [
        sheets.HEADINGS,
        *(sheets.woman(number) for number in range(4)),
        ("Lalə Nümunəli", "Marsda", *sheets.woman(5)[2:]),
    ]
    await hand.page.get_by_role("button", name="Əlavə et").click()
    async with hand.page.expect_file_chooser() as chooser:
        await hand.page.get_by_role("button", name="Fayl", exact=True).click()
    await (await chooser.value).set_files(FilePayload(name="siyahı.xlsx", mimeType=XLSX, buffer=sheets.xlsx(rows)))
    button = hand.page.get_by_role("button", name=said("roster.apply", hand.language))
    await expect(button).to_be_visible(timeout=20_000)  # a process of its own reads it
    await hand.house.settle()
    shown = await hand.look("roster", EXPLAINED)
    assert said("roster.new", hand.language).format(new=4, held=4, waiting=0) in shown
    assert said("roster.left_out", hand.language).format(wrong=1) in shown
    await hand.press("roster.apply")
    await hand.look("roster-written")
    assert await crew.rows(hand.house, "SELECT count(*) FROM people WHERE via = 'roster'") == [(4,)]


async def test_a_note_is_seen_confirmed_and_stopped_and_the_spreadsheet_taken(hand: Organiser) -> None:
    await crew.crowd(hand.house, 60)
    async with hand.house.database.transaction() as tx:
        await tx.run("UPDATE people SET state = 'registered' WHERE state = 'waiting'")
    await hand.say("/note")
    await hand.look("note")
    await hand.answer("region")
    await hand.look("note-write")
    await hand.say("Sabah avtobus saat 9-da gəlir.")
    assert "60" in await hand.look("note-preview")
    hand.house.clock.hurry(0.2)  # so slowly leaves the note that the thumb is in time
    await hand.tap(said("note.send", hand.language))
    await hand.press("note.stop")
    await hand.house.travel(hours=0.05)
    assert sum(map(int, re.findall(r"\d+", await hand.look("note-stopped")))) == 60
    await hand.say("/export")
    await hand.look("export")
    await expect(hand.page.locator("a.file").last).to_be_visible()


async def test_the_team_is_seen_and_a_link_gives_a_role(hand: Organiser) -> None:
    await hand.say("/team")
    await hand.look("team")
    await hand.press("roles.begin")
    await hand.look("invite-to-team")
    await hand.press("role.organiser")
    assert "?start=r_" in await hand.look("role-link")
    await crew.member(hand.house, "monitor", "Sona Müşahidəçi")
    await hand.press("sheet.back")
    await hand.look("team-of-two")
    await hand.choose(f"{said('roles.remove', hand.language)} Sona Müşahidəçi")
    await hand.look("remove")
    await hand.press("roles.no")
    await hand.press("roles.begin")
    await hand.press("sheet.back")


async def test_what_women_ask_and_take_back_reaches_her_and_no_name_her_lock_screen(hand: Organiser) -> None:
    woman = await registered(hand.house, "Şəkillərimi paylaşmaq")
    await woman.write("/privacy")
    await act(hand.house, woman, "İcazələrim", "✕ Şəkillərimi paylaşmaq", "Bəli, geri götürürəm")
    await hand.house.settle()
    told = MARKS.sub("", hand.phone.last.text)
    assert "Aygün Nümunəli" in told and len(told) <= LONGEST
    await hand.picture(f"{hand.language}-permission-taken-back")
    await woman.write("Uşağımı gətirə bilərəm?")
    await hand.house.settle()
    await act(hand.house, woman, "Təşkilatçılara göndər")
    asked = hand.phone.last
    assert len(hand.phone.received[-2].text) <= LONGEST
    await hand.picture(f"{hand.language}-asked")
    assert not any("Aygün" in notice.text for notice in hand.phone.lock_screen)
    await hand.phone.reply(asked.message_id, "Bəli, gətirin.")
    await hand.house.settle()
    await hand.picture(f"{hand.language}-answered")
    assert "Bəli, gətirin." in woman.phone.last.text
