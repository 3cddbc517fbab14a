import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import cleaning, folding

LETTERS = "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v y z"
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (LETTERS, LETTERS),
        ("A B C Ç D E Ə F G Ğ H X I İ J K Q L M N O Ö P R S Ş T U Ü V Y Z", None),
        ("Ёлка Щука Ъ ы ә", None),
        ("O'Brien-Məmmədova (qızı)", None),
        ("<b>Aygün</b> & {name} %s '; DROP TABLE people;--", None),
        ("=HYPERLINK(1)", None),
        ("Gu\u0308lnar", "Gülnar"),
        ("Ay\u200bgün", "Aygün"),
        ("\u202eAygün\u202c", "Aygün"),
        ("\u2067Aygün\u2069\u200f\u061c", "Aygün"),
        ("\ufeffAy\xadgün\x00\x1b\x9f", "Aygün"),
        ("Ay\U000e0061gün\U000e007f", "Aygün"),
        ("Ay\ud83dgün", "Aygün"),
        ("Z\u0351\u0352\u0357\u035ba", "Z\u0351\u0352a"),
        ("Aygün\n\tQuliyeva\u2028\u00a0qızı", "Aygün Quliyeva qızı"),
        ("👩‍👩‍👧 ailə", "👩‍👩‍👧 ailə"),
        (" \u200b ", ""),
        ("\u3164\u115f", ""),
    ],
)
def test_a_line_of_text_is_kept_or_cleaned(written: str, kept: str | None) -> None:
    assert cleaning.cleaned(written) == (written if kept is None else kept)


def test_lines_are_kept_where_they_are_asked_for() -> None:
    assert cleaning.cleaned("\n bir\r\niki\r\r\r\rüç \n", multiline=True) == "bir\niki\n\nüç"


@pytest.mark.parametrize(("text", "readable"), [("ə", True), ("Ж", True), ("好", True), ("12", False), ("👍…", False)])
def test_a_letter_of_any_script_is_something_to_read(text: str, readable: bool) -> None:
    assert cleaning.has_letter(text) == readable


@settings(max_examples=150, deadline=None, derandomize=True)
@given(ANY_TEXT, st.booleans())
def test_what_is_clean_stays_as_it_is_and_can_be_stored(text: str, multiline: bool) -> None:
    once = cleaning.cleaned(text, multiline=multiline)
    assert cleaning.cleaned(once, multiline=multiline) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(ANY_TEXT)
def test_any_text_is_folded_and_only_words_are_left(text: str) -> None:
    folded = folding.fold(text)
    assert folded == " ".join(folded.split())
    assert all(sign.isalnum() or sign == " " for sign in folded)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        (LETTERS.replace(" ", ""), "abccdeefgghxiijkglmnooprsstuuvyz"),
        ("ƏLİ QIZI", "eli gizi"),
        ("I\u0307smayıl", "ismayil"),
        ("Әли Ҝүлнар", "eli gulnar"),
        ("Юлия Щёкина", "yuliya sekina"),
        ("Вəli", "beli"),  # a Cyrillic В at its beginning
        ("Bəli, razıyam!", "beli raziyam"),
        ("a@b_c", "a b c"),
    ],
)
def test_letters_are_folded(written: str, folded: str) -> None:
    assert folding.fold(written) == folded
