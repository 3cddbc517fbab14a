"""Numbers for Prometheus: what went through the calls and the ticks, and what the tables say when it asks."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.api import TIMEOUT, Answer, Caller, NotSent, Upload
from bot.clock import Clock

TICKING = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)  # seconds
FLOOD = 429


class Metrics:
    """The numbers. No label tells of a person: there are methods, verdicts and states, and nothing else."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.updates = Counter("istirak_updates", "Updates whose effects are on disk", registry=self.registry)
        self.calls = Counter(
            "istirak_calls",
            "Calls of the Bot API by what became of them",
            ["method", "verdict"],
            registry=self.registry,
        )
        self.batches = Histogram(
            "istirak_batch_seconds", "From a batch of updates to its commit", registry=self.registry
        )
        self.ticks = Histogram("istirak_tick_seconds", "One tick", buckets=TICKING, registry=self.registry)
        self.answered_at: float | None = None  # monotonic; when Telegram gave updates last, or said there were none

    def watched(self, caller: Caller) -> "Watched":
        """Return a caller that makes the same calls and counts them."""
        return Watched(caller, self, self._clock)

    def timed(self, tick: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Return the same tick, with its time taken (of the machine, whatever the bot's clock)."""

        async def ticking() -> None:
            began = time.perf_counter()
            await tick()
            self.ticks.observe(time.perf_counter() - began)

        return ticking

    def page(self, now: Mapping[str, float], chats: Mapping[str, int]) -> bytes:
        """Return all numbers as Prometheus reads them, with those that are true at this moment."""
        momentary = CollectorRegistry()
        for name, value in now.items():
            Gauge(f"istirak_{name}", name.replace("_", " ").capitalize(), registry=momentary).set(value)
        by_state = Gauge("istirak_chats", "Private chats by state", ["state"], registry=momentary)
        for state, count in chats.items():
            by_state.labels(state).set(count)
        return generate_latest(self.registry) + generate_latest(momentary)


class Watched:
    """Makes calls, and counts them by their verdicts."""

    def __init__(self, caller: Caller, metrics: Metrics, clock: Clock) -> None:
        self._caller, self._metrics, self._clock = caller, metrics, clock
        self._fetched: tuple[int, float] | None = None  # updates that are being handled, and since when (monotonic)
        self._offset: object = None

    async def call(
        self, method: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT, upload: Upload | None = None
    ) -> Answer:
        """Make the call and return its answer; raises NotSent or Uncertain."""
        if method == "getUpdates":
            self._handled(parameters.get("offset"))
        verdict = "uncertain"
        try:
            answer = await self._caller.call(method, parameters, timeout=timeout, upload=upload)
            verdict = "ok" if answer.ok else "flood" if answer.status == FLOOD else "refused"
        except NotSent:
            verdict = "not sent"
            raise
        finally:
            self._metrics.calls.labels(method, verdict).inc()
        if method == "getUpdates" and answer.ok:
            self._metrics.answered_at = self._clock.monotonic()
            self._fetched = (len(answer.result), self._clock.monotonic()) if answer.result else None
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._caller.close()

    def _handled(self, offset: object) -> None:
        """A new offset confirms what was fetched before: its effects are on disk."""
        if self._fetched and offset != self._offset:
            count, since = self._fetched
            self._metrics.updates.inc(count)
            self._metrics.batches.observe(self._clock.monotonic() - since)
        self._fetched, self._offset = None, offset
