"""Where the world begins: the database driver, the network and the file system, as they are given to the app."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.api import Api, Caller
from storage.database import Connector, connect


def replace(new: Path, target: Path) -> None:
    """Put `new` in the place of `target` in one step, on disk when this returns (fsync of file and folder)."""
    for path in (new, new.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    new.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@dataclass(frozen=True)
class Seams:
    """The three ways out of the process. Tests wrap them to count every commit, request and rename."""

    connector: Connector = connect
    caller: Callable[[str, str], Caller] = field(default=Api)  # (base address, token)
    replace: Callable[[Path, Path], None] = replace
