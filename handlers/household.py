"""Several women on one phone: who they are, one tap to another, and a new one."""

from telegram import Update

import handlers
from bot import households, letters
from bot.buttons import Button, Rows
from bot.desk import Desk
from bot.turn import Turn
from handlers import registration, sheets
from storage import households as stored

NEW = "new"


async def tend(desk: Desk) -> bool:
    """Tick: forget what was given up or merged, then look for doubles; False: nobody is left to be looked at."""
    await handlers.helping.forget(desk)
    await handlers.doubles.forget(desk)
    return await handlers.doubles.compare(desk)


async def screen(turn: Turn) -> tuple[str, Rows]:
    """Return the women of this chat, the active one marked, each a button; and one for a new woman."""
    women = await stored.of_chat(turn.tx, turn.chat)
    named = households.names(turn.desk.texts, women)
    rows = [
        [Button(("✓ " if woman.active else "") + named[woman.person], f"h/{woman.person}")]
        for woman in women
        if len(women) > 1
    ]
    html = turn.t("household.several" if len(women) > 1 else "household.text")
    return html, [*rows, [Button(turn.plain("household.new"), f"h/{NEW}")]]


async def press(update: Update, turn: Turn) -> None:
    """h/PERSON: she has the phone now. h/new: a woman who is new. h: show who there is."""
    word = turn.words[-1]
    if word == NEW:
        await begin(update, turn)
    elif word == "h":
        turn.toast()
        await show(turn)
    elif word.isascii() and word.isdecimal() and len(word) < 19 and await become(turn, int(word)):
        turn.toast()
        turn.unbutton(priority=letters.MARK)
        await handlers.start.go_on(turn)
    else:
        turn.toast(turn.plain("household.stale"), alert=True)


async def show(turn: Turn) -> None:
    """Show who uses this phone, with a way on for the active one."""
    html, rows = await screen(turn)
    turn.say(html, [*rows, [await sheets.onward(turn)]])


async def begin(update: Update, turn: Turn) -> None:
    """Ask a new woman the first question of the registration; what is open of the others stays."""
    if closed := await registration.closing(turn.desk, turn.language):
        turn.toast()
        turn.say(closed, [[await sheets.onward(turn)]])
    elif await stored.grow(turn.tx, turn.chat, turn.now) is None:
        turn.toast(turn.plain("household.full"), alert=True)
    else:
        await turn.look_around()
        turn.toast()
        turn.unbutton(priority=letters.MARK)
        await registration.begin(turn)


async def become(turn: Turn, person: int) -> bool:
    """Let the turn be that woman's, and the chat from now on; False if she is none of those who use it."""
    if person == turn.person.id:
        return True
    if not turn.visit.shared or not await stored.switch(turn.tx, turn.chat, person):
        return False
    await turn.look_around()
    return True
