"""The seams of the app, numbered: at the chosen one the process is gone, without a last word."""

import os
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import seams
from bot.api import TIMEOUT, Answer, Api, Upload
from bot.seams import Seams
from storage import database

DEAD = 9  # the exit code of a process that ended at a seam
SIGN_OF_LIFE = "alive"  # the fact that is written each minute and says nothing else


class Numbers:
    """Numbers the seams that are passed, each name for itself, into a file; ends the process at the fatal one."""

    def __init__(self, file: Path, fatal: str) -> None:
        self._file, self._fatal, self._lock = file, fatal, threading.Lock()
        self._counts = Counter[str]()

    def pass_by(self, name: str) -> None:
        """Pass a seam, or die there."""
        with self._lock:
            self._counts[name] += 1
            seam = f"{name} {self._counts[name]}"
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{seam}\n")
            if seam == self._fatal:
                os._exit(DEAD)

    def seams(self) -> Seams:
        """The app's seams, each of which passes by here."""
        return Seams(self._connect, lambda base, token: WatchedCaller(Api(base, token), self), self._replace)

    def _connect(self, path: Path, key: bytes | None, read_only: bool) -> Any:
        connection = database.connect(path, key, read_only)
        return connection if read_only else WatchedConnection(connection, self)

    def _replace(self, new: Path, target: Path) -> None:
        self.pass_by(f"before the rename to {target.name}")
        seams.replace(new, target)
        self.pass_by(f"after the rename to {target.name}")


class WatchedConnection:
    """A writing connection whose commits and checkpoints are numbered.

    A commit of nothing, or of nothing but the sign of life, comes with each minute of the clock and is not numbered.
    """

    def __init__(self, connection: Any, numbers: Numbers) -> None:
        self._connection, self._numbers, self._tables = connection, numbers, set[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters: Any) -> Any:
        """Execute a statement, as the driver does."""
        if sql.startswith("PRAGMA wal_checkpoint"):
            return self._between("the checkpoint", sql)
        if sql == "COMMIT" and self._tables:
            return self._between(f"the commit of {', '.join(sorted(self._tables))}", sql)
        return self._noted(sql, parameters, "execute")

    def executemany(self, sql: str, *parameters: Any) -> Any:
        """Execute a statement for many rows, as the driver does."""
        return self._noted(sql, parameters, "executemany")

    def _noted(self, sql: str, parameters: tuple[Any, ...], method: str) -> Any:
        if sql.startswith("BEGIN"):
            self._tables.clear()
        before = self._connection.total_changes
        result = getattr(self._connection, method)(sql, *parameters)
        if self._connection.total_changes > before and SIGN_OF_LIFE not in (parameters[0] if parameters else ()):
            self._tables.add(table(sql))
        return result

    def _between(self, name: str, sql: str) -> Any:
        self._numbers.pass_by(f"before {name}")
        result = self._connection.execute(sql)
        self._numbers.pass_by(f"after {name}")
        self._tables.clear()
        return result


class WatchedCaller:
    """Makes calls, each between two seams. A long poll that confirms nothing and brings nothing is not numbered."""

    def __init__(self, api: Api, numbers: Numbers) -> None:
        self._api, self._numbers = api, numbers
        self._offset: object = None

    async def call(
        self, method: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT, upload: Upload | None = None
    ) -> Answer:
        """Make the call and return its answer; raises NotSent or Uncertain."""
        is_poll = method == "getUpdates"
        if not is_poll or parameters.get("offset") != self._offset:
            self._numbers.pass_by(f"before {method}")
        self._offset = parameters.get("offset") if is_poll else self._offset
        answer = await self._api.call(method, parameters, timeout=timeout, upload=upload)
        if not is_poll or answer.result:
            self._numbers.pass_by(f"after {method}")
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()


def table(sql: str) -> str:
    """The table that a statement changes."""
    words = sql.replace("(", " ").split()
    at = next(place for place, word in enumerate(words) if word in ("INTO", "UPDATE", "FROM"))
    return words[at + 1]
