"""The spreadsheet: made when it is sent, to the private chat of who may have it, and deleted there after a day."""

from telegram import Update

from bot import documents, letters
from bot.turn import Turn
from storage import audit, outbox

DAY = 86_400_000
MINUTE = 60_000


async def export(update: Update, turn: Turn) -> None:
    """Send the spreadsheet; a second one only in the next minute, which is said once."""
    recipe = documents.recipe(turn.user, turn.now)
    key = f"export:{turn.chat}:{turn.now // MINUTE}"
    sheet = letters.document(turn.chat, recipe, turn.t("export.caption"), key=key, useless_after=turn.now + DAY)
    [row] = await outbox.add(turn.tx, [sheet], turn.now)
    if row is None:
        turn.desk.post(letters.text(turn.chat, turn.t("export.under_way"), key=f"{key}:under way"))
        return
    turn.desk.post(letters.delete(turn.chat, 0, target=row, due=turn.now + DAY))
    await audit.write(turn.tx, turn.now, turn.user, "export", "spreadsheet")


async def press(update: Update, turn: Turn) -> None:
    """Send the spreadsheet from the button under the figures."""
    turn.toast(turn.plain("export.soon"))
    await export(update, turn)
