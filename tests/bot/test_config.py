"""The configuration: every mistake at once, as sentences; secrets are read, judged and never shown."""

from datetime import time
from pathlib import Path

import pytest

from bot import config

TOKEN = "123456789:" + "Planted-token_" * 3
KEY = "5a" * 32


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def private(path: Path, content: str, mode: int = 0o600) -> Path:
    path.write_text(content, "utf-8")
    path.chmod(mode)
    return path


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(config.ConfigFault) as raised:
        config.load(written(folder, text), {})
    return raised.value.sentences


def test_an_empty_file_gives_the_defaults_beside_it(tmp_path: Path) -> None:
    loaded = config.load(written(tmp_path, ""), {})
    assert loaded.bot.api_base == "https://api.telegram.org"
    assert loaded.storage.database == tmp_path / "data" / "istirak.db"
    assert loaded.programme.file == tmp_path / "programme.toml"
    assert (loaded.reminders.evening, loaded.reminders.morning) == (time(19), time(8))
    assert loaded.sandbox.clock is None


def test_what_is_written_is_taken(tmp_path: Path) -> None:
    text = '[bot]\napi_base = "http://127.0.0.1:8081/"\n[reminders]\nevening = "18:30"\nmorning = 07:15:00\n'
    loaded = config.load(written(tmp_path, text + '[storage]\nfolder = "/var/lib/istirak"\n'), {})
    assert loaded.bot.api_base == "http://127.0.0.1:8081"
    assert (loaded.reminders.evening, loaded.reminders.morning) == (time(18, 30), time(7, 15))
    assert loaded.storage.folder == Path("/var/lib/istirak")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = """
token = "x"
[bot]
api_base = "telegram"
[remindrs]
[reminders]
evening = "25:00"
evning = "19:00"
morning = 8
[storage]
keep_backups_days = 60
encrypted = "maybe"
[programme]
zone = "Asia/Baki"
[surveys]
at_least = 2
[pace]
per_second = nan
"""
    zone = 'found "Asia/Baki", but this must be the name of a time zone such as "Asia/Baku".'
    assert mistakes(tmp_path, text) == [
        'config.toml: [bot] api_base: found "telegram", but this must be an address such as "https://api.telegram.org".',
        'config.toml: [storage] encrypted: found "maybe", but this must be true or false.',
        "config.toml: [storage] keep_backups_days: found 60, but this must be a number of days from 1 to 30.",
        f"config.toml: [programme] zone: {zone}",
        'config.toml: [reminders] evening: found "25:00", but this must be an hour of the day such as "19:00".',
        'config.toml: [reminders] morning: found 8, but this must be an hour of the day such as "08:00".',
        'config.toml: [reminders] evning is not known. Did you mean "evening"?',
        "config.toml: [surveys] at_least: found 2, but this must be a number of sheets from 5 to 50.",
        "config.toml: [pace] per_second: found nan, but this must be"
        " a number of messages a second, more than 0, at most 30.",
        "config.toml: token is not known."
        " Known here: bot, storage, programme, reminders, surveys, pace, privacy, health, sandbox.",
        'config.toml: [remindrs] is not known. Did you mean "reminders"?',
    ]


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ('[bot]\napi_base = "https://x\n', 2, 'api_base = "https://x'),
        ("[bot\n", 1, "[bot"),
        ("[pace]\n\nper_second = \n", 3, "per_second ="),
        ("[bot]\nx = [1,\n\n", 3, ""),
        ("[bot]\n[bot]\n", 2, "[bot]"),
    ],
)
def test_broken_toml_names_the_line_and_shows_it(tmp_path: Path, text: str, line: int, shown: str) -> None:
    [sentence] = mistakes(tmp_path, text)
    assert sentence.startswith(f"config.toml, line {line}: this line cannot be understood: {shown}")


def test_a_section_must_be_a_section(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "bot = 5") == [
        "config.toml: bot: found 5, but this must be a section with keys of its own."
    ]


def test_a_file_that_is_missing_or_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigFault, match=r"config\.toml does not exist in"):
        config.load(tmp_path / "config.toml", {})
    (tmp_path / "config.toml").write_bytes("[bot] # Lənkəran ş".encode("utf-16"))
    with pytest.raises(config.ConfigFault, match="is not saved as UTF-8"):
        config.load(tmp_path / "config.toml", {})


def test_a_token_written_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    said = mistakes(tmp_path, f'[bot]\napi_base = "{TOKEN}"\n') + mistakes(tmp_path, f"[bot]\ntoken_file = {TOKEN}\n")
    assert len(said) == 2
    assert all(TOKEN not in sentence and "«token»" in sentence for sentence in said)


