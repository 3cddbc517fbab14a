"""The peers' stub of the Bot API (stub.c), set going on this machine, and the real application beside it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BUILT = Path(os.environ.get("PEERS_ENV", ROOT.parent / "peers-built"))
PROGRAM = BUILT / "stub"
PORT = int(os.environ.get("STUB_PORT", "9101"))
ADDRESS = f"http://127.0.0.1:{PORT}"
COMMAND = f"{sys.executable} -OO"  # as deploy/istirak.service runs the bot
TICKS = os.sysconf("SC_CLK_TCK")


def ask(path: str) -> dict[str, Any]:
    """Return what the stub says to one of its controls: 'ctl?…', 'go', 'stats' (the head of stub.c)."""
    with urllib.request.urlopen(f"{ADDRESS}/{path}", timeout=20) as answer:
        return dict(json.load(answer))


@contextmanager
def running(program: Path = PROGRAM, **settings: int) -> Iterator[None]:
    """Run the stub with these settings of its 'ctl'."""
    control = "ctl?" + "&".join(f"{name}={value}" for name, value in settings.items())
    with ended(subprocess.Popen([*pinned(0), str(program), str(PORT)])) as process:
        while process.poll() is None:
            try:
                ask(control)
                break
            except OSError:
                time.sleep(0.02)
        else:
            raise SystemExit(f"{program} does not run: bench/README.md says what it is made of")
        yield


@contextmanager
def bot(module: str, **environment: object) -> Iterator[int]:
    """Run a module of the bench as a bot of its own, with its log in the folder of DB; give its process id."""
    told = {"API": ADDRESS, **{name: str(value) for name, value in environment.items()}}
    with Path(told["DB"]).with_name("log").open("w") as log:
        process = subprocess.Popen([*pinned(1), *COMMAND.split(), "-m", module], env=os.environ | told, stderr=log)
    with ended(process):
        yield process.pid


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """End the process, in whatever way the block ends."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def pinned(core: int) -> list[str]:
    """Return what goes before a command that is to have a core for itself, as measure.py does it."""
    return ["taskset", "-c", str(core)] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []


def cpu(process: int) -> float:
    """Return the CPU seconds, user and system, that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(process: int) -> float:
    """Return the resident memory of a process, MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
