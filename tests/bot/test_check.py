import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import console, seams, verdicts
from sandbox import faults
from storage import backup, facts, inbox, outbox, roles
from storage.inbox import Failure
from storage.outbox import Letter, Mark
from tests.bot.place import Place, place

DAY = 86_400_000


@pytest.fixture
async def here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    """A place after `init` and `programme apply`; its owner has pressed Start."""
    async with place(tmp_path / "home", capsys) as found:
        monkeypatch.setenv("BOT_TOKEN", found.sandbox.token)
        found.plan_far_ahead()
        await found.init()
        monkeypatch.delenv("BOT_TOKEN")
        await found.say("programme", "apply", "--yes")
        owner = found.sandbox.phone("Sevil")
        await owner.start()
        async with found.database() as tx:
            now = found.sandbox.clock.now()
            await roles.accept(tx, await roles.invite(tx, "owner", None, now), owner.person.id, now)
        yield found


async def test_what_is_right_is_said_too(here: Place) -> None:
    await here.say("backup")
    code, out, _ = await here.say("check")
    assert "mend:" not in out
    assert code == 0
    for sentence in (
        "The key opens the database",
        "The database follows",
        "9 training days lie ahead; the next is lankaran-1 on 2 March 2099, 10:00.",
        "Reminders of the evening are looked for next on",
        "0 women are registered.",
        "The newest backup is 0 hours old",
        "There is room on the disk",
        "Everything is in order.",
    ):
        assert sentence in out


async def test_open_files_and_folders_are_named_with_the_remedy(here: Place) -> None:
    (here.folder / "token").chmod(0o644)
    (here.folder / "data").chmod(0o755)
    code, out, _ = await here.say("check")
    assert code == 1
    assert f"chmod 600 {here.folder / 'token'}" in out
    assert f"chmod go= {here.folder / 'data'}" in out
    assert "2 to mend." in out


async def test_a_folder_that_belongs_to_another_user_is_named(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "data")
    code, out, _ = await here.say("check")
    assert code == 1
    assert out.count("it belongs to another user") == 1
    assert f"may not write into {here.folder / 'data'}:" in out


async def test_who_holds_the_owners_link_is_not_sent_for_another(here: Place) -> None:
    async with here.database() as tx:
        await tx.run("DELETE FROM roles")
    assert "then open the link" in (await here.say("check"))[1]
    async with here.database() as tx:
        await tx.run("UPDATE invites SET expires_at = 0")
    assert "`python -m bot init --owner-link` makes a link" in (await here.say("check"))[1]


async def test_the_sample_is_not_taken_for_a_programme(here: Place) -> None:
    (here.folder / "programme.toml").write_bytes((console.EXAMPLES / "programme.example.toml").read_bytes())
    _, out, _ = await here.say("check")
    assert "programme.toml is still the sample" in out


async def test_a_key_of_another_database_is_told_as_such(here: Place) -> None:
    (here.folder / "key").write_text("0" * 64)
    code, out, _ = await here.say("check")
    assert code == 1
    assert "mend:  The key does not open the database" in out
    assert "9 training days" not in out


async def test_a_missing_key_and_a_missing_database_are_told_once(here: Place) -> None:
    (here.folder / "key").unlink()
    _, out, _ = await here.say("check")
    assert out.count("The key of the database is missing") == 1
    assert "a new one would not open it" in out
    (here.folder / "key").write_text("0" * 64)
    (here.folder / "data" / "istirak.db").unlink()
    _, out, _ = await here.say("check")
    assert "There is no database yet" in out
    assert not (here.folder / "data" / "istirak.db").exists(), "looking makes nothing"


async def test_a_programme_file_that_is_not_applied_or_not_right_is_told(here: Place) -> None:
    file = here.folder / "programme.toml"
    file.write_text(file.read_text("utf-8").replace('starts = "10:00"', 'starts = "09:30"', 1), "utf-8")
    _, out, _ = await here.say("check")
    assert "says other things than the database (1)" in out
    file.write_text("[programme", "utf-8")
    _, out, _ = await here.say("check")
    assert "mend:  programme.toml, line 1: this line cannot be understood" in out


