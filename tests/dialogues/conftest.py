"""`pytest tests/dialogues --accept` writes the dialogues anew: then read what changed, as a woman would."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="take what the bot says now as what it should say")
