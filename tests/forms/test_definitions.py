"""The forms that are shipped: complete in three languages, short, and quick to fill in."""

import dataclasses
import re
from pathlib import Path

import pytest

from forms import checks, engine, kinds, load
from forms.model import LANGUAGES, Card, Done, Form, Input, Pressed, Shared, Step, Submitted, Typed
from tests.forms.samples import ORGANISER, filled

NAMES = ["day", "recommendation", "registration"]
DOCS = (Path(__file__).parents[2] / "docs" / "forms.md").read_text("utf-8")


def walked(form: Form, inputs: list[Input]) -> Step:
    step = engine.begin(form)
    for given in inputs:
        step = engine.answer(form, step.sheet, given)
    return step


@pytest.fixture(params=NAMES)
def form(request: pytest.FixtureRequest) -> Form:
    return filled(request.param)


def test_these_forms_are_shipped() -> None:
    assert load.names() == NAMES


def test_every_text_is_there_in_every_language(form: Form) -> None:
    found = dict(checks.texts(form))
    assert found
    assert {key: list(text.every()) for key, text in found.items()} == {key: list(LANGUAGES) for key in found}


def test_texts_keep_their_length_and_nothing_is_left_to_fill_in(form: Form) -> None:
    assert list(checks.of_texts(dataclasses.replace(form, questions=()), ())) == []
    for question in form.questions:
        assert list(checks.of_texts(question, ())) == []


def test_two_buttons_of_a_question_never_read_the_same(form: Form) -> None:
    for question in form.questions:
        for language in LANGUAGES:
            labels = [choice.label.said(language) for choice in kinds.options(question)]
            assert len(set(labels)) == len(labels)


def test_every_label_can_be_written_in_place_of_pressing_it(form: Form) -> None:
    for question in form.questions:
        for choice in kinds.options(question):
            for label in choice.label.every().values():
                read = kinds.KINDS[question.kind].read(question, Typed(label.upper()))
                assert read in (choice.key, [choice.key], int(choice.key) if choice.key.isdigit() else ""), label


def test_registration_is_done_in_eight_answers() -> None:
    """With Start, the button that begins and the one that sends: eleven inputs, of twelve at most."""
    answers: list[Input] = [
        Pressed("yes"),
        Typed("Aygün Sınaq"),
        Pressed("quba"),
        Pressed("community"),
        Pressed("from_65"),
        Done(),
        Done(),
        Shared("994501234567", is_own=True),
    ]
    step = walked(filled("registration"), answers)
    assert isinstance(step, Card)
    assert dict(step.sheet.answers) == {
        "consent": "yes",
        "name": "Aygün Sınaq",
        "region": "quba",
        "group": "community",
        "age": "from_65",
        "needs": [],
        "permissions": [],
        "phone": "+994501234567",
    }


def test_the_consent_says_what_it_has_to() -> None:
    consent = filled("registration").questions[0].text
    assert all(word in consent.az for word in ("adınız", "region", "qrup", "telefon", "Niyə", "silinir", "/privacy"))
    for language, text in consent.every().items():
        assert ORGANISER.said(language) in text
        assert "/privacy" in text
        assert "Telegram" in text


def test_the_survey_of_the_day_takes_four_taps_and_asks_nothing_that_tells_who_she_is() -> None:
    form = filled("day")
    taps: list[Input] = [Pressed("5"), Pressed("right"), Pressed("yes"), Pressed("maybe")]
    step = engine.skip(form, walked(form, taps).sheet)
    assert isinstance(step, Submitted)
    assert form.anonymous
    assert [question.kind for question in form.questions] == ["scale", "choice", "choice", "choice", "text"]
    assert "ad yazmayın" in form.questions[-1].text.az


def test_a_recommendation_has_the_four_kinds_of_the_programme() -> None:
    form = filled("recommendation")
    step = walked(
        form, [Pressed("planning"), Typed("Nümunə küçəsi"), Pressed("municipality"), Typed("İşıq lazımdır.\n" * 80)]
    )
    assert isinstance(step, Card)
    assert [choice.key for choice in form.questions[0].choices] == ["rules", "planning", "economic", "social"]


def test_the_page_tells_every_key_and_every_kind() -> None:
    rows = set(
        re.findall(r"^\| `(?:\[form\] |\[\[question\]\] |\[\[question\.choice\]\] )?(\w+)` \|", DOCS, re.MULTILINE)
    )
    known = {*load.FORM_KEYS, *load.QUESTION_KEYS, *load.CHOICE_KEYS, *kinds.KINDS, *LANGUAGES}
    assert rows == known


def test_the_examples_of_the_page_are_forms() -> None:
    examples = re.findall(r"```toml\n(\[form\].+?)```", DOCS, re.DOTALL)
    assert examples
    for example in examples:
        load.load(example)


def test_the_mistakes_that_the_page_shows_are_said_like_that() -> None:
    wrong, said = re.findall(r"```toml\n# mistakes\n(.+?)```\n.+?```text\n(.+?)```", DOCS, re.DOTALL)[0]
    with pytest.raises(ValueError) as caught:
        load.load(wrong)
    assert str(caught.value) == said.strip()
