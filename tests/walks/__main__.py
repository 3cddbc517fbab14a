"""`python -m tests.walks --walks 10000`: random walks by women who know nothing of the forms.

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
from pathlib import Path

from tests.model.stage import make_template
from tests.walks.walk import Walk

AT_ONCE = 25  # women in one bot


def main() -> int:
    """Let them walk, say how it went, return the exit code."""
    asked = argparse.ArgumentParser("python -m tests.walks", description=__doc__)
    asked.add_argument("--walks", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    began = time.monotonic()
    acts, deaths = walk(given.walks, given.seed)
    print(f"{given.walks} walks (seed {given.seed}), {acts} things done, {deaths} deaths of the bot:")
    print(f"nobody was lost, in {time.monotonic() - began:.0f} s.")
    return 0


def walk(walks: int, seed: int) -> tuple[int, int]:
    """Let so many women walk; return how many things they did, and how often the bot died. Raises Lost."""
    logging.disable(logging.CRITICAL)  # what dies here is meant to
    acts = deaths = 0
    try:
        with tempfile.TemporaryDirectory(prefix="walks-") as place:
            room = Path(place, "template")
            room.mkdir()
            template = asyncio.run(make_template(room))
            for number in range(0, walks, AT_ONCE):
                folder = Path(place, str(number))
                folder.mkdir()
                one = Walk(folder, template, seed * 1_000_000 + number, min(AT_ONCE, walks - number))
                asyncio.run(one.run())
                acts += sum(len(walker.told) for walker in one.walkers)
                deaths += one.stage.deaths
                shutil.rmtree(folder)
    finally:
        logging.disable(logging.NOTSET)
    return acts, deaths


if __name__ == "__main__":
    sys.exit(main())
