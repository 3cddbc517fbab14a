"""Reminders come once, in time, neutral on the lock screen; what the women say is kept; changes are told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.desk import Desk
from handlers import days
from storage import people, programme
from storage.database import Row, Transaction
from tests.bot import crew
from tests.conftest import BAKU, FIRST_DAY, House

HOUR, DAY = 3_600_000, 86_400_000


def at(day: int, hour: int, minute: int = 0) -> int:
    """A moment in March 2027, by the clocks in Baku; the first day in Lankaran is the 2nd, from 10:00 to 16:00."""
    return round(datetime(2027, 3, day, hour, minute, tzinfo=BAKU).timestamp() * 1000)


async def move(house: House, *, day: date | None = None, venue: str = "", session_id: str = "lankaran-1") -> None:
    """Change a training day as an applied programme file would."""
    async with house.database.transaction() as tx:
        session = await programme.session(tx, session_id)
        texts = (await programme.all_words(tx))[f"session:{session_id}"]
        assert session
        moved = replace(session, date=day) if day else session
        await programme.put_session(tx, moved, {**texts, "venue": {"az": venue}} if venue else texts)


async def ledger(house: House) -> list[tuple[str, str]]:
    return [(key, state) for key, state in await crew.rows(house, "SELECT key, state FROM reminders ORDER BY key")]


async def test_each_woman_of_the_region_is_reminded_on_the_eve_and_in_the_morning_once(house: House) -> None:
    aygun, leyla = await crew.woman(house, "Aygün"), await crew.woman(house, "Leyla", language="ru")
    elsewhere = await crew.woman(house, "Nərgiz", region="quba")
    await house.travel(at(1, 18, 59))
    assert aygun.received == []
    await house.travel(at(1, 19, 1))
    for phone, words in ((aygun, "Sabah görüşümüz var"), (leyla, "Завтра у нас встреча")):
        text, place = phone.received
        assert words in text.text
        assert "10:00–16:00" in text.text
        assert place.venue
        assert place.silent
    await house.travel(at(2, 8, 1))
    assert len(aygun.received) == 3
    assert "Bu gün görüşümüz var" in aygun.received[-1].text
    assert elsewhere.received == []
    await house.travel(at(2, 9, 30))
    assert len(aygun.received) == 3


async def test_the_lock_screen_shows_neither_programme_nor_region_nor_venue_nor_topic(house: House) -> None:
    phones = [await crew.woman(house, name, language=name) for name in ("az", "ru", "en")]
    await house.travel(at(1, 20))
    await move(house, venue="Başqa yer")
    await house.travel(at(2, 18))
    async with house.database.reading() as tx:
        words = await programme.all_words(tx)
    telling = [
        text
        for subject, fields in words.items()
        if subject.startswith(("programme", "region:lankaran", "session:lankaran-1"))
        for field in fields.values()
        for text in field.values()
    ]
    for phone in phones:
        shown = [notice.text for notice in phone.lock_screen]
        assert len(shown) == 5, "eve and its map card, news, morning, survey"
        for first_words in shown:
            assert not [text for text in telling if text[:12] in first_words], first_words


async def test_a_woman_who_registers_after_the_eve_gets_the_morning_reminder_with_the_place(house: House) -> None:
    await house.travel(at(1, 20))
    late = await crew.woman(house, "Aygün")
    await house.travel(at(2, 7, 59))
    assert late.received == []
    await house.travel(at(2, 8, 1))
    assert "Bu gün" in late.received[0].text
    assert late.received[1].venue


async def test_a_bot_that_slept_over_the_eve_records_it_as_missed_and_reminds_in_the_morning(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.close()
    house.clock.jump(at(2, 8, 30))
    await house.open()
    await house.settle()
    assert [message.text[:18] for message in aygun.received if message.kind == "text"] == ["Salam! Bu gün görü"]
    [eve, morning] = await ledger(house)
    assert (eve[1], morning[1]) == ("missed", "queued")


async def test_a_woman_whose_chat_is_blocked_is_listed_as_unreachable(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    async with house.database.transaction() as tx:
        await people.mark_chat(tx, aygun.id, "blocked", house.clock.now())
    await house.travel(at(1, 20))
    assert [state for _, state in await ledger(house)] == ["unreachable"]
    assert aygun.received == []


async def test_her_answer_is_kept_marked_in_place_and_can_be_changed(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 20))
    question = aygun.received[0]
    await aygun.tap("Gələcəyəm", question)
    await house.settle()
    assert question.labels == ["✓ Gələcəyəm", "Gələ bilmirəm"]
    assert await crew.rows(house, "SELECT session, answer FROM intents") == [("lankaran-1", "coming")]
    await aygun.tap("Gələ bilmirəm", question)
    await house.settle()
    assert question.labels == ["Gələcəyəm", "✓ Gələ bilmirəm"]
    assert await crew.rows(house, "SELECT answer FROM intents") == [("not coming",)]
    await house.travel(at(2, 9))
    assert len(aygun.received) == 2, "who cannot come is not reminded again"


async def test_once_the_day_has_begun_the_button_says_so(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(2, 10, 5))
    morning = aygun.received[-1]
    await aygun.tap("Gələcəyəm", morning)
    await house.settle()
    assert "artıq başlayıb" in aygun.toasts[-1]
    assert morning.labels == ["☰ Menyu"], "she has a way on"
    assert await crew.rows(house, "SELECT count(*) FROM intents") == [(0,)]


async def test_a_day_of_another_region_cannot_be_answered(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 20))
    for data in ("i/quba-1/coming", "i/nowhere/coming", "i/lankaran-1/maybe", "i", "i//", "i/quba-1/show"):
        await aygun.press_raw(data, aygun.received[0].message_id)
        await house.settle()
    assert await crew.rows(house, "SELECT count(*) FROM intents") == [(0,)]
    assert await crew.rows(house, "SELECT count(*) FROM failures") == [(0,)]


async def test_a_button_answers_for_the_woman_it_was_made_for_when_two_share_a_phone(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    async with house.database.transaction() as tx:
        mother = await tx.insert("INSERT INTO people (created_at) VALUES (?)", (house.clock.now(),))
        await people.register(tx, mother, "Sevda", "lankaran", "ngo", "", house.clock.now())
        await tx.run("INSERT INTO chat_people (chat, person, active) VALUES (?, ?, 0)", (aygun.id, mother))
    await house.travel(at(1, 20))
    [hers] = [message for message in aygun.received if "Sevda" in message.text]
    await aygun.tap("Gələcəyəm", hers)
    await house.settle()
    assert await crew.rows(house, "SELECT person, answer FROM intents") == [(mother, "coming")]


async def test_who_was_reminded_is_told_once_that_the_day_was_moved(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 20))
    await move(house, day=FIRST_DAY.replace(day=5))
    await house.travel(at(1, 21))
    assert "dəyişiklik var" in aygun.received[-1].text
    assert "5 mart" in aygun.received[-1].text
    seen = len(aygun.received)
    await house.travel(at(2, 12))
    assert [message.text for message in aygun.received[seen:]] == [], "nothing on the old day"
    await house.travel(at(5, 9))
    shown = [message.text for message in aygun.received[seen:] if "5 mart" in message.text]
    assert [text[:13] for text in shown] == ["Salam! Sabah ", "Salam! Bu gün"]


async def test_a_cancelled_day_is_not_reminded_of_and_those_who_know_of_it_are_told(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    async with house.database.transaction() as tx:
        await programme.cancel_session(tx, "lankaran-2")
    await house.travel(at(1, 20))
    async with house.database.transaction() as tx:
        await programme.cancel_session(tx, "lankaran-1")
    await house.travel(at(3, 12))
    reminder, news = [message.text for message in aygun.received if message.kind == "text"]
    assert "2 mart" in reminder
    assert "2 mart" in news
    assert "keçirilməyəcək" in news
    await house.travel(at(3, 20))
    assert "4 mart" in aygun.received[-2].text


async def test_days_lists_her_days_with_what_she_said(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await aygun.write("/days")
    await house.settle()
    assert aygun.last.text.count("Hələ cavab verməmisiniz") == 3
    assert aygun.last.labels == ["2 mart, çərşənbə axşamı", "3 mart, çərşənbə", "4 mart, cümə axşamı"]
    await aygun.tap("2 mart, çərşənbə axşamı")
    await house.settle()
    await aygun.tap("Gələcəyəm")
    await house.settle()
    assert aygun.last.labels == ["✓ Gələcəyəm", "Gələ bilmirəm"]
    await aygun.write("/days")
    await house.settle()
    assert aygun.last.text.count("✓ Gələcəksiniz") == 1


async def test_days_that_are_all_over_lead_to_the_menu(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(4, 12))
    await aygun.write("/days")
    await house.settle()
    assert aygun.last.text.count("keçib") == 3
    assert aygun.last.labels == ["☰ Menyu"]


async def test_days_of_a_stranger_leads_to_the_beginning(house: House) -> None:
    phone = house.phone()
    await phone.start()
    await house.settle()
    await phone.write("/days")
    await house.settle()
    assert "/start" in phone.last.text


async def test_a_tick_with_nothing_due_costs_two_small_queries(house: House) -> None:
    await crew.woman(house, "Aygün")
    async with house.database.transaction() as tx:
        counted = Counted(tx)
        await days.remind(Desk(counted, house.clock.now(), house.app.texts, house.config))
    assert counted.calls == 2


class Counted(Transaction):
    """A transaction that counts its hops."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx._connection)
        self.calls = 0

    async def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        self.calls += 1
        return await super().all(sql, parameters)

    async def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        self.calls += 1
        return await super().run(sql, parameters)
