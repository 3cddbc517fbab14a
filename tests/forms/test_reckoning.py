"""Skip logic, constraints, calculated values and forms that change: what follows from the answers on a sheet."""

import dataclasses

import pytest

from forms import engine, load
from forms.model import (
    CARD,
    Ask,
    Card,
    Declined,
    Done,
    Form,
    Pressed,
    Refusal,
    Sheet,
    Step,
    Submitted,
    Text,
    Typed,
    Value,
)
from tests.dialogues.samples import VISIT

TODAY = "2027-03-01"
ALONE: dict[str, Value] = {"welcome": None, "comes": "alone", "needs": [], "day": "2027-03-05", "wish": None}
FAMILY: dict[str, Value] = {
    **{"welcome": None, "comes": "children", "children": 4, "cost_of_lunch": None},
    **{"needs": ["transport"], "day": "2027-03-05", "home": "38.7,48.8", "wish": ["F1"]},
}


def at(step: Step) -> tuple[str, int, int]:
    assert isinstance(step, Ask)
    return step.question.key, step.at, step.total


def sheet(answers: dict[str, Value], step: str = CARD) -> Sheet:
    return Sheet(answers, step, TODAY)


def test_only_what_is_relevant_is_asked_and_counted() -> None:
    step = engine.answer(VISIT, engine.begin(VISIT, TODAY).sheet, Done())
    assert at(step) == ("comes", 1, 4)
    alone = engine.answer(VISIT, step.sheet, Pressed("alone"))
    assert at(alone) == ("needs", 2, 4)
    children = engine.answer(VISIT, step.sheet, Pressed("children"))
    assert at(children) == ("children", 2, 5)
    one = engine.answer(VISIT, children.sheet, Typed("1"))
    assert at(one) == ("needs", 3, 5)
    two = engine.answer(VISIT, children.sheet, Typed("2"))
    assert at(two) == ("cost_of_lunch", 0, 5)
    assert at(engine.back(VISIT, alone.sheet)) == ("comes", 1, 4)
    assert at(engine.back(VISIT, two.sheet)) == ("children", 2, 5)


def test_what_is_not_relevant_is_not_on_the_card() -> None:
    labels = [label for label, _ in engine.summary(VISIT, sheet(ALONE), "en")]
    assert labels == ["With whom", "Needs", "Day", "Wish"]
    assert len(engine.summary(VISIT, sheet(FAMILY), "en")) == 6
    assert len(engine.editable(VISIT)) == 6


def test_an_answer_whose_question_is_not_asked_any_more_waits_unseen_and_is_not_sent() -> None:
    step = engine.edit(VISIT, sheet(FAMILY), "comes")
    changed = engine.answer(VISIT, step.sheet, Pressed("alone"))
    without = engine.answer(VISIT, engine.edit(VISIT, changed.sheet, "needs").sheet, Typed("heç biri"))
    assert isinstance(without, Card)
    assert [label for label, _ in engine.summary(VISIT, without.sheet, "en")] == ["With whom", "Needs", "Day", "Wish"]
    assert set(engine.submit(VISIT, without.sheet).sheet.answers) == {"welcome", "comes", "needs", "day", "wish"}


def test_an_answer_that_was_mistaken_and_set_right_costs_her_no_other() -> None:
    here = sheet({key: FAMILY[key] for key in ("welcome", "comes", "children", "cost_of_lunch", "needs")}, "day")
    step = engine.answer(VISIT, engine.edit(VISIT, here, "comes").sheet, Pressed("alone"))
    assert at(step) == ("day", 3, 5)
    step = engine.answer(VISIT, engine.edit(VISIT, step.sheet, "comes").sheet, Pressed("children"))
    assert at(step) == ("day", 4, 6)
    assert step.sheet == here
    card = engine.answer(VISIT, engine.edit(VISIT, sheet(FAMILY), "comes").sheet, Pressed("alone"))
    back = engine.answer(VISIT, engine.edit(VISIT, card.sheet, "comes").sheet, Pressed("children"))
    assert back == Card(sheet(FAMILY))
    assert engine.submit(VISIT, back.sheet) == Submitted(sheet(FAMILY))


