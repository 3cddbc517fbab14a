"""What people type, as it was written down in typed/*.tsv before the code: what is made of it, row by row.

The tables *_second.tsv were written by another hand after the code, and not from it.
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from forms import dates, load, names, phones
from forms.meaning import Meaning, meant

ROOM = Path(__file__).parent
TODAY = date(2027, 2, 22)
ENOUGH = 0.95  # of the rows that a fair reader would not ask about
NOTHING = "-"
NORTH = [("Quba", "quba"), ("Губа", "quba"), ("Qubadlı", "qubadli"), ("Qusar", "qusar"), ("Xaçmaz", "khachmaz")]
T = TypeVar("T")


def rows(name: str) -> list[tuple[str, ...]]:
    """The rows of a table: what is typed, perhaps what it is compared with, and the outcome at the end."""
    lines = (ROOM / "typed" / f"{name}.tsv").read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


def outcome(meaning: Meaning[T]) -> str:
    """A meaning as the tables write it."""
    if meaning.sure is not None:
        return str(meaning.sure)
    return " ".join(["ask", *map(str, meaning.likely)]) if meaning.likely else NOTHING


def lists() -> dict[str, list[tuple[str, str]]]:
    """What is offered, by its name in the table of places: pairs of label and key."""
    regions = tomllib.loads((ROOM.parents[1] / "programme.example.toml").read_text("utf-8"))["region"]
    [group] = [question for question in load.shipped("registration").questions if question.key == "group"]
    return {
        "regions": [(label, region["id"]) for region in regions for label in region["name"].values()],
        "north": NORTH,
        "groups": [(label, choice.key) for choice in group.choices for label in choice.label.every().values()],
    }


def share(right: Iterable[bool]) -> float:
    counted = list(right)
    return sum(counted) / len(counted)


@pytest.mark.parametrize(
    ("table", "most"),
    [
        *[("places", 300), ("found", 55), ("alike", 62), ("phones", 75), ("dates", 99)],
        *[("places_second", 277), ("alike_second", 60), ("phones_second", 40), ("dates_second", 40)],
    ],
)
def test_a_table_is_as_long_as_when_it_was_written_and_has_no_row_twice(table: str, most: int) -> None:
    typed = [row[:-1] for row in rows(table)]
    assert len(typed) == len(set(typed)) >= most


@pytest.mark.parametrize("table", ["places", "places_second"])
def test_places_are_right_at_once_or_asked_and_never_silently_wrong(table: str) -> None:
    offered = lists()
    results = [(*row, outcome(meant(row[1], offered[row[0]]))) for row in rows(table)]
    for row in results:
        if row[2] != row[3]:
            print("missed:", *row, sep="\t")
    plain = [(right, got) for _, _, right, got in results if not right.startswith("ask")]
    doubtful = [(right, got) for _, _, right, got in results if right.startswith("ask")]
    at_once, asked = share(right == got for right, got in plain), [got for _, got in plain if got.startswith("ask")]
    wrong = [row for row in results if row[2] != row[3] and not row[3].startswith("ask")]
    print(f"{table}: {at_once:.1%} of {len(plain)} right at once, {len(asked)} of them and {len(doubtful)} more asked")
    assert wrong == []
    assert at_once >= ENOUGH
    assert [row for row in doubtful if row[0].split()[:2] != row[1].split()[:2]] == [], "the likeliest stands first"


def test_names_are_found_however_they_are_spelt_and_no_others() -> None:
    results = [(*row, "found" if names.found(row[0], row[1]) else NOTHING) for row in rows("found")]
    assert [row for row in results if row[2] != row[3]] == []


@pytest.mark.parametrize("table", ["alike", "alike_second"])
def test_like_names_are_possible_doubles_and_no_others_are(table: str) -> None:
    results = [(one, other, right, names.alike(one, other)) for one, other, right in rows(table)]
    missed = [row for row in results if row[2] == "like" and row[3] < names.LIKE]
    for row in missed:
        print("missed:", *row, sep="\t")
    print(f"{table}: {1 - len(missed) / len(results):.1%} of {len(results)} pairs right")
    assert [row for row in results if row[2] == NOTHING and row[3] >= names.LIKE] == []
    assert 1 - len(missed) / len(results) >= ENOUGH
    assert all(names.alike(one, other) == names.alike(other, one) for one, other, *_ in results)


def test_phone_numbers_and_days_of_the_second_tables_are_read_or_asked() -> None:
    numbers = [(*row, phones.phone(row[0]) or NOTHING) for row in rows("phones_second")]
    days = [(*row, outcome(dates.read(row[0], TODAY))) for row in rows("dates_second")]
    assert [row for row in numbers + days if row[1] != row[2]] == []


def test_places_and_names_together_are_right_at_once() -> None:
    offered = lists()
    places = [(wanted, outcome(meant(typed, offered[table]))) for table, typed, wanted in rows("places")]
    right = [wanted == got for wanted, got in places if not wanted.startswith("ask")]
    right += [(wanted == "found") == names.found(search, name) for search, name, wanted in rows("found")]
    right += [(wanted == "like") == (names.alike(one, other) >= names.LIKE) for one, other, wanted in rows("alike")]
    print(f"places and names: {share(right):.1%} of {len(right)} right at once")
    assert share(right) >= ENOUGH


@pytest.mark.parametrize(("typed", "number"), rows("phones"))
def test_every_usual_writing_of_a_phone_number_is_one_number(typed: str, number: str) -> None:
    assert (phones.phone(typed) or NOTHING) == number


@pytest.mark.parametrize(("typed", "day"), rows("dates"))
def test_a_day_is_read_or_asked(typed: str, day: str) -> None:
    assert outcome(dates.read(typed, TODAY)) == day
