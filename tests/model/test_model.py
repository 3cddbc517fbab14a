"""The short form of `python -m tests.model`: a few histories, always the same ones."""

from tests.model.__main__ import play
from tests.model.history import TALLY

HISTORIES = 15


def test_whatever_women_do_and_whatever_goes_wrong_they_see_and_the_disk_holds_what_the_model_says() -> None:
    play(HISTORIES, 7)
    assert TALLY.histories >= HISTORIES and TALLY.steps > 10 * HISTORIES
