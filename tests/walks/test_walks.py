"""The short form of `python -m tests.walks`: a few walks, always the same ones."""

from tests.walks.__main__ import walk


def test_whoever_knows_nothing_of_the_form_is_always_answered_and_comes_to_the_end() -> None:
    acts, _ = walk(25, 1)
    assert acts > 25 * 10
