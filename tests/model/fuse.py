"""A fuse in the seams of the app: where it burns down, the app is dead, as after kill -9: nothing of it is written."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.api import TIMEOUT, Answer, Api, Upload
from bot.seams import Seams
from storage import database

AT = ("before a commit", "after a commit", "before a call", "after a call")


class Dead(BaseException):
    """The process is gone. No Exception: nothing of the app may catch it and go on."""


class Fuse:
    """Counts the seams of one kind; at the chosen one the app dies."""

    def __init__(self) -> None:
        self.dead = False
        self._at, self._left = "", 0

    def light(self, at: str, count: int) -> None:
        """Have the app die at the seam of that kind that is passed as the `count`th from now."""
        self._at, self._left = at, count

    def put_out(self) -> None:
        """Have it live on."""
        self._at = ""

    def pass_by(self, at: str) -> None:
        """Pass a seam, or die there. Raises Dead."""
        if at and at == self._at:
            self._left -= 1
            self.dead = self.dead or self._left <= 0
        if self.dead:
            raise Dead

    def seams(self) -> Seams:
        """The app's seams, each with this fuse in it."""
        return Seams(self._connect, lambda base, token: MortalCaller(Api(base, token), self))

    def _connect(self, path: Path, key: bytes | None, read_only: bool) -> Any:
        connection = database.connect(path, key, read_only)
        return connection if read_only else MortalConnection(connection, self)


class MortalConnection:
    """A writing connection that writes nothing any more once the app is dead."""

    def __init__(self, connection: Any, fuse: Fuse) -> None:
        self._connection, self._fuse = connection, fuse

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters: Any) -> Any:
        """Execute a statement, as the driver does."""
        if sql != "COMMIT":
            self._fuse.pass_by("")
            return self._connection.execute(sql, *parameters)
        self._fuse.pass_by("before a commit")
        done = self._connection.execute(sql)
        self._fuse.pass_by("after a commit")
        return done

    def executemany(self, sql: str, *parameters: Any) -> Any:
        """Execute a statement for many rows, as the driver does."""
        self._fuse.pass_by("")
        return self._connection.executemany(sql, *parameters)


class MortalCaller:
    """Makes calls; once the app is dead none leaves, and none comes back. Long polls are no seams: they only wait."""

    def __init__(self, api: Api, fuse: Fuse) -> None:
        self._api, self._fuse = api, fuse

    async def call(
        self, method: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT, upload: Upload | None = None
    ) -> Answer:
        """Make the call and return its answer; raises NotSent or Uncertain."""
        polls = method == "getUpdates"
        try:
            self._fuse.pass_by("" if polls else "before a call")
            answer = await self._api.call(method, parameters, timeout=timeout, upload=upload)
            self._fuse.pass_by("" if polls else "after a call")
        except Dead:
            await asyncio.Event().wait()  # a dead process does not hear of it
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()
