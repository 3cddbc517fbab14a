"""How long a start takes and how much memory it holds, with many people on disk: `python -m bench.start STUB [PEOPLE]`.

STUB is the program that measure.py makes of stub.c. Prints seconds to the first getUpdates and resident MiB 5 s later.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench import place

PORT = 9103
REST = 5.0  # seconds


def polled_at() -> float | None:
    """Return when the stub was first asked for updates; None when it was not yet."""
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/stats", timeout=5) as answer:
        return json.load(answer)["t_first_poll"] or None


def resident(process: int) -> float:
    """Return the resident memory of a process, MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def measure(stub: str, women: int) -> tuple[float, float]:
    """Return the seconds and MiB of one start with so many registered women in the database."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"API": f"http://127.0.0.1:{PORT}", "DB": f"{folder}/bot.db", "MODE": "conv"}
        asyncio.run(place.prepare(place.configuration(), women))
        server = subprocess.Popen([stub, str(PORT)])
        time.sleep(0.5)
        began = time.time()
        bot = subprocess.Popen([sys.executable, "-m", "bench.bot"])
        try:
            while (polled := polled_at()) is None:
                time.sleep(0.005)
            time.sleep(REST)
            return polled - began, resident(bot.pid)
        finally:
            bot.terminate()
            bot.wait()
            server.kill()


if __name__ == "__main__":
    seconds, mebibytes = measure(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
    print(f"first getUpdates after {seconds:.2f} s, {mebibytes:.0f} MiB resident")
