"""/help: what can be done here, in a few lines; for the team also what it may do."""

from telegram import Update

from bot import profile, rights
from bot.buttons import Rows
from bot.turn import Turn
from handlers import paper, questions, sheets


async def screen(turn: Turn) -> tuple[str, Rows]:
    """Return the help; questions of any other kind go to the organisers, so it says how."""
    return questions.paragraphs(turn.t("help.text"), _for_the_team(turn)), paper.button(turn)


async def show_help(update: Update, turn: Turn) -> None:
    """/help: say what can be done here."""
    html, rows = await screen(turn)
    turn.say(html, [*rows, [await sheets.onward(turn)]])


def _for_the_team(turn: Turn) -> str:
    """Return the commands that not everyone has, and how a roster is brought in; nothing for who has no role."""
    allowed = [name for name, right in profile.COMMANDS if right != rights.TALK and rights.allows(turn.role, right)]
    lines = [f"/{name} – {turn.plain(f'command.{name}')}" for name in allowed]
    roster = turn.t("help.roster") if rights.allows(turn.role, rights.ROSTER) else ""
    return questions.paragraphs("\n".join([turn.t("help.team"), *lines]), roster) if lines else ""
