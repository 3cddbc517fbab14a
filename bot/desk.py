"""What a turn and a tick have in common: the open transaction, the moment, and the letters that leave with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import households
from bot.config import Config
from bot.texts import Texts
from storage import outbox
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
    alone: int = 0  # a chat that one woman is known to have for herself
    bot_name: Callable[[], str] = str  # the bot's user name, for links; known once Telegram was asked

    def t(self, language: str, key: str, count: int | None = None, **values: object) -> str:
        """Return an interface text as HTML."""
        return self.texts.get(language, key, count, **values)

    def plain(self, language: str, key: str, count: int | None = None) -> str:
        """Return an interface text without values for places that take no HTML: buttons, toasts."""
        return self.texts.plain(language, key, count)

    @property
    def today(self) -> date:
        """The date of today where the trainings are held."""
        return datetime.fromtimestamp(self.now / 1000, ZoneInfo(self.config.programme.zone)).date()

    def post(self, letter: Letter) -> None:
        """Mean to send a letter."""
        self.letters.append(letter)

    async def plan(self) -> None:
        """Put the letters into the outbox; where several women use a chat, each says first whom it is for."""
        if self.letters:
            await outbox.plan(self.tx, await self.addressed(self.letters), self.now)

    async def addressed(self, letters: Sequence[Letter]) -> list[Letter]:
        """Return letters as they are put into the outbox."""
        return await households.addressed(self.tx, self.texts, letters, self.alone)
