"""The chat in the browser: what she sees of the bot's messages, and what she can do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from sandbox.cast import WOMEN
from sandbox.server import Sandbox
from tests.browser.conftest import PHONE, opened
from tests.browser.sample_bot import SampleBot

pytestmark = pytest.mark.browser

AYGUN, SEVDA, NIGAR = WOMEN[:3]


async def choose(page: Page, who: int | None) -> None:
    await page.locator(f'[data-person="{who}"]').click()


async def start(page: Page, who: int | None = AYGUN.id) -> None:
    await choose(page, who)
    await page.locator(".only").click()
    await expect(page.locator(".message.theirs").first).to_be_visible()


async def write(page: Page, text: str) -> None:
    await page.locator(".entry textarea").fill(text)
    await page.locator(".send").click()


async def test_before_the_first_start_she_reads_what_the_bot_is_and_presses_start(phone: Page, tmp_path: Path) -> None:
    await choose(phone, AYGUN.id)
    await expect(phone.locator(".about")).to_contain_text("Bu, nümunə botdur.")
    await expect(phone.locator(".entry")).to_be_hidden()
    await phone.screenshot(path=tmp_path / "before-start.png")
    await phone.get_by_role("button", name="BAŞLA").click()
    await expect(phone.locator(".message.theirs")).to_have_count(1)
    await expect(phone.locator(".only")).to_be_hidden()


async def test_a_formatted_text_looks_formatted(phone: Page, tmp_path: Path) -> None:
    await start(phone)
    text = phone.locator(".theirs .text").first
    for tag, inside in [("b", "Salam!"), ("i", "nümunə botam"), ("u", "Altı"), ("s", "üstü"), ("pre", "bir\niki")]:
        await expect(text.locator(tag)).to_have_text(inside)
    await expect(text.locator("time")).to_have_text("çərşənbə, 4 mart 2026, 10:00")
    await expect(text.locator("blockquote")).to_contain_text("Sitat")
    spoiler = text.locator(".spoiler")
    await spoiler.click()
    await expect(spoiler).to_have_class(re.compile("shown"))
    await phone.screenshot(path=tmp_path / "formatted.png")


async def test_a_pressed_button_waits_and_then_the_message_changes(phone: Page, bot: SampleBot, tmp_path: Path) -> None:
    await start(phone)
    bot.gate.clear()
    button = phone.get_by_role("button", name="Lənkəran")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await phone.screenshot(path=tmp_path / "waiting.png")
    bot.gate.set()
    await expect(phone.locator(".toast")).to_have_text("Seçim: region/1")
    await expect(phone.locator(".message.theirs")).to_contain_text("Seçdiniz: region/1")
    await expect(phone.locator(".message.theirs .meta")).to_contain_text("düzəliş edilib")
    await expect(phone.locator(".inline-button")).to_have_count(0)


async def test_buttons_have_their_styles(phone: Page) -> None:
    await start(phone)
    await expect(phone.locator(".inline-button.success")).to_have_text("Bəli, razıyam")
    await expect(phone.locator(".inline-button.danger")).to_have_text("Sil")
    await expect(phone.locator(".inline-button.primary")).to_have_text("Saytı aç")


async def test_an_alert_has_to_be_closed(phone: Page, tmp_path: Path) -> None:
    await start(phone)
    await phone.get_by_role("button", name="Xəbər").click()
    await expect(phone.locator("dialog")).to_contain_text("Bu, xəbərdarlıqdır.")
    await phone.screenshot(path=tmp_path / "alert.png")
    await phone.get_by_role("button", name="Oldu").click()
    await expect(phone.locator("dialog")).to_have_count(0)


async def test_a_deleted_message_is_gone(phone: Page) -> None:
    await start(phone)
    await phone.get_by_role("button", name="Sil").click()
    await expect(phone.locator(".message.theirs")).to_have_count(0)


async def test_she_is_asked_before_her_number_is_shared(phone: Page, bot: SampleBot, tmp_path: Path) -> None:
    await start(phone)
    await write(phone, "/help")
    ask = phone.get_by_role("button", name="Nömrəmi göndər")
    await ask.click()
    await expect(phone.locator("dialog")).to_contain_text("Telefon nömrəniz bota göndərilsin?")
    await phone.screenshot(path=tmp_path / "contact.png")
    await phone.get_by_role("button", name="Ləğv et").click()
    await expect(phone.locator(".contact")).to_have_count(0)
    await ask.click()
    await phone.get_by_role("button", name="Göndər", exact=True).last.click()
    await expect(phone.locator(".mine .contact")).to_contain_text(AYGUN.phone_number)
    await expect(phone.locator(".message.theirs").last).to_contain_text("Təşəkkür edirik!")
    await expect(phone.locator(".keyboard")).to_be_hidden()
    contact = next(update["message"]["contact"] for update in bot.heard if "contact" in update.get("message", {}))
    assert contact["user_id"] == AYGUN.id


async def test_a_one_time_keyboard_hides_and_can_be_called_back(phone: Page) -> None:
    await start(phone)
    await write(phone, "/help")
    await phone.get_by_role("button", name="Sonra").click()
    await expect(phone.locator(".keyboard")).to_be_hidden()
    await phone.get_by_role("button", name="Düymələri göstər").click()
    await expect(phone.locator(".keyboard")).to_be_visible()


async def test_files_pictures_and_places_are_shown(phone: Page, tmp_path: Path) -> None:
    await start(phone)
    await write(phone, "files")
    await expect(phone.locator(".place")).to_contain_text("Nümunə küçəsi 1")
    await expect(phone.locator(".picture img")).to_have_js_property("complete", True)
    async with phone.expect_download() as download:
        await phone.locator(".file").click()
    saved = tmp_path / "saved"
    await (await download.value).save_as(saved)
    assert saved.read_bytes() == b"ad;region\n"
    assert (await download.value).suggested_filename == "siyahı.csv"
    await phone.screenshot(path=tmp_path / "files.png")


async def test_she_edits_and_answers_messages(phone: Page, bot: SampleBot, tmp_path: Path) -> None:
    await start(phone)
    await write(phone, "Lenkeran")
    await expect(phone.locator(".message.mine")).to_have_count(2)
    mine = phone.locator(".message.mine").last
    await mine.locator(".bubble").click(button="right")
    await phone.get_by_role("button", name="Düzəliş et").click()
    await expect(phone.locator(".entry textarea")).to_have_value("Lenkeran")
    await write(phone, "Lənkəran")
    await expect(mine).to_contain_text("düzəliş edilib")
    await phone.locator(".message.theirs .more").first.focus()
    await phone.keyboard.press("Enter")
    await phone.get_by_role("button", name="Cavabla").click()
    await expect(phone.locator(".target")).to_contain_text("Salam!")
    await phone.screenshot(path=tmp_path / "reply.png")
    await write(phone, "Çox sağ olun")
    await expect(phone.locator(".message.mine .quote")).to_contain_text("Salam!")
    kinds = [kind for update in bot.heard for kind in update if kind != "update_id"]
    assert kinds == ["message", "message", "edited_message", "message"]
    assert bot.heard[-1]["message"]["reply_to_message"]["text"].startswith("Salam!")


@pytest.mark.parametrize("kind", ["Şəkil", "Məkan", "Kontakt", "Səsli mesaj", "Stiker"])
async def test_she_can_send_more_than_text(phone: Page, kind: str) -> None:
    await start(phone)
    await phone.get_by_role("button", name="Əlavə et").click()
    await phone.locator("dialog.menu").get_by_role("button", name=kind).click()
    await expect(phone.locator(".message.mine")).to_have_count(2)


async def test_she_can_send_a_file_of_her_own(phone: Page, bot: SampleBot, tmp_path: Path) -> None:
    await start(phone)
    (tmp_path / "siyahı.csv").write_text("ad;region\n", "utf-8")
    await phone.get_by_role("button", name="Əlavə et").click()
    async with phone.expect_file_chooser() as choosing:
        await phone.locator("dialog.menu").get_by_role("button", name="Fayl").click()
    await (await choosing.value).set_files(tmp_path / "siyahı.csv")
    await expect(phone.locator(".message.mine").last).to_contain_text("siyahı.csv")
    assert bot.heard[-1]["message"]["document"]["file_size"] == len("ad;region\n")


async def test_the_menu_is_in_her_language(phone: Page) -> None:
    await start(phone)
    await phone.get_by_role("button", name="Menyu").click()
    menu = phone.locator("dialog.menu")
    await expect(menu).to_contain_text("Kömək")
    await menu.get_by_role("button", name="/help").click()
    await expect(phone.locator(".message.mine").last).to_have_text(re.compile("^/help"))
    await phone.get_by_role("button", name="People").click()
    await start(phone, NIGAR.id)
    await phone.get_by_role("button", name="Menu").click()
    await expect(phone.locator("dialog.menu")).to_have_text("/helpEveryone's help")


async def test_a_deep_link_in_a_message_brings_start_back(phone: Page, bot: SampleBot) -> None:
    await start(phone)
    await phone.get_by_role("link", name="t.me/sample_bot?start=again").click()
    await phone.get_by_role("button", name="BAŞLA").click()
    await expect(phone.locator(".message.theirs").last).to_contain_text("Keçid: again")


async def test_the_page_itself_takes_a_deep_link(chromium: Browser, sandbox: Sandbox, bot: SampleBot) -> None:
    page = await opened(chromium, sandbox, PHONE, [], "&start=poster")
    await start(page)
    await expect(page.locator(".message.theirs").last).to_contain_text("Keçid: poster")
    await expect(page.locator(".message.mine")).to_have_text(re.compile("^/start"))


async def test_what_she_writes_is_never_markup(phone: Page, bot: SampleBot) -> None:
    await start(phone)
    nasty = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>'
    await write(phone, nasty)
    await expect(phone.locator(".mine .text").last).to_have_text(nasty)
    await bot.call("sendMessage", chat_id=AYGUN.id, text=nasty)
    await expect(phone.locator(".theirs .text").last).to_have_text(nasty)
    assert await phone.locator(".text img, .text script, .text b:has-text('img')").count() == 0
    assert "sandbox" in await phone.title()
