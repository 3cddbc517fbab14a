"""The outbox: what is promised is claimed in order, marked once, and settled with its reason."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from storage import outbox
from storage.database import Database, Row, Transaction
from storage.outbox import Letter, Mark

NOW = 1_800_000_000_000
SECRET = "Sevinc's text"


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "bot.db", None)
    try:
        async with database.transaction() as transaction:
            yield transaction
    finally:
        await database.close()


def letter(chat: int = 1, **fields: object) -> Letter:
    return Letter(chat, "sendMessage", {"text": SECRET}, **fields)  # type: ignore[arg-type]


async def plan(tx: Transaction, *letters: Letter) -> list[int]:
    return [row for row in await outbox.add(tx, letters, NOW) if row is not None]


async def claim(tx: Transaction, now: int = NOW, busy: tuple[int, ...] = (), limit: int = 10) -> list[int]:
    return [row.id for row in await outbox.claim(tx, now, busy, limit)]


async def states(tx: Transaction) -> dict[int, str]:
    return dict(await tx.all("SELECT id, state FROM outbox"))


async def test_a_key_is_planned_once_and_ids_come_in_order_of_the_letters(tx: Transaction) -> None:
    rows = await outbox.add(tx, [letter(key="a"), letter(), letter(key="b"), letter(key="a"), letter()], NOW)
    assert rows[3] is None
    keys: dict[int, str | None] = dict(await tx.all("SELECT id, key FROM outbox"))
    assert [keys[row] for row in rows if row] == ["a", None, "b", None]
    assert (rows[1] or 0) < (rows[4] or 0)
    assert await outbox.add(tx, [letter(key="b")], NOW) == [None]


async def test_letters_of_which_no_ids_are_wanted_are_planned_once_too(tx: Transaction) -> None:
    await outbox.plan(tx, [letter(key="a"), letter(), letter(key="a"), letter()], NOW)
    assert await tx.all("SELECT key FROM outbox ORDER BY id") == [("a",), (None,), (None,)]
    assert tx.wakes_sender


async def test_what_is_due_next_is_the_earliest_of_all_priorities(tx: Transaction) -> None:
    late, soon = letter(1, priority=0, due=NOW + 9), letter(2, priority=7, due=NOW + 3)
    first, _ = await plan(tx, letter(3, priority=1, due=NOW + 1), letter(3, priority=1, due=NOW + 5))
    await plan(tx, late, soon)
    assert await outbox.next_due(tx) == NOW + 1
    await outbox.settle(tx, [Mark(first, "sent")], NOW)
    assert await outbox.next_due(tx) == NOW + 3


async def test_only_a_new_row_wakes_the_sender(tx: Transaction) -> None:
    await plan(tx, letter(key="a"))
    assert tx.wakes_sender
    tx.wakes_sender = False
    await plan(tx, letter(key="a"))
    assert not tx.wakes_sender


async def test_all_fields_come_back_as_they_went_in(tx: Transaction) -> None:
    parameters = {"text": "Gülnarə – «ə»\n\u2068x\u2069", "reply_markup": {"inline_keyboard": [[]]}, "n": 1.5}
    full = Letter(-100, "sendDocument", parameters, 7, "k", None, "export:1", 2, NOW - 1, NOW + 1, "hold")
    await plan(tx, full)
    [row] = await outbox.claim(tx, NOW, (), 1)
    assert (row.chat, row.method, row.parameters, row.person) == (-100, "sendDocument", parameters, 7)
    assert (row.key, row.document, row.doubt, row.doubts, row.message) == ("k", "export:1", "hold", 0, None)


async def test_one_row_a_chat_is_claimed_and_a_busy_chat_has_none(tx: Transaction) -> None:
    first, _second, other, _busy = await plan(tx, letter(1), letter(1), letter(2), letter(3))
    assert await claim(tx, busy=(3,)) == [first, other]
    assert await claim(tx, busy=(1, 2, 3)) == []


async def test_replies_go_before_reminders_before_notes_and_the_longest_due_first(tx: Transaction) -> None:
    note, late, early, reply = await plan(
        tx,
        letter(1, priority=2, due=NOW - 500),
        letter(2, priority=1, due=NOW - 1),
        letter(3, priority=1, due=NOW - 2),
        letter(4, priority=0),
    )
    assert await claim(tx) == [reply, early, late, note]


async def test_in_a_chat_ids_give_the_order_also_after_the_wall_clock_was_turned_back(tx: Transaction) -> None:
    first, second = await plan(tx, letter(due=NOW), letter(due=NOW - 5_000))
    assert await claim(tx) == [first]
    await outbox.settle(tx, [Mark(first, "sent", 10)], NOW)
    assert await claim(tx) == [second]


async def test_what_was_due_stays_due_when_wall_time_is_turned_back(tx: Transaction) -> None:
    due, later = await plan(tx, letter(1, due=NOW), letter(2, due=NOW + 60_000))
    back = NOW - 3_600_000
    assert await claim(tx, back) == []
    await outbox.keep_due(tx, NOW, back)
    assert await claim(tx, back) == [due]
    assert await claim(tx, NOW + 60_000, busy=(1,)) == [later]


async def test_what_is_not_due_waits_and_is_foretold(tx: Transaction) -> None:
    [row] = await plan(tx, letter(due=NOW + 1))
    assert await claim(tx) == []
    assert await outbox.next_due(tx) == NOW + 1
    assert await claim(tx, NOW + 1) == [row]
    assert await outbox.next_due(tx) is None


async def test_a_change_waits_for_its_message_and_gets_its_id(tx: Transaction) -> None:
    [target] = await plan(tx, letter(1, priority=2))
    [edit] = await plan(tx, Letter(1, "editMessageText", {"text": "2"}, target=target))
    assert await claim(tx) == [target]
    assert await outbox.next_due(tx) is None
    await outbox.settle(tx, [Mark(target, "sent", 77)], NOW)
    [row] = await outbox.claim(tx, NOW, (), 1)
    assert (row.id, row.message) == (edit, 77)


@pytest.mark.parametrize("state", ["failed", "unreachable", "missed", "cancelled", "in doubt"])
async def test_a_change_of_what_was_never_sent_is_dropped_with_a_reason(tx: Transaction, state: str) -> None:
    [target] = await plan(tx, letter())
    [edit] = await plan(tx, Letter(1, "editMessageText", {"text": "2"}, target=target))
    await claim(tx)
    await outbox.settle(tx, [Mark(target, state)], NOW)
    assert await claim(tx) == []
    row = await tx.one("SELECT state, reason, parameters FROM outbox WHERE id = ?", (edit,))
    assert row == ("cancelled", "nothing to change", "")


async def test_what_is_past_its_use_is_missed_and_never_claimed(tx: Transaction) -> None:
    useless, good = await plan(tx, letter(1, useless_after=NOW), letter(1))
    assert await claim(tx) == [good]
    assert await states(tx) == {useless: "missed", good: "sending"}


@pytest.mark.parametrize("state", ["sent", "failed", "unreachable", "missed", "cancelled"])
async def test_a_settled_row_loses_its_text_and_keeps_key_time_and_message(tx: Transaction, state: str) -> None:
    [row] = await plan(tx, letter(key="k"))
    await claim(tx)
    await outbox.settle(tx, [Mark(row, state, 5, "why")], NOW + 3)
    columns = "SELECT key, message, settled_at, reason, parameters, state FROM outbox"
    assert await tx.one(columns) == ("k", 5, NOW + 3, "why", "", state)


@pytest.mark.parametrize("state", ["planned", "in doubt"])
async def test_a_row_that_may_leave_again_keeps_its_text(tx: Transaction, state: str) -> None:
    [row] = await plan(tx, letter())
    await claim(tx)
    await outbox.settle(tx, [Mark(row, state, doubted=True, left=True)], NOW)
    assert await tx.one("SELECT parameters <> '', settled_at, doubted, attempts FROM outbox") == (1, None, 1, 1)


async def test_only_a_call_that_left_or_may_have_left_is_counted(tx: Transaction) -> None:
    await plan(tx, letter())
    for marked, counted in ((Mark(1, "planned"), 0), (Mark(1, "planned", left=True), 1)):
        await claim(tx)
        await outbox.settle(tx, [marked], NOW)
        assert await tx.one("SELECT attempts, doubted FROM outbox") == (counted, 0)
    await claim(tx)
    await outbox.recover(tx)
    assert await tx.one("SELECT attempts, doubted FROM outbox") == (2, 1), "it was in the air when we died"
    await outbox.settle(tx, [Mark(1, "missed")], NOW)
    assert await tx.one("SELECT attempts FROM outbox") == (2,)


async def test_only_what_may_have_arrived_a_few_times_is_hastened(tx: Transaction) -> None:
    await plan(tx, letter(1), letter(2), letter(3), letter(4, due=NOW + 9))
    await claim(tx)
    await outbox.settle(tx, [Mark(row, "planned", doubted=True, due=NOW + 9) for row in (1, 2, 3)], NOW)
    await tx.run("UPDATE outbox SET doubted = 3 WHERE id = 2")
    await tx.run("UPDATE outbox SET doubted = 4 WHERE id = 3")
    await outbox.hasten(tx, 3, NOW + 5)
    assert await tx.all("SELECT due - ? FROM outbox ORDER BY id", (NOW,)) == [(5,), (5,), (9,), (9,)]


async def test_a_mark_does_not_change_what_is_settled(tx: Transaction) -> None:
    [row] = await plan(tx, letter())
    await outbox.settle(tx, [Mark(row, "sent", 5)], NOW)
    await outbox.settle(tx, [Mark(row, "planned")], NOW)
    assert await states(tx) == {row: "sent"}


async def test_a_message_sent_anew_is_what_later_changes_change(tx: Transaction) -> None:
    [target] = await plan(tx, letter())
    [first] = await plan(tx, Letter(1, "editMessageText", {}, target=target))
    await outbox.settle(tx, [Mark(target, "sent", 70)], NOW)
    await outbox.settle(tx, [Mark(first, "sent", 90, moved=True)], NOW)
    await plan(tx, Letter(1, "editMessageText", {}, target=target))
    assert [row.message for row in await outbox.claim(tx, NOW, (), 1)] == [90]


async def test_what_was_in_the_air_is_repeated_or_held_as_promised_and_listed(tx: Transaction) -> None:
    repeat, hold, planned = await plan(tx, letter(1, key="r"), letter(2, key="h", doubt="hold"), letter(3))
    await claim(tx, limit=2)
    assert await outbox.recover(tx) == 2
    assert await states(tx) == {repeat: "planned", hold: "in doubt", planned: "planned"}
    assert [(doubt.key, doubt.state, doubt.times) for doubt in await outbox.doubtful(tx)] == [
        ("r", "planned", 1),
        ("h", "in doubt", 1),
    ]
    assert await outbox.recover(tx) == 0


async def test_a_change_repeated_is_no_doubled_message(tx: Transaction) -> None:
    await plan(tx, Letter(1, "editMessageText", {}), Letter(2, "deleteMessage", {}))
    await claim(tx)
    await outbox.recover(tx)
    assert await outbox.doubtful(tx) == []


@pytest.mark.parametrize(("again", "state"), [(True, "planned"), (False, "sent")])
async def test_an_organiser_ends_a_doubt(tx: Transaction, again: bool, state: str) -> None:
    [row] = await plan(tx, letter(doubt="hold"))
    await claim(tx)
    await outbox.recover(tx)
    tx.wakes_sender = False
    assert await outbox.decide(tx, row, again, NOW)
    assert await states(tx) == {row: state}
    assert tx.wakes_sender is again
    assert not await outbox.decide(tx, row, again, NOW)


async def test_a_closed_chat_loses_what_is_planned_with_the_reason(tx: Transaction) -> None:
    hers, other = await plan(tx, letter(1, due=NOW + 9), letter(2))
    assert await outbox.close_chat(tx, 1, "Forbidden: bot was blocked by the user", NOW) == 1
    assert await states(tx) == {hers: "unreachable", other: "planned"}
    assert await tx.one("SELECT reason, parameters FROM outbox WHERE id = 1") == (
        "Forbidden: bot was blocked by the user",
        "",
    )


async def test_a_note_is_stopped_and_counted_by_its_keys(tx: Transaction) -> None:
    await plan(tx, letter(1, key="note:7:1"), letter(2, key="note:7:2"), letter(3, key="note:71:1"), letter(4))
    await claim(tx, limit=1)
    assert await outbox.cancel(tx, "note:7:", NOW) == 1
    assert await outbox.counts_by_key_prefix(tx, "note:7:") == {"sending": 1, "cancelled": 1}
    assert await outbox.counts_by_key_prefix(tx, "note:71:") == {"planned": 1}


async def test_a_message_is_found_by_its_chat_and_number(tx: Transaction) -> None:
    row, _ = await plan(tx, letter(1, key="note:1:1"), letter(2))
    await outbox.settle(tx, [Mark(row, "sent", 5)], NOW)
    assert await outbox.by_message(tx, 1, 5) == "note:1:1"
    assert await outbox.by_message(tx, 2, 5) is None


async def test_a_group_that_moved_gets_what_is_planned(tx: Transaction) -> None:
    await plan(tx, letter(-1), letter(-1), letter(-2))
    await outbox.move_chat(tx, -1, -100)
    assert await tx.all("SELECT chat FROM outbox ORDER BY id") == [(-100,), (-100,), (-2,)]


async def test_old_rows_are_forgotten_but_not_what_is_still_to_be_changed(tx: Transaction) -> None:
    kept, gone, fresh = await plan(tx, letter(), letter(), letter())
    await outbox.settle(tx, [Mark(kept, "sent", 1), Mark(gone, "sent", 2)], NOW)
    await outbox.settle(tx, [Mark(fresh, "sent", 3)], NOW + 5)
    [edit] = await plan(tx, Letter(1, "deleteMessage", {}, target=kept, due=NOW + 99))
    assert await outbox.prune(tx, NOW + 1, 100) == 1
    assert set(await states(tx)) == {kept, fresh, edit}


async def test_old_rows_are_forgotten_a_few_at_once_and_all_in_the_end(tx: Transaction) -> None:
    rows = await plan(tx, *(letter(chat) for chat in range(10)))
    await outbox.settle(tx, [Mark(row, "sent", 1) for row in rows if row != rows[1]], NOW)
    assert [await outbox.prune(tx, NOW + 1, 4) for _ in range(4)] == [3, 3, 3, 0]
    assert set(await states(tx)) == {rows[1]}


async def test_a_claim_walks_the_outbox_in_the_order_of_its_index(tx: Transaction) -> None:
    """However long the outbox is, a claim reads only as many rows as it takes: nothing is sorted."""
    steps: list[str] = []

    class Explained(Transaction):
        async def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
            steps.extend(row[-1] for row in await tx.all(f"EXPLAIN QUERY PLAN {sql}", parameters))
            return []

    assert await outbox.claim(Explained(tx._connection), NOW, (), 3) == []
    scans = {step for step in steps if step.startswith(("SCAN o", "SCAN f", "SCAN t"))}
    assert scans == {"SCAN o USING COVERING INDEX outbox_next"}
    assert "SEARCH f USING INDEX outbox_due (chat=?)" in steps
