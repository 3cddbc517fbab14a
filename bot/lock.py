"""One bot a database: a lock on its folder, let go by the system when the process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SecondCopy(Exception):
    """Another copy of the bot already runs with this database."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder` (flock(2)) while the block runs; raises SecondCopy when another process holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SecondCopy(f"Another copy of the bot is already running with the database in {folder}.") from None
        yield
    finally:
        os.close(descriptor)
