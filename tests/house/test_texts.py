"""The words of the interface: the same in every language, short enough for a small phone, every one of them used."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator

import pytest

from bot.texts import FOLDER, LANGUAGES, LOCALES
from sandbox import html
from tests.house import source

WORDS = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")) for name in LANGUAGES}
KEYS = WORDS["az"].keys()
EACH = [(language, key, form) for language, words in WORDS.items() for key in words for form in words[key]]
LONGEST_SCREEN, LONGEST_BUTTON, LONGEST_BESIDE_ANOTHER = 300, 28, 14  # characters; two buttons share 360 pixels
LONGEST_SHOWN_BEFORE_START = {"profile.description": 512, "profile.short": 120}  # Bot API, setMyDescription ff.
LOCK_SCREEN = 60  # characters
LABELS = re.compile(
    r"way\.\w+|menu\.(?!text|later)\w+|sheet\.(back|keep|skip|clear|contact|send|resume|stop)|days\.(coming|not)"
    r"|privacy\.\w+\.button|role\.\w+|roles\.(yes|no|remove)|status\.(refresh|export|show_calls|doubts|doubles|code|erase|erase\.(yes|no))"
    r"|doubts\.(again|sent)|roster\.(apply|drop)"
    r"|waiting\.(yes|no)|status\.list|place\.(yes|no|back|change|stay)"
    r"|door\.(list|alone|again|close|keep)|roles\.begin|nudge\.(on|no)"
    r"|household\.(new|nameless)|double\.(keep\.[12]|different|yes|no|undo|next|show_past)|helping\.(agreed|no|drop|next)|note\.(all|drop|send|change|stop)|groups\.write"
)
# What comes without being asked for, and stems of words that must not be read over her shoulder.
UNASKED = (
    *("days.eve", "days.morning", "days.moved", "days.off", "survey.invite"),
    *("note.letter", "inquiry.answer", "privacy.erased", "place.good", "place.news", "nudge.next day", "nudge.closing"),
    "permissions.told",
)
TELLING = re.compile(
    r"\b(qadın|təlim|proqram|layihə|hüquq|siyasət|tövsiyə|təşkilat|sorğu|qeydiyyat|sil"
    r"|женщин|тренинг|программ|проект|прав|политик|рекоменд|организ|опрос|регистр|удал"
    r"|wom[ae]n|training|programme|project|right|polic|recommend|organis|survey|regist|eras)",
    re.IGNORECASE,
)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def pattern(node: ast.Constant | ast.JoinedStr) -> re.Pattern[str]:
    """What a string of the code can be: a group stands for each value that is put in."""
    pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
    return re.compile("".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else "(.+)" for p in pieces))


def strings() -> Iterator[tuple[ast.Constant | ast.JoinedStr, bool]]:
    """Every string of the bot, and whether it is told to the audit: that has names of its own."""
    for path in source.files("bot", "handlers"):
        nodes = source.nodes(path)
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        told = {id(part) for call in calls if ast.unparse(call.func) == "audit.write" for part in ast.walk(call)}
        for node in nodes:
            if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                yield node, id(node) in told


def test_every_language_has_the_same_texts_with_the_same_placeholders() -> None:
    for language in LANGUAGES:
        assert list(WORDS[language]) == list(KEYS)
    named = {key: placeholders(WORDS["az"][key]["other"]) for key in KEYS}
    wrong = [each for each in EACH if placeholders(WORDS[each[0]][each[1]][each[2]]) != named[each[1]]]
    assert wrong == []


def test_what_is_counted_has_every_plural_form_of_the_language() -> None:
    counted = {key for language in LANGUAGES for key in KEYS if len(WORDS[language][key]) > 1}
    for language in LANGUAGES:
        all_forms = {*LOCALES[language].plural_form.tags, "other"}
        wrong = [key for key in KEYS if WORDS[language][key].keys() != (all_forms if key in counted else {"other"})]
        assert wrong == [], language
    assert {key for key in KEYS if "count" in placeholders(WORDS["az"][key]["other"])} == counted


def flaw(key: str, text: str) -> str:
    """What is wrong with a text of the interface, or nothing."""
    try:
        shown, _ = html.parse(text)
    except html.Malformed as malformed:
        return str(malformed)
    longest = LONGEST_SHOWN_BEFORE_START.get(key, LONGEST_BUTTON if LABELS.fullmatch(key) else LONGEST_SCREEN)
    if not shown or shown.strip() != shown:
        return "nothing, or space around it"
    return f"{len(shown)} characters, {longest} fit" if len(shown) > longest else ""


def test_a_text_is_markup_that_telegram_takes_and_fits_on_a_screen() -> None:
    assert EACH
    assert {each: found for each in EACH if (found := flaw(each[1], WORDS[each[0]][each[1]][each[2]]))} == {}


def test_what_is_wrong_with_a_text_is_found() -> None:
    for text in ("<b>Salam", "", " Salam", "Salam\n", "a" * (LONGEST_SCREEN + 1)):
        assert flaw("start.greeting", text), text
    assert flaw("menu.days", "a" * (LONGEST_BUTTON + 1))
    assert flaw("start.greeting", "<b>Salam</b>") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_greeting_fits_on_a_screen_with_the_words_of_the_sample(language: str) -> None:
    sample = tomllib.loads((source.ROOT / "programme.example.toml").read_text(encoding="utf-8"))["programme"]
    greeting, _ = html.parse(WORDS[language]["start.greeting"]["other"])
    shown = greeting.format(programme=sample["name"][language], funders=sample["funders"][language])
    assert len(shown) <= LONGEST_SCREEN


def test_buttons_side_by_side_are_short_enough_for_a_narrow_phone() -> None:
    rows = [
        re.findall(r"\[([^\]]+)\]", line)
        for path in sorted((source.ROOT / "tests" / "dialogues").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.fullmatch(r"[|~=]( \[[^\]]+\]){2,}", line)
    ]
    assert rows
    long = {label for row in rows for label in row if len(label.removeprefix("✓ ")) > LONGEST_BESIDE_ANOTHER}
    assert long == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", UNASKED)
def test_the_first_words_of_what_comes_unasked_tell_nothing(language: str, key: str) -> None:
    for text in WORDS[language][key].values():
        first = text.partition("\n")[0]
        assert len(first) >= LOCK_SCREEN
        assert not placeholders(first)
        assert not TELLING.search(first)


def test_every_text_is_used() -> None:
    found = [node for node, _ in strings()]
    patterns = [pattern(node) for node in found]
    words = {word for node in found if isinstance(node, ast.Constant) for word in str(node.value).split(".")}

    def is_used(key: str) -> bool:
        ways = [match for each in patterns if (match := each.fullmatch(key)) and match.groups() != (key,)]
        return any(words.issuperset(word for part in match.groups() for word in part.split(".")) for match in ways)

    assert [key for key in KEYS if not is_used(key)] == []


def test_every_text_that_the_code_names_is_there() -> None:
    name = re.compile(rf"({'|'.join({key.partition('.')[0] for key in KEYS})})(\.[a-z_ ]+)+")
    named = {node.value for node, is_told in strings() if isinstance(node, ast.Constant) and not is_told}
    assert [each for each in named if name.fullmatch(str(each)) and each not in KEYS] == []
