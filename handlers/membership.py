"""Who can be reached: women who block the bot and come back, and groups that somebody adds it to."""

from telegram import Chat, ChatMember, Update

from bot import routes
from bot.turn import Turn
from storage import outbox, people
from storage.outbox import Letter

INSIDE = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED, ChatMember.OWNER)
REASON = "she blocked the bot"


async def member(update: Update, turn: Turn) -> None:
    """The bot was blocked, unblocked, added or put out (Bot API, my_chat_member)."""
    change = update.my_chat_member
    if change is None:
        return
    inside = change.new_chat_member.status in INSIDE
    if change.chat.type != Chat.PRIVATE:
        if inside:
            leave(turn, change.chat.id)
    elif inside:
        await people.mark_chat(turn.tx, turn.chat, "reachable", turn.now)
    else:
        await people.mark_chat(turn.tx, turn.chat, "blocked", turn.now)
        await outbox.close_chat(turn.tx, turn.chat, REASON, turn.now)


async def back(update: Update, turn: Turn) -> object:
    """Whoever writes or presses something can be reached again, whatever became of the last message to her."""
    visit = getattr(turn, "visit", None)
    if visit and not visit.reachable and not update.my_chat_member:
        await people.mark_chat(turn.tx, visit.chat, "reachable", turn.now)
    return routes.PASS


def leave(turn: Turn, chat: int) -> None:
    """Leave a group: no group is linked to the bot, so it has nothing to say there."""
    turn.desk.post(Letter(chat=chat, method="leaveChat", parameters={}))
