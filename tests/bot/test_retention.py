"""Data leave by themselves when the time that the consent names is over."""

from tests.bot import crew
from tests.conftest import House


async def test_everyone_but_the_team_is_erased_when_the_time_is_over(house: House) -> None:
    owner = await crew.member(house, "owner")
    woman = await crew.woman(house, "Aygün Nümunəli")
    await house.travel(days=23 + 180 - 20)
    assert not any("/export" in message.text for message in owner.received)
    await house.travel(days=8)
    assert "/export" in owner.last.text
    assert await crew.rows(house, "SELECT count(*) FROM people WHERE name = 'Aygün Nümunəli'") == [(1,)]
    await house.travel(days=20)
    await woman.wait("Hər şey silindi")
    assert await crew.rows(house, "SELECT count(*) FROM people WHERE name = 'Aygün Nümunəli'") == [(0,)]
    assert await crew.rows(house, "SELECT count(*) FROM roles") == [(1,)]


async def test_a_programme_with_later_days_puts_it_off(house: House) -> None:
    await crew.woman(house, "Aygün Nümunəli")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE sessions SET ends_at = ends_at + 400 * 86400000 WHERE id = 'zaqatala-3'")
    await house.travel(days=23 + 180 + 20)
    assert await crew.rows(house, "SELECT count(*) FROM people") == [(1,)]


async def test_who_comes_after_the_end_is_not_erased_at_once(house: House) -> None:
    await house.travel(days=23 + 180 + 20)
    phone = house.phone("Sevda")
    await phone.start()
    await house.travel(days=1)
    assert await crew.rows(house, "SELECT count(*) FROM people") == [(1,)]
    await house.travel(days=190)
    await phone.wait("Hər şey silindi")
    assert await crew.rows(house, "SELECT count(*) FROM people") == [(0,)]
