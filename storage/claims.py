"""Claims: printed codes by which a woman takes over the record that the team, or a roster, made for her."""

import secrets
from typing import NamedTuple

from forms import codes
from storage import households
from storage.database import Transaction
from storage.roles import digest

DAY = 86_400_000
LASTS = 60 * DAY


class Claim(NamedTuple):
    """A code that was given out for a person's record."""

    hash: str
    person: int
    expires_at: int  # UTC ms
    used_at: int | None


async def make(tx: Transaction, person: int, made_by: int, now: int) -> str:
    """Return a new code for the person's record, for one use within LASTS; an older one that was not used dies.

    40 random bits, less the few codes that look like a word or a number. Only the hash is kept.
    """
    code = ""
    while not codes.is_one(code):
        code = "".join(secrets.choice(codes.ALPHABET) for _ in range(codes.LENGTH))
    await tx.run("DELETE FROM claims WHERE person = ? AND used_at IS NULL", (person,))
    await tx.run(
        "INSERT INTO claims (hash, person, made_by, made_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        (digest(code), person, made_by, now, now + LASTS),
    )
    return code


async def by_code(tx: Transaction, code: str) -> Claim | None:
    """Return the claim of a code, used or not, or None if there is none."""
    row = await tx.one("SELECT hash, person, expires_at, used_at FROM claims WHERE hash = ?", (digest(code),))
    return Claim(*row) if row else None


async def take(tx: Transaction, claim: Claim, chat: int, now: int) -> bool:
    """Make the record that of the woman in this chat; False, and nothing is changed, if too many women use it.

    A visitor of the chat who entered nothing yet is gone; the door by which she came in is now that of the record.
    """
    visitor = await households.empty(tx, chat)
    if visitor is None and await households.is_full(tx, chat):
        return False
    await tx.run("UPDATE claims SET used_at = ? WHERE hash = ?", (now, claim.hash))
    await tx.run("UPDATE chat_people SET active = 0 WHERE chat = ? AND active = 1", (chat,))
    await tx.run("INSERT INTO chat_people (chat, person) VALUES (?, ?)", (chat, claim.person))
    if visitor is not None:
        await tx.run(
            "UPDATE outbox SET person = ? WHERE chat = ? AND message IS NOT NULL AND person = ?",
            (claim.person, chat, visitor),
        )
        await tx.run(
            "UPDATE people SET door = (SELECT door FROM people WHERE id = ?2) WHERE id = ?1 AND door = ''",
            (claim.person, visitor),
        )
        await tx.run("DELETE FROM people WHERE id = ?", (visitor,))
    return True


async def guess(tx: Transaction, chat: int, now: int) -> None:
    """Note that a code which was written in this chat was not right."""
    await tx.run("INSERT INTO guesses (chat, guessed_at) VALUES (?, ?)", (chat, now))


async def guesses(tx: Transaction, chat: int, since: int) -> int:
    """Return how many wrong codes were written in this chat since that moment."""
    row = await tx.one("SELECT count(*) FROM guesses WHERE chat = ? AND guessed_at > ?", (chat, since))
    return row[0] if row else 0


async def forget(tx: Transaction, before: int, guessed_before: int) -> None:
    """Forget the codes that were used, or have expired, before a moment, and the wrong ones before another."""
    await tx.run("DELETE FROM claims WHERE coalesce(used_at, expires_at) < ?", (before,))
    await tx.run("DELETE FROM guesses WHERE guessed_at < ?", (guessed_before,))
