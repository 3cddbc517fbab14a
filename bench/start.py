"""How long a start takes and how much memory it holds, with many people on disk: `python -m bench.start`."""

import argparse
import asyncio
import os
import time
from pathlib import Path
from statistics import median

from bench import place, stub

REST = 5.0  # seconds after the start until its memory is looked at


def measure(people: int, program: Path) -> tuple[float, float]:
    """Return the seconds to the first getUpdates, and the resident MiB some seconds later, of one start."""
    with stub.folder() as folder, stub.running(program):
        told = {"DB": str(folder / "bot.db"), "MODE": "conv"}
        os.environ |= {"API": stub.ADDRESS, **told}
        asyncio.run(place.prepare(place.configuration(), people))
        began = time.time()
        with stub.bot("bench.bot", **told) as process:
            while not (seen := stub.ask("stats"))["first_poll"]:
                time.sleep(0.005)
            time.sleep(REST)
            return seen["t_first_poll"] - began, stub.resident(process)


def show(rounds: int, people: int = 10_000, program: Path = stub.PROGRAM) -> None:
    """Measure and print the medians."""
    found = [measure(people, program) for _ in range(rounds)]
    seconds, mebibytes = (median(each[i] for each in found) for i in (0, 1))
    size = f"{mebibytes:.1f} MiB ({mebibytes * 1.048576:.1f} MB)"
    print(f"first getUpdates after {seconds:.2f} s, {size} resident, {people:,} people on disk")


if __name__ == "__main__":
    parser = argparse.ArgumentParser("python -m bench.start", description=__doc__)
    parser.add_argument("stub", nargs="?", type=Path, default=stub.PROGRAM, help="the stub's program (of PEERS_ENV)")
    parser.add_argument("people", nargs="?", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    show(asked.runs, asked.people, asked.stub)
