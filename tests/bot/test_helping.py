"""A helper registers a woman without Telegram; she takes her record over with a code, however she writes it."""

import re

import pytest

from forms import codes
from sandbox.phone import Phone
from storage import claims, households, roles
from tests.bot import crew
from tests.bot.test_erasing import ended
from tests.conftest import DAY, House

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
PEOPLE = "SELECT p.name, p.state, p.via, c.chat, c.active FROM people p LEFT JOIN chat_people c ON c.person = p.id"


async def answer(house: House, phone: Phone, name: str) -> None:
    """Fill the form from the name to the end."""
    await phone.write(name)
    await house.settle()
    for _ in range(12):
        labels = phone.last.labels
        if phone.keyboard or not labels or "Telefon" in phone.last.text.splitlines()[-1]:
            await phone.write("050 123 45 67")
        else:
            done = [button for button in phone.last.buttons if "/d/" in (button.data or "")]
            await phone.tap([*done, *phone.last.buttons][0].data or "")
        await house.settle()
        if CODE.search(phone.last.text) or "qeydiyyatdadır" in phone.last.text:
            return


async def helped(house: House, helper: Phone, name: str = "Sevda Nümunəli") -> str:
    """Let the helper register a woman; return her code."""
    await helper.write("/register")
    await house.settle()
    await helper.tap("g/agreed")
    await house.settle()
    await answer(house, helper, name)
    found = CODE.search(helper.last.text)
    assert found, helper.last.text
    return found[0]


async def test_a_helper_registers_a_woman_who_claims_her_record_with_the_code(house: House) -> None:
    helper = await crew.member(house, "organiser")
    code = await helped(house, helper)
    assert f"start=c_{code.replace('-', '')}" in helper.last.text
    assert await crew.rows(house, PEOPLE + " ORDER BY p.id") == [
        ("Nigar", "visitor", "chat", helper.id, 1),
        ("Sevda Nümunəli", "registered", "helper", None, None),
    ]
    assert len(await crew.rows(house, "SELECT * FROM consents")) >= 1
    assert await crew.rows(house, "SELECT phone FROM people WHERE via = 'helper'") == [("+994501234567",)]
    sevda = house.phone(name="Sevda")
    await sevda.start()
    await house.settle()
    await sevda.write(code.lower().replace("-", " "))
    await house.settle()
    assert "Xoş gəlmisiniz" in sevda.last.text and "2 mart" in sevda.last.text
    assert (await crew.person(house, sevda)).name == "Sevda Nümunəli"
    assert len(await crew.rows(house, "SELECT * FROM people")) == 2, "the visitor who entered nothing is gone"
    await sevda.start()
    await house.settle()
    assert "m/days" in [button.data for button in sevda.last.buttons]


async def test_the_link_of_the_code_leads_to_the_record_at_once(house: House) -> None:
    code = await helped(house, await crew.member(house, "organiser"))
    sevda = house.phone(name="Sevda")
    await sevda.start(f"c_{code.replace('-', '')}")
    await house.settle()
    assert (await crew.person(house, sevda)).name == "Sevda Nümunəli"
    await sevda.write("salam")
    await house.settle()
    assert not any("iki dəqiqə" in message.text for message in sevda.received), "she is not greeted as a stranger"


@pytest.mark.parametrize("typed", ["kf7m2qp0", "KF7M-2QPO", " kf7m 2qpо ", "К F 7 М 2 Q Р O", "KF7M–2QP0", "Kf7m.2qpö"])
def test_a_code_is_understood_however_it_is_written(typed: str) -> None:
    assert codes.written(typed) == "KF7M2QP0"


@pytest.mark.parametrize("digit", [*"23456789", "З", "з"])
def test_a_code_is_looked_for_wherever_one_can_be(digit: str) -> None:
    """Its only digit is one that lets no word be a code, also as a Cyrillic letter that looks like it."""
    assert codes.written(f"kfхmаqpт{digit}"[1:])
    assert re.search(codes.A_DIGIT, digit)


@pytest.mark.parametrize("typed", ["Xədicə", "12345678", "Məmmədli", "KF7M-2QP", "KF7M-2QPT5", "050 123 45", "?", ""])
def test_what_is_no_code_is_not_taken_for_one(typed: str) -> None:
    assert codes.written(typed) is None


