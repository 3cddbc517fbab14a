"""systemd is told that the bot is ready and awake, and nobody else is told anything."""

import asyncio
import socket
from pathlib import Path

import pytest

from bot import watchdog


@pytest.fixture
def systemd(tmp_path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.bind(str(tmp_path / "notify"))
    line.setblocking(False)
    return line


async def heard(line: socket.socket, seconds: float, environ: dict[str, str]) -> list[bytes]:
    with line:
        awake = asyncio.create_task(watchdog.keep_awake(environ))
        await asyncio.sleep(seconds)
        awake.cancel()
        said = []
        while True:
            try:
                said.append(line.recv(100))
            except BlockingIOError:
                return said


async def test_it_says_that_it_is_ready_and_then_twice_as_often_as_asked_that_it_is_awake(
    systemd: socket.socket,
) -> None:
    said = await heard(systemd, 0.5, {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "100000"})
    assert said[0] == b"READY=1"
    assert 2 <= said.count(b"WATCHDOG=1") == len(said) - 1 <= 10  # a busy machine gives fewer, never more


async def test_an_event_loop_that_hangs_gives_no_sign(systemd: socket.socket) -> None:
    async def hang() -> None:
        await asyncio.sleep(0.05)
        block(0.4)

    hanging = asyncio.create_task(hang())
    said = await heard(systemd, 0.46, {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "40000"})
    await hanging
    assert said.count(b"WATCHDOG=1") <= 4


def block(seconds: float) -> None:
    """Keep the whole loop waiting, as a bug would."""
    left, right = socket.socketpair()
    with left, right:
        left.settimeout(seconds)
        with pytest.raises(TimeoutError):
            left.recv(1)


async def test_without_a_watchdog_it_is_ready_and_still(systemd: socket.socket) -> None:
    assert await heard(systemd, 0.1, {"NOTIFY_SOCKET": systemd.getsockname()}) == [b"READY=1"]


async def test_without_systemd_it_returns(tmp_path: Path) -> None:
    await asyncio.wait_for(watchdog.keep_awake({}), 1)
    await asyncio.wait_for(watchdog.keep_awake({"NOTIFY_SOCKET": str(tmp_path / "nobody")}), 1)


async def test_an_abstract_socket_is_found() -> None:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.bind("\0istirak-test-notify")
    line.setblocking(False)
    assert await heard(line, 0.1, {"NOTIFY_SOCKET": "@istirak-test-notify"}) == [b"READY=1"]
