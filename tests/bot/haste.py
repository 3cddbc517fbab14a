"""Taps in one moment, however slow the machine is that plays them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.bot import crew
from tests.conftest import House


@asynccontextmanager
async def at_once(house: House) -> AsyncIterator[None]:
    """Let the clock stand where a sheet was asked last, until all is done; what would have to wait for it is stuck."""
    [(asked,)] = await crew.rows(house, "SELECT coalesce(max(changed_at), 0) FROM sheets")
    shown, hurry = house.clock.now(), house.hurry
    house.clock.set_wall_back(shown - asked)
    house.clock.set_rate(0)
    house.hurry = 0
    try:
        yield
        await house.settle()
    finally:
        house.hurry = hurry
        house.clock.set_rate(1)
        house.clock.jump(max(shown, house.clock.now()))
