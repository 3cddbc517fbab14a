"""Keyboards: rows of buttons under a message, or in place of the phone's keyboard."""

from collections.abc import Sequence
from typing import Any, NamedTuple

MOST_BYTES = 64  # Bot API, InlineKeyboardButton.callback_data


class Button(NamedTuple):
    """A button under a message: `data` comes back when it is pressed, `url` opens instead."""

    label: str
    data: str = ""
    url: str = ""
    style: str = ""  # 'primary', 'success', 'danger' (Bot API 9.4)


Rows = Sequence[Sequence[Button]]


def inline(rows: Rows) -> dict[str, Any]:
    """Return an InlineKeyboardMarkup; no rows take a keyboard away."""
    return {"inline_keyboard": [[show(button) for button in row] for row in rows]}


def show(button: Button) -> dict[str, str]:
    """Return an InlineKeyboardButton."""
    if len(button.data.encode()) > MOST_BYTES:
        raise ValueError(f"button data over {MOST_BYTES} bytes: {button.data.split('/')[0]}")
    shown = (
        {"text": button.label, "url": button.url}
        if button.url
        else {"text": button.label, "callback_data": button.data}
    )
    return shown | ({"style": button.style} if button.style else {})


def sharing(what: str, label: str, *others: str) -> dict[str, Any]:
    """Return a keyboard that shares her 'contact' or 'location' with one tap, and other choices below.

    Only a keyboard in place of hers can do it (Bot API, KeyboardButton).
    """
    rows: list[list[dict[str, Any]]] = [[{"text": label, f"request_{what}": True}]]
    rows += [[{"text": other}] for other in others]
    return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}


def words(*labels: str) -> dict[str, Any]:
    """Return a keyboard of words to be sent; without any, what takes a keyboard away."""
    keys = [[{"text": label}] for label in labels]
    return {"keyboard": keys, "resize_keyboard": True, "one_time_keyboard": True} if keys else GONE


GONE: dict[str, Any] = {"remove_keyboard": True}
