"""What no other route took: it is answered with a way on, and can be passed on to the organisers with one tap."""

from telegram import Update
from telegram.ext import filters

from bot.turn import Turn
from handlers import sheets, start, ways
from storage import outbox

MOST_WAITING = 30  # answers on their way to one chat


async def answer(update: Update, turn: Turn) -> None:
    """Greet who is new; tell the others what can be done with what they wrote.

    Where many answers wait already, no more are promised: one of those will lead her on (THREATS.md, 11).
    """
    if await outbox.waiting(turn.tx, turn.chat) >= MOST_WAITING:
        return
    if not turn.visit.greeted:
        await start.greet(turn)
        return
    key = "strangers.command" if filters.COMMAND.check_update(update) else "strangers.text"
    turn.say(
        turn.t(key),
        [[ways.pass_on(turn.desk, turn.language, turn.message.message_id)], [await sheets.onward(turn)]],
    )


async def press(update: Update, turn: Turn) -> None:
    """A button that no route knows: it is from another time, or it was forged."""
    turn.toast(turn.plain("button.unknown"), alert=True)
