"""A thousand buttons that the bot never made, or made for another woman: nothing changes, nothing fails."""

import asyncio
import random

from tests.bot import crew
from tests.bot.women import Woman
from tests.conftest import HURRY, House

PRESSES = 1_000
VERBS = ("f", "b", "l", "s", "m", "i", "q", "p", "r", "n", "o", "x", "")
PARTS = (
    "a",
    "b",
    "e",
    "k",
    "r",
    "s",
    "ok",
    "0",
    "1",
    "2",
    "5",
    "-1",
    "99",
    "²",
    "ə",
    "\x00",
    "%s",
    "'",
    "az",
    "day",
    "..",
)


def payload(chance: random.Random, real: list[str]) -> str:
    """A real button changed in a place or two, or parts put together at random."""
    if chance.random() < 0.6:
        letters = list(chance.choice(real))
        for _ in range(chance.randint(1, 3)):
            letters[chance.randrange(len(letters))] = chance.choice("abefkorsx0123459/-_ə")
        return "".join(letters)
    return "/".join([chance.choice(VERBS), *(chance.choice(PARTS) for _ in range(chance.randint(0, 5)))])


async def everything(house: House) -> list[list[tuple[object, ...]]]:
    return [
        await crew.rows(house, "SELECT id, state, name, region, group_key, phone FROM people"),
        await crew.rows(house, "SELECT key, person, state, step FROM sheets ORDER BY id"),
        await crew.rows(house, "SELECT sheet, question, value FROM answers"),
        await crew.rows(house, "SELECT person, purpose, given_at, withdrawn_at FROM consents"),
        await crew.rows(house, "SELECT user, role FROM roles"),
        await crew.rows(house, "SELECT session, person, answer FROM intents"),
        await crew.rows(house, "SELECT id, state FROM notes"),
    ]


async def answered(woman: Woman) -> None:
    """Wait until every press of hers was answered."""
    async with asyncio.timeout(20):
        while not all(press.answered for press in woman.phone.presses):
            await asyncio.sleep(0.005)


async def test_a_thousand_forged_presses_change_nothing(house: House) -> None:
    other = await Woman(house, "ru").reach("card")
    hers = await Woman(house, "az").reach("menu")
    real = [str(button.data) for message in other.phone.received for button in message.buttons]
    real += [data for woman in (other, hers) for data, _ in woman.past]
    before, chance = await everything(house), random.Random(16)
    house.hurry = 5  # a press that is not answered within ten seconds is not answered at all
    for number in range(PRESSES):
        if number % 25 == 0:  # nor one of a flood
            await answered(hers)
        data = payload(chance, real)
        if not data.startswith(("b/registration", "m/data")):  # these open her own data, which anybody may press
            await hers.forge(data)
    await answered(hers)
    house.hurry = HURRY
    await house.settle()
    assert await everything(house) == before
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
