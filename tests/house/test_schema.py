"""The schema is the first page of a new reader: commented, strict, and equal to all migrations applied."""

import re
from pathlib import Path

from sqlcipher3 import dbapi2

from storage import migrations


def tables(script: str) -> dict[str, str]:
    """Every object of a schema by name, as SQLite keeps it, without comments and spacing."""
    connection = dbapi2.connect(":memory:")
    connection.executescript(script)
    rows = connection.execute(
        "SELECT name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    ).fetchall()
    connection.close()
    return {name: re.sub(r"\s+", "", re.sub(r"--[^\n]*", "", sql)) for name, sql in rows}


def test_the_schema_equals_all_migrations_applied() -> None:
    applied = "\n".join(path.read_text(encoding="utf-8") for path in migrations.files())
    assert tables(migrations.SCHEMA.read_text(encoding="utf-8")) == tables(applied)


def test_every_table_is_strict_and_has_its_sentence() -> None:
    lines = migrations.SCHEMA.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("CREATE TABLE")]
    assert starts
    for number in starts:
        assert lines[number - 1].startswith("-- "), lines[number]
        end = next(line for line in lines[number:] if line.startswith(")"))
        assert "STRICT" in end, lines[number]


def test_every_state_is_explained() -> None:
    schema = migrations.SCHEMA.read_text(encoding="utf-8")
    for block in re.findall(r"state +TEXT NOT NULL[^(]*CHECK \(state IN \(\n(.*?\)\)[^\n]*)\n", schema, re.DOTALL):
        unexplained = [line for line in block.splitlines() if line.strip().startswith("'") and "--" not in line]
        assert len(unexplained) <= 1, block  # a word such as 'sent' may speak for itself, once


def test_migrations_are_numbered_without_a_gap() -> None:
    names = [Path(path).stem[:4] for path in migrations.files()]
    assert names == [f"{number:04d}" for number in range(1, len(names) + 1)]
