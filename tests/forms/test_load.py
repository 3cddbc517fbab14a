import re
from pathlib import Path

import pytest

from forms import load
from forms.faults import Fault, Faults
from forms.model import Form, Text
from tests.forms.samples import EVERY_KIND, FORM, REGIONS

HEAD = '[form]\nname = "sample"\ntitle = { az = "Nümunə" }\n'
NAME = '[[question]]\nkey = "name"\nkind = "text"\ntext = { az = "Ad?" }\nlabel = { az = "Ad" }\n'
RATE = NAME.replace('"text"', '"scale"').replace('"name"', '"rate"')
PICK = NAME.replace('"text"', '"choice"').replace('"name"', '"pick"')
YES = '[[question.choice]]\nkey = "yes"\nlabel = { az = "Bəli" }\n'
NO = '[[question.choice]]\nkey = "no"\nlabel = { az = "Xeyr" }\n'


def faults(text: str) -> list[Fault]:
    with pytest.raises(Faults) as caught:
        load.load(text)
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
    return list(caught.value.faults)


# What is written, and how the one sentence about it begins, after the name of the file.
MISTAKES = {
    "an unknown key of a question": (
        HEAD + NAME + "max_lenght = 5",
        "question 'name', key 'max_lenght': 'max_lenght' is not known here. Did you mean 'max_length'? Known:",
    ),
    "an unknown key of the form": (
        HEAD.replace("title", 'titel = "x"\ntitle') + NAME,
        "key 'titel': 'titel' is not known here. Did you mean 'title'? Known: name, title,",
    ),
    "an unknown table": (
        HEAD + NAME + "[[questions]]\n",
        "key 'questions': 'questions' is not known here. Did you mean 'question'? Known: form, question.",
    ),
    "an unknown language": (
        HEAD + NAME.replace('az = "Ad" }', 'az = "Ad", rus = "Имя" }'),
        "question 'name', key 'label.rus': 'rus' is not known here. Did you mean 'ru'? Known: az, ru, en.",
    ),
    "an unknown key of a choice": (
        HEAD + PICK + YES + NO + 'lable = { az = "x" }',
        "question 'pick', key 'choice.2.lable': 'lable' is not known here. Did you mean 'label'? Known: key, label.",
    ),
    "an unknown kind": (
        HEAD + NAME.replace('kind = "text"', 'kind = "txt"'),
        "question 'name', key 'kind': 'txt' is not known here. Did you mean 'text'? Known: consent,",
    ),
    "a key of another kind": (
        HEAD + NAME + "maximum = 5",
        "question 'name', key 'maximum': A question of kind 'text' does not take this key. It takes: key, kind, "
        "text, label, relevant, constraint, max_length, multiline, reason, required.",
    ),
    "a missing key": (
        HEAD + NAME.replace('label = { az = "Ad" }', ""),
        "question 'name', key 'label': This key is missing.",
    ),
    "a missing name": (HEAD.replace('name = "sample"', "") + NAME, "key 'name': This key is missing."),
    "a question without a key": (
        HEAD + NAME + NAME.replace('key = "name"', ""),
        "question '#2', key 'key': This key is missing.",
    ),
    "a text without Azerbaijani": (
        HEAD + NAME.replace('{ az = "Ad" }', '{ ru = "Имя" }'),
        "question 'name', key 'label.az': This key is missing.",
    ),
    "an empty text": (
        HEAD + NAME.replace('{ az = "Ad" }', '{ az = " " }'),
        "question 'name', key 'label.az': Found ' '; allowed: words in Azerbaijani,",
    ),
    "words in place of a table": (
        HEAD + NAME.replace('{ az = "Ad" }', '"Ad"'),
        "question 'name', key 'label': Found 'Ad'; allowed: a text in each language, such as { az =",
    ),
    "words in place of a number": (
        HEAD + NAME + 'max_length = "80"',
        "question 'name', key 'max_length': Found '80'; allowed: a whole number.",
    ),
    "a number in place of words": (
        HEAD + NAME.replace('{ az = "Ad" }', "{ az = 1 }"),
        "question 'name', key 'label.az': Found 1; allowed: text in quotes",
    ),
    "words in place of yes or no": (
        HEAD + NAME + 'required = "no"',
        "question 'name', key 'required': Found 'no'; allowed: true or false.",
    ),
    "infinity": (
        HEAD + NAME + "max_length = inf",
        "question 'name', key 'max_length': Found inf; allowed: ",
    ),
    "one table of choices": (
        HEAD + PICK + "[question.choice]\nkey = 'a'",
        "question 'pick', key 'choice': Found {'key': 'a'}; allowed: a list.",
    ),
    "a key with other letters": (
        HEAD + NAME.replace('"name"', '"Ad-ı"'),
        "question 'Ad-ı', key 'key': Found 'Ad-ı'; allowed: small letters a-z, digits and _,",
    ),
    "the same key twice": (
        HEAD + NAME + NAME,
        "key 'key': 'name' stands here 2 times; each needs a key of its own.",
    ),
    "no question": (HEAD, "key 'question': There is no question yet. Write at least one [[question]]."),
    "one bracket": (
        HEAD + NAME.replace("[[question]]", "[question]"),
        "key 'question': Write [[question]], with two brackets, above each question.",
    ),
    "two brackets": (
        "[" + HEAD.replace("form]", "form]]") + NAME,
        "key 'form': Write [form], with one bracket, above its keys.",
    ),
    "a long question": (
        HEAD + NAME.replace("Ad?", "a" * 301),
        "question 'name', key 'text.az': Found 301 characters; allowed: at most 300.",
    ),
    "a long button": (
        HEAD + PICK + YES + NO.replace('az = "Xeyr"', f'az = "Xeyr", en = "{"n" * 29}"'),
        "question 'pick', key 'choice.2.label.en': Found 29 characters; allowed: at most 28.",
    ),
    "a consent without a no": (
        HEAD + PICK.replace('"choice"', '"consent"') + YES,
        "question 'pick', key 'choice': Found ['yes']; allowed: two [[question.choice]], with the keys 'yes' and",
    ),
    "one choice": (
        HEAD + PICK + YES,
        "question 'pick', key 'choice': Found 1 choices; allowed: two [[question.choice]] or more,",
    ),
    "the same choice twice": (
        HEAD + PICK + YES + YES,
        "question 'pick', key 'choice': 'yes' stands here 2 times;",
    ),
    "a choice's key with other letters": (
        HEAD + PICK + YES.replace('"yes"', '"bəli"') + NO,
        "question 'pick', key 'choice.1.key': Found 'bəli'; allowed: small letters",
    ),
    "an unknown list of choices": (
        HEAD + PICK + 'choices_from = "region"',
        "question 'pick', key 'choices_from': 'region' is not known here. Did you mean 'regions'? Known: regions.",
    ),
    "two sources of choices": (
        HEAD + PICK + 'choices_from = "regions"\n' + YES + NO,
        "question 'pick', key 'choices_from': Write either choices_from or [[question.choice]], not both.",
    ),
    "a scale upside down": (
        HEAD + RATE + "minimum = 5\nmaximum = 1",
        "question 'rate', key 'maximum': Found '5 to 1'; allowed: a minimum from 0 on, and a greater maximum",
    ),
    "no room for an answer": (
        HEAD + NAME + "max_length = 0",
        "question 'name', key 'max_length': Found 0; allowed: 1 to 3000 characters.",
    ),
    "an anonymous form that asks who she is": (
        HEAD + "anonymous = true\n" + NAME.replace('kind = "text"', 'kind = "contact"'),
        "key 'anonymous': An anonymous form asks for no 'contact', but 'name' does.",
    ),
    "braces that nobody fills in": (
        HEAD + 'placeholders = ["organiser"]\ndone = { az = "{organiser}" }\n' + NAME.replace("Ad?", "{organizer}?"),
        "question 'name', key 'text.az': 'organizer' is not known here. Did you mean 'organiser'? Known: organiser.",
    ),
    "a placeholder that stands nowhere": (
        HEAD + 'placeholders = ["organiser"]\n' + NAME,
        "key 'placeholders': 'organiser' stands in no text. Write {organiser} in one, or leave it out here.",
    ),
    "no TOML": (HEAD + NAME + "label = {", "This is not TOML: "),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence_that_names_its_place(mistake: str) -> None:
    text, sentence = MISTAKES[mistake]
    (fault,) = faults(text)
    assert re.sub("^text(, |: )", "", str(fault)).startswith(sentence)


def test_all_mistakes_are_found_at_once() -> None:
    text = (
        "[form]\nname = 5\ntitel = 1\n"
        + NAME.replace('"name"', "7")
        + "max_lenght = 1\nmax_length = 0\nlowest = { az = 'x' }\n"
        + RATE.replace("az", "aze")
        + "maximum = 0\n"
    )
    assert [(fault.question, fault.key) for fault in faults(text)] == [
        ("", "titel"),
        ("", "name"),
        ("", "title"),
        ("#1", "max_lenght"),
        ("#1", "key"),
        ("#1", "lowest"),
        ("#1", "max_length"),
        ("rate", "text.az"),
        ("rate", "text.aze"),
        ("rate", "label.az"),
        ("rate", "label.aze"),
        ("rate", "maximum"),
    ]


def test_the_sample_has_no_mistake() -> None:
    assert load.load(HEAD + NAME) == Form(
        "sample", Text("Nümunə"), (load.load(HEAD + NAME).question("name") or pytest.fail("no question"),)
    )


def test_a_form_bears_the_name_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text(EVERY_KIND, "utf-8")
    with pytest.raises(
        Faults, match=r"^other.toml, key 'name': Found 'sample'; it has to be 'other', like the file\.$"
    ):
        load.load(file)
    file.rename(tmp_path / "sample.toml")
    assert load.load(tmp_path / "sample.toml") == FORM


def test_a_file_that_is_no_text_is_a_mistake_too(tmp_path: Path) -> None:
    file = tmp_path / "sample.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(Faults, match=r"^sample.toml: This is not TOML"):
        load.load(file)


def test_the_digest_changes_with_a_word_and_with_nothing_else() -> None:
    same = load.load(EVERY_KIND + "\n# a comment\n")
    other = load.load(EVERY_KIND.replace("Haradansınız?", "Siz haradansınız?"))
    assert load.digest(same) == load.digest(FORM) != load.digest(other)
    assert len(load.digest(FORM)) == 64


def test_a_key_that_is_added_later_changes_no_stored_form() -> None:
    """What has its default is left out, so an old digest stays the digest of the same form."""
    assert load.to_json(load.load(HEAD + NAME)) == (
        '{"name":"sample","questions":[{"key":"name","kind":"text","label":{"az":"Ad"},"text":{"az":"Ad?"}}],'
        '"title":{"az":"Nümunə"}}'
    )


def test_what_is_stored_is_not_json_of_a_form() -> None:
    with pytest.raises(ValueError, match="validation error"):
        load.from_json('{"name": "sample"}')


def test_lists_and_placeholders_are_filled_in_for_good() -> None:
    form = load.load(
        HEAD + 'placeholders = ["organiser"]\n' + PICK.replace("Ad?", "{organiser}?") + 'choices_from = "regions"'
    )
    full = form.with_choices("regions", REGIONS).with_values(organiser=Text("Birlik", "Союз"))
    question = full.questions[0]
    assert (question.choices, question.choices_from, full.placeholders) == (tuple(REGIONS), "", ())
    assert question.text.said("en") == "Birlik?"
    assert load.from_json(load.to_json(full)) == full
    assert load.digest(full) != load.digest(form)


def test_a_text_falls_back_to_azerbaijani() -> None:
    text = Text("Salam, {name}", ru="Привет, {name}")
    assert [text.said(language, name="Aygün") for language in ("az", "ru", "en", "de", "every")] == [
        "Salam, Aygün",
        "Привет, Aygün",
        "Salam, Aygün",
        "Salam, Aygün",
        "Salam, Aygün",
    ]
