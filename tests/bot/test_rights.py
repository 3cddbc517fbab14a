"""Every route asks for its right: made from the table of contents itself, so that no new route can be forgotten."""

from itertools import pairwise

import pytest
from telegram.ext import CallbackQueryHandler, CommandHandler

import handlers
from bot import rights
from bot.routes import Route
from storage import roles
from tests.bot import crew
from tests.conftest import House

ROLES = ["owner", "organiser", "trainer", "monitor"]
COMMANDS = [route for route in handlers.ROUTES if isinstance(route.handler, CommandHandler)]
BUTTONS = [
    route for route in handlers.ROUTES if isinstance(route.handler, CallbackQueryHandler) and route.handler.pattern
]
# These leave /cancel to everyone's route where nothing is in hand.
PASSING = {"drop a note", "give no place after all", "make no link after all", "give up a registration for a woman"}
GUARDED = [route for route in [*COMMANDS, *BUTTONS] if route.right != rights.TALK and route.name not in PASSING]


def said(route: Route) -> str:
    """The words or the button's data by which a route is reached."""
    handler = route.handler
    if isinstance(handler, CommandHandler):
        return "/" + next(iter(handler.commands))
    assert isinstance(handler, CallbackQueryHandler)
    return handler.pattern.pattern.removeprefix("^").removesuffix("(/|$)")  # type: ignore[union-attr]


async def tried(house: House, route: Route, role: str | None, *, removed: bool = False) -> str:
    """Let somebody with the role say the words; return the name of the route that took them."""
    phone = await crew.member(house, role) if role else house.phone()
    if not role:
        await phone.start()
        await house.settle()
    if removed:
        await crew.member(house, "owner", "Başqa")  # the last owner cannot be removed
        async with house.database.transaction() as tx:
            assert await roles.remove(tx, phone.id, house.clock.now())
    if isinstance(route.handler, CommandHandler):
        await phone.write(said(route))
    else:
        await phone.press_raw(said(route), phone.last.message_id)
    await house.settle()
    turn = house.app.dispatcher.turn
    assert turn
    return turn.route


def test_every_route_states_a_right_that_exists_and_has_a_name_of_its_own() -> None:
    known = set().union(*rights.RIGHTS.values())
    assert {route.right for route in handlers.ROUTES} <= known
    names = [route.name for route in handlers.ROUTES]
    assert len(names) == len(set(names))


def test_each_role_has_all_that_the_one_below_has() -> None:
    ladder = [rights.RIGHTS[role] for role in (None, "monitor", "trainer", "organiser", "owner")]
    assert all(below <= above for below, above in pairwise(ladder))


@pytest.mark.parametrize("role", [*ROLES, None, "removed"])
async def test_only_who_has_the_right_reaches_a_route(house: House, role: str | None) -> None:
    for route in GUARDED:
        took = await tried(house, route, "organiser" if role == "removed" else role, removed=role == "removed")
        allowed = rights.allows(None if role == "removed" else role, route.right)
        assert (took == route.name) == allowed, f"{role}: {route.name} was taken by {took}"
