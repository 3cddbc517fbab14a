"""Every woman is accounted for: in a chat, on paper, or to be called; a new code is made from the list."""

import asyncio
import re

from sandbox.phone import Phone
from storage import erasures, people, places, rosters
from tests.bot import crew
from tests.bot.test_helping import CODE, helped
from tests.conftest import House


async def on_paper(house: House, name: str, region: str = "quba") -> int:
    """A woman of a roster."""
    async with house.database.transaction() as tx:
        person = await rosters.add(tx, "az", house.clock.now())
        await people.register(tx, person, name, region, "ngo", "+994501112233", house.clock.now())
        await places.ask(tx, person, region, "ngo", house.clock.now())
    return person


async def screen(house: House, organiser: Phone) -> str:
    await organiser.write("/status")
    await house.settle()
    return organiser.last.text.translate({0x2068: None, 0x2069: None})


async def test_in_chat_on_paper_and_to_be_called_are_all_women(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE regions SET places = 2 WHERE id = 'quba'")
    for number in range(3):
        await crew.woman(house, f"Qadın {number}", "quba", queues=True)
    blocked, gone = await crew.woman(house, "Sevda"), await crew.woman(house, "Leyla", "quba")
    async with house.database.transaction() as tx:
        await people.mark_chat(tx, blocked.id, "blocked", 0)
        await people.mark_chat(tx, gone.id, "gone", 0)
    await on_paper(house, "Könül")
    await helped(house, organiser, "Zəhra Nümunəli")
    text = await screen(house, organiser)
    assert "Söhbətdə: 3 · Kağızda: 2\nƏlaqə itib: 2" in text
    [(all_,)] = await crew.rows(house, "SELECT count(*) FROM people WHERE state IN ('registered', 'waiting')")
    assert all_ == sum(map(int, re.findall(r"(?:Söhbətdə|Kağızda|Əlaqə itib): (\d+)", text))) == 7
    await organiser.tap("o/calls")
    await house.settle()
    for name in ("Sevda", "Leyla", "Könül", "Zəhra Nümunəli"):
        assert name in organiser.last.text, "also who waits for a place is called"


async def test_a_new_code_is_made_from_the_list_and_the_old_one_dies(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    old = await helped(house, organiser)
    [(number,)] = await crew.rows(house, "SELECT id FROM people WHERE via = 'helper'")
    await screen(house, organiser)
    for button in ("o/calls", f"o/call/{number}", f"o/code/{number}"):
        await organiser.tap(button)
        await house.settle()
    found = CODE.search(organiser.last.text)
    assert found and found[0] != old
    sevda = house.phone(name="Sevda")
    await sevda.start()
    await house.settle()
    await sevda.write(old)
    await house.settle()
    assert "tapa bilmədik" in sevda.last.text
    await sevda.write(found[0])
    await house.settle()
    assert (await crew.person(house, sevda)).name == "Sevda Nümunəli"
    await organiser.tap(f"o/call/{number}")
    await house.settle()
    assert "artıq işləmir" in organiser.toasts[-1], "she is not to be called any more"


async def test_who_is_on_paper_only_can_be_erased_when_she_wishes_it(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    number = await on_paper(house, "Könül")
    await screen(house, organiser)
    for button in ("o/calls", f"o/call/{number}", f"o/erase/{number}", f"o/erasing/{number}"):
        await organiser.tap(button)
        await house.settle()
    async with asyncio.timeout(15):
        while await crew.rows(house, "SELECT state FROM erasures") != [("confirmed",)]:
            await house.look_again()
    assert await crew.rows(house, "SELECT 1 FROM people WHERE id = ?", number) == []
    await house.settle()
    assert await crew.rows(house, "SELECT 1 FROM outbox WHERE state = 'failed'") == [], "nobody is written to"


async def test_the_day_of_forgetting_reaches_also_women_on_paper(house: House) -> None:
    await on_paper(house, "Könül")
    async with house.database.transaction() as tx:
        assert await erasures.ask_all(tx, house.clock.now() + 1, house.clock.now()) == 1
    async with asyncio.timeout(15):
        while await crew.rows(house, "SELECT state, chat FROM erasures") != [("confirmed", 0)]:
            await house.look_again()
    assert await crew.rows(house, "SELECT name FROM people") == []
