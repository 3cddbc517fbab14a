"""Who writes without end is told so once, in the end holds nobody up, and leaves no heap behind (row 11)."""

import asyncio
import random
import statistics
import sys
import time

import pytest

from handlers import inquiries, strangers
from sandbox.phone import Phone
from sandbox.server import Sandbox
from storage import outbox, people
from storage.outbox import Letter
from tests.bot import crew
from tests.bot.place import Place
from tests.conftest import House
from tests.threats import doorway
from tests.threats.conftest import Begin

TROLL, WOMAN, ORGANISER = 820_001, 820_002, 820_003
WAITING = "SELECT count(*) FROM outbox WHERE chat = ? AND state = 'planned'"
MOST_WAITING = 30
MINUTE, HOUR = 60_000, 3_600_000
SPAN = 4.0  # seconds in which the women write: as many as may be answered in them
FOUR_SECONDS = 115  # messages that leave in them at the bot's pace


async def test_whatever_is_written_no_more_than_30_answers_wait_and_the_newest_is_among_them(house: House) -> None:
    await doorway.shut(house)
    await doorway.somebody(house, TROLL)
    updates = [doorway.pressed(house, TROLL, "b/registration")]
    for number in range(100):
        updates += [doorway.written(house, TROLL, "/help"), doorway.written(house, TROLL, str(number))]
        updates += [doorway.pressed(house, TROLL, "l/ru"), doorway.pressed(house, TROLL, "m/days", number)]
    await doorway.come_in(house, *updates)
    assert await crew.rows(house, WAITING, TROLL) == [(MOST_WAITING,)]
    [(newest,)] = await crew.rows(house, "SELECT state FROM outbox ORDER BY id DESC LIMIT 1")
    assert newest == "planned"
    given = await crew.rows(house, "SELECT DISTINCT state, reason, parameters FROM outbox WHERE state <> 'planned'")
    assert given == [("cancelled", "newer answers waited", "")]


async def test_answers_in_a_form_count_however_many_wait_and_the_next_question_is_there(house: House) -> None:
    await doorway.shut(house)
    await doorway.somebody(house, TROLL)
    await doorway.come_in(house, *(doorway.written(house, TROLL, "/help") for _ in range(100)))
    await doorway.come_in(house, doorway.pressed(house, TROLL, "b/registration"))
    [(key,)] = await crew.rows(house, "SELECT key FROM sheets")
    answers = [doorway.pressed(house, TROLL, f"f/{key}/a/1/1"), doorway.written(house, TROLL, "Aygün")]
    answers += [doorway.pressed(house, TROLL, f"f/{key}/a/{number}/1") for number in (3, 4, 5)]
    await doorway.come_in(house, *answers)
    assert await crew.rows(house, "SELECT step FROM sheets") == [("needs",)]
    asked = "SELECT state FROM outbox WHERE method = 'sendMessage' ORDER BY id DESC LIMIT 4"
    assert await crew.rows(house, asked) == [("planned",)] * 4
    assert await crew.rows(house, WAITING, TROLL) == [(MOST_WAITING,)]


async def test_reminders_notes_and_what_was_passed_on_never_give_way(house: House) -> None:
    await doorway.shut(house)
    keyed = [Letter(TROLL, "sendMessage", {"text": "a"}, key=f"remind:x:{n}:eve", priority=1) for n in range(50)]
    answers = [Letter(TROLL, "sendMessage", {"text": "b"}) for _ in range(50)]
    async with house.database.transaction() as tx:
        await outbox.add(tx, [*keyed, *answers], house.clock.now())
    sql = "SELECT key IS NULL, count(*) FROM outbox WHERE state = 'planned' GROUP BY 1"
    assert await crew.rows(house, sql) == [(0, 50), (1, MOST_WAITING)]


