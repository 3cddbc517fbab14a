"""10,000 buttons that were made up, changed, another's, or pressed long ago reach nobody else (row 3)."""

import random

import pytest

from tests.attacks.test_buttons import PARTS, UNTOUCHED, VERBS
from tests.bot import crew
from tests.bot.test_days import at
from tests.bot.test_notes import written
from tests.bot.women import Woman
from tests.conftest import House
from tests.threats import doorway

pytestmark = pytest.mark.attack

PAYLOADS = 10_000
LETTERS = "abefkorsx0123459/-_ə\x00"


def made_up(chance: random.Random, real: list[str], keys: list[str]) -> str:
    """A payload of one of four kinds: random bytes, parts put together, a real one changed, a real one as it was."""
    kind = chance.randrange(4)
    if kind == 0:
        return "".join(
            map(chr, (chance.choice((chance.randrange(32, 127), chance.randrange(0x2FFF))) for _ in range(20)))
        )
    if kind == 1:
        verb = chance.choice(VERBS).replace("KEY", chance.choice(keys))
        return "/".join([verb, *(chance.choice(PARTS) for _ in range(chance.randint(0, 4)))])
    letters = list(chance.choice(real))
    for _ in range(chance.randint(1, 3) if kind == 2 else 0):
        letters[chance.randrange(len(letters))] = chance.choice(LETTERS)
    return "".join(letters)


async def test_of_10_000_forged_and_replayed_presses_none_reaches_past_the_presser(house: House) -> None:
    organiser, other = await crew.member(house, "organiser"), await Woman(house, "ru").reach("card")
    hers = await Woman(house, "az").reach("menu")
    await written(house, organiser)
    await house.travel(at(2, 16, 1))  # a survey is open, too
    await doorway.shut(house)
    person, chance = (await crew.person(house, hers.phone)).id, random.Random(20)
    keys = [row[0] for row in await crew.rows(house, "SELECT key FROM sheets UNION ALL SELECT key FROM sealed_sheets")]
    shown = [*hers.phone.received, *other.phone.received, *organiser.received]
    real = [str(button.data) for message in shown for button in message.buttons if button.data]
    real += [data for woman in (hers, other) for data, _ in woman.past]
    before = [await crew.rows(house, sql, person) for sql in UNTOUCHED]
    own = {f"p/gone/{person}", f"p/left/{person}"}  # these she may press: they erase her, or end her part
    payloads = {made_up(chance, real, keys)[:64] for _ in range(3 * PAYLOADS)} - own
    presses = [doorway.pressed(house, hers.phone.id, data, chance.randint(1, 99)) for data in sorted(payloads)]
    chance.shuffle(presses)
    assert len(presses) > PAYLOADS
    await doorway.come_in(house, *presses[:PAYLOADS], *presses[:100])
    assert [await crew.rows(house, sql, person) for sql in UNTOUCHED] == before
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
