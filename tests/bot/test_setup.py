import asyncio
import os
import pty
import re
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import nullcontext, suppress
from itertools import product
from pathlib import Path

import pytest

from storage import audit, backup, facts, recovery, roles
from storage.database import WrongKey, connect
from tests.bot.place import Place, place

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"https://t\.me/istirak_sandbox_bot\?start=r_([\w-]{22})")
RECOVERY_KEY = re.compile(r"(?:[0-9A-Z]{5}-){7}[0-9A-Z]{5}")


@pytest.fixture
async def here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Place]:
    async with place(tmp_path / "home", capsys) as found:
        yield found


class Terminal:
    """A pseudo terminal with somebody at it."""

    def __init__(self, *command: str, folder: Path) -> None:
        self.shown, self._seen = "", 0
        self.pid, self._screen = pty.fork()
        if not self.pid:  # the child
            environ = {**os.environ, "PYTHONPATH": str(ROOT)}
            environ.pop("BOT_TOKEN", None)
            os.chdir(folder)
            os.execve(sys.executable, [sys.executable, *command], environ)

    async def see(self, text: str) -> None:
        """Wait, at most 20 seconds, until the text was shown after what was seen before."""
        os.set_blocking(self._screen, False)
        for _ in range(1000):
            if (at := self.shown.find(text, self._seen)) >= 0:
                self._seen = at + len(text)
                return
            with suppress(BlockingIOError):
                self.shown += os.read(self._screen, 65536).decode()
            await asyncio.sleep(0.02)
        raise AssertionError(f"{text!r} was not shown; {self.shown[-300:]!r} was")

    def type(self, line: str) -> None:
        os.write(self._screen, f"{line}\n".encode())

    async def end(self) -> int:
        _, status = await asyncio.to_thread(os.waitpid, self.pid, 0)
        os.close(self._screen)
        return os.waitstatus_to_exitcode(status)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.filterwarnings("ignore:.*use of forkpty.*:DeprecationWarning")
async def test_a_volunteer_is_led_through_at_the_terminal(here: Place) -> None:
    terminal = Terminal("-m", "bot", "init", folder=here.folder)
    await terminal.see("press Enter: ")
    assert "@BotFather" in terminal.shown
    assert "/setjoingroups" in terminal.shown
    terminal.type("not a token")
    await terminal.see("That is not a token")
    await terminal.see("press Enter: ")  # what is typed before the question is thrown away
    terminal.type("654321:" + "a" * 35)
    await terminal.see("Telegram does not know this token")
    await terminal.see("press Enter: ")
    terminal.type(here.sandbox.token)
    await terminal.see("Press Enter when it is on paper.")
    assert not (await fact(here, recovery.FACT)), "kept only once it was seen"
    terminal.type("")
    await terminal.see("python -m bot run")
    assert await terminal.end() == 0

    assert "@istirak_sandbox_bot" in terminal.shown
    assert here.sandbox.token not in terminal.shown
    settings = here.config
    assert settings.token.get_secret_value() == here.sandbox.token
    assert [mode(here.folder / name) for name in ("token", "key", "data", "data/istirak.db")] == [
        0o600,
        0o600,
        0o700,
        0o600,
    ]
    paper = RECOVERY_KEY.search(terminal.shown)
    assert paper
    assert await fact(here, recovery.FACT) == recovery.derived(paper[0]).hex()
    code = LINK.search(terminal.shown)
    assert code
    async with here.database() as tx:
        assert await roles.accept(tx, code[1], 7, here.sandbox.clock.now()) == "owner"


async def fact(here: Place, name: str) -> str | None:
    async with here.database() as tx:
        return await facts.get(tx, name)


async def test_nothing_is_made_over(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", here.sandbox.token)
    first, out, _ = await here.init()
    assert first == 0
    assert LINK.search(out)
    assert RECOVERY_KEY.search(out)
    files = {path: path.read_bytes() for path in here.folder.rglob("*") if path.is_file() and "data" not in path.parts}
    assert {path.name for path in files} == {"config.toml", "programme.toml", "token", "key"}

    again, out, _ = await here.init()
    assert again == 0
    assert out.count("There already:") == 5
    assert not LINK.search(out)
    assert not RECOVERY_KEY.search(out)
    assert {path: path.read_bytes() for path in files} == files

    asked, out, _ = await here.init("--owner-link")
    assert asked == 0
    assert LINK.search(out)


async def test_a_lost_paper_is_replaced_and_the_old_one_opens_what_is_older(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", here.sandbox.token)
    papers, backups = list[str](), list[Path]()
    for number, options in enumerate(([], ["--recovery-key"])):
        _, out, _ = await here.init(*options)
        papers += RECOVERY_KEY.findall(out)
        assert ("Older backups open" in out) == bool(options)
        folder = here.folder.parent / f"backups {number}"
        assert (await here.say("backup", "--to", str(folder)))[0] == 0
        backups += folder.glob("*.db")
    assert len(set(papers)) == len(backups) == 2
    for (made, file), (written, paper) in product(enumerate(backups), enumerate(papers)):
        target = here.folder.parent / f"{made}{written}.db"
        with nullcontext() if made == written else pytest.raises(WrongKey):
            await backup.restore(file, paper, target, None, here.sandbox.clock.now(), os.replace)
        assert target.exists() == (made == written)
    async with here.database() as tx:
        assert [entry.action for entry in await audit.entries(tx)] == ["recovery.replaced", "role.invited"]


async def test_the_configuration_is_made_with_its_comments(tmp_path: Path, here: Place) -> None:
    (here.folder / "config.toml").unlink()
    (here.folder / "token").write_text("123456:" + "a" * 35)
    (here.folder / "config.toml").write_text(
        (ROOT / "config.example.toml").read_text("utf-8").replace("https://api.telegram.org", "http://127.0.0.1:9")
    )
    code, _, err = await here.init()
    assert code == 1
    assert "no answer from Telegram (http://127.0.0.1:9)" in err


async def test_without_a_terminal_it_says_what_is_missing(here: Place) -> None:
    code, _, err = await here.init()
    assert code == 1
    assert "token is missing" in err
    assert "BOT_TOKEN" in err
    assert not (here.folder / "data").exists()


async def test_a_refused_token_ends_it_before_a_database_is_made(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "654321:" + "a" * 35)
    code, _, err = await here.init()
    assert code == 78
    assert "Telegram does not know this token" in err
    assert not (here.folder / "data").exists()
    assert not (here.folder / "token").exists()


async def test_a_lost_key_is_never_replaced(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", here.sandbox.token)
    await here.init()
    (here.folder / "key").unlink()
    code, _, err = await here.init()
    assert code == 78
    assert "The key of the database is missing" in err
    assert not (here.folder / "key").exists()


async def test_the_database_is_encrypted(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", here.sandbox.token)
    await here.init()
    path = here.folder / "data" / "istirak.db"
    assert not path.read_bytes().startswith(b"SQLite format 3")
    connect(path, bytes.fromhex((here.folder / "key").read_text()), True).close()
