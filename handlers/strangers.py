"""What no other route took: it is answered with a way on, and can be passed on to the organisers with one tap."""

from telegram import Update
from telegram.ext import filters

from bot import buttons, letters
from bot.turn import Turn
from handlers import sheets, start, ways
from storage import outbox

SPAN = 600_000  # ms in which is counted
MOST_IN_SPAN = 10  # answers, one for each message; after that one a minute
MINUTE = 60_000


async def answer(update: Update, turn: Turn) -> None:
    """Greet who is new; tell the others what can be done with what they wrote.

    Who writes without end is told so once, and from then on one answer a minute stands for all that came in it. The
    keys in the outbox are the count, so it holds over a restart (SECURITY.md, 11).
    """
    if not turn.visit.greeted:
        await start.greet(turn)
        return
    span = f"words:{turn.chat}:{turn.now // SPAN}:"
    answered = sum((await outbox.counts_by_key_prefix(turn.tx, span)).values())
    text = "strangers.command" if filters.COMMAND.check_update(update) else "strangers.text"
    which = str(turn.message.message_id)
    if answered == MOST_IN_SPAN:
        text, which = "strangers.enough", "enough"
    elif answered > MOST_IN_SPAN:
        which = f"minute {turn.now // MINUTE}"
        if await outbox.counts_by_key_prefix(turn.tx, span + which):
            return
    ways_on = [[ways.pass_on(turn.desk, turn.language, turn.message.message_id)], [await sheets.onward(turn)]]
    markup = buttons.inline(ways_on)
    turn.desk.post(letters.text(turn.chat, turn.t(text), markup, person=turn.person.id, key=span + which))


async def press(update: Update, turn: Turn) -> None:
    """A button that no route knows: it is from another time, or it was forged."""
    turn.toast(turn.plain("button.unknown"), alert=True)
