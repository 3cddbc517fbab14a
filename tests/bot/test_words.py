"""Words that she writes in place of a button: that she passes a question over, that she needs nothing, a number."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.texts import Texts
from forms import load
from handlers import answers
from handlers.questions import View
from tests.bot import crew
from tests.bot.women import LANGUAGES, Woman
from tests.conftest import House
from tests.dialogues import samples

TEXTS = Texts.load()
CONSENT = load.shipped("registration").questions[0]


@dataclass
class Open:
    """What a view needs of an open sheet."""

    step: str
    answers: dict[str, Any] = field(default_factory=dict)


async def said(woman: Woman, *words: str) -> None:
    for word in words:
        await woman.write(word)
        await woman.house.settle()


async def kept(woman: Woman, question: str) -> Any:
    """The answer that stands on her registration; None as well where the question was passed over."""
    return json.loads((await woman.answers())[f"registration:{question}"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("written", ["keç", "KEÇİN", "kec", "Ötür!", "otur", "Пропустить", "дальше", "skip", "Skip."])
async def test_a_question_that_may_be_skipped_is_skipped_in_writing(house: House, language: str, written: str) -> None:
    woman = await Woman(house, language).reach("phone")
    await said(woman, written)
    assert (await woman.where())[-1][-1] == "", "the card"
    assert await kept(woman, "phone") is None


async def test_who_writes_that_she_skips_ticks_loses_none_of_them(house: House) -> None:
    woman = await Woman(house, "en").reach("needs")
    await woman.phone.tap("Child care")
    await house.settle()
    await said(woman, "skip")
    assert await kept(woman, "needs") == ["child"]
    assert woman.phone.last.text.startswith("✓ Needs: \u2068Child care\u2069")
    await said(woman, "skip")
    assert await kept(woman, "permissions") == []
    assert "✓ Permissions: None of these" in "\n".join(message.text for message in woman.phone.received)


async def test_an_answer_that_she_passes_over_stays_as_it_was(house: House) -> None:
    woman = await Woman(house, "az").reach("card")
    for label, question, before in (("✎ Yaş", "age", "from_18"), ("✎ Ad və soyad", "name", "Aygün Nümunəli")):
        await woman.phone.tap(label)
        await house.settle()
        await said(woman, "keç")
        assert await kept(woman, question) == before
        assert (await woman.where())[-1][-1] == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", ["consent", "name", "region", "group"])
async def test_a_question_that_is_needed_says_so_and_is_not_skipped(house: House, language: str, step: str) -> None:
    woman = await Woman(house, language).reach(step)
    await said(woman, "Keç")
    needed = load.refusals()["needed"].said(language)
    assert woman.phone.last.text.startswith(needed)
    assert (await woman.where())[-1][-1] == step


def test_who_passes_over_what_is_needed_passes_over_no_older_question() -> None:
    form = load.shipped("registration")
    views = [View(cast(Any, None), cast(Any, None), 1, form, cast(Any, Open(step))) for step in ("group", "phone")]
    newest, older = [(view, answers.on_question(view, "s")) for view in views]
    assert answers.taker([newest, older])[0] is newest[0]
    assert answers.taker([older, newest])[0] is older[0]


@pytest.mark.parametrize("written", ["Keçən həftəki kimi olsun", "Keç Aygün", "дальше и дальше", "next year"])
async def test_an_answer_that_only_holds_the_word_is_an_answer(house: House, written: str) -> None:
    woman = await Woman(house, "az").reach("name")
    await said(woman, written)
    assert await kept(woman, "name") == written


async def test_on_a_page_that_is_only_read_the_word_leads_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    samples.offer(monkeypatch)
    woman = Woman(house, "az")
    await woman.phone.start()
    await house.settle()
    await woman.forge("b/visit")
    await house.settle()
    await said(woman, "keç")
    assert (await woman.where())[-1][-1] == "comes"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("written", ["heç nə", "Hec biri", "lazım deyil", "ничего", "не нужно", "Нет", "nothing", "no"])
async def test_that_she_needs_nothing_is_read_and_said_in_the_words_of_the_button(
    house: House, language: str, written: str
) -> None:
    woman = await Woman(house, language).reach("needs")
    await said(woman, written)
    assert await kept(woman, "needs") == []
    assert woman.phone.last.text.split("\n")[0].endswith(f": {TEXTS.get(language, 'sheet.none')}")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_no_consent_is_answered_shortly_and_the_whole_text_is_one_tap_away(
    house: House, language: str
) -> None:
    woman = await Woman(house, language).reach("consent")
    whole, labels = woman.phone.last.text, woman.phone.last.labels
    await said(woman, "olmaz ki")
    short = woman.phone.last
    first = CONSENT.text.said(language).partition("\n")[0]
    assert first in short.text and TEXTS.get(language, "sheet.above") in short.text
    assert "•" not in short.text and len(short.text) < len(whole) / 2
    assert short.labels[:2] == labels, "it is answered there, too"
    await said(woman, "/start")
    assert whole in woman.phone.last.text
    await woman.phone.tap(labels[0], short)
    await house.settle()
    assert (await woman.where())[-1][-1] == "name"
    marked = next(message for message in woman.phone.received if message.message_id == short.message_id)
    assert whole.partition("\n")[2] in marked.text, "what she agreed to is there"
    assert marked.text.endswith(f"✓ \u2068{labels[0]}\u2069")


@pytest.mark.parametrize(("language", "no"), [("az", "yox"), ("ru", "нет"), ("en", "no")])
async def test_a_written_no_is_a_polite_end(house: House, language: str, no: str) -> None:
    woman = await Woman(house, language).reach("consent")
    await said(woman, no)
    declined = load.shipped("registration").declined
    assert declined and woman.phone.last.text == declined.said(language)
    assert await crew.rows(house, "SELECT count(*) FROM consents") == [(0,)]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_village_that_nobody_knows_leads_to_the_regions(house: House, language: str) -> None:
    woman = await Woman(house, language).reach("region")
    labels = woman.phone.last.labels
    for village in ("Xınalıq", "Hirkan", "Əliabad qəsəbəsi"):
        await said(woman, village)
        assert woman.phone.last.labels[: len(labels)] == labels
        hint = {"az": "sizə ən yaxın olanı seçin", "ru": "выберите ближайший", "en": "choose the nearest one"}
        assert hint[language] in woman.phone.last.text
        assert "registration:region" not in await woman.answers()


@pytest.mark.parametrize("written", ["3-cü", "№3", "3.", "3)", "variant 3"])
async def test_the_number_of_a_choice_may_be_written_in_every_usual_way(house: House, written: str) -> None:
    woman = await Woman(house, "az").reach("group")
    await said(woman, written)
    assert await kept(woman, "group") == "entrepreneur"
