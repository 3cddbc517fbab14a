"""Every package is one version with its hashes; what is asked for and what is locked agree (row 22)."""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house import source

RUN, DEV = (source.ROOT / name for name in ("requirements.lock", "requirements-dev.lock"))  # a server's, a developer's
PROJECT = tomllib.loads((source.ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def locked(lock: Path) -> Iterator[tuple[Requirement, list[str]]]:
    """Each entry of a lock file, and its hashes."""
    for entry in re.split(r"\n(?=\S)", lock.read_text("utf-8").strip()):
        words = entry.replace("\\\n", " ").split(" --hash=")
        yield Requirement(words[0].strip()), [each.strip() for each in words[1:]]


@pytest.mark.parametrize("lock", [RUN, DEV], ids=lambda lock: lock.name)
def test_each_package_is_one_version_with_a_hash_for_each_of_its_files(lock: Path) -> None:
    entries = list(locked(lock))
    assert len(entries) > 30, "the control: the lock file was read"
    for package, hashes in entries:
        [pin] = package.specifier
        assert pin.operator == "==" and Version(pin.version), package
        assert not package.url, package
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), package


def test_a_server_gets_what_was_tested_and_nothing_of_the_tools() -> None:
    run, dev = ({str(package): hashes for package, hashes in locked(lock)} for lock in (RUN, DEV))
    assert run.items() < dev.items()
    tools = {canonicalize_name(Requirement(each).name) for each in PROJECT["optional-dependencies"]["dev"]}
    assert tools.isdisjoint(canonicalize_name(Requirement(each).name) for each in run)


@pytest.mark.parametrize("lock", [RUN, DEV], ids=lambda lock: lock.name)
def test_what_is_asked_for_is_what_is_locked(lock: Path) -> None:
    pins = {canonicalize_name(package.name): next(iter(package.specifier)).version for package, _ in locked(lock)}
    wanted = [*PROJECT["dependencies"], *(PROJECT["optional-dependencies"]["dev"] if lock is DEV else [])]
    for asked in map(Requirement, wanted):
        name = canonicalize_name(asked.name)
        assert name in pins, f"{name} is asked for, but not locked: make lock"
        assert asked.specifier.contains(pins[name]), f"{asked}, but locked is {pins[name]}: make lock"


def test_what_the_code_imports_is_asked_for_itself_not_only_by_others() -> None:
    """What comes along with another package goes when that one no longer needs it, and nobody chose its version."""
    asked = {canonicalize_name(Requirement(each).name) for each in PROJECT["dependencies"]}
    modules = {name.partition(".")[0] for path in source.files() for name in source.imports(path)}
    foreign = modules - set(sys.stdlib_module_names) - set(source.ROOMS)
    assert {"telegram", "aiosqlite", "aiohttp"} <= foreign, "the control: imports were read"
    givers = packages_distributions()
    missing = {
        module: sorted(givers.get(module, []))
        for module in foreign
        if not asked & {canonicalize_name(giver) for giver in givers.get(module, [])}
    }
    assert missing == {}


def test_what_is_installed_is_checked_by_its_hash() -> None:
    makefile = (source.ROOT / "Makefile").read_text("utf-8")
    installs = [line for line in makefile.splitlines() if "pip" in line and " install " in line]
    assert len(installs) == 1 and "--require-hashes" in installs[0]
    assert not re.search(r"pip3? install", (source.ROOT / ".ci" / "run").read_text("utf-8"))
