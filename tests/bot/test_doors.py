"""Doors in the organisers' hands: made, passed on, counted, closed; and who comes in by one."""

import io
import re

import pytest

from bot import pictures
from sandbox.phone import Phone
from storage import programme
from tests.bot import crew
from tests.bot.test_export import exported, sheets
from tests.bot.women import Woman
from tests.conftest import House

LINK = re.compile(r"https://t\.me/istirak_sandbox_bot\?start=(d_[A-Za-z0-9_-]{12})(?=\s|$)")


async def choose(house: House, phone: Phone, *buttons: str) -> None:
    for data in buttons:
        await phone.tap(data)
        await house.settle()


async def made(house: House, phone: Phone, region: str = "lankaran", partner: str = "Qadın evi") -> str:
    """The payload of a door that an organiser makes."""
    await phone.write("/invite")
    await house.settle()
    await choose(house, phone, f"d/to/{region}")
    await phone.write(partner) if partner else await phone.tap("d/alone")
    await house.settle()
    return payload(phone.received[-2].text)


def payload(text: str) -> str:
    [found] = LINK.findall(text)
    return str(found)


async def numbers(house: House) -> list[tuple[object, ...]]:
    return await crew.rows(
        house,
        "SELECT d.partner, count(p.id), coalesce(sum(p.state = 'registered'), 0) FROM doors d"
        " LEFT JOIN people p ON p.door = d.code GROUP BY d.code ORDER BY d.partner",
    )


async def test_a_region_and_a_typed_partner_make_a_text_and_a_picture_to_pass_on(house: House) -> None:
    nigar = await crew.member(house, "organiser", language_code="en")
    door = await made(house, nigar)
    said, text, picture = nigar.received[-3:]
    assert "Lənkəran · Qadın evi" in said.text
    assert "Lənkəranda qadınlar üçün" in text.text and "Telegram yoxdursa, təşkilatçıya" in text.text
    assert text.labels == ["✓ Azərbaycanca", "Русский", "English"]
    assert (picture.kind, picture.buttons) == ("photo", [])
    assert picture.media and picture.media.content == pictures.drawn(f"https://t.me/istirak_sandbox_bot?start={door}")
    assert [line[0] for line in map(str.strip, picture.text.splitlines())] == ["T", "Н", "P"]
    audit = await crew.rows(house, "SELECT action, user, subject FROM audit ORDER BY id DESC LIMIT 1")
    assert audit == [("door.made", nigar.id, door.removeprefix("d_"))]


async def test_the_text_changes_its_language_in_place_and_keeps_its_link(house: House) -> None:
    nigar = await crew.member(house, "organiser")
    door = await made(house, nigar)
    text, count = nigar.received[-2], len(nigar.received)
    for label, words in (("Русский", "в Ленкорани"), ("English", "in Lankaran"), ("Azərbaycanca", "Lənkəranda")):
        await nigar.tap(label, text)
        await house.settle()
        text = next(message for message in nigar.received if message.message_id == text.message_id)
        assert words in text.text and payload(text.text) == door
    assert len(nigar.received) == count


@pytest.mark.parametrize("contacts", [{}, {"lankaran": "+994 25 255 12 34"}, {"lankaran": "102", "quba": "103"}])
@pytest.mark.parametrize("region", ["lankaran", "all"])
async def test_the_text_is_short_names_who_can_be_called_and_holds_no_invisible_mark(
    house: House, region: str, contacts: dict[str, str]
) -> None:
    async with house.database.transaction() as tx:
        for each in await programme.regions(tx):
            contact = contacts.get(each.id, "")
            await tx.run("UPDATE regions SET contact = ? WHERE id = ?", (contact, each.id))
    nigar = await crew.member(house, "organiser")
    await made(house, nigar, region, "")
    text = nigar.received[-2]
    for label in text.labels[::-1]:
        await nigar.tap(label.removeprefix("✓ "), text)
        await house.settle()
        text = next(message for message in nigar.received if message.message_id == text.message_id)
        assert len(text.text) <= 600
        assert not set("\u2068\u2069") & set(text.text)
        wanted = contacts.values() if region == "all" else [contacts[region]] if region in contacts else []
        assert [number for number in ("+994 25 255 12 34", "102", "103") if number in text.text] == [*wanted]
    assert ("təşkilatçıya müraciət" in text.text) == (not contacts)


