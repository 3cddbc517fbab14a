"""Each text of the bot × 500 hostile names, read by the rules of Telegram's parser (row 6)."""

import json
import tomllib
from itertools import product
from string import Formatter

import pytest

from bot.texts import FOLDER, LANGUAGES, Texts
from forms import cleaning
from sandbox import html
from tests.bot import crew
from tests.conftest import House
from tests.threats import doorway, names

pytestmark = pytest.mark.attack

OPENINGS = ("", "<", "</", "<b>", "&", "&#", "&lt;", "{", "%", '"', "'", "`", "\\", "]]>", "<!--", "\u0301")
MIDDLES = (
    "a",
    "b>",
    "/b>",
    "#x41;",
    "name}",
    "s",
    "script>x</script>",
    "i",
    "amp;",
    "0x",
    "tg-spoiler>",
    "a href='x'>",
    "ə ğ",
)
CLOSINGS = ("", ">", "&", "<", "}")
MADE = [
    cleaning.cleaned(f"{opening}{middle} Aygün{closing}")
    for opening, middle, closing in product(OPENINGS, MIDDLES, CLOSINGS)
]
KEPT = [*names.AZERBAIJANI, *names.CYRILLIC, *names.ELSEWHERE, *names.NAUGHTY, *names.CLEANED.values()]
HOSTILE = sorted({*KEPT, *MADE}, key=len)[:: max(1, len({*KEPT, *MADE}) // 500)][:500]
TEXTS = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")) for name in LANGUAGES}
WOMAN, ORGANISER = 800_001, 800_002


def placeholders(text: str) -> list[str]:
    return [field for _, field, _, _ in Formatter().parse(text) if field and field != "count"]


def shows(written: str, name: str) -> bool:
    """Whether Telegram can read the HTML, and shows the name letter for letter, kept apart from what is around it."""
    shown, _ = html.parse(written)
    return f"\u2068{name}\u2069" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_name_in_any_text_is_shown_letter_for_letter(language: str) -> None:
    assert len(HOSTILE) == 500
    texts, wrong = Texts.load(), []
    for key, forms in TEXTS[language].items():
        fields = placeholders(forms["other"])
        count = None if len(forms) == 1 else 2
        for name in HOSTILE if fields else []:
            said = texts.get(language, key, count, **dict.fromkeys(fields, name))
            if not shows(said, name):
                wrong.append((key, name))
    assert wrong == []


async def test_any_name_in_what_the_bot_says_of_her_is_shown_letter_for_letter(house: House) -> None:
    await doorway.shut(house)
    await doorway.somebody(house, ORGANISER, "", "organiser")
    person = await doorway.somebody(house, WOMAN, "Aygün")
    for name in HOSTILE:
        async with house.database.transaction() as tx:
            await tx.run("UPDATE people SET name = ? WHERE id = ?", (name, person))
            await tx.run("DELETE FROM inquiries")
            await tx.run("DELETE FROM sheets")
            await tx.run("DELETE FROM outbox")
        said = await doorway.come_in(
            house,
            doorway.written(house, WOMAN, "/start"),
            doorway.pressed(house, WOMAN, f"p/data/{person}"),
            doorway.pressed(house, WOMAN, "m/data"),
            doorway.pressed(house, WOMAN, "q/7"),
            doorway.pressed(house, ORGANISER, "n/to/all"),
            doorway.written(house, ORGANISER, f"Salam {name}"),
        )
        texts = [json.loads(parameters).get("text", "") for _, _, parameters in said]
        shown = [text for text in texts if shows(text, name) or shows(text, f"Salam {name}")]
        assert len(shown) == 5, name  # menu, her data, her card, the inquiry, the note
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
