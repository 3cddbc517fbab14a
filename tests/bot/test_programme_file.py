"""The programme file: the sample, every mistake at once, and writing it anew."""

from datetime import date
from pathlib import Path

import pytest

from bot import programme, programme_file

EXAMPLE = Path(__file__).parents[2] / "programme.example.toml"
SAMPLE = programme.read(EXAMPLE)


def edited(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = EXAMPLE.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "programme.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_sample_has_three_regions_nine_days_and_a_hundred_places() -> None:
    assert [(r.id, r.name.az, r.in_.az) for r in SAMPLE.region] == [
        ("lankaran", "Lənkəran", "Lənkəranda"),
        ("quba", "Quba", "Qubada"),
        ("zaqatala", "Zaqatala", "Zaqatalada"),
    ]
    assert sum(region.places for region in SAMPLE.region) == 100
    assert [s.id for s in SAMPLE.session] == [f"{r.id}-{day}" for r in SAMPLE.region for day in (1, 2, 3)]


def test_the_sample_says_that_it_is_one_and_has_every_language() -> None:
    assert EXAMPLE.read_text("utf-8").startswith("# SAMPLE.")
    assert all("nümunə" in words.az for s in SAMPLE.session for words in (s.venue, s.address))
    texts = [SAMPLE.programme.name, SAMPLE.programme.organiser, SAMPLE.programme.funders]
    texts += [words for r in SAMPLE.region for words in (r.name, r.in_)]
    texts += [words for s in SAMPLE.session for words in (s.topic, s.venue, s.address)]
    assert all(words.ru and words.en for words in texts)


def test_the_sample_moves_to_another_first_day_as_a_whole() -> None:
    moved = programme.shifted(SAMPLE, date(2028, 2, 28))
    by = moved.session[0].date - SAMPLE.session[0].date
    assert moved.session[0].date == date(2028, 2, 28)
    assert [s.date - by for s in moved.session] == [s.date for s in SAMPLE.session]
    assert programme.shifted(moved, SAMPLE.session[0].date) == SAMPLE


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        ("places = 34", "places = 0\nplacs = 3"),
        ('name = { az = "Quba", ', "name = { "),
        ('in = { az = "Zaqatalada"', 'im = { az = "Zaqatalada"'),
        ('starts = "10:00"\nends = "16:00"', 'starts = "16:00"\nends = "10:00"'),
        ('region = "lankaran"\ndate = 2027-03-03', 'region = "lenkaran"\ndate = 2027-03-03'),
        ("date = 2027-03-10", 'date = "10 mart"'),
        ("date = 2027-03-11", "date = 2027-03-01"),
        ('id = "zaqatala-2"', 'id = "zaqatala-1"'),
        ('id = "zaqatala-3"', 'id = "Zaqatala 3"'),
        ("latitude = 41.6316", "latitude = 416.316"),
    )
    with pytest.raises(programme.ProgrammeFault) as raised:
        programme.read(path)
    texts = 'texts such as { az = "…", ru = "…", en = "…" }; Azerbaijani must be there'
    short = 'a short name in small Latin letters, digits and hyphens, such as "quba-1"'
    assert raised.value.sentences == [
        'programme.toml: [[region]] "lankaran" places: found 0, but this must be a number of places from 1 to 10000.',
        'programme.toml: [[region]] "lankaran" placs is not known. Did you mean "places"?',
        'programme.toml: [[region]] "quba" name.az is missing. It must be'
        " one line of text in quotes, at most 300 letters.",
        f'programme.toml: [[region]] "zaqatala" in is missing. It must be {texts}.',
        'programme.toml: [[region]] "zaqatala" im is not known. Known here: id, places, quotas, opens, closes,'
        " contact, name, in.",
        'programme.toml: [[session]] "lankaran-1": it ends at 10:00, which is not after its start at 16:00.',
        'programme.toml: [[session]] "quba-2" date: found "10 mart", but this must be a date such as 2027-03-02.',
        'programme.toml: [[session]] "zaqatala-1" latitude: found 416.316,'
        " but this must be degrees such as 41.3611, from -90 to 90.",
        f'programme.toml: [[session]] "Zaqatala 3" id: found "Zaqatala 3", but this must be {short}.',
        'programme.toml: [[session]] "zaqatala-1" stands 2 times; each id may stand once.',
        'programme.toml: [[session]] "lankaran-2" region: there is no region "lenkaran". Did you mean "lankaran"?',
        'programme.toml: [[session]] "quba-3" date: 2027-03-01 is before the day that stands above it, 2027-03-09.',
    ]


