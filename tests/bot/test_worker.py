"""What a stranger's file can do to the process that reads it ends with that process."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
import uvloop

from bot import bounds, worker


async def run(folder: Path, script: str, content: bytes = b"", seconds: float = 10.0) -> bytes:
    path = folder / "script.py"
    path.write_text(script, "utf-8")
    return await worker.run(path, content, seconds=seconds)


async def test_a_worker_answers(tmp_path: Path) -> None:
    echo = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])"
    assert await run(tmp_path, echo, b"abc" * 100_000) == b"cba" * 100_000


async def test_a_worker_knows_neither_our_secrets_nor_our_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123:secret")
    script = (
        "import json, os, sys\nprint(json.dumps([sorted(os.environ), sys.argv, sorted(os.listdir('/proc/self/fd'))]))"
    )
    environment, arguments, files = json.loads(await run(tmp_path, script))
    assert not {"BOT_TOKEN", "PATH", "HOME"} & set(environment)
    assert not [word for word in arguments if "secret" in word]
    assert len(files) <= 4  # its three pipes, and the folder that it lists
    with pytest.raises(worker.Ended):
        await run(tmp_path, "import bot.config")


def test_beside_the_loop_that_we_run_on_it_has_no_file_of_ours_either(tmp_path: Path) -> None:
    script = "import json, os\nprint(json.dumps(sorted(os.listdir('/proc/self/fd'))))"
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, (tmp_path / "ours").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        assert len(json.loads(runner.run(run(tmp_path, script)))) <= 4


async def test_a_worker_is_bounded_before_it_reads_anything(tmp_path: Path) -> None:
    script = (
        "import json, resource as r\n"
        "print(json.dumps([r.getrlimit(k) for k in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_CORE, r.RLIMIT_FSIZE)]))"
    )
    limits = json.loads(await run(tmp_path, script))
    assert limits == [[most, most] for most in (bounds.MEMORY, bounds.CPU, 0, 0)]


HOSTILE = {
    "memory": "b = []\nwhile True: b.append(bytearray(2**24))",
    "a file on the disk": "import tempfile\nwith tempfile.TemporaryFile() as file: file.write(b'x')",
    "an error": "raise ValueError('Aygün')",
    "an exit": "import sys\nsys.exit(3)",
    "its own death": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "no end of talk": "import sys\nwhile True: sys.stdout.write('x' * 2**20)",
}


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE.keys())
async def test_what_goes_wrong_in_a_worker_stays_there(tmp_path: Path, script: str) -> None:
    with pytest.raises(worker.Ended):
        await run(tmp_path, script, b"x" * 2**20)


async def test_a_loop_that_never_ends_is_ended(tmp_path: Path) -> None:
    with pytest.raises(worker.Ended, match="too long"):
        await run(tmp_path, "while True: pass", seconds=0.3)


async def test_a_loop_is_ended_by_its_own_bounds_if_nobody_waits(tmp_path: Path) -> None:
    script = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    with pytest.raises(worker.Ended, match="it ended with"):
        await run(tmp_path, script, seconds=60)


async def test_who_is_stopped_takes_the_worker_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []
    create = asyncio.create_subprocess_exec

    async def watched(*words: Any, **more: Any) -> asyncio.subprocess.Process:
        started.append(await create(*words, **more))
        return started[0]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    waiting = asyncio.create_task(run(tmp_path, "import time\ntime.sleep(600)", seconds=600))
    while not started:
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert started[0].returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(started[0].pid, 0)
