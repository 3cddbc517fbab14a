"""Outside private chats: one public sentence for who calls the bot by a command, nothing else."""

from telegram import Chat, Message, MessageEntity, Update

from bot import letters, texts
from bot.buttons import Button, inline
from bot.routes import PASS
from bot.turn import Turn
from handlers import membership


async def outside(update: Update, turn: Turn) -> object:
    """Take whatever did not happen in a private chat, so that no other route says there what is hers alone."""
    chat = update.effective_chat
    if chat and chat.type == Chat.PRIVATE:
        return PASS
    if update.callback_query:
        turn.toast()
    elif chat and update.message and calls(update.message, turn.bot.username):
        button = Button(turn.desk.plain(texts.FALLBACK, "groups.write"), url=f"https://t.me/{turn.bot.username}")
        turn.desk.post(letters.text(chat.id, turn.desk.t(texts.FALLBACK, "groups.private"), inline([[button]])))
        membership.leave(turn, chat.id)
    return None


def calls(message: Message, username: str) -> bool:
    """Tell whether the message begins with a command for this bot, or for any."""
    command = next(
        (part for part in message.entities if part.type == MessageEntity.BOT_COMMAND and not part.offset), None
    )
    if command is None or not message.text:
        return False
    _, _, addressee = message.text[: command.length].partition("@")
    return addressee.casefold() in ("", username.casefold())
