import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import console
from bot.__main__ import main
from storage import audit, facts, people, places
from storage import programme as stored
from tests.bot.place import Place, place

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    """A place after `init`."""
    async with place(tmp_path / "home", capsys) as found:
        found.plan_far_ahead()
        monkeypatch.setenv("BOT_TOKEN", found.sandbox.token)
        await found.init()
        monkeypatch.delenv("BOT_TOKEN")
        yield found


@pytest.mark.parametrize("words", [[], ["dance"], ["check", "--loud"], ["programme"], ["restore"]])
def test_what_is_no_command_ends_with_its_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == console.USAGE
    assert "usage: python -m bot" in capsys.readouterr().err


async def test_a_programme_is_planned_applied_and_exported(here: Place) -> None:
    code, planned, _ = await here.say("programme", "plan")
    assert code == 0
    assert "Session quba-1 will be added (2099-03-09, 10:00 to 16:00" in planned
    code, _, err = await here.say("programme", "apply")
    assert code == 1
    assert "Nothing was changed. Without somebody to ask, add --yes." in err
    code, out, _ = await here.say("programme", "apply", "--yes")
    assert code == 0
    assert out == f"{planned}Applied.\n"
    async with here.database() as tx:
        assert [entry.action for entry in await audit.entries(tx)] == ["programme.applied", "role.invited"]
    assert (await here.say("programme", "plan"))[1].startswith("Nothing has to be changed")
    code, out, _ = await here.say("programme", "export")
    assert code == 0
    assert out == (here.folder / "programme.toml").read_text("utf-8")


async def test_a_plan_says_that_fewer_places_take_nobodys_away(here: Place) -> None:
    await here.say("programme", "apply", "--yes")
    async with here.database() as tx:
        for chat in (1, 2, 3):
            person = await people.welcome(tx, chat, 0)
            await people.register(tx, person, "Sevda", "quba", "ngo", "", 0)
            await places.ask(tx, person, "quba", "ngo", 0)
    file = here.folder / "programme.toml"
    file.write_text(file.read_text("utf-8").replace("places = 33", "places = 2\nquotas = { ngo = 1 }", 1), "utf-8")
    for command in ("plan", "apply"):
        _, out, _ = await here.say("programme", command)
        assert "Region quba, places: 3 are taken, the file says 2. Nobody loses hers; the next one is given" in out
        assert "Region quba, quotas.ngo: 3 are taken, the file says 1." in out
    await here.say("programme", "apply", "--yes")
    async with here.database() as tx:
        assert await places.taken(tx) == {"quba": {"ngo": 3}}


async def test_an_export_writes_over_nothing(here: Place) -> None:
    file = here.folder / "new.toml"
    assert (await here.say("programme", "export", str(file)))[0] == 1
    assert not file.exists(), "nothing was applied yet"
    await here.say("programme", "apply", "--yes")
    assert (await here.say("programme", "export", str(file)))[0] == 0
    assert file.read_text("utf-8") == (here.folder / "programme.toml").read_text("utf-8")
    code, _, err = await here.say("programme", "export", str(file))
    assert code == 1
    assert "exists already" in err


async def test_a_conflict_is_said_and_the_file_wins_only_with_a_yes(here: Place) -> None:
    await here.say("programme", "apply", "--yes")
    async with here.database() as tx:
        day = await stored.session(tx, "quba-1")
        assert day
        words = (await stored.all_words(tx))["session:quba-1"]
        await stored.put_session(tx, day, words | {"venue": {"az": "Yeni ev"}})
    file = here.folder / "programme.toml"
    file.write_text(file.read_text("utf-8").replace("Quba Mədəniyyət Mərkəzi", "Quba Kitabxanası"), "utf-8")
    code, out, _ = await here.say("programme", "apply")
    assert code == 1
    assert "conflict: Session quba-1, venue.az: was changed in chat to “Yeni ev”" in out
    assert (await here.say("programme", "apply", "--yes"))[0] == 0
    async with here.database() as tx:
        assert (await stored.words(tx, "session:quba-1", "az"))["venue"].startswith("Quba Kitabxanası")


async def test_mistakes_are_sentences_and_codes_say_whether_to_start_again(here: Place) -> None:
    (here.folder / "programme.toml").write_text("[programme", "utf-8")
    code, _, err = await here.say("programme", "plan")
    assert (code, "line 1" in err) == (1, True)
    (here.folder / "key").write_text("0" * 64)
    code, _, err = await here.say("run")
    assert code == 78
    assert "The key does not open the database" in err
    (here.folder / "token").unlink()
    code, _, err = await here.say("run")
    assert code == 78
    assert "The bot's token is missing" in err


async def test_a_database_of_the_sandbox_never_meets_the_real_telegram(here: Place) -> None:
    async with here.database() as tx:
        await facts.put(tx, console.SANDBOX, "invented people only")
    here.configure("")
    code, _, err = await here.say("run")
    assert code == 78
    assert "belongs to the sandbox" in err
    assert here.sandbox.calls[-1].method == "getMe", "that of init: nothing was asked since"


async def test_a_backup_is_brought_back(here: Place, tmp_path: Path) -> None:
    await here.say("programme", "apply", "--yes")
    code, out, _ = await here.say("backup", "--to", str(tmp_path / "usb"))
    assert code == 0
    found = re.search(r"Made: (\S+\.db), encrypted", out)
    assert found
    database = here.folder / "data" / "istirak.db"
    code, _, err = await here.command("restore", found[1], "--into", str(here.folder))
    assert (code, "There is a database already" in err) == (1, True)
    database.rename(tmp_path / "old.db")
    code, out, _ = await here.command("restore", found[1], "--into", str(here.folder))
    assert code == 0
    assert "The database is back as it was on" in out
    assert (await here.say("programme", "plan"))[1].startswith("Nothing has to be changed")
    code, _, err = await here.command("restore", found[1], "--into", str(tmp_path / "elsewhere"))
    assert (code, "again with --recovery-key" in err) == (1, True)
    code, _, err = await here.command("restore", str(tmp_path / "no.db"))
    assert (code, "A backup is two files" in err) == (1, True)


async def test_it_runs_once_until_it_is_stopped(here: Place) -> None:
    await here.say("programme", "apply", "--yes")
    phone = here.sandbox.phone("Lalə")
    await phone.start()
    bot = await run(here)
    try:
        async with asyncio.timeout(15):
            while not any(message.from_bot for message in phone.messages) or here.sandbox.updates_waiting:
                await asyncio.sleep(0.02)
        second = await run(here)
        _, err = await asyncio.wait_for(second.communicate(), 15)
        assert (second.returncode, b"Another copy of the bot is already running" in err) == (1, True)
        bot.terminate()
        _, err = await asyncio.wait_for(bot.communicate(), 15)
    finally:
        if bot.returncode is None:
            bot.kill()
            await bot.wait()
    assert bot.returncode == 0
    assert here.sandbox.token.encode() not in err
    async with here.database() as tx:
        assert await facts.get(tx, "running") is None, "the stop was clean"


async def test_a_token_that_telegram_refuses_ends_it_for_good(here: Place) -> None:
    (here.folder / "token").write_text("654321:" + "a" * 35)
    bot = await run(here)
    _, err = await asyncio.wait_for(bot.communicate(), 15)
    assert bot.returncode == 78
    assert b"Telegram does not know this token" in err


async def run(here: Place) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-OO", "-m", "bot", "run", "--config", str(here.folder / "config.toml")),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=asyncio.subprocess.PIPE,
    )
