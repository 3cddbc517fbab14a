"""What is read from words, figures and messages; what is shown of it; what a value is worth in a changed form."""

import dataclasses

import pytest

from forms import engine, kinds, load, readings
from forms.model import Choice, Done, Input, Located, Other, Pressed, Question, Refusal, Sent, Text, Typed, Value
from tests.dialogues.samples import VISIT

TODAY = "2027-03-01"
CHILDREN = Question("children", "number", Text("Neçə?"), Text("Uşaqlar"), minimum=0, maximum=1500)
PRICE = dataclasses.replace(CHILDREN, minimum=-5, decimals=2)
BORN = Question("born", "date", Text("Nə vaxt?"), Text("Gün"), earliest="1930-01-01", latest="today")
HOME = Question("home", "place", Text("Harada?"), Text("Yer"))
WISH = Question("wish", "voice", Text("Nə?"), Text("İstək"), max_length=20)
PICTURE = dataclasses.replace(WISH, kind="photo")
READ = Question("read", "note", Text("Salam."), Text("Salam"))
NEEDS = Question(
    "needs",
    "choices",
    Text("Nə lazımdır?"),
    Text("Ehtiyac"),
    required=False,
    choices=(
        Choice("care", Text("Uşaq baxımı", "Уход за детьми", "Child care")),
        Choice("food", Text("Yemək və su", "Еда и вода", "Food and water")),
        Choice("way", Text("Yol", "Дорога", "Transport")),
        Choice("other", Text("Başqası", "Другое", "Something else")),
    ),
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("12", 12), (" 12. ", 12), ("0", 0), ("1 200", 1200), ("12,0", 12), ("+7", 7), ("１２", 12), ("٣", 3), ("007", 7)],
)
def test_a_number_is_written_in_figures(written: str, kept: Value) -> None:
    assert readings.number(CHILDREN, Typed(written)) == kept


@pytest.mark.parametrize(
    "written",
    ["iki", "12,5", "1501", "-1", "12 13", "1.200", "", "12 nəfər", "1e3", "²", "½", "9" * 4000, "1_0", "nan"],
)
def test_what_is_no_such_number_is_refused(written: str) -> None:
    refusal = Refusal("number", {"minimum": 0, "maximum": 1500, "decimals": 0})
    assert readings.number(CHILDREN, Typed(written)) == refusal


@pytest.mark.parametrize(("written", "kept"), [("12,5", 12.5), ("12.50", 12.5), ("-4,25", -4.25), ("3", 3), ("3,", 3)])
def test_a_number_may_have_decimals(written: str, kept: Value) -> None:
    assert readings.number(PRICE, Typed(written)) == kept
    assert isinstance(readings.number(PRICE, Typed("1,234")), Refusal)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Typed("05.03.1985"), "1985-03-05"),
        (Typed("5 mart 1985"), "1985-03-05"),
        (Typed("bu gün"), TODAY),
        (Typed("02.03.2027"), Refusal("too late", {"latest": "01.03.2027"})),
        (Typed("31.12.1929"), Refusal("too early", {"earliest": "01.01.1930"})),
        (Typed("31.02.1985"), Refusal("date")),
        (Typed("çoxdan"), Refusal("date")),
        (Other("sticker"), Refusal("date")),
        (Typed("5 mart"), Refusal("which day", {"days": "05.03.2026"}, ("2026-03-05",))),
        (Typed("1 fevral"), Refusal("which day", {"days": "01.02.2027"}, ("2027-02-01",))),
        (Pressed("1985-03-05"), "1985-03-05"),
        (Pressed("2027-03-02"), Refusal("too late", {"latest": "01.03.2027"})),
        (Pressed("1985-02-31"), Refusal("date")),
    ],
)
def test_a_date(given: Input, kept: Value | Refusal) -> None:
    assert readings.day(BORN, given, TODAY) == kept


def test_of_the_days_that_may_be_meant_two_are_named() -> None:
    asked = readings.day(dataclasses.replace(BORN, latest=""), Typed("1 fevral"), TODAY)
    assert asked == Refusal("which day", {"days": "01.02.2027 / 01.02.2028"}, ("2027-02-01", "2028-02-01"))


@pytest.mark.parametrize(("number", "day"), [(20270301, "2027-03-01"), (20270230, None), (1, None), (10**40, None)])
def test_a_day_has_a_number_for_a_button(number: int, day: str | None) -> None:
    assert readings.numbered_day(number) == day
    assert day is None or readings.day_number(day) == number
    assert engine.pressed(VISIT, 6, number) == (("day", day) if day else None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Located(38.7536, 48.8511), "38.7536,48.8511"),
        (Located(38.123456789, -0.000001), "38.12346,-0"),
        (Typed("38.75, 48.85"), "38.75,48.85"),
        (Typed("38.75,48.85"), "38.75,48.85"),
        (Typed("38,75 48,85"), "38.75,48.85"),
        (Typed("38,75; 48,85"), "38.75,48.85"),
        (Typed("-38 148"), "-38,148"),
        (Located(99.0, 0.0), Refusal("place")),
        (Located(float("nan"), 0.0), Refusal("place")),
        (Typed("91, 20"), Refusal("place")),
        (Typed("Lənkəran"), Refusal("place")),
        (Typed("38.75"), Refusal("place")),
        (Other("photo"), Refusal("place")),
    ],
)
def test_a_place(given: Input, kept: Value | Refusal) -> None:
    assert readings.place(HOME, given) == kept


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        (WISH, Sent("voice", "F1"), ["F1"]),
        (WISH, Typed("Çay olsun"), "Çay olsun"),
        (WISH, Sent("photo", "F1"), Refusal("voice")),
        (WISH, Other("sticker"), Refusal("voice")),
        (WISH, Typed("a" * 21), Refusal("too long", {"length": 21, "maximum": 20})),
        (PICTURE, Sent("photo", "F1"), ["F1"]),
        (PICTURE, Sent("voice", "F1"), Refusal("photo")),
        (PICTURE, Typed("…"), Refusal("no letters")),
    ],
)
def test_a_voice_message_or_a_photo_or_words(question: Question, given: Input, kept: Value | Refusal) -> None:
    assert readings.filed(question, given) == kept


