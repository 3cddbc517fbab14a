"""A process of the bot, as it runs for women, and all that it says and shows."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from tests.bot.place import Place

ROOT = Path(__file__).parents[2]
PLAIN = ("-OO", "-m", "bot", "run")


class Life:
    """A process of the bot, and all that it said and showed."""

    def __init__(self, process: asyncio.subprocess.Process, said: Path) -> None:
        self.process, self._said = process, said
        self.shown = self._proc("cmdline")

    @classmethod
    async def begin(cls, here: Place, *how: str) -> "Life":
        """Start the bot of a place; what it says goes to a file beside it, so that it never waits for a reader."""
        said = here.folder.parent / f"said-{time.monotonic_ns()}"
        with said.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, *(how or PLAIN), "--config", str(here.folder / "config.toml")),
                env={**os.environ, "PYTHONPATH": str(ROOT), "RUST_LOG": "trace"},
                cwd=here.folder,
                stdout=out,
                stderr=out,
            )
        return cls(process, said)

    async def end(self, number: int | None = signal.SIGTERM) -> int:
        """Send the signal, if there is one, and wait until the process has ended; return its exit code."""
        if number is not None:
            self.shown += self._proc("cmdline")
            self.process.send_signal(number)
        code = await asyncio.wait_for(self.process.wait(), 20)
        self.shown += self.said()
        return code

    def said(self) -> bytes:
        """What it has said so far."""
        return self._said.read_bytes()

    def listens(self) -> bool:
        """Whether the process waits for connections of others on any port (proc(5), state 0A)."""
        sockets = set()
        for link in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                sockets.add(link.readlink().name.removeprefix("socket:[").removesuffix("]"))
        lines = (self._proc("net/tcp") + self._proc("net/tcp6")).decode().splitlines()
        return any(fields[3] == "0A" and fields[9] in sockets for line in lines if len(fields := line.split()) > 9)

    def memory(self) -> float:
        """The most memory that the process had so far, MiB (proc(5), VmHWM)."""
        return int(self._proc("status").decode().partition("VmHWM:")[2].split()[0]) / 1024

    def work(self) -> float:
        """The seconds that processors worked for the process so far (proc(5), utime and stime)."""
        fields = self._proc("stat").decode().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _proc(self, name: str) -> bytes:
        return Path(f"/proc/{self.process.pid}/{name}").read_bytes()
