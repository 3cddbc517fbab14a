"""The lock screen: what anybody who holds her phone can read of a message without opening it."""

from __future__ import annotations

from sandbox import texts
from sandbox.world import Message, Notice, World

SHOWN = 60
"""Characters of a text that a lock screen shows."""
_NAMES = {"document": "File", "photo": "Photo", "voice": "Voice message", "location": "Location"}


def notice(world: World, message: Message) -> Notice:
    """The notification of a new message: the bot's name, and the first characters after formatting."""
    text = " ".join(_hidden(message).split())
    if message.kind in _NAMES:
        name = message.media.name if message.media and message.media.name else _NAMES[message.kind]
        text = f"{name}, {text}" if text else name
    elif message.kind == "venue":
        text = str(message.content["title"])
    return Notice(world.bot.name, text[:SHOWN], message.silent, message.protected)


def _hidden(message: Message) -> str:
    """The text with dots for what is under a spoiler."""
    text = message.text
    for entity in message.entities:
        if entity["type"] == "spoiler":
            secret = texts.cut(message.text, entity["offset"], entity["length"])
            text = text.replace(secret, "▒" * len(secret), 1)
    return text
