"""The bot forgets by itself what is past its use, as docs/privacy.md says."""

from bot import upkeep
from storage import facts, inbox, notes, outbox, roles
from storage.inbox import Failure
from storage.outbox import Mark
from tests.bot import crew
from tests.bot.post import letter
from tests.conftest import DAY, House

STRANGER = 900_000
KEPT = (
    "SELECT (SELECT count(*) FROM failures), (SELECT count(*) FROM invites),"
    " (SELECT count(*) FROM notes WHERE text <> ''), (SELECT count(*) FROM outbox WHERE chat = ?)"
)


async def leave(house: House, days: int, letters: int) -> None:
    """Put into the tables what a day so long ago left behind: of each kind one, and so many letters."""
    then = house.clock.now() - days * DAY
    async with house.database.transaction() as tx:
        await inbox.put_aside(tx, Failure(days, "message"), then)
        await roles.invite(tx, "monitor", None, then)
        note = await notes.begin(tx, "quba", days, days, then)
        await notes.write(tx, note, "Salam", then)
        assert await notes.move(tx, note, "preview", "sent", then)
        rows = [row for row in await outbox.add(tx, [letter(STRANGER)] * letters, then) if row]
        await outbox.settle(tx, [Mark(row, "sent", 1) for row in rows], then)


async def test_failures_links_texts_of_notes_and_letters_go_in_their_time(house: House) -> None:
    await leave(house, 61, letters=2 * upkeep.AT_ONCE + 10)
    for days in (59, 32, 30):
        await leave(house, days, letters=1)
    async with house.database.transaction() as tx:
        await facts.put(tx, upkeep.ALIVE, str(house.clock.now() - DAY))
    house.app.ticks.ask()
    await house.settle()
    assert await crew.rows(house, KEPT, STRANGER) == [(3, 1, 3, 3)]
