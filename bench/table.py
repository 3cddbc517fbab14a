"""Everything that docs/speed.md tells, in one go: `make bench`, or `python -m bench.table [--runs 5] [--only PART]`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable

from bench import growth, pace, start, stub

BESIDE = stub.ROOT.parent / "shared" / "peers"  # measure.py, the peers and the stub's source
OWN_PEER = ["--peer", f"ours={stub.COMMAND} -m bench.bot", "--rows", f"ours={sys.executable} -m bench.rows"]
NORMAL_PEER = [
    *("--peer", f"normal=env SYNC=NORMAL {stub.COMMAND} -m bench.bot"),
    *("--rows", f"normal={sys.executable} -m bench.rows"),
]


def peers(rounds: int, names: str, *options: str) -> None:
    """Print measure.py's table of these peers and, where `options` name it, of this bot."""
    run = ["bash", str(BESIDE / "run.sh"), "--flat", "--runs", str(rounds), "--peers", names, *options]
    told = {"PEERS_ENV": str(stub.BUILT), "STUB_PORT": str(stub.PORT), "PYTHONPATH": str(stub.ROOT)}
    subprocess.run(run, cwd=stub.ROOT, env=os.environ | told, check=True)


def registration(rounds: int) -> None:
    """Print the registration, 200 women at once and no network: the two peers, this bot, and what durability costs."""
    peers(rounds, "ptb,telebot", *OWN_PEER, *NORMAL_PEER, "--users", "400")


def network(rounds: int) -> None:
    """Print the registration of 100 women at once with a round trip of 40 ms."""
    peers(rounds, "ptb,telebot", *OWN_PEER, "--users", "400", "--active", "100", "--delay-ms", "40", "--cap", "120")


def reminders(rounds: int) -> None:
    """Print how fast 1,000 reminders leave without a limit, 32 in flight."""
    peers(rounds, "ptb,telebot", *OWN_PEER, "--fan", "1000", "--conc", "32")


def limits(rounds: int) -> None:
    """Print how the pace keeps below Telegram's limits, and what python-telegram-bot's own limiter does there."""
    pace.show(rounds)
    strict = ("--rate", "30", "--delay-ms", "40", "--jitter-ms", "20", "--conc", "32")
    peers(1, "ptb-limited", "--fan", "1000", *strict)


PARTS: dict[str, Callable[[int], None]] = {
    "registration": registration,
    "network": network,
    "reminders": reminders,
    "pace": limits,
    "growth": growth.show,
    "start": start.show,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser("python -m bench.table", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="rounds, of which medians are printed (5)")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be given more than once")
    asked = parser.parse_args()
    for name, part in PARTS.items():
        if not asked.only or name in asked.only:
            print(f"\n== {name}: {(part.__doc__ or '').strip()}", flush=True)
            part(asked.runs)
