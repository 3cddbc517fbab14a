"""Bad weather for a rehearsal: what can go wrong on the way, mixed from a seed, and counted where it hit."""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from sandbox import faults
from sandbox.faults import Fault
from sandbox.queue import PRESS_MS
from sandbox.refusals import NOT_MODIFIED, QUERY_TOO_OLD
from tests.rehearsal import cast, words
from tests.rehearsal.stage import HOUR, SECOND, Stage
from tests.rehearsal.woman import Woman

MINUTE = 60 * SECOND
FEWEST = 1000  # faults that a whole rehearsal has to have met
ECHOES = 0.1  # of the updates come twice, half of them after newer ones
BETWEEN = (60, 140)  # calls between two gusts
PATIENCE = 80.0  # seconds of the clock that a gust lasts at most; Telegram keeps a press for 150
WRONG = 8 * MINUTE  # a clock that is wrong by so much is told

# By chance, of all calls. `effect`: it arrived, only its answer did not.
SHARES: Final[dict[Fault, float]] = {
    faults.flood(2): 0.0012,
    faults.flood(9): 0.0006,
    faults.flood(60): 0.0003,
    faults.BAD_GATEWAY: 0.012,
    faults.RESTART: 0.008,
    faults.status(500, "Internal Server Error: restart", effect=True): 0.010,
    faults.CUT_BEFORE: 0.014,
    faults.CUT_AFTER: 0.014,
    faults.JUNK: 0.012,
    faults.slow(6): 0.010,
    faults.slow(20): 0.006,
}
CONFLICT = faults.status(409, "Conflict: terminated by other getUpdates request")
SAME = faults.status(400, f"Bad Request: {NOT_MODIFIED}", effect=True)
TOO_OLD = faults.status(400, f"Bad Request: {QUERY_TOO_OLD}")
SILENT = faults.slow(400)  # longer than anyone waits for the answer to a press
NAMES: Final[dict[Fault, str]] = {
    faults.flood(2): "429 for 2 s",
    faults.flood(9): "429 for 9 s",
    faults.flood(60): "429 for 60 s",
    faults.BAD_GATEWAY: "502 before the effect",
    faults.RESTART: "500 before the effect",
    faults.status(500, "Internal Server Error: restart", effect=True): "500 after the effect",
    faults.CUT_BEFORE: "connection cut before the effect",
    faults.CUT_AFTER: "connection cut after the effect",
    faults.JUNK: "an answer that is no JSON",
    faults.slow(6): "an answer after 6 s",
    faults.slow(20): "an answer after 20 s",
    CONFLICT: "409",
    SAME: "400, message is not modified",
    TOO_OLD: "400, query is too old",
    SILENT: "no answer in time",
}


