"""The sender: order, pace, changes, files, presses, stop and crash; against a real outbox and the sandbox over HTTP."""

import asyncio
from contextlib import closing

import pytest

from sandbox import faults
from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from storage import outbox
from storage.database import connect
from storage.outbox import Letter
from tests.bot.post import Post, calls, letter


def on_disk(post: Post) -> list[tuple[str, str, int | None]]:
    """Return state, parameters and message of each row as they stand in the last commit."""
    with closing(connect(post.folder / "bot.db", None, True)) as connection:
        return list(connection.execute("SELECT state, parameters, message FROM outbox ORDER BY id"))


async def test_a_message_is_sent_its_number_kept_and_its_text_forgotten(post: Post) -> None:
    aygun = await post.phone()
    await post.add(letter(aygun, "Salam"))
    await post.settle()
    assert [message.text for message in aygun.received] == ["Salam"]
    assert on_disk(post) == [("sent", "", aygun.last.message_id)]


async def test_a_row_is_sending_on_the_disk_before_its_call_leaves(post: Post, sandbox: Sandbox) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.slow(0.1))
    await post.add(letter(aygun))
    await post.until(lambda: bool(aygun.received))
    assert [state for state, _, _ in on_disk(post)] == ["sending"]
    await post.settle()
    assert [state for state, _, _ in on_disk(post)] == ["sent"]


async def test_messages_of_a_chat_arrive_in_order_and_one_at_a_time(post: Post, sandbox: Sandbox) -> None:
    aygun, sevinc = await post.phone("Aygün"), await post.phone("Sevinc")
    sandbox.faults.plan("sendMessage", fault=faults.slow(0.3))  # of Aygün's first
    await post.add(letter(aygun, "1"), letter(aygun, "2"), letter(aygun, "3"), letter(sevinc, "a"))
    await post.until(lambda: bool(sevinc.received))
    assert [message.text for message in aygun.received] == ["1"]
    await post.settle()
    assert [message.text for message in aygun.received] == ["1", "2", "3"]


async def test_a_chat_that_had_its_burst_waits_its_second(post: Post, clock: VirtualClock) -> None:
    aygun = await post.phone()
    await post.add(*(letter(aygun, str(number)) for number in range(5)))
    await post.until(lambda: len(aygun.received) == 3)
    await asyncio.sleep(0.05)
    assert len(aygun.received) == 3 and not post.sender.settled()
    event = post.next_event()
    assert event and 500 < event - clock.now() <= 1_000
    await post.skip_waits()
    assert [message.text for message in aygun.received] == ["0", "1", "2", "3", "4"]


async def test_what_is_not_due_waits_for_the_clock(post: Post, clock: VirtualClock) -> None:
    aygun = await post.phone()
    due = clock.now() + 3_600_000
    await post.add(letter(aygun, due=due))
    await post.settle()
    assert aygun.received == [] and post.next_event() == due
    clock.jump(due)
    await post.settle()
    assert len(aygun.received) == 1 and post.next_event() is None


async def test_what_is_past_its_use_is_missed_not_sent(post: Post, clock: VirtualClock) -> None:
    aygun = await post.phone()
    due = clock.now() + 60_000
    await post.add(letter(aygun, due=due, useless_after=due + 60_000))
    await post.settle()
    clock.jump(due + 60_000)
    await post.settle()
    assert (aygun.received, await post.rows()) == ([], ["missed"])


async def test_what_was_due_leaves_also_when_wall_time_is_turned_back(
    post: Post, clock: VirtualClock, sandbox: Sandbox
) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.flood(5))
    await post.add(letter(aygun))
    await post.until(post.pace.held)
    clock.set_wall_back(3_600_000)
    clock.jump(clock.now() + 6_000)
    await post.settle()
    assert len(aygun.received) == 1


async def test_a_reply_gets_through_a_fan_out_within_a_second(
    post: Post, sandbox: Sandbox, clock: VirtualClock
) -> None:
    """No more notes than a second holds leave between a reply's commit and the reply; and none is refused."""
    aygun = await post.phone()
    clock.set_rate(4)
    await post.add(*(letter(200_000 + number, priority=2, key=f"note:1:{number}") for number in range(1_000)))
    await post.until(lambda: len(sandbox.calls) > 20)
    before = len(sandbox.calls)
    await post.add(letter(aygun, "Cavab"))
    await post.until(lambda: bool(aygun.received))
    after = next(index for index, call in enumerate(sandbox.calls) if call.chat == aygun.id)
    assert after - before <= 15
    assert sandbox.refused_pace == 0


