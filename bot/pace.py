"""How fast messages may leave: Telegram's limits (TELEGRAM.md, 'Rates and sizes'), and the law of `retry_after`."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass

from bot.clock import Clock
from storage import facts
from storage.database import Transaction

SPAN = 1.045  # seconds of the sliding window: what is sent evenly arrives unevenly (SPEED.md, 30/s)
LATENESS = 0.02  # seconds of a late timer that the next slots may make up for
SLICE = 0.01  # seconds that who waits for a slot sleeps at least: at 1,000 a second a timer for each would be too late
ON_TIME = 0.04  # seconds by which answers may differ without anything being late: SPAN allows for as much
LATEST = 0.2  # seconds by which a send counts as later at most: an answer that takes longer was not held up on its way
QUICKEST_RISES = 0.0001  # seconds from answer to answer: the network may have become slower
BURST = 3  # messages that may go to one chat at once
GROUP_INTERVAL = 60 / (20 - BURST)  # seconds; 20 a minute in a group, a burst among them
RECOVERY = 60.0  # seconds in which the pace doubles after it was halved
BELOW = 0.9  # of the rate that was refused: as far as the pace creeps back
PROBE = 6 * 3600.0  # seconds in which that ceiling doubles: a limit that stays is met again after most of an hour
LEAST = 4.0  # the pace is divided by this at most for that: refusals in a row need not mean a limit so low
SLOWEST = 32.0  # the pace is divided by this at most: about one message a second

HELD = "held"  # the fact 'UNTIL SECONDS' of a long `retry_after`: UTC ms, and how long it was
LONG = 3.0  # seconds from which a `retry_after` is remembered: a start takes about as long as a shorter one


@dataclass
class Slot:
    """Leave to send one message, taken at a moment of monotonic time."""

    moment: float


class Pace:
    """Gives slots, evenly spaced and never more than 30 in any second, on the clock's monotonic time.

    It begins as if every chat had just had its burst: what a bot that was killed sent a moment ago is not known.
    """

    def __init__(self, clock: Clock, per_second: float = 28.7, per_chat: float = 1.0) -> None:
        self._clock, self._began = clock, clock.monotonic()
        self._per_second, self._chat_interval = per_second, 1 / per_chat
        self._taken: deque[Slot] = deque(maxlen=max(1, round(per_second * SPAN)))
        self._span = (self._taken.maxlen or 1) / per_second
        self._next = self._held_until = self._slowed_at = float("-inf")
        self._slowness = self._least = 1.0  # what the pace was divided by at `_slowed_at`, and what it creeps back to
        self._full: dict[int, float] = {}  # when a chat may have a whole burst again
        self._quickest = math.inf  # seconds that an answer takes when nothing holds it up
        self._queue, self._awaited = asyncio.Lock(), 0

    async def slot(self, chat: int) -> Slot | None:
        """Wait for a slot and take it, first come, first served; None when sending was stopped meanwhile."""
        self._awaited += 1
        try:
            async with self._queue:
                while not self.held():
                    wait = self._opens()
                    if wait <= 0:
                        return self._take(chat)
                    await self._clock.sleep(max(wait, SLICE))
                return None
        finally:
            self._awaited -= 1

    def answered(self, slot: Slot) -> None:
        """Count a send as later by what its answer took longer than the quickest: it may have arrived so late."""
        took = self._clock.monotonic() - slot.moment
        self._quickest = min(took, self._quickest + QUICKEST_RISES)
        slot.moment += min(LATEST, max(0.0, took - self._quickest - ON_TIME))

    def room(self, seconds: float) -> int:
        """Return how many slots that nobody waits for open within `seconds`; none while all is stopped."""
        left = seconds - self.wait()
        return 0 if left < 0 or self.held() else 1 + int(left / self._spacing())

    def wait(self) -> float:
        """Return the seconds until the next slot that nobody waits for opens; not less than 0."""
        free = max(0.0, self._opens()) + self._awaited * self._spacing()
        return max(free, self._held_until - self._clock.monotonic())

    def hold(self, seconds: float) -> None:
        """Stop all sending for so long; who waits for a slot gets none."""
        self._held_until = max(self._held_until, self._clock.monotonic() + seconds)

    def held(self) -> bool:
        """Whether all sending is stopped."""
        return self._clock.monotonic() < self._held_until

    def too_fast(self, retry_after: float) -> None:
        """Obey a 429: stop for `retry_after` seconds, go on at half the pace, creep back to below what was refused."""
        if not self.held():
            self._slow_down(self._clock.monotonic() + retry_after)
        self.hold(retry_after)

    def resting(self) -> dict[int, float]:
        """Return the chats that had their burst, each with the seconds until it may have a message again."""
        now = self._clock.monotonic()
        self._full = {chat: full for chat, full in self._full.items() if full > now}
        waits = {chat: full - now - (BURST - 1) * self._interval(chat) for chat, full in self._full.items()}
        return {chat: wait for chat, wait in waits.items() if wait > 0}

    def _opens(self) -> float:
        """Return the seconds until a slot opens, not looking at who waits."""
        opens = self._next
        if len(self._taken) == self._taken.maxlen:
            opens = max(opens, self._taken[0].moment + self._span)
        return opens - self._clock.monotonic()

    def _take(self, chat: int) -> Slot:
        now, interval = self._clock.monotonic(), self._interval(chat)
        slot = Slot(now)
        self._taken.append(slot)
        self._next = max(self._next, now - LATENESS) + self._spacing()
        self._full[chat] = max(now, self._full.get(chat, self._began + (BURST - 1) * interval)) + interval
        return slot

    def _spacing(self) -> float:
        return self._slow() / self._per_second

    def _slow(self) -> float:
        """Return by what the pace is divided now; it halves in each RECOVERY, what it creeps back to in each PROBE."""
        if self._slowness == self._least == 1.0:  # as long as nothing was ever refused
            return 1.0
        since = max(0.0, self._clock.monotonic() - self._slowed_at)
        return max(1.0, self._slowness * math.exp2(-since / RECOVERY), self._least * math.exp2(-since / PROBE))

    def _slow_down(self, until: float) -> None:
        """Halve the pace from then on; where it was too fast itself, and not one chat, know what was refused."""
        now, slow = self._clock.monotonic(), self._slow()
        pace, sent = self._per_second / slow, sum(slot.moment > now - 1 for slot in self._taken)
        self._least *= math.exp2(-max(0.0, now - self._slowed_at) / PROBE)
        if sent > pace / 2:
            self._least = min(LEAST, self._per_second / (BELOW * min(sent, pace)))
        self._slowness, self._slowed_at = min(SLOWEST, 2 * slow), until

    def _interval(self, chat: int) -> float:
        return GROUP_INTERVAL if chat < 0 else self._chat_interval


async def keep(tx: Transaction, retry_after: float, now: int) -> None:
    """Remember a `retry_after` (seconds) that is so long that it may outlast this process."""
    if retry_after >= LONG:
        await facts.put(tx, HELD, f"{now + round(retry_after * 1000)} {retry_after}")


async def kept(tx: Transaction, now: int) -> float:
    """Return the seconds that are left of a `retry_after` from before the start; 0 for none."""
    until, seconds = map(float, (await facts.get(tx, HELD) or "0 0").split())
    # Never longer than it was, should the clock have been turned back.
    return max(0.0, min(seconds, (until - now) / 1000))
