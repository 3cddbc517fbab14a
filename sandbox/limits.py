"""How fast the bot may send, in the time of the shared clock (Bots FAQ, «My bot is hitting limits»).

What counts is every send*, copyMessage and edit* call that is otherwise right, at the moment it would take effect: an
edit of a message that is not there is free, one that changes nothing is not. getUpdates, getFile, answerCallbackQuery,
deleteMessage(s), sendChatAction and the settings of the bot do not count. A refused call does not count either.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from sandbox.clock import VirtualClock
from sandbox.refusals import flood


@dataclass
class _Bucket:
    """So many sends at once, one more for every second that passed."""

    left: float
    at: float


@dataclass
class Limits:
    """Refuses what comes too fast, while `on`; the numbers may be changed at any time."""

    clock: VirtualClock
    on: bool = True
    a_second: int = 30
    burst: int = 5
    group_a_minute: int = 20
    _all: deque[float] = field(default_factory=deque)
    _private: dict[int, _Bucket] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=dict)

    def take(self, chat_id: int, *, private: bool) -> None:
        """Count one send to a chat; raises Refused (429) with the whole seconds to wait if it comes too early."""
        if not self.on:
            return
        now = self.clock.monotonic()
        wait = max(self._wait_all(now), self._wait_private(chat_id, now) if private else self._wait_group(chat_id, now))
        if wait > 0:
            raise flood(max(1, math.ceil(wait)))
        self._all.append(now)
        if private:
            self._private[chat_id].left -= 1
        else:
            self._groups[chat_id].append(now)

    def _wait_all(self, now: float) -> float:
        return _wait_window(self._all, now, self.a_second, 1.0)

    def _wait_group(self, chat_id: int, now: float) -> float:
        return _wait_window(self._groups.setdefault(chat_id, deque()), now, self.group_a_minute, 60.0)

    def _wait_private(self, chat_id: int, now: float) -> float:
        bucket = self._private.setdefault(chat_id, _Bucket(self.burst, now))
        bucket.left = min(float(self.burst), bucket.left + now - bucket.at)
        bucket.at = now
        return 1 - bucket.left


def _wait_window(moments: deque[float], now: float, most: int, seconds: float) -> float:
    """How long until fewer than `most` of `moments` lie in the last `seconds`."""
    while moments and moments[0] <= now - seconds:
        moments.popleft()
    return moments[-most] + seconds - now if len(moments) >= most else 0.0
