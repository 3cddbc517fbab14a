"""/help: what can be done here, in a few lines."""

from telegram import Update

from bot.buttons import Rows
from bot.turn import Turn
from handlers import paper, sheets


async def screen(turn: Turn) -> tuple[str, Rows]:
    """Return the help; questions of any other kind go to the organisers, so it says how."""
    return turn.t("help.text"), paper.button(turn)


async def show_help(update: Update, turn: Turn) -> None:
    """/help: say what can be done here."""
    html, rows = await screen(turn)
    turn.say(html, [*rows, [await sheets.onward(turn)]])
