"""Answers to pressed buttons."""

from __future__ import annotations

from sandbox import texts
from sandbox.parameters import Call
from sandbox.refusals import QUERY_TOO_OLD, bad
from sandbox.world import World

ANSWERABLE_MS = 60_000
"""Telegram names no number for «query is too old»: a client stops waiting after well under a minute."""
LONGEST_ANSWER = 200


def answer_callback_query(world: World, call: Call) -> bool:
    """True; the button stops waiting and may show a text (Bot API, answerCallbackQuery). A press is answered once."""
    press = world.presses.get(call.text("callback_query_id"))
    if press is None or press.answered or world.clock.now() - press.at_ms > ANSWERABLE_MS:
        raise bad(QUERY_TOO_OLD)
    text = texts.cleaned(call.text("text")).strip()
    if len(text) > LONGEST_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    press.answered = True
    press.answer, press.alert = text, call.flag("show_alert")
    world.changed(press.chat_id)
    return True


METHODS = {"answercallbackquery": answer_callback_query}