async def test_a_code_works_once_and_says_so_kindly(house: House) -> None:
    helper = await crew.member(house, "organiser")
    code = await helped(house, helper)
    sevda, other = house.phone(name="Sevda"), house.phone(name="Başqa")
    for phone in (sevda, other):
        await phone.start()
        await house.settle()
        await phone.write(code)
        await house.settle()
    assert "artıq istifadə olunub" in other.last.text
    await sevda.write(code)
    await house.settle()
    assert "m/days" in [button.data for button in sevda.last.buttons], "who has it already is led on"


async def test_an_old_code_says_that_it_is_out_of_date(house: House) -> None:
    code = await helped(house, await crew.member(house, "organiser"))
    async with house.database.transaction() as tx:
        await tx.run("UPDATE claims SET expires_at = ?", (house.clock.now(),))
    sevda = house.phone(name="Sevda")
    await sevda.start()
    await house.settle()
    await sevda.write(code)
    await house.settle()
    assert "vaxtı keçib" in sevda.last.text


async def test_what_looks_like_a_code_answers_an_open_question(house: House) -> None:
    sevda = house.phone(name="Sevda")
    await sevda.start()
    await house.settle()
    await sevda.tap("b/registration")
    await house.settle()
    await sevda.tap(sevda.last.buttons[0].data or "")
    await house.settle()
    await sevda.write("Aygun 22")
    await house.settle()
    assert await crew.rows(house, "SELECT value FROM answers WHERE question = 'name'") == [('"Aygun 22"',)]


async def test_a_record_joins_the_one_of_a_woman_who_has_entered_something(house: House) -> None:
    code = await helped(house, await crew.member(house, "organiser"))
    aygun = await crew.woman(house, "Aygün")
    await aygun.write(code)
    await house.settle()
    assert aygun.last.text.startswith("👤 \u2068Sevda")
    assert len(await crew.rows(house, "SELECT * FROM chat_people WHERE chat = ?", aygun.id)) == 2


async def test_a_phone_that_is_full_takes_no_record_and_the_code_stays_good(house: House) -> None:
    code = await helped(house, await crew.member(house, "organiser"))
    aygun = await crew.woman(house, "Aygün")
    for number in range(households.MOST - 1):
        async with house.database.transaction() as tx:
            person = await households.grow(tx, aygun.id, house.clock.now())
            await tx.run("UPDATE people SET name = ? WHERE id = ?", (f"Qadın {number}", person))
    await aygun.write(code)
    await house.settle()
    assert "ən çoxu 8 qadın" in aygun.last.text and aygun.last.buttons
    assert len(await crew.rows(house, "SELECT * FROM chat_people WHERE chat = ?", aygun.id)) == households.MOST
    assert await crew.rows(house, "SELECT used_at FROM claims") == [(None,)]
    assert await crew.rows(house, "SELECT * FROM guesses") == []


async def test_the_link_by_which_she_came_is_known_of_her_record(house: House) -> None:
    code = await helped(house, await crew.member(house, "organiser"))
    async with house.database.transaction() as tx:
        await tx.run(
            "INSERT INTO doors (code, region, partner, made_by, made_at) VALUES ('abcdefghijkl', '', 'QHT', 1, 0)"
        )
    sevda = house.phone(name="Sevda")
    await sevda.start("d_abcdefghijkl")
    await house.settle()
    await sevda.write(code)
    await house.settle()
    assert await crew.rows(house, "SELECT door FROM people WHERE via = 'helper'") == [("abcdefghijkl",)]


async def test_given_up_half_way_nothing_is_kept_and_the_helper_is_herself_again(house: House) -> None:
    helper = await crew.member(house, "organiser")
    await helper.write("/register")
    await house.settle()
    await helper.tap("g/agreed")
    await house.settle()
    await helper.write("Sevda Nümunəli")
    await house.settle()
    await helper.write("/cancel")
    await house.settle()
    await ended(house)
    assert await crew.rows(house, PEOPLE) == [("Nigar", "visitor", "chat", helper.id, 1)]
    assert await crew.rows(house, "SELECT * FROM sheets") == await crew.rows(house, "SELECT * FROM answers") == []
    assert "/register" in helper.last.text


