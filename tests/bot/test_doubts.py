"""What may have arrived or not waits for an organiser, who can see it and end it."""

import pytest

from bot import letters
from sandbox.phone import Phone
from storage import outbox
from tests.bot import crew
from tests.conftest import House


async def in_doubt(house: House, phone: Phone, count: int) -> None:
    """Messages that were in the air when a process died, whose policy is to wait."""
    async with house.database.transaction() as tx:
        rows = [letters.text(phone.id, f"Şübhəli {number}", doubt="hold") for number in range(count)]
        await outbox.add(tx, rows, house.clock.now())
        await tx.run("UPDATE outbox SET state = 'sending' WHERE doubt = 'hold'")
        await outbox.recover(tx)


@pytest.mark.parametrize(("way", "arrived"), [("again", 2), ("sent", 0)])
async def test_an_organiser_sends_them_again_or_lets_them_be(house: House, way: str, arrived: int) -> None:
    organiser, woman = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    await in_doubt(house, woman, 2)
    await organiser.write("/status")
    await organiser.tap("o/doubts")
    await house.settle()
    assert "2" in organiser.last.text
    data = next(str(button.data) for button in organiser.last.buttons if f"/{way}/" in str(button.data))
    await organiser.tap(data)
    await organiser.tap(data)  # twice is once
    await house.settle()
    assert sum("Şübhəli" in message.text for message in woman.received) == arrived
    assert await crew.rows(house, "SELECT count(*) FROM outbox WHERE state = 'in doubt'") == [(0,)]


async def test_where_nothing_is_in_doubt_there_is_no_button_for_it(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await organiser.write("/status")
    await house.settle()
    assert "o/doubts" not in [button.data for button in organiser.last.buttons]
    await organiser.press_raw("o/doubts", organiser.last.message_id)
    await house.settle()
    assert "yoxdur" in organiser.last.text


async def test_what_comes_into_doubt_later_is_not_decided_by_an_older_button(house: House) -> None:
    organiser, woman = await crew.member(house, "organiser"), await crew.woman(house, "Aygün")
    await in_doubt(house, woman, 1)
    await organiser.write("/status")
    await organiser.tap("o/doubts")
    await house.settle()
    data = next(str(button.data) for button in organiser.last.buttons if "/sent/" in str(button.data))
    await in_doubt(house, woman, 1)
    await organiser.tap(data)
    await house.settle()
    assert await crew.rows(house, "SELECT count(*) FROM outbox WHERE state = 'in doubt'") == [(1,)]
