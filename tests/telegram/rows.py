"""What a row of the table is (tests/telegram/table.py)."""

from dataclasses import dataclass
from typing import Literal

Proof = Literal["injected", "asserted", "not applicable"]
# The sandbox answers so, and the real app is watched from the chat to the disk.
INJECTED: Proof = "injected"
# What holds it is code or configuration, or one part of the bot by itself.
ASSERTED: Proof = "asserted"
# The bot never comes there.
NOT_APPLICABLE: Proof = "not applicable"


@dataclass(frozen=True)
class Answer:
    """What Telegram says: the code, and `description`."""

    status: int
    description: str

    def __str__(self) -> str:
        return f"{self.status} {self.description}"


@dataclass(frozen=True)
class Row:
    """A condition, what it asks of the bot, and the tests that show it (`file::test` below tests/), or why not."""

    name: str
    condition: str
    duty: str
    proof: Proof
    tests: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    reason: str = ""
