"""What goes wrong on the way out: every refusal of TELEGRAM.md's table 2, lost lines, lost answers, lost disks."""

import asyncio
import logging
from contextlib import closing
from pathlib import Path

import pytest

from bot.api import TokenRefused
from sandbox import faults
from sandbox.clock import VirtualClock
from sandbox.faults import Fault
from sandbox.server import Sandbox
from storage import outbox
from storage.database import NO_PATIENCE, connect
from storage.outbox import Letter
from tests.bot.post import Post, calls, letter


async def test_a_flood_wait_stops_everyone_and_nothing_is_lost(
    post: Post, sandbox: Sandbox, clock: VirtualClock
) -> None:
    phones = [await post.phone(f"Qadın {number}") for number in range(6)]
    sandbox.faults.plan("sendMessage", fault=faults.flood(60), after=2)
    before = clock.now()
    await post.add(*(letter(phone) for phone in phones))
    await post.until(post.pace.held)
    sent = len(sandbox.calls)
    assert (post.next_event() or 0) - before > 59_000
    clock.jump(clock.now() + 50_000)
    await post.until(lambda: not post.sender._air)
    assert len(sandbox.calls) - sent <= 2  # what was in the air already
    await post.skip_waits()
    assert clock.now() - before >= 60_000
    assert [len(phone.received) for phone in phones] == [1] * 6
    assert await post.rows("state, doubted") == [("sent", 0)] * 6


async def test_a_long_flood_wait_outlasts_the_process(post: Post, sandbox: Sandbox, clock: VirtualClock) -> None:
    phone = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.flood(600))
    await post.add(letter(phone))
    await post.until(lambda: post.pace.held() and not post.sender._air and not post.sender._back)
    await post.die()
    await post.open()
    post.start()
    await post.until(post.pace.held)
    clock.jump(clock.now() + 590_000)
    assert post.pace.held() and phone.received == []
    await post.skip_waits()
    assert len(phone.received) == 1


@pytest.mark.parametrize(("gone", "state"), [(False, "blocked"), (True, "gone")])
async def test_who_blocked_the_bot_is_unreachable_with_all_that_was_planned(
    post: Post, clock: VirtualClock, gone: bool, state: str
) -> None:
    aygun, sevinc = await post.phone("Aygün"), await post.phone("Sevinc")
    await (aygun.close_account() if gone else aygun.block())
    await post.add(letter(aygun), letter(aygun, due=clock.now() + 60_000), letter(sevinc))
    await post.settle()
    reason = "Forbidden: user is deactivated" if gone else "Forbidden: bot was blocked by the user"
    assert await post.rows("state, reason") == [("unreachable", reason)] * 2 + [("sent", "")]
    async with post.database.reading() as tx:
        assert await tx.all("SELECT state FROM chats ORDER BY id") == [(state,), ("reachable",)]
    assert len(calls(post.sandbox, "sendMessage")) == 2
    assert post.failures == []


async def test_a_group_that_became_a_supergroup_gets_its_message_and_the_next_ones_there(
    post: Post, sandbox: Sandbox
) -> None:
    new = sandbox.group("Təşkilatçılar")
    old = sandbox.group("Təşkilatçılar", "group", id=-77)
    old.chat.migrated_to = new.chat.id
    await post.add(letter(-77, "1"), letter(-77, "2"))
    await post.skip_waits()
    assert await post.rows("state, chat") == [("sent", new.chat.id)] * 2
    assert [chat for _, chat, status in calls(sandbox, "sendMessage") if status == 200] == [new.chat.id] * 2
    assert len(calls(sandbox, "sendMessage")) == 3


async def test_a_change_that_changes_nothing_is_success(post: Post) -> None:
    aygun = await post.phone()
    [row] = await post.add(letter(aygun, "Salam"))
    await post.add(Letter(aygun.id, "editMessageText", {"text": "Salam"}, target=row))
    await post.settle()
    number = aygun.last.message_id
    assert await post.rows("state, message") == [("sent", number)] * 2


