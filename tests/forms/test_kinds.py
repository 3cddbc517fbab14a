import dataclasses

import pytest

from forms import folding, kinds, load, readings
from forms.model import Choice, Input, Other, Pressed, Refusal, Shared, Text, Typed, Value
from tests.forms.samples import FORM

AGREE, NAME, DISTRICT, USEFUL, STORY, PHONE = FORM.questions
FROM_ZERO = dataclasses.replace(USEFUL, minimum=0, maximum=10)


@pytest.mark.parametrize(
    "written", ["bəli", "Bəli, razıyam", "HƏ", "he", "raziyam", "да", "Да, согласна", "yes", "1", "1."]
)
def test_a_written_yes_is_a_consent(written: str) -> None:
    assert kinds.consent(AGREE, Typed(written)) == "yes"


@pytest.mark.parametrize("written", ["yox", "Xeyr", "нет", "NO", "2", "не согласна"])
def test_a_written_no_is_a_no(written: str) -> None:
    assert kinds.consent(AGREE, Typed(written)) == "no"


@pytest.mark.parametrize("written", ["Да, несогласна", "bəli razıyam yox", "3", "salam", "", "Bəli, razıyım"])
def test_what_is_only_near_a_yes_is_no_consent(written: str) -> None:
    assert kinds.consent(AGREE, Typed(written)) == Refusal("choose")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Lənkəran", "lankaran"),
        ("lenkeran", "lankaran"),
        ("LƏNKƏRAN", "lankaran"),
        ("  lankaran ", "lankaran"),
        ("Lenkerann", "lankaran"),
        ("Лянкяран", "lankaran"),
        ("Ләнкәран", "lankaran"),
        ("quba", "quba"),
        ("QUBA", "quba"),
        ("Guba", "quba"),
        ("Губа", "quba"),
        ("Quba!", "quba"),
        ("Qubadlı", "qubadli"),
        ("qubadli", "qubadli"),
        ("Qusar", None),
        ("zagatala", "zaqatala"),
        ("Zaqatalа", "zaqatala"),  # its last letter is Cyrillic
        ("Zaqatla", "zaqatala"),
        ("4", "zaqatala"),
        (" 4) ", "zaqatala"),
        ("5", None),
        ("0", None),
        ("-1", None),
        ("²", None),
        ("9" * 4000, None),
        ("", None),
    ],
)
def test_a_choice_is_found_by_what_was_written(written: str, meant: str | None) -> None:
    assert kinds.choice(DISTRICT, Typed(written)) == (meant or Refusal("choose"))


@pytest.mark.parametrize(("written", "likely"), [("Qub", ("quba", "qubadli")), ("Quba Zaqatala", ("quba", "zaqatala"))])
def test_a_choice_that_is_not_sure_is_asked(written: str, likely: tuple[str, ...]) -> None:
    assert kinds.choice(DISTRICT, Typed(written)) == Refusal("did you mean", likely=likely)


@pytest.mark.parametrize(
    "written",
    [
        *("2-ci", "2-Cİ", "2-cı", "2ci", "2 ci", "2–ci", "2-nci", "2-inci", "№2", "№ 2", "#2", "2.", "2)", "2 )"),
        *("variant 2", "Variant № 2", "variant: 2", "2-ci variant", "2 nömrə", "nömrə 2", "nomre 2", "cavab 2"),
        *("вариант 2", "2-й", "2ой", "2-я", "номер 2", "ответ 2", "option 2", "number 2", "2nd", "2nd option"),
    ],
)
def test_a_place_in_the_list_is_read_however_it_is_written(written: str) -> None:
    assert kinds.choice(DISTRICT, Typed(written)) == "quba"
    assert kinds.choices(DISTRICT, Typed(f"{written}, 4-cü")) == ["quba", "zaqatala"]


@pytest.mark.parametrize(
    "written", ["2-3", "2 uşaq", "2 rayon", "-2", "2x", "no 2", "variant", "№", "2-ci 3", "variant 22"]
)
def test_what_only_holds_a_number_is_no_place(written: str) -> None:
    assert kinds.choice(DISTRICT, Typed(written)) == Refusal("choose")


@pytest.mark.parametrize(
    "written",
    ["1-ci, 3-cü", "1-ci 3-cü", "№1 №3", "№1, №3", "1) 3)", "1. 3.", "1-ci və 3-cü", "3-й и 1-й", "1st + 3rd"],
)
def test_several_places_in_the_list_are_read_however_they_are_written(written: str) -> None:
    assert kinds.choices(DISTRICT, Typed(written)) == ["lankaran", "qubadli"]


def test_a_number_that_is_asked_for_is_none_of_a_place() -> None:
    number = dataclasses.replace(USEFUL, kind="number", maximum=9)
    for written in ("2-ci", "№2", "2)", "variant 2"):
        assert isinstance(readings.number(number, Typed(written)), Refusal), written
    assert readings.number(number, Typed("2.")) == 2


def test_hardly_readable_numbers_keep_nobody_waiting() -> None:
    for written in ("1 " * 99 + "x", "№1" * 66 + "!", "1-ci " * 39 + "?", "variant" + " ." * 2000):
        assert kinds.choices(DISTRICT, Typed(written)) == Refusal("choose several")


