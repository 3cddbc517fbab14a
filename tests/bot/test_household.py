"""Two women on one phone: each has her own record, one tap leads from one to the other, each message says whom for."""

import asyncio

import pytest

from sandbox.phone import Phone
from storage import households
from tests.bot import crew
from tests.bot.women import LANGUAGES, Woman
from tests.conftest import House

WOMEN = (
    "SELECT p.name, p.state, c.active FROM people p JOIN chat_people c ON c.person = p.id WHERE c.chat = ?"
    " ORDER BY p.id"
)


def first_line(phone: Phone) -> str:
    return phone.last.text.splitlines()[0].translate({0x2068: None, 0x2069: None})


async def another(house: House, phone: Phone) -> None:
    """From the menu to the first question for a new woman."""
    await phone.start()
    await house.settle()
    await phone.tap("m/household")
    await house.settle()
    await phone.tap("h/new")
    await house.settle()


async def two(house: House, language: str = "az") -> Woman:
    """Aygün is registered; on the same phone Sevda has written her name."""
    woman = await Woman(house, language).reach("menu")
    await another(house, woman.phone)
    await woman.phone.tap(woman.phone.last.buttons[0].data or "")
    await house.settle()
    await woman.phone.write("Sevda Nümunəli")
    await house.settle()
    return woman


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_second_woman_registers_and_each_message_says_whom_it_is_for(house: House, language: str) -> None:
    woman = await Woman(house, language).reach("menu")
    assert not woman.phone.last.text.startswith("👤"), "who is alone is not told her name"
    await another(house, woman.phone)
    assert first_line(woman.phone) == {"az": "👤 Qadın 2", "ru": "👤 Женщина 2", "en": "👤 Woman 2"}[language]
    await woman.phone.tap(woman.phone.last.buttons[0].data or "")
    await house.settle()
    await woman.phone.write("Sevda Nümunəli")
    await house.settle()
    assert await crew.rows(house, WOMEN, woman.phone.id) == [("Aygün Nümunəli", "registered", 0), ("", "visitor", 1)]
    while "visitor" in str(await crew.rows(house, WOMEN, woman.phone.id)):
        if woman.phone.keyboard:
            await woman.phone.share_contact()
        else:
            done = [button for button in woman.phone.last.buttons if "/d/" in (button.data or "")]
            await woman.phone.tap([*done, *woman.phone.last.buttons][0].data or "")
        await house.settle()
    assert first_line(woman.phone) == "👤 Sevda"
    await woman.phone.start()
    await house.settle()
    assert first_line(woman.phone) == "👤 Sevda"


async def test_one_tap_leads_to_the_other_woman_and_what_is_open_of_the_first_stays(house: House) -> None:
    woman = await two(house)
    phone = woman.phone
    await phone.start()
    await house.settle()
    assert phone.received[-2].labels == ["Aygün", "✓ Sevda", "＋ Yeni qadın"]
    await phone.tap("Aygün")
    await house.settle()
    assert first_line(phone) == "👤 Aygün"
    assert "m/days" in [button.data for button in phone.last.buttons]
    await phone.tap("m/household")
    await house.settle()
    await phone.tap("Sevda")
    await house.settle()
    assert first_line(phone) == "👤 Sevda", "by the name that she wrote"
    assert phone.last.labels[0] == "Lənkəran", "she is where she was"


async def test_a_press_under_a_message_is_that_of_the_woman_for_whom_it_was(house: House) -> None:
    woman = await two(house)
    question = woman.phone.last
    await woman.phone.start()
    await house.settle()
    await woman.phone.tap("Aygün")
    await house.settle()
    menu = woman.phone.last
    await woman.phone.tap("Lənkəran", question)
    await house.settle()
    assert first_line(woman.phone) == "👤 Sevda"
    assert ("registration:region", '"lankaran"') in (await woman.answers()).items()
    await woman.phone.tap("m/settings", menu)
    await house.settle()
    assert [name for name, _, active in await crew.rows(house, WOMEN, woman.phone.id) if active] == ["Aygün Nümunəli"]


async def test_what_a_button_names_counts_where_it_is_not_known_for_whom_the_message_was(house: House) -> None:
    woman = await two(house)
    question = woman.phone.last
    await woman.phone.start()
    await house.settle()
    await woman.phone.tap("Aygün")
    await house.settle()
    async with house.database.transaction() as tx:
        await tx.run("DELETE FROM outbox")
    await woman.phone.tap("Lənkəran", question)
    await house.settle()
    assert first_line(woman.phone) == "👤 Sevda"


async def test_women_of_like_names_are_told_apart(house: House) -> None:
    phone = await crew.woman(house, "Aygün Əliyeva")
    for name in ("Aygün Quliyeva", "Sevda Əliyeva", "Aygün Əliyeva"):
        async with house.database.transaction() as tx:
            person = await households.grow(tx, phone.id, house.clock.now())
            await tx.run("UPDATE people SET name = ? WHERE id = ?", (name, person))
    await phone.start()
    await house.settle()
    labels = ["Aygün Əliyeva (1)", "Aygün Quliyeva", "Sevda", "✓ Aygün Əliyeva (4)", "＋ Yeni qadın"]
    assert phone.received[-2].labels == labels


async def test_a_tap_too_many_makes_nobody_and_so_many_women_have_no_room_on_a_phone(house: House) -> None:
    phone = await crew.woman(house, "Aygün")
    for _ in range(3):
        await another(house, phone)
        await phone.press_raw("h/new", phone.received[0].message_id)
        await house.settle()
        await phone.press_raw("h/1", phone.last.message_id)
        await house.settle()
    assert len(await crew.rows(house, WOMEN, phone.id)) == 2
    for number in range(households.MOST):
        async with house.database.transaction() as tx:
            person = await households.grow(tx, phone.id, house.clock.now())
            await tx.run("UPDATE people SET name = ? WHERE id = ?", (f"Qadın {number}", person))
    await phone.press_raw("h/new", phone.last.message_id)
    await house.settle()
    assert len(await crew.rows(house, WOMEN, phone.id)) == households.MOST
    assert "ən çoxu 8 qadın" in phone.toasts[-1]


async def test_erasing_one_of_two_women_leaves_the_other_with_a_way_on(house: House) -> None:
    woman = await two(house)
    await woman.phone.start()
    await house.settle()
    await woman.phone.tap("Aygün")
    await house.settle()
    await woman.phone.write("/privacy")
    await house.settle()
    await woman.phone.tap("Hər şeyi sil")
    await house.settle()
    await woman.phone.tap("Bəli, hər şeyi sil")
    async with asyncio.timeout(15):
        while await crew.rows(house, "SELECT state FROM erasures") != [("confirmed",)]:
            await house.look_again()
    assert await crew.rows(house, WOMEN, woman.phone.id) == [("", "visitor", 1)]
    assert ("registration:name", '"Sevda Nümunəli"') in (await woman.answers()).items()
    await woman.phone.tap("h")
    await house.settle()
    await woman.phone.tap(woman.phone.last.buttons[-1].data or "")
    await house.settle()
    assert "Lənkəran" in woman.phone.last.labels


async def test_who_has_a_phone_for_herself_costs_no_question_more(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    asked: list[str] = []
    run = house.database._writer._conn.set_trace_callback
    run(asked.append)
    await woman.phone.start()
    await house.settle()
    run(None)
    assert any("json_each" in each and "outbox" in each for each in asked)
    assert not [each for each in asked if "row_number()" in each]
