"""Messages that may have arrived or not, and wait until an organiser decides: after a restore, for instance."""

from telegram import Update

from bot.buttons import Button
from bot.turn import Turn
from storage import audit, outbox


async def show(update: Update, turn: Turn) -> None:
    """Say how many messages are in doubt, and offer the two ways out of it."""
    turn.toast()
    waiting = await outbox.undecided(turn.tx)
    if not waiting:
        turn.say(turn.t("doubts.none"))
        return
    newest = max(row.id for row in waiting)  # what comes into doubt later is not decided by these buttons
    rows = [
        [Button(turn.plain("doubts.again"), f"o/doubt/again/{newest}")],
        [Button(turn.plain("doubts.sent"), f"o/doubt/sent/{newest}")],
    ]
    women = len({row.person for row in waiting})
    turn.say(turn.t("doubts.ask", len(waiting), women=women), rows)


async def decide(update: Update, turn: Turn) -> None:
    """Send what is in doubt again, or count it as sent."""
    turn.toast()
    _, _, way, number = [*turn.words, "", ""][:4]
    if way not in ("again", "sent") or not number.isdecimal() or len(number) > 18:
        return
    decided = await outbox.decide(turn.tx, int(number), way == "again", turn.now)
    await audit.write(turn.tx, turn.now, turn.user, f"doubts.{way}", "", str(decided))
    turn.edit(turn.t(f"doubts.{way}.done", decided))
