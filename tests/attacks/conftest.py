"""The floor of attacks: hostile input, forged presses, full disks, floods. It takes its time, so it is by itself."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.attack)
