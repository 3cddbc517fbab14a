"""The organiser: she opens her link, looks at the figures, writes to a region, answers, takes the spreadsheet."""

import io
import re
from typing import Any

import python_calamine

from tests.rehearsal import words
from tests.rehearsal.woman import Woman

NOTE = "Sabah görüş yarım saat gec başlayır. Zəhmət olmasa, su götürün."
ANSWER = "Bəli, uşaqlar üçün otaq var."


async def arrive(woman: Woman, link: str) -> None:
    """Open the owner's link."""
    await woman.start(link)
    await woman.hear("roles.welcome")


async def registered(woman: Woman) -> int:
    """How many women /status says are registered."""
    await woman.write("/status")
    screen = await woman.hear("status.screen")
    found = re.search(r"(\d+) / \d+", screen.text)
    return int(found[1]) if found else -1


async def write_to(woman: Woman, region: str) -> None:
    """Write a note to a region, look it over, and send it."""
    await woman.write("/note")
    question = await woman.see(lambda m: bool(words.region(region) & set(m.labels)), "the regions")
    await woman.press(next(label for label in question.labels if label in words.region(region)), question)
    await woman.until(lambda: words.says(question, "note.write"), "the request for the text")
    await woman.write(NOTE)
    await woman.press_named("note.send")
    await woman.hear("note.sent")


async def reply(woman: Woman) -> None:
    """Answer the woman who asked, by a reply to her message."""
    asked = await woman.find(lambda m: "gətirə" in m.text, "her question")
    woman.turn_page()
    await woman.phone.reply(asked.message_id, ANSWER)
    await woman.hear("inquiry.delivered")


async def take_spreadsheet(woman: Woman) -> dict[str, list[list[Any]]]:
    """The spreadsheet's sheets in their order, each with its rows, the headings first."""
    await woman.write("/export")
    message = await woman.see(lambda m: m.document is not None, "the spreadsheet")
    assert message.document
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(message.document.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
