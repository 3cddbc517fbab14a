"""/settings: the language."""

from dataclasses import replace

from telegram import Update

from bot import rights, routes, texts
from bot.buttons import Button, Rows
from bot.turn import Turn
from handlers import ways
from storage import people

NAMES = {"az": "Azərbaycanca", "ru": "Русский", "en": "English"}


def languages(verb: str, marked: str) -> list[Button]:
    """Return a button for each language in its own name, one perhaps marked; pressed, it sends VERB/LANGUAGE."""
    return [Button(f"✓ {name}" if code == marked else name, f"{verb}/{code}") for code, name in NAMES.items()]


async def screen(turn: Turn, language: str = "") -> tuple[str, Rows]:
    """Return the settings in her language, or in the one just chosen."""
    spoken = language or turn.language
    return turn.desk.t(spoken, "settings.text"), [languages("s", spoken)]


async def settings(update: Update, turn: Turn) -> None:
    """/settings: show the languages."""
    html, rows = await screen(turn)
    turn.say(html, [*rows, [ways.onward(turn.desk, turn.person)]])


async def speak(update: Update, turn: Turn) -> None:
    """s/LANGUAGE: speak that language from now on."""
    language = turn.words[-1]
    if language not in texts.LANGUAGES:
        turn.toast(turn.desk.texts.plain(turn.language, "button.unknown"))
        return
    turn.toast(turn.desk.texts.plain(language, "settings.spoken"))
    await people.set_language(turn.tx, turn.person.id, turn.chat, language)
    html, rows = await screen(turn, language)
    turn.edit(html, [*rows, [ways.onward(turn.desk, replace(turn.person, language=language))]])


ROUTES = [
    routes.command("settings", rights.TALK, settings),
    routes.button("settings", rights.TALK, "s", speak),
]
