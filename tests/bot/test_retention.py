"""Data leave by themselves when the time that the consent names is over."""

from tests.bot import crew
from tests.conftest import DAY, House


async def pass_unseen(house: House, days: int) -> None:
    """Make all that was so much older: what a journey of some months would do, without its reminders and surveys."""
    async with house.database.transaction() as tx:
        await tx.run("UPDATE sessions SET starts_at = starts_at - ?1, ends_at = ends_at - ?1", (days * DAY,))
        await tx.run("UPDATE people SET created_at = created_at - ?", (days * DAY,))


async def test_everyone_but_the_team_is_erased_when_the_time_is_over(house: House) -> None:
    owner = await crew.member(house, "owner")
    woman = await crew.woman(house, "Aygün Nümunəli")
    await pass_unseen(house, 23 + 180 - 20)
    await house.travel(days=1)
    assert not any("/export" in message.text for message in owner.received)
    await house.travel(days=7)
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
    await pass_unseen(house, 23 + 180)
    await house.travel(days=20)
    assert await crew.rows(house, "SELECT count(*) FROM people") == [(1,)]


async def test_who_comes_after_the_end_is_not_erased_at_once(house: House) -> None:
    await pass_unseen(house, 23 + 180)
    await house.travel(days=20)
    phone = house.phone("Sevda")
    await phone.start()
    await house.travel(days=1)
    assert await crew.rows(house, "SELECT count(*) FROM people") == [(1,)]
    await house.travel(days=190)
    await phone.wait("Hər şey silindi")
    assert await crew.rows(house, "SELECT count(*) FROM people") == [(0,)]
