"""Offers after a time without the bot: which were open then, and what becomes of them."""

from storage import places
from storage.database import Transaction
from storage.places import Place

OPEN = places.PLACES + " WHERE state = 'offered' AND offer_ends > ?"


async def open_at(tx: Transaction, since: int) -> list[Place]:
    """Return the offers whose term was not over at that moment (UTC ms), nor ended since."""
    return [Place(*row) for row in await tx.all(OPEN, (since,))]


async def prolong(tx: Transaction, offer: Place, by: int) -> None:
    """Let the term of an offer end so many ms later than she was told."""
    await tx.run(
        "UPDATE places SET offer_ends = offer_ends + ? WHERE person = ? AND state = 'offered'", (by, offer.person)
    )


async def take_back(tx: Transaction, offer: Place) -> None:
    """Let her wait again, with her number, who could not hear of her offer: it is made anew."""
    await tx.run(
        "UPDATE places SET state = 'waiting', offered_at = NULL, offer_ends = NULL"
        " WHERE person = ? AND state = 'offered'",
        (offer.person,),
    )
