"""What the tests of this floor do again and again: plan a letter, have Telegram answer, look at what became of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.texts import Texts
from sandbox.faults import Fault
from sandbox.phone import Phone
from storage import outbox
from storage.outbox import Letter
from tests.bot import crew
from tests.conftest import ROOT, House
from tests.telegram import table
from tests.telegram.rows import Answer

TEXTS = Texts.load()
TOLD = ("conflict", "conflict.over", "downtime", "put aside", "failed")
ALERTS = {cause: TEXTS.get("az", f"alert.{cause}") for cause in TOLD}


def fault(answer: Answer, *, effect: bool = False) -> Fault:
    """Telegram's answer, as the sandbox gives it."""
    seconds = int(answer.description.rpartition(" ")[2]) if answer.status == 429 else 0
    return Fault(effect=effect, status=answer.status, description=answer.description, retry_after=seconds)


async def plan(house: House, letter: Letter) -> int:
    """Put a letter of the bot into the outbox and return its row."""
    [number] = await plan_all(house, [letter])
    return number


async def plan_all(house: House, letters: Sequence[Letter]) -> list[int]:
    """Put letters into the outbox at one stroke and return their rows."""
    async with house.database.transaction() as tx:
        return [number for number in await outbox.add(tx, letters, house.clock.now()) if number is not None]


async def row(house: House, number: int) -> tuple[str, str, int, int]:
    """State, reason, attempts and doubts of a row."""
    sql = "SELECT state, reason, attempts, doubted FROM outbox WHERE id = ?"
    [(state, reason, attempts, doubted)] = await crew.rows(house, sql, number)
    return state, reason, attempts, doubted


async def last_row(house: House, chat: int) -> tuple[str, str, int, int]:
    """The same of the last row of a chat."""
    [(number,)] = await crew.rows(house, "SELECT max(id) FROM outbox WHERE chat = ?", chat)
    return await row(house, number)


async def chat_state(house: House, phone: Phone) -> str:
    [(state,)] = await crew.rows(house, "SELECT state FROM chats WHERE id = ?", phone.id)
    return str(state)


def told(owner: Phone, text: str = ALERTS["failed"]) -> int:
    """How often the owner was told so."""
    return sum(message.text == text for message in owner.received)


def met(house: House, name: str) -> None:
    """Every answer of a row of the table was given, letter for letter."""
    given = {(call.status, call.description) for call in house.sandbox.calls}
    assert [answer for answer in table.row(name).answers if (answer.status, answer.description) not in given] == []


def calls(house: House, method: str, chat: int | None = None) -> list[Any]:
    """The calls of a method, to a chat if one is given."""
    return [call for call in house.sandbox.calls if call.method == method and chat in (None, call.chat)]


def sources() -> str:
    """The code of the machinery."""
    return "\n".join(path.read_text("utf-8") for path in Path(ROOT, "bot").glob("*.py"))
