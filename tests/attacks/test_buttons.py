"""Buttons that are old, forged, pressed twice or by somebody else act once, for whom they were made, or not at all."""

import json
import random

from sandbox.phone import Phone
from storage import roles
from tests.bot import crew
from tests.bot.test_days import at
from tests.bot.test_notes import notes_of, state, written
from tests.bot.test_privacy import erased
from tests.bot.test_surveys import complete, group
from tests.bot.women import Woman
from tests.conftest import DAY, House

FORGED = 2_000
VERBS = (
    "f/KEY",
    "b",
    "l",
    "s",
    "m",
    "i/lankaran-1",
    "i/quba-1",
    "q",
    "p/data",
    "p/gone",
    "p/left",
    "n/1",
    "n/to",
    "o",
    "o/merge/1",
    "o/code",
    "h",
    "g",
    "r",
)
PARTS = (
    *"aebkrsx0129",
    "ok",
    "-1",
    "99",
    "²",
    "٣",
    "ə",
    "\x00",
    "%s",
    "{0}",
    "'",
    "az",
    "day",
    "..",
    "coming",
    "not",
    "send",
    "owner",
    "9" * 30,
)
UNTOUCHED = (
    "SELECT id, state, name, region, phone FROM people WHERE id <> ?",
    "SELECT key, state, step, changed_at FROM sheets WHERE person <> ?",
    "SELECT a.* FROM answers a JOIN sheets s ON s.id = a.sheet WHERE s.person <> ?",
    "SELECT survey, person, state, step, box FROM sealed_sheets WHERE person <> ?",
    "SELECT * FROM intents WHERE person <> ?",
    "SELECT person, withdrawn_at FROM consents WHERE person <> ?",
    "SELECT user, role FROM roles WHERE ? > 0",
    "SELECT id, state, text FROM notes WHERE ? > 0",
    "SELECT * FROM inquiries WHERE person <> ?",
    "SELECT * FROM erasures WHERE person <> ?",
)


async def nothing_broke(house: House) -> None:
    await house.settle()
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
    assert await crew.rows(house, "SELECT method, reason FROM outbox WHERE state = 'failed'") == []


async def test_thousands_of_forged_presses_of_a_woman_change_nothing_of_anybody_else(house: House) -> None:
    organiser, other = await crew.member(house, "organiser"), await Woman(house, "ru").reach("card")
    hers = await Woman(house, "az").reach("menu")
    await written(house, organiser)
    await house.travel(at(2, 16, 1))
    person, chance = (await crew.person(house, hers.phone)).id, random.Random(20)
    keys = [row[0] for row in await crew.rows(house, "SELECT key FROM sheets UNION ALL SELECT key FROM sealed_sheets")]
    before = [await crew.rows(house, sql, person) for sql in UNTOUCHED]
    for number in range(FORGED):
        verb = chance.choice(VERBS).replace("KEY", chance.choice(keys))
        data = "/".join([verb, *(chance.choice(PARTS) for _ in range(chance.randint(0, 4)))])[:64]
        if verb.startswith("q"):
            data = f"q/{number % 7}"
        await hers.phone.press_raw(data, chance.choice(hers.phone.received).message_id)
        if number % 500 == 0:
            await house.settle()
    await house.settle()
    assert [await crew.rows(house, sql, person) for sql in UNTOUCHED] == before
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
    assert other.phone.received


async def test_a_survey_button_of_last_week_says_so_and_writes_nothing(house: House) -> None:
    phones = await group(house, 6)
    await house.travel(at(2, 17))
    for phone in phones[:5]:
        await complete(house, phone)
    invitation, button = phones[5].last, phones[5].last.buttons[2].data
    await house.travel(house.clock.now() + 7 * DAY)
    before = await crew.rows(house, "SELECT * FROM responses")
    assert len(before) == 5
    assert button
    await phones[5].press_raw(button, invitation.message_id)
    await house.settle()
    assert phones[5].toasts[-1]
    assert await crew.rows(house, "SELECT * FROM responses") == before
    await nothing_broke(house)