@pytest.mark.parametrize("given", [Done(), Typed("davam"), Typed("Дальше"), Typed("ok!"), Typed("next")])
def test_a_note_is_passed(given: Input) -> None:
    assert kinds.note(READ, given) is None


@pytest.mark.parametrize("given", [Typed("niyə?"), Pressed("x"), Other("voice")])
def test_something_else_does_not_pass_a_note(given: Input) -> None:
    assert kinds.note(READ, given) == Refusal("note")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1", ["care"]),
        ("1, 3", ["care", "way"]),
        ("3 1", ["care", "way"]),
        ("3,3,3.", ["way"]),
        ("yol, uşaq baxımı", ["care", "way"]),
        ("Yol və uşaq baxımı", ["care", "way"]),
        ("yemek ve su", ["food"]),
        ("Yemək və su və yol", None),
        ("yemək və su, yol", ["food", "way"]),
        ("дорога и уход за детьми", ["care", "way"]),
        ("transport and child care", ["care", "way"]),
        ("Yol\nBaşqası", ["way", "other"]),
        ("hamısı", ["care", "food", "way", "other"]),
        ("heç biri", []),
        ("нет", []),
        ("5", None),
        ("1, 5", None),
        ("yol, nə isə", None),
        ("", None),
        (", ,", None),
    ],
)
def test_several_choices_are_written(written: str, kept: list[str] | None) -> None:
    assert kinds.choices(NEEDS, Typed(written)) == (Refusal("choose several") if kept is None else kept)


@pytest.mark.parametrize(
    ("keys", "changes", "kept"),
    [
        (["way", "care"], {}, ["care", "way"]),
        ([], {}, []),
        ([], {"required": True}, Refusal("too few", {"count": 1})),
        (["way"], {"required": True, "at_least": 2}, Refusal("too few", {"count": 2})),
        (["way", "care"], {"at_most": 1}, Refusal("too many", {"count": 1})),
    ],
)
def test_neither_too_few_nor_too_many_are_chosen(
    keys: list[str], changes: dict[str, int | bool], kept: Value | Refusal
) -> None:
    assert kinds.several(dataclasses.replace(NEEDS, **changes), keys) == kept  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "value", "az", "en"),
    [
        (PRICE, 12.5, "12,5", "12.5"),
        (BORN, "1985-03-05", "05.03.1985", "05.03.1985"),
        (HOME, "38.75,48.85", "38.75, 48.85", "38.75, 48.85"),
        (WISH, ["F1"], "🎤 səsli mesaj", "🎤 voice message"),
        (WISH, "Çay", "Çay", "Çay"),
        (NEEDS, ["care", "way"], "Uşaq baxımı, Yol", "Child care, Transport"),
        (NEEDS, [], "–", "–"),
        (READ, None, "–", "–"),
    ],
)
def test_a_value_is_shown_as_people_read_it(question: Question, value: Value, az: str, en: str) -> None:
    assert (kinds.shown(question, value, "az"), kinds.shown(question, value, "en")) == (az, en)


OTHER_WORDS = {"text": Text("Başqa sözlərlə?")}


@pytest.mark.parametrize(
    ("question", "value", "changes", "fits"),
    [
        (NEEDS, ["way"], OTHER_WORDS, True),
        (NEEDS, ["way"], {"choices": NEEDS.choices[:2]}, False),
        (NEEDS, ["care"], {"choices": NEEDS.choices[:2]}, True),
        (NEEDS, ["care"], {"required": True, "at_least": 2}, False),
        (NEEDS, None, {"required": True}, False),
        (CHILDREN, 7, {"maximum": 9}, True),
        (CHILDREN, 12, {"maximum": 9}, False),
        (CHILDREN, 12, {"kind": "text"}, False),
        (PRICE, 2.5, {"decimals": 0}, False),
        (dataclasses.replace(CHILDREN, kind="scale", maximum=5), 4, {"maximum": 10}, False),
        (dataclasses.replace(CHILDREN, kind="scale", maximum=5), 4, OTHER_WORDS, True),
        (dataclasses.replace(NEEDS, kind="choice"), "way", {"choices": NEEDS.choices[:2]}, False),
        (dataclasses.replace(NEEDS, kind="consent"), "yes", OTHER_WORDS, False),
        (dataclasses.replace(NEEDS, kind="consent"), "yes", {}, True),
        (WISH, ["F1"], {"max_length": 5}, True),
        (WISH, "Çay olsun", {"max_length": 5}, False),
        (READ, None, OTHER_WORDS, True),
    ],
)
def test_an_answer_still_fits_a_changed_question_or_not(
    question: Question, value: Value, changes: dict[str, object], fits: bool
) -> None:
    assert kinds.still_fits(question, dataclasses.replace(question, **changes), value) is fits  # type: ignore[arg-type]


def test_refusals_are_named_by_kind_where_a_file_is_asked_for() -> None:
    assert set(kinds.FILES) <= set(load.refusals())
