"""The forms that stand beside the dialogues."""

from functools import cache
from pathlib import Path

import pytest

from bot.turn import Turn
from forms import load
from forms.model import Form
from handlers import definitions, sheets, start

FORMS: dict[str, Form] = {
    file.stem: load.load(file).with_values(fee="3") for file in Path(__file__).parent.glob("*.toml")
}
VISIT = FORMS["visit"]


def offer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let these forms be begun like those that are shipped."""

    @cache
    def shipped(name: str) -> Form:
        return FORMS.get(name) or load.shipped(name)

    async def begin(turn: Turn) -> None:
        await sheets.begin(turn.desk, turn.person, turn.chat, turn.words[-1])

    monkeypatch.setattr(definitions, "shipped", shipped)
    for name in FORMS:
        monkeypatch.setitem(start.BEGINNINGS, name, begin)
