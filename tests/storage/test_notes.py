"""A note goes through its states once; whom it reaches is found by their chats."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from storage import notes, outbox, people, programme
from storage.database import Database, Transaction
from storage.outbox import Letter, Mark

NOW = 1_800_000_000_000
NIGAR, LALA = 1, 2


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        for position, region in enumerate(("quba", "zaqatala")):
            await programme.put_region(tx, programme.Region(region, position, 33))
        yield tx
    await database.close()


async def woman(tx: Transaction, name: str, chat: int, region: str = "quba") -> int:
    person = await people.welcome(tx, chat, NOW)
    await people.register(tx, person, name, region, "ngo", "", NOW)
    return person


async def test_there_is_one_note_in_hand_for_each_who_writes(tx: Transaction) -> None:
    first = await notes.begin(tx, "quba", NIGAR, NIGAR, NOW)
    other = await notes.begin(tx, "quba", LALA, LALA, NOW)
    second = await notes.begin(tx, notes.EVERYWHERE, NIGAR, NIGAR, NOW)
    in_hand = [await notes.in_hand(tx, user) for user in (NIGAR, LALA)]
    assert [note.id for note in in_hand if note] == [second, other]
    given_up = await notes.by_id(tx, first, NIGAR)
    assert given_up
    assert given_up.state == "dropped"


async def test_a_note_is_only_its_writers(tx: Transaction) -> None:
    note = await notes.begin(tx, "quba", NIGAR, NIGAR, NOW)
    assert await notes.by_id(tx, note, LALA) is None


async def test_of_two_presses_one_counts(tx: Transaction) -> None:
    note = await notes.begin(tx, "quba", NIGAR, NIGAR, NOW)
    await notes.write(tx, note, "Salam", NOW)
    assert await notes.move(tx, note, "preview", "sending", NOW)
    assert not await notes.move(tx, note, "preview", "sending", NOW)
    await notes.write(tx, note, "başqa mətn", NOW)
    [sending] = await notes.sending(tx)
    assert sending.text == "Salam"


async def test_it_goes_to_registered_women_of_the_region_where_they_can_be_reached(tx: Transaction) -> None:
    aygun, _ = await woman(tx, "Aygün", 10), await woman(tx, "Sevda", 11, "zaqatala")
    blocked = await woman(tx, "Xumar", 12)
    await people.welcome(tx, 13, NOW)  # a visitor
    gone = await woman(tx, "Rəna", 14)
    await people.withdraw(tx, gone)
    await people.mark_chat(tx, 12, "blocked", NOW)
    assert await notes.recipients(tx, "quba") == [
        notes.Recipient(aygun, "Aygün", "az", 10),
        notes.Recipient(blocked, "Xumar", "az", None),
    ]
    assert len(await notes.recipients(tx, notes.EVERYWHERE)) == 3


async def test_who_was_not_reached_is_known_by_name_once_all_is_settled(tx: Transaction) -> None:
    for number, name in enumerate(("Aygün", "Sevda", "Xumar")):
        await woman(tx, name, 10 + number)
    note = await notes.begin(tx, "quba", NIGAR, NIGAR, NOW)
    await notes.write(tx, note, "Salam", NOW)
    await notes.move(tx, note, "preview", "sending", NOW)
    [sending] = await notes.sending(tx)
    rows = await outbox.add(tx, [Letter(chat, "sendMessage", {}, key=f"note:{note}:{chat}") for chat in (10, 11)], NOW)
    assert not await notes.moved_since(tx, sending, NOW)
    await outbox.claim(tx, NOW, (), 10)
    await outbox.settle(tx, [Mark(rows[0] or 0, "sent", 5), Mark(rows[1] or 0, "unreachable")], NOW + 1)
    assert await notes.moved_since(tx, sending, NOW)
    assert await notes.not_reached(tx, sending) == ["Sevda", "Xumar"]


async def test_the_progress_of_one_note_is_not_that_of_another(tx: Transaction) -> None:
    note = await notes.begin(tx, "quba", NIGAR, NIGAR, NOW)
    await notes.move(tx, note, "writing", "sending", NOW)
    [sending] = await notes.sending(tx)
    assert await notes.progress_row(tx, sending) is None
    await outbox.add(
        tx, [Letter(NIGAR, "sendMessage", {}, key=key) for key in (f"progress:{note}1", f"note:{note}1:10")], NOW
    )
    assert await notes.progress_row(tx, sending) is None
    assert await outbox.counts_by_key_prefix(tx, sending.prefix) == {}


async def test_a_text_is_forgotten_when_nothing_becomes_of_its_note_any_more(tx: Transaction) -> None:
    for user, states in enumerate((["sending", "sent"], ["sending"], [])):
        note = await notes.begin(tx, "quba", user, user, NOW)
        await notes.write(tx, note, "Salam", NOW)
        for before, after in pairwise(["preview", *states]):
            assert await notes.move(tx, note, before, after, NOW)
    kept = "SELECT state, text FROM notes ORDER BY id"
    await notes.forget_texts(tx, NOW)
    assert await tx.all(kept) == [("sent", "Salam"), ("sending", "Salam"), ("preview", "Salam")]
    await notes.forget_texts(tx, NOW + 1)
    assert await tx.all(kept) == [("sent", ""), ("sending", "Salam"), ("dropped", "")]