def test_an_empty_file_says_what_is_needed(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("")
    with pytest.raises(programme.ProgrammeFault) as raised:
        programme.read(tmp_path / "empty.toml")
    assert raised.value.sentences == [
        "empty.toml: programme is missing. It must be a section with keys of its own.",
        "empty.toml: region is missing. It must be sections [[region]], one for each region.",
        "empty.toml: session is missing. It must be sections [[session]], one for each training day.",
        "empty.toml: there is no [[region]]; at least one is needed.",
        "empty.toml: there is no [[session]]; at least one is needed.",
    ]


def test_a_plain_text_in_place_of_languages_is_explained(tmp_path: Path) -> None:
    path = edited(tmp_path, ('{ az = "Quba", ru = "Губа", en = "Quba" }', '"Quba"'))
    with pytest.raises(programme.ProgrammeFault, match=r'"quba" name: found "Quba", but this must be texts such as'):
        programme.read(path)


def test_a_single_bracket_is_explained(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('[region]\nid = "quba"\n')
    with pytest.raises(
        programme.ProgrammeFault, match=r"\[region\]: found .* but this must be sections \[\[region\]\]"
    ):
        programme.read(tmp_path / "one.toml")


def test_quotas_and_dates_of_registration_are_read_and_written(tmp_path: Path) -> None:
    more = "places = 34\nquotas = { ngo = 10, other = 0 }\nopens = 2027-01-11\ncloses = 2027-02-20"
    read = programme.read(edited(tmp_path, ("places = 34", more)))
    assert [programme.quotas(region) for region in read.region] == [{"ngo": 10, "other": 0}, {}, {}]
    assert (read.region[0].opens, read.region[0].closes) == (date(2027, 1, 11), date(2027, 2, 20))
    assert (read.region[1].opens, read.region[1].closes) == (None, None)
    (tmp_path / "again.toml").write_text(programme_file.write(read), "utf-8")
    assert programme.read(tmp_path / "again.toml") == read
    assert programme.shifted(read, date(2027, 3, 3)).region[0].closes == date(2027, 2, 21)


def test_mistakes_in_quotas_and_dates_of_registration_are_told(tmp_path: Path) -> None:
    every = "{ initiative = 6, community = 6, entrepreneur = 6, ngo = 6, other = 6 }"
    path = edited(
        tmp_path,
        ("places = 34", 'places = 34\nquotas = { initative = 10, ngo = "ten" }\nopens = "soon"'),
        ("places = 33", f"places = 33\nquotas = {every}\nopens = 2027-02-20\ncloses = 2027-02-19"),
    )
    with pytest.raises(programme.ProgrammeFault) as raised:
        programme.read(path)
    assert raised.value.sentences == [
        'programme.toml: [[region]] "lankaran" quotas.ngo: found "ten",'
        " but this must be a number of places from 0 to 10000.",
        'programme.toml: [[region]] "lankaran" quotas.initative is not known. Did you mean "initiative"?',
        'programme.toml: [[region]] "lankaran" opens: found "soon", but this must be a date such as 2027-03-02.',
        'programme.toml: [[region]] "quba" closes: 2027-02-19 is before the day on which registration opens,'
        " 2027-02-20.",
        'programme.toml: [[region]] "quba" quotas: every group has one, but together they are 30:'
        " 3 of the 33 places would stay empty.",
    ]


def test_signs_that_toml_needs_escaped_come_back_as_they_were(tmp_path: Path) -> None:
    name = 'Quba "Şəhər" \\ #1 \u2028 ’ 😀'
    region = SAMPLE.region[0].model_copy(update={"name": programme_file.Words(az=name), "contact": "+994 50 123"})
    changed = SAMPLE.model_copy(update={"region": (region, *SAMPLE.region[1:])})
    (tmp_path / "again.toml").write_text(programme_file.write(changed), "utf-8")
    assert programme.read(tmp_path / "again.toml") == changed
