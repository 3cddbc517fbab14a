"""Troubles that last and need a person: noted by the parts that meet them, told to the owners once, and when over.

While the disk takes nothing, nothing can be put into the outbox: that is told by a call of its own, best effort, to the
owners as they were last read. An empty file, for which most full disks have room, remembers it over a restart; where
there is none it is told once more. All else, and that it is over, goes through the outbox.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot import alerts, letters, upkeep
from bot.api import Caller, NotSent, Uncertain
from bot.clock import Clock
from bot.desk import Desk
from bot.texts import Texts
from storage import roles
from storage.database import Database
from storage.roles import Member

log = logging.getLogger(__name__)

DISK, AWAY, TICK = "disk", "away", "tick"
LOOK_EVERY = 5.0  # seconds
AGAIN_AFTER = 60.0  # seconds until the owners are called again, if Telegram was away, or asked us to wait
MINUTE = 60_000
JUMP = 5 * MINUTE  # by so much wall time must leave monotonic time behind, or fall behind it, to be told

Act = Callable[[Desk], Awaitable[bool | None]]  # true: there is more to do of it
Note = Callable[[str, str, bool], None]  # a cause, the part of the bot, and whether it fails there now


@dataclass
class Trouble:
    """A cause, and how it is with it now."""

    patience: float  # seconds that it lasts before anybody is told
    is_told: bool = False  # the owners know of it, maybe from before the start
    parts: set[str] = field(default_factory=set)  # of the bot, that meet it now
    since: float = 0.0  # monotonic


class Troubles:
    """Knows which parts of the bot fail now, and since when."""

    def __init__(
        self,
        clock: Clock,
        caller: Caller,
        texts: Texts,
        database: Database,
        mark: Path,
        act: Callable[[Act], Awaitable[object]],
        ask: Callable[[], None],
    ) -> None:
        self._clock, self._caller, self._texts, self._database = clock, caller, texts, database
        self._mark = mark  # the file that stands while the owners know of the disk
        self._act, self._ask = act, ask  # runs in a transaction; has `look` called soon
        self._causes = {
            DISK: Trouble(patience=30.0, is_told=mark.exists()),
            AWAY: Trouble(patience=3600.0),  # told when it is over: not before can anybody be told
            TICK: Trouble(patience=300.0, is_told=True),
        }
        self._unsaid: list[Act] = []
        self._owners: list[Member] = []
        self._offset = self._apart()

    def note(self, cause: str, part: str, failing: bool) -> None:
        """Let `part` have met a cause (DISK, AWAY, TICK), or not, the last time it worked."""
        trouble = self._causes[cause]
        if failing:
            if not trouble.parts:
                trouble.since = self._clock.monotonic()
            trouble.parts.add(part)
        elif part in trouble.parts:
            trouble.parts.remove(part)
            if not trouble.parts:
                self._end(cause)

    def lasts(self, cause: str) -> bool:
        """Whether the cause has lasted so long that somebody has to know."""
        trouble = self._causes[cause]
        return bool(trouble.parts) and self._clock.monotonic() - trouble.since >= trouble.patience

    async def run(self) -> None:
        """Tell the owners of a disk that takes nothing, until cancelled."""
        while True:
            await self._clock.sleep(LOOK_EVERY)
            if self.lasts(DISK) and not self._causes[DISK].is_told:
                await self._call_owners()
                if not self._causes[DISK].is_told:
                    await self._clock.sleep(AGAIN_AFTER)

    async def read_owners(self) -> None:
        """Know the owners, for when nothing can be written."""
        async with self._database.reading() as tx:
            self._owners = await roles.team(tx, ("owner",))

    async def look(self) -> None:
        """Put into the outbox what the owners are to be told; what the disk does not take is told at the next look."""
        await self.read_owners()
        self._look_at_clock()
        if self.lasts(TICK):
            self._causes[TICK].is_told = True
            self._unsaid.append(partial(alerts.raise_, cause=TICK))
        unsaid = list(self._unsaid)
        over = [cause for cause, trouble in self._causes.items() if trouble.is_told and not trouble.parts]
        if unsaid or over:
            await self._act(partial(_say, [*unsaid, *map(self._over, over)]))
            del self._unsaid[: len(unsaid)]
            self._forget(over)

    def _end(self, cause: str) -> None:
        trouble = self._causes[cause]
        lasted = self._clock.monotonic() - trouble.since
        if cause == AWAY and lasted >= trouble.patience:
            self._unsaid.append(partial(alerts.raise_, cause=AWAY, count=round(lasted / 3600)))
            if lasted * 1000 > upkeep.TELEGRAM_KEEPS:
                self._unsaid.append(partial(alerts.raise_, cause="downtime"))
        if self._unsaid or trouble.is_told:
            self._ask()

    def _over(self, cause: str) -> Act:
        if cause == TICK:
            return partial(alerts.over, cause=TICK)
        when = self._mark.stat().st_mtime_ns if self._mark.exists() else self._clock.now()
        return partial(alerts.ended, cause=DISK, when=str(when))

    def _know(self) -> None:
        self._causes[DISK].is_told = True
        with suppress(OSError):
            self._mark.touch(mode=0o600)

    def _forget(self, causes: Sequence[str]) -> None:
        for cause in causes:
            self._causes[cause].is_told = False
        if DISK in causes:
            self._mark.unlink(missing_ok=True)

    async def _call_owners(self) -> None:
        """Call the Bot API for each owner; again only if no call left, or Telegram asked us to wait."""
        for owner in self._owners:
            letter = letters.text(owner.user, self._texts.get(owner.language, f"alert.{DISK}"))
            try:
                answer = await self._caller.call(letter.method, {"chat_id": letter.chat, **letter.parameters})
            except NotSent:
                continue
            except Uncertain:
                answer = None  # it may have arrived: once is the promise here
            if answer is None or answer.status != 429:
                self._know()

    def _look_at_clock(self) -> None:
        """Note by how much wall time has jumped since the last look; a clock that drifts is no jump."""
        before, self._offset = self._offset, self._apart()
        if before is None or self._offset is None:
            return
        moved = self._offset - before
        if abs(moved) >= JUMP:
            log.warning("the machine's clock was moved by %d minutes", round(moved / MINUTE))
            cause = "clock ahead" if moved > 0 else "clock back"
            self._unsaid.append(partial(alerts.raise_, cause=cause, count=round(abs(moved) / MINUTE)))

    def _apart(self) -> float | None:
        """Return by how many ms wall time is ahead of monotonic time; None when they could not be read at once."""
        before, passed, after = self._clock.now(), self._clock.monotonic(), self._clock.now()
        return before - passed * 1000 if abs(after - before) < MINUTE else None


async def _say(unsaid: list[Act], desk: Desk) -> None:
    for act in unsaid:
        await act(desk)
