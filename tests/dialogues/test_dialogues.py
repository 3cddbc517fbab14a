"""Every dialogue goes as it is written down."""

import difflib
from pathlib import Path

import pytest

from tests.conftest import House
from tests.dialogues import dialogue


@pytest.mark.parametrize("file", dialogue.files(), ids=lambda file: file.stem)
async def test_dialogue(file: Path, house: House, request: pytest.FixtureRequest) -> None:
    written = dialogue.read(file)
    played = await dialogue.played(house, dialogue.acts(written))
    if request.config.getoption("--accept", default=False):
        dialogue.accept(file, played)
        return
    difference = difflib.unified_diff(written.splitlines(), played.splitlines(), "as written", "as played", lineterm="")
    assert played == written, "\n" + "\n".join(difference)
