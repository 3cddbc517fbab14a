"""Every row of the table has its proof, and every test of this floor stands for a row."""

import importlib
import inspect
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.telegram import receiving, rows, sending, table
from tests.telegram.rows import Row

HERE = Path(__file__).parent


def test_the_table_has_all_its_rows() -> None:
    assert (len(receiving.ROWS), len(sending.ROWS), len(sending.TRAPS)) == (14, 22, 4)
    assert len({row.name for row in table.ROWS}) == len(table.ROWS)


@pytest.mark.parametrize("row", table.ROWS, ids=lambda row: row.name)
def test_each_row_is_shown_by_tests_that_are_run(row: Row) -> None:
    assert row.condition and row.duty and row.tests
    assert bool(row.reason) == (row.proof == rows.NOT_APPLICABLE)
    for test in row.tests:
        path, _, name = test.partition("::")
        file = ROOT / "tests" / path
        assert file.name.startswith("test_") and file.exists(), test
        found = getattr(importlib.import_module(f"tests.{path.removesuffix('.py').replace('/', '.')}"), name, None)
        assert name.startswith("test_") and inspect.isfunction(found), test
        assert inspect.unwrap(found).__module__.endswith(file.stem), test


@pytest.mark.parametrize("row", [row for row in table.ROWS if row.proof == rows.INJECTED], ids=lambda row: row.name)
def test_a_row_that_is_injected_is_shown_on_this_floor_by_the_real_app(row: Row) -> None:
    here = [test.partition("::") for test in row.tests if test.startswith("telegram/")]
    modules = [(importlib.import_module(f"tests.telegram.{path[9:-3]}"), name) for path, _, name in here]
    assert any("house" in inspect.signature(getattr(module, name)).parameters for module, name in modules)


def test_every_test_of_this_floor_stands_for_a_row() -> None:
    named = {test for row in table.ROWS for test in row.tests}
    orphans = [
        f"telegram/{path.name}::{name}"
        for path in sorted(HERE.glob("test_*.py"))
        if path.name not in ("test_table.py", "test_outages.py")
        for name in vars(importlib.import_module(f"tests.telegram.{path.stem}"))
        if name.startswith("test_")
    ]
    assert [test for test in orphans if test not in named] == []