async def test_asked_again_it_is_the_same_link_whoever_asks(house: House) -> None:
    nigar, sona = await crew.member(house, "organiser"), await crew.member(house, "owner", "Sona")
    door = await made(house, nigar)
    await sona.write("/invite")
    await house.settle()
    await choose(house, sona, "d/to/quba")
    assert "Qadın evi" in sona.last.labels
    await sona.tap("Qadın evi")
    await house.settle()
    other = payload(sona.received[-2].text)
    assert other != door
    assert await made(house, sona, partner="qadin evi") == door
    assert await made(house, sona, "all", "") != await made(house, sona, "lankaran", "")
    assert await crew.rows(house, "SELECT count(*) FROM audit WHERE action = 'door.made'") == [(4,)]


@pytest.mark.parametrize("written", ["x" * 61, "123", "…"])
async def test_what_is_no_name_is_asked_for_again(house: House, written: str) -> None:
    nigar = await crew.member(house, "organiser")
    await nigar.write("/invite")
    await house.settle()
    await choose(house, nigar, "d/to/all")
    await nigar.write(written)
    await house.settle()
    assert "Linki kim yayacaq" in nigar.last.text
    await nigar.write("Bələdiyyə")
    await house.settle()
    assert nigar.last.kind == "photo"


@pytest.mark.parametrize("way_out", ["d/drop", "/cancel", "/note"])
async def test_a_link_that_is_given_up_takes_no_text_any_more(house: House, way_out: str) -> None:
    nigar = await crew.member(house, "organiser")
    await nigar.write("/invite")
    await house.settle()
    await choose(house, nigar, "d/to/all")
    await (nigar.tap(way_out) if way_out.startswith("d/") else nigar.write(way_out))
    await house.settle()
    if way_out == "/note":
        await choose(house, nigar, "n/to/all")
    await nigar.write("Qadın evi")
    await house.settle()
    assert await crew.rows(house, "SELECT count(*) FROM doors") == [(0,)]
    assert nigar.last.kind == "text"


async def test_who_comes_in_by_it_is_greeted_and_counted_once(house: House) -> None:
    nigar = await crew.member(house, "organiser")
    door, other = await made(house, nigar), await made(house, nigar, "all", "")
    aygun = Woman(house, "az")
    for link in (door, other, door):
        await aygun.phone.start(link)
        await house.settle()
    assert "Salam!" in aygun.phone.last.text and "Başlayaq" in aygun.phone.last.labels
    assert await numbers(house) == [("", 0, 0), ("Qadın evi", 1, 0)]
    for step in ("b/registration", "", "name", *[""] * 9):
        if aygun.phone.keyboard:
            await aygun.phone.share_contact()
        elif step == "name":
            await aygun.write("Aygün Nümunəli")
        else:
            await aygun.tap(step) if step else await onward(aygun)
        await house.settle()
        if "qeydiyyatdan keçdiniz" in aygun.phone.last.text:
            break
    assert await numbers(house) == [("", 0, 0), ("Qadın evi", 1, 1)]
    await aygun.phone.start(other)
    await house.settle()
    assert "m/days" in [button.data for button in aygun.phone.last.buttons]
    assert await numbers(house) == [("", 0, 0), ("Qadın evi", 1, 1)]


async def onward(woman: Woman) -> None:
    """Press what leads on: Done if there is such a button, else the first one."""
    data = [button.data for button in woman.phone.last.buttons if button.data]
    await woman.tap(next((each for each in data if "/d/" in each), data[0]))


async def test_who_tries_the_link_of_her_own_team_is_not_counted(house: House) -> None:
    nigar = await crew.member(house, "organiser")
    await nigar.start(await made(house, nigar))
    await house.settle()
    assert await numbers(house) == [("Qadın evi", 0, 0)]