async def test_what_waits_in_the_database_is_told(here: Place) -> None:
    now = here.sandbox.clock.now()
    async with here.database() as tx:
        await outbox.add(tx, [Letter(1, "sendMessage", {}, doubt="hold", due=now - DAY)], now)
        await outbox.claim(tx, now, [], 1)
        await outbox.recover(tx)
        await outbox.add(tx, [Letter(2, "sendMessage", {}, due=now - DAY)], now)
        await inbox.put_aside(tx, Failure(5, "message", route="answer", error="ValueError"), now)
        await facts.put(tx, "alive", str(now + DAY))
    code, out, _ = await here.say("check")
    assert code == 1
    assert "mend:  1 messages may have arrived or not" in out
    assert "Messages have been waiting to be sent for 24 hours" in out
    assert "note:  1 messages could not be handled and were put aside: ValueError in answer." in out
    assert "The clock of this machine was turned back" in out


async def test_what_telegram_refused_is_told_in_its_own_words(here: Place) -> None:
    async with here.database() as tx:
        for state, reason in [("failed", "Bad Request: message is too long")] * 2 + [("sent", verdicts.UNFORMATTED)]:
            [row] = await outbox.add(tx, [Letter(5, "sendMessage", {"text": "Salam"})], 0)
            assert row
            await outbox.settle(tx, [Mark(row, state, None, reason)], 1)
    code, out, _ = await here.say("check")
    assert "2 messages did not arrive: Bad Request: message is too long." in out
    assert "1 messages arrived: without its formatting." in out
    assert code == 0


async def test_a_bot_that_was_down_for_a_day_is_told(here: Place) -> None:
    async with here.database() as tx:
        await facts.put(tx, "alive", str(here.sandbox.clock.now() - DAY))
    _, out, _ = await here.say("check")
    assert "Telegram keeps what women write for a day only" in out


async def test_what_the_owners_were_told_and_is_not_over_is_told_here_too(here: Place) -> None:
    async with here.database() as tx:
        await facts.put(tx, "alert.conflict", str(here.sandbox.clock.now()))
        await facts.put(tx, "alert.retention", str(here.sandbox.clock.now()))
        await facts.put(tx, "alert.backup", str(here.sandbox.clock.now()))
    code, out, _ = await here.say("check")
    assert code == 1
    assert re.search(r"mend:  The owners were told on \d.*: A second copy of the bot is running", out)
    assert re.search(
        r"mend:  The owners were told on \d.*: For more than 36 hours.* server: python -m bot check\n", out
    )
    assert re.search(r"note:  The owners were told on \d.*: The time for which data are kept", out)


async def test_backups_that_are_late_or_should_be_gone_are_told(here: Place) -> None:
    now = here.sandbox.clock.now()
    for days in (2, 40, -3):
        backup.write(
            here.config.storage.database,
            here.config.database_key,
            here.folder / "backups",
            now - days * DAY,
            seams.replace,
        )
    code, out, _ = await here.say("check")
    assert code == 1
    assert "mend:  The newest backup is 48 hours old" in out
    assert out.count("should be gone: women were promised so") == 1
    assert out.count("is of a moment to come: the clock was wrong") == 1
    assert "Database and backups lie on one disk." in out


async def test_a_mistake_in_the_configuration_is_a_sentence(here: Place) -> None:
    here.configure('[bot]\napi_bas = "x"\n')
    code, _, err = await here.say("check")
    assert code == 78
    assert 'Did you mean "api_base"?' in err


async def test_live_lists_which_assumptions_held(here: Place) -> None:
    await here.say("backup")
    code, out, _ = await here.say("check", "--live")
    said = [line for line in out.splitlines() if line.startswith(("held:", "did not hold:", "could not be tried:"))]
    assert [line for line in said if not line.startswith("held:")] == [
        "did not hold:  The bot cannot be put into groups (BotFather, /setjoingroups).",
        "could not be tried:  All private chats share one row of message numbers: it takes two chats.",
    ]
    assert len(said) == 12
    assert code == 1
    written = [call.method for call in here.sandbox.calls if call.chat]
    assert written == ["sendMessage", *["editMessageText"] * 2, "deleteMessage", "editMessageText", "deleteMessage"]


async def test_live_tells_what_telegram_said_instead(here: Place) -> None:
    here.sandbox.faults.plan(method="editMessageText", fault=faults.status(400, "Bad Request: no"))
    _, out, _ = await here.say("check", "--live")
    assert "did not hold:  A change that changes nothing is refused as such. Telegram said: Bad Request: no." in out


async def test_live_without_network_or_with_a_refused_token_ends_with_a_sentence(here: Place) -> None:
    (here.folder / "token").write_text("654321:" + "a" * 35)
    code, _, err = await here.say("check", "--live")
    assert code == 78
    assert "Telegram does not know this token" in err
    here.sandbox.network_away()
    code, _, err = await here.say("check", "--live")
    assert code == 1
    assert "There is no answer from Telegram" in err
