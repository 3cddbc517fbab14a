"""What is done with 300 names: kept, cleaned or refused as tests/threats/names.py says (row 14)."""

import re
import unicodedata

from bot import texts
from forms import folding, load, readings
from forms.model import Refusal, Typed
from tests.threats import names

KEPT = [*names.AZERBAIJANI, *names.CYRILLIC, *names.ELSEWHERE, *names.NAUGHTY, *(name for name, _ in names.HOMOGLYPHS)]
[QUESTION] = [question for question in load.shipped("registration").questions if question.key == "name"]
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # Unicode UAX #9: what changes the direction
EMPTY = re.compile("[\u200b\u2060-\u206f\ufeff\U000e0000-\U000e007f\x00-\x1f\x7f-\x9f]")


def taken(name: str) -> str | None:
    """What the question makes of the name; None for a refusal."""
    value = readings.text(QUESTION, Typed(name))
    return None if isinstance(value, Refusal) else str(value)


def test_the_table_holds_300_names_and_each_once() -> None:
    every = [*KEPT, *names.CLEANED, *names.REFUSED]
    assert len(every) == len(set(every)) >= 300
    written = "".join(names.AZERBAIJANI)
    assert set("abcçdeəfgğhxıijkqlmnoöprsştuüvyzABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ") <= set(written)


def test_names_of_people_and_words_that_break_programs_are_kept_letter_for_letter() -> None:
    assert {name: taken(name) for name in KEPT} == {name: name for name in KEPT}


def test_what_nobody_can_see_or_what_turns_a_line_around_is_taken_out() -> None:
    assert {name: taken(name) for name in names.CLEANED} == names.CLEANED


def test_what_has_no_letter_or_is_too_long_is_refused() -> None:
    assert [name for name in names.REFUSED if taken(name) is not None] == []
    assert taken("Ə" * QUESTION.max_length) and not taken("Ə" * (QUESTION.max_length + 1))


def test_a_list_keeps_its_order_whoever_stands_in_it() -> None:
    """A name cannot end its isolation, for no direction mark is left in it: what comes after it is where it was."""
    for name in [*KEPT, *names.CLEANED.values()]:
        assert not TURNING.search(name) and not EMPTY.search(name), ascii(name)
        assert unicodedata.is_normalized("NFC", name), ascii(name)
        line = f"1. {texts.isolate(name)}, Lənkəran"
        assert TURNING.findall(line) == [texts.FIRST_STRONG_ISOLATE, texts.POP_ISOLATE], ascii(name)


def test_equal_looking_names_are_found_by_the_same_words() -> None:
    assert [pair for pair in names.HOMOGLYPHS if folding.fold(pair[0]) != folding.fold(pair[1])] == []
    for capital, small in (("İLAHƏ", "ilahə"), ("ILAHƏ", "ılahə"), ("ŞƏHLA", "şəhla"), ("ЁЛКА", "ёлка")):
        assert folding.fold(capital) == folding.fold(small)