async def test_a_change_of_a_message_that_is_gone_is_sent_anew_and_changed_there_later(post: Post) -> None:
    aygun = await post.phone()
    [row] = await post.add(letter(aygun, "1"))
    await post.settle()
    await post.api.call("deleteMessage", {"chat_id": aygun.id, "message_id": aygun.last.message_id})
    await post.add(Letter(aygun.id, "editMessageText", {"text": "2"}, target=row))
    await post.skip_waits()
    assert [message.text for message in aygun.received] == ["2"]
    await post.add(Letter(aygun.id, "editMessageText", {"text": "3"}, target=row))
    await post.skip_waits()
    assert [message.text for message in aygun.received] == ["3"]


async def test_what_is_to_go_and_is_gone_is_success(post: Post) -> None:
    aygun = await post.phone()
    await post.add(
        Letter(aygun.id, "deleteMessage", {"message_id": 9_999}),
        Letter(aygun.id, "editMessageReplyMarkup", {"message_id": 9_999, "reply_markup": {"inline_keyboard": []}}),
    )
    await post.settle()
    assert await post.rows() == ["sent", "sent"] and post.failures == []


async def test_a_text_that_telegram_cannot_read_arrives_without_its_tags_and_is_counted(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    aygun = await post.phone()
    await post.add(Letter(aygun.id, "sendMessage", {"text": "<3 Aygün, <b>salam</b>", "parse_mode": "HTML"}))
    with caplog.at_level(logging.DEBUG):
        await post.settle()
    assert aygun.last.text == "<3 Aygün, salam"
    assert await post.rows() == ["sent"]
    assert "formatting" in caplog.text and "Aygün" not in caplog.text


async def test_what_telegram_refuses_otherwise_fails_after_one_try_and_is_told(post: Post, sandbox: Sandbox) -> None:
    aygun = await post.phone()
    await post.add(letter(aygun, "x" * 5_000), letter(aygun, "Salam"))
    await post.settle()
    assert await post.rows("state, reason") == [("failed", "Bad Request: message is too long"), ("sent", "")]
    assert post.failures == [(1, "Bad Request: message is too long")]
    assert len(calls(sandbox, "sendMessage")) == 2


async def test_a_refused_token_ends_the_run_with_a_sentence_and_the_row_waits(
    post: Post, tmp_path: Path, sandbox: Sandbox, clock: VirtualClock
) -> None:
    aygun = await post.phone()
    wrong = Post(tmp_path / "other", sandbox, clock)
    await wrong.open(token="123456789:" + "a-token-that-botfather-has-revoked-x")
    await wrong.add(letter(aygun))
    with pytest.raises(TokenRefused, match="BotFather"):
        await wrong.sender.run()
    assert await wrong.rows() == ["planned"]
    assert len(sandbox.calls) == 1
    await wrong.close()


@pytest.mark.parametrize(
    ("fault", "copies"),
    [(faults.CUT_BEFORE, 1), (faults.CUT_AFTER, 2), (faults.JUNK, 2), (faults.BAD_GATEWAY, 1), (faults.RESTART, 1)],
)
async def test_what_may_have_arrived_is_sent_again_after_a_while_and_listed(
    post: Post, sandbox: Sandbox, clock: VirtualClock, fault: Fault, copies: int
) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=fault)
    before = clock.now()
    await post.add(letter(aygun, "Salam"), letter(aygun, "Sonra"))
    await post.skip_waits()
    assert clock.now() - before >= 1_000
    assert [message.text for message in aygun.received] == ["Salam"] * copies + ["Sonra"]
    async with post.database.reading() as tx:
        assert [(doubt.id, doubt.state, doubt.times) for doubt in await outbox.doubtful(tx)] == [(1, "sent", 1)]


