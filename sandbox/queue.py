"""Telegram's queue of updates for one bot, with the rules of the official server and TDLib's TQueue."""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import VirtualClock

Json = dict[str, Any]

DAY_MS = 86_400_000
PRESS_MS = 150_000
"""How long an unfetched button press is kept (server, `process_new_callback_query_queue`): 150 seconds, not a day."""
MOST_WAITING = 100_000
MOST_BYTES_WAITING = 128 * 1024 * 1024
MOST_BYTES = 4 * 1024 * 1024
LARGEST_ID = 2**31 - 1
FAR_AHEAD = 10
FAR_BEHIND = 2 * MOST_WAITING
OPT_IN = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS = OPT_IN | {
    *("message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member"),
    *("inline_query", "chosen_inline_result", "poll", "poll_answer", "chat_join_request"),
}


@dataclass(frozen=True)
class Waiting:
    """An update that no later offset has confirmed yet, as the text that is given out."""

    update_id: int
    text: str
    until_ms: int


@dataclass
class UpdateQueue:
    """The updates that wait for the bot, oldest first."""

    clock: VirtualClock
    chance: random.Random
    allowed: frozenset[str] = KINDS - OPT_IN
    wake: Callable[[], None] = lambda: None
    asked: bool = False
    dropped: int = 0
    _waiting: deque[Waiting] = field(default_factory=deque)
    _again: list[str] = field(default_factory=list)
    _bytes: int = 0
    _next_id: int = 0
    _pushed_ms: int = 0
    _soonest_ms: int = 0

    def __len__(self) -> int:
        self._expire()
        return len(self._waiting)

    def allow(self, kinds: Iterable[str]) -> None:
        """Queue only these kinds from now on; none at all means all but those that have to be asked for."""
        wanted = frozenset(kinds) & KINDS
        self.asked = bool(wanted)
        self.allowed = wanted or KINDS - OPT_IN

    def push(self, kind: str, body: Json, until_ms: int) -> Json:
        """Queue an update until `until_ms`; gives it with its id, or without one if unwanted or too old."""
        if kind not in self.allowed or until_ms <= self.clock.now():
            return {kind: body}
        return self.put({kind: body}, until_ms)

    def put(self, update: Json, until_ms: int) -> Json:
        """Queue an update as it stands, of whatever kind and form; an id is given to it unless it has one."""
        self._expire()
        if len(self._waiting) >= MOST_WAITING or self._bytes >= MOST_BYTES_WAITING:
            self.dropped += 1
            return update
        update = {"update_id": self._take_id(), **update}
        waiting = Waiting(update["update_id"], json.dumps(update, ensure_ascii=False), until_ms)
        self._waiting.append(waiting)
        self._bytes += len(waiting.text)
        self._soonest_ms = min(self._soonest_ms, until_ms)
        self.wake()
        return update

    def repeat(self, update: Json) -> None:
        """Give `update` out once more, whatever offset is asked for."""
        self._again.append(json.dumps(update, ensure_ascii=False))
        self.wake()

    def take(self, offset: int, limit: int) -> list[str]:
        """Forget what `offset` confirms and give the next ones, at most `limit` and 4 MiB of them."""
        self._expire()
        self._forget(offset)
        given: list[str] = []
        size = 0
        for waiting in self._waiting:
            size += len(waiting.text)
            if len(given) >= limit or (given and size > MOST_BYTES):
                break
            given.append(waiting.text)
        # What is repeated comes last: before older ones it would, when confirmed, confirm them unseen.
        room = max(0, limit - len(given))
        given += self._again[:room]
        self._again = self._again[room:]
        return given

    def clear(self) -> None:
        """Forget everything, as drop_pending_updates does."""
        self._waiting.clear()
        self._bytes = 0

    def _forget(self, offset: int) -> None:
        if offset > 0 and not self._next_id - FAR_BEHIND <= offset <= self._next_id + FAR_AHEAD:
            return
        first = offset if offset >= 0 else self._next_id + offset
        while self._waiting and self._waiting[0].update_id < first:
            self._bytes -= len(self._waiting.popleft().text)

    def _expire(self) -> None:
        now = self.clock.now()
        if self._soonest_ms <= now:
            self._waiting = deque(waiting for waiting in self._waiting if waiting.until_ms > now)
            self._bytes = sum(len(waiting.text) for waiting in self._waiting)
            self._soonest_ms = min((waiting.until_ms for waiting in self._waiting), default=now + DAY_MS)

    def _take_id(self) -> int:
        """The next id; a random one at first and after a week of silence (Bot API, Update)."""
        now = self.clock.now()
        if not self._next_id or (not self._waiting and now - self._pushed_ms > 7 * DAY_MS):
            self._next_id = self.chance.randrange(100_000_000, LARGEST_ID // 2)
        self._pushed_ms = now
        self._next_id += 1
        return self._next_id - 1
