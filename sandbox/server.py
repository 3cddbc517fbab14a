"""Our Telegram as a server on 127.0.0.1: the Bot API, the files, and if wanted the chat page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox import parameters
from sandbox.clock import VirtualClock
from sandbox.faults import Faults
from sandbox.gate import Answered, Gate
from sandbox.group import Group
from sandbox.phone import Phone
from sandbox.world import Chat, Person, World

Json = dict[str, Any]
HOST = "127.0.0.1"
FIRST_PERSON = 100_001
SHUTDOWN_SECONDS = 0.002  # a long poll whose client has gone is not waited for
DAY_MS = 86_400_000


class Sandbox:
    """A Telegram with one bot. Everything of it is in the time of `clock`."""

    def __init__(
        self,
        clock: VirtualClock,
        *,
        token: str = "123456:sandbox-token-of-no-real-bot-at-all",  # noqa: S107 - opens nothing but this
        bot_username: str = "istirak_sandbox_bot",
        bot_name: str = "İştirak",
        limits: bool = True,
        seed: int | None = None,
    ) -> None:
        self.clock = clock
        self.token = token
        bot = Person(int(token.partition(":")[0]), bot_name, username=bot_username, is_bot=True)
        self.world = World(clock, bot, seed)
        self.limits = self.world.limits
        self.limits.on = limits
        self.faults = Faults()
        self.port = 0
        self._gate = Gate(self.world, token, self.faults)
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """The Bot API's root: calls go to {api_url}/bot{token}/{method}, files are at {api_url}/file/bot{token}/…"""
        return f"http://{HOST}:{self.port}"

    @property
    def calls(self) -> list[Answered]:
        """Every Bot API call with its answer, oldest first."""
        return self._gate.calls

    @property
    def refused_malformed(self) -> int:
        """Calls refused with 400, but for «not modified» and «query is too old», which right bots meet too."""
        return self._gate.refused_malformed

    @property
    def refused_pace(self) -> int:
        """Calls refused with 429 because the bot was too fast; planned floods do not count."""
        return self._gate.refused_pace

    @property
    def updates_waiting(self) -> int:
        """How many updates no later offset has confirmed yet."""
        return len(self.world.queue)

    @property
    def polls(self) -> int:
        """How many getUpdates so far have had to wait for updates to come."""
        return self._gate.api.polling.waits

    async def polled(self) -> None:
        """Return once a getUpdates waits here: what is planned from then on meets the next one."""
        await self._gate.api.polling.stands.wait()

    async def start(
        self,
        port: int = 0,
        page_key: str | None = None,
        next_event: Callable[[], Awaitable[int | None]] | None = None,
        settled: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Listen on 127.0.0.1 (`port` 0: any free one), with the chat page if there is a `page_key`."""
        app = web.Application(client_max_size=parameters.LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._gate.call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._gate.file)
        if page_key is not None:
            from sandbox import page

            page.mount(app, self, key=page_key, next_event=next_event, settled=settled)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, handler_cancellation=False
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close all connections and listen no more; what is in the world stays."""
        if self._runner is not None:
            self.drop_connections()
            await self._runner.cleanup()
            self._runner = None

    def phone(
        self,
        name: str = "Aygün",
        language_code: str | None = "az",
        username: str | None = None,
        phone_number: str = "+994501234567",
        *,
        last_name: str = "",
        id: int | None = None,
    ) -> Phone:
        """A new (invented) person with her phone; her private chat's id is hers."""
        number = id if id is not None else max([FIRST_PERSON - 1, *self.world.people]) + 1
        person = Person(number, name, language_code, username, phone_number, last_name)
        self.world.add_person(person)
        return Phone(self.world, person)

    def group(self, title: str = "Qrup", kind: str = "supergroup", *, id: int | None = None) -> Group:
        """A new group, supergroup or channel that the bot is in: as a member, in a channel as administrator."""
        number = id if id is not None else min([-1_000_000_000_000, *self.world.chats]) - 1
        status = "administrator" if kind == "channel" else "member"
        return Group(self.world, self.world.add_chat(Chat(number, kind, title, bot_status=status)))

    def inject(self, update: Json) -> Json:
        """Queue an update as it stands, however malformed; gives it with the `update_id` it got."""
        return self.world.queue.put(update, self.clock.now() + DAY_MS)

    def network_away(self, away: bool = True) -> None:
        """Close all connections without an answer, and each new one, until it is called with False."""
        self.faults.away = away
        if away:
            self.drop_connections()

    def drop_connections(self) -> None:
        """Close all connections of this moment without an answer."""
        server = self._runner.server if self._runner else None
        for connection in server.connections if server else ():
            if connection.transport is not None:
                connection.transport.abort()