async def test_given_up_nothing_leads_to_her_and_the_messages_about_her_are_gone(house: House) -> None:
    helper = await crew.member(house, "organiser")
    await helper.write("/register")
    await house.settle()
    await helper.tap("g/agreed")
    await house.settle()
    hers = (await crew.person(house, helper)).id
    await helper.write("Sevda Nümunəli")
    await house.settle()
    await helper.write("/register")
    await house.settle()
    await helper.tap("g/drop")
    await house.settle()
    await ended(house)
    await house.settle()
    assert await crew.rows(house, "SELECT * FROM outbox WHERE person = ? OR key GLOB 'erase:*'", hers) == []
    about_her = [
        message for message in helper.received if "ad və soyad" in message.text or "Bir qadının" in message.text
    ]
    assert about_her == []
    assert not any("Sevda" in message.text for message in helper.received)
    assert (await crew.person(house, helper)).id != hers
    assert await crew.rows(house, "SELECT person FROM tombstones") == [(hers,)]


async def test_one_that_was_left_is_taken_up_again_and_forgotten_after_a_week(house: House) -> None:
    helper = await crew.member(house, "organiser")
    await helper.write("/register")
    await house.settle()
    await helper.tap("g/agreed")
    await house.settle()
    await helper.press_raw("g/agreed", helper.received[-2].message_id)
    await house.settle()
    await helper.write("/register")
    await house.settle()
    assert [button.data for button in helper.last.buttons] == ["g/on", "g/drop"]
    await helper.tap("g/on")
    await house.settle()
    assert "adınızı" in helper.last.text
    assert len(await crew.rows(house, PEOPLE)) == 2
    await house.travel(days=8)
    await ended(house)
    assert await crew.rows(house, PEOPLE) == [("Nigar", "visitor", "chat", helper.id, 1)]


async def test_the_helpers_own_number_is_not_taken_for_the_womans(house: House) -> None:
    helper = await crew.member(house, "organiser")
    await helper.write("/register")
    await house.settle()
    await helper.tap("g/agreed")
    await house.settle()
    async with house.database.transaction() as tx:
        await tx.run("UPDATE sheets SET step = 'phone'")
    await helper.tap(helper.last.buttons[0].data or "")
    await helper.share_contact()
    await house.settle()
    assert await crew.rows(house, "SELECT 1 FROM answers WHERE question = 'phone'") == []


async def test_who_lost_her_role_meanwhile_gets_no_code(house: House) -> None:
    helper = await crew.member(house, "organiser")
    await crew.member(house, "owner", "Sahib")
    await helper.write("/register")
    await house.settle()
    await helper.tap("g/agreed")
    await house.settle()
    async with house.database.transaction() as tx:
        await roles.remove(tx, helper.id, house.clock.now())
    await answer(house, helper, "Sevda Nümunəli")
    assert await crew.rows(house, "SELECT * FROM claims") == []
    assert ("Sevda Nümunəli", "registered", "helper", None, None) in await crew.rows(house, PEOPLE)
    assert not any(CODE.search(message.text) for message in helper.received)
    assert "qeydiyyatdadır" in helper.last.text and helper.last.buttons, "she has a way on"


async def test_codes_and_wrong_ones_are_forgotten_in_time(house: House) -> None:
    helper = await crew.member(house, "organiser")
    await helped(house, helper)
    async with house.database.transaction() as tx:
        await claims.guess(tx, helper.id, house.clock.now())
    await house.travel(days=2)
    assert await crew.rows(house, "SELECT * FROM guesses") == []
    async with house.database.transaction() as tx:
        await claims.forget(tx, house.clock.now() + claims.LASTS - 3 * DAY, 0)
        assert await tx.one("SELECT count(*) FROM claims") == (1,)
        await claims.forget(tx, house.clock.now() + claims.LASTS + DAY, 0)
        assert await tx.one("SELECT count(*) FROM claims") == (0,)


async def test_a_tick_looks_for_unfinished_women_and_not_at_everybody(house: House) -> None:
    plan = [str(row[3]) for row in await crew.rows(house, "EXPLAIN QUERY PLAN " + households.ABANDONED, 0)]
    assert plan[0].startswith("SEARCH p") and "people_helped" in plan[0], plan
