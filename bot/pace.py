"""How fast messages may leave: Telegram's limits (TELEGRAM.md, 'Rates and sizes'), and the law of `retry_after`."""

import asyncio
import math
from collections import deque

from bot.clock import Clock

SPAN = 1.045  # seconds of the sliding window: what is sent evenly arrives unevenly (SPEED.md, 30/s)
LATENESS = 0.02  # seconds of a late timer that the next slots may make up for
BURST = 3  # messages that may go to one chat at once
GROUP_INTERVAL = 60 / (20 - BURST)  # seconds; 20 a minute in a group, a burst among them
RECOVERY = 60.0  # seconds in which the pace doubles after it was halved
SLOWEST = 32.0  # about one message a second


class Pace:
    """Gives slots, evenly spaced and never more than 30 in any second, on the clock's monotonic time."""

    def __init__(self, clock: Clock, per_second: float = 28.7, per_chat: float = 1.0) -> None:
        self._clock = clock
        self._per_second, self._chat_interval = per_second, 1 / per_chat
        self._taken: deque[float] = deque(maxlen=max(1, round(per_second * SPAN)))
        self._span = (self._taken.maxlen or 1) / per_second
        self._next = self._held_until = self._slowed_at = float("-inf")
        self._slowness = 1.0  # what the rate was divided by at `_slowed_at`
        self._full: dict[int, float] = {}  # when a chat may have a whole burst again
        self._queue, self._awaited = asyncio.Lock(), 0

    async def slot(self, chat: int) -> bool:
        """Wait for a slot and take it, first come, first served; False when sending was stopped meanwhile."""
        self._awaited += 1
        try:
            async with self._queue:
                while not self.held():
                    wait = self._opens()
                    if wait <= 0:
                        self._take(chat)
                        return True
                    await self._clock.sleep(wait)
                return False
        finally:
            self._awaited -= 1

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
        """Obey a 429: stop for `retry_after` seconds, go on at half the pace, and creep back."""
        if not self.held():
            self._slowness = min(SLOWEST, 2 * self._slow())
            self._slowed_at = self._clock.monotonic() + retry_after
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
            opens = max(opens, self._taken[0] + self._span)
        return opens - self._clock.monotonic()

    def _take(self, chat: int) -> None:
        now = self._clock.monotonic()
        self._taken.append(now)
        self._next = max(self._next, now - LATENESS) + self._spacing()
        self._full[chat] = max(now, self._full.get(chat, now)) + self._interval(chat)

    def _spacing(self) -> float:
        return self._slow() / self._per_second

    def _slow(self) -> float:
        """Return by what the pace is divided now; it halves in each RECOVERY, down to 1."""
        since = max(0.0, self._clock.monotonic() - self._slowed_at)
        return max(1.0, self._slowness * math.exp2(-since / RECOVERY))

    def _interval(self, chat: int) -> float:
        return GROUP_INTERVAL if chat < 0 else self._chat_interval
