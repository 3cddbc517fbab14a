"""`pytest tests/dialogues --accept` writes the dialogues anew: then read what changed, as a woman would."""

import pytest

from tests.dialogues import samples


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="take what the bot says now as what it should say")


@pytest.fixture(autouse=True)
def forms_of_this_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The forms that stand beside the dialogues can be begun like those that are shipped."""
    samples.offer(monkeypatch)