async def test_words_that_are_no_answer_get_ten_answers_one_notice_and_then_one_a_minute(house: House) -> None:
    await doorway.shut(house)
    house.clock.jump((house.clock.now() // strangers.SPAN + 1) * strangers.SPAN)
    await doorway.somebody(house, TROLL, "Kimsə")
    await doorway.somebody(house, WOMAN, "Aygün")
    for minute in range(3):
        await doorway.come_in(house, *(doorway.written(house, TROLL, f"söz {n}") for n in range(50)))
        if minute == 1:
            await house.close()  # the count is on the disk
            await house.open()
            await doorway.shut(house)
        house.clock.jump(house.clock.now() + MINUTE)
    said = await crew.rows(house, "SELECT key FROM outbox WHERE key GLOB 'words:*' ORDER BY id")
    assert len(said) == strangers.MOST_IN_SPAN + 1 + 3
    assert [key for (key,) in said].count(said[strangers.MOST_IN_SPAN][0]) == 1
    assert said[strangers.MOST_IN_SPAN][0].endswith(":enough")
    assert len(await doorway.come_in(house, doorway.written(house, WOMAN, "Salam"))) == 1, "others are answered"
    house.clock.jump(house.clock.now() + strangers.SPAN)
    assert len(await doorway.come_in(house, doorway.written(house, TROLL, "bir də"))) == 1


async def test_questions_to_organisers_and_spreadsheets_are_bounded_and_the_notice_costs_no_message(
    house: House,
) -> None:
    await doorway.shut(house)
    await doorway.somebody(house, WOMAN, "Aygün")
    await doorway.somebody(house, ORGANISER, "", "organiser")
    asked = [doorway.pressed(house, WOMAN, f"q/{number}", number) for number in range(1, 51)]
    said = await doorway.come_in(house, *asked)
    assert len(said) == 3 * inquiries.MOST_AN_HOUR  # who asks, what she asks, and that it was passed on
    wanted = [doorway.written(house, ORGANISER, "/export") for _ in range(50)]
    said = await doorway.come_in(house, *wanted)
    assert sorted(method for _, method, _ in said) == ["deleteMessage", "sendDocument", "sendMessage"]


async def answered_after(sandbox: Sandbox, woman: Phone, seconds: float) -> int:
    """Let her write at that moment, and return how many messages left until the answer to that came."""
    await asyncio.sleep(seconds)
    began, before = len(sandbox.calls), len(woman.received)
    await woman.write("/help")
    async with asyncio.timeout(60):
        while len(woman.received) == before:
            await asyncio.sleep(0.01)
    return sum(call.method == "sendMessage" for call in sandbox.calls[began:])


async def flood(sandbox: Sandbox, troll: Phone, messages: int, seconds: float) -> None:
    """Write so many messages, evenly, in so many seconds."""
    began = time.monotonic()
    for number in range(messages):
        await troll.write(f"söz {number}")
        ahead = began + seconds * number / messages - time.monotonic()
        if ahead > 0:
            await asyncio.sleep(ahead)


@pytest.mark.attack
@pytest.mark.parametrize("seconds", [SPAN, 0.0], ids=["one after the other", "all at once"])
async def test_100_women_are_answered_in_time_beside_10_000_messages_of_one(
    here: Place, begin: Begin, seconds: float
) -> None:
    """All at once, which Telegram lets nobody send, they stand in line before the women's.

    What counts is the bot's own work and its place in the line, whoever else works on this machine.
    """
    sandbox, chance = here.sandbox, random.Random(11)
    troll, women = sandbox.phone("Kimsə"), [sandbox.phone(f"Aygün {number}") for number in range(100)]
    async with here.database() as tx:
        for phone in (troll, *women):
            phone.person.started = True
            await people.welcome(tx, phone.id, sandbox.clock.now())
            await people.greet(tx, phone.id)
    bot = await begin()
    await asyncio.wait_for(sandbox.polled(), 60)
    before = bot.work()
    flooding = asyncio.create_task(flood(sandbox, troll, 10_000, seconds))
    waits = await asyncio.gather(*(answered_after(sandbox, woman, chance.uniform(0, SPAN)) for woman in women))
    await flooding
    async with asyncio.timeout(60):
        while sandbox.updates_waiting:
            await asyncio.sleep(0.05)
    memory, work = bot.memory(), bot.work() - before
    assert await bot.end() == 0
    p95 = statistics.quantiles(waits, n=20)[18]
    print(f"p95 {p95:.0f} messages, longest {max(waits)}; work {work:.1f} s, {memory:.0f} MiB", file=sys.stderr)
    assert work < 4
    assert p95 < FOUR_SECONDS
    assert memory < 200
    assert sandbox.world.queue.dropped == 0
    assert len(troll.received) < 200
    assert b"ERROR" not in bot.shown
    async with here.database() as tx:
        assert await tx.all("SELECT * FROM failures") == []
