"""The short form of `python -m tests.walks`: a few walks, always the same ones."""

import asyncio
from pathlib import Path

import pytest

from tests.model.stage import make_template
from tests.walks.__main__ import walk
from tests.walks.walk import Walk


def test_whoever_knows_nothing_of_the_form_is_always_answered_and_comes_to_the_end() -> None:
    acts, _ = walk(25, 1)
    assert acts > 25 * 10


@pytest.mark.attack
def test_a_hundred_women_at_once_get_the_places_that_there_are_in_their_order_while_the_bot_dies(
    tmp_path: Path,
) -> None:
    rooms = [tmp_path / "template", tmp_path / "rush"]
    for room in rooms:
        room.mkdir()
    rush = Walk(rooms[1], asyncio.run(make_template(rooms[0])), 3, 100)
    asyncio.run(rush.rush())  # at each step it looks whether more is taken than there is, and in which order
    assert rush.stage.deaths >= 3
    assert rush.end["lankaran"] == (34, 34), "the first in the list is what most of them choose"
    assert rush.waiting > 0
