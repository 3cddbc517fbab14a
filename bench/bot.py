"""The real application as a peer of ../shared/peers: `python -m bench.bot`, with API, DB and MODE in its environment.

Form, the programme's texts, address, pace and what may be in flight are all that differs from what women use.
"""

import os
from pathlib import Path

import uvloop

from bench import place
from bot import __main__ as main
from forms import load
from storage import database


async def run() -> None:
    """Prepare the database if it is new, and run until SIGTERM."""
    config = place.configuration()
    if not config.storage.database.exists():
        fan = os.environ.get("MODE") == "fan"
        await place.prepare(config, int(os.environ["FAN"]) if fan else 0, to_remind=fan)
    await main.keep_running(config)


if __name__ == "__main__":
    load.DEFINITIONS = Path(__file__).parent  # the form of the comparison in place of the shipped ones
    if "SYNC" in os.environ:
        chosen = f"PRAGMA synchronous = {os.environ['SYNC']}"
        database.PRAGMAS = (chosen, *database.PRAGMAS[1:])  # the first of them is FULL
    uvloop.run(run())
