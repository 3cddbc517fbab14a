"""Inviting, the team, and taking a role away: who may, and that it works at once."""

import re

import pytest

from sandbox.phone import Phone
from storage import roles
from tests.bot import crew
from tests.conftest import House

HOUR = 3_600_000


def code_in(text: str) -> str:
    found = re.search(r"https://t\.me/istirak_sandbox_bot\?start=(r_[A-Za-z0-9_-]{22})$", text, re.MULTILINE)
    assert found
    return found[1]


async def invited(house: House, inviter: Phone, role: str) -> str:
    """The payload of the link that `inviter` gets for `role`."""
    await inviter.write("/team")
    await inviter.tap("r/roles")
    await house.settle()
    await inviter.tap(f"r/invite/{role}")
    await house.settle()
    return code_in(inviter.last.text)


async def role_of(house: House, phone: Phone) -> str | None:
    async with house.database.reading() as tx:
        return await roles.of(tx, phone.id)


async def test_a_link_makes_an_organiser_who_is_told_and_the_inviter_is_too(house: House) -> None:
    owner = await crew.member(house, "owner")
    lala = house.phone(name="Lalə")
    await lala.start(await invited(house, owner, "organiser"))
    await house.settle()
    assert await role_of(house, lala) == "organiser"
    assert "təşkilatçı" in lala.last.text
    assert "Lalə" in owner.last.text
    actions = await crew.rows(house, "SELECT action, user, detail FROM audit ORDER BY id")
    assert actions[-2:] == [("role.invited", owner.id, "organiser"), ("role.accepted", lala.id, "organiser")]


async def test_a_used_an_expired_and_an_unknown_link_get_the_same_answer(house: House) -> None:
    owner = await crew.member(house, "owner")
    used, expired = await invited(house, owner, "monitor"), await invited(house, owner, "monitor")
    await house.phone(name="Lalə").start(used)
    await house.settle()
    answers = []
    for payload in (used, expired, "r_" + "x" * 22, "r_"):
        if payload == expired:
            await house.travel(hours=25)
        stranger = house.phone(name="Sevil")
        await stranger.start(payload)
        await house.settle()
        assert await role_of(house, stranger) is None
        answers.append([message.text for message in stranger.received])
    assert answers == [answers[0]] * 4


async def test_an_organiser_invites_only_below_herself(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await organiser.write("/team")
    await organiser.tap("Komandaya dəvət et")
    await house.settle()
    assert [button.data for button in organiser.last.buttons] == ["r/invite/trainer", "r/invite/monitor", "r/team"]
    for data in ("r/invite/owner", "r/invite/organiser", "r/invite/", "r/invite", "r/invite/boss"):
        await organiser.press_raw(data, organiser.last.message_id)
        await house.settle()
    assert await crew.rows(house, "SELECT role FROM invites WHERE made_by = ?", organiser.id) == []


async def test_an_owner_takes_a_role_away_after_being_asked_and_it_ends_at_once(house: House) -> None:
    owner, lala = await crew.member(house, "owner"), await crew.member(house, "organiser", "Lalə")
    await owner.write("/team")
    await owner.tap(f"r/remove/{lala.id}")
    await house.settle()
    assert await role_of(house, lala) == "organiser"
    assert "Lalə" in owner.last.text
    await owner.tap(f"r/sure/{lala.id}")
    await lala.write("/team")
    await house.settle()
    assert await role_of(house, lala) is None
    assert "Komanda" not in lala.last.text
    assert "Lalə" not in owner.last.text
    assert (await crew.rows(house, "SELECT action, subject FROM audit ORDER BY id"))[-1] == (
        "role.removed",
        str(lala.id),
    )


async def test_the_owner_may_change_her_mind(house: House) -> None:
    owner, lala = await crew.member(house, "owner"), await crew.member(house, "trainer", "Lalə")
    await owner.write("/team")
    await owner.tap(f"r/remove/{lala.id}")
    await owner.tap("r/team")
    await house.settle()
    assert await role_of(house, lala) == "trainer"
    assert f"r/remove/{lala.id}" in [button.data for button in owner.last.buttons]


async def test_the_last_owner_cannot_remove_herself(house: House) -> None:
    owner = await crew.member(house, "owner")
    await crew.member(house, "monitor", "Lalə")
    await owner.write("/team")
    await house.settle()
    await owner.press_raw(f"r/sure/{owner.id}", owner.last.message_id)
    await house.settle()
    assert await role_of(house, owner) == "owner"
    assert any("sahibi qalmalıdır" in toast for toast in owner.toasts)


async def test_an_organiser_sees_the_team_without_the_means_to_change_it(house: House) -> None:
    owner, organiser = await crew.member(house, "owner", "Sona"), await crew.member(house, "organiser", "Lalə")
    await organiser.write("/team")
    await house.settle()
    assert "Sona" in organiser.last.text
    assert [button.data for button in organiser.last.buttons] == ["r/roles"]
    await organiser.press_raw(f"r/sure/{owner.id}", organiser.last.message_id)
    await organiser.press_raw(f"r/remove/{owner.id}", organiser.last.message_id)
    await house.settle()
    assert await role_of(house, owner) == "owner"
    assert await role_of(house, organiser) == "organiser"


@pytest.mark.parametrize("name", ["<b>Lalə</b>", "=1+1", "Lalə &amp;", "\u202elalə", "'; DROP TABLE roles; --"])
async def test_any_name_stands_in_the_team_as_it_is(house: House, name: str) -> None:
    owner = await crew.member(house, "owner")
    await crew.member(house, "monitor", name)
    await owner.write("/team")
    await house.settle()
    assert name.replace("\u202e", "") in owner.last.text
    assert house.sandbox.refused_malformed == 0
