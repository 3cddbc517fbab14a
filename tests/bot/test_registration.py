"""A woman becomes a participant once, may bring her data up to date, and gives her consent first."""

import json

from storage import consents, programme
from tests.bot import crew
from tests.bot.women import Woman
from tests.conftest import House


async def test_what_she_said_is_kept_with_her_consent_and_its_wording(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    person = await crew.person(house, woman.phone)
    assert (person.name, person.region, person.group) == ("Aygün Nümunəli", "lankaran", "initiative")
    assert person.phone == "+994501234567"
    async with house.database.reading() as tx:
        [consent] = await consents.of_person(tx, person.id)
    assert consent.purpose == consents.TRAINING
    [(body,)] = await crew.rows(house, "SELECT body FROM definitions WHERE hash = ?", consent.definition)
    assert "Razısınız?" in body and "Gənclər üçün Təhsil Mərkəzi" in body


async def test_registering_again_brings_the_same_record_up_to_date(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    before = await crew.person(house, woman.phone)
    await woman.phone.start()
    await house.settle()
    for label in ("📝 Anketim", "✎ Region", "Quba", "✓ Göndər"):
        await woman.phone.tap(label)
        await house.settle()
    after = await crew.person(house, woman.phone)
    assert (after.id, after.region, after.registered_at) == (before.id, "quba", before.registered_at)
    assert await crew.rows(house, "SELECT count(*) FROM people") == [(1,)]
    assert await crew.rows(house, "SELECT count(*) FROM consents") == [(1,)]
    assert "Qubada" in woman.phone.last.text


async def test_no_is_a_polite_end_with_a_way_back_and_nothing_is_kept(house: House) -> None:
    woman = await Woman(house, "en").reach("consent")
    await woman.phone.tap("No, I do not agree")
    await house.settle()
    assert "We kept nothing" in woman.phone.last.text
    assert await woman.answers() == {}
    await woman.phone.tap("Let’s begin")
    await house.settle()
    assert "1 / 8" in woman.phone.last.text
    assert await crew.rows(house, "SELECT count(*) FROM consents") == [(0,)]


async def test_a_registration_without_open_regions_says_so(house: House) -> None:
    async with house.database.transaction() as tx:
        for region in await programme.regions(tx):
            await programme.close_region(tx, region.id)
    woman = await Woman(house, "az").reach("greeting")
    assert "Qeydiyyat hələ açılmayıb" in woman.phone.last.text
    await woman.forge("b/registration")
    await house.settle()
    assert woman.phone.last.text.startswith("Qeydiyyat hələ açılmayıb")


async def test_who_changes_her_data_after_her_region_was_closed_is_asked_for_another(house: House) -> None:
    woman = await Woman(house, "az").reach("menu")
    async with house.database.transaction() as tx:
        await programme.close_region(tx, "lankaran")
    await woman.forge("m/data")
    await house.settle()
    assert woman.phone.last.labels[:2] == ["Quba", "Zaqatala"]


async def test_days_that_are_over_or_cancelled_are_not_promised(house: House) -> None:
    async with house.database.transaction() as tx:
        await programme.cancel_session(tx, "lankaran-2")
    woman = await Woman(house, "en").reach("menu")
    assert "2 March" in woman.phone.last.text
    assert "3 March" not in woman.phone.last.text
    assert "4 March" in woman.phone.last.text
    async with house.database.transaction() as tx:
        for day in ("lankaran-1", "lankaran-3"):
            await programme.cancel_session(tx, day)
    late = await Woman(house, "en").reach("menu")
    assert "not known yet" in late.phone.last.text


async def test_a_recommendation_is_the_sheet_that_was_sent(house: House) -> None:
    woman = await Woman(house, "ru").reach("menu")
    for text in ("/recommend", "1", "Село", "Муниципалитет", "Нужен детский сад."):
        await woman.write(text)
        await house.settle()
    await woman.tap_first()
    await house.settle()
    rows = await crew.rows(
        house,
        "SELECT a.question, a.value FROM sheets s JOIN answers a ON a.sheet = s.id"
        " WHERE s.form = 'recommendation' AND s.state = 'submitted'",
    )
    assert {question: json.loads(value) for question, value in rows} == {
        "area": "rules",
        "place": "Село",
        "addressee": "municipality",
        "proposal": "Нужен детский сад.",
    }
