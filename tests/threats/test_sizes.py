"""Input of 0, 1, limit, limit + 1, 4096 signs and 1 MiB: taken up to the limit, refused politely past it (row 13)."""

import pytest

from forms import cleaning, kinds, load, readings
from forms.model import Question, Refusal, Typed
from handlers import notes
from tests.bot import crew
from tests.conftest import House
from tests.threats import doorway

MIB = 2**20
FORMS = ("registration", "day", "recommendation")
WRITTEN = [question for form in FORMS for question in load.shipped(form).questions if question.kind == "text"]
WOMAN, ORGANISER = 810_001, 810_002


def sizes(limit: int) -> dict[int, bool]:
    """Each size, and whether it is taken."""
    return {0: False, 1: True, limit: True, limit + 1: False, 4096: False, MIB: False}


@pytest.mark.parametrize("question", WRITTEN, ids=[question.key for question in WRITTEN])
def test_a_question_takes_as_much_as_it_says(question: Question) -> None:
    assert question.max_length <= 3000
    for size, taken in sizes(question.max_length).items():
        assert isinstance(readings.text(question, Typed("ə" * size)), str) == taken, size


@pytest.mark.parametrize("kind", ["choice", "scale", "consent", "contact"])
def test_other_questions_take_no_long_text_and_do_not_think_long_about_it(kind: str) -> None:
    question = next(each for form in FORMS for each in load.shipped(form).questions if each.kind == kind)
    for sign in ("a", "1", "+", "\u0301"):
        assert isinstance(kinds.KINDS[kind].read(question, Typed(sign * MIB)), Refusal)


async def test_what_is_too_long_is_answered_and_leaves_her_where_she_was(house: House) -> None:
    await doorway.shut(house)
    await doorway.somebody(house, WOMAN)
    await doorway.come_in(house, doorway.pressed(house, WOMAN, "b/registration"))
    [(key,)] = await crew.rows(house, "SELECT key FROM sheets")
    await doorway.come_in(house, doorway.pressed(house, WOMAN, f"f/{key}/a/1/1"))
    before = await crew.rows(house, "SELECT step FROM sheets"), await crew.rows(house, "SELECT * FROM answers")
    [limit] = [question.max_length for question in WRITTEN if question.key == "name"]
    for size, taken in sizes(limit).items():
        if not taken:
            said = await doorway.come_in(house, doorway.written(house, WOMAN, "ə" * size))
            assert [method for _, method, _ in said] == ["sendMessage"], size
            assert len(said[0][2]) < 2000, size
            after = await crew.rows(house, "SELECT step FROM sheets"), await crew.rows(house, "SELECT * FROM answers")
            assert after == before, size
    await doorway.come_in(house, doorway.written(house, WOMAN, "ə" * limit))
    assert await crew.rows(house, "SELECT step FROM sheets") != before[0], "the control: what is not too long is taken"
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []


async def test_a_note_and_an_answer_to_an_inquiry_are_no_longer_than_a_message_can_be(house: House) -> None:
    await doorway.shut(house)
    await doorway.somebody(house, ORGANISER, role="organiser")
    for size, taken in sizes(notes.LONGEST).items():
        await doorway.come_in(house, doorway.pressed(house, ORGANISER, "n/to/all"))
        said = await doorway.come_in(house, doorway.written(house, ORGANISER, "ə" * size))
        assert said, size
        [(state, text)] = await crew.rows(house, "SELECT state, text FROM notes ORDER BY id DESC LIMIT 1")
        assert (state, text) == (("preview", "ə" * size) if taken else ("writing", "")), size
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []


async def test_a_mebibyte_that_is_no_answer_to_anything_is_answered_too(house: House) -> None:
    await doorway.shut(house)
    await doorway.somebody(house, WOMAN, "Aygün")
    said = await doorway.come_in(house, doorway.written(house, WOMAN, "ə" * MIB), doorway.written(house, WOMAN, ""))
    assert len(said) == 2
    assert len(cleaning.cleaned("ə" * MIB)) == cleaning.LONGEST, "what holds everybody up is cut first"
    assert max(len(parameters) for _, _, parameters in said) < 2000
