"""Action × role: only the cells that have the right act, in private and in a group, and a removed role is no role."""

import pytest

from bot import rights
from sandbox.phone import Phone
from storage import notes
from tests.bot import crew
from tests.conftest import House

ROLES = ("stranger", "participant", "monitor", "trainer", "organiser", "owner", "removed")
MARKS = {  # what only those who have the right get to see
    "/invite": (rights.WRITE, "Qadınları dəvət"),
    "/team": (rights.INVITE, "Komanda"),
    "/status": (rights.FIGURES, "Qeydiyyat:"),
    "/export": (rights.EXPORT, "şəxsi məlumatlar"),
    "/note": (rights.WRITE, "Elanı kimə"),
}
PRESSES = {
    "n/{note}/send": (rights.WRITE, "Göndəril"),
    "n/{note}/stop": (rights.WRITE, None),  # by then it may all have left: test_notes.py
    "n/to/all": (rights.WRITE, "elanın mətnini"),
    "o/status": (rights.FIGURES, "Qeydiyyat:"),
    "o/calls": (rights.EXPORT, "yaza bilmir"),
    "r/roles": (rights.INVITE, "Kimi dəvət"),
    "r/invite/monitor": (rights.INVITE, "https://t.me/"),
    "r/team": (rights.INVITE, "Komanda"),
    "r/remove/{victim}": (rights.OWN, "geri alaq"),
    "r/sure/{victim}": (rights.OWN, "Komanda"),
    "d/list": (rights.WRITE, "Linklər"),
    "d/to/quba": (rights.WRITE, "Linki kim yayacaq"),
    "d/alone": (rights.WRITE, "start=d_"),
    "o/export": (rights.EXPORT, "şəxsi məlumatlar"),
}
EFFECTS = (
    "SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM roles), (SELECT count(*) FROM invites),"
    " (SELECT group_concat(state) FROM notes), (SELECT count(*) FROM doors)"
)


async def actor(house: House, role: str) -> Phone:
    """Somebody of this role, who has been answered once."""
    if role == "stranger":
        phone = house.phone(name="Sevil")
        await phone.start()
    elif role == "participant":
        phone = await crew.woman(house, "Aygün")
        await phone.start()
    else:
        phone = await crew.member(house, "organiser" if role == "removed" else role)
    await house.settle()
    return phone


async def remove(house: House, phone: Phone) -> None:
    async with house.database.transaction() as tx:
        await tx.run("DELETE FROM roles WHERE user = ?", (phone.id,))


def may(role: str, right: str) -> bool:
    return right in rights.RIGHTS.get(role, rights.RIGHTS[None])


@pytest.mark.parametrize("role", ROLES)
async def test_commands_act_only_for_those_who_have_the_right(house: House, role: str) -> None:
    await crew.member(house, "owner", "Sona")
    phone = await actor(house, role)
    if role == "removed":
        await remove(house, phone)
    for _ in range(2):  # the first words of somebody new are answered with a greeting
        await phone.write("/bunu_tanimiram")
        await house.settle()
    unknown = phone.last.text
    for command, (right, mark) in MARKS.items():
        before = len(phone.received), await crew.rows(house, EFFECTS)
        await phone.write(command)
        await house.settle()
        said = [message.text for message in phone.received[before[0] :]]
        if may(role, right):
            assert any(mark in text for text in said), command
        else:
            assert said == [unknown], command
            assert await crew.rows(house, EFFECTS) == before[1], command


@pytest.mark.parametrize("role", ROLES)
async def test_buttons_act_only_for_those_who_have_the_right(house: House, role: str) -> None:
    await crew.member(house, "owner", "Sona")
    victim = await crew.member(house, "monitor", "Lalə")
    await crew.woman(house, "Sevda")
    phone = await actor(house, role)
    async with house.database.transaction() as tx:
        note = await notes.begin(tx, notes.EVERYWHERE, phone.id, phone.id, house.clock.now())
        await notes.write(tx, note, "Salam", house.clock.now())
    if role == "removed":
        await remove(house, phone)
    for data, (right, mark) in PRESSES.items():
        before = {message.message_id: message.text for message in phone.received}, await crew.rows(house, EFFECTS)
        await phone.press_raw(data.format(victim=victim.id, note=note), phone.last.message_id)
        await house.settle()
        changed = [each.text for each in phone.received if before[0].get(each.message_id) != each.text]
        if not may(role, right):
            assert changed == [], data
            assert await crew.rows(house, EFFECTS) == before[1], data
        elif mark:
            assert any(mark in text for text in changed), data


@pytest.mark.parametrize("role", ROLES)
async def test_in_a_group_nothing_acts_for_anybody(house: House, role: str) -> None:
    phone = await actor(house, role)
    if role == "removed":
        await remove(house, phone)
    await crew.woman(house, "Planted")
    group = house.sandbox.group()
    before = await crew.rows(house, EFFECTS)
    for command in (*MARKS, "/start r_xxxxxxxxxxxxxxxxxxxxxx"):
        await phone.write(command, chat=group)
        await group.anonymous(command)
        await house.settle()
    assert await crew.rows(house, EFFECTS) == before
    for message in group.received:
        assert not any(mark in message.text for _, mark in MARKS.values())
        assert "Planted" not in message.text


async def test_a_link_is_not_accepted_in_a_group(house: House) -> None:
    owner = await crew.member(house, "owner")
    await owner.write("/team")
    await owner.tap("r/roles")
    await house.settle()
    await owner.tap("r/invite/organiser")
    await house.settle()
    payload = owner.last.text.partition("start=")[2].split()[0]
    stranger = house.phone(name="Sevil")
    group = house.sandbox.group()
    await stranger.write(f"/start {payload}", chat=group)
    await house.settle()
    assert await crew.rows(house, "SELECT user FROM roles") == [(owner.id,)]
