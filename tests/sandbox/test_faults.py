"""What goes wrong on the way, and whether the call took effect all the same."""

import asyncio

import aiohttp
import pytest

from sandbox import faults
from sandbox.clock import VirtualClock
from sandbox.faults import Fault, Faults
from sandbox.phone import Phone
from sandbox.server import Sandbox
from tests.sandbox.caller import Bot


async def test_the_nth_calls_of_a_method_fail(sandbox: Sandbox, bot: Bot, woman: Phone) -> None:
    sandbox.faults.plan("sendMessage", fault=faults.RESTART, after=1, times=2)
    statuses = [(await bot.answer("sendMessage", chat_id=woman.id, text=str(number)))[0] for number in range(4)]
    assert statuses == [200, 500, 500, 200]
    assert [message.text for message in woman.received] == ["0", "3"]
    assert (await bot.answer("getMe"))[0] == 200


async def test_any_method_can_fail(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.faults.plan(fault=faults.BAD_GATEWAY)
    assert await bot.refusal("getMe") == (502, "Bad Gateway")
    assert await bot.do("getMe")


async def test_a_planned_flood_names_its_seconds(sandbox: Sandbox, bot: Bot, woman: Phone) -> None:
    sandbox.faults.plan("sendMessage", fault=faults.flood(60))
    status, body = await bot.answer("sendMessage", chat_id=woman.id, text="x")
    assert (status, body["parameters"], body["description"]) == (
        429,
        {"retry_after": 60},
        "Too Many Requests: retry after 60",
    )
    assert (sandbox.refused_pace, woman.received) == (0, [])


@pytest.mark.parametrize("fault, sent", [(faults.CUT_BEFORE, 0), (faults.CUT_AFTER, 1)])
async def test_a_cut_connection(sandbox: Sandbox, bot: Bot, woman: Phone, fault: Fault, sent: int) -> None:
    sandbox.faults.plan("sendMessage", fault=fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.answer("sendMessage", chat_id=woman.id, text="x")
    assert len(woman.received) == sent
    assert (sandbox.calls[-1].status, sandbox.calls[-1].description) == (0, "connection cut")


async def test_an_answer_that_is_no_json(sandbox: Sandbox, bot: Bot, woman: Phone) -> None:
    sandbox.faults.plan("sendMessage", fault=faults.JUNK)
    async with bot.session.post(f"{bot.root}/sendMessage", json={"chat_id": woman.id, "text": "x"}) as response:
        assert (response.status, response.content_type) == (200, "text/html")
    assert len(woman.received) == 1


async def test_a_page_of_a_proxy_has_its_own_status(sandbox: Sandbox, bot: Bot, woman: Phone) -> None:
    sandbox.faults.plan("sendMessage", fault=faults.TOO_LARGE)
    async with bot.session.post(f"{bot.root}/sendMessage", json={"chat_id": woman.id, "text": "x"}) as response:
        assert (response.status, response.content_type) == (413, "text/html")
    assert (sandbox.calls[-1].status, woman.received) == (413, [])


async def test_a_slow_answer_comes_in_the_clocks_time(
    sandbox: Sandbox, bot: Bot, woman: Phone, clock: VirtualClock
) -> None:
    sandbox.faults.plan("sendMessage", fault=faults.slow(3600))
    call = asyncio.create_task(bot.answer("sendMessage", chat_id=woman.id, text="x"))
    await woman.wait("x")
    await bot.do("getMe")
    assert not call.done()
    clock.jump(clock.now() + 3_600_000)
    assert (await asyncio.wait_for(call, 1))[0] == 200


async def test_a_status_after_the_effect(sandbox: Sandbox, bot: Bot, woman: Phone) -> None:
    sandbox.faults.plan("sendMessage", fault=faults.status(504, "Gateway Timeout", effect=True))
    assert await bot.refusal("sendMessage", chat_id=woman.id, text="x") == (504, "Gateway Timeout")
    assert len(woman.received) == 1


async def test_the_network_goes_and_comes_back(sandbox: Sandbox, bot: Bot, woman: Phone) -> None:
    poll = await bot.waiting()
    sandbox.network_away()
    with pytest.raises(aiohttp.ClientConnectionError):
        await asyncio.wait_for(poll, 1)
    for method in ("getMe", "sendMessage"):
        with pytest.raises(aiohttp.ClientConnectionError):
            await bot.answer(method, chat_id=woman.id, text="x")
    update = await woman.write("salam")
    sandbox.network_away(False)
    assert await bot.updates() == [update]
    assert woman.received == []


def drawn(seed: int, shares: dict[Fault, float], *methods: str) -> list[Fault | None]:
    mixed = Faults()
    mixed.mix(seed, shares, methods=methods)
    return [mixed.next(method) for method in ["sendMessage", "getUpdates"] * 500]


def test_a_mix_is_repeatable_and_keeps_its_shares() -> None:
    shares = {faults.CUT_AFTER: 0.2, faults.BAD_GATEWAY: 0.1}
    first = drawn(7, shares)
    assert first == drawn(7, shares) != drawn(8, shares)
    assert 150 < first.count(faults.CUT_AFTER) < 250
    assert 60 < first.count(faults.BAD_GATEWAY) < 140


def test_a_mix_can_be_kept_to_some_methods() -> None:
    hit = drawn(7, {faults.JUNK: 1.0}, "sendMessage")
    assert hit == [faults.JUNK, None] * 500


def test_cleared_faults_are_over() -> None:
    planned = Faults(away=True)
    planned.plan(fault=faults.JUNK)
    planned.mix(1, {faults.JUNK: 1.0})
    planned.clear()
    assert (planned.next("getMe"), planned.away, planned.met) == (None, False, [])
