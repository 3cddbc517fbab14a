"""Updates: none is lost, none goes before its time, and two pollers meet as they do at Telegram."""

import asyncio

import pytest

from sandbox.clock import VirtualClock
from sandbox.phone import Phone
from sandbox.polling import OTHER_POLLER, WEBHOOK_ACTIVE
from sandbox.server import Sandbox
from tests.sandbox.caller import Bot
from tests.sandbox.conftest import DAY, START


async def texts(bot: Bot, **values: object) -> list[str]:
    return [update["message"]["text"] for update in await bot.updates(**values)]


async def test_an_update_stays_until_a_later_offset_is_asked_for(bot: Bot, woman: Phone) -> None:
    first, second = [await woman.write(text) for text in ("bir", "iki")]
    assert await texts(bot) == ["bir", "iki"]
    assert await texts(bot, offset=first["update_id"]) == ["bir", "iki"]
    assert await texts(bot, offset=first["update_id"] + 1) == ["iki"]
    assert bot.sandbox.updates_waiting == 1
    assert await texts(bot, offset=second["update_id"] + 1) == []
    assert bot.sandbox.updates_waiting == 0


async def test_ids_begin_at_random_and_go_up_by_one() -> None:
    firsts = set()
    for seed in range(3):
        sandbox = Sandbox(VirtualClock(START), seed=seed)
        phone = sandbox.phone()
        ids = [(await phone.write("salam"))["update_id"] for _ in range(3)]
        assert ids == list(range(ids[0], ids[0] + 3))
        firsts.add(ids[0])
    assert len(firsts) == 3


async def test_after_a_week_of_silence_the_id_is_random(sandbox: Sandbox, clock: VirtualClock, woman: Phone) -> None:
    before = (await woman.write("salam"))["update_id"]
    clock.jump(clock.now() + 7 * DAY + 1000)
    assert abs((await woman.write("salam"))["update_id"] - before) > 1


@pytest.mark.parametrize("limit, given", [(1, 1), (3, 3), (0, 1), (-5, 1), (100, 100), (1000, 100)])
async def test_a_limit_is_moved_into_1_to_100(bot: Bot, woman: Phone, limit: int, given: int) -> None:
    for number in range(101):
        await woman.write(str(number))
    assert len(await texts(bot, limit=limit)) == given


async def test_a_negative_offset_forgets_all_but_the_last(bot: Bot, woman: Phone) -> None:
    for text in ("bir", "iki", "üç"):
        await woman.write(text)
    assert await texts(bot, offset=-1) == ["üç"]
    assert await texts(bot) == ["üç"]


@pytest.mark.parametrize("wrong", [10_000_000, -10_000_000])
async def test_an_offset_too_far_off_is_ignored(bot: Bot, woman: Phone, wrong: int) -> None:
    update = await woman.write("bir")
    assert await texts(bot, offset=max(1, update["update_id"] + wrong)) == ["bir"]
    assert bot.sandbox.updates_waiting == 1


async def test_a_message_is_kept_24_hours_from_its_date(bot: Bot, woman: Phone, clock: VirtualClock) -> None:
    await woman.write("köhnə")
    clock.jump(clock.now() + DAY - 60_000)
    await woman.write("təzə")
    assert await texts(bot) == ["köhnə", "təzə"]
    clock.jump(clock.now() + 60_000)
    assert await texts(bot) == ["təzə"]


async def test_a_press_is_kept_150_seconds(bot: Bot, woman: Phone, clock: VirtualClock) -> None:
    await woman.press_raw("x", 1)
    clock.jump(clock.now() + 149_000)
    assert bot.sandbox.updates_waiting == 1
    clock.jump(clock.now() + 1_001)
    assert bot.sandbox.updates_waiting == 0


async def test_allowed_updates_are_kept_between_calls(bot: Bot, woman: Phone) -> None:
    await bot.updates(allowed_updates=["message"])
    await woman.write("salam")
    await bot.updates(offset=1)
    await woman.block()
    await woman.unblock()
    assert [set(update) - {"update_id"} for update in await bot.updates(offset=2)] == [{"message"}]
    await bot.updates(allowed_updates=[], offset=-1)
    await woman.block()
    assert "my_chat_member" in (await bot.updates(offset=-2))[-1]


async def test_a_poll_waits_for_the_next_update(bot: Bot, woman: Phone) -> None:
    poll = await bot.waiting()
    update = await woman.write("salam")
    assert await asyncio.wait_for(poll, 1) == [update]


async def test_that_a_poll_stands_is_known_until_it_is_answered(bot: Bot, woman: Phone) -> None:
    poll = asyncio.create_task(bot.updates(timeout=50))
    await asyncio.wait_for(bot.sandbox.polled(), 2)
    update = await woman.write("salam")
    assert await asyncio.wait_for(poll, 1) == [update]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(bot.sandbox.polled(), 0.01)


