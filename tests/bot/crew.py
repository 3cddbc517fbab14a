"""The people of the tests about organisers: all invented."""

from typing import Any

from sandbox.phone import Phone
from storage import people, places, roles
from storage.people import Person
from tests.conftest import House


async def member(house: House, role: str, name: str = "Nigar", **person: Any) -> Phone:
    """Somebody who has accepted a link for `role`."""
    phone = house.phone(name=name, **person)
    async with house.database.transaction() as tx:
        code = await roles.invite(tx, role, None, house.clock.now())
    await phone.start(f"r_{code}")
    await house.settle()
    return phone


async def woman(
    house: House, name: str, region: str = "lankaran", language: str = "az", phone: str = "", *, queues: bool = False
) -> Phone:
    """A participant who has pressed Start; if she `queues` and there is no place, she waits for one."""
    hers = house.phone(name=name)
    hers.person.started = True
    async with house.database.transaction() as tx:
        number = await people.welcome(tx, hers.id, house.clock.now())
        await people.register(tx, number, name, region, "ngo", phone, house.clock.now())
        await people.set_language(tx, number, hers.id, language)
        await places.ask(tx, number, region, "ngo", house.clock.now())
        if not queues:
            await places.give(tx, number, "")
    return hers


async def crowd(house: House, count: int, region: str = "lankaran") -> list[int]:
    """So many other women, who asked for a place one after the other; their numbers."""
    found = []
    for number in range(count):
        phone = await woman(house, f"Qadın {number}", region, queues=True)
        found.append((await person(house, phone)).id)
    return found


async def leave(house: House, person: int) -> None:
    """She gives her place back, and the clock passes it on."""
    async with house.database.transaction() as tx:
        await places.free(tx, person)
        await people.withdraw(tx, person)
    await house.travel()


async def person(house: House, phone: Phone) -> Person:
    """Who is active on the phone, as the database has it."""
    async with house.database.transaction() as tx:
        return (await people.meet(tx, phone.id, phone.id, house.clock.now())).person


async def rows(house: House, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """What the database says."""
    async with house.database.reading() as tx:
        return await tx.all(sql, parameters)
