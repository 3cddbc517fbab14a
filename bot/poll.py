"""Updates in: getUpdates, a turn each, one commit for the batch, and only then the next offset."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from bot.api import Answer, Caller, NotSent, TokenRefused, Uncertain
from bot.clock import Clock
from bot.intake import Intake
from bot.troubles import AWAY, DISK, Note
from storage.database import is_trouble

log = logging.getLogger(__name__)

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
LONG_POLL = 25  # seconds; Telegram waits at most 50
PATIENCE = 60  # seconds until a long poll that says nothing is given up
CONFLICT_PAUSE = 30  # seconds
CALM = 600  # seconds without a conflict until it is over: between two of them the other copy lets us have some batches

Raw = dict[str, Any]
Result = TypeVar("Result")
Tell = Callable[[str, bool], Awaitable[None]]  # tells the owner of a cause, or that it is over; each once


class Poll:
    """Asks Telegram for updates, and asks for the next ones only after the effects of these are on disk."""

    def __init__(self, api: Caller, clock: Clock, intake: Intake, tell: Tell) -> None:
        self._api, self._clock, self._intake, self._tell = api, clock, intake, tell
        self._offset: int | None = None  # none at start: Telegram then repeats what was not confirmed
        self.pause = 0.0  # seconds that were last waited after a failure
        self._asking: asyncio.Future[Any] | None = None  # what a stop may cut short
        self._conflict_at: float | None = None  # monotonic; of the last one that is not known to be over
        self._stopping = False
        self.note: Note = lambda cause, part, failing: None

    async def run(self) -> None:
        """Poll until stopped. Raises TokenRefused."""
        self._conflict_at = self._clock.monotonic()  # one that was told before the last stop may still stand
        await self._unless_stopped(self._forget_webhook)
        while not self._stopping:
            updates = await self._unless_stopped(self._fetch)
            if updates and not await self._take(updates):
                await self._unless_stopped(self._wait_longer)

    def stop(self) -> None:
        """Have `run` return after the turns in hand; what was asked for meanwhile stays at Telegram."""
        self._stopping = True
        if self._asking:
            self._asking.cancel()

    async def _unless_stopped(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result | None:
        """Do what `stop` may cut short; None when it did."""
        if self._stopping:
            return None
        self._asking = doing = asyncio.ensure_future(work())
        try:
            return await doing
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            return None

    async def _take(self, updates: Sequence[Raw]) -> bool:
        """Handle the updates; False when nothing of them was kept, so that they have to be fetched again."""
        try:
            await self._intake.take(updates)
        except Exception as error:
            if not is_trouble(error):
                raise
            # A full disk or a failing one: nothing of this batch is kept, so all of it is fetched again.
            log.error("a batch of %d updates was dropped and is fetched again: %s", len(updates), type(error).__name__)
            self.note(DISK, "updates", True)
            return False
        self.pause = 0.0
        self.note(DISK, "updates", False)
        self._offset = max(int(update["update_id"]) for update in updates) + 1
        return True

    async def _fetch(self) -> Sequence[Raw]:
        parameters: Raw = {"timeout": LONG_POLL, "allowed_updates": WANTED}
        if self._offset is not None:
            parameters["offset"] = self._offset
        answer = await self._ask("getUpdates", parameters)
        if answer is None:
            return ()
        if not isinstance(answer.result, list):
            await self._wait_longer()
            return ()
        numbered = [update for update in answer.result if isinstance(update, dict)]
        updates = [update for update in numbered if isinstance(update.get("update_id"), int)]
        if not answer.result:
            self.pause = 0.0
        elif not updates:
            await self._wait_longer()  # nothing that could be confirmed: it would come again at once
        return updates

    async def _ask(self, method: str, parameters: Raw) -> Answer | None:
        """Call once; on anything but success pause as Telegram asks and return None."""
        try:
            answer = await self._api.call(method, parameters, timeout=PATIENCE)
        except (NotSent, Uncertain) as error:
            log.warning("%s: %s", method, type(error).__name__)
            self.note(AWAY, "updates", True)
            await self._wait_longer()
            return None
        self.note(AWAY, "updates", False)
        if answer.ok:
            if method == "getUpdates":
                await self._end_conflict()
            return answer
        await self._obey(method, answer)
        return None

    async def _obey(self, method: str, answer: Answer) -> None:
        if answer.status in (401, 404):
            raise TokenRefused(method)
        log.warning("%s: %d %s", method, answer.status, answer.description)
        if answer.status == 409:
            self._conflict_at = self._clock.monotonic()
            await self._tell_of_conflict(over=False)
            await self._clock.sleep(CONFLICT_PAUSE)
            if "webhook" in answer.description:
                await self._forget_webhook()
        elif answer.retry_after:
            await self._clock.sleep(answer.retry_after)
        else:
            await self._wait_longer()

    async def _end_conflict(self) -> None:
        """Tell that the conflict is over once there was none for long enough."""
        if self._conflict_at is None or self._clock.monotonic() - self._conflict_at < CALM:
            return
        if await self._tell_of_conflict(over=True):
            self._conflict_at = None

    async def _tell_of_conflict(self, *, over: bool) -> bool:
        """Tell the owner; False when the disk would not take it, which the batches deal with."""
        try:
            await self._tell("conflict", over)
        except Exception as error:
            if not is_trouble(error):
                raise
            return False
        return True

    async def _forget_webhook(self) -> None:
        # Never with drop_pending_updates: that would throw away what the women wrote while we were down.
        while await self._ask("deleteWebhook", {"drop_pending_updates": False}) is None:
            pass

    async def _wait_longer(self) -> None:
        self.pause = min(max(1.0, self.pause * 2), 60.0)
        await self._clock.sleep(self.pause)
