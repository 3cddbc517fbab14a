"""The consent on paper: the words of the chat, the same hash, a box for each purpose, and none ticked."""

import re
from html.parser import HTMLParser

from forms import load
from sandbox.phone import Phone
from tests.bot import crew
from tests.conftest import House

LANGUAGES = ("az", "ru", "en")
ACTIVE = {"script", "img", "link", "iframe", "object", "form", "a", "base"}


class Page(HTMLParser):
    """What stands on a page: its words, its boxes, and the tags that it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.tags = "", list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


async def printed(house: House, who: Phone) -> list[str]:
    """The pages that she is sent from the help."""
    await who.write("/help")
    await house.settle()
    await who.tap("o/paper")
    await house.settle()
    found = [message.document for message in who.received if message.document]
    assert all(re.fullmatch(r"[a-z]+-[0-9a-f]{8}\.html", each.name) for each in found)
    return [each.content.decode() for each in found if each.content]


async def test_the_page_has_the_words_and_the_hash_of_the_chat_in_each_language(house: House) -> None:
    pages = await printed(house, await crew.member(house, "organiser"))
    assert len(pages) == 3
    [(digest, body)] = await crew.rows(house, "SELECT hash, body FROM definitions WHERE form = 'registration'")
    form = load.from_json(body)
    for language, page in zip(LANGUAGES, pages, strict=True):
        shown = Page(page)
        for key in ("consent", "permissions"):
            question = form.question(key)
            assert question and question.text.said(language) in shown.words
            assert all(choice.label.said(language) in shown.words for choice in question.choices)
        assert digest[:8] in shown.words and digest in shown.words
        assert len(page.encode()) < 10_000


async def test_every_purpose_has_a_box_none_is_ticked_and_there_is_room_for_name_date_and_signature(
    house: House,
) -> None:
    for page in await printed(house, await crew.member(house, "owner")):
        shown = Page(page)
        assert shown.tags.count("li") == 2 + 4  # yes and no, and the four permissions
        assert shown.tags.count("dd") == 3
        assert not set("☑☒✓✔✗") & set(page)
        assert "checked" not in page


async def test_the_page_loads_nothing_runs_nothing_and_takes_no_markup_from_the_programme(house: House) -> None:
    hostile = '<script>alert(1)</script>"onmouseover=x'
    async with house.database.transaction() as tx:
        await tx.run("UPDATE words SET text = ? WHERE subject = 'programme' AND field = 'organiser'", (hostile,))
    for page in await printed(house, await crew.member(house, "organiser")):
        shown = Page(page)
        assert not set(shown.tags) & ACTIVE
        assert hostile in shown.words
        assert "default-src 'none'" in page and "http://" not in page and "https://" not in page


async def test_nobody_else_has_the_button_or_gets_the_page(house: House) -> None:
    for who in (await crew.woman(house, "Aygün"), await crew.member(house, "trainer")):
        await who.write("/help")
        await house.settle()
        assert "o/paper" not in [button.data for button in who.last.buttons]
        await who.press_raw("o/paper", who.last.message_id)
        await house.settle()
        assert [message for message in who.received if message.document] == []
