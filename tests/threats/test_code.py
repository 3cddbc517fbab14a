"""What must not be in the code: ways to run what was stored or written (row 24), names that reach SQL (row 8)."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache

import pytest

from forms import faults, load
from tests.bot import crew
from tests.conftest import House
from tests.house import source
from tests.threats import doorway

ROOMS = ("bot", "handlers", "storage", "forms", "sandbox", "bench", "tests")
IMPORTED = re.compile(r"^\s*(?:import|from) +(\w+)", re.MULTILINE)
OF_NOBODY = {
    "pickle",
    "cPickle",
    "_pickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "joblib",
    "jsonpickle",
    "yaml",
    "code",
}
RUNNING = {"eval", "exec", "compile", "__import__", "execfile"}
SHELLS = {("os", "system"), ("os", "popen"), ("subprocess", "getoutput"), ("subprocess", "getstatusoutput")}
SHELLS |= {("asyncio", "create_subprocess_shell"), ("pty", "spawn")}
STARTING = {"run", "call", "check_call", "check_output", "Popen"}
HOSTILE_KEYS = [
    "name'); DROP TABLE people;--",
    'a" OR 1=1',
    "a b",
    "people.name",
    "a;b",
    "naïve",
    "",
    "a\x00",
    "x" * 200,
    "*",
    "?1",
]


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """Every call in the code, with its place."""
    return list(found())


def found() -> Iterator[tuple[str, ast.Call]]:
    for path in source.files():
        for node in source.nodes(path):
            if isinstance(node, ast.Call):
                yield f"{source.shown(path)}:{node.lineno}", node


def test_no_state_is_code_in_the_product_the_bench_or_the_tests() -> None:
    imported = {path: set(IMPORTED.findall(path.read_text("utf-8"))) for path in source.files(*ROOMS)}
    assert [source.shown(path) for path, modules in imported.items() if modules & OF_NOBODY] == []
    assert any("ast" in modules for modules in imported.values()), "the control: imports are found"


def test_nothing_evaluates_text_as_code() -> None:
    assert [place for place, call in calls() if isinstance(call.func, ast.Name) and call.func.id in RUNNING] == []


def test_no_program_is_started_through_a_shell() -> None:
    wrong = []
    for place, call in calls():
        if isinstance(call.func, ast.Attribute):
            owner = call.func.value.id if isinstance(call.func.value, ast.Name) else ""
            shell = any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in call.keywords)
            line = isinstance(next(iter(call.args), None), ast.JoinedStr | ast.Constant)
            started = owner == "subprocess" and call.func.attr in STARTING and line
            wrong += [place] if (owner, call.func.attr) in SHELLS or shell or started else []
    assert wrong == []


def test_the_bot_starts_no_program_at_all() -> None:
    wrong = [
        f"{source.shown(path)} imports {module}"
        for path in source.files("bot", "handlers", "storage", "forms")
        for module in source.imports(path)
        if module.split(".")[0] in {"subprocess", "pty", "multiprocessing"}
    ]
    assert wrong == []


def test_a_form_whose_keys_are_no_plain_words_is_refused() -> None:
    shipped = (load.DEFINITIONS / "recommendation.toml").read_text("utf-8")
    assert load.load(shipped)
    for place in ('key = "place"', 'name = "recommendation"'):
        for key in HOSTILE_KEYS:
            changed = shipped.replace(place, f"{place.partition(' =')[0]} = {json.dumps(key)}", 1)
            assert changed != shipped
            with pytest.raises(faults.Faults):
                load.load(changed)


async def test_hostile_values_are_kept_as_values(house: House) -> None:
    await doorway.shut(house)
    for number, value in enumerate(HOSTILE_KEYS, start=830_001):
        await doorway.somebody(house, number, value or "a")
        said = doorway.pressed(house, number, f"f/{value}/a/1/1"), doorway.pressed(house, number, f"i/{value}/coming")
        await doorway.come_in(house, *said, doorway.pressed(house, number, f"b/{value}"))
    kept = await crew.rows(house, "SELECT name FROM people ORDER BY id")
    assert [name for (name,) in kept] == [value or "a" for value in HOSTILE_KEYS]
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []


def test_every_connection_to_a_database_is_opened_in_one_place() -> None:
    """Its pragmas are looked at in tests/storage/test_erasures.py: durable, and overwriting what it deletes."""
    openers = {("dbapi2", "connect"), ("sqlite3", "connect"), ("aiosqlite", "connect"), ("sqlcipher3", "connect")}
    places = [
        place.partition(":")[0]
        for place, call in calls()
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (call.func.value.id, call.func.attr) in openers
    ]
    assert places == ["storage/database.py"]
