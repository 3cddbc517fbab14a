"""Keyboards: what `reply_markup` may hold, checked and put into the form in which messages carry it."""

from __future__ import annotations

import json
from typing import Any

from sandbox import texts
from sandbox.parameters import Call
from sandbox.refusals import bad

Json = dict[str, Any]
MOST_BUTTONS = 100
MOST_KEYS = 300
MOST_BYTES = 10_000
"""Telegram publishes no numbers for «reply markup is too long»; these are the ones that bots have run into."""
STYLES = ("primary", "success", "danger")
_ACTIONS = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat")
_FLAGS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")


def read(call: Call, *, private: bool, inline_only: bool = False) -> Json | None:
    """The keyboard of a call, None if it has none; raises Refused. Edits take inline keyboards only."""
    given = call.json("reply_markup", "reply keyboard markup")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in given:
        return _inline(given["inline_keyboard"])
    if inline_only:
        raise bad("inline keyboard expected")
    if given.get("remove_keyboard") is True:
        return {"remove_keyboard": True}
    if given.get("force_reply") is True:
        return {"force_reply": True, **_placeholder(given)}
    if "keyboard" in given:
        return _reply(given, private)
    return None


def _rows(given: Any, field: str) -> list[list[Any]]:
    if not isinstance(given, list):
        raise bad(f'field "{field}" of the ReplyMarkup must be an Array')
    if not all(isinstance(row, list) for row in given):
        raise bad(f'field "{field}" of the ReplyMarkup must be an Array of Arrays')
    return [row for row in given if row]


def _inline(given: Any) -> Json | None:
    rows = [[_inline_button(button) for button in row] for row in _rows(given, "inline_keyboard")]
    markup = {"inline_keyboard": rows}
    if sum(map(len, rows)) > MOST_BUTTONS or len(json.dumps(markup).encode()) > MOST_BYTES:
        raise bad("reply markup is too long")
    return markup if rows else None


def _text(button: Any, what: str) -> str:
    if not isinstance(button, dict):
        raise bad(f"can't parse {what}: expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad(f"can't parse {what}: Can't find field \"text\"")
    text = texts.cleaned(text).strip()
    if texts.blank(text):
        raise bad("BUTTON_TEXT_INVALID" if what.startswith("inline") else "keyboard button text must be non-empty")
    return text


def _inline_button(button: Any) -> Json:
    shown: Json = {"text": _text(button, "inline keyboard button")}
    actions = [action for action in _ACTIONS if button.get(action) is not None]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    action = actions[0]
    value = button[action]
    if action == "callback_data" and not (isinstance(value, str) and 1 <= len(value.encode()) <= 64):
        raise bad("BUTTON_DATA_INVALID")
    if action == "url" and not str(value).startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    return {**shown, action: value, **_style(button)}


def _style(button: Json) -> Json:
    style = button.get("style")
    if style is None:
        return {}
    if style not in STYLES:
        raise bad("can't parse keyboard button: invalid button style specified")
    return {"style": style}


def _reply(given: Json, private: bool) -> Json | None:
    rows = [[_key(button, private) for button in row] for row in _rows(given["keyboard"], "keyboard")]
    if sum(map(len, rows)) > MOST_KEYS:
        raise bad("reply markup is too long")
    flags = {name: True for name in _FLAGS if given.get(name)}
    return {"keyboard": rows, **flags, **_placeholder(given)} if rows else None


def _key(button: Any, private: bool) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    key: Json = {"text": _text(button, "keyboard button"), **_style(button)}
    for wish, what in (("request_contact", "phone number"), ("request_location", "location")):
        if button.get(wish):
            if not private:
                raise bad(f"{what} can be requested in private chats only")
            key[wish] = True
    return key


def _placeholder(given: Json) -> Json:
    placeholder = given.get("input_field_placeholder")
    return {"input_field_placeholder": str(placeholder)[:64]} if placeholder else {}
