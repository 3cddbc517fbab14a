"""A second copy of the bot ends at once with a sentence, and the first one loses nothing by it (row 23)."""

import asyncio
import os
import subprocess
import sys
import threading

import pytest

from tests.bot.place import Place
from tests.threats.conftest import Begin
from tests.threats.life import PLAIN, ROOT

pytestmark = pytest.mark.attack

PATIENCE = 15.0  # seconds
WITHIN = 1.0  # seconds of work of the process; on a machine that does other things it waits for its turn besides


def tried(here: Place) -> tuple[int, float, str]:
    """Start another copy; its exit code, the seconds of its work, and what it said."""
    command = (sys.executable, *PLAIN, "--config", str(here.folder / "config.toml"))
    said = here.folder.parent / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=out, stderr=out)
        alarm = threading.Timer(PATIENCE, process.kill)  # should it run on
        alarm.start()
        _, status, used = os.wait4(process.pid, 0)
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_utime + used.ru_stime, said.read_text()


async def test_a_second_copy_ends_within_a_second_with_a_sentence_and_no_update_is_lost(
    here: Place, begin: Begin
) -> None:
    phones = [here.sandbox.phone(f"Aygün {number}") for number in range(5)]
    first = await begin()
    await phones[0].start()
    async with asyncio.timeout(20):
        while not phones[0].received:
            await asyncio.sleep(0.02)
    trying = asyncio.create_task(asyncio.to_thread(tried, here))
    for phone in phones[1:]:
        await phone.start()
        await asyncio.sleep(0.2)
    code, seconds, said = await trying
    async with asyncio.timeout(20):
        while not all(phone.received for phone in phones):
            await asyncio.sleep(0.02)
    assert await first.end() == 0
    assert code != 0
    assert said.startswith("Another copy of the bot is already running")
    assert said.count("\n") <= 2, "one sentence, and what to do"
    assert seconds < WITHIN
    assert [len(phone.received) for phone in phones] == [1] * len(phones)
    assert not [call for call in here.sandbox.calls if call.status == 409]
