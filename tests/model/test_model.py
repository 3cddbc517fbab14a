"""The short forms of `python -m tests.model`: a few histories, always the same ones."""

import pytest

from tests.model.__main__ import play
from tests.model.history import TALLY


@pytest.mark.parametrize("histories", [3, pytest.param(15, marks=pytest.mark.attack)])
def test_whatever_women_do_and_whatever_goes_wrong_they_see_and_the_disk_holds_what_the_model_says(
    histories: int,
) -> None:
    before, steps = TALLY.histories, TALLY.steps
    play(histories, 7)
    assert TALLY.histories >= before + histories
    assert TALLY.steps > steps + 10 * histories
