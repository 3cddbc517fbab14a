"""Claims cannot be guessed or used twice; no button reaches from one household into another; no role is reached so."""

import pytest

from forms import codes
from sandbox.phone import Phone
from storage import claims, households, people
from storage.roles import digest
from tests.bot import crew
from tests.bot.test_helping import helped
from tests.conftest import HOUR, House

PEOPLE = "SELECT id, state, name, language FROM people ORDER BY id"
CHATS = "SELECT chat, person, active FROM chat_people ORDER BY chat, person"


async def stranger(house: House) -> Phone:
    phone = house.phone(name="Kimsə")
    await phone.start()
    await house.settle()
    return phone


async def test_after_five_wrong_codes_in_an_hour_even_the_right_one_is_refused(house: House) -> None:
    code = await helped(house, await crew.member(house, "organiser"))
    thief, chats = await stranger(house), await crew.rows(house, CHATS)
    for number in range(5):
        await thief.write(f"KF7M-2QP{number}")
        await house.settle()
        assert "tapa bilmədik" in thief.last.text
    for right in (code, f"/start c_{code.replace('-', '')}"):
        await thief.write(right)
        await house.settle()
        assert "bir neçə dəfə" in thief.last.text
    assert [row for row in await crew.rows(house, CHATS) if row not in chats and row[0] != thief.id] == []
    assert await crew.rows(house, "SELECT used_at FROM claims") == [(None,)]
    await house.travel(hours=1.1)
    await thief.write(code)
    await house.settle()
    assert (await crew.person(house, thief)).name == "Sevda Nümunəli"


async def test_guesses_are_counted_behind_an_open_question_and_by_link_too(house: House) -> None:
    code = await helped(house, await crew.member(house, "organiser"))
    thief = await stranger(house)
    await thief.tap("b/registration")
    await house.settle()
    for number in range(3):
        await thief.write(f"KF7M-2QP{number}")
        await house.settle()
    for payload in ("c_KF7M2QP4", "c_" + "K" * 60):
        await thief.start(payload)
        await house.settle()
    assert len(await crew.rows(house, "SELECT 1 FROM guesses WHERE chat = ?", thief.id)) == 5
    await thief.write(code)
    await house.settle()
    assert (await crew.person(house, thief)).name == ""


async def test_the_code_of_another_works_for_nobody_after_her_and_gives_nothing_away(house: House) -> None:
    code = await helped(house, await crew.member(house, "organiser"))
    sevda, thief = await stranger(house), await stranger(house)
    await sevda.write(code)
    await house.settle()
    for _ in range(2):
        await thief.write(code)
        await house.settle()
        assert "artıq istifadə olunub" in thief.last.text
        assert "Sevda" not in thief.last.text
    assert await crew.rows(house, "SELECT chat FROM chat_people WHERE person = (SELECT person FROM claims)") == [
        (sevda.id,)
    ]


async def test_of_a_code_only_the_hash_is_kept(house: House) -> None:
    code = (await helped(house, await crew.member(house, "organiser"))).replace("-", "")
    assert await crew.rows(house, "SELECT hash FROM claims") == [(digest(code),)]
    for (table,) in await crew.rows(house, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        kept = str(await crew.rows(house, f"SELECT * FROM {table}"))
        assert code not in kept and codes.shown(code) not in kept, table


@pytest.mark.parametrize(
    "data", ["h/{hers}", "p/gone/{hers}", "p/data/{hers}", "f/{key}/x", "f/{key}/k/2", "g/on", "o/code/{hers}"]
)
async def test_no_button_reaches_into_another_household(house: House, data: str) -> None:
    aygun, sevda = await crew.woman(house, "Aygün"), await crew.woman(house, "Sevda")
    async with house.database.transaction() as tx:  # both phones are shared, so that switching is possible
        for phone in (aygun, sevda):
            one = await households.grow(tx, phone.id, house.clock.now())
            await tx.run("UPDATE people SET name = 'Qızı' WHERE id = ?", (one,))
    await sevda.write("/start")
    await house.settle()
    await sevda.tap("b/registration")
    await house.settle()
    [(key, hers)] = await crew.rows(house, "SELECT key, person FROM sheets")
    await aygun.write("/start")
    await house.settle()
    before = [await crew.rows(house, sql) for sql in (PEOPLE, CHATS, "SELECT key, state FROM sheets")]
    await aygun.press_raw(data.format(hers=hers, key=key), aygun.last.message_id)
    await house.settle()
    assert [await crew.rows(house, sql) for sql in (PEOPLE, CHATS, "SELECT key, state FROM sheets")] == before
    assert await crew.rows(house, "SELECT count(*) FROM erasures") == [(0,)]
    assert not any("Sevda" in message.text for message in aygun.received)
    assert await crew.rows(house, "SELECT count(*) FROM failures") == [(0,)]


async def test_a_role_hangs_on_the_account_and_goes_with_no_record(house: House) -> None:
    organiser, aygun = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    own = (await crew.person(house, organiser)).id
    async with house.database.transaction() as tx:
        code = await claims.make(tx, own, organiser.id, house.clock.now())
    await aygun.write(code)
    await house.settle()
    assert (await crew.person(house, aygun)).id == own, "the record itself can be claimed"
    await aygun.write("/status")
    await house.settle()
    assert "Qeydiyyat:" not in aygun.last.text
    async with house.database.transaction() as tx:
        assert (await people.meet(tx, aygun.id, aygun.id, 0)).role is None


async def test_who_has_no_role_registers_nobody_for_others(house: House) -> None:
    phone, before = await crew.woman(house, "Aygün"), await crew.rows(house, PEOPLE)
    await phone.write("/register")
    await house.settle()
    for data in ("g/agreed", "g/next", "g/on", "g/drop", "g"):
        await phone.press_raw(data, phone.last.message_id)
        await house.settle()
    assert await crew.rows(house, PEOPLE) == before
    assert await crew.rows(house, "SELECT * FROM claims") == []


async def test_the_name_of_a_woman_on_a_shared_phone_is_no_markup(house: House) -> None:
    phone = await crew.woman(house, "<b>&amp;</b>Aygün")
    async with house.database.transaction() as tx:
        await households.grow(tx, phone.id, house.clock.now())
        await households.switch(tx, phone.id, (await households.of_chat(tx, phone.id))[0].person)
    await phone.write("/start")
    await house.settle()
    assert phone.last.text.startswith("👤 \u2068<b>&amp;</b>Aygün\u2069\n")
    assert house.sandbox.refused_malformed == 0


def test_a_code_is_long_enough_that_nobody_finds_it() -> None:
    """With 1,000 open codes and 1,000 chats that try for 60 days without end: less than one in a hundred is found."""
    possible = len(codes.ALPHABET) ** codes.LENGTH
    guesses = 1_000 * 5 * 24 * claims.LASTS // (24 * HOUR)
    assert guesses * 1_000 / possible < 0.01