async def test_what_may_have_arrived_waits_for_an_organiser_if_that_is_its_policy(post: Post, sandbox: Sandbox) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.CUT_AFTER)
    await post.add(letter(aygun, "Salam", doubt="hold"))
    await post.skip_waits()
    assert len(aygun.received) == 1 and await post.rows() == ["in doubt"]
    async with post.database.transaction() as tx:
        await outbox.decide(tx, 1, True, post.clock.now())
    await post.skip_waits()
    assert len(aygun.received) == 2 and await post.rows() == ["sent"]


async def test_while_the_network_is_away_all_wait_and_nothing_is_in_doubt(
    post: Post, sandbox: Sandbox, clock: VirtualClock
) -> None:
    phones = [await post.phone(f"Qadın {number}") for number in range(3)]
    port = sandbox.port
    await sandbox.stop()
    await post.add(*(letter(phone, doubt="hold") for phone in phones))
    for _ in range(5):
        await post.until(post.pace.held)
        clock.jump((post.next_event() or 0) + 10)
    await post.until(post.pace.held)
    assert post.pace.wait() > 16
    assert set(await post.rows("doubted")) == {0}
    await sandbox.start(port)
    await post.skip_waits()
    assert [len(phone.received) for phone in phones] == [1, 1, 1]
    assert await post.rows("state, doubted, attempts") == [("sent", 0, 1)] * 3, "what did not leave is not counted"


async def test_a_telegram_that_answers_nobody_is_not_hammered(
    post: Post, sandbox: Sandbox, clock: VirtualClock
) -> None:
    sandbox.faults.plan("sendMessage", fault=faults.BAD_GATEWAY, times=10_000)
    await post.add(*(letter(400_000 + number) for number in range(200)))
    await post.until(post.pace.held)
    for _ in range(10):
        clock.jump(clock.now() + 1_000)
        await post.until(lambda: not post.sender._air)
    assert len(sandbox.calls) < 40


async def test_a_hook_that_fails_does_not_stop_the_way_out(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    aygun = await post.phone()

    class Unwritable(list[tuple[int, str]]):
        def append(self, failure: tuple[int, str]) -> None:
            raise ValueError("Sevinc")

    post.failures = Unwritable()
    await post.add(letter(aygun, "x" * 5_000), letter(aygun, "Salam"))
    await post.settle()
    assert await post.rows() == ["failed", "sent"]
    assert "ValueError" in caplog.text and "Sevinc" not in caplog.text


async def test_a_disk_that_cannot_be_written_loses_no_mark_and_lets_nothing_leave(
    post: Post, sandbox: Sandbox, clock: VirtualClock
) -> None:
    aygun = await post.phone()
    sandbox.faults.plan("sendMessage", fault=faults.slow(0.1))
    await post.add(letter(aygun, "1"), letter(aygun, "2"))
    await post.until(lambda: bool(aygun.received))
    post.database.patience = NO_PATIENCE
    with closing(connect(post.folder / "bot.db", None, False)) as other:
        other.execute("BEGIN IMMEDIATE")
        await post.until(lambda: bool(post.sender._back))
        for _ in range(3):
            clock.jump(clock.now() + 2_000)
            await asyncio.sleep(0.02)
        assert [message.text for message in aygun.received] == ["1"]
        other.execute("ROLLBACK")
    clock.jump(clock.now() + 2_000)
    await post.settle()
    assert [message.text for message in aygun.received] == ["1", "2"]
    assert await post.rows("state, doubted") == [("sent", 0)] * 2


async def test_a_row_that_telegram_takes_in_no_way_fails_after_four(post: Post, sandbox: Sandbox) -> None:
    one, other = sandbox.group("Bir"), sandbox.group("İki")
    one.chat.migrated_to, other.chat.migrated_to = other.chat.id, one.chat.id
    await post.add(letter(one.chat.id))
    await post.skip_waits()
    assert (len(sandbox.calls), await post.rows()) == (4, ["failed"])
    assert post.failures == [(1, "Telegram takes it in no way")]