async def test_a_change_follows_its_message(post: Post) -> None:
    aygun = await post.phone()
    [row] = await post.add(letter(aygun, "0 / 40"))
    await post.add(Letter(aygun.id, "editMessageText", {"text": "40 / 40"}, target=row))
    await post.settle()
    assert [message.text for message in aygun.received] == ["40 / 40"]
    await post.add(Letter(aygun.id, "deleteMessage", {}, target=row))
    await post.settle()
    assert aygun.received == [] and await post.rows() == ["sent"] * 3


async def test_deletions_and_press_answers_take_no_slot(post: Post, sandbox: Sandbox) -> None:
    aygun = await post.phone()
    rows = await post.add(*(letter(aygun, str(number)) for number in range(3)))
    await post.settle()
    slots = len(post.pace._taken)
    await post.add(*(Letter(aygun.id, "deleteMessage", {}, target=row) for row in rows))
    post.sender.answer("nobody's", "x")
    await post.skip_waits()
    assert len(calls(sandbox, "deleteMessage", "answerCallbackQuery")) == 4
    assert len(post.pace._taken) == slots


async def test_a_file_is_made_when_it_is_sent(post: Post) -> None:
    aygun = await post.phone()
    await post.add(Letter(aygun.id, "sendDocument", {"caption": "Siyahı"}, document="export:7"))
    await post.settle()
    assert post.recipes == ["export:7"] and aygun.last.text == "Siyahı"
    assert aygun.last.document is not None


async def test_a_file_that_cannot_be_made_fails_with_the_errors_type(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    aygun = await post.phone()
    await post.add(Letter(aygun.id, "sendDocument", {}, document="impossible"), letter(aygun, "Salam"))
    await post.settle()
    assert await post.rows("state, reason") == [("failed", "ValueError"), ("sent", "")]
    assert post.failures == [(1, "ValueError")]
    assert "Sevinc" not in caplog.text


async def test_a_press_is_answered_at_once_also_when_the_line_is_full(post: Post, sandbox: Sandbox) -> None:
    aygun = await post.phone()
    buttons = {"inline_keyboard": [[{"text": "Gəlirəm", "callback_data": "i/1/coming"}]]}
    await post.add(Letter(aygun.id, "sendMessage", {"text": "?", "reply_markup": buttons}))
    await post.settle()
    await aygun.tap("Gəlirəm")
    await post.add(*(letter(300_000 + number, priority=2) for number in range(50)))
    post.sender.answer(aygun.presses[0].id, "Qeyd etdim")
    await post.until(lambda: aygun.toasts == ["Qeyd etdim"])
    assert not post.sender.settled()


async def test_a_press_that_is_too_old_or_unknown_is_forgotten(post: Post, clock: VirtualClock) -> None:
    post.sender.answer("unknown")
    await post.settle()
    post.pace.hold(30)
    post.sender.answer("while all is stopped")
    await post.until(post.sender.presses.settled)
    assert len(post.sandbox.calls) == 1


async def test_presses_are_bounded(post: Post, sandbox: Sandbox) -> None:
    for number in range(500):
        post.sender.answer(f"q{number}")
    await post.until(post.sender.presses.settled)
    assert len(calls(sandbox, "answerCallbackQuery")) == 200


async def test_a_stop_waits_for_what_is_in_the_air_and_writes_it_down(post: Post, sandbox: Sandbox) -> None:
    aygun, sevinc = await post.phone("Aygün"), await post.phone("Sevinc")
    sandbox.faults.plan("sendMessage", fault=faults.slow(0.1))
    await post.add(letter(aygun))
    await post.until(lambda: bool(aygun.received))
    await post.sender.stop()
    await post.add(letter(sevinc))
    await asyncio.sleep(0.02)
    assert await post.rows() == ["sent", "planned"]
    assert sevinc.received == []


async def test_a_stop_does_not_wait_for_ever_and_leaves_the_row_in_doubt(post: Post, sandbox: Sandbox) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.slow(60))
    await post.add(letter(aygun))
    await post.until(lambda: bool(aygun.received))
    await post.sender.stop(seconds=0.05)
    assert await post.rows() == ["sending"]


@pytest.mark.parametrize(
    ("doubt", "texts", "state"), [("repeat", ["Salam"] * 2, "sent"), ("hold", ["Salam"], "in doubt")]
)
async def test_after_a_crash_what_was_in_the_air_is_repeated_or_held_and_listed(
    post: Post, sandbox: Sandbox, doubt: str, texts: list[str], state: str
) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.slow(60))
    await post.add(letter(aygun, doubt=doubt), letter(aygun, "Sonra", doubt=doubt))
    await post.until(lambda: bool(aygun.received))
    await post.die()
    assert on_disk(post)[0][0] == "sending"
    await post.open()
    post.rest()
    post.start()
    await post.settle()
    assert [message.text for message in aygun.received] == [*texts, "Sonra"]
    async with post.database.reading() as tx:
        assert [(row.id, row.state, row.times) for row in await outbox.doubtful(tx)] == [(1, state, 1)]
