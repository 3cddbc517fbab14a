"""A roster is looked over before anything is written, written once and whole, and sent again it changes nothing."""

import dataclasses

import pytest

from bot import workbook
from forms import load
from sandbox import faults
from sandbox.phone import Phone
from storage import rosters
from tests.bot import crew, sheets
from tests.bot.test_answers import registration
from tests.bot.test_export import sheets as opened
from tests.conftest import DAY, HOUR, House

WRITTEN = (
    "SELECT (SELECT count(*) FROM people WHERE state <> 'visitor'), (SELECT count(*) FROM places),"
    " (SELECT count(*) FROM consents), (SELECT count(*) FROM audit WHERE action = 'roster.applied')"
)
ROWS = [sheets.HEADINGS, *(sheets.woman(number) for number in range(5))]
APPLY, DROP = "ro/1/apply", "ro/1/drop"


async def written(house: House) -> tuple[int, ...]:
    """How many women, places, consents, and rosters applied there are."""
    [row] = await crew.rows(house, WRITTEN)
    return row


def preview(phone: Phone) -> str:
    """The newest message that is no document."""
    return next(message.text for message in reversed(phone.received) if message.kind == "text")


def buttons(phone: Phone) -> list[str | None]:
    return [button.data for message in phone.received for button in message.buttons]