def test_what_waits_unseen_counts_nowhere() -> None:
    """Neither in a constraint, nor in what is calculated, nor in what is asked."""
    gone = sheet({**FAMILY, "comes": "alone", "children": 9})
    assert isinstance(engine.current(VISIT, gone), Card)
    assert VISIT.done
    assert engine.said(VISIT, gone, VISIT.done).said("en").endswith("0 manats in all.")
    assert at(engine.back(VISIT, dataclasses.replace(gone, step="needs")))[0] == "comes"
    back = engine.answer(VISIT, engine.edit(VISIT, gone, "comes").sheet, Pressed("children"))
    assert at(back)[0] == "children", "nine are too many: it is asked again"


def test_a_sheet_is_never_sent_with_what_is_not_relevant() -> None:
    strange = sheet({**ALONE, "children": 3, "home": "1,1", "children~": ["food"]})
    assert engine.submit(VISIT, strange) == Submitted(sheet(ALONE))
    short = dataclasses.replace(VISIT, check=False)
    assert engine.skip(short, dataclasses.replace(strange, step="wish")) == Submitted(sheet(ALONE))


def test_a_step_that_is_not_relevant_any_more_leads_on() -> None:
    lost = sheet({"welcome": None, "comes": "alone"}, "children")
    for step in (engine.current(VISIT, lost), engine.keep(VISIT, lost), engine.skip(VISIT, lost)):
        assert at(step)[0] == "needs"
    assert at(engine.answer(VISIT, lost, Typed("3")))[0] == "needs"
    assert at(engine.edit(VISIT, sheet({"welcome": None, "comes": "alone"}, "needs"), "children"))[0] == "needs"


def test_a_constraint_refuses_in_her_language() -> None:
    step = engine.answer(VISIT, sheet({"welcome": None, "comes": "children"}, "children"), Typed("7"))
    assert isinstance(step, Ask)
    assert step.refusal
    assert engine.sentence(step.refusal, load.refusals(), "ru").startswith("В комнате есть место для пяти детей.")
    plain = dataclasses.replace(VISIT.questions[2], reason=None)
    form = dataclasses.replace(VISIT, questions=(*VISIT.questions[:2], plain))
    step = engine.answer(form, sheet({"welcome": None, "comes": "children"}, "children"), Typed("7"))
    assert isinstance(step, Ask)
    assert step.refusal == Refusal("constraint")


HOUSE = load.load("""
[form]
name = "house"
title = { az = "Ev" }
[[question]]
key = "people"
kind = "number"
minimum = 1
maximum = 20
text = { az = "Neçə nəfər?" }
label = { az = "Nəfər" }
[[question]]
key = "girls"
kind = "number"
required = false
minimum = 0
maximum = 20
constraint = ". <= ${people}"
reason = { az = "Cəmi ${people} nəfər dediniz, ${girls} çoxdur." }
text = { az = "Onlardan neçəsi qızdır?" }
label = { az = "Qızlar" }
""")


def test_a_constraint_that_another_answer_broke_is_asked_before_the_card() -> None:
    full = sheet({"people": 5, "girls": 4})
    step = engine.answer(HOUSE, engine.edit(HOUSE, full, "people").sheet, Typed("3"))
    assert isinstance(step, Ask)
    assert (step.question.key, step.sheet.answers) == ("girls", {"people": 3, "girls": 4})
    assert step.refusal
    assert engine.sentence(step.refusal, {}, "az") == "Cəmi 3 nəfər dediniz, 4 çoxdur."
    assert isinstance(engine.submit(HOUSE, sheet({"people": 3, "girls": 4})), Ask)
    assert isinstance(engine.answer(HOUSE, step.sheet, Typed("2")), Card)
    assert isinstance(engine.skip(HOUSE, step.sheet), Card)


def test_what_was_skipped_breaks_no_constraint() -> None:
    assert isinstance(engine.skip(HOUSE, sheet({"people": 1}, "girls")), Card)