async def test_a_poll_ends_after_its_timeout_of_at_most_50_seconds(bot: Bot, clock: VirtualClock) -> None:
    poll = await bot.waiting(timeout=3600)
    clock.jump(clock.now() + 49_000)
    await bot.do("getMe")
    assert not poll.done()
    clock.jump(clock.now() + 1_000)
    assert await asyncio.wait_for(poll, 1) == []


async def test_the_older_waiting_poller_is_put_out(bot: Bot, woman: Phone) -> None:
    older = await bot.waiting("refusal")
    newer = await bot.waiting()
    assert await asyncio.wait_for(older, 1) == (409, f"Conflict: {OTHER_POLLER}")
    update = await woman.write("salam")
    assert await asyncio.wait_for(newer, 1) == [update]


async def test_the_second_conflict_within_three_seconds_is_told_late(bot: Bot, clock: VirtualClock) -> None:
    polls = [await bot.waiting("answer") for _ in range(3)]
    assert (await asyncio.wait_for(polls[0], 1))[0] == 409
    await bot.do("getMe")
    assert [poll.done() for poll in polls[1:]] == [False, False]
    clock.jump(clock.now() + 3_000)
    assert (await asyncio.wait_for(polls[1], 1))[0] == 409
    clock.jump(clock.now() + 50_000)
    assert (await asyncio.wait_for(polls[2], 1))[0] == 200


async def test_where_updates_wait_both_pollers_get_them(bot: Bot, woman: Phone) -> None:
    await woman.write("salam")
    assert list(await asyncio.gather(texts(bot, timeout=50), texts(bot, timeout=50))) == [["salam"], ["salam"]]


async def test_the_same_offset_again_is_slowed_down(bot: Bot, woman: Phone, clock: VirtualClock) -> None:
    for text in ("bir", "iki"):
        await woman.write(text)
    assert await texts(bot, offset=0) == ["bir", "iki"]
    assert await texts(bot, offset=0) == ["bir"]
    clock.jump(clock.now() + 600)
    assert await texts(bot, offset=0) == ["bir", "iki"]
    bot.sandbox.world.queue.clear()
    poll = await bot.waiting(offset=0, timeout=0)
    clock.jump(clock.now() + 3_000)
    assert await asyncio.wait_for(poll, 1) == []


async def test_a_webhook_and_polling_exclude_each_other(bot: Bot, woman: Phone) -> None:
    assert await bot.do("setWebhook", url="https://example.org/hook")
    assert await bot.refusal("getUpdates") == (409, f"Conflict: {WEBHOOK_ACTIVE}")
    await woman.write("salam")
    info = await bot.do("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == ("https://example.org/hook", 1)
    assert await bot.do("deleteWebhook")
    assert await texts(bot) == ["salam"]
    assert (await bot.refusal("setWebhook", url="http://example.org"))[0] == 400


async def test_a_new_webhook_ends_the_waiting_poll(bot: Bot) -> None:
    poll = await bot.waiting("refusal")
    await bot.do("setWebhook", url="https://example.org/hook")
    assert await asyncio.wait_for(poll, 1) == (409, "Conflict: terminated by setWebhook request")


async def test_pending_updates_are_dropped_only_on_demand(bot: Bot, woman: Phone) -> None:
    await woman.write("salam")
    await bot.do("deleteWebhook", drop_pending_updates=False)
    assert bot.sandbox.updates_waiting == 1
    await bot.do("deleteWebhook", drop_pending_updates=True)
    assert bot.sandbox.updates_waiting == 0


async def test_the_queue_holds_100_000_and_drops_the_rest(sandbox: Sandbox) -> None:
    for _ in range(100_001):
        sandbox.inject({})
    assert (sandbox.updates_waiting, sandbox.world.queue.dropped) == (100_000, 1)


async def test_the_queue_holds_128_mib_and_drops_the_rest(sandbox: Sandbox) -> None:
    big = {"big": "x" * 16 * 1024 * 1024}
    for _ in range(9):
        sandbox.inject(big)
    assert (sandbox.updates_waiting, sandbox.world.queue.dropped) == (8, 1)
    sandbox.world.queue.clear()
    sandbox.inject(big)
    assert (sandbox.updates_waiting, sandbox.world.queue.dropped) == (1, 1)


async def test_an_answer_holds_at_most_4_mib(bot: Bot, sandbox: Sandbox) -> None:
    for _ in range(8):
        sandbox.inject({"big": "x" * 1024 * 1024})
    assert len(await bot.updates()) == 3


async def test_anything_can_be_injected(bot: Bot, sandbox: Sandbox) -> None:
    given = sandbox.inject({"message": {"no": "message"}, "unheard_of": 1})
    assert await bot.updates() == [given]


async def test_an_update_can_come_twice_with_one_id(bot: Bot, woman: Phone) -> None:
    update = await woman.write("salam")
    after = update["update_id"] + 1
    assert await texts(bot, offset=after) == []
    await woman.replay(update)
    assert await bot.updates(offset=after) == [update]
    assert await bot.updates(offset=after + 1, timeout=0) == []
