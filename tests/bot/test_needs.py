"""What the women need on the day: numbers for who prepares it, and forgotten a month after the training."""

from tests.bot import crew
from tests.bot.test_days import at
from tests.bot.test_permissions import registered
from tests.conftest import DAY, House

NEEDS = ("Uşağa baxan olsun", "Pilləkənsiz giriş")


async def test_they_are_summed_for_organisers_without_a_name_and_for_nobody_else(house: House) -> None:
    for _ in range(2):
        await registered(house, needs=NEEDS[:1])
    await registered(house, needs=NEEDS)
    for role, sees in (("organiser", True), ("monitor", False)):
        who = await crew.member(house, role)
        await who.write("/status")
        await house.settle()
        assert ("Uşağa baxan olsun: 3, Pilləkənsiz giriş: 1" in who.last.text) == sees
        assert "Aygün" not in who.last.text
        assert "Yaş: 18–24: 3" in who.last.text


async def test_they_are_forgotten_30_days_after_the_last_session_of_her_region(house: House) -> None:
    await registered(house, needs=NEEDS)
    last = at(4, 16)
    await house.travel(last + 30 * DAY - DAY // 24)
    assert len(await crew.rows(house, "SELECT 1 FROM needs")) == 2
    await house.travel(last + 31 * DAY)
    assert await crew.rows(house, "SELECT 1 FROM needs") == []
    assert await crew.rows(house, "SELECT 1 FROM answers WHERE value LIKE '%child%'") == []


async def test_a_sheet_that_was_left_open_forgets_them_and_asks_again(house: House) -> None:
    woman = await registered(house, needs=NEEDS)
    await woman.phone.start()
    await house.settle()
    await woman.phone.tap("📝 Anketim")
    await house.settle()
    card = woman.phone.last
    await house.travel(at(4, 16) + 31 * DAY)
    assert await crew.rows(house, "SELECT 1 FROM answers WHERE question = 'needs'") == []
    await woman.phone.tap("✓ Göndər", card)
    await house.settle()
    assert "sizə nə lazımdır" in woman.phone.last.text
