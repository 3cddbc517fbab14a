"""The survey of a day: asked when the day is over, answered in taps, anonymous, closed by the clock."""

import asyncio
import json
import logging

import pytest

from sandbox.phone import Phone
from tests.bot import crew
from tests.bot.test_days import at
from tests.conftest import House

MINUTE = 60_000
WORDS = "Daha çox söhbət vaxtı olsun"


async def group(house: House, size: int) -> list[Phone]:
    return [await crew.woman(house, name) for name in ("Aygün", "Leyla", "Sevda", "Nərgiz", "Günel", "Xanım")[:size]]


async def fill(house: House, phone: Phone, *labels: str) -> None:
    """Answer the open questions by their buttons."""
    for label in labels:
        await phone.tap(label, phone.last)
        await house.settle()


async def complete(house: House, phone: Phone, mark: str = "5") -> None:
    await fill(house, phone, mark, "Tam yerində", "Bəli", "Bəli")
    await phone.write(WORDS)
    await house.settle()


async def emptied(house: House) -> None:
    """Wait until nothing of what was deleted stands in the WAL."""
    async with asyncio.timeout(10):
        while await crew.rows(house, "SELECT 1 FROM facts WHERE name = 'checkpoint'"):
            await house.look_again()


async def test_the_first_question_comes_when_the_day_is_over_and_four_taps_and_a_text_complete_it(house: House) -> None:
    [aygun] = await group(house, 1)
    await house.travel(at(2, 15, 59))
    assert "Fikr" not in aygun.last.text
    await house.travel(at(2, 16, 1))
    invitation = aygun.last
    assert invitation.text.startswith("Salam! Bu gün üçün çox sağ olun.")
    assert "adsızdır" in invitation.text
    assert invitation.labels == ["1", "2", "3", "4", "5"]
    assert len(invitation.text) <= 300
    await complete(house, aygun)
    assert "sağ olun" in aygun.last.text
    assert await crew.rows(house, "SELECT state FROM sealed_sheets") == [("submitted",)]
    assert await crew.rows(house, "SELECT id, state, asked FROM surveys") == [("day:lankaran-1", "open", 1)]


async def test_who_said_she_cannot_come_is_not_asked(house: House) -> None:
    coming, away = await group(house, 2)
    await house.travel(at(1, 20))
    await away.tap("Gələ bilmirəm")
    await house.travel(at(2, 17))
    assert coming.last.labels == ["1", "2", "3", "4", "5"]
    assert not [message for message in away.received if "1" in message.labels]


async def test_a_day_long_past_gets_no_survey(house: House) -> None:
    [aygun] = await group(house, 1)
    await house.close()
    house.clock.jump(at(12, 9))  # more than three days after the last day in Lankaran
    await house.open()
    await house.settle()
    assert await crew.rows(house, "SELECT id FROM surveys WHERE session LIKE 'lankaran%'") == []
    assert aygun.received == []


async def test_five_women_are_unlinked_at_the_closing_and_a_late_tap_gets_a_kind_sentence(house: House) -> None:
    phones = await group(house, 6)
    await house.travel(at(2, 17))
    for number, phone in enumerate(phones[:4]):
        await complete(house, phone, str(number + 1))
    await fill(house, phones[4], "5")  # a partial sheet counts
    late = phones[5].last
    await house.travel(at(6, 17))
    rows = await crew.rows(house, "SELECT answers FROM responses WHERE survey = 'day:lankaran-1'")
    assert sorted(json.loads(row[0])["useful"] for row in rows) == [1, 2, 3, 4, 5]
    surveys = await crew.rows(house, "SELECT state, asked, answered FROM surveys WHERE session = 'lankaran-1'")
    assert surveys == [("closed", 6, 5)]
    for table in ("sealed_sheets", "survey_keys"):
        assert await crew.rows(house, f"SELECT key FROM {table} WHERE survey = 'day:lankaran-1'") == []
    await phones[5].tap("3", late)
    await house.settle()
    assert phones[5].toasts[-1]
    assert len(await crew.rows(house, "SELECT 1 FROM responses")) == 5
    assert await crew.rows(house, "SELECT count(*) FROM failures") == [(0,)]


async def test_four_women_are_too_few(house: House) -> None:
    phones = await group(house, 6)
    await house.travel(at(2, 17))
    for phone in phones[:4]:
        await complete(house, phone)
    await house.travel(at(6, 17))
    assert await crew.rows(house, "SELECT count(*) FROM responses") == [(0,)]
    assert await crew.rows(house, "SELECT state, answered FROM surveys WHERE session = 'lankaran-1'") == [
        ("too few", 4)
    ]


async def test_no_answer_is_in_outbox_inbox_failures_or_logs_nor_in_the_file_once_too_few_were_destroyed(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    phones = await group(house, 2)
    await house.travel(at(2, 17))
    with caplog.at_level(logging.DEBUG, "bot"):
        for phone in phones:
            await complete(house, phone)
    assert not [record for record in caplog.records if WORDS in record.getMessage()]
    for table in ("outbox", "inbox", "failures", "facts", "reminders", "sheets", "answers"):
        assert WORDS not in str(await crew.rows(house, f"SELECT * FROM {table}"))
    shown = [message.text for phone in phones for message in phone.received]
    assert not [text for text in shown if "✓" in text or "✓" in str(phone.last.labels)]
    await house.travel(at(6, 17))
    await emptied(house)
    files = list(house.config.storage.folder.glob("istirak.db*"))
    assert files
    assert not [file.name for file in files if WORDS.encode() in file.read_bytes()]


async def test_she_can_stop_and_go_on_while_the_survey_is_open(house: House) -> None:
    [aygun] = await group(house, 1)
    await house.travel(at(2, 17))
    await fill(house, aygun, "5", "Tam yerində")
    await house.travel(hours=20)
    await house.close()
    await house.open()
    question = next(message for message in reversed(aygun.received) if "Qismən" in message.labels)
    await aygun.tap("Qismən", question)
    await house.settle()
    assert "istifadə" in aygun.last.text


async def test_a_clock_that_is_days_ahead_for_a_while_closes_no_survey(house: House) -> None:
    for phone in await group(house, 5):
        await house.travel(at(2, 17))
        await complete(house, phone)
    wrong = 4 * 24 * 60
    house.clock.set_wall_ahead(wrong * MINUTE)
    await house.travel(house.clock.now() + 50 * MINUTE)
    house.clock.set_wall_back(wrong * MINUTE)
    await house.settle()
    state = "SELECT state, answered FROM surveys WHERE id = 'day:lankaran-1'"
    assert await crew.rows(house, state) == [("open", 0)]
    await house.travel(at(5, 15, 59))
    assert await crew.rows(house, state) == [("open", 0)]
    await house.travel(at(5, 16, 2))
    assert await crew.rows(house, state) == [("closed", 5)]


async def test_who_takes_her_consent_back_is_not_counted_at_the_closing(house: House) -> None:
    women = await group(house, 5)
    await house.travel(at(2, 16, 1))
    for phone in women:
        await complete(house, phone)
    await women[0].write("/privacy")
    for data in ("withdraw", "left"):
        await house.settle()
        await women[0].tap(next(str(b.data) for b in women[0].last.buttons if str(b.data).startswith(f"p/{data}/")))
    await house.settle()
    assert await crew.rows(house, "SELECT count(*) FROM sealed_sheets") == [(4,)]
    await house.travel(at(5, 17))
    state = "SELECT state, answered FROM surveys WHERE id = 'day:lankaran-1'"
    assert await crew.rows(house, state) == [("too few", 4)]
