"""An age that is written is found among the bands that are offered; what is no age is none."""

import pytest

from forms import bands, kinds
from forms.model import Choice, Refusal, Text, Typed
from tests.forms.samples import filled

AGE = filled("registration").question("age")
NEEDS = filled("registration").question("needs")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("18", "from_18"),
        ("24", "from_18"),
        ("32", "from_25"),
        ("32 yaş", "from_25"),
        ("32 yaşım var", "from_25"),
        ("мне 35 лет", "from_35"),
        ("I'm 64 years old.", "from_55"),
        ("65", "from_65"),
        ("100", "from_65"),
        ("3", "from_35"),  # the number of the choice
        ("45-54", "from_45"),
        ("18 – 24", "from_18"),
        ("65 və yuxarı", "from_65"),
        ("65 И СТАРШЕ", "from_65"),
    ],
)
def test_an_age_is_found_as_it_is_written(written: str, key: str) -> None:
    assert AGE
    assert kinds.choice(AGE, Typed(written)) == key


@pytest.mark.parametrize("written", ["17", "111", "1990", "32 33", "32 kq", "yüz", "-32", "12.05.1985", "0"])
def test_what_is_no_age_of_a_band_is_asked_again(written: str) -> None:
    assert AGE
    assert isinstance(kinds.choice(AGE, Typed(written)), Refusal)


def test_choices_that_are_no_bands_have_none() -> None:
    assert NEEDS
    assert bands.bands(NEEDS.choices) == {}
    assert bands.bands([Choice("a", Text("18–24")), Choice("b", Text("Başqa"))]) == {}


def test_the_first_may_be_up_to_and_the_last_from() -> None:
    choices = [Choice("a", Text("18-dən kiçik")), Choice("b", Text("18–30")), Choice("c", Text("30-dan çox"))]
    assert bands.bands(choices) == {"a": (0, 17), "b": (18, 30), "c": (30, bands.OLDEST)}