class Weather:
    """Everything that comes over one rehearsal.

    The same seed brings the same gusts in the same order, and the same fault to the n-th call of each stretch between
    them. On whom it falls depends on who was first.
    """

    def __init__(self, stage: Stage, owner: Woman, seed: int) -> None:
        self.stage, self.owner, self.seed = stage, owner, seed
        self.chance, self._lines, self._blocks = (random.Random(f"{seed} {of}") for of in ("gusts", "lines", "blocks"))
        self.hits: Counter[str] = Counter()  # what was not done by the sandbox's own faults
        self.acting = False  # whether people act now: only then it blows
        self.wrong_clocks: Counter[str] = Counter()
        self._latest: dict[int, dict[str, Any]] = {}  # the last update of each person
        self._gust = asyncio.Lock()
        self._gusts = self._shuffled()

    @property
    def counts(self) -> Counter[str]:
        """How often each kind of fault hit."""
        met = Counter(NAMES.get(fault, str(fault)) for _, fault in self.stage.sandbox.faults.met)
        refused = sum(call.status == 403 for call in self.stage.sandbox.calls)
        return met + self.hits + Counter({"403, blocked": refused})

    def refusals(self) -> Counter[tuple[str, int, str]]:
        """The answers with an error that were given only because of a fault."""
        met = [(method, fault.status, fault.description) for method, fault in self.stage.sandbox.faults.met]
        junk = [(method, 400, "no JSON") for method, fault in self.stage.sandbox.faults.met if fault.junk]
        return Counter([*(answer for answer in met if answer[1]), *junk])

    def told(self, cause: str) -> int:
        """How often the owner was told of a cause, or that it is over."""
        return sum(words.says(message, f"alert.{cause}") for message in self.owner.phone.received)

    async def blow(self) -> None:
        """Let it come, gust after gust, while people act; until cancelled."""
        self._mix()
        for gust in self._gusts:
            calls = len(self.stage.sandbox.calls) + self.chance.randrange(*BETWEEN)
            while not (self.acting and len(self.stage.sandbox.calls) >= calls):
                await asyncio.sleep(0.005)
            async with self._gust:
                await gust()

    async def rest(self) -> None:
        """Return when no gust is on; none begins before people act again."""
        self.acting = False
        async with self._gust:
            pass

    async def echo(self, woman: Woman, update: dict[str, Any]) -> None:
        """Let the bot get an update of hers twice, now and then, perhaps after newer ones.

        Only what was confirmed: Telegram gives no update before an older one, for to confirm it confirms that, too.
        """
        self._latest[woman.phone.id] = update
        if self._lines.random() >= ECHOES:
            return
        late = self._lines.random() < 0.5
        await self._until(lambda: self._confirmed() > update["update_id"])
        if self._confirmed() <= update["update_id"]:
            return
        if late:
            await self.stage.clock.sleep(self._lines.uniform(1, 10))
        await woman.phone.replay(update)
        self.hits["an update twice, late" if late else "an update twice"] += 1

    def fate(self, woman: Woman) -> str:
        """Say what became of what she did last."""
        if self._has_come(woman):
            return "the bot has had it"
        return "Telegram forgot it" if self._is_lost(woman) else "the bot has not had it"

    def lost(self, woman: Woman) -> bool:
        """Whether what she did last was a press that Telegram forgot, after 150 seconds in which no poll succeeded."""
        is_lost = self._is_lost(woman)
        self.hits["a press that Telegram forgot"] += is_lost
        return is_lost

    def _is_lost(self, woman: Woman) -> bool:
        update = self._latest.get(woman.phone.id, {})
        if "callback_query" not in update or self._has_come(woman):
            return False
        pressed = next(press for press in woman.phone.presses if press.id == update["callback_query"]["id"])
        end = pressed.at_ms + PRESS_MS
        return self.stage.clock.now() >= end and self._confirmed(end) <= update["update_id"]

    def _has_come(self, woman: Woman) -> bool:
        latest = self._latest.get(woman.phone.id, {}).get("update_id")
        return bool(self.stage.rows("SELECT 1 FROM inbox WHERE update_id = ?", (latest,)))

    async def away(self) -> None:
        """Telegram cannot be reached for an hour and a half in which nothing is due."""
        self.stage.sandbox.network_away()
        await asyncio.sleep(0.1)
        self.stage.clock.jump(self.stage.clock.now() + 3 * HOUR // 2)
        await asyncio.sleep(0.1)
        self.stage.sandbox.network_away(False)
        self.hits["Telegram away for 90 minutes"] += 1

    def block(self, women: list[Woman]) -> list[Woman]:
        """Some have blocked the bot, and Telegram has not said so yet; return who."""
        chosen = self._blocks.sample(women, min(len(women), 3))
        for woman in chosen:
            woman.phone.person.blocked = True
        return chosen

    def _shuffled(self) -> list[Callable[[], Awaitable[None]]]:
        gusts: list[Callable[[], Awaitable[None]]] = []
        gusts += [*[self._kill] * 10, *[self._fill_disk] * 2, *[self._conflict] * 12, *[self._stale] * 12]
        steps = [1, 3, 10, 40, 120, 240]
        gusts += [partial(self._step, sign * seconds * SECOND) for seconds in steps for sign in (1, -1)]
        gusts += [partial(self._step, WRONG), partial(self._step, -WRONG)]
        self.chance.shuffle(gusts)
        return gusts

    def _mix(self, *, calm: bool = False) -> None:
        self.stage.sandbox.faults.mix(self.chance.getrandbits(32), {} if calm else SHARES)

    async def _kill(self) -> None:
        """The process is killed, and started again by whoever watches over it."""
        self.stage.slow = True
        try:
            await self.stage.stop_bot(kill=True)
            self.hits["kill -9"] += 1
            polls = self.stage.sandbox.polls
            self.stage.start_bot()
            await self._until(lambda: self.stage.sandbox.polls > polls)
        finally:
            self.stage.slow = False

    async def _fill_disk(self) -> None:
        """Nothing can be written, for so long that the owner is told."""
        before = self.told("disk")
        self._mix(calm=True)
        self.stage.fill_disk(full=True)
        await self._until(lambda: self.told("disk") > before)
        self.stage.fill_disk(full=False)
        self._mix()
        self.hits["a full disk"] += 1

    async def _conflict(self) -> None:
        self.stage.sandbox.faults.plan("getUpdates", fault=CONFLICT)

    async def _stale(self) -> None:
        plan = self.stage.sandbox.faults.plan
        for method in ("editMessageText", "editMessageReplyMarkup"):
            plan(method, fault=SAME, times=2, after=self.chance.randrange(5))
        plan("answerCallbackQuery", fault=TOO_OLD, times=3, after=self.chance.randrange(5))
        plan("answerCallbackQuery", fault=SILENT, after=self.chance.randrange(5))

    async def _step(self, by_ms: int) -> None:
        """Wall time is set; ahead only when no press waits that Telegram would forget by that."""
        await self._until(lambda: by_ms < 0 or not self.stage.sandbox.updates_waiting)
        if by_ms > 0 and self.stage.sandbox.updates_waiting:
            return
        self.stage.clock.set_wall_ahead(by_ms)
        self.hits[
            f"the clock {'ahead' if by_ms > 0 else 'back'} by {'minutes' if abs(by_ms) > MINUTE else 'seconds'}"
        ] += 1
        if abs(by_ms) == WRONG:
            self.wrong_clocks["clock ahead" if by_ms > 0 else "clock back"] += 1

    def _confirmed(self, until: float = math.inf) -> int:
        """The newest offset that the bot has asked for, until a moment."""
        polls = (call for call in reversed(self.stage.sandbox.calls) if call.method == "getUpdates")
        asked = (poll.values.get("offset", "0") for poll in polls if poll.moment < until)
        return int(next(asked, "0"))

    async def _until(self, condition: Callable[[], bool]) -> None:
        end = self.stage.clock.monotonic() + PATIENCE
        while not condition() and self.stage.clock.monotonic() < end:
            await asyncio.sleep(0.005)


def ordinary(number: int) -> bool:
    """Whether the woman of that number has no part of her own in blocking, leaving or erasing."""
    return number not in (*cast.BLOCKS, *cast.RETURNS, cast.GONE, cast.ERASES, cast.DECLINES, cast.ASKS)
