"""What must hold of everything that can be typed, and of all districts."""

import tomllib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import cleaning, dates, districts, folding, names, phones
from forms.meaning import Meaning, meant

DISTRICTS = tomllib.loads(districts.DATA.read_text("utf-8"))["district"]
OURS = ("lankaran", "quba", "zaqatala")
REGIONS = [(DISTRICTS[key][language], key) for key in OURS for language in ("az", "ru", "en")]
EVERY = [(entry["az"], key) for key, entry in DISTRICTS.items()]
ENDINGS = ["", "da", "dan", "danam", "dayam", "a", "ya", "nın", "ın", "lı", "lıyam", " rayonu", " r.", " şəhərindən"]
TODAY = date(2027, 2, 22)
ALPHABET = "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60) | st.text("qubaləndıiİI dан.1-", max_size=20)
LABELS = st.lists(ANY_TEXT.filter(cleaning.cleaned), min_size=1, max_size=5, unique_by=cleaning.cleaned)
LONG = 4096  # characters of the longest message of Telegram
EVIL = [
    "a",
    "qu",
    "a ",
    "1",
    "1-",
    "+1(",
    "05.03.",
    "ə\u0301",
    "ﷺ",
    "Ж",
    "Жa",
    "q\n",
    "(",
    "y",
    "qızı ",
    "0501234567 ",
    "Quba ",
]
READERS: list[tuple[int, Callable[[str], object]]] = [  # how many characters are looked at, and who reads them
    (folding.LONGEST, folding.fold),
    (folding.LONGEST, folding.sound),
    (folding.LONGEST, lambda text: names.found("Aygün", text)),
    (folding.LONGEST, lambda text: names.alike(text, "Aygün Məmmədova")),
    (phones.LONGEST, phones.phone),
    (dates.LONGEST, lambda text: dates.read(text, TODAY)),
]


def test_every_district_is_found_by_each_of_its_names() -> None:
    for key, entry in DISTRICTS.items():
        for name in (entry["az"], entry["ru"], entry["en"], *entry.get("also", ())):
            assert meant(name, EVERY) == Meaning(key), name


def test_another_district_in_whatever_form_is_never_taken_for_one_that_is_offered() -> None:
    for key, entry in DISTRICTS.items():
        for ending in ENDINGS if key not in OURS else ():
            for name in (entry["az"], entry["ru"], entry["en"]):
                assert meant(name + ending, REGIONS) == Meaning(), name + ending


def test_a_district_is_found_in_all_its_forms() -> None:
    for key in OURS:
        for ending in ENDINGS:
            assert meant(DISTRICTS[key]["az"] + ending, REGIONS) == Meaning(key), ending


def slips(name: str) -> set[str]:
    """Every way in which one letter of a name is missing, too many or wrong, or has changed places with the next."""
    parts = [(name[:cut], name[cut:]) for cut in range(len(name) + 1)]
    missing = {head + tail[1:] for head, tail in parts if tail}
    turned = {head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1}
    wrong = {head + letter + tail[1:] for head, tail in parts if tail for letter in ALPHABET}
    more = {head + letter + tail for head, tail in parts for letter in ALPHABET}
    return missing | turned | wrong | more


@pytest.mark.parametrize(("name", "key"), [("lənkəran", "lankaran"), ("zaqatala", "zaqatala"), ("quba", "quba")])
def test_a_slip_in_a_name_is_understood_or_asked(name: str, key: str) -> None:
    lost = [
        typed for typed in slips(name) if key not in (meant(typed, REGIONS).sure, *meant(typed, REGIONS).likely[:1])
    ]
    assert lost in ([], ["quban"]), "Quban is the river"


@pytest.mark.parametrize("name", ["qubadlı", "qusar", "qobustan", "astara", "lerik", "balakən", "xaçmaz", "zərdab"])
def test_a_slip_in_the_name_of_a_neighbour_is_not_taken_for_ours(name: str) -> None:
    taken = {typed for typed in slips(name) if meant(typed, REGIONS).sure}
    assert taken <= {"qubalı", "quballı"}, "Qubalı is a word of its own: she is from Quba"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(LABELS, st.data(), st.booleans())
def test_a_label_that_is_typed_exactly_always_wins(labels: list[str], data: st.DataObject, near: bool) -> None:
    label = data.draw(st.sampled_from(labels))
    assert meant(label, [(each, each) for each in labels], near) == Meaning(label)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(ANY_TEXT, LABELS)
def test_nothing_but_what_is_offered_is_meant(text: str, labels: list[str]) -> None:
    for offered in ([(label, str(number)) for number, label in enumerate(labels)], REGIONS):
        meaning = meant(text, offered)
        assert {*meaning.likely, meaning.sure} <= {None, *(key for _, key in offered)}
        assert meaning.sure is None or not meaning.likely
        assert len(set(meaning.likely)) == len(meaning.likely)
    exact = meant(text, REGIONS, near=False)
    assert not exact.likely or folding.fold(text) == ""


@settings(max_examples=500, deadline=None, derandomize=True)
@given(ANY_TEXT)
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert folding.fold(folding.fold(text)) == folding.fold(text)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(ANY_TEXT, ANY_TEXT)
def test_any_text_is_read(text: str, other: str) -> None:
    for _, reader in READERS:
        reader(text)
    assert names.found(text, text) == bool(folding.fold(text))
    assert 0 <= names.alike(text, other) == names.alike(other, text) <= names.alike(text, text) <= 100
    assert names.order(text) == names.order(text) and isinstance(names.order(text)[1], str)
    number = phones.phone(text)
    assert number is None or phones.phone(phones.shown(number)) == number


@pytest.mark.parametrize("sign", EVIL)
def test_of_a_long_text_only_the_beginning_is_looked_at(sign: str) -> None:
    text = (sign * LONG)[:LONG]
    for most, reader in READERS:
        assert reader(text) == reader(text[:most])
    assert meant(text, REGIONS) == Meaning()


def test_names_stand_in_the_order_of_the_azerbaijani_alphabet() -> None:
    listed = ["Anna", "Anna Maria", "Anna-Marya", "Cəmilə", "Çinarə", "Dilarə", "Eldar", "Əsmər", "Gülnar", "Ğumral"]
    listed += ["Həcər", "Xatirə", "Irəvan", "İlahə", "Jalə", "Kamilə", "Qönçə", "Lalə", "Ofeliya", "Ömür", "Sara"]
    listed += ["Şəhla", "Turan", "Ulduz", "Ülkər", "Vəfa", "Yasəmən", "Zərifə", "Айгюн", "Яна"]
    mixed = listed[::2] + listed[1::2]
    assert sorted(mixed, key=names.order) == listed
    assert sorted(["ilahə b", "İLAHƏ A", "ılahə"], key=names.order) == ["ılahə", "İLAHƏ A", "ilahə b"]


def test_a_number_is_shown_as_people_write_it() -> None:
    assert phones.shown("+994501234567") == "+994 50 123 45 67"
    assert phones.shown("not a number") == "not a number"


def test_only_what_is_near_in_words_and_not_in_figures_is_near() -> None:
    days = [("Məşğələ günü 10", "a"), ("Məşğələ günü 12", "b")]
    assert meant("mesgele gunu 12", days) == Meaning("b")
    assert meant("mesgele gunu 11", days).sure is None
    assert meant("Bəli, razıyım", [("Bəli, razıyam", "yes"), ("Xeyr", "no")], near=False) == Meaning()
