"""The first thing that a worker (bot/worker.py) runs: it bounds its own process, then runs the script named to it.

Run as a file, by itself: nothing of the bot is imported into the process that reads what a stranger may have sent.
"""

import os
import resource
import runpy
import sys

MEGABYTE = 2**20
MEMORY = 256 * MEGABYTE  # bytes of address space; the service as a whole has 512 MB (deploy/istirak.service)
CPU = 10  # seconds


def bound() -> None:
    """Leave the process little memory and time, and no file to write. Raises OSError where that cannot be had."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU,
        resource.RLIMIT_CORE: 0,  # the memory of a process that dies is not put on the disk
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 32,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # uvloop leaves copies of our pipes, and whatever may be inherited
    bound()
    runpy.run_path(sys.argv[1], run_name="__main__")
