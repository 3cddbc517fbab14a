"""What she allows: nothing before she ticks it, each taken back by itself, and the organisers told what to do."""

from typing import Any

from storage import consents
from tests.bot import crew
from tests.bot.women import Woman
from tests.conftest import House

STANDING = "SELECT purpose FROM consents WHERE withdrawn_at IS NULL ORDER BY purpose"
APART = "SELECT question FROM answers WHERE question GLOB 'needs*' OR question GLOB 'permissions*'"


async def act(house: House, woman: Woman, *acts: str) -> None:
    """She presses these buttons, one after the other."""
    for label in acts:
        await woman.phone.tap(label)
        await house.settle()


async def registered(house: House, *allowed: str, needs: tuple[str, ...] = ()) -> Woman:
    """A woman who has ticked these, and sent her card."""
    woman = await Woman(house, "az").reach("needs")
    await act(house, woman, *needs, "Hazırdır ›", *allowed, "Hazırdır ›", "Bu sualı keç ›", "✓ Göndər")
    assert "qeydiyyatdan keçdiniz" in woman.phone.last.text
    return woman


async def standing(house: House) -> list[Any]:
    """The purposes for which a consent stands."""
    return [purpose for (purpose,) in await crew.rows(house, STANDING)]


async def test_nothing_is_ticked_before_she_does_it(house: House) -> None:
    woman = await Woman(house, "az").reach("permissions")
    assert [label for label in woman.phone.last.labels if "✓" in label] == []
    await act(house, woman, "Hazırdır ›", "Bu sualı keç ›", "✓ Göndər")
    assert await standing(house) == ["training"]
    await woman.write("/privacy")
    await house.settle()
    await act(house, woman, "İcazələrim")
    assert "Heç nəyə icazə verməmisiniz" in woman.phone.last.text
    assert woman.phone.last.labels == ["📝 Anketim", "☰ Menyu"]


async def test_what_she_ticks_is_kept_as_consents_and_needs_and_not_with_her_answers(house: House) -> None:
    await registered(house, "Şəkillərimi paylaşmaq", needs=("Uşağa baxan olsun", "Xüsusi yemək (pəhriz)"))
    assert await standing(house) == ["photos", "training"]
    assert await crew.rows(house, "SELECT need FROM needs ORDER BY need") == [("child",), ("food",)]
    assert await crew.rows(house, APART) == []
    [(definition,)] = await crew.rows(house, "SELECT DISTINCT definition FROM consents")
    [(body,)] = await crew.rows(house, "SELECT body FROM definitions WHERE hash = ?", definition)
    assert "Razısınız?" in body and "Şəkillərimi paylaşmaq" in body


async def test_her_data_show_both_with_the_day_in_words_and_may_be_changed(house: House) -> None:
    woman = await registered(house, "Şəkillərimi paylaşmaq", needs=("Uşağa baxan olsun",))
    await woman.write("/privacy")
    await house.settle()
    await act(house, woman, "Məlumatımı göstər")
    [(definition,)] = await crew.rows(house, "SELECT DISTINCT definition FROM consents")
    shown = woman.phone.last.text.replace("\u2068", "").replace("\u2069", "")
    for line in (
        "Ehtiyac: Uşağa baxan olsun",
        "Razılıq: 22 fevral, bazar ertəsi razı olmusunuz",
        "Şəkillərimi paylaşmaq: 22 fevral, bazar ertəsi razı olmusunuz",
    ):
        assert line in shown.splitlines(), line
    assert definition[:8] not in shown
    await woman.phone.start()
    await house.settle()
    await act(house, woman, "📝 Anketim", "✎ İcazələr", "✓ Şəkillərimi paylaşmaq", "Sözlərimi sitat gətirmək")
    await act(house, woman, "Hazırdır ›", "✎ Ehtiyac", "✓ Uşağa baxan olsun", "Hazırdır ›", "✓ Göndər")
    assert await standing(house) == ["quotes", "training"]
    assert await crew.rows(house, "SELECT need FROM needs") == []
    assert await crew.rows(house, APART) == []


async def shown_data(house: House, woman: Woman) -> str:
    """All that she is shown of herself."""
    await woman.write("/privacy")
    await house.settle()
    seen = len(woman.phone.received)
    await act(house, woman, "Məlumatımı göstər")
    return "\n".join(message.text for message in woman.phone.received[seen:]).translate({0x2068: None, 0x2069: None})


