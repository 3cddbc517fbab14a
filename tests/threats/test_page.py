"""Markup in every field that a person or a bot can fill: the chat page shows it and does not become it (row 7)."""

import pytest
from playwright.async_api import Page

from sandbox.cast import WOMEN
from sandbox.phone import Phone
from sandbox.server import Sandbox
from tests.browser.conftest import bot, chromium, desk, diary, faults, installed, sandbox
from tests.browser.sample_bot import SampleBot
from tests.browser.test_chat import choose, start

__all__ = ["bot", "chromium", "desk", "diary", "faults", "installed", "sandbox"]  # the browser's fixtures, used here
pytestmark = pytest.mark.browser

MARKUP = (
    "<script>hacked = 1</script>",
    '<img src=x onerror="hacked = 1">',
    '"onmouseover="hacked = 1" a="',
    "'><svg onload=hacked=1>",
    "</title><script>hacked = 1</script>",
    "javascript:hacked=1",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "</textarea></div><style>*{display:none}</style>",
    "&lt;script&gt;hacked = 1&lt;/script&gt;",
)
# What would be in the page only if markup had become elements, attributes or addresses.
FOREIGN = """
() => {
    const all = [...document.querySelectorAll('*')];
    const foreign = 'img[src=x], svg[onload], iframe, body style, object, embed, base, form[action]';
    return {
        hacked: window.hacked,
        scripts: document.scripts.length,
        elements: document.querySelectorAll(foreign).length,
        handlers: all.flatMap(one => one.getAttributeNames()).filter(name => name.startsWith('on')).length,
        links: all.filter(one => /^(javascript|data:text)/i.test(one.href || one.src || '')).length,
    };
}
"""


async def test_markup_in_every_field_stays_text(desk: Page, bot: SampleBot, sandbox: Sandbox) -> None:
    sandbox.limits.on = False
    before = await desk.evaluate(FOREIGN)
    assert before["scripts"] >= 1 and before["handlers"] == 0
    phone = Phone(sandbox.world, sandbox.world.people[WOMEN[0].id or 0])
    await start(desk, phone.id)
    for number, markup in enumerate(MARKUP):
        sandbox.phone(name=markup, last_name=markup, username=None)
        await phone.write(markup)
        await phone.send("document", markup, content=markup.encode(), file_name=markup)
        await phone.share_contact(markup[:20], user_id=number + 7)
        buttons = [[{"text": markup, "callback_data": f"d{number}"}]]
        await bot.call("sendMessage", chat_id=phone.id, text=markup, reply_markup={"inline_keyboard": buttons})
        keys = {"keyboard": [[{"text": markup}]], "input_field_placeholder": markup[:60]}
        await bot.call("sendMessage", chat_id=phone.id, text=markup, reply_markup=keys)
        await bot.call("sendVenue", chat_id=phone.id, latitude=1, longitude=1, title=markup, address=markup)
    await desk.locator(".message").last.wait_for()
    await desk.wait_for_timeout(500)
    await choose(desk, WOMEN[1].id)
    await choose(desk, phone.id)
    await desk.wait_for_timeout(300)
    shown = await desk.locator("#chat").inner_text()
    assert [markup for markup in MARKUP if markup not in shown] == []
    assert await desk.evaluate(FOREIGN) == before
