"""Answers to button presses (Bot API, answerCallbackQuery): best effort, first in line, never on the disk."""

import asyncio
from typing import Any

from bot.api import Caller, NotSent, Uncertain
from bot.clock import Clock
from bot.pace import Pace

AT_MOST = 200  # presses waiting; more are not answered, their buttons stop spinning by themselves
TOO_OLD = 10.0  # seconds; a later answer is of no use to her
TIMEOUT = 5.0  # seconds


class Presses:
    """Answers presses beside the outbox; they do not count against the pace, but a stop for all stops them too."""

    def __init__(self, api: Caller, clock: Clock, pace: Pace, connections: int) -> None:
        self._api, self._clock, self._pace = api, clock, pace
        self._lanes = asyncio.Semaphore(connections)
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, query_id: str, text: str = "", alert: bool = False) -> None:
        """Answer a press soon, if it can be; needs a running event loop."""
        if len(self._tasks) < AT_MOST:
            parameters = {"callback_query_id": query_id} | ({"text": text, "show_alert": alert} if text else {})
            task = asyncio.create_task(self._answer(parameters, self._clock.monotonic() + TOO_OLD))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def settled(self) -> bool:
        """Whether no press waits for its answer."""
        return not self._tasks

    async def stop(self) -> None:
        """Forget the presses that still wait."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, parameters: dict[str, Any], useless_after: float) -> None:
        async with self._lanes:
            if self._pace.held() or self._clock.monotonic() > useless_after:
                return
            try:
                answer = await self._api.call("answerCallbackQuery", parameters, timeout=TIMEOUT)
            except (NotSent, Uncertain):
                return
            if answer.status == 429:
                self._pace.too_fast(answer.retry_after or 1.0)
