"""What becomes of a row after Telegram's answer: the table in tests/telegram/sending.py, without any I/O."""

import html
import logging
import re
from typing import Any, Literal, NamedTuple

from bot.api import Answer, TokenRefused
from storage.outbox import Claimed

log = logging.getLogger(__name__)

UNFORMATTED = "without its formatting"  # the reason of a row that was sent so: a defect of ours, to be counted
CLOSED = {"blocked by the user": "blocked", "can't initiate conversation": "blocked"}  # any other 403: 'gone'
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
TAGS = re.compile(
    r"</?(?:b|strong|i|em|u|ins|s|strike|del|span|a|code|pre|blockquote|tg-[a-z]+)(?:\s[^<>]*)?>", re.IGNORECASE
)


class Call(NamedTuple):
    """A row as it goes on the line."""

    chat: int
    method: str
    parameters: dict[str, Any]  # without chat_id
    moved: bool = False  # it is sent anew, because the message it changes is gone
    plain: bool = False  # it lost its formatting, which Telegram could not read


State = Literal["sent", "planned", "failed", "unreachable", "in doubt"]


class Verdict(NamedTuple):
    """What becomes of a row: a state, or `again` at once; and what else its answer says."""

    state: State = "planned"
    message: int | None = None
    reason: str = ""
    again: Call | None = None
    retry_after: float | None = None  # seconds, for all chats
    rest: float = 0.0  # seconds, for this chat
    later: float = 0.0  # seconds, for this row
    closes: str = ""  # the chat's new state: 'blocked', 'gone'
    doubted: bool = False
    left: bool = True  # its call left, or may have left
    breaks_silence: bool = False  # the call before it was not answered


def call(row: Claimed) -> Call:
    """Return the call of a row, aimed at its target's message if it has a target."""
    aim = {} if row.message is None else {"message_id": row.message}
    return Call(row.chat, row.method, row.parameters | aim)


def judge(made: Call, answer: Answer) -> Verdict:
    """Return what becomes of the row whose call was answered; raises TokenRefused."""
    text = answer.description.lower()
    if answer.ok or is_done(made, text):
        return Verdict("sent", message_of(made, answer.result), UNFORMATTED if made.plain else "")
    if answer.status == 429:
        return Verdict(reason=answer.description, retry_after=answer.retry_after or 1.0)
    if answer.status == 401 or (answer.status == 404 and text == "not found"):
        raise TokenRefused(
            "Telegram refuses the token of the bot: put a valid one from @BotFather into the configuration."
        )
    if again := other_way(made, answer):
        return Verdict(again=again)
    if answer.status == 403 or "chat not found" in text:
        if answer.status == 400:  # a defect of ours, or the token of another bot
            log.error("%s: Telegram does not know the chat", made.method)
        state = next((state for words, state in CLOSED.items() if words in text), "gone")
        return Verdict("unreachable", reason=answer.description, closes=state)
    return Verdict("failed", reason=answer.description)


def is_done(made: Call, text: str) -> bool:
    """Whether what a refused call wanted is so already: the change is made, the message or its buttons are gone."""
    if made.method in ("deleteMessage", "deleteMessages"):
        return "message to delete not found" in text
    if made.method == "editMessageReplyMarkup" and any(words in text for words in GONE):
        return True
    return "message is not modified" in text


def other_way(made: Call, answer: Answer) -> Call | None:
    """Return the call that says the same so that Telegram can take it, or None."""
    text, parameters = answer.description.lower(), made.parameters
    if answer.migrate_to and answer.migrate_to != made.chat:
        return made._replace(chat=answer.migrate_to)
    if "can't parse entities" in text and "parse_mode" in parameters:
        return made._replace(parameters=unformatted(parameters), plain=True)
    if "message to be replied not found" in text and "reply_parameters" in parameters:
        return made._replace(parameters=without(parameters, "reply_parameters"))
    if made.method in ("editMessageText", "editMessageCaption") and any(words in text for words in GONE):
        anew = {"text" if name == "caption" else name: value for name, value in parameters.items()}
        return made._replace(method="sendMessage", parameters=without(anew, "message_id"), moved=True)
    return None


def unformatted(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with the tags of Telegram's HTML taken out of the text, and nothing else."""
    texts = {name: html.unescape(TAGS.sub("", parameters[name])) for name in ("text", "caption") if name in parameters}
    return without(parameters, "parse_mode") | texts


def without(parameters: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the parameters but one."""
    return {key: value for key, value in parameters.items() if key != name}


def message_of(made: Call, result: Any) -> int | None:
    """Return the id of the message that was sent or changed (Bot API, Message and MessageId), or None."""
    if isinstance(result, list) and result:  # sendMediaGroup
        result = result[0]
    if isinstance(result, dict) and isinstance(result.get("message_id"), int):
        return int(result["message_id"])
    changed = made.parameters.get("message_id") if made.method.startswith("edit") else None
    return changed if isinstance(changed, int) else None