async def test_nothing_is_written_before_it_is_confirmed_and_then_all_of_it(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    assert "Yeni: 5 (yer alır: 5, gözləmə siyahısında: 0)" in preview(organiser)
    assert await written(house) == (0, 0, 0, 0)
    await organiser.tap(APPLY)
    await house.settle()
    assert await written(house) == (5, 5, 5, 1)
    assert "Yeni: 5" in preview(organiser)
    women = await crew.rows(
        house, "SELECT name, state, region, phone, via FROM people WHERE via = 'roster' ORDER BY id"
    )
    name, region, _, _, _ = sheets.woman(0)
    assert women[0] == (name, "registered", region.lower(), "+994502000000", "roster")
    assert await crew.rows(house, "SELECT state, added, body FROM rosters") == [("applied", 5, "")]
    assert await crew.rows(house, "SELECT detail FROM audit WHERE action = 'roster.applied'") == [("5 0 on paper",)]
    assert await crew.rows(house, "SELECT * FROM fetches") == []


async def test_the_same_sheet_again_changes_nothing(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    await organiser.tap(APPLY)
    await house.settle()
    everything = await crew.rows(house, "SELECT * FROM people"), await crew.rows(house, "SELECT * FROM places")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    assert "Dəyişiləsi heç nə yoxdur." in preview(organiser)
    assert "Olduğu kimi qalır: 5" in preview(organiser)
    assert "ro/2/apply" not in buttons(organiser)
    await organiser.press_raw("ro/2/apply", organiser.last.message_id)
    await house.settle()
    assert (
        await crew.rows(house, "SELECT * FROM people"),
        await crew.rows(house, "SELECT * FROM places"),
    ) == everything


async def test_who_stands_on_a_roster_is_to_be_called_until_she_writes(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    await organiser.tap(APPLY)
    await house.settle()
    await organiser.write("/status")
    await house.settle()
    await organiser.tap("o/calls")
    await house.settle()
    assert sheets.woman(3)[0] in organiser.last.text


async def test_rows_with_mistakes_are_left_out_and_come_in_once_they_are_mended(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    wrong = [*ROWS, ("", *sheets.woman(6)[1:]), (sheets.woman(7)[0], "Marsda", *sheets.woman(7)[2:])]
    await sheets.send(house, organiser, sheets.xlsx(wrong))
    said = preview(organiser)
    assert "Səhvi olan, buraxılan sətirlər: 2" in said
    assert "Sətir 7, sütun A (⁨Ad, soyad⁩): Ad yoxdur." in said
    assert "Sətir 8, sütun B (⁨Region⁩): Burada təlim yoxdur." in said
    await organiser.tap(APPLY)
    await house.settle()
    assert (await written(house))[0] == 5
    await sheets.send(house, organiser, sheets.xlsx([*ROWS, sheets.woman(6), sheets.woman(7)]))
    assert "Yeni: 2" in preview(organiser)


async def test_a_difference_is_shown_and_her_own_words_stay(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    await organiser.tap(APPLY)
    await house.settle()
    name, _, _, number, years = sheets.woman(1)
    await crew.woman(house, "Aygün Özü", phone="+994507770001")
    changed = [
        sheets.HEADINGS,
        (name, "Lənkəran", "Qadın sahibkarlar", number, years),
        ("Aygün Özü", "Zaqatala", "Qadın icması", "0507770001", years),
    ]
    await sheets.send(house, organiser, sheets.xlsx(changed))
    assert "Dəyişəcək: 1" in preview(organiser)
    assert "Özü başqa cür yazıb, onunku qalır: 1" in preview(organiser)
    [listed] = [message.document for message in organiser.received[-2:] if message.document]
    differences = opened(listed.content)["Fərqlər"]
    assert [row[1:5] for row in differences[1:3]] == [
        [name, "Quba", "Lənkəran", "dəyişəcək"],
        [name, "Qadın icması", "Qadın sahibkarlar", "dəyişəcək"],
    ]
    assert {row[4] for row in differences[3:]} == {"özü yazıb, qalır"}
    await organiser.tap("ro/2/apply")
    await house.settle()
    kept = "SELECT region, group_key FROM people WHERE name = ?"
    assert await crew.rows(house, kept, name) == [("lankaran", "entrepreneur")]
    assert await crew.rows(house, kept, "Aygün Özü") == [("lankaran", "ngo")]
    assert await crew.rows(
        house, "SELECT p.region FROM places p JOIN people w ON w.id = p.person WHERE name = ?", name
    ) == [("lankaran",)]


async def test_a_possible_double_is_shown_and_never_merged(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    name, *rest = sheets.woman(1)
    await crew.woman(house, name, region="quba", phone="+994507770001")
    await sheets.send(house, organiser, sheets.xlsx([sheets.HEADINGS, (name, *rest)]))
    [listed] = [message.document for message in organiser.received[-2:] if message.document]
    assert any(name in str(row[3]) for row in opened(listed.content)["Diqqət"])
    await organiser.tap(APPLY)
    await house.settle()
    assert await crew.rows(house, "SELECT count(*) FROM people WHERE name = ?", name) == [(2,)]


async def test_more_women_than_places_stand_on_the_waiting_list_as_was_shown(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE regions SET places = 3 WHERE id = 'quba'")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    assert "Yeni: 5 (yer alır: 3, gözləmə siyahısında: 2)" in preview(organiser)
    await organiser.tap(APPLY)
    await house.settle()
    states = await crew.rows(house, "SELECT state FROM people WHERE via = 'roster' ORDER BY id")
    assert [state for (state,) in states] == ["registered"] * 3 + ["waiting"] * 2


async def test_a_preview_outlives_a_restart(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    await house.close()
    await house.open()
    await organiser.tap(APPLY)
    await house.settle()
    assert await written(house) == (5, 5, 5, 1)


async def test_of_two_presses_one_counts_and_an_older_preview_is_out_of_date(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    first = organiser.last.message_id
    await sheets.send(house, organiser, sheets.xlsx(ROWS[:3]))
    await organiser.press_raw(APPLY, first)
    await house.settle()
    assert organiser.toasts[-1].startswith("Bu cədvəlin vaxtı keçib.")
    assert (await written(house))[0] == 0
    for _ in range(2):
        await organiser.press_raw("ro/2/apply", organiser.last.message_id)
    await house.settle()
    assert (await written(house))[0] == 2


async def test_a_dropped_roster_is_forgotten(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    await organiser.tap(DROP)
    await house.settle()
    assert await crew.rows(house, "SELECT state, body FROM rosters") == [("dropped", "")]
    assert await written(house) == (0, 0, 0, 0)


async def test_what_changed_meanwhile_is_shown_anew_and_nothing_is_written(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    await crew.woman(house, sheets.woman(0)[0], region="quba", phone="+994502000000")
    await organiser.tap(APPLY)
    await house.settle()
    assert (await written(house))[3] == 0
    assert "Yeni: 4" in preview(organiser)
    await organiser.tap("ro/2/apply")
    await house.settle()
    assert (await written(house))[0] == 5


async def test_a_form_that_asks_for_more_meanwhile_is_said_and_ends_the_roster(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx([row[:4] for row in ROWS]))
    asked = load.shipped("registration").questions
    stricter = tuple(dataclasses.replace(each, required=each.required or each.key == "age") for each in asked)
    registration(monkeypatch, questions=stricter)
    await organiser.tap(APPLY)
    await house.settle()
    assert await written(house) == (0, 0, 0, 0)
    assert await crew.rows(house, "SELECT state FROM rosters") == [("dropped",)]
    assert "Yaş" in organiser.last.text
    assert await crew.rows(house, "SELECT 1 FROM failures") == []


async def test_a_roster_is_only_its_senders_and_only_while_she_has_the_right(house: House) -> None:
    organiser, other = await crew.member(house, "organiser"), await crew.member(house, "owner", "Başqa")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    await other.press_raw(APPLY, other.last.message_id)
    await house.settle()
    async with house.database.transaction() as tx:
        await tx.run("DELETE FROM roles WHERE user = ?", (organiser.id,))
    await organiser.tap(APPLY)
    await house.settle()
    assert await written(house) == (0, 0, 0, 0)


async def test_whose_right_ends_while_the_file_is_fetched_is_shown_nothing(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    house.sandbox.faults.plan("getFile", fault=faults.CUT_BEFORE)
    await organiser.send("document", content=sheets.xlsx(ROWS), name="a.xlsx")
    await organiser.wait("oxuyuram")
    async with house.database.transaction() as tx:
        await tx.run("DELETE FROM roles WHERE user = ?", (organiser.id,))
    await house.settle()
    assert "oxuyuram" in preview(organiser)
    assert await crew.rows(house, "SELECT (SELECT count(*) FROM fetches), (SELECT count(*) FROM rosters)") == [(0, 0)]


async def test_without_the_right_a_file_is_not_fetched_and_the_usual_answer_given(house: House) -> None:
    for role in ("trainer", "monitor", ""):
        phone = await crew.member(house, role) if role else await crew.woman(house, "Aygün")
        for _ in range(2):  # whoever is new is greeted first
            await sheets.send(house, phone, sheets.xlsx(ROWS))
        assert any((data or "").startswith("q/") for data in buttons(phone)), "it can be passed on"
    assert not {call.method for call in house.sandbox.calls} & {"getFile", "file"}
    assert await crew.rows(house, "SELECT * FROM fetches") == []


async def test_what_nobody_confirmed_for_a_day_is_forgotten(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx(ROWS))
    await house.travel(house.clock.now() + DAY + HOUR)
    assert await crew.rows(house, "SELECT state, body FROM rosters") == [("dropped", "")]
    await organiser.press_raw(APPLY, organiser.received[-1].message_id)
    await house.settle()
    assert await written(house) == (0, 0, 0, 0)


async def test_the_list_holds_no_formula_and_leaves_the_chat_after_a_day(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    rows = [["=1+1", *sheets.HEADINGS[1:]], *([f"={n}", "=cmd|x", "@x", "+", "1"] for n in range(5))]
    rows[0] = [*sheets.HEADINGS, '=HYPERLINK("http://example.org")']
    await sheets.send(house, organiser, sheets.xlsx(rows))
    document = organiser.last.document
    assert document and document.name.startswith("istirak-roster-")
    cells = [cell for page in opened(document.content).values() for row in page for cell in row]
    assert '=HYPERLINK("http://example.org")' in cells, "the control: a heading stands there as it was written"
    assert b"<f>" not in document.content and workbook.safe("<r>") == " <r>"
    await house.travel(house.clock.now() + DAY + HOUR)
    assert not [message for message in organiser.received if message.document]


@pytest.mark.parametrize("language", ["az", "ru", "en"])
async def test_an_organiser_reads_it_in_her_language(house: House, language: str) -> None:
    organiser = await crew.member(house, "organiser")
    async with house.database.transaction() as tx:
        await tx.run("UPDATE people SET language = ?", (language,))
    await sheets.send(house, organiser, sheets.xlsx([*ROWS, ("", "Marsda", "", "12", "")]))
    said = {"az": "Cədvəldə 6 sətir var.", "ru": "В таблице строк: 6.", "en": "The sheet has 6 rows."}[language]
    assert preview(organiser).startswith(said)
    assert len(preview(organiser)) < 1000


async def test_a_thousand_women_are_written_in_one_transaction(house: House) -> None:
    organiser = await crew.member(house, "organiser")
    await sheets.send(house, organiser, sheets.xlsx([sheets.HEADINGS, *map(sheets.woman, range(1000))]))
    assert "Yeni: 1000" in preview(organiser) or "Yeni: 1.000" in preview(organiser)
    await organiser.tap(APPLY)
    await house.settle()
    assert (await written(house))[0] == 1000
    async with house.database.reading() as tx:
        assert len(await rosters.known(tx)) == 1000
