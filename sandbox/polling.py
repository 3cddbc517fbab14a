"""Getting updates: the long poll with the official server's rules, and the webhook's settings."""

from __future__ import annotations

import asyncio
from typing import Any

from sandbox.parameters import Call
from sandbox.refusals import Refused, bad, conflict
from sandbox.world import World

Json = dict[str, Any]
LONGEST_POLL = 50
AGAIN_SECONDS = 3.0
"""A call with the same offset within this time waits at least as long; within `ONE_SECONDS` it gets one update only."""
ONE_SECONDS = 0.5
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Polling:
    """The one way out of the queue. At most one call waits; a newer one that finds nothing takes its place."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.waits = 0
        self.stands = asyncio.Event()  # set while a call waits for updates to come
        self._last: tuple[int, float] | None = None
        self._poll: asyncio.Future[Refused | None] | None = None
        self._next_conflict = 0.0
        world.queue.wake = self._wake

    async def get_updates(self, call: Call) -> str:
        """The next updates as a JSON array, maybe after waiting (Bot API, getUpdates; server, `do_get_updates`)."""
        if self.world.profile.webhook:
            raise conflict(WEBHOOK_ACTIVE)
        offset = call.integer("offset", 0)
        limit = call.integer("limit", 100, 1, 100)
        timeout = call.integer("timeout", 0, 0, LONGEST_POLL)
        self._allow(call)
        limit, timeout = self._hold(offset, limit, timeout)
        given = self.world.queue.take(offset, limit)
        if not given and timeout:
            await self._wait(timeout)
            given = self.world.queue.take(offset, limit)
        return f"[{','.join(given)}]"

    def set_webhook(self, call: Call) -> bool:
        """True; the address is kept, nothing is ever delivered to it (Bot API, setWebhook)."""
        url = call.text("url")
        if url and not url.startswith("https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self._allow(call)
        self._drop(call)
        if url:
            self._end(conflict("terminated by setWebhook request"))
        self.world.profile.webhook = {"url": url} if url else {}
        return True

    def delete_webhook(self, call: Call) -> bool:
        """True; updates can be polled again (Bot API, deleteWebhook)."""
        self._drop(call)
        self.world.profile.webhook = {}
        return True

    def webhook_info(self, call: Call) -> Json:
        """The WebhookInfo."""
        queue = self.world.queue
        info: Json = {
            "url": self.world.profile.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(queue),
        }
        if queue.asked:
            info["allowed_updates"] = sorted(queue.allowed)
        return info

    def _drop(self, call: Call) -> None:
        if call.flag("drop_pending_updates"):
            self.world.queue.clear()

    def _allow(self, call: Call) -> None:
        kinds = call.json("allowed_updates", "allowed_updates")
        if isinstance(kinds, list):
            self.world.queue.allow(str(kind) for kind in kinds)

    def _hold(self, offset: int, limit: int, timeout: int) -> tuple[int, int]:
        """Slow down who asks for the same again and again; not on a standing clock, where it would be for ever."""
        now = self.world.clock.monotonic()
        if self.world.clock.rate() == 0:
            return limit, timeout
        if self._last and self._last[0] == offset:
            if timeout < AGAIN_SECONDS and now < self._last[1] + AGAIN_SECONDS:
                timeout = int(AGAIN_SECONDS)
            if now < self._last[1] + ONE_SECONDS:
                limit = 1
        self._last = offset, now
        return limit, timeout

    async def _wait(self, timeout: int) -> None:
        """Until something is queued or `timeout` virtual seconds are over; raises Refused if another call comes."""
        self._end(conflict(OTHER_POLLER))
        poll: asyncio.Future[Refused | None] = asyncio.get_running_loop().create_future()
        self._poll = poll
        self.stands.set()
        sleep = asyncio.ensure_future(self.world.clock.sleep(timeout))
        await asyncio.sleep(0)  # only now does its time run
        self.waits += 1
        try:
            await asyncio.wait((poll, sleep), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            if self._poll is poll:
                self._poll = None
                self.stands.clear()
        if poll.done() and (refused := poll.result()):
            await self._say_conflict(refused)

    async def _say_conflict(self, refused: Refused) -> None:
        """The first conflict in three seconds is told at once, the others three seconds later."""
        now = self.world.clock.monotonic()
        if now < self._next_conflict:
            await self.world.clock.sleep(AGAIN_SECONDS)
        else:
            self._next_conflict = now + AGAIN_SECONDS
        raise refused

    def _wake(self) -> None:
        self._end(None)

    def _end(self, why: Refused | None) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(why)
        self._poll = None
        self.stands.clear()
