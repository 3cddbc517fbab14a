"""Who may do more than talk, and the one-time links that give a role."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Transaction

RANKS = ("monitor", "trainer", "organiser", "owner")  # each may do what those before it may
HOUR = 3_600_000


@dataclass(frozen=True)
class Member:
    """Someone with a role. Her private chat has the number of her Telegram user id."""

    user: int
    role: str
    name: str  # '' when she never told one
    language: str


async def invite(tx: Transaction, role: str, made_by: int | None, now: int, hours: int = 24) -> str:
    """Return the code of a new link: 128 random bits, for one use within `hours`. Only its hash is kept."""
    code = secrets.token_urlsafe(16)
    await tx.run(
        "INSERT INTO invites (hash, role, made_by, made_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        (digest(code), role, made_by, now, now + hours * HOUR),
    )
    return code


async def accept(tx: Transaction, code: str, user: int, now: int) -> str | None:
    """Give the user the role of a link that can still be used, and return it.

    None when the link is unknown, used or expired, and also when it would not raise the role that the user has: then it
    stays usable for the person it was made for.
    """
    row = await tx.one(
        "SELECT role, made_by, (SELECT role FROM roles WHERE user = ?) FROM invites"
        " WHERE hash = ? AND used_by IS NULL AND expires_at > ?",
        (user, digest(code), now),
    )
    if row is None or (row[2] and RANKS.index(row[2]) >= RANKS.index(row[0])):
        return None
    await tx.run("UPDATE invites SET used_by = ?, used_at = ? WHERE hash = ?", (user, now, digest(code)))
    await tx.run(
        "INSERT INTO roles (user, role, given_by, given_at) VALUES (?, ?, ?, ?) ON CONFLICT (user) DO UPDATE SET"
        " role = excluded.role, given_by = excluded.given_by, given_at = excluded.given_at",
        (user, row[0], row[1], now),
    )
    return str(row[0])


async def is_awaited(tx: Transaction, role: str, now: int) -> bool:
    """Tell whether there is a link for a role that nobody has opened yet, and that still works."""
    sql = "SELECT 1 FROM invites WHERE role = ? AND used_by IS NULL AND expires_at > ?"
    return await tx.one(sql, (role, now)) is not None


async def forget_invites(tx: Transaction, before: int) -> None:
    """Forget the links that were used, or have expired unused, before that moment."""
    await tx.run("DELETE FROM invites WHERE coalesce(used_at, expires_at) < ?", (before,))


async def remove(tx: Transaction, user: int, now: int) -> str | None:
    """Take the role, every unused link that the user made, and what was still to leave for the user because of it.

    Returns the role. None, and nothing is changed, when there was none or when it is the last owner's.
    """
    rows = await tx.all(
        "DELETE FROM roles WHERE user = ? AND"
        " (role <> 'owner' OR (SELECT count(*) FROM roles WHERE role = 'owner') > 1) RETURNING role",
        (user,),
    )
    if not rows:
        return None
    await tx.run("DELETE FROM invites WHERE made_by = ? AND used_by IS NULL", (user,))
    await tx.run(
        "UPDATE outbox SET state = 'cancelled', parameters = '', settled_at = ? WHERE chat = ? AND state = 'planned'"
        " AND (document <> '' OR key LIKE 'inquiry:%')",
        (now, user),
    )
    return str(rows[0][0])


async def given_by(tx: Transaction, user: int) -> int | None:
    """Return who gave the user the role: a Telegram user id, or None for the first owner."""
    row = await tx.one("SELECT given_by FROM roles WHERE user = ?", (user,))
    return row[0] if row else None


async def of(tx: Transaction, user: int) -> str | None:
    """Return the role that the user has now."""
    row = await tx.one("SELECT role FROM roles WHERE user = ?", (user,))
    return row[0] if row else None


async def team(tx: Transaction, roles: Sequence[str] = RANKS) -> list[Member]:
    """Return everyone with one of these roles, the owners first, then in the order in which they came."""
    rows = await tx.all(
        "SELECT r.user, r.role, coalesce(p.name, ''), coalesce(p.language, 'az') FROM roles r"
        " LEFT JOIN people p ON p.id = (SELECT min(person) FROM chat_people WHERE chat = r.user)"  # not whom she helps
        " ORDER BY r.given_at, r.user"
    )
    members = [Member(*row) for row in rows if row[1] in roles]
    return sorted(members, key=lambda member: -RANKS.index(member.role))


async def name(tx: Transaction, person: int, name: str) -> None:
    """Call someone who has told no name so far by this one."""
    await tx.run("UPDATE people SET name = ? WHERE id = ? AND name = ''", (name, person))


def digest(code: str) -> str:
    """Return the SHA-256 of a link's code, hex."""
    return hashlib.sha256(code.encode()).hexdigest()
