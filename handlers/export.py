"""The spreadsheet, and what was said or shown in it: to the private chat of who may have it, and gone after a day."""

import re

from telegram import Update

from bot import documents, letters
from bot.turn import Turn
from forms import kinds
from handlers import definitions
from storage import audit, outbox, reports

DAY = 86_400_000
MINUTE = 60_000
NUMBER = re.compile(r"([0-9]{1,15})-([0-9]{1,4})", re.ASCII)  # of an answer, as documents.number writes it


async def export(update: Update, turn: Turn) -> None:
    """/export: send the spreadsheet. /export NUMBER: send the voice message or the photo that it shows so."""
    if turn.args:
        await _open(turn, turn.args[0])
    else:
        await _spreadsheet(turn)


async def press(update: Update, turn: Turn) -> None:
    """Send the spreadsheet from the button under the figures."""
    turn.toast(turn.plain("export.soon"))
    await _spreadsheet(turn)


async def _spreadsheet(turn: Turn) -> None:
    """Send it; a second one only in the next minute, which is said once."""
    recipe = documents.recipe(turn.user, turn.now)
    key = f"export:{turn.chat}:{turn.now // MINUTE}"
    sheet = letters.document(turn.chat, recipe, turn.t("export.caption"), key=key, useless_after=turn.now + DAY)
    if await _for_a_day(turn, sheet):
        await audit.write(turn.tx, turn.now, turn.user, "export", "spreadsheet")
    else:
        turn.desk.post(letters.text(turn.chat, turn.t("export.under_way"), key=f"{key}:under way"))


async def _open(turn: Turn, number: str) -> None:
    """Send one answer. It is hers: what is on its way goes with her when she is erased, and what came is deleted."""
    named = NUMBER.fullmatch(number)
    sheet, place = map(int, named.groups()) if named else (0, 0)
    found = await reports.sheet(turn.tx, sheet)
    form = await definitions.by_hash(turn.tx, found.definition) if found else None
    question = form.questions[place - 1] if form and 0 < place <= len(form.questions) else None
    value = found.answers.get(question.key) if found and question else None
    if found is None or question is None or question.kind not in kinds.FILES or not isinstance(value, list):
        turn.say(turn.t("export.answer.gone"))
        return
    caption = turn.t("export.answer", what=question.label.said(turn.language))
    row = {"person": found.person, "useless_after": turn.now + DAY}
    await _for_a_day(turn, letters.sent(turn.chat, question.kind, value[0], caption, **row))
    await audit.write(turn.tx, turn.now, turn.user, "export", f"answer {number}")


async def _for_a_day(turn: Turn, letter: outbox.Letter) -> bool:
    """Send a letter that is deleted from the chat after a day; False where its key was used before."""
    [row] = await outbox.add(turn.tx, [letter], turn.now)
    if row is not None:
        turn.desk.post(letters.delete(turn.chat, 0, target=row, due=turn.now + DAY))
    return row is not None
