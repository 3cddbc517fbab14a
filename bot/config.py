"""The configuration: one TOML file, and secrets from the environment or from files of their own."""

from collections.abc import Mapping
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, SecretBytes, SecretStr, ValidationInfo

from bot import faults, keys
from bot.faults import Hour, Section


class ConfigFault(faults.Fault):
    """The configuration has mistakes; `sentences` has one for each."""


def _beside_the_file(path: Path, info: ValidationInfo) -> Path:
    return (info.context or Path()) / path


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError("no such zone") from None
    return name


def _address(written: str) -> str:
    parts = urlsplit(written)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an address")
    return written.rstrip("/")


def _nothing(written: Any) -> Any:
    return None if written == "" else written


Local = Annotated[Path, AfterValidator(_beside_the_file)]


class Bot(Section):
    """[bot]: where Telegram is, and where the token is kept."""

    api_base: Annotated[str, AfterValidator(_address)] = Field(
        default="https://api.telegram.org", description='an address such as "https://api.telegram.org"'
    )
    token_file: Local = Field(default=Path("token"), description="the name of a file, in quotes")


class Storage(Section):
    """[storage]: the database, its key and its backups."""

    folder: Local = Field(default=Path("data"), description="the name of a folder, in quotes")
    encrypted: bool = Field(default=True, description="true or false")
    key_file: Local = Field(default=Path("key"), description="the name of a file, in quotes")
    backups: Local = Field(default=Path("backups"), description="the name of a folder, in quotes")
    backup_hour: Hour = Field(default=time(3, 30), description='an hour of the day such as "03:30"')
    keep_backups_days: int = Field(default=30, ge=1, le=30, description="a number of days from 1 to 30")

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.folder / "istirak.db"


class Programme(Section):
    """[programme]: the file of regions and training days."""

    file: Local = Field(default=Path("programme.toml"), description="the name of a file, in quotes")
    zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Asia/Baku", description='the name of a time zone such as "Asia/Baku"'
    )


class Reminders(Section):
    """[reminders]: local hours at which reminders leave."""

    evening: Hour = Field(default=time(19), description='an hour of the day such as "19:00"')
    morning: Hour = Field(default=time(8), description='an hour of the day such as "08:00"')


class Surveys(Section):
    """[surveys]: when the survey of a training day opens and closes, and how many sheets keep it anonymous."""

    opens_after_minutes: int = Field(default=0, ge=0, le=1440, description="a number of minutes from 0 to 1440")
    closes_after_hours: int = Field(default=72, ge=1, le=720, description="a number of hours from 1 to 720")
    at_least: int = Field(default=5, ge=5, le=50, description="a number of sheets from 5 to 50")


class Pace(Section):
    """[pace]: how fast messages may leave. Telegram's answer 'too fast' is obeyed whatever stands here."""

    per_second: float = Field(
        default=28.7, gt=0, le=30, description="a number of messages a second, more than 0, at most 30"
    )
    per_chat: float = Field(
        default=1.0, gt=0, le=5, description="a number of messages a second, more than 0, at most 5"
    )
    in_flight: int = Field(default=8, ge=1, le=100, description="a number of messages from 1 to 100")


class Privacy(Section):
    """[privacy]: what the women are told about their data."""

    keep_days: int = Field(default=180, ge=1, le=1825, description="a number of days from 1 to 1825")
    contact: str = Field(default="", max_length=200, description="one line of text in quotes, at most 200 letters")


class Health(Section):
    """[health]: how the bot does, for programs on this machine that watch it."""

    port: int = Field(default=0, ge=0, le=65535, description="the number of a port from 1 to 65535, or 0 for none")


class Sandbox(Section):
    """[sandbox]: only for trying things out."""

    clock: Annotated[Local | None, BeforeValidator(_nothing)] = Field(
        default=None, description='the name of a file, in quotes, or "" for the true time'
    )


class Sections(Section):
    """What may stand in the file."""

    bot: Bot = Field(default_factory=Bot)
    storage: Storage = Field(default_factory=Storage)
    programme: Programme = Field(default_factory=Programme)
    reminders: Reminders = Field(default_factory=Reminders)
    surveys: Surveys = Field(default_factory=Surveys)
    pace: Pace = Field(default_factory=Pace)
    privacy: Privacy = Field(default_factory=Privacy)
    health: Health = Field(default_factory=Health)
    sandbox: Sandbox = Field(default_factory=Sandbox)


class Config(Sections):
    """The file and the secrets. Names of files are beside the configuration; repr shows no secret."""

    token: SecretStr = SecretStr("")
    key: SecretBytes | None = None  # 32 bytes; None when the database is not encrypted
    warnings: tuple[str, ...] = ()  # sentences to be said before the bot runs
    obstacles: tuple[str, ...] = ()  # sentences; the bot must not run while there is one

    @property
    def database_key(self) -> bytes | None:
        """The 32 bytes that open the database; None when it is not encrypted, or the key is missing."""
        return self.key.get_secret_value() if self.key else None


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """Read the file and the secrets. Raises ConfigFault with every mistake of the file.

    A secret that is missing or unfit does not raise, for not every command needs it: it is among `obstacles`.
    """
    if not path.exists():
        raise ConfigFault([f"{path} does not exist in {path.parent.resolve()}. `python -m bot init` makes it."])
    try:
        said = faults.read(path)
    except faults.Fault as fault:
        raise ConfigFault(fault.sentences) from None
    # A section that is left out is read like an empty one, so that its paths, too, are beside the file.
    said = {name: {} for name in Sections.model_fields} | said
    sections, mistakes = faults.check(Sections, said, path.name, path.parent)
    if sections is None:
        raise ConfigFault(mistakes)
    return _with_secrets(sections, environ)


def _with_secrets(sections: Sections, environ: Mapping[str, str]) -> Config:
    found = keys.Findings()
    token = keys.token(sections.bot.token_file, environ, found)
    key = keys.key(sections.storage.key_file, environ, found) if sections.storage.encrypted else None
    if sections.storage.encrypted and key is None and sections.storage.database.exists():
        found.obstacles.append(
            f"Put back the key of {sections.storage.database}: a new one would not open it. If it is lost, move"
            f" {sections.storage.folder} aside, and give `python -m bot restore` a backup and the recovery key."
        )
    if key and sections.storage.key_file.parent.resolve() == sections.storage.folder.resolve():
        found.warnings.append("The key lies in the folder of the database: who copies the folder can read everything.")
    if sections.sandbox.clock and not is_loopback(sections.bot.api_base):
        found.obstacles.append(
            "[sandbox] clock is set, but [bot] api_base is not this machine: a clock that can be moved is only for"
            ' the sandbox. Write clock = "".'
        )
    return Config(
        **dict(sections),
        token=SecretStr(token),
        key=None if key is None else SecretBytes(key),
        warnings=tuple(found.warnings),
        obstacles=tuple(found.obstacles),
    )


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
