import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot import console
from bot.__main__ import main
from sandbox import cast
from storage.database import Database

ROOT = Path(__file__).parents[2]


@dataclass
class Started:
    """The command `sandbox`, under way in a process of its own."""

    process: asyncio.subprocess.Process
    said: list[str]

    @property
    def address(self) -> str:
        return self.said[-1]

    async def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return await asyncio.wait_for(self.process.wait(), 15)


@asynccontextmanager
async def started(folder: Path, port: int = 0) -> AsyncIterator[Started]:
    """Start the command in `folder` and read what it says, up to the address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--port", str(port)),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    found = Started(process, [])
    try:
        assert process.stdout
        async with asyncio.timeout(20):
            while not found.said or not found.address.startswith("http"):
                found.said.append((await process.stdout.readline()).decode().strip())
                assert process.returncode is None
        yield found
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def chat_of(session: aiohttp.ClientSession, address: str, person: int) -> str:
    """What a phone on the page shows, once the bot has written to it."""
    parts = urlsplit(address)
    query = {"key": parse_qs(parts.query)["key"][0], "person": str(person)}
    async with asyncio.timeout(10):
        while True:
            async with session.get(f"http://{parts.netloc}/page/events", params=query) as stream:
                await stream.content.readline()
                items = json.loads((await stream.content.readline()).removeprefix(b"data: "))
            messages = [item for name, item in items.items() if name.startswith("message/")]
            texts = [message["text"] for message in messages if not message["mine"]]
            if texts:
                return "\n".join(texts)
            await asyncio.sleep(0.05)


async def test_one_command_gives_a_page_with_a_bot_and_its_owner(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with started(tmp_path, taken.getsockname()[1]) as sandbox, aiohttp.ClientSession() as session:
            assert sandbox.said[0].startswith(f"The port {taken.getsockname()[1]} is taken, so it is ")
            async with session.get(sandbox.address) as page:
                assert page.status == 200
            async with session.get(sandbox.address.partition("?")[0]) as page:
                assert page.status == 403
            assert await chat_of(session, sandbox.address, cast.ORGANISER.id or 0)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(chat_of(session, sandbox.address, cast.WOMEN[0].id or 0), 0.2)
            assert await sandbox.end() == 0
    files = {path: path.stat().st_mode & 0o777 for path in (tmp_path / ".sandbox").iterdir() if path.is_file()}
    assert set(files.values()) == {0o600}
    assert not (tmp_path / ".sandbox" / "istirak.db").read_bytes().startswith(b"SQLite format 3")


async def test_a_database_that_is_not_the_sandboxs_own_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in (None, b"k" * 32):
        folder = tmp_path / f"of {key!r}"
        database = await Database.open(folder / "istirak.db", key)
        await database.close()
        before = (folder / "istirak.db").read_bytes()
        assert await asyncio.to_thread(main, ["sandbox", "--port", "0", "--folder", str(folder)]) == console.MEND
        assert "is not a sandbox's own. It is left as it is" in capsys.readouterr().err
        assert (folder / "istirak.db").read_bytes() == before
