"""Letters: ready calls of the Bot API for the outbox. Texts are HTML; whom they are for stands in the row."""

from typing import Any

from bot import buttons
from bot.buttons import Rows
from storage.outbox import Letter

NO_PREVIEW = {"is_disabled": True}
MARK = 1  # priority of a mark on a pressed button: who taps fast (bot/pace.py) has her next question before it


def text(chat: int, html: str, markup: dict[str, Any] | None = None, *, silent: bool = False, **row: Any) -> Letter:
    """Return a message (Bot API, sendMessage); `row` are further fields of the outbox row."""
    parameters: dict[str, Any] = {"text": html, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
    if markup:
        parameters["reply_markup"] = markup
    if silent:
        parameters["disable_notification"] = True
    return Letter(chat=chat, method="sendMessage", parameters=parameters, **row)


def edit(chat: int, message: int, html: str, rows: Rows = (), **row: Any) -> Letter:
    """Return a change of a message's text and buttons (Bot API, editMessageText)."""
    parameters = {
        "message_id": message,
        "text": html,
        "parse_mode": "HTML",
        "link_preview_options": NO_PREVIEW,
        "reply_markup": buttons.inline(rows),
    }
    return Letter(chat=chat, method="editMessageText", parameters=parameters, **row)


def unbutton(chat: int, message: int, **row: Any) -> Letter:
    """Return the removal of a message's buttons (Bot API, editMessageReplyMarkup)."""
    return rebutton(chat, message, (), **row)


def rebutton(chat: int, message: int, rows: Rows, **row: Any) -> Letter:
    """Return a change of a message's buttons; its text stays (Bot API, editMessageReplyMarkup)."""
    parameters = {"message_id": message, "reply_markup": buttons.inline(rows)}
    return Letter(chat=chat, method="editMessageReplyMarkup", parameters=parameters, **row)


def delete(chat: int, message: int, **row: Any) -> Letter:
    """Return the deletion of a message (Bot API, deleteMessage; 48 hours)."""
    return Letter(chat=chat, method="deleteMessage", parameters={"message_id": message}, **row)


def copy(chat: int, from_chat: int, message: int, markup: dict[str, Any] | None = None, **row: Any) -> Letter:
    """Return a copy of a message of another chat, whatever its kind (Bot API, copyMessage)."""
    parameters: dict[str, Any] = {"from_chat_id": from_chat, "message_id": message}
    if markup:
        parameters["reply_markup"] = markup
    return Letter(chat=chat, method="copyMessage", parameters=parameters, **row)


def venue(chat: int, place: tuple[float, float], title: str, address: str, **row: Any) -> Letter:
    """Return a card with a place on the map (Bot API, sendVenue)."""
    latitude, longitude = place
    parameters = {"latitude": latitude, "longitude": longitude, "title": title, "address": address}
    return Letter(chat=chat, method="sendVenue", parameters=parameters, **row)


def sent(chat: int, kind: str, file: str, caption: str, **row: Any) -> Letter:
    """Return a voice message or a photo that came to the bot, by what Telegram calls its file.

    Nobody can pass it on or save it (Bot API, sendVoice, sendPhoto, protect_content).
    """
    parameters = {kind: file, "caption": caption, "parse_mode": "HTML", "protect_content": True}
    return Letter(chat=chat, method=f"send{kind.capitalize()}", parameters=parameters, **row)


def document(chat: int, recipe: str, caption: str, **row: Any) -> Letter:
    """Return a file that is made when it is sent (Bot API, sendDocument)."""
    parameters = {"caption": caption, "parse_mode": "HTML"}
    return Letter(chat=chat, method="sendDocument", parameters=parameters, document=recipe, **row)


def photo(chat: int, recipe: str, caption: str, **row: Any) -> Letter:
    """Return a picture that is made when it is sent (Bot API, sendPhoto)."""
    parameters = {"caption": caption, "parse_mode": "HTML"}
    return Letter(chat=chat, method="sendPhoto", parameters=parameters, document=recipe, **row)