def test_known_values_stand_in_texts_as_people_read_them() -> None:
    step = engine.current(VISIT, sheet({"welcome": None, "comes": "children", "children": 4}))
    assert isinstance(step, Ask)
    assert step.question.text.said("en") == "Lunch for 4 children: 12 manats."
    assert VISIT.done
    assert engine.said(VISIT, sheet(ALONE), VISIT.done).said("en") == "Thank you! 3 manats a child: 0 manats in all."


ECHO = load.load("""
[form]
name = "echo"
title = { az = "Əks-səda" }
[[form.calculation]]
key = "half"
value = "number(${words}) div 2"
[[question]]
key = "words"
kind = "text"
max_length = 3000
text = { az = "Nə?" }
label = { az = "Söz" }
[[question]]
key = "again"
kind = "choice"
text = { az = "Siz “${words}” dediniz (${half})?", ru = "Вы сказали «${ words }»?" }
label = { az = "Bir də" }
[[question.choice]]
key = "yes"
label = { az = "Bəli" }
[[question.choice]]
key = "no"
label = { az = "Xeyr" }
""")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("salam", "Siz “salam” dediniz ()?"),
        ("${words} {x} <b>", "Siz “${words} {x} <b>” dediniz ()?"),
        ("a5" * 150, f"Siz “{'a5' * 99}a…” dediniz ()?"),
    ],
)
def test_what_she_wrote_is_put_into_a_text_as_it_is_and_not_too_long(words: str, said: str) -> None:
    step = engine.current(ECHO, sheet({"words": words}))
    assert isinstance(step, Ask)
    assert step.question.text.said("az") == said
    assert step.question.text.said("ru").startswith("Вы сказали «")


def changed(form: Form, key: str, **changes: object) -> Form:
    questions = (
        dataclasses.replace(each, **changes) if each.key == key else each  # type: ignore[arg-type]
        for each in form.questions
    )
    return dataclasses.replace(form, questions=tuple(questions))


def test_a_sheet_moves_on_to_a_changed_form_with_what_still_fits() -> None:
    new = dataclasses.replace(VISIT.questions[1], key="room")
    later = dataclasses.replace(VISIT, questions=(VISIT.questions[0], new, *VISIT.questions[1:-1]))
    later = changed(later, "children", maximum=3)
    step = engine.moved(VISIT, later, sheet(FAMILY))
    assert at(step)[0] == "room"
    assert step.sheet.answers == {k: v for k, v in FAMILY.items() if k not in ("children", "wish")}


def test_a_sheet_that_fits_as_it_is_stays_where_it_was() -> None:
    later = changed(VISIT, "comes", text=Text("Kiminlə birlikdə?"))
    assert engine.moved(VISIT, later, sheet(FAMILY)) == Card(sheet(FAMILY))
    half = sheet({"welcome": None, "comes": "alone"}, "needs")
    assert at(engine.moved(VISIT, later, half))[0] == "needs"


def test_a_consent_does_not_move_to_other_words() -> None:
    form = load.shipped("registration")
    given = Sheet({"consent": "yes", "name": "Aygün"}, "region")
    assert at(engine.moved(form, form, given))[0] == "region"
    step = engine.moved(form, changed(form, "consent", text=Text("Hər şeyə razısınız?")), given)
    assert at(step)[0] == "consent"
    assert step.sheet.answers == {"name": "Aygün"}
    assert isinstance(engine.answer(form, step.sheet, Typed("yox")), Declined)


@pytest.mark.parametrize(
    ("until", "today", "may"), [("", TODAY, True), (TODAY, TODAY, True), ("2027-02-28", TODAY, False)]
)
def test_what_was_sent_may_be_changed_until_a_day(until: str, today: str, may: bool) -> None:
    assert engine.changeable(dataclasses.replace(VISIT, changes_until=until), today) is may


def test_the_last_day_of_changes_may_be_filled_in() -> None:
    form = dataclasses.replace(VISIT, changes_until="{last}", placeholders=("last",))
    assert form.with_values(last="2027-03-02").changes_until == "2027-03-02"


def test_a_form_without_expressions_reckons_nothing() -> None:
    assert [load.shipped(name).reckons for name in load.names()] == [False] * len(load.names())
    assert VISIT.reckons
    assert changed(load.shipped("day"), "pace", relevant="true()").reckons
