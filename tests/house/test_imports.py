"""Who may import whom: arrows point downwards only (docs/architecture.md)."""

import ast

from tests.house import source

# A room may use the rooms named here, and itself.
BELOW = {
    "handlers": {"bot", "storage", "forms"},
    "bot": {"storage", "forms"},
    "storage": {"forms"},
    "forms": set[str](),
    "sandbox": set[str](),
}
COMPOSERS = {"bot/app.py", "bot/__main__.py", "bot/trial.py"}  # they put the rooms together; nobody imports them
ONLY_IN = {
    "telegram": ("bot/", "handlers/", "sandbox/"),
    "apscheduler": ("bot/clock.py",),
    "aiosqlite": ("storage/",),
    "sqlite3": ("storage/",),
    "sqlcipher3": ("storage/",),
}
OF_NOBODY = {"pickle", "marshal", "shelve", "dill"}  # a state file of these is code (THREATS.md, 24)


def test_arrows_point_downwards_only() -> None:
    wrong = [
        f"{source.shown(path)} imports {module}"
        for path in source.files()
        if source.shown(path) not in COMPOSERS
        for module in source.imports(path)
        if (room := module.split(".")[0]) in BELOW
        and room != (own := source.shown(path).split("/")[0])
        and room not in BELOW[own]
    ]
    assert wrong == []


def test_nobody_imports_what_composes_everything() -> None:
    modules = {name.removesuffix(".py").replace("/", ".") for name in COMPOSERS}
    wrong = [
        source.shown(path)
        for path in source.files()
        if source.shown(path) not in COMPOSERS and modules & set(source.imports(path))
    ]
    assert wrong == []


def test_each_outer_library_has_its_room() -> None:
    wrong = [
        f"{source.shown(path)} imports {module}"
        for path in source.files()
        for module in source.imports(path)
        if (places := ONLY_IN.get(module.split(".")[0])) and not source.shown(path).startswith(places)
    ]
    assert wrong == []


def test_nothing_reads_code_from_a_state_file() -> None:
    wrong = [
        f"{source.shown(path)} imports {module}"
        for path in source.files()
        for module in source.imports(path)
        if module.split(".")[0] in OF_NOBODY
    ]
    assert wrong == []


def test_the_engine_does_no_input_or_output() -> None:
    doing = {"open", "print", "input"}
    for name in ("model", "kinds", "engine"):
        path = source.ROOT / "forms" / f"{name}.py"
        called = {n.func.id for n in source.nodes(path) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        assert not called & doing, name
        assert not {"pathlib", "os", "asyncio"} & set(source.imports(path)), name
