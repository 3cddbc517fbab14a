"""A box opens only with its key, for its survey and its person, and shows nothing of what is in it."""

import pytest
from cryptography.exceptions import InvalidTag

from forms.model import Value
from storage import sealing

ANSWERS: dict[str, Value] = {"useful": 5, "better": "Daha çox vaxt", "use": None}


def test_what_was_sealed_comes_back() -> None:
    key = sealing.new_key()
    assert len(key) == 32
    assert sealing.unseal(key, sealing.seal(key, ANSWERS, "day:l-1", 7), "day:l-1", 7) == ANSWERS


def test_nothing_of_the_answers_can_be_read_in_the_box_and_no_two_boxes_are_equal() -> None:
    key = sealing.new_key()
    box = sealing.seal(key, ANSWERS, "day:l-1", 7)
    assert b"useful" not in box
    assert b"vaxt" not in box
    assert box != sealing.seal(key, ANSWERS, "day:l-1", 7)


@pytest.mark.parametrize(("survey", "person"), [("day:l-2", 7), ("day:l-1", 8)])
def test_a_box_put_in_the_place_of_another_does_not_open(survey: str, person: int) -> None:
    key = sealing.new_key()
    with pytest.raises(InvalidTag):
        sealing.unseal(key, sealing.seal(key, ANSWERS, "day:l-1", 7), survey, person)


def test_another_key_or_a_changed_box_does_not_open() -> None:
    key = sealing.new_key()
    box = sealing.seal(key, ANSWERS, "day:l-1", 7)
    with pytest.raises(InvalidTag):
        sealing.unseal(sealing.new_key(), box, "day:l-1", 7)
    with pytest.raises(InvalidTag):
        sealing.unseal(key, box[:-1] + bytes([box[-1] ^ 1]), "day:l-1", 7)
