"""A process of its own for what is risky to read: bounded, without our secrets, and gone when it has answered."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

BOUNDS = Path(__file__).with_name("bounds.py")
SECONDS = 20.0  # of real time, whatever clock the bot goes by
LONGEST_ANSWER = 16 * 2**20  # bytes


class Ended(Exception):
    """The worker gave no answer: its bounds or its time ended it, it failed, or it said too much."""


async def run(script: Path, content: bytes, *, seconds: float = SECONDS) -> bytes:
    """Return what the script prints to standard output when `content` is its standard input. Raises Ended.

    It has no environment (so neither token nor key), no file of ours open, and the bounds of bot/bounds.py.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(BOUNDS), str(script)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # what a library says of a failure may be a woman's words
        env={},
        start_new_session=True,
    )
    feeding = asyncio.create_task(_feed(process, content))
    try:
        async with asyncio.timeout(seconds):
            answer = await _hear(process)
            code = await process.wait()
    except TimeoutError:
        raise Ended("it took too long") from None
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        await _end(process)
    if code:
        raise Ended(f"it ended with {code}")
    return answer


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill what still runs, and hear it out: asyncio knows of a process's end only when its pipes are empty."""
    assert process.stdout  # noqa: S101 - a pipe, as asked for
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        while await process.stdout.read(2**16):
            pass
        await process.wait()


async def _feed(process: asyncio.subprocess.Process, content: bytes) -> None:
    assert process.stdin  # noqa: S101 - a pipe, as asked for
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it had heard everything
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()


async def _hear(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout  # noqa: S101 - a pipe, as asked for
    heard = bytearray()
    while part := await process.stdout.read(2**16):
        heard += part
        if len(heard) > LONGEST_ANSWER:
            raise Ended("it says too much")
    return bytes(heard)
