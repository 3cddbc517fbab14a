"""Whatever comes in, in whatever order: nothing raises, nothing confirmed is lost, and there is always a way on."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from forms import engine, load
from forms.model import (
    CARD,
    Ask,
    Card,
    Choice,
    Declined,
    Form,
    Input,
    Other,
    Pressed,
    Question,
    Shared,
    Sheet,
    Step,
    Submitted,
    Text,
    Typed,
)
from tests.forms.samples import FORM

KEYS = [question.key for question in FORM.questions]
WORDS = (
    st.sampled_from(["", "1", "3", "hə", "yox", "Aygün", "quba", "Lenkeran", "050 123 45 67", "a" * 300]) | st.text()
)
CHOICES = st.sampled_from(["yes", "no", "quba", "5", "baku", ""])
INPUTS: st.SearchStrategy[Input] = (
    st.builds(Typed, WORDS)
    | st.builds(Pressed, CHOICES)
    | st.builds(Shared, st.sampled_from(["994501234567", "+1", "", "٠"]) | st.text(max_size=20), st.booleans())
    | st.builds(Other, st.sampled_from(["sticker", "voice", "photo"]))
)
MOVES = st.sampled_from([engine.back, engine.skip, engine.keep, engine.submit, engine.current])
ACTS = INPUTS | MOVES | st.sampled_from([*KEYS, "no such question"])  # a key: change the answer of that question
GOOD: dict[str, Input] = {
    "agree": Pressed("yes"),
    "name": Typed("Aygün"),
    "district": Pressed("quba"),
    "useful": Pressed("5"),
    "story": Typed("söz"),
    "phone": Typed("0501234567"),
}


def act(form: Form, sheet: Sheet, what: object) -> Step:
    if isinstance(what, str):
        return engine.edit(form, sheet, what)
    if callable(what):
        step: Step = what(form, sheet)
        return step
    assert isinstance(what, Typed | Pressed | Shared | Other)
    return engine.answer(form, sheet, what)


def way_on(form: Form, step: Step) -> bool:
    """True if good answers lead from here to the end."""
    for _ in range(2 * len(form.questions)):
        if isinstance(step, Submitted):
            return True
        sheet = step.sheet
        step = engine.submit(form, sheet) if sheet.step == CARD else engine.answer(form, sheet, GOOD[sheet.step])
    return isinstance(step, Submitted)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(ACTS, max_size=25), st.booleans(), st.integers(0, len(KEYS)))
def test_any_walk_goes_on(acts: list[object], check: bool, answered: int) -> None:
    form = dataclasses.replace(FORM, check=check)
    step = engine.begin(form)
    for key in KEYS[:answered]:
        step = engine.answer(form, step.sheet, GOOD[key])
    for what in acts:
        before = step.sheet
        step = act(form, before, what)
        touched = {before.step}
        assert {k: v for k, v in before.answers.items() if k not in touched}.items() <= step.sheet.answers.items()
        assert set(step.sheet.answers) <= set(KEYS)
        if isinstance(step, Ask):
            assert step.question.key == step.sheet.step
            assert step.number == KEYS.index(step.question.key) + 1
        if isinstance(step, Card | Submitted):
            assert set(step.sheet.answers) == set(KEYS)
            assert step.sheet.answers["agree"] == "yes"
        assert isinstance(step, Ask | Card | Submitted | Declined)
        assert len(engine.summary(form, step.sheet, "az")) == len(engine.editable(form))
    assert way_on(form, step)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=8), st.sampled_from(KEYS), INPUTS)
def test_any_sheet_however_strange_is_shown_and_goes_on(step_key: str, answered: str, given_: Input) -> None:
    strange = Sheet({answered: "?", "question of an older form": 1}, step_key)
    assert way_on(FORM, engine.answer(FORM, strange, given_))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(-3, 12), st.integers(-3, 12))
def test_a_button_names_only_what_is_offered(question: int, choice: int) -> None:
    named = engine.pressed(FORM, question, choice)
    if named:
        step = engine.answer(FORM, Sheet({}, named[0]), Pressed(named[1]))
        assert isinstance(step, Declined) or (isinstance(step, Ask) and step.refusal is None)


TEXTS = st.builds(Text, st.text(), st.text(max_size=5), st.text(max_size=5))
QUESTIONS = st.builds(
    Question,
    key=st.text(max_size=5),
    kind=st.text(max_size=5),
    text=TEXTS,
    label=TEXTS,
    choices=st.lists(st.builds(Choice, st.text(max_size=5), TEXTS), max_size=2).map(tuple),
    lowest=st.none() | TEXTS,
    maximum=st.integers(-9, 9),
)
FORMS = st.builds(
    Form,
    name=st.text(max_size=5),
    title=TEXTS,
    questions=st.lists(QUESTIONS, max_size=2).map(tuple),
    done=st.none() | TEXTS,
    anonymous=st.booleans(),
    placeholders=st.lists(st.text(max_size=5), max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(FORMS)
def test_a_form_comes_back_from_its_json(form: Form) -> None:
    again = load.from_json(load.to_json(form))
    assert again == form
    assert load.digest(again) == load.digest(form)
