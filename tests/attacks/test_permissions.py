"""What a woman allows is taken back, and given, by nobody but her, whatever is pressed."""

import random

from storage import consents
from storage.people import Person
from tests.attacks.test_buttons import nothing_broke
from tests.bot import crew
from tests.bot.test_permissions import registered
from tests.bot.women import Woman
from tests.conftest import House

KEPT = "SELECT person, purpose, definition, given_at, withdrawn_at FROM consents ORDER BY 1, 2, 4"
FORGED = 300


async def somebody(house: House) -> tuple[Woman, Person]:
    """A woman who allows two things."""
    woman = await registered(house, "Şəkillərimi paylaşmaq", "Adımı donorlara vermək")
    return woman, await crew.person(house, woman.phone)


async def test_nobody_takes_back_what_another_woman_allows(house: House) -> None:
    (_, hers), (troll, _) = await somebody(house), await somebody(house)
    before = await crew.rows(house, KEPT)
    await troll.write("/privacy")
    await house.settle()
    for action in ("permissions", "revoke", "revoked"):
        for purpose in (*consents.PERMISSIONS, "training"):
            await troll.phone.press_raw(f"p/{action}/{hers.id}/{purpose}", troll.phone.last.message_id)
            await house.settle()
            assert "işləmir" in troll.phone.toasts[-1]
    assert await crew.rows(house, KEPT) == before
    await nothing_broke(house)


async def test_a_forged_purpose_ends_no_consent(house: House) -> None:
    woman, person = await somebody(house)
    before, chance = await crew.rows(house, KEPT), random.Random(4)
    await woman.write("/privacy")
    await house.settle()
    wrong = ["training", "", "PHOTOS", "photos ", "photos~", "..", "%", "1", "ş" * 10, "contact", "quotes"]
    for number in range(FORGED):
        data = "/".join(["p", chance.choice(["revoke", "revoked"]), str(person.id), chance.choice(wrong)])
        await woman.phone.press_raw(data[:64] + "/" * (number % 3), woman.phone.last.message_id)
        if number % 50 == 0:
            await house.settle()
    await house.settle()
    assert await crew.rows(house, KEPT) == before
    await nothing_broke(house)


async def test_ticks_of_another_womans_question_are_refused(house: House) -> None:
    hers, troll = await Woman(house, "az").reach("permissions"), await Woman(house, "ru").reach("permissions")
    for button in hers.phone.last.buttons:
        await troll.phone.press_raw(str(button.data), troll.phone.last.message_id)
        await house.settle()
    assert await crew.rows(house, "SELECT 1 FROM answers WHERE question GLOB 'permissions*'") == []
    await nothing_broke(house)
