"""One life of the bot in a process of its own, forked from one that has everything imported already."""

import asyncio
import multiprocessing
import os
import signal
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot import app, config
from sandbox.clock import VirtualClock
from tests.crash.numbered import DEAD, Numbers
from tests.rehearsal.stage import LOOK, PATIENCE, Stage

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])


def live(folder: str, fatal: str) -> None:
    """Be the bot whose configuration lies in `folder`; die at the fatal seam, or end in order at SIGTERM."""
    log = os.open(Path(folder, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    asyncio.run(_run(Path(folder), fatal))


async def _run(folder: Path, fatal: str) -> None:
    told = config.load(folder / "config.toml", {})
    assert told.sandbox.clock
    numbers = Numbers(folder / f"seams-{os.getpid()}", fatal)
    running = app.build(told, VirtualClock.shared(told.sandbox.clock), numbers.seams())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.stop_soon)
    await running.run()


class ForkedStage(Stage):
    """A stage whose bot dies at a chosen seam and is started again at once."""

    def __init__(self, folder: Path, *, rate: float, fatal: str) -> None:
        # No woman waits here for the pace: when a chat rests, how commits fall together depends on the machine.
        super().__init__(folder, rate=rate, encrypted=False, settings="[pace]\nper_second = 30\nper_chat = 5\n")
        self.sandbox.limits.on = False
        self.fatal = fatal
        self.lives: list[int] = []  # the process ids, in their order
        self.process: ForkServerProcess | None = None
        self._watch: asyncio.Task[None] | None = None

    def start_bot(self, *, again: bool = False) -> None:
        """Start the bot, and again when it has died at its seam."""
        self._start("" if again else self.fatal)
        self._watch = asyncio.create_task(self._revive())

    async def stop_bot(self, *, kill: bool = False) -> int:
        """End the process, in order or at once, and return its exit code."""
        assert self.process and self._watch
        self._watch.cancel()
        (self.process.kill if kill else self.process.terminate)()
        async with asyncio.timeout(PATIENCE):
            while (code := self.process.exitcode) is None:
                await asyncio.sleep(LOOK)
        self.process = None
        return code

    async def end(self) -> int:
        """End the bot in order; when its seam was on the way out, it is started once more and ended."""
        code = await self.stop_bot()
        if code == DEAD:
            self.start_bot(again=True)
            await self.settle()
            code = await self.stop_bot()
        return code

    def exit_code(self) -> int | None:
        """The exit code of a process that has ended otherwise than at its seam."""
        code = self.process.exitcode if self.process else None
        return None if code == DEAD else code

    async def close(self) -> None:
        """End everything that is still running."""
        if self.process:
            await self.stop_bot(kill=True)
        await super().close()

    def seams(self) -> list[str]:
        """The seams that the first life passed, in their order."""
        return (self.folder / f"seams-{self.lives[0]}").read_text().splitlines()

    @property
    def died(self) -> bool:
        """Whether the fatal seam was reached."""
        return len(self.lives) > 1

    def _start(self, fatal: str) -> None:
        self.look_away()
        self.process = FORKS.Process(target=live, args=(str(self.folder), fatal))
        self.process.start()
        self.lives.append(self.process.pid or 0)
        self.expect_look()

    async def _revive(self) -> None:
        while self.process is not None:
            if self.process.exitcode == DEAD:
                self._start("")
            await asyncio.sleep(0.005)