def test_secrets_come_from_files_of_their_own(tmp_path: Path) -> None:
    private(tmp_path / "token", TOKEN + "\n")
    private(tmp_path / "key", KEY + "\n")
    loaded = config.load(written(tmp_path, ""), {})
    assert loaded.token.get_secret_value() == TOKEN
    assert loaded.key is not None
    assert loaded.key.get_secret_value() == bytes.fromhex(KEY)
    assert (loaded.warnings, loaded.obstacles) == ((), ())


def test_the_environment_goes_before_the_files(tmp_path: Path) -> None:
    private(tmp_path / "token", "123456789:" + "b" * 35)
    private(tmp_path / "elsewhere", TOKEN)
    private(tmp_path / "otherkey", KEY)
    path = written(tmp_path, "")
    key = {"DB_KEY_FILE": str(tmp_path / "otherkey")}
    by_name = config.load(path, key | {"BOT_TOKEN_FILE": str(tmp_path / "elsewhere")})
    by_value = config.load(path, key | {"BOT_TOKEN": TOKEN})
    assert by_name.token.get_secret_value() == by_value.token.get_secret_value() == TOKEN
    assert by_name.obstacles == by_value.obstacles == ()


def test_no_secret_is_shown_by_repr(tmp_path: Path) -> None:
    private(tmp_path / "key", KEY)
    loaded = config.load(written(tmp_path, ""), {"BOT_TOKEN": TOKEN})
    assert loaded.obstacles == ()
    shown = f"{loaded!r} {loaded} {loaded.model_dump()}"
    assert TOKEN not in shown
    assert KEY not in shown
    assert repr(bytes.fromhex(KEY)) not in shown


def test_missing_secrets_stop_the_bot_but_not_the_reading(tmp_path: Path) -> None:
    loaded = config.load(written(tmp_path, ""), {})
    assert loaded.token.get_secret_value() == ""
    assert loaded.key is None
    assert [sentence.partition(":")[0] for sentence in loaded.obstacles] == [
        "The bot's token is missing",
        "The key of the database is missing",
    ]


def test_secrets_that_are_none_stop_the_bot_and_are_not_repeated(tmp_path: Path) -> None:
    private(tmp_path / "key", "planted but not a key")
    loaded = config.load(written(tmp_path, ""), {"BOT_TOKEN": "planted but not a token"})
    assert len(loaded.obstacles) == 2
    assert "planted" not in " ".join(loaded.obstacles)
    assert loaded.key is None


def test_an_empty_token_file_is_said(tmp_path: Path) -> None:
    private(tmp_path / "token", "\n")
    loaded = config.load(written(tmp_path, "[storage]\nencrypted = false\n"), {})
    assert loaded.obstacles == (f"The bot's token is missing: the file {tmp_path / 'token'} is empty.",)


def test_files_that_others_can_open_are_warned_of(tmp_path: Path) -> None:
    private(tmp_path / "token", TOKEN, 0o644)
    private(tmp_path / "key", KEY, 0o640)
    loaded = config.load(written(tmp_path, ""), {})
    assert loaded.obstacles == ()
    assert len(loaded.warnings) == 2
    assert f"chmod 600 {tmp_path / 'token'}" in loaded.warnings[0]
    assert f"chmod 600 {tmp_path / 'key'}" in loaded.warnings[1]


def test_a_key_beside_the_database_is_warned_of(tmp_path: Path) -> None:
    private(tmp_path / "key", KEY)
    loaded = config.load(written(tmp_path, '[storage]\nfolder = "."\n'), {"BOT_TOKEN": TOKEN})
    assert ["key lies in the folder of the database" in said for said in loaded.warnings] == [True]


@pytest.mark.parametrize(
    ("address", "stops"),
    [
        ("https://api.telegram.org", True),
        ("http://10.0.0.1", True),
        ("http://localhost:1", False),
        ("http://[::1]:1", False),
    ],
)
def test_a_clock_that_can_be_moved_stops_the_bot_away_from_the_sandbox(
    tmp_path: Path, address: str, stops: bool
) -> None:
    text = f'[bot]\napi_base = "{address}"\n[sandbox]\nclock = "clock.json"\n[storage]\nencrypted = false\n'
    loaded = config.load(written(tmp_path, text), {"BOT_TOKEN": TOKEN})
    assert loaded.sandbox.clock == tmp_path / "clock.json"
    assert ["[sandbox] clock is set" in said for said in loaded.obstacles] == [True] * stops
