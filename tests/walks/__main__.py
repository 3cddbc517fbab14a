"""`python -m tests.walks [--walks 10000] [--rushes 10]`: random walks by women who know nothing of the forms.

Each starts, does things at random while the bot dies now and then and days pass, and then wants to come to the end. The
same seed gives the same walks. The first woman who is left without an answer, without a way on or without what she had
entered is told of, with all that she did.
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from tests.model.stage import make_template
from tests.walks.walk import Walk

AT_ONCE = 25  # women in one bot
RUSH = 100  # women who register at once


def main() -> int:
    """Let them walk, or rush, say how it went, return the exit code."""
    asked = argparse.ArgumentParser("python -m tests.walks", description=__doc__)
    asked.add_argument("--walks", type=int, default=10_000)
    asked.add_argument("--rushes", type=int, default=0, help=f"instead: {RUSH} women register in the same moments")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    began = time.monotonic()
    what = f"{given.rushes} rushes of {RUSH} women" if given.rushes else f"{given.walks} walks"
    acts, deaths = rush(given.rushes, given.seed) if given.rushes else walk(given.walks, given.seed)
    print(f"{what} (seed {given.seed}), {acts} things done, {deaths} deaths of the bot:")
    if given.rushes:
        print("never more women than places, and the list in its order;", end=" ")
    print(f"nobody was lost, in {time.monotonic() - began:.0f} s.")
    return 0


def walk(walks: int, seed: int) -> tuple[int, int]:
    """Let so many women walk; return how many things they did, and how often the bot died. Raises Lost."""
    women = [min(AT_ONCE, walks - number) for number in range(0, walks, AT_ONCE)]
    return _play(women, seed, AT_ONCE, Walk.run)


def rush(rushes: int, seed: int) -> tuple[int, int]:
    """Let a hundred women register at once, so many times; return as `walk` does. Raises Lost."""
    return _play([RUSH] * rushes, seed, 1, Walk.rush)


def _play(
    crowds: Sequence[int], seed: int, step: int, act: Callable[[Walk], Coroutine[Any, Any, None]]
) -> tuple[int, int]:
    logging.disable(logging.CRITICAL)  # what dies here is meant to
    acts = deaths = 0
    try:
        with tempfile.TemporaryDirectory(prefix="walks-") as place:
            room = Path(place, "template")
            room.mkdir()
            template = asyncio.run(make_template(room))
            for number, women in enumerate(crowds):
                folder = Path(place, str(number))
                folder.mkdir()
                one = Walk(folder, template, seed * 1_000_000 + number * step, women)
                asyncio.run(act(one))
                acts += sum(len(walker.told) for walker in one.walkers)
                deaths += one.stage.deaths
                shutil.rmtree(folder)
    finally:
        logging.disable(logging.NOTSET)
    return acts, deaths


if __name__ == "__main__":
    sys.exit(main())
