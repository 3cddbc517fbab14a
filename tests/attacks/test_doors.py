"""Whatever stands behind /start: only the link of an open door counts, for a visitor, and everybody is greeted."""

import random
import secrets
import string

import pytest

from sandbox.phone import Phone
from storage import doors
from tests.bot import crew
from tests.conftest import House
from tests.threats import doorway

ALPHABET = string.ascii_letters + string.digits + "-_"
MALFORMED: tuple[str, ...] = (
    "d_",
    "d",
    "D_{code}",
    "d_{code}x",
    "x{code}",
    "{code}",
    "d_{code} d_{code}",
    "d_{code}\n/status",
    "d__{code}",
)
MALFORMED += (
    "d_" + "a" * 62,
    "d_" + "a" * 4_000,
    "d_' OR 1=1 --",
    "d_%00",
    "d_\x00",
    "d_əğıöüşç…………",
    "d_{code}\u202e",
    "d_../..",
)
GUESSES, WOMEN = 2_000, 20


async def opened(house: House, partner: str = "Qadın evi") -> str:
    """The code of a door."""
    async with house.database.transaction() as tx:
        await doors.begin(tx, "lankaran", 7, house.clock.now())
        named = await doors.name(tx, 7, partner)
    assert named
    return named[0].code


async def came(house: House) -> list[tuple[object, ...]]:
    return await crew.rows(house, "SELECT door, count(*) FROM people WHERE door <> '' GROUP BY door")


def mutated(chance: random.Random, code: str) -> str:
    """A payload near a true one, or none at all; never the true one."""
    if chance.random() < 0.5:
        return "".join(chance.choices(ALPHABET, k=chance.randint(0, 64)))
    at = chance.randrange(len(code))
    return f"d_{code[:at]}{chance.choice(ALPHABET.replace(code[at], ''))}{code[at + 1 :]}"


@pytest.mark.parametrize("written", MALFORMED)
async def test_a_malformed_payload_gets_the_usual_greeting(house: House, written: str) -> None:
    await doorway.shut(house)  # what has left has no text any more
    code = await opened(house)
    stranger = house.phone("Yad")
    await doorway.somebody(house, stranger.id)
    said = await doorway.come_in(house, doorway.written(house, stranger.id, f"/start {written.format(code=code)}"))
    assert len(said) == 1 and "Salam!" in said[0][2]
    assert await came(house) == []
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []


async def test_two_thousand_guesses_find_no_door(house: House) -> None:
    code, chance = await opened(house), random.Random(7)
    await doorway.shut(house)
    for number in range(WOMEN):
        await doorway.somebody(house, 900 + number)
    starts = [
        doorway.written(house, 900 + number % WOMEN, f"/start {mutated(chance, code)}") for number in range(GUESSES)
    ]
    await doorway.come_in(house, *starts)
    assert await came(house) == []
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
    await doorway.come_in(house, doorway.written(house, 900, f"/start d_{code}"))
    assert await came(house) == [(code, 1)], "the control"


async def test_a_flood_through_one_door_counts_a_woman_once_and_never_another_door(house: House) -> None:
    first, second = await opened(house), await opened(house, "")
    await doorway.shut(house)
    starts = [doorway.written(house, 900, f"/start d_{code}") for _ in range(50) for code in (first, second)]
    await doorway.come_in(house, *starts)
    assert await came(house) == [(first, 1)]


async def test_a_link_of_a_door_gives_no_role_and_one_of_a_role_is_no_door(house: House) -> None:
    owner, stranger = await crew.member(house, "owner"), house.phone("Yad")
    code = await opened(house)
    for payload in (f"r_{code}", f"r_{secrets.token_urlsafe(16)}", f"d_{code}"):
        await stranger.start(payload)
        await house.settle()
    assert await crew.rows(house, "SELECT user FROM roles") == [(owner.id,)]
    assert await came(house) == [(code, 1)]


async def forged(house: House, phone: Phone, data: str) -> None:
    await phone.press_raw(data, phone.last.message_id)
    await house.settle()


@pytest.mark.parametrize("role", [None, "trainer", "monitor"])
async def test_the_buttons_of_a_link_that_was_passed_on_do_nothing_for_others(house: House, role: str | None) -> None:
    code = await opened(house)
    phone = await crew.member(house, role) if role else await crew.woman(house, "Aygün")
    await phone.start()
    await house.settle()
    for action in ("say/{}/ru", "closing/{}", "show/{}", "give/{}", "like/{}", "list", "to/all", "alone"):
        await forged(house, phone, f"d/{action.format(code)}")
    assert not [message for message in phone.received if "start=d_" in message.text or message.kind == "photo"]
    assert await crew.rows(house, "SELECT count(*), max(closed_at) FROM doors") == [(1, None)]


@pytest.mark.parametrize(
    "name", ["<b>Ev</b>", "=SUM(1+1)", "Ev &amp;", "\u202eve", "'; DROP TABLE doors; --", "{door}", "%s x"]
)
async def test_any_partner_stands_as_text_wherever_she_is_named(house: House, name: str) -> None:
    nigar = await crew.member(house, "organiser")
    for word in ("/invite", "d/to/all", name, "/invite", "d/list", "/status", "/invite", "d/to/lankaran"):
        await (nigar.tap(word) if word.startswith("d/") else nigar.write(word))
        await house.settle()
        if word in ("d/list", "/status"):
            assert name.replace("\u202e", "") in nigar.last.text
    assert name.replace("\u202e", "") in nigar.last.labels
    assert house.sandbox.refused_malformed == 0


@pytest.mark.parametrize(
    "data", ["d", "d/", "d/x", "d/to", "d/to/", "d/to/bakı", "d/say", "d/say//", "d/list/-1", "d/list/²"]
)
async def test_a_forged_button_of_an_organiser_is_answered_and_changes_nothing(house: House, data: str) -> None:
    nigar = await crew.member(house, "organiser")
    await forged(house, nigar, data)
    assert nigar.presses[-1].answered
    assert await crew.rows(house, "SELECT count(*) FROM doors") == [(0,)]
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
