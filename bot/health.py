"""How the bot does, for programs that watch it: /health and /metrics, on this machine only, if a port is set."""

import asyncio
import logging
import shutil
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot import backups, check, console, upkeep
from bot.api import Caller
from bot.clock import Clock
from bot.config import Config
from bot.metrics import Metrics, Watched
from storage import facts, vitals
from storage.database import Database, is_trouble
from storage.vitals import Vitals

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
NAMES = {HOST, "localhost"}  # a page in a browser that names us otherwise was led here by somebody else
SILENT = 120.0  # seconds without an answer of Telegram; a long poll is given up after 60
STILL = 180.0  # seconds without a sign of life on the disk; there is one each minute
LATE = 300.0  # seconds that a message may be late: many may leave at once


@dataclass(frozen=True)
class State:
    """What is true at one moment: the numbers, what is wrong in sentences, and the tables."""

    numbers: dict[str, float]
    wrong: list[str]
    tables: Vitals | None  # None when they cannot be read


class Health:
    """Watches the calls and the ticks, and answers who asks."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config, self._clock = config, clock
        self._metrics = Metrics(clock)
        self._began = clock.monotonic()

    def watched(self, caller: Caller) -> Watched:
        """Return a caller that makes the same calls and counts them."""
        return self._metrics.watched(caller)

    def timed(self, tick: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Return the same tick, with its time taken."""
        return self._metrics.timed(tick)

    async def serve(self, database: Database, daily: backups.Daily) -> None:
        """Answer until cancelled. A port that is taken is said in the log; the bot does not need it."""
        self._database, self._daily = database, daily
        app = web.Application(middlewares=[_only_here])
        app.router.add_get("/health", self._show_health)
        app.router.add_get("/metrics", self._show_metrics)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        try:
            await runner.setup()
            await web.TCPSite(runner, HOST, self._config.health.port).start()
            await asyncio.Event().wait()
        except OSError as error:
            log.error("/health cannot be served: %s", error)
        finally:
            await runner.cleanup()

    async def _show_health(self, request: web.Request) -> web.Response:
        state = await self._look()
        said: dict[str, Any] = {"ok": not state.wrong, "wrong": state.wrong, "version": version(), **state.numbers}
        return web.json_response(said, status=503 if state.wrong else 200)

    async def _show_metrics(self, request: web.Request) -> web.Response:
        state = await self._look()
        chats = state.tables.chats if state.tables else {}
        body = self._metrics.page({"healthy": not state.wrong, **state.numbers}, chats)
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    async def _look(self) -> State:
        numbers, wrong = self._of_telegram()
        try:
            more, worse, tables = await self._of_tables()
        except Exception as error:
            if not is_trouble(error):
                raise
            return State(numbers, [*wrong, "The database cannot be read."], None)
        free = shutil.disk_usage(self._config.storage.folder).free
        if free < check.LEAST_FREE:
            worse.append("The disk is nearly full.")
        return State(numbers | more | {"disk_free_bytes": free}, wrong + worse, tables)

    def _of_telegram(self) -> tuple[dict[str, float], list[str]]:
        silent = self._clock.monotonic() - (self._metrics.answered_at or self._began)
        return {"telegram_silent_seconds": round(silent, 1)}, ["Telegram does not answer."] if silent > SILENT else []

    async def _of_tables(self) -> tuple[dict[str, float], list[str], Vitals]:
        now = self._clock.now()
        async with self._database.reading() as tx:
            tables = await vitals.read(tx)
            alive = await facts.get(tx, upkeep.ALIVE)
        numbers = {
            "sign_of_life_seconds": (now - int(alive or now)) / 1000,
            "backup_seconds": max(0, now - (self._daily.newest or now)) / 1000,  # not from its disk, which may hang
            "late_seconds": max(0, now - (tables.next_due or now)) / 1000,
            "outbox_planned": tables.planned,
            "outbox_in_doubt": tables.in_doubt,
            "updates_put_aside": tables.put_aside,
            "database_bytes": self._config.storage.database.stat().st_size,
        }
        return numbers, list(_wrong(numbers)), tables


def _wrong(numbers: dict[str, float]) -> list[str]:
    limits = {
        "sign_of_life_seconds": (STILL, "Nothing was written for minutes: the disk, or the bot, stands still."),
        "backup_seconds": (backups.LATE / 1000, "The newest backup is too old."),
        "late_seconds": (LATE, "Messages wait too long to be sent."),
    }
    return [sentence for name, (limit, sentence) in limits.items() if numbers[name] > limit]


def version() -> str:
    """Return the version of this code."""
    return str(tomllib.loads((console.EXAMPLES / "pyproject.toml").read_text("utf-8"))["project"]["version"])


@web.middleware
async def _only_here(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse whoever calls us by a name that is not this machine's own."""
    if request.host.rpartition(":")[0] not in NAMES and request.host not in NAMES:
        raise web.HTTPForbidden(text="Ask for 127.0.0.1.")
    return await handler(request)
