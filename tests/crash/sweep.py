"""`python -m tests.crash.sweep`: the bot dies at every seam in turn, is started again, and every promise must be kept.

SQLite's own method, one level up: https://sqlite.org/testing.html, 'Crash testing'.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash import promises
from tests.crash.life import ForkedStage
from tests.crash.scenario import Scenario
from tests.rehearsal.stage import Stuck
from tests.rehearsal.woman import Unanswered

MOST_POINTS = 400
AT_ONCE = 3  # lives at the same time, on two cores
RATE = 60.0  # how fast the clock runs
WATCHDOG = 60.0  # real seconds for one point
TRIES = 3  # at reaching a seam: how the commits of the way out fall together is not the same each time


@dataclass
class Point:
    """One seam at which the bot died, and what became of the story."""

    number: int
    name: str = ""
    broken: list[str] = field(default_factory=list)
    seams: int = 0  # how many the first life passed

    @property
    def was_hit(self) -> bool:
        """Whether the bot died there."""
        return bool(self.name)


def main() -> int:
    """Sweep, print what was found, return the exit code."""
    asked = argparse.ArgumentParser("python -m tests.crash.sweep", description=__doc__)
    asked.add_argument("--points", type=int, default=MOST_POINTS, help="at most so many, evenly chosen")
    asked.add_argument("--point", type=int, help="only this one")
    arguments = asked.parse_args()
    began = time.monotonic()
    points = asyncio.run(sweep(arguments.points, arguments.point))
    print(report(points, time.monotonic() - began))
    return 0 if points and all(point.was_hit and not point.broken for point in points) else 1


async def sweep(most: int, only: int | None = None) -> list[Point]:
    """Number the seams in a life without a death, then die at each of the chosen ones."""
    whole = await live(0)
    if whole.broken:
        raise SystemExit("\n".join(["Already without a death the story breaks promises:", *whole.broken]))
    print(f"{whole.seams} seams", flush=True)
    if whole.seams > MOST_POINTS:
        raise SystemExit(f"The story has {whole.seams} seams, more than {MOST_POINTS}: make it shorter.")
    wanted = [only] if only else chosen(whole.seams, most)
    turn = asyncio.Semaphore(AT_ONCE)
    return list(await asyncio.gather(*(visit(number, turn) for number in wanted)))


def chosen(seams: int, most: int) -> Sequence[int]:
    """Evenly spread numbers of seams, all of them where there are no more than `most`."""
    if seams <= most:
        return range(1, seams + 1)
    return [1 + round(place * (seams - 1) / (most - 1)) for place in range(most)]


async def visit(number: int, turn: asyncio.Semaphore) -> Point:
    """Die at one seam; where the story ends before, try again."""
    async with turn:
        for _ in range(TRIES):
            point = await live(number)
            if point.was_hit or point.broken:
                break
        return point


async def live(fatal: int) -> Point:
    """Let the story happen, with a death at the fatal seam (0: none), and look at what is true then."""
    point = Point(fatal)
    with tempfile.TemporaryDirectory(prefix="sweep-") as folder:
        stage = ForkedStage(Path(folder), rate=RATE, fatal=fatal)
        try:
            async with asyncio.timeout(WATCHDOG):
                await stage.open()
                scenario = Scenario(stage)
                await scenario.prepare()
                stage.start_bot()
                await scenario.live()
                code = stage.stop_bot()
            point.broken = promises.broken(scenario)
            if code:
                point.broken.append(f"The bot ended with code {code}.\n{stage.log()}")
        except (Unanswered, Stuck, TimeoutError, LookupError, RuntimeError) as error:
            point.broken = [f"The story came to no end: {type(error).__name__}: {error}\n{stage.log()}"]
        finally:
            await stage.close()
        seams = stage.seams()
        point.seams, point.name = len(seams), seams[-1] if stage.died else ""
    return point


def report(points: Sequence[Point], seconds: float) -> str:
    """What was swept, and every point at which a promise was broken."""
    kinds = Counter(kind(point.name) for point in points if point.was_hit)
    lines = [f"{count:5} {name}" for name, count in sorted(kinds.items())]
    for point in points:
        if not point.was_hit:
            lines.append(f"Point {point.number} was never hit.")
        lines += [f"Point {point.number}, {point.name}: {sentence}" for sentence in point.broken]
    passed = sum(point.was_hit and not point.broken for point in points)
    return "\n".join([*lines, f"The sweep passes {passed} of {len(points)} points in {seconds:.0f} s."])


def kind(name: str) -> str:
    """What a seam is: a commit, a checkpoint, a rename, or the request of a method."""
    place, _, rest = name.partition(" ")
    return f"{rest.split(' of ')[0].split(' to ')[0]} ({place})"


if __name__ == "__main__":
    sys.exit(main())
