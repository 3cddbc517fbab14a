"""Erasing, step by step: each step is on disk before the next begins; what a stop interrupts goes on at start."""

import asyncio
import logging
from collections.abc import Iterator, Sequence

from bot import buttons, letters
from bot.buttons import Button
from bot.clock import Clock
from bot.config import Config
from bot.texts import Texts
from storage import backup, erasures, facts, households, outbox
from storage.backup import Replace
from storage.database import Database, DatabaseError
from storage.erasures import Erasure
from storage.outbox import Letter

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
BUSY_PAUSE = 0.1  # seconds, while somebody reads the database and the WAL cannot be emptied
DELETABLE = 47 * 3_600_000  # ms; Telegram deletes what is younger than 48 hours (Bot API, deleteMessages)
AT_ONCE = 100  # messages a call (Bot API, deleteMessages)


class Erasing:
    """Carries on every erasure that was asked for, and empties the WAL when something was deleted for good."""

    def __init__(self, database: Database, clock: Clock, texts: Texts, config: Config, replace: Replace) -> None:
        self._database, self._clock, self._texts = database, clock, texts
        self._config, self._replace = config, replace
        self._resting = True

    async def run(self) -> None:
        """Look for erasures until cancelled."""
        while True:
            try:
                await self.carry_on()
            except (DatabaseError, OSError) as error:
                log.error("an erasure has to wait: %s", type(error).__name__)
            await self._clock.sleep(LOOK_EVERY)

    def settled(self) -> bool:
        """Whether no erasure is being carried on at this moment."""
        return self._resting

    async def carry_on(self) -> None:
        """Bring every erasure as far as it can go now; return when the WAL holds nothing of what was deleted."""
        async with self._database.reading() as tx:
            jobs, mark = await erasures.under_way(tx), await facts.get(tx, erasures.CHECKPOINT)
        if not jobs and mark is None:
            return
        self._resting = False
        try:
            for job in jobs:
                await self._carry_on(job)
            await self._empty_wal()
        finally:
            self._resting = True

    async def _carry_on(self, job: Erasure) -> None:
        if job.state == "checkpointed":
            await self._end(job)
        elif job.state == "deleted" or await self._delete(job):
            await self._bury()
            await self._checkpoint()
            await self._confirm(job)

    async def _delete(self, job: Erasure) -> bool:
        """Delete the rows, and mean to delete the messages that Telegram still lets us delete; False: not yet."""
        async with self._database.transaction() as tx:
            if await erasures.is_in_the_air(tx, job.person):
                return False
            now = self._clock.now()
            found = await erasures.messages(tx, job.person, now - DELETABLE)
            await erasures.remove(tx, job.person, now)
            wishes = [letter for chat, messages in found.items() for letter in deletions(job.person, chat, messages)]
            await outbox.add(tx, wishes, now)
            await erasures.advance(tx, job.person, "deleted")
        return True

    async def _bury(self) -> None:
        """Write beside the backups whom no restore may bring back."""
        async with self._database.reading() as tx:
            buried = await erasures.tombstones(tx)
        await asyncio.to_thread(backup.write_tombstones, self._config.storage.backups, buried, self._replace)

    async def _confirm(self, job: Erasure) -> None:
        """Tell her: the last thing that is sent to her chat."""
        days = self._config.storage.keep_backups_days
        html = self._texts.get(job.language, "privacy.erased", days)
        async with self._database.transaction() as tx:
            await erasures.advance(tx, job.person, "checkpointed")
            others = buttons.inline([[Button(self._texts.plain(job.language, "menu.household"), "h")]])
            markup = others if await households.of_chat(tx, job.chat) else None
            letter = letters.text(job.chat, html, markup, key=f"erase:{job.person}:done")
            await outbox.add(tx, [letter] if job.chat else [], self._clock.now())

    async def _end(self, job: Erasure) -> None:
        """Once she was told, or cannot be, forget the chat as well."""
        async with self._database.transaction() as tx:
            if await erasures.is_told(tx, job.person):
                await erasures.forget(tx, job.person)
                await facts.put(tx, erasures.CHECKPOINT, "erasure")

    async def _empty_wal(self) -> None:
        async with self._database.reading() as tx:
            mark = await facts.get(tx, erasures.CHECKPOINT)
        if mark is not None:
            await self._checkpoint()
            async with self._database.transaction() as tx:
                await erasures.emptied(tx, mark)

    async def _checkpoint(self) -> None:
        while not await self._database.checkpoint():
            await self._clock.sleep(BUSY_PAUSE)


def deletions(person: int, chat: int, messages: Sequence[int]) -> Iterator[Letter]:
    """Yield the calls that delete messages of a chat (Bot API, deleteMessages)."""
    for start in range(0, len(messages), AT_ONCE):
        chosen = list(messages[start : start + AT_ONCE])
        yield Letter(chat, "deleteMessages", {"message_ids": chosen}, key=f"erase:{person}:{chat}:{start}")
