"""Ticks of several choices: no answer until they are done, and never lost."""

import dataclasses

from forms import engine
from forms.model import CARD, Ask, Card, Done, Pressed, Refusal, Text
from tests.dialogues.samples import VISIT
from tests.forms.test_reckoning import ALONE, at, changed, sheet


def test_ticks_are_no_answer_until_they_are_done() -> None:
    here = sheet({"welcome": None, "comes": "alone"}, "needs")
    step = engine.answer(VISIT, here, Pressed("access"))
    step = engine.answer(VISIT, step.sheet, Pressed("transport"))
    assert isinstance(step, Ask)
    assert (engine.ticked(step.question, step.sheet), step.refusal) == (["transport", "access"], None)
    assert "needs" not in step.sheet.answers
    assert at(engine.back(VISIT, step.sheet))[0] == "comes"
    again = engine.answer(VISIT, step.sheet, Pressed("transport"))
    assert again == step, "pressed again, a button asks for the same"
    step = engine.answer(VISIT, step.sheet, Pressed("transport", ticked=False))
    assert engine.answer(VISIT, step.sheet, Pressed("transport", ticked=False)) == step
    done = engine.answer(VISIT, step.sheet, Done())
    assert done.sheet.answers == {"welcome": None, "comes": "alone", "needs": ["access"]}
    forged = engine.answer(VISIT, here, Pressed("no such"))
    assert isinstance(forged, Ask)
    assert (forged.refusal, forged.sheet) == (Refusal("choose several"), here)


def test_ticks_that_were_not_done_are_asked_about_before_the_card() -> None:
    step = engine.answer(VISIT, engine.edit(VISIT, sheet(ALONE), "needs").sheet, Pressed("food"))
    assert engine.keep(VISIT, step.sheet) == Card(sheet(ALONE)), "she said that it stays as it was"
    elsewhere = engine.edit(VISIT, step.sheet, "day")
    left = engine.keep(VISIT, elsewhere.sheet)
    assert isinstance(left, Ask)
    assert (left.question.key, engine.ticked(left.question, left.sheet)) == ("needs", ["food"])
    assert engine.answer(VISIT, left.sheet, Done()) == Card(sheet({**ALONE, "needs": ["food"]}))
    assert at(engine.submit(VISIT, dataclasses.replace(elsewhere.sheet, step=CARD)))[0] == "needs"


def test_one_tick_too_many_is_refused_at_once() -> None:
    needs = dataclasses.replace(VISIT.questions[4], at_most=1)
    form = dataclasses.replace(VISIT, questions=(needs,))
    step = engine.answer(form, engine.begin(form).sheet, Pressed("food"))
    more = engine.answer(form, step.sheet, Pressed("access"))
    assert isinstance(more, Ask)
    assert (more.refusal, more.sheet) == (Refusal("too many", {"count": 1}), step.sheet)
    assert isinstance(engine.answer(form, engine.answer(form, step.sheet, Pressed("food")).sheet, Done()), Card)


def test_ticks_move_on_with_their_choices() -> None:
    half = sheet({"welcome": None, "comes": "alone", "needs~": ["food"]}, "needs")
    step = engine.moved(VISIT, changed(VISIT, "comes", text=Text("Kiminlə birlikdə?")), half)
    assert isinstance(step, Ask)
    assert (step.question.key, engine.ticked(step.question, step.sheet)) == ("needs", ["food"])
    fewer = changed(VISIT, "needs", choices=VISIT.questions[4].choices[:1])
    assert "needs~" not in engine.moved(VISIT, fewer, half).sheet.answers