async def test_after_a_change_her_data_show_one_registration_with_the_newest_answers(house: House) -> None:
    woman = await registered(house)
    await woman.phone.start()
    await house.settle()
    await act(house, woman, "📝 Anketim", "✎ Ad və soyad")
    await woman.write("Aygün Yeni")
    await house.settle()
    text = await shown_data(house, woman)
    assert text.count("\nQeydiyyat\n") == 2, "what she has not sent is kept, too"
    assert "Hələ göndərmədiyiniz dəyişiklik:\nAd və soyad: Aygün Yeni" in text
    assert text.count("Region:") == 2, "in her record and her registration: the change says only what is new"
    await act(house, woman, "✓ Göndər")
    text = await shown_data(house, woman)
    assert text.count("\nQeydiyyat\n") == 1
    assert "Aygün Nümunəli" not in text
    assert "Əvvəlki cavablarınız da qalır: 22 fevral, bazar ertəsi" in text
    await woman.phone.start()
    await house.settle()
    await act(house, woman, "📝 Anketim")
    assert (await shown_data(house, woman)).count("\nQeydiyyat\n") == 1, "a card that changes nothing says nothing"


async def test_the_notice_to_the_organisers_begins_with_nothing_of_hers(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    woman = await registered(house, "Şəkillərimi paylaşmaq")
    await woman.write("/privacy")
    await house.settle()
    await act(house, woman, "İcazələrim", "✕ Şəkillərimi paylaşmaq", "Bəli, geri götürürəm")
    first, _, rest = organiser.last.text.partition("\n")
    assert len(first) >= 60 and "Aygün" not in first and "Şəkil" not in first
    assert "Aygün" in rest and "Şəkillərimi paylaşmaq" in rest


async def test_one_is_taken_back_after_what_follows_was_said_and_the_organisers_are_told(house: House) -> None:
    organiser, trainer = await crew.member(house, "organiser"), await crew.member(house, "trainer")
    seen = len(trainer.received)
    woman = await registered(house, "Şəkillərimi paylaşmaq", "Təlimdən sonra mənə yazmaq")
    await woman.write("/privacy")
    await house.settle()
    await act(house, woman, "İcazələrim", "✕ Şəkillərimi paylaşmaq")
    assert "köhnə şəkilləri də mümkün olan yerdən çıxaracağıq" in woman.phone.last.text
    assert await standing(house) == ["contact", "photos", "training"], "asking takes nothing back"
    await act(house, woman, "Bəli, geri götürürəm")
    assert await standing(house) == ["contact", "training"]
    assert "Bu icazə bitdi" in woman.phone.last.text
    assert "Aygün Nümunəli" in organiser.last.text and "Şəkillərimi paylaşmaq" in organiser.last.text
    assert len(trainer.received) == seen
    told = len(organiser.received)
    await woman.phone.press_raw(str(woman.phone.presses[-1].data), woman.phone.last.message_id)
    await house.settle()
    assert len(organiser.received) == told, "told once"
    assert (await crew.person(house, woman.phone)).state == "registered"


async def test_a_card_that_was_open_meanwhile_gives_nothing_back(house: House) -> None:
    woman = await registered(house, "Şəkillərimi paylaşmaq")
    await woman.phone.start()
    await house.settle()
    await act(house, woman, "📝 Anketim")
    card = woman.phone.last
    assert "Şəkillərimi paylaşmaq" in card.text
    await woman.write("/privacy")
    await house.settle()
    await act(house, woman, "İcazələrim", "✕ Şəkillərimi paylaşmaq", "Bəli, geri götürürəm")
    await woman.phone.tap("✓ Göndər", card)
    await house.settle()
    assert "nəyə icazə verirsiniz" in woman.phone.last.text
    assert await standing(house) == ["training"]
    await act(house, woman, "Hazırdır ›", "✓ Göndər")
    assert await standing(house) == ["training"]


async def test_who_leaves_the_programme_allows_and_needs_nothing_any_more(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    woman = await registered(house, "Sözlərimi sitat gətirmək", needs=("Pilləkənsiz giriş",))
    await woman.write("/privacy")
    await house.settle()
    await act(house, woman, "Razılığımı geri götürürəm", "Bəli, geri götürürəm")
    assert await standing(house) == []
    assert await crew.rows(house, "SELECT * FROM needs") == []
    assert "Sözlərimi sitat gətirmək" in organiser.last.text
    async with house.database.reading() as tx:
        kept = await consents.of_person(tx, (await crew.person(house, woman.phone)).id)
    assert [(each.purpose, each.withdrawn_at is None) for each in kept] == [("training", False), ("quotes", False)]
