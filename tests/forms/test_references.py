"""Mistakes in what depends on answers, and in the keys of the newer kinds: each a sentence with its place."""

import re

import pytest

from forms import load
from forms.faults import Faults

HEAD = '[form]\nname = "sample"\ntitle = { az = "Nümunə" }\n'
REST = 'text = { az = "Nə?" }\nlabel = { az = "Söz" }\n'
NAME = '[[question]]\nkey = "name"\nkind = "text"\n' + REST
AGE = '[[question]]\nkey = "age"\nkind = "number"\nminimum = 0\nmaximum = 99\n' + REST
NEEDS = (
    '[[question]]\nkey = "needs"\nkind = "choices"\n'
    + REST
    + '[[question.choice]]\nkey = "food"\nlabel = { az = "Yemək" }\n'
    '[[question.choice]]\nkey = "way"\nlabel = { az = "Yol" }\n'
)
BORN = '[[question]]\nkey = "born"\nkind = "date"\n' + REST
LAST = '[[question]]\nkey = "last"\nkind = "text"\n' + REST
COST = '[[form.calculation]]\nkey = "cost"\nvalue = "${age} * 2"\n'
MISTAKES = {
    "an expression that cannot be read": (
        NAME + LAST + 'relevant = "${name} == 1"',
        "question 'last', key 'relevant': At character 9: '==' is not known here. Write '='.",
    ),
    "an unknown name": (
        AGE + LAST + 'relevant = "${agee} > 1"',
        "question 'last', key 'relevant': At character 1: 'agee' is not known here. Did you mean 'age'? Known: age.",
    ),
    "a name of a later question": (
        LAST + 'relevant = "${age} > 1"\n' + AGE,
        "question 'last', key 'relevant': At character 1: 'age' is not known yet when this question is reached. "
        "Known then: none.",
    ),
    "its own name": (
        AGE + LAST + 'relevant = "${last} = 1"',
        "question 'last', key 'relevant': At character 1: 'last' is not known yet",
    ),
    "its own answer": (
        LAST + "relevant = \". = 'x'\"",
        "question 'last', key 'relevant': '.' is the answer to this question, which is not asked yet.",
    ),
    "an unknown choice": (
        NEEDS + LAST + "relevant = \"selected(${needs}, 'foood')\"",
        "question 'last', key 'relevant': At character 21, as a choice of 'needs': 'foood' is not known here. "
        "Did you mean 'food'? Known: food, way.",
    ),
    "a constraint with a later name": (
        NAME + 'constraint = ". != ${last}"\n' + LAST,
        "question 'name', key 'constraint': At character 6: 'last' is not known yet",
    ),
    "a reason without a constraint": (
        NAME + 'reason = { az = "Yox." }',
        "question 'name', key 'reason': There is no constraint of which this could be the reason.",
    ),
    "an unknown name in a text": (
        AGE + LAST.replace("Nə?", "${agee}?"),
        "question 'last', key 'text.az': 'agee' is not known here. Did you mean 'age'? Known: age.",
    ),
    "an answer in a label": (
        AGE + LAST.replace("Söz", "${age}"),
        "question 'last', key 'label': No answer can stand in this text, only in 'text' and 'reason'.",
    ),
    "too many answers in a text": (
        AGE + LAST.replace("Nə?", "${age}" * 6),
        "question 'last', key 'text.az': Found 6 answers in this text; allowed: at most 5.",
    ),
    "a calculation that cannot be read": (
        COST.replace("* 2", "* (2") + AGE,
        "key 'calculation.1.value': At character 12: a ')' is missing for the '(' at character 10.",
    ),
    "a calculation of what is not there": (
        COST + NAME,
        "key 'calculation.1.value': At character 1: 'age' is not known here.",
    ),
    "a calculation with the name of a question": (
        COST.replace('"cost"', '"age"') + AGE,
        "key 'calculation.1.key': 'age' has a meaning already; each needs a name of its own.",
    ),
    "a calculation before what it needs": (
        COST + LAST.replace("Nə?", "${cost}") + AGE,
        "question 'last', key 'text.az': 'cost' is not known here. Known: none.",
    ),
    "a calculation with an unknown key": (
        COST + "vallue = '1'\n" + AGE,
        "key 'calculation.1.vallue': 'vallue' is not known here. Did you mean 'value'? Known: key, value.",
    ),
    "an answer in the title": (
        AGE,
        "key 'title': No answer can stand in this text: it is said apart from the answers.",
    ),
    "a placeholder like a question": (
        'placeholders = ["age"]\nintro = { az = "{age}" }\n' + AGE,
        "key 'placeholders': 'age' is the name of a question or a calculation: choose another one.",
    ),
    "a number without its bounds": (
        AGE.replace("maximum = 99\n", ""),
        "question 'age', key 'maximum': This key is missing: a question of kind 'number' says what is the least",
    ),
    "a number upside down": (
        AGE.replace("99", "-1"),
        "question 'age', key 'maximum': Found '0 to -1'; allowed: a maximum above the minimum,",
    ),
    "too many decimals": (AGE + "decimals = 7", "question 'age', key 'decimals': Found 7; allowed: 0 to 6."),
    "more choices than there are": (
        NEEDS.replace(REST, REST + "at_least = 3\n"),
        "question 'needs', key 'at_least': Found 3; allowed: 0 to 2, for there are no more choices.",
    ),
    "fewer than at least": (
        NEEDS.replace(REST, REST + "at_least = 2\nat_most = 1\n"),
        "question 'needs', key 'at_most': Found 1; allowed: 2 to 2, or 0 for all.",
    ),
    "some of what may be left out": (
        NEEDS.replace(REST, REST + "at_least = 1\nrequired = false\n"),
        "question 'needs', key 'at_least': Where at least some have to be chosen the question is required:",
    ),
    "a day that is not there": (
        BORN + 'earliest = "1990-02-31"',
        "question 'born', key 'earliest': Found '1990-02-31'; allowed: a day, such as '1990-12-31', or 'today'.",
    ),
    "days upside down": (
        BORN + 'earliest = "1990-01-02"\nlatest = "1990-01-01"',
        "question 'born', key 'latest': Found '1990-01-01'; allowed: a day after the earliest, 1990-01-02.",
    ),
    "no day for changes": (
        'changes_until = "soon"\n' + AGE,
        "key 'changes_until': Found 'soon'; allowed: a day, such as '2027-03-01', or a placeholder, as '{name}'.",
    ),
    "another fate of open sheets": (
        'open_sheets = "drop"\n' + AGE,
        "key 'open_sheets': Found 'drop'; allowed: \"keep\" or \"move\".",
    ),
    "an anonymous form that moves": (
        'anonymous = true\nopen_sheets = "move"\n' + AGE,
        "key 'open_sheets': The sheets of an anonymous form keep to the form of their survey: leave this key out.",
    ),
    "an anonymous form with ticks": (
        "anonymous = true\n" + NEEDS,
        "key 'anonymous': An anonymous form asks for no 'choices', but 'needs' does.",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence_that_names_its_place(mistake: str) -> None:
    text, sentence = MISTAKES[mistake]
    head = HEAD.replace("Nümunə", "${age}") if mistake == "an answer in the title" else HEAD
    with pytest.raises(Faults) as caught:
        load.load(head + text)
    (fault,) = caught.value.faults
    assert re.sub("^text(, |: )", "", str(fault)).startswith(sentence)


def test_what_looks_back_is_no_mistake() -> None:
    form = load.load(
        HEAD
        + 'done = { az = "${cost}, ${total}" }\nchanges_until = "{last_day}"\nplaceholders = ["last_day"]\n'
        + COST
        + '[[form.calculation]]\nkey = "total"\nvalue = "${cost} + count-selected(${needs})"\n'
        + AGE
        + NEEDS
        + LAST.replace("Nə?", "${cost} ${total}")
        + "relevant = \"${total} > 1 and selected(${needs}, 'way')\"\nconstraint = \". != '' and ${last} != 'x'\"\n"
        + 'reason = { az = "${last} olmaz." }\n'
    )
    assert [each.key for each in form.calculations] == ["cost", "total"]
    assert load.from_json(load.to_json(form)) == form
