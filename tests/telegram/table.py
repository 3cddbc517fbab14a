"""Everything that Telegram can answer, and where it is shown that the bot does its duty: one row for each condition.

Sources: the Bot API (core.telegram.org/bots/api), its official server (tdlib/telegram-bot-api at 01a3679c, version
10.0) and TDLib (tdlib/td at 022d6020), which write the descriptions; python-telegram-bot 22.8 for its own traps. The
tests give or meet the answers of the rows, letter for letter.
"""

from tests.telegram import receiving, sending
from tests.telegram.rows import Row

ROWS = (*receiving.ROWS, *sending.ROWS, *sending.TRAPS)


def row(name: str) -> Row:
    """The row of that name."""
    [found] = [each for each in ROWS if each.name == name]
    return found