async def test_the_card_of_a_sent_registration_cannot_undo_a_withdrawal(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    phone = woman.phone
    await phone.press_raw("m/data", phone.last.message_id)
    await house.settle()
    card = phone.last
    send = next(button.data for button in card.buttons if button.data and button.data.endswith("/ok"))
    await phone.write("/privacy")
    for action in ("withdraw", "left"):
        await phone.tap(f"p/{action}/{(await crew.person(house, phone)).id}")
        await house.settle()
    assert (await crew.person(house, phone)).state == "withdrawn"
    await phone.press_raw(send, card.message_id)
    await house.settle()
    assert (await crew.person(house, phone)).state == "withdrawn"
    assert await crew.rows(house, "SELECT count(*) FROM consents WHERE withdrawn_at IS NULL") == [(0,)]
    await nothing_broke(house)


async def test_the_card_pressed_again_and_again_registers_once(house: House) -> None:
    woman = await Woman(house, "az").reach("card")
    card = woman.phone.last
    send = card.buttons[0].data
    assert send
    for _ in range(5):
        await woman.phone.press_raw(send, card.message_id)
    await house.settle()
    for button in card.buttons:
        await woman.phone.press_raw(str(button.data), card.message_id)
    await house.settle()
    assert await crew.rows(house, "SELECT count(*), state FROM sheets") == [(1, "submitted")]
    assert await crew.rows(house, "SELECT count(*) FROM consents") == [(1,)]
    assert sum("qeydiyyatdan" in message.text.lower() for message in woman.phone.received) <= 1
    await nothing_broke(house)


async def test_a_note_is_not_sent_by_another_nor_after_the_role_was_removed(house: House) -> None:
    organiser, another = await crew.member(house, "organiser"), await crew.member(house, "organiser", "Səbinə")
    aygun = await crew.woman(house, "Aygün")
    note = await written(house, organiser)
    await another.press_raw(f"n/{note}/send", another.last.message_id)
    await house.settle()
    async with house.database.transaction() as tx:
        await roles.remove(tx, organiser.id, house.clock.now())
    await organiser.tap(f"n/{note}/send")
    await house.settle()
    assert notes_of(aygun) == []
    assert await state(house, note) != "sending"
    await nothing_broke(house)


async def test_a_note_pressed_at_once_on_two_devices_and_after_a_restart_leaves_once(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    note = await written(house, organiser)
    card = organiser.last
    await house.close()
    for _ in range(3):
        await organiser.press_raw(f"n/{note}/send", card.message_id)
    await house.open()
    await house.settle()
    await house.close()
    await house.open()
    await organiser.press_raw(f"n/{note}/send", card.message_id)
    await house.settle()
    assert len(notes_of(aygun)) == 1
    await nothing_broke(house)


async def test_a_removed_organisers_note_stops_leaving(house: House) -> None:
    owner, organiser = await crew.member(house, "owner", "Könül"), await crew.member(house, "organiser")
    phones = [await crew.woman(house, f"Aygün {number}") for number in range(120)]
    await owner.write("/team")
    await house.settle()
    note = await written(house, organiser)
    house.clock.set_rate(1)
    await organiser.tap(f"n/{note}/send")
    while not any(notes_of(phone) for phone in phones):
        await house.clock.sleep(0.01)
    await owner.press_raw(f"r/sure/{organiser.id}", owner.last.message_id)
    await house.settle()
    assert sum(len(notes_of(phone)) for phone in phones) < len(phones)
    assert await state(house, note) == "stopped"


async def test_an_intent_for_a_day_of_another_region_is_not_kept(house: House) -> None:
    aygun = await crew.woman(house, "Aygün")
    await house.travel(at(1, 20))
    for data in ("i/quba-1/coming", "i/lankaran-1/coming/x", "i/quba-1/show", "i//coming", "i/lankaran-1"):
        await aygun.press_raw(data, aygun.last.message_id)
    await house.settle()
    rows = await crew.rows(house, "SELECT session, answer FROM intents")
    assert rows in ([], [("lankaran-1", "coming")])
    await nothing_broke(house)


async def test_the_button_that_erases_acts_once_and_for_nobody_who_comes_after_her(house: House) -> None:
    aygun = await crew.woman(house, "Aygün Silinən")
    number = (await crew.person(house, aygun)).id
    await erased(house, aygun)
    await house.settle()
    for data in (f"p/gone/{number}", f"p/data/{number}", f"p/left/{number}", f"p/gone/{number + 1}"):
        await aygun.press_raw(data, 1)
    await house.settle()
    people = await crew.rows(house, "SELECT id, state, name FROM people")
    assert number not in [row[0] for row in people]
    assert [row[2] for row in people if row[2]] == []
    assert json.loads((house.config.storage.backups / "tombstones.json").read_text())["erased"][0]["person"] == number
    await nothing_broke(house)


async def test_two_women_on_one_phone_cannot_erase_each_other(house: House) -> None:
    phone: Phone = await crew.woman(house, "Ana")
    async with house.database.transaction() as tx:
        sister = await tx.insert("INSERT INTO people (created_at) VALUES (?)", (house.clock.now(),))
        await tx.run("INSERT INTO chat_people (chat, person, active) VALUES (?, ?, 0)", (phone.id, sister))
    await phone.write("/privacy")
    await house.settle()
    await phone.press_raw(f"p/gone/{sister}", phone.last.message_id)
    await house.settle()
    assert await crew.rows(house, "SELECT count(*) FROM people") == [(2,)]
    assert await crew.rows(house, "SELECT * FROM erasures") == []
