"""What can be done on the page: one function each, given the page, the person's phone and the browser's JSON."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sandbox.cast import Part
from sandbox.phone import Phone

if TYPE_CHECKING:
    from sandbox.page import Page

Json = dict[str, Any]
Gesture = Callable[[Phone, Json], Awaitable[object]]

HOUR_MS = 3_600_000
SENDABLE = ("photo", "document", "voice", "sticker", "location")


class Impossible(Exception):
    """What was asked cannot be done; the message is a sentence for the toast."""


async def make(page: Page, name: str, body: Any) -> Json:
    """Do what the browser asks for; raises Impossible with the reason if it cannot be done."""
    if not isinstance(body, dict):
        raise Impossible("The page asked for something that is no gesture.")
    try:
        if name in OF_THE_PAGE:
            return await OF_THE_PAGE[name](page, body)
        phone = page.phone(body["person"])
        await BY_A_PERSON[name](phone, body)
    except (LookupError, TypeError, ValueError) as error:
        raise Impossible(f"That is not possible now: {error}") from error
    return {}


async def _start(phone: Phone, body: Json) -> None:
    await phone.start(_text(body, "payload"))


async def _write(phone: Phone, body: Json) -> None:
    if body.get("reply_to"):
        await phone.reply(int(body["reply_to"]), _text(body, "text"))
    else:
        await phone.write(_text(body, "text"))


async def _edit(phone: Phone, body: Json) -> None:
    await phone.edit(int(body["message_id"]), _text(body, "text"))


async def _tap(phone: Phone, body: Json) -> None:
    message = phone.chat.messages[body["message_id"]]
    button = message.rows[body["row"]][body["column"]]
    await phone.tap(button.data or button.text, message)


async def _contact(phone: Phone, body: Json) -> None:
    await phone.share_contact()


async def _send(phone: Phone, body: Json) -> None:
    if body["kind"] not in SENDABLE:
        raise ValueError("this kind of message cannot be sent from here")
    own: Json = {}
    if body.get("content") is not None:  # a file of the browser's own, as base64
        own = {"content": base64.b64decode(_text(body, "content"), validate=True), "name": _text(body, "name")}
    await phone.send(body["kind"], **own)


async def _block(phone: Phone, body: Json) -> None:
    await phone.block()


async def _unblock(phone: Phone, body: Json) -> None:
    await phone.unblock()


async def _read(page: Page, body: Json) -> Json:
    page.view.mark_read(body["person"])
    page.changed()
    return {}


async def _join(page: Page, body: Json) -> Json:
    name, language, phone = (_text(body, key).strip() for key in ("name", "language_code", "phone_number"))
    if not 0 < len(name) <= 64:
        raise Impossible("A person needs a name of at most 64 letters.")
    return {"person": page.join(Part(name, language or None, phone))}


async def _travel(page: Page, body: Json) -> Json:
    now = page.world.clock.now()
    if body["to"] == "next":
        await page.journey.to_next()
    else:
        page.journey.to(now + {"hour": HOUR_MS, "day": 24 * HOUR_MS}[body["to"]])
    return {}


async def _stop(page: Page, body: Json) -> Json:
    await page.journey.stop()
    return {}


def _text(body: Json, key: str) -> str:
    text = body.get(key) or ""
    if not isinstance(text, str):
        raise TypeError(f"{key} is not a text")
    return text


BY_A_PERSON: dict[str, Gesture] = {
    "start": _start,
    "write": _write,
    "edit": _edit,
    "tap": _tap,
    "contact": _contact,
    "send": _send,
    "block": _block,
    "unblock": _unblock,
}
OF_THE_PAGE: dict[str, Callable[[Page, Json], Awaitable[Json]]] = {
    "read": _read,
    "join": _join,
    "travel": _travel,
    "stop": _stop,
}
