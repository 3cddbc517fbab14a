"""Every key of the configuration is in the example with a comment and in docs/running.md, with its true default."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot import config

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")
RUNNING = (ROOT / "docs" / "running.md").read_text("utf-8")


def keys() -> list[tuple[str, str]]:
    found = []
    for section, field in config.Sections.model_fields.items():
        assert isinstance(field.annotation, type)
        assert issubclass(field.annotation, BaseModel)
        found += [(section, key) for key in field.annotation.model_fields]
    return found


def part(section: str) -> str:
    """The lines of the example below `[section]`, up to the next section."""
    return EXAMPLE.partition(f"\n[{section}]\n")[2].partition("\n[")[0]


@pytest.mark.parametrize(("section", "key"), keys())
def test_every_key_stands_in_the_example_below_its_comment(section: str, key: str) -> None:
    assert re.search(rf"^# .+\n{key} = ", part(section), re.MULTILINE)


def test_the_example_holds_the_defaults_and_no_other_key(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(EXAMPLE, "utf-8")
    (tmp_path / "empty.toml").write_text("", "utf-8")
    assert config.load(tmp_path / "config.toml", {}) == config.load(tmp_path / "empty.toml", {})


def test_the_page_lists_exactly_the_keys_with_the_values_of_the_example() -> None:
    rows = re.findall(r"^\| `\[(\w+)\] (\w+)` \| `(.+?)` \| .+ \|$", RUNNING, re.MULTILINE)
    said = [(section, key, tomllib.loads(f"value = {value}")["value"]) for section, key, value in rows]
    example = tomllib.loads(EXAMPLE)
    assert said == [(section, key, example[section][key]) for section, key in keys()]


def test_the_page_names_every_variable_that_is_read() -> None:
    source = (ROOT / "bot" / "keys.py").read_text("utf-8")
    read = re.findall(r'environ\.get\("(\w+)"', source)
    assert read
    assert sorted(re.findall(r"^\| `([A-Z_]+)` \|", RUNNING, re.MULTILINE)) == sorted(read)
