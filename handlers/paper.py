"""The consent on paper: sent to the team in each language, to be printed and signed."""

from telegram import Update

from bot import letters, paper, rights
from bot.buttons import Button, Rows
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers import definitions


def button(turn: Turn) -> Rows:
    """Return the row with the button that sends it; nothing for who may not have it."""
    return [[Button(turn.plain("paper.button"), "o/paper")]] if rights.allows(turn.role, rights.WRITE) else []


async def send(update: Update, turn: Turn) -> None:
    """Send the page in each language, with the words and the hash of the registration as it is asked today."""
    turn.toast()
    digest, _ = await definitions.current(turn.desk, "registration")
    turn.say(turn.t("paper.how"))
    for language in LANGUAGES:
        caption = turn.desk.t(language, "paper.caption")
        turn.desk.post(letters.document(turn.chat, paper.recipe(language, digest), caption))
