"""Links give a role once, for a day; nobody takes the last owner's role; what was given for it ends with it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import audit, outbox, people, roles
from storage.database import Database, Transaction
from storage.outbox import Letter

NOW = 1_800_000_000_000
HOUR = 3_600_000
OWNER, NIGAR, LALA = 1, 2, 3


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncIterator[Transaction]:
    database = await Database.open(tmp_path / "test.db", None)
    async with database.transaction() as tx:
        await roles.accept(tx, await roles.invite(tx, "owner", None, NOW), OWNER, NOW)
        yield tx
    await database.close()


async def give(tx: Transaction, user: int, role: str, by: int = OWNER) -> None:
    assert await roles.accept(tx, await roles.invite(tx, role, by, NOW), user, NOW) == role


async def test_a_link_works_once(tx: Transaction) -> None:
    code = await roles.invite(tx, "trainer", OWNER, NOW)
    assert await roles.accept(tx, code, NIGAR, NOW) == "trainer"
    assert await roles.accept(tx, code, LALA, NOW) is None
    assert await roles.of(tx, LALA) is None
    assert await roles.given_by(tx, NIGAR) == OWNER


async def test_a_link_works_for_a_day_and_not_a_moment_longer(tx: Transaction) -> None:
    code = await roles.invite(tx, "trainer", OWNER, NOW)
    assert await roles.accept(tx, code, NIGAR, NOW + 24 * HOUR) is None
    assert await roles.accept(tx, code, NIGAR, NOW + 24 * HOUR - 1) == "trainer"


async def test_a_code_is_long_fits_a_deep_link_and_is_not_kept(tx: Transaction) -> None:
    codes = {await roles.invite(tx, "monitor", OWNER, NOW) for _ in range(50)}
    assert len(codes) == 50
    assert all(len(f"r_{code}") <= 64 and len(code) >= 22 for code in codes)
    kept = {value for row in await tx.all("SELECT * FROM invites") for value in row}
    assert not kept & codes


@pytest.mark.parametrize("code", ["", "r_", "x" * 22, "x" * 5000, "' OR 1=1 --", "\x00"])
async def test_an_unknown_code_gives_nothing(tx: Transaction, code: str) -> None:
    await roles.invite(tx, "owner", OWNER, NOW)
    assert await roles.accept(tx, code, NIGAR, NOW) is None
    assert await roles.of(tx, NIGAR) is None


async def test_a_link_raises_a_role_and_never_lowers_one(tx: Transaction) -> None:
    await give(tx, NIGAR, "monitor")
    await give(tx, NIGAR, "organiser")
    lower = await roles.invite(tx, "trainer", OWNER, NOW)
    assert await roles.accept(tx, lower, NIGAR, NOW) is None
    assert await roles.accept(tx, lower, OWNER, NOW) is None
    assert await roles.of(tx, OWNER) == "owner"
    assert await roles.accept(tx, lower, LALA, NOW) == "trainer"  # it still waits for whom it was made for


async def test_a_link_is_forgotten_that_long_after_it_was_used_or_expired(tx: Transaction) -> None:
    await give(tx, NIGAR, "monitor")
    code = await roles.invite(tx, "organiser", OWNER, NOW, hours=24)
    await roles.forget_invites(tx, NOW)
    assert len(await tx.all("SELECT 1 FROM invites")) == 3
    await roles.forget_invites(tx, NOW + 24 * HOUR)
    assert await tx.all("SELECT hash FROM invites") == [(roles.digest(code),)]
    await roles.forget_invites(tx, NOW + 24 * HOUR + 1)
    assert await tx.all("SELECT 1 FROM invites") == []


async def test_the_last_owner_stays(tx: Transaction) -> None:
    assert await roles.remove(tx, OWNER, NOW) is None
    await give(tx, NIGAR, "owner")
    assert await roles.remove(tx, OWNER, NOW) == "owner"
    assert await roles.remove(tx, NIGAR, NOW) is None
    assert [member.user for member in await roles.team(tx)] == [NIGAR]


async def test_links_made_by_who_was_removed_stop_working(tx: Transaction) -> None:
    await give(tx, NIGAR, "organiser")
    code = await roles.invite(tx, "trainer", NIGAR, NOW)
    other = await roles.invite(tx, "trainer", OWNER, NOW)
    assert await roles.remove(tx, NIGAR, NOW) == "organiser"
    assert await roles.accept(tx, code, NIGAR, NOW) is None
    assert await roles.accept(tx, other, LALA, NOW) == "trainer"


async def test_what_was_to_leave_for_who_was_removed_is_cancelled(tx: Transaction) -> None:
    await give(tx, NIGAR, "organiser")
    letters = [
        Letter(NIGAR, "sendDocument", {}, key="export:2:1", document="export:2:1"),
        Letter(NIGAR, "copyMessage", {"message_id": 1}, key="inquiry:1:2"),
        Letter(NIGAR, "sendMessage", {"text": "salam"}),
        Letter(OWNER, "copyMessage", {"message_id": 1}, key="inquiry:1:1"),
    ]
    await outbox.add(tx, letters, NOW)
    await roles.remove(tx, NIGAR, NOW)
    states = [row[0] for row in await tx.all("SELECT state FROM outbox ORDER BY id")]
    assert states == ["cancelled", "cancelled", "planned", "planned"]


async def test_the_team_stands_with_owners_first_and_with_its_languages(tx: Transaction) -> None:
    await give(tx, NIGAR, "monitor")
    await give(tx, LALA, "organiser")
    visit = await people.meet(tx, LALA, LALA, NOW)
    await people.set_language(tx, visit.person.id, LALA, "ru")
    await roles.name(tx, visit.person.id, "Lalə")
    await roles.name(tx, visit.person.id, "Başqa")  # only the first name counts
    assert await roles.team(tx, ("owner", "organiser")) == [
        roles.Member(OWNER, "owner", "", "az"),
        roles.Member(LALA, "organiser", "Lalə", "ru"),
    ]
    assert [member.role for member in await roles.team(tx)] == ["owner", "organiser", "monitor"]


async def test_what_was_done_is_written_down(tx: Transaction) -> None:
    await audit.write(tx, NOW, OWNER, "role.removed", NIGAR, "monitor")
    await audit.write(tx, NOW + 1, None, "role.invited")
    assert await audit.entries(tx) == [
        audit.Entry(NOW + 1, None, "role.invited", "", ""),
        audit.Entry(NOW, OWNER, "role.removed", "2", "monitor"),
    ]
