"""How fast the bot may send: refused above it, never below it, and all in the clock's time."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.clock import VirtualClock
from sandbox.limits import Limits
from sandbox.phone import Phone
from sandbox.refusals import Refused
from sandbox.server import Sandbox
from tests.sandbox.caller import Bot
from tests.sandbox.conftest import START


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START, rate=0)


@pytest.fixture
async def strict(sandbox: Sandbox) -> AsyncIterator[Sandbox]:
    sandbox.limits.on = True
    yield sandbox


def wait(limits: Limits, chat: int, *, private: bool = True) -> int:
    """Seconds to wait before a send, 0 if it went through."""
    try:
        limits.take(chat, private=private)
    except Refused as refused:
        assert refused.parameters is not None
        return int(refused.parameters["retry_after"])
    return 0


def test_thirty_in_any_second(clock: VirtualClock) -> None:
    limits = Limits(clock)
    assert [wait(limits, chat) for chat in range(31)] == [0] * 30 + [1]
    clock.jump(START + 999)
    assert wait(limits, 99) == 1
    clock.jump(START + 1_000)
    assert [wait(limits, 100 + chat) for chat in range(31)] == [0] * 30 + [1]


def test_one_a_second_in_a_private_chat_after_a_burst_of_five(clock: VirtualClock) -> None:
    limits = Limits(clock)
    assert [wait(limits, 1) for _ in range(6)] == [0] * 5 + [1]
    clock.jump(START + 1_000)
    assert [wait(limits, 1) for _ in range(2)] == [0, 1]
    clock.jump(START + 60_000)
    assert [wait(limits, 1) for _ in range(6)] == [0] * 5 + [1]


def test_twenty_a_minute_in_a_group(clock: VirtualClock) -> None:
    limits = Limits(clock)
    assert [wait(limits, -1, private=False) for _ in range(21)] == [0] * 20 + [60]
    clock.jump(START + 45_000)
    assert wait(limits, -1, private=False) == 15
    assert wait(limits, -2, private=False) == 0
    clock.jump(START + 60_000)
    assert wait(limits, -1, private=False) == 0


def test_a_refused_call_does_not_count(clock: VirtualClock) -> None:
    limits = Limits(clock)
    for _ in range(50):
        wait(limits, 1)
    clock.jump(START + 1_000)
    assert wait(limits, 1) == 0


async def test_a_flood_is_answered_with_the_time_to_wait(strict: Sandbox, bot: Bot, woman: Phone) -> None:
    for _ in range(5):
        await bot.do("sendMessage", chat_id=woman.id, text="x")
    values = {"chat_id": woman.id, "text": "x"}
    async with bot.session.post(f"{bot.root}/sendMessage", json=values) as response:
        body = await response.json()
        assert response.headers["Retry-After"] == "1"
    assert body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert (strict.refused_pace, strict.refused_malformed, len(woman.received)) == (1, 0, 5)


@pytest.mark.parametrize(
    "method, values, counts",
    [
        ("editMessageReplyMarkup", {"message_id": 2, "reply_markup": {"inline_keyboard": []}}, True),
        ("copyMessage", {"from_chat_id": 100001, "message_id": 1}, True),
        ("sendLocation", {"latitude": 1, "longitude": 1}, True),
        ("editMessageText", {"message_id": 99, "text": "y"}, False),
        ("sendMessage", {"text": ""}, False),
        ("sendChatAction", {"action": "typing"}, False),
        ("deleteMessage", {"message_id": 1}, False),
        ("getChat", {}, False),
    ],
)
async def test_what_counts(
    strict: Sandbox, bot: Bot, woman: Phone, method: str, values: dict[str, Any], counts: bool
) -> None:
    for _ in range(5):
        await bot.do("sendMessage", chat_id=woman.id, text="x")
    status, _ = await bot.answer(method, chat_id=woman.id, **values)
    assert (status == 429) is counts
