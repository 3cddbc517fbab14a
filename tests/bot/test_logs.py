"""Logs: one line a record, and never a token, a name or an answer."""

import asyncio
import io
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator

import aiosqlite
import pytest

from bot import logs

TOKEN = "123456789:" + "Planted-token_" * 3
OTHER = "987654321:" + "A" * 35
NAME = "Aygün Planted"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the logs say at DEBUG; the state of the logging module is put back afterwards."""
    root = logging.getLogger()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    hooks = sys.excepthook, threading.excepthook
    caught = io.StringIO()
    logs.set_up("DEBUG", secrets=[TOKEN, ""], stream=caught)
    yield caught
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook = hooks
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    root.handlers[:], logging.raiseExceptions = handlers, raising
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


def test_tokens_are_masked_in_message_arguments_and_traceback(stream: io.StringIO) -> None:
    logger = logging.getLogger("bot.sender")
    logger.info(f"https://api.telegram.org/bot{OTHER}/getMe")
    logger.warning("asked %s and %r", f"/bot{TOKEN}/sendMessage", {"token": TOKEN})
    try:
        raise OSError(f"cannot connect to /bot{TOKEN}/")
    except OSError:
        logger.exception("failed with %s", TOKEN)
    said = stream.getvalue()
    assert TOKEN not in said
    assert OTHER not in said
    assert said.count("«token»") == 5
    assert "OSError: cannot connect to /bot«token»/ < " in said


def test_a_record_is_one_line(stream: io.StringIO) -> None:
    logging.getLogger("bot").info("one\r\x1b[31m \u2067%s", "x")
    try:
        raise ValueError("a\nb")
    except ValueError as error:
        try:
            raise RuntimeError from error
        except RuntimeError:
            logging.getLogger("bot").exception("two")
    first, second = lines(stream)
    assert first.endswith("INFO bot: one")
    assert "two | RuntimeError < " in second
    assert " | caused by ValueError < " in second


def test_signs_that_cannot_be_seen_are_escaped(stream: io.StringIO) -> None:
    logging.getLogger("bot").info("a\x1b[31mb \u2067 ə")
    assert lines(stream)[0].endswith(r"a\x1b[31mb \u2067 ə")


def test_an_error_does_not_repeat_what_a_woman_wrote(stream: io.StringIO) -> None:
    try:
        int(NAME)
    except ValueError:
        logging.getLogger("bot").exception("an answer could not be handled")
    [line] = lines(stream)
    assert NAME not in line
    assert "ValueError < " in line
    assert "test_an_error_does_not_repeat_what_a_woman_wrote" in line


def test_arguments_that_do_not_fit_are_not_printed(stream: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("bot").info("nothing to fill in", NAME)
    assert lines(stream)[0].endswith("bot: nothing to fill in")
    assert NAME not in capsys.readouterr().err


def test_libraries_that_log_updates_requests_and_statements_are_kept_quiet(stream: io.StringIO) -> None:
    for name in ("telegram.ext.Application", "telegram.Bot", "aiosqlite", "aiohttp.client", "asyncio"):
        logging.getLogger(name).debug("Processing update %s", NAME)
    for name in ("httpx", "httpcore.http11", "aiohttp.access", "apscheduler.scheduler"):
        logging.getLogger(name).info("POST %s %s", TOKEN, NAME)
    logging.getLogger("bot.poll").debug("seen")
    assert [line.rpartition(" ")[2] for line in lines(stream)] == ["seen"]


async def test_statements_with_names_are_not_logged_even_at_debug(stream: io.StringIO) -> None:
    async with aiosqlite.connect(":memory:") as connection:
        await connection.execute("SELECT ?", (NAME,))
    logging.getLogger("bot").debug("done")
    assert NAME not in stream.getvalue()
    assert "done" in stream.getvalue()


async def test_a_task_that_fails_unseen_is_logged_without_its_words(stream: io.StringIO) -> None:
    error = ValueError(NAME)
    context = {"message": "Task exception was never retrieved", "exception": error, "future": error}
    asyncio.get_running_loop().call_exception_handler(context)
    [line] = lines(stream)
    assert "Task exception was never retrieved | ValueError" in line
    assert NAME not in line


def test_warnings_are_records(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"old {TOKEN}", stacklevel=1)
    [line] = lines(stream)
    assert "py.warnings" in line
    assert "old «token»" in line


@pytest.mark.parametrize("thread", [False, True])
def test_a_crash_is_one_line_without_secrets(thread: bool) -> None:
    crash = f"raise OSError('{TOKEN}') from ValueError('{NAME}')"
    if thread:
        crash = f"import threading; t = threading.Thread(target=lambda: exec({crash!r})); t.start(); t.join()"
    script = f"from bot import logs\nlogs.set_up()\n{crash}\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    [line] = done.stderr.splitlines()
    assert "CRITICAL bot: stopped by an error | OSError: «token» < " in line
    assert "caused by ValueError" in line
    assert NAME not in line