def test_a_choice_of_that_name_is_an_answer_and_passes_nothing_over() -> None:
    assert kinds.is_passing(DISTRICT, folding.fold("Дальше!"))
    onward = dataclasses.replace(DISTRICT, choices=(*DISTRICT.choices, Choice("next", Text("Sonra", "Дальше"))))
    assert not kinds.is_passing(onward, folding.fold("Дальше!"))
    assert kinds.choice(onward, Typed("Дальше!")) == "next"


@pytest.mark.parametrize("given", [Pressed("baku"), Pressed(""), Other("voice"), Shared("+994501234567", is_own=True)])
def test_a_choice_takes_no_foreign_button_and_no_other_message(given: Input) -> None:
    assert kinds.choice(DISTRICT, given) == Refusal("choose")


@pytest.mark.parametrize(
    ("given", "point"), [(Pressed("1"), 1), (Pressed("5"), 5), (Typed("3"), 3), (Typed(" 4. "), 4), (Typed("５"), 5)]
)
def test_a_scale_takes_its_points(given: Input, point: int) -> None:
    assert kinds.scale(USEFUL, given) == point


@pytest.mark.parametrize("given", [Pressed("6"), Pressed("0"), Typed("6"), Typed("çox"), Typed("3,5"), Other("photo")])
def test_a_scale_takes_nothing_else(given: Input) -> None:
    assert kinds.scale(USEFUL, given) == Refusal("rate", {"minimum": 1, "maximum": 5})


@pytest.mark.parametrize(("written", "point"), [("0", 0), ("1", 1), ("10", 10), ("11", None)])
def test_a_written_point_is_the_point_itself_not_its_place(written: str, point: int | None) -> None:
    expected: Value | Refusal = Refusal("rate", {"minimum": 0, "maximum": 10}) if point is None else point
    assert kinds.scale(FROM_ZERO, Typed(written)) == expected


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Aygün \n Quliyeva ", "Aygün Quliyeva"),
        ("\u202eAygün\u200b", "Aygün"),
        ("a" * 20, "a" * 20),
        ("a" * 21, Refusal("too long", {"length": 21, "maximum": 20})),
        ("…", Refusal("no letters")),
        ("👍", Refusal("no letters")),
        ("\u3164\u200b", Refusal("no letters")),
        ("", Refusal("no letters")),
    ],
)
def test_a_text_is_kept_clean_or_refused(written: str, kept: Value | Refusal) -> None:
    assert readings.text(NAME, Typed(written)) == kept


def test_a_long_text_keeps_its_lines() -> None:
    assert readings.text(STORY, Typed(" bir \r\n\n\n\n iki  üç")) == "bir\n\niki üç"


@pytest.mark.parametrize("given", [Other("sticker"), Pressed("yes"), Shared("+994501234567", is_own=True)])
def test_a_text_is_written(given: Input) -> None:
    assert readings.text(NAME, given) == Refusal("write")


@pytest.mark.parametrize(
    "written",
    [
        "050 123 45 67",
        "+994 50 123 45 67",
        "0501234567",
        "994501234567",
        "501234567",
        "00994501234567",
        "(050) 123-45-67",
        "\u2068050 123 45 67\u2069",
        "٠٥٠١٢٣٤٥٦٧",
    ],
)
def test_the_usual_ways_to_write_a_number_are_one_number(written: str) -> None:
    assert readings.contact(PHONE, Typed(written)) == "+994501234567"


@pytest.mark.parametrize("is_own", [True, False])
@pytest.mark.parametrize(("shared", "kept"), [("994501234567", "+994501234567"), ("+79161234567", "+79161234567")])
def test_a_shared_contact_is_taken_whoever_it_is(shared: str, kept: str, is_own: bool) -> None:
    """Telegram gives the number with or without its plus; one phone may serve a family."""
    assert readings.contact(PHONE, Shared(shared, is_own)) == kept


@pytest.mark.parametrize(
    "given", [Typed("12345"), Typed("yox"), Typed(""), Typed("0" * 4000), Shared("", is_own=True), Other("location")]
)
def test_what_is_no_number_is_refused(given: Input) -> None:
    assert readings.contact(PHONE, given) == Refusal("not a phone")


def test_every_refusal_has_a_sentence_in_every_language_with_its_values() -> None:
    said = load.refusals()
    used = {"choose", "rate", "write", "no letters", "too long", "not a phone", "needed", "check", "did you mean"}
    used |= {"choose several", "too few", "too many", "number", "decimal", "date", "which day", "too early", "too late"}
    assert set(said) == used | {"place", "voice", "photo", "note", "constraint"}
    for key, text in said.items():
        assert list(text.every()) == ["az", "ru", "en"]
        values = {"length": 21, "maximum": 20, "minimum": 1, "count": 2, "decimals": 2, "days": "05.03.1990"}
        shown = text.said("ru", **values, earliest="01.01.1990", latest="01.01.1990")
        assert "{" not in shown, key
