"""Secrets: the bot's token and the database's key, read from the environment or from files of their own."""

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
MASK = "«token»"
KEY = re.compile(r"[0-9A-Fa-f]{64}")


@dataclass
class Findings:
    """What was noticed while the secrets were read, as sentences that show none of them."""

    warnings: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)


def token(file: Path, environ: Mapping[str, str], found: Findings) -> str:
    """Return the token of BOT_TOKEN, of the file BOT_TOKEN_FILE, or of `file`; '' when there is none that is fit."""
    written = environ.get("BOT_TOKEN", "").strip()
    file = Path(environ.get("BOT_TOKEN_FILE") or file)
    if not written:
        written = _content(file, "The bot's token", found)
    if written and not TOKEN.fullmatch(written):
        found.obstacles.append(
            "What is given as the bot's token is not one. BotFather writes tokens like 123456789:AAH…; copy it whole."
        )
        return ""
    return written


def key(file: Path, environ: Mapping[str, str], found: Findings) -> bytes | None:
    """Return the 32 bytes of the key in the file DB_KEY_FILE, or in `file`; None when there is none that is fit."""
    file = Path(environ.get("DB_KEY_FILE") or file)
    written = _content(file, "The key of the database", found)
    if written and not KEY.fullmatch(written):
        found.obstacles.append(
            f"{file} does not hold a key of the database: a key is one line of 64 digits and a to f."
        )
        return None
    return bytes.fromhex(written) if written else None


def _content(file: Path, what: str, found: Findings) -> str:
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            found.warnings.append(f"{what}: other users of this machine can open {file}. Run: chmod 600 {file}")
        written = file.read_text("utf-8").strip()
    except FileNotFoundError:
        found.obstacles.append(f"{what} is missing: there is no file {file}. `python -m bot init` makes a first one.")
    except (OSError, UnicodeDecodeError):
        found.obstacles.append(f"{what} cannot be read from {file}.")
    else:
        if not written:
            found.obstacles.append(f"{what} is missing: the file {file} is empty.")
        return written
    return ""
