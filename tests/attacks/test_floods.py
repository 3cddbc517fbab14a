"""What is on its way when the network is away and she changes her mind. Floods are in tests/threats/test_floods.py."""

from storage import reminders
from tests.bot import crew
from tests.conftest import House


async def test_reminders_of_the_old_region_do_not_leave_once_she_has_changed_it(house: House) -> None:
    woman = await crew.woman(house, "Aygün")
    await woman.start()
    await house.travel(days=7, hours=8)
    house.sandbox.network_away()
    house.clock.jump(house.clock.now() + 2 * 3_600_000)
    while not await crew.rows(house, "SELECT 1 FROM outbox WHERE key GLOB 'remind:lankaran-1:*'"):
        await house.clock.sleep(0.01)
    person = await crew.person(house, woman)
    async with house.database.transaction() as tx:
        await reminders.unplan(tx, person.id, house.clock.now())
    states = await crew.rows(house, "SELECT DISTINCT state FROM outbox WHERE key GLOB 'remind:lankaran-1:*'")
    assert set(states) <= {("cancelled",), ("sending",)}
    house.sandbox.network_away(False)
