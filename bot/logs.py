"""Logs: one line a record, without tokens, and without what the women write."""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TextIO

from bot import keys

# Loggers that would show a person's words or the token, with the lowest level at which they do not.
QUIET = {
    "telegram": logging.INFO,  # whole updates at DEBUG
    "aiosqlite": logging.INFO,  # every statement with its parameters at DEBUG
    "httpx": logging.WARNING,  # addresses with the token at INFO
    "httpcore": logging.WARNING,
    "aiohttp.access": logging.WARNING,  # addresses at INFO
    "aiohttp.client": logging.INFO,
    "apscheduler": logging.WARNING,  # a line for each tick at INFO
    "asyncio": logging.INFO,
}

# What an exception says of itself may be an answer ('could not convert "Aygün"'); what the system and the database say
# is about files, connections and tables.
TELLING = (OSError, MemoryError)
TELLING_MODULES = ("sqlite3", "sqlcipher3")


class Line(logging.Formatter):
    """Formats a record as one line, and takes every secret out of message, arguments and traceback alike."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        known = [re.escape(secret) for secret in secrets if secret]
        self._secret = re.compile("|".join([*known, keys.TOKEN.pattern]))

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. A message of several lines keeps its first: below it, libraries write values."""
        record.message = "".join(_message(record).splitlines()[:1])
        record.asctime = self.formatTime(record, self.datefmt)
        line = self.formatMessage(record)
        if record.exc_info and record.exc_info[1] is not None:
            line += " | " + " | caused by ".join(_told(error) for error in _chain(record.exc_info[1]))
        return _printable(self._secret.sub(keys.MASK, line))


def set_up(level: int | str = logging.INFO, *, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send every record of `level` or above to `stream` (standard error), with `secrets` and all tokens masked.

    Uncaught exceptions and warnings are records, too. Loggers that would show a person's words are kept above DEBUG.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Line(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, lowest in QUIET.items():
        logging.getLogger(name).setLevel(max(lowest, root.level))
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # logging would print a record's arguments when it cannot be written
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # arguments that do not fit: logging itself would print them
        return str(record.msg)


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("stopped by an error", exc_info=error or kind())


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it was raised from, each once."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _told(error: BaseException) -> str:
    """Return the error's type, the places it came through, and what it says if that cannot be a person's words."""
    said = f": {error}" if _is_telling(error) else ""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return " < ".join([type(error).__qualname__ + said, *reversed(places)])


def _is_telling(error: BaseException) -> bool:
    return isinstance(error, TELLING) or type(error).__module__.partition(".")[0] in TELLING_MODULES


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)
