"""`python -m tests.crash.sweep`: the bot dies at every seam in turn, is started again, and every promise must be kept.

SQLite's own method, one level up: https://sqlite.org/testing.html, 'Crash testing'.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash import promises
from tests.crash.life import ForkedStage
from tests.crash.scenario import Scenario
from tests.rehearsal.stage import Stuck
from tests.rehearsal.woman import Unanswered

MOST_POINTS = 450
AT_ONCE = 3  # lives at the same time, on two cores
RATE = 60.0  # how fast the clock runs
WATCHDOG = 60.0  # real seconds for one point
ENOUGH = 10  # broken points, after which no more are visited
NUMBERING = 3  # lives in which the seams are numbered
TRIES = 5  # lives in which a seam is looked for
KINDS = {"the commit", "the checkpoint", "the rename", "getUpdates", "sendMessage", "sendVenue", "editMessageText"}


@dataclass
class Point:
    """A life with a death at a seam, and what became of the story."""

    seam: str  # such as 'after sendMessage 12'; '' for a life without a death
    was_hit: bool = False
    broken: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)  # the seams of the first life


def main() -> int:
    """Sweep, print what was found, return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # then, too, the bots are ended and the folders removed
    asked = argparse.ArgumentParser("python -m tests.crash.sweep", description=__doc__)
    asked.add_argument("--points", type=int, default=MOST_POINTS, help="at most so many, evenly chosen")
    asked.add_argument(
        "--point", default="", help="only this one: its number, or its name such as 'after sendMessage 12'"
    )
    arguments = asked.parse_args()
    began = time.monotonic()
    points = asyncio.run(sweep(arguments.points, arguments.point))
    print(report(points, time.monotonic() - began))
    return 0 if points and all(point.was_hit and not point.broken for point in points) else 1


async def sweep(most: int, only: str = "") -> list[Point]:
    """Number the seams in lives without a death, then die at each of the chosen ones."""
    seams = await numbered()
    picked = seams[int(only) - 1] if only.isdecimal() else only
    wanted = [picked] if picked else chosen(seams, most)
    print(f"{len(seams)} seams, {len(wanted)} of them are visited", flush=True)
    points: list[Point] = []
    left = iter(wanted)
    await asyncio.gather(*(visit_all(left, points) for _ in range(AT_ONCE)))
    if len(points) < len(wanted):
        print(f"Stopped after {len(points)} points: enough is broken.")
    return points


async def numbered() -> list[str]:
    """The seams that three lives without a death have all passed, in their order.

    How the commits of the way out fall together is not the same in each life.
    """
    lives = await asyncio.gather(*(live("") for _ in range(NUMBERING)))
    for life in lives:
        if life.broken:
            raise SystemExit("\n".join(["Already without a death the story breaks promises:", *life.broken]))
    always = set.intersection(*(set(life.passed) for life in lives))
    seams = [seam for seam in lives[0].passed if seam in always]
    if missing := KINDS - {kind(seam) for seam in seams}:
        raise SystemExit(f"The story never passes {', '.join(sorted(missing))}.")
    if len(seams) > MOST_POINTS:
        raise SystemExit(f"The story has {len(seams)} seams, more than {MOST_POINTS}: make it shorter.")
    return seams


def chosen(seams: Sequence[str], most: int) -> Sequence[str]:
    """Evenly spread seams, all of them where there are no more than `most`."""
    if len(seams) <= most:
        return seams
    return [seams[round(place * (len(seams) - 1) / (most - 1))] for place in range(most)]


async def visit_all(seams: Iterator[str], points: list[Point]) -> None:
    """Visit one seam after the other, until none is left or enough is broken."""
    for seam in seams:
        points.append(await visit(seam))
        if sum(bool(point.broken) for point in points) >= ENOUGH:
            return


async def visit(seam: str) -> Point:
    """Die at one seam; where a life does not come by there, try again."""
    for _ in range(TRIES):
        point = await live(seam)
        if point.was_hit or point.broken:
            break
    return point


async def live(seam: str) -> Point:
    """Let the story happen, with a death at the seam, and look at what is true then."""
    point = Point(seam)
    with tempfile.TemporaryDirectory(prefix="sweep-") as folder:
        stage = ForkedStage(Path(folder), rate=RATE, fatal=seam)
        try:
            async with asyncio.timeout(WATCHDOG):
                await stage.open()
                scenario = Scenario(stage)
                await scenario.prepare()
                stage.start_bot()
                await scenario.live()
                code = await stage.end()
            point.broken = promises.broken(scenario)
            if code:
                point.broken.append(f"The bot ended with code {code}.\n{stage.log()}")
        except (Unanswered, Stuck, TimeoutError, LookupError, RuntimeError) as error:
            point.broken = [f"The story came to no end: {type(error).__name__}: {error}\n{stage.log()}"]
        finally:
            await stage.close()
        point.passed, point.was_hit = stage.seams(), stage.died
    return point


def report(points: Sequence[Point], seconds: float) -> str:
    """What was swept, and every point at which a promise was broken."""
    kinds = Counter(f"{point.seam.partition(' ')[0]} {kind(point.seam)}" for point in points if point.was_hit)
    lines = [f"{count:5} {name}" for name, count in sorted(kinds.items(), key=lambda each: each[0].split(" ", 1)[::-1])]
    for point in points:
        if not point.was_hit:
            lines.append(f"No life came by «{point.seam}».")
        lines += [f"«{point.seam}»: {sentence}" for sentence in point.broken]
    passed = sum(point.was_hit and not point.broken for point in points)
    return "\n".join([*lines, f"The sweep passes {passed} of {len(points)} points in {seconds:.0f} s."])


def kind(seam: str) -> str:
    """What a seam is at: a commit, a checkpoint, a rename, or the request of a method."""
    words = seam.split()[1:-1]
    return " ".join(words[:2]) if words[0] == "the" else words[0]


if __name__ == "__main__":
    sys.exit(main())
