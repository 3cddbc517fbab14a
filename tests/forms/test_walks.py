"""Whatever comes in, a form with every kind and skip logic goes on, and is sent with what was asked and no more."""

from hypothesis import given, settings
from hypothesis import strategies as st

from forms import engine, reckoning
from forms.model import (
    CARD,
    Ask,
    Card,
    Declined,
    Done,
    Input,
    Located,
    Other,
    Pressed,
    Sent,
    Shared,
    Sheet,
    Step,
    Submitted,
    Typed,
)
from tests.dialogues.samples import VISIT

TODAY = "2027-03-01"
KEYS = [question.key for question in VISIT.questions]
INPUTS: st.SearchStrategy[Input] = (
    st.builds(Typed, st.sampled_from(["", "1", "2", "3", "7", "davam", "heç biri", "1, 3", "38.7, 48.8"]) | st.text())
    | st.builds(
        Pressed,
        st.sampled_from(["alone", "children", "transport", "food", "access", "x", "2027-03-05", "2027-02-30"]),
        st.booleans(),
    )
    | st.builds(Located, st.floats(), st.floats())
    | st.builds(Sent, st.sampled_from(["voice", "photo"]), st.text(max_size=5))
    | st.sampled_from([Done(), Other("sticker"), Shared("1", is_own=False), Typed("05.03.2027"), Typed("5 mart")])
)
MOVES = st.sampled_from([engine.back, engine.skip, engine.keep, engine.submit, engine.current])
GOOD: dict[str, Input] = {
    "welcome": Done(),
    "comes": Pressed("children"),
    "children": Typed("2"),
    "cost_of_lunch": Done(),
    "needs": Done(),
    "day": Typed("05.03.2027"),
    "home": Typed("38.7, 48.8"),
    "wish": Typed("Çay"),
}


def act(sheet: Sheet, what: object) -> Step:
    if isinstance(what, str):
        return engine.edit(VISIT, sheet, what)
    if callable(what):
        step: Step = what(VISIT, sheet)
        return step
    assert isinstance(what, Typed | Pressed | Shared | Located | Sent | Done | Other)
    return engine.answer(VISIT, sheet, what)


def way_on(step: Step) -> Step:
    for _ in range(2 * len(KEYS)):
        if isinstance(step, Submitted):
            break
        sheet = step.sheet
        step = engine.submit(VISIT, sheet) if sheet.step == CARD else engine.answer(VISIT, sheet, GOOD[sheet.step])
    return step


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(INPUTS | MOVES | st.sampled_from(KEYS), max_size=30), st.integers(0, len(KEYS)))
def test_any_walk_goes_on(acts: list[object], answered: int) -> None:
    step = engine.begin(VISIT, TODAY)
    for key in KEYS[:answered]:
        step = engine.answer(VISIT, step.sheet, GOOD[key]) if step.sheet.step == key else step
    for what in acts:
        step = act(step.sheet, what)
        assert not isinstance(step, Declined)
        asked = [question.key for question in reckoning.asked(VISIT, step.sheet)]
        assert [question.key for question in engine.editable(VISIT, step.sheet)] == [
            key for key in asked if key not in ("welcome", "cost_of_lunch")
        ]
        if isinstance(step, Ask):
            assert step.question.key in asked
            assert 0 <= step.at <= step.total <= len(KEYS) - 2
        if isinstance(step, Card):
            assert {*asked} <= {*step.sheet.answers}, "what waits unseen is there, too"
        if isinstance(step, Submitted):
            assert sorted(step.sheet.answers) == sorted(asked)
    end = way_on(step)
    assert isinstance(end, Submitted)
    assert sorted(end.sheet.answers) == sorted(question.key for question in reckoning.asked(VISIT, end.sheet))