async def test_the_numbers_stand_in_the_list_in_the_figures_and_in_the_spreadsheet(house: House) -> None:
    nigar = await crew.member(house, "organiser")
    door, nameless = await made(house, nigar), await made(house, nigar, "all", "")
    women = [await crew.woman(house, name) for name in ("Aygün", "Sevda", "Lalə")]
    async with house.database.transaction() as tx:
        for woman, link in zip(women, (door, nameless), strict=False):
            await tx.run(
                "UPDATE people SET door = ? WHERE id = (SELECT person FROM chat_people WHERE chat = ?)",
                (link.removeprefix("d_"), woman.id),
            )
    visitor = house.phone("Yad")
    await visitor.start(door)
    await nigar.write("/status")
    await house.settle()
    lines = ["Lənkəran · Qadın evi: gəlib 2, qeydiyyatdan keçib 1", "Bütün regionlar: gəlib 1, qeydiyyatdan keçib 1"]
    assert all(line in plain(nigar) for line in lines)
    await nigar.write("/invite")
    await house.settle()
    await nigar.tap("Linklər və saylar")
    await house.settle()
    assert all(line in plain(nigar) for line in lines)
    people = sheets(await exported(house, nigar))["İştirakçılar"]
    at = people[0].index("Haradan gəlib")
    assert {row[0]: row[at] for row in people[1:]} == {"Aygün": "Qadın evi", "Sevda": "adsız link", "Lalə": ""}


def plain(phone: Phone) -> str:
    return phone.last.text.translate(str.maketrans("", "", "\u2068\u2069"))


async def test_a_link_is_closed_after_being_asked_and_still_greets(house: House) -> None:
    nigar = await crew.member(house, "organiser")
    door = await made(house, nigar)
    code = door.removeprefix("d_")
    await nigar.write("/invite")
    await house.settle()
    await choose(house, nigar, "d/list", f"d/show/{code}", f"d/close/{code}", f"d/show/{code}", f"d/close/{code}")
    assert await crew.rows(house, "SELECT closed_at FROM doors") == [(None,)]
    await choose(house, nigar, f"d/closing/{code}")
    assert "bağlanıb" in nigar.last.text
    assert [button.data for button in nigar.last.buttons] == ["d/list"]
    stranger = house.phone("Yad")
    await stranger.start(door)
    await house.settle()
    assert "Salam!" in stranger.last.text
    assert await numbers(house) == [("Qadın evi", 0, 0)]
    for stale in (f"d/closing/{code}", f"d/close/{code}", f"d/give/{code}"):
        await nigar.press_raw(stale, nigar.last.message_id)
        await house.settle()
        assert "artıq işləmir" in nigar.toasts[-1]
    assert await made(house, nigar) != door
    actions = await crew.rows(house, "SELECT action FROM audit WHERE action LIKE 'door.%' ORDER BY id")
    assert [action for (action,) in actions] == ["door.made", "door.closed", "door.made"]


async def test_many_links_have_pages(house: House) -> None:
    nigar = await crew.member(house, "organiser")
    for number in range(13):
        await made(house, nigar, "all", f"Tərəfdaş {number}x")
        await house.travel(hours=0.1)
    await nigar.write("/invite")
    await house.settle()
    await choose(house, nigar, "d/list")
    assert plain(nigar).count("Tərəfdaş") == 10 and "1. Bütün regionlar · Tərəfdaş 12x" in plain(nigar)
    await nigar.tap("›")
    await house.settle()
    assert plain(nigar).count("Tərəfdaş") == 3 and "13. Bütün regionlar · Tərəfdaş 0x" in plain(nigar)
    await nigar.write("/status")
    await house.settle()
    assert plain(nigar).count("Tərəfdaş") == 5 and "daha 8 link" in plain(nigar)


def test_the_picture_is_a_png_of_a_square_that_can_be_printed() -> None:
    content = pictures.drawn("https://t.me/istirak_sandbox_bot?start=d_abcdefghijkl")
    assert content.startswith(b"\x89PNG")
    with io.BytesIO(content[16:24]) as header:
        width, height = (int.from_bytes(header.read(4), "big") for _ in range(2))
    assert width == height >= 512
