"""Consents: what a woman agreed to, in which words, since when, and until when."""

from collections.abc import Collection
from dataclasses import dataclass

from storage.database import Transaction

TRAINING = "training"  # to take part, and that what she tells the bot is kept for it
# What else she may allow, each by itself: keys of the choices of the registration's 'permissions' question.
PERMISSIONS = ("photos", "quotes", "contact", "transfer")


@dataclass(frozen=True)
class Consent:
    """A consent given in a form."""

    purpose: str
    definition: str  # hash of the form that showed the text
    given_at: int  # UTC ms
    withdrawn_at: int | None


async def give(tx: Transaction, person: int, purpose: str, definition: str, now: int) -> bool:
    """Note a consent; False when one for this purpose stands already, which then stays as it was given."""
    changed = await tx.run(
        "INSERT INTO consents (person, purpose, definition, given_at) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS"
        " (SELECT 1 FROM consents WHERE person = ?1 AND purpose = ?2 AND withdrawn_at IS NULL)"
        " ON CONFLICT (person, purpose, given_at) DO UPDATE SET definition = excluded.definition, withdrawn_at = NULL",
        (person, purpose, definition, now),
    )
    return changed > 0


async def withdraw(tx: Transaction, person: int, purpose: str, now: int) -> bool:
    """Note that the consent is taken back; False when none stood."""
    changed = await tx.run(
        "UPDATE consents SET withdrawn_at = ? WHERE person = ? AND purpose = ? AND withdrawn_at IS NULL",
        (now, person, purpose),
    )
    return changed > 0


async def allow(tx: Transaction, person: int, purposes: Collection[str], definition: str, now: int) -> list[str]:
    """Make these permissions stand and no others; return those that were withdrawn because they were left out."""
    for purpose in purposes:
        await give(tx, person, purpose, definition, now)
    return [each for each in PERMISSIONS if each not in purposes and await withdraw(tx, person, each, now)]


async def allowed(tx: Transaction, person: int) -> list[str]:
    """Return the permissions of the person that stand, in their order."""
    rows = await tx.all("SELECT purpose FROM consents WHERE person = ? AND withdrawn_at IS NULL", (person,))
    return [purpose for purpose in PERMISSIONS if (purpose,) in rows]


async def of_person(tx: Transaction, person: int) -> list[Consent]:
    """Return every consent of the person, the oldest first."""
    rows = await tx.all(
        "SELECT purpose, definition, given_at, withdrawn_at FROM consents WHERE person = ?"
        " ORDER BY given_at, purpose <> 'training', purpose",
        (person,),
    )
    return [Consent(*row) for row in rows]
