"""Expressions: what they say of answers, and what is said of those that cannot be read."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import expressions, functions, patterns
from forms.expressions import Misread
from forms.functions import Result
from forms.model import Value

KNOWN: dict[str, Value | bool] = {
    "age": 34,
    "price": 2.5,
    "none": None,
    "nothing": [],
    "needs": ["childcare", "food"],
    "region": "quba",
    "name": "Aygün",
    "born": "1990-02-28",
    "is_mother": True,
}
TODAY = "2027-03-01"

# The hand table: each line worked out from the specification of ODK XForms, not from this code.
TRUE = [
    "${age} = 34",
    "${age} = '34'",
    "${age} >= 18 and ${age} < 65",
    "${region} = 'quba'",
    "'quba' = ${region}",
    '${region} = "quba"',
    "${region} != 'zaqatala'",
    "not(${region} = 'zaqatala')",
    "${age} > 100 or ${region} = 'quba'",
    "${none} = ''",
    "${nothing} = ''",
    "${unheard} = ''",
    "not(${none})",
    "not(${none} > 0)",
    "not(${none} < 0)",
    "not(${none} <= 0)",
    "not(${none} = 0)",
    "${none} != 0",
    "not(${name} = 0)",
    "selected(${needs}, 'food')",
    "not(selected(${needs}, 'foo'))",
    "not(selected(${none}, ''))",
    "selected(${region}, 'quba')",
    "count-selected(${needs}) = 2",
    "count-selected(${none}) = 0",
    "coalesce(${none}, ${region}) = 'quba'",
    "coalesce(${none}, ${nothing}, 'x') = 'x'",
    "if(${age} >= 18, 'adult', 'child') = 'adult'",
    "if(${none}, 1, 2) = 2",
    "regex(${name}, '[A-Za-zƏəĞğİıÖöÜüÇçŞş]+')",
    "not(regex(${name}, 'Ay'))",
    "regex(${none}, '')",
    "string-length(${name}) = 5",
    "string-length(${none}) = 0",
    "concat(${region}, '-', 1 + 1) = 'quba-2'",
    "concat(1 div 2) = '0.5'",
    "${born} < today()",
    "today() = '2027-03-01'",
    "today() - 1 = '2027-02-28'",
    "${born} + 1 = '1990-03-01'",
    "not('2027-02-30' <= today())",
    "int((today() - ${born}) div 365.25) = 37",
    "int(2.9) = 2",
    "int(-2.9) = -2",
    "number('2.50') = ${price}",
    "number(true()) = 1",
    "not(number('1e5') > 0)",
    "not(number(' 1_0 ') = 10)",
    "number(' 7 ') = 7",
    "0.1 + 0.2 = 0.3",
    "2 + 3 * 4 = 14",
    "(2 + 3) * 4 = 20",
    "10 - 2 - 3 = 5",
    "8 div 4 div 2 = 1",
    "-5 mod 3 = -2",
    "5 mod -3 = 2",
    "--5 = 5",
    "2 - -2 = 4",
    "not(1 div 0 > 0)",
    "not(5 mod 0 = 0)",
    "1 = 1 = true()",
    "1 < 2 = true()",
    "true() or ${none} div 0",
    "not(false() and true())",
    "false() and false() or true()",
    "${is_mother}",
    "${is_mother} = true()",
    ". = 5",
    ".>=5 and .<6",
    "true()",
    "1",
    "'false'",
    "  ${ age }=34  ",
]
FALSE = ["false()", "0", "''", "${none}", "number('x')", "not('false')", "${age} = 35", "${region} = 'Quba'", ". > 5"]


def value(text: str) -> Result:
    return expressions.read(text)(KNOWN, 5, TODAY)


@pytest.mark.parametrize("text", TRUE)
def test_this_is_true(text: str) -> None:
    assert expressions.holds(text, KNOWN, 5, TODAY)


@pytest.mark.parametrize("text", FALSE)
def test_this_is_false(text: str) -> None:
    assert not expressions.holds(text, KNOWN, 5, TODAY)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 + 1", "2"),
        ("10 div 4", "2.5"),
        ("0.1 + 0.2", "0.3"),
        ("today() + 0", "20878"),
        ("true()", "true"),
        ("number('')", "NaN"),
        ("${needs}", "childcare food"),
        ("${price}", "2.5"),
    ],
)
def test_a_value_as_a_string(text: str, shown: str) -> None:
    assert functions.text(value(text)) == shown


# What is written, and the sentence about it.
MISTAKES = {
    "selectd(${a}, 'x')": "At character 1: 'selectd' is not known here. Did you mean 'selected'? Known: selected, ",
    "1 = age": "At character 5: 'age' is not known here.",
    "age = 1": "true, false. A name is written ${age}.",
    "selected(${a})": "At character 1: selected takes 2 values, not 1.",
    "1 + if(1, 2)": "At character 5: if takes 3 values, not 2.",
    "today(1)": "At character 1: today takes no values, not 1.",
    "concat()": "At character 1: concat takes 1 value or more, not 0.",
    "coalesce(1)": "At character 1: coalesce takes 2 values or more, not 1.",
    "(1 + (2)": "At character 9: a ')' is missing for the '(' at character 1.",
    "not(1": "At character 6: a ')' is missing for the '(' at character 4.",
    "1)": "At character 2: this ')' closes nothing.",
    "not ${a}": "At character 5: a '(' is missing after 'not'.",
    "": "At character 1: a value is missing, such as ${name}, 'yes' or 5; the expression ends here.",
    "1 and": "At character 6: a value is missing, such as ${name}, 'yes' or 5; the expression ends here.",
    "1 + * 2": "At character 5: a value is missing, such as ${name}, 'yes' or 5; found '*'.",
    "or 1": "At character 1: a value is missing, such as ${name}, 'yes' or 5; found 'or'.",
    "if(1,,2)": "At character 6: a value is missing, such as ${name}, 'yes' or 5; found ','.",
    "1 2": "At character 3: '2' cannot stand after a value. Join them by and, or, = or another sign.",
    "${a} == 1": "At character 6: '==' is not known here. Write '='.",
    "${a} <> 1": "At character 6: '<>' is not known here. Write '!='.",
    "1 && 1": "At character 3: '&&' is not known here. Write 'and'.",
    "1 || 1": "At character 3: '||' is not known here. Write 'or'.",
    "!1": "At character 1: '!' is not known here. Write 'not( )'.",
    "4 / 2": "At character 3: '/' is not known here. Write 'div'.",
    "4 ; 2": "At character 3: ';' is not known here.",
    "$a": "At character 1: write a name as ${name}, with both brackets.",
    "${a": "At character 1: write a name as ${name}, with both brackets.",
    "'yes": "At character 1: write words between two straight quotation marks, such as 'yes'.",
    "${a} = “yes”": "At character 8: write words between two straight quotation marks, such as 'yes'.",
    "regex(., ${a})": "At character 1: the pattern of regex has to stand there in quotation marks.",
    "regex(., '[')": "At character 1: The pattern cannot be read: ",
    "1" * 501: "The expression has 501 characters; allowed: at most 500.",
    "1+" * 70 + "1": "The expression has 142 parts; allowed: at most 120.",
    "(" * 16 + "1" + ")" * 16: "At character 16: more than 15 brackets within brackets.",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_a_sentence_that_tells_where_and_what(text: str) -> None:
    with pytest.raises(Misread) as caught:
        expressions.read(text)
    assert MISTAKES[text] in str(caught.value)


def test_an_expression_tells_which_names_it_looks_at_and_what_it_compares_them_with() -> None:
    read = expressions.read("selected(${needs}, 'food') and 'quba' = ${region} or ${age} > 1 and . != ''")
    assert [(name.text, name.at) for name in read.names] == [("needs", 10), ("region", 41), ("age", 54)]
    assert [(name, key.text, key.at) for name, key in read.keys] == [("needs", "food", 21), ("region", "quba", 33)]
    assert read.is_own
    assert not expressions.read("1").is_own


# Of these, Python's own matcher would try for ever.
ENDLESS = [
    "(a+)+b",
    "(a*)*",
    "(a|a)*b",
    "(a|ab){2,}c",
    "([a-z]+)*@",
    "(.*){3}x",
    "(x+x+)+y",
    "((a?)b?)+",
    "(?:a+)+",
    "(a)\\1*",
    ".*.*.*.*x",
    "a{0,100}b{,100}c{1,}d{0,99}",
    "a?" * 30 + "a" * 30,
    "x" * 101,
]


@pytest.mark.parametrize("pattern", ENDLESS)
def test_a_pattern_that_might_take_too_long_is_a_mistake(pattern: str) -> None:
    with pytest.raises(Misread, match="At character 1: "):
        expressions.read(f"regex(., '{pattern}')")


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"[^@ ]+@[^@ ]+\.[a-z]+", "aygun@example.az", True),
        (r"[^@ ]+@[^@ ]+\.[a-z]+", "aygun@example", False),
        (r"AZ[0-9]{4}", "AZ1000", True),
        (r"[*+(]{1,2}", "+(", True),
        (r"(ab|cd)?e\+", "cde+", True),
        (r"[]a]+", "a]", True),
        (r"a{,3}", "aaa", True),
        (r".*", "a" * 100, True),
        (r".*", "a" * 101, False),
    ],
)
def test_the_usual_patterns_are_taken_and_match_the_whole_of_a_short_answer(
    pattern: str, text: str, matches: bool
) -> None:
    assert expressions.holds(f"regex(., '{pattern}')", {}, text) is matches


SIGNS = st.sampled_from(
    ["a", "[a-z]", ".", "\\d", "(", ")", "*", "+", "?", "{2}", "{1,3}", "{,9}", "|", "^", "\\", "]"]
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(SIGNS, max_size=14).map("".join))
def test_of_any_pattern_it_is_known_whether_it_is_taken(pattern: str) -> None:
    try:
        taken = patterns.compiled(pattern)
    except patterns.Refused:
        return
    assert patterns.matches(taken, "a" * 100 + "!") is False
    patterns.matches(taken, "a" * 99 + "!")


PARTS = st.sampled_from(
    [
        *("${age}", "${none}", "${needs}", ".", "'x'", "''", "1", "0", "2.5", "today()", "true()"),
        *(" and ", " or ", " = ", " != ", " < ", " <= ", " + ", " - ", " * ", " div ", " mod "),
        *("not(", "selected(", "if(", "concat(", "int(", "number(", "coalesce(", "(", ")", ", ", "regex(", "$", "$${"),
    ]
)


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(st.lists(PARTS, max_size=12).map("".join) | st.text(max_size=30), st.sampled_from([None, "", 5, -0.5, ["x"]]))
def test_any_text_is_read_or_refused_and_what_was_read_has_a_value(text: str, own: Value) -> None:
    try:
        expression = expressions.read(text)
    except Misread:
        return
    for known in (KNOWN, {}):
        found = expression(known, own, TODAY)
        assert isinstance(found, str | float | bool)
        assert functions.text(found) != "inf" or math.isinf(float(found))
