"""/settings: the language."""

from telegram import Update

from bot import texts
from bot.buttons import Button, Rows
from bot.turn import Turn
from handlers import sheets
from storage import people

NAMES = {"az": "Azərbaycanca", "ru": "Русский", "en": "English"}


def languages(verb: str, marked: str) -> list[list[Button]]:
    """Return a button for each language in its own name, one perhaps marked; pressed, it sends VERB/LANGUAGE.

    The first stands alone: three in a row would be cut on a narrow phone.
    """
    first, *others = (Button(f"✓ {name}" if code == marked else name, f"{verb}/{code}") for code, name in NAMES.items())
    return [[first], others]


async def screen(turn: Turn) -> tuple[str, Rows]:
    """Return the settings, her language marked."""
    return turn.t("settings.text"), languages("s", turn.language)


async def settings(update: Update, turn: Turn) -> None:
    """/settings: show the languages."""
    html, rows = await screen(turn)
    turn.say(html, [*rows, [await sheets.onward(turn)]])


async def speak(update: Update, turn: Turn) -> None:
    """s/LANGUAGE: speak that language from now on."""
    language = turn.words[-1]
    if language not in texts.LANGUAGES:
        turn.toast(turn.plain("button.unknown"))
        return
    await people.set_language(turn.tx, turn.person.id, turn.chat, language)
    turn.visit = turn.visit._replace(person=turn.person._replace(language=language))
    turn.toast(turn.desk.plain(language, "settings.spoken"))
    html, rows = await screen(turn)
    turn.edit(html, [*rows, [await sheets.onward(turn)]])
