"""The size and the manners of the code."""

import ast
import re
from collections.abc import Iterator

from tests.house import source

MOST_LINES, MOST_LINES_OF_FUNCTION = 300, 40
EMPTY_WORDS = {"manager", "service", "helper", "helpers", "util", "utils", "common", "base", "impl"}
SENDING = re.compile(r"^(reply_(?!to_message)|send_|edit_message_|answer_callback_query$|forward_message|copy_message)")


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in source.files():
        for node in source.nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield source.shown(path), node


def test_no_file_is_long() -> None:
    scripts = sorted((source.ROOT / "sandbox" / "page").glob("*.js"))
    long = [
        f"{source.shown(path)}: {count} lines"
        for path in [*source.files(), *sorted((source.ROOT / "tests").rglob("*.py")), *scripts]
        if (count := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    ]
    assert long == []


def test_no_function_is_long() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}: {size} lines"
        for path, node in functions()
        if (size := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_FUNCTION
    ]
    assert long == []


def test_no_name_is_empty_of_meaning() -> None:
    wrong = [source.shown(path) for path in source.files() if EMPTY_WORDS & set(path.stem.split("_"))]
    wrong += [f"{path} {node.name}" for path, node in functions() if EMPTY_WORDS & set(node.name.lower().split("_"))]
    assert wrong == []


def test_no_handler_sends() -> None:
    """Handlers say what they mean to send; only the sender talks to Telegram."""
    wrong = [
        f"{source.shown(path)}:{node.lineno} {node.attr}"
        for path in source.files("handlers")
        for node in source.nodes(path)
        if isinstance(node, ast.Attribute) and SENDING.match(node.attr)
    ]
    assert wrong == []


def test_the_time_is_read_in_one_place() -> None:
    wrong = [
        f"{source.shown(path)}:{node.lineno}"
        for path in source.files()
        for node in source.nodes(path)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr)
        in {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"), ("time", "time_ns")}
        and source.shown(path) not in {"bot/clock.py", "sandbox/clock.py"}
    ]
    assert wrong == []


def test_sql_is_never_put_together_from_values() -> None:
    """Only `?` parameters: the SQL of a call is a literal, or a name of a constant (THREATS.md, 8)."""
    calls = {"one", "all", "run", "insert", "many", "execute", "executemany", "execute_fetchall"}
    wrong = []
    for path in source.files("storage"):
        for node in source.nodes(path):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in calls
                and node.args
            ):
                sql = node.args[0]
                if isinstance(sql, ast.JoinedStr) and not _is_pragma(sql):
                    wrong.append(f"{source.shown(path)}:{node.lineno}")
                if isinstance(sql, ast.BinOp) and isinstance(sql.op, ast.Mod):
                    wrong.append(f"{source.shown(path)}:{node.lineno}")
                if isinstance(sql, ast.Call) and isinstance(sql.func, ast.Attribute) and sql.func.attr == "format":
                    wrong.append(f"{source.shown(path)}:{node.lineno}")
    assert wrong == []


def _is_pragma(sql: ast.JoinedStr) -> bool:
    """PRAGMA key takes no parameters; what is put in is our own hex."""
    first = sql.values[0]
    return isinstance(first, ast.Constant) and str(first.value).startswith("PRAGMA key")


def test_sql_lives_in_storage_only() -> None:
    statement = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|BEGIN|PRAGMA)\s")
    wrong = [
        f"{source.shown(path)}:{node.lineno}"
        for path in source.files("bot", "handlers", "forms", "sandbox")
        for node in source.nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.match(node.value)
    ]
    assert wrong == []


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile("NotImplemented" + "Error|TO" + "DO|FIX" + "ME|unittest" + r"\.mock|mark\." + r"(skip|xfail)\b")
    folders = [*source.files(), *sorted((source.ROOT / "tests").rglob("*.py"))]
    wrong = [source.shown(path) for path in folders if marks.search(path.read_text(encoding="utf-8"))]
    assert wrong == []


def test_the_lock_file_holds_no_address() -> None:
    for lock in source.ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8")
