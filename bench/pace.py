"""Whether the pace keeps just below Telegram's limit, and women are answered meanwhile: `python -m bench.pace`.

The stub answers after 40 ms, more or less, and refuses (429) what is above its limit in any sliding second.
"""

import argparse
import asyncio
import os
import time
from statistics import median
from typing import Any

from bench import place, stub
from bot import __main__ as main
from bot.config import Config, Pace

FREE, PAID = 30, 1_000  # Telegram's limits, messages a second
WOMEN = 20  # who register in the middle of the reminders
WRITES = 2  # updates a second of all of them
PACED = 973  # of 1,000: with what a late timer makes up for (bot/pace.py) and with the jitter no second has too many
AT_ONCE = 96  # messages on the way at the paid limit: 1,000 a second for 50 ms, and some
PATIENCE = 15.0  # seconds in which something must leave


def configuration() -> Config:
    """Return the configuration of the bot: for the free limit what stands in every new one, for a higher one more."""
    limit = int(os.environ["RATE"])
    paid = Pace.model_construct(per_second=PACED, per_chat=1.0, in_flight=AT_ONCE)
    return place.configuration().model_copy(update={"pace": Pace() if limit == FREE else paid})


async def run() -> None:
    """Be the bot: run until SIGTERM on a database that was prepared."""
    await main.keep_running(configuration())


def measure(reminders: int, limit: int, jitter_ms: int, women: int) -> dict[str, Any]:
    """Return the stub's figures of one fan-out, with the CPU that it took as `cpu`, seconds."""
    ctl = {"users": max(1, women), "active": women, "pace": WRITES, "delay_us": 40_000, "jitter_us": jitter_ms * 1000}
    with stub.folder() as folder, stub.running(stub.PROGRAM, rate=limit, **ctl):
        told = {"DB": folder / "bot.db", "MODE": "conv", "RATE": limit}
        os.environ |= {name: str(value) for name, value in told.items()} | {"API": stub.ADDRESS}
        asyncio.run(place.prepare(configuration(), reminders, to_remind=True))
        with stub.bot("bench.pace", AS_BOT=1, **told) as process:
            return watched(process, reminders, women)


def watched(process: int, reminders: int, women: int) -> dict[str, Any]:
    """Wait until all reminders have left, or nothing leaves any more; the women begin once the first have."""
    seen, moved, began = stub.ask("stats"), time.monotonic(), 0.0
    while seen["fsent"] < reminders and time.monotonic() - moved < PATIENCE:
        before = seen["fsent"]
        time.sleep(0.1)
        seen = stub.ask("stats")
        if seen["fsent"] > before:
            moved = time.monotonic()
            if not before:
                began = stub.cpu(process)
                if women:
                    stub.ask("go")
    return seen | {"cpu": stub.cpu(process) - began}


def row(name: str, rounds: list[dict[str, Any]], limit: int) -> str:
    """Return a line of the table: medians, and the worst of what must not be."""
    seconds = [each["t_last_send"] - each["t_first_send"] for each in rounds]
    rate = median((each["nsends"] - 1) / took for each, took in zip(rounds, seconds, strict=True))
    cores = median(each["cpu"] / took for each, took in zip(rounds, seconds, strict=True))
    refused, fullest = (max(each[name] for each in rounds) for name in ("refused", "max_window"))
    women = "         -          -"
    if rounds[0]["replies"]:
        women = (
            f"{median(each['ready_p50'] for each in rounds):10.0f} {max(each['ready_max'] for each in rounds):10.0f}"
        )
    told = f"{name:34}{len(rounds):>4}{rate:>9.2f}{100 * rate / limit:>7.1f}{refused:>9}{fullest:>9}{100 * cores:>7.1f}"
    return told + women


HEAD = (
    f"{'reminders':34}{'runs':>4}{'sends/s':>9}{'% kept':>7}{'refused':>9}{'fullest':>9}{'% core':>7}"
    f"{'p50 ms':>10} {'max ms':>10}"
)


def show(rounds: int) -> None:
    """Measure and print the table; 'fullest' is the most in any second, p50 and max are the women's."""
    print(HEAD)
    for name, reminders, limit, jitter, women in (
        ("1,000 at 30/s", 1_000, FREE, 20, 0),
        ("1,000 at 30/s, women register", 1_000, FREE, 20, WOMEN),
        ("10,000 at 1,000/s", 10_000, PAID, 10, 0),
    ):
        print(row(name, [measure(reminders, limit, jitter, women) for _ in range(rounds)], limit), flush=True)


if __name__ == "__main__":
    if "AS_BOT" in os.environ:
        asyncio.run(run())
    else:
        parser = argparse.ArgumentParser("python -m bench.pace", description=__doc__)
        parser.add_argument("--runs", type=int, default=5)
        show(parser.parse_args().runs)
