"""Signs of life for systemd (sd_notify(3)): a bot whose event loop hangs gives none, and is started anew."""

import asyncio
import logging
import socket
from collections.abc import Mapping

log = logging.getLogger(__name__)


async def keep_awake(environ: Mapping[str, str]) -> None:
    """Say that we are ready, then give a sign twice as often as is asked for, until cancelled. No systemd: nothing."""
    address, microseconds = environ.get("NOTIFY_SOCKET"), int(environ.get("WATCHDOG_USEC") or 0)
    if not address:
        return
    _say(address, "READY=1")
    while microseconds:
        await asyncio.sleep(microseconds / 2_000_000)
        _say(address, "WATCHDOG=1")


def _say(address: str, state: str) -> None:
    name = f"\0{address[1:]}" if address.startswith("@") else address  # '@' stands for the NUL of an abstract name
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(state.encode(), name)
    except OSError as error:
        log.warning("systemd does not hear us: %s", error)
