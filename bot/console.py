"""The manners of the command line: what it says, how it ends, and how a command opens the database."""

import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from bot import faults
from bot.api import TokenRefused
from bot.config import Config, ConfigFault
from bot.lock import SecondCopy
from storage.database import Database, DatabaseError, WrongKey
from storage.migrations import NewerSchema

# Exit codes; 78 is EX_CONFIG of sysexits.h, which services are told not to start again after.
FINE, MEND, USAGE, KEEP_STOPPED, INTERRUPTED = 0, 1, 2, 78, 130

SANDBOX = "sandbox"  # the fact that stands in a database of invented people

EXAMPLES = Path(__file__).parent.parent  # config.example.toml and programme.example.toml lie beside the code


class Stop(Exception):
    """The command ends here, with these sentences and this exit code."""

    def __init__(self, *sentences: str, code: int = MEND) -> None:
        super().__init__("\n".join(sentences))
        self.sentences, self.code = sentences, code


# What a command may end with, besides a Stop.
ENDINGS = (Stop, faults.Fault, WrongKey, NewerSchema, SecondCopy, TokenRefused, DatabaseError, OSError)


def ended(error: Exception) -> int:
    """Say one of ENDINGS in sentences on standard error and return the exit code."""
    code, sentences = _ending(error)
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return code


def _ending(error: Exception) -> tuple[int, Iterable[str]]:
    match error:
        case Stop():
            return error.code, error.sentences
        case faults.Fault():
            return KEEP_STOPPED if isinstance(error, ConfigFault) else MEND, error.sentences
        case WrongKey():
            return KEEP_STOPPED, [wrong_key(str(error))]
        case NewerSchema():
            return KEEP_STOPPED, [str(error)]
        case TokenRefused():
            return KEEP_STOPPED, [REFUSED]
        case SecondCopy():
            return MEND, [str(error), "Stop that one first; two copies would take each other's messages."]
        case DatabaseError():
            return MEND, [f"The database cannot be used: {error}. Look at the disk, then run `python -m bot check`."]
        case _:
            return MEND, [f"The machine refused: {error}"]


REFUSED = (
    "Telegram does not know this token: it was renewed or taken back at BotFather, or copied in part."
    " Send /token to @BotFather, and put what it answers into the token file."
)


def wrong_key(database: str) -> str:
    """Return the sentence on a key that does not open the database."""
    return (
        f"The key does not open the database {database}: it belongs to another one, or the file is damaged."
        " Find the right key file, or bring a backup back with `python -m bot restore` and the recovery key."
    )


def is_interactive() -> bool:
    """Tell whether somebody sits at the terminal and can be asked."""
    return sys.stdin.isatty()


def agreed(question: str) -> bool:
    """Ask, and tell whether the answer was the whole word 'yes'."""
    return is_interactive() and input(f"{question} Type yes or no: ").strip().lower() == "yes"


def require_database(config: Config) -> None:
    """Raise Stop where the key is missing, or there is no database yet."""
    if config.storage.encrypted and config.key is None:
        raise Stop(*config.obstacles, code=KEEP_STOPPED)
    if not config.storage.database.exists():
        raise Stop(
            f"There is no database yet: {config.storage.database} does not exist. `python -m bot init` makes it."
        )


@asynccontextmanager
async def opened(config: Config, *, make: bool = False) -> AsyncIterator[Database]:
    """Open the database that the configuration names, for the block. It must exist, unless we are to `make` it.

    Raises Stop, WrongKey, NewerSchema.
    """
    if not make:
        require_database(config)
    database = await Database.open(config.storage.database, config.database_key)
    try:
        yield database
    finally:
        await database.close()
