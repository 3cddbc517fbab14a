"""Offers after a time without the bot: nobody loses a place because it was not there to be answered."""

from bot import upkeep
from bot.desk import Desk
from storage import facts, offers, outbox, places

MADE_GOOD = "made good"  # the fact that holds since when the absence was that has been made good, UTC ms
HEARD = {"sent", "sending", "in doubt"}  # states of a letter that she has, or may have


async def make_good(desk: Desk) -> None:
    """At start: let no term run while the bot was away, and make anew the offers of which she could not hear.

    Once for each absence, however often the start is repeated. For a short one `places.GRACE` is enough.
    """
    seen = int(await facts.get(desk.tx, upkeep.ALIVE) or desk.now)
    if desk.now - seen <= places.GRACE or await facts.get(desk.tx, MADE_GOOD) == str(seen):
        return
    await facts.put(desk.tx, MADE_GOOD, str(seen))
    for offer in await offers.open_at(desk.tx, seen):
        letters = f"place:{offer.number}:offer"
        if HEARD & (await outbox.counts_by_key_prefix(desk.tx, letters)).keys():
            await offers.prolong(desk.tx, offer, desk.now - max(seen, offer.offered_at or 0))
        else:
            await outbox.cancel(desk.tx, letters, desk.now)
            await offers.take_back(desk.tx, offer)
