"""What a turn and a tick have in common: the open transaction, the moment, and the letters that leave with it."""

from dataclasses import dataclass, field

from bot.config import Config
from bot.texts import Texts
from storage.database import Transaction
from storage.outbox import Letter


@dataclass
class Desk:
    """The open transaction and what we mean to say; its letters reach the outbox before the commit."""

    tx: Transaction
    now: int  # UTC ms
    texts: Texts
    config: Config
    letters: list[Letter] = field(default_factory=list)

    def t(self, language: str, key: str, count: int | None = None, **values: object) -> str:
        """Return an interface text as HTML."""
        return self.texts.get(language, key, count, **values)

    def plain(self, language: str, key: str, count: int | None = None) -> str:
        """Return an interface text without values for places that take no HTML: buttons, toasts."""
        return self.texts.plain(language, key, count)

    def post(self, letter: Letter) -> None:
        """Mean to send a letter."""
        self.letters.append(letter)
