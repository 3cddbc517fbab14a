import dataclasses

import pytest

from forms import engine
from forms.model import CARD, Ask, Card, Declined, Other, Pressed, Shared, Sheet, Step, Submitted, Typed, Value
from tests.forms.samples import FORM

ANSWERS: dict[str, Value] = {
    "agree": "yes",
    "name": "Aygün",
    "district": "quba",
    "useful": 4,
    "story": None,
    "phone": "+994501234567",
}
FULL = Sheet(ANSWERS, CARD)
SURVEY = dataclasses.replace(FORM, check=False)


def asked(step: Step) -> str:
    assert isinstance(step, Ask)
    return step.question.key


def refused(step: Step) -> str:
    assert isinstance(step, Ask | Card)
    return step.refusal.key if step.refusal else ""


def test_a_form_is_walked_from_its_first_question_to_the_card_and_submitted() -> None:
    step = engine.begin(FORM)
    seen = []
    for given in (Pressed("yes"), Typed("Aygün"), Pressed("quba"), Pressed("4")):
        assert isinstance(step, Ask)
        seen.append((step.question.key, step.number, step.total))
        step = engine.answer(FORM, step.sheet, given)
    step = engine.skip(FORM, step.sheet)
    step = engine.answer(FORM, step.sheet, Shared("994501234567", is_own=True))
    assert seen == [("agree", 1, 6), ("name", 2, 6), ("district", 3, 6), ("useful", 4, 6)]
    assert step == Card(FULL)
    assert engine.submit(FORM, FULL) == Submitted(FULL)


def test_a_form_without_a_card_is_submitted_by_its_last_answer() -> None:
    left = {key: value for key, value in ANSWERS.items() if key != "phone"}
    assert engine.answer(SURVEY, Sheet(left, "phone"), Typed("050 123 45 67")) == Submitted(FULL)


def test_a_refused_consent_ends_the_form_and_is_not_kept() -> None:
    step = engine.answer(FORM, Sheet({}, "agree"), Pressed("no"))
    assert step == Declined(Sheet({}, "agree"))
    assert asked(engine.answer(FORM, step.sheet, Pressed("yes"))) == "name"


def test_a_consent_taken_back_on_the_card_cannot_be_submitted() -> None:
    step = engine.answer(FORM, engine.edit(FORM, FULL, "agree").sheet, Typed("yox"))
    assert isinstance(step, Declined)
    assert step.sheet.answers == {key: value for key, value in ANSWERS.items() if key != "agree"}
    assert asked(engine.submit(FORM, step.sheet)) == "agree"
    assert asked(engine.back(FORM, step.sheet)) == "agree"


def test_an_answer_is_refused_without_losing_the_place() -> None:
    sheet = Sheet({"agree": "yes"}, "name")
    step = engine.answer(FORM, sheet, Other("sticker"))
    assert (asked(step), refused(step), step.sheet) == ("name", "write", sheet)


def test_going_back_keeps_the_answers_and_returns_to_where_she_was() -> None:
    here = Sheet({"agree": "yes", "name": "Aygün", "district": "quba"}, "useful")
    step = engine.back(FORM, engine.back(FORM, here).sheet)
    assert asked(step) == "name"
    assert isinstance(step, Ask)
    assert step.answered
    step = engine.answer(FORM, step.sheet, Typed("Aygül"))
    assert step.sheet == Sheet({**here.answers, "name": "Aygül"}, "useful")


def test_going_back_from_the_first_question_stays_there() -> None:
    assert engine.back(FORM, engine.begin(FORM).sheet) == engine.begin(FORM)


def test_going_back_from_the_card_asks_the_last_question() -> None:
    assert asked(engine.back(FORM, FULL)) == "phone"


@pytest.mark.parametrize("key", ANSWERS)
def test_each_question_can_be_changed_from_the_card_or_left_as_it_is(key: str) -> None:
    step = engine.edit(FORM, FULL, key)
    assert asked(step) == key
    assert engine.keep(FORM, step.sheet) == Card(FULL)


def test_one_changed_answer_leads_to_the_card_again_even_if_another_was_skipped() -> None:
    step = engine.answer(FORM, engine.edit(FORM, FULL, "district").sheet, Pressed("zaqatala"))
    assert step == Card(Sheet({**ANSWERS, "district": "zaqatala"}, CARD))


def test_a_question_that_was_not_reached_cannot_be_edited_or_kept() -> None:
    here = Sheet({"agree": "yes"}, "name")
    assert asked(engine.edit(FORM, here, "phone")) == "name"
    assert asked(engine.edit(FORM, here, "no such question")) == "name"
    assert asked(engine.keep(FORM, here)) == "name"


def test_a_required_question_is_not_skipped() -> None:
    step = engine.skip(FORM, Sheet({"agree": "yes"}, "name"))
    assert (asked(step), refused(step)) == ("name", "needed")


def test_skipping_an_answered_question_takes_the_answer_away() -> None:
    step = engine.skip(FORM, engine.edit(FORM, FULL, "phone").sheet)
    assert step == Card(Sheet({**ANSWERS, "phone": None}, CARD))


def test_the_card_of_an_unfinished_sheet_is_not_shown() -> None:
    unfinished = Sheet({"agree": "yes"}, CARD)
    for step in (engine.submit(FORM, unfinished), engine.current(FORM, unfinished), engine.skip(FORM, unfinished)):
        assert asked(step) == "name"


def test_submit_while_a_question_is_open_asks_it_again() -> None:
    assert asked(engine.submit(FORM, engine.edit(FORM, FULL, "name").sheet)) == "name"


def test_whatever_is_written_on_the_card_shows_the_card_again_with_a_hint() -> None:
    step = engine.answer(FORM, FULL, Typed("salam"))
    assert (step.sheet, refused(step)) == (FULL, "check")


def test_a_step_that_the_form_does_not_know_leads_to_the_first_open_question() -> None:
    lost = Sheet({"agree": "yes"}, "asked by an older form")
    assert asked(engine.current(FORM, lost)) == "name"
    assert asked(engine.answer(FORM, lost, Typed("x"))) == "name"


def test_the_card_shows_what_she_reads_not_what_is_stored() -> None:
    assert engine.summary(FORM, FULL, "ru") == [
        ("Имя", "Aygün"),
        ("Rayon", "Куба"),
        ("Fayda", "4"),
        ("Söz", engine.SKIPPED),
        ("Telefon", "+994 50 123 45 67"),
    ]
    assert [question.key for question in engine.editable(FORM)] == ["name", "district", "useful", "story", "phone"]


def test_a_scale_says_what_its_ends_mean() -> None:
    useful = FORM.questions[3]
    assert engine.wording(useful, "en") == "Faydalı oldu?\n1 – heç, 5 – very"
    assert engine.wording(FORM.questions[1], "az") == "Adınız?"


@pytest.mark.parametrize(
    ("question", "choice", "named"),
    [
        (1, 2, ("agree", "no")),
        (3, 4, ("district", "zaqatala")),
        (4, 5, ("useful", "5")),
        (4, 6, None),
        (3, 0, None),
        (3, -1, None),
        (2, 1, None),
        (0, 1, None),
        (-1, 1, None),
        (7, 1, None),
    ],
)
def test_a_button_names_a_question_and_a_choice_or_nothing(
    question: int, choice: int, named: tuple[str, str] | None
) -> None:
    assert engine.pressed(FORM, question, choice) == named
