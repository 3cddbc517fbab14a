"""A bot that says what it is told to say, over HTTP: how the tests talk with the sandbox."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import aiohttp

from sandbox.server import Sandbox

Json = dict[str, Any]


class Bot:
    """Calls Bot API methods of one sandbox."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.root = f"/bot{sandbox.token}"

    async def answer(self, method: str, /, **values: Any) -> tuple[int, Json]:
        """Status and body of a call with a JSON body."""
        async with self.session.post(f"{self.root}/{method}", json=values) as response:
            body: Json = await response.json()
            return response.status, body

    async def do(self, method: str, /, **values: Any) -> Any:
        """The result of a call that must succeed."""
        status, body = await self.answer(method, **values)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    async def refusal(self, method: str, /, **values: Any) -> tuple[int, str]:
        """Code and description of a call that must be refused."""
        status, body = await self.answer(method, **values)
        assert (body["ok"], body["error_code"]) == (False, status)
        return status, body["description"]

    async def upload(self, method: str, content: bytes, name: str = "a.txt", /, **values: Any) -> tuple[int, Json]:
        """Status and body of a multipart call whose file stands in the field that the method is named after."""
        form = aiohttp.FormData()
        form.add_field(method.removeprefix("send").lower(), io.BytesIO(content), filename=name)
        for key, value in values.items():
            form.add_field(key, value if isinstance(value, str) else json.dumps(value))
        async with self.session.post(f"{self.root}/{method}", data=form) as response:
            body: Json = await response.json()
            return response.status, body

    async def waiting(self, method: str = "do", **values: Any) -> asyncio.Task[Any]:
        """A getUpdates that waits for updates: the running call of `method` of this bot."""
        before = self.sandbox.polls
        poll = asyncio.create_task(getattr(self, method)("getUpdates", **{"timeout": 50, **values}))
        async with asyncio.timeout(2):
            while self.sandbox.polls == before:
                await asyncio.sleep(0)
        return poll

    async def updates(self, **values: Any) -> list[Json]:
        """What getUpdates gives."""
        given: list[Json] = await self.do("getUpdates", **values)
        return given
