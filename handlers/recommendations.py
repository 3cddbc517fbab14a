"""Policy recommendations of the women. What they are asked is data: forms/definitions/recommendation.toml."""

from telegram import Update

from bot.turn import Turn
from handlers import places, sheets, ways


async def recommend(update: Update, turn: Turn) -> None:
    """/recommend: ask a registered woman for a recommendation."""
    await begin(turn)


async def begin(turn: Turn) -> None:
    """Ask the first question, or go on with the recommendation in hand."""
    if turn.person.state == "waiting":
        html, rows = await places.mine(turn)
        turn.say(html, [*rows, [ways.menu(turn.desk, turn.language)]])
    elif turn.person.state == "registered":
        pressed = turn.incoming.callback_query is not None
        await sheets.begin(turn.desk, turn.person, turn.chat, "recommendation", pressed=pressed)
    else:
        turn.say(turn.t("menu.later"), [[ways.begin(turn.desk, turn.language)]])
