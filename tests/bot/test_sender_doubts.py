"""What may have arrived comes again: soon where Telegram is back, ever more seldom where only it is not answered."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.carrier import LONGEST_REST
from sandbox import faults
from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from tests.bot.post import Post, calls, letter

MINUTE = 60_000


async def skip_until(post: Post, true: Callable[[], bool]) -> None:
    """Jump from one thing that happens to the next until something is so."""
    async with asyncio.timeout(10):
        while not true():
            event = post.next_event()
            if event is not None and event > post.clock.now() and not post.sender._air:
                post.clock.jump(event)
            await asyncio.sleep(0.02)


def sends(sandbox: Sandbox) -> int:
    return len(calls(sandbox, "sendMessage"))


async def test_a_message_that_alone_is_not_answered_comes_after_seconds_a_minute_and_half_hours(
    post: Post, sandbox: Sandbox
) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.BAD_GATEWAY, times=5)
    await post.add(letter(aygun))
    await post.skip_waits()
    moments = [call.moment for call in sandbox.calls if call.method == "sendMessage"]
    waits = [(later - earlier) / 1000 for earlier, later in pairwise(moments)]
    assert waits == [pytest.approx(seconds, abs=0.5) for seconds in (1, 4, 60, 1800, 1800)]
    assert await post.rows("attempts, doubted") == [(6, 5)]


@pytest.mark.parametrize("women", [1, 3])
async def test_while_nothing_is_answered_nothing_is_repeated_and_a_minute_later_all_has_come(
    post: Post, sandbox: Sandbox, clock: VirtualClock, women: int
) -> None:
    """Every call arrives, and the line is cut before its answer: nobody can know which of the two is lost."""
    phones = [await post.phone(f"Qadın {number}") for number in range(women)]
    before = clock.now()
    sandbox.faults.mix(1, {faults.CUT_AFTER: 1.0})
    await post.add(*(letter(phone) for phone in phones))
    await skip_until(post, lambda: clock.now() - before > 30 * MINUTE)
    assert [len(phone.received) for phone in phones] == [1] * women
    assert len(calls(sandbox, "getMe")) < 60
    sandbox.faults.clear()
    before = clock.now()
    await post.skip_waits()
    assert [len(phone.received) for phone in phones] == [2] * women
    assert clock.now() - before <= (LONGEST_REST + 1) * 1000


async def test_what_rests_for_long_comes_as_soon_as_another_message_is_answered(
    post: Post, sandbox: Sandbox, clock: VirtualClock
) -> None:
    aygun, sevinc = await post.phone("Aygün"), await post.phone("Sevinc")
    sandbox.faults.plan("sendMessage", fault=faults.BAD_GATEWAY, times=4)
    await post.add(letter(aygun))
    await skip_until(post, lambda: sends(sandbox) == 4 and post.sender.settled())
    before = clock.now()
    assert (post.next_event() or 0) - before > 29 * MINUTE
    await post.add(letter(sevinc))
    await skip_until(post, lambda: bool(aygun.received))
    assert clock.now() - before < MINUTE
    assert [len(aygun.received), len(sevinc.received)] == [1, 1]


async def test_what_rests_for_long_does_not_keep_the_next_message_from_her(
    post: Post, sandbox: Sandbox, clock: VirtualClock
) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.BAD_GATEWAY, times=4)
    await post.add(letter(aygun, "Salam"))
    await skip_until(post, lambda: sends(sandbox) == 4 and post.sender.settled())
    before = clock.now()
    await post.add(letter(aygun, "Sonra"))
    await skip_until(post, lambda: bool(aygun.received))
    assert clock.now() - before < MINUTE / 2
    await skip_until(post, lambda: len(aygun.received) == 2)
    assert [message.text for message in aygun.received] == ["Sonra", "Salam"]


async def test_a_wait_that_telegram_asks_for_when_it_is_asked_whether_it_is_there_is_obeyed(
    post: Post, sandbox: Sandbox, clock: VirtualClock
) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.BAD_GATEWAY)
    sandbox.faults.plan("getMe", fault=faults.flood(40))
    before = clock.now()
    await post.add(letter(aygun))
    await skip_until(post, lambda: bool(calls(sandbox, "getMe")) and post.pace.held())
    assert post.pace.wait() > 39
    await post.skip_waits()
    assert (clock.now() - before) / 1000 >= 41
    assert len(aygun.received) == 1 and sends(sandbox) == 2
