"""What is documented is so: keys of the configuration with their true defaults, commands, files, and what is kept."""

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot import config
from bot.__main__ import parser

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")
RUNNING = (ROOT / "docs" / "running.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PRIVACY = (ROOT / "docs" / "privacy.md").read_text("utf-8")


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


def commands(of: argparse.ArgumentParser, words: str = "python -m bot") -> Iterator[tuple[str, str]]:
    """Every command with each of its options, '' for the bare command."""
    parts = [action for action in of._actions if isinstance(action, argparse._SubParsersAction)]
    for part in parts:
        for name, inner in part.choices.items():
            yield from commands(inner, f"{words} {name}")
    if not parts:
        options = [option for action in of._actions for option in action.option_strings if option.startswith("--")]
        yield from ((words, option) for option in ["", *options] if option not in ("--help", "--config"))


@pytest.mark.parametrize(("command", "option"), list(commands(parser())))
def test_the_page_lists_every_command_with_its_options(command: str, option: str) -> None:
    lines = re.findall(r"^\| `(.+?)` \| .+ \|$", RUNNING, re.MULTILINE)
    assert any(line.startswith(command) and option in line for line in lines)


def test_every_command_that_is_mentioned_can_be_given() -> None:
    said = [line.split() for line in re.findall(r"`python -m bot (.+?)`", RUNNING)]
    assert said
    for words in said:
        parser().parse_args(["1" if word == "PORT" else word for word in words])


def test_every_file_that_the_architecture_names_is_there() -> None:
    named = set(re.findall(r"`((?:bot|handlers|storage|forms)/[\w/.]+\.\w+)`", ARCHITECTURE))
    assert named
    assert [name for name in sorted(named) if "NAME" not in name and not (ROOT / name).exists()] == []


def test_every_table_has_its_line_on_privacy() -> None:
    schema = (ROOT / "storage" / "schema.sql").read_text("utf-8")
    rows = re.findall(r"^\| (`.+?`) \|", PRIVACY.partition("## Who sees it")[0], re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(listed) == sorted(re.findall(r"^CREATE TABLE (\w+)", schema, re.MULTILINE))
