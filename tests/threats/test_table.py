"""The table of threats is whole: every row has its proof or its reason, and SECURITY.md says the same."""

import ast
import re
import subprocess
import sys

import pytest

from tests.house import source
from tests.threats.table import ROWS, Threat

PAGE = (source.ROOT / "SECURITY.md").read_text("utf-8")
TESTS = source.ROOT / "tests"
NUMBERED = list(enumerate(ROWS, start=1))


def plain(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def said_of(number: int) -> str:
    """What SECURITY.md says of a threat."""
    found = re.search(rf"^{number}\. (.+?)(?=^\d+\. |^## )", PAGE, re.MULTILINE | re.DOTALL)
    return plain(found[1]) if found else ""


def test_there_are_24_and_each_has_a_proof_or_a_reason() -> None:
    assert len(ROWS) == 24
    assert [number for number, row in NUMBERED if not row.proofs.split() and not row.reason] == []


@pytest.mark.parametrize(("number", "row"), NUMBERED, ids=range(1, 25))
def test_security_md_tells_the_threat_its_defence_and_word_for_word_the_reason(number: int, row: Threat) -> None:
    said = said_of(number)
    assert said.startswith(f"**{row.title}.** ")
    assert ("*" + row.reason + "*" in said) if row.reason else said.count("*") == 4
    files = re.findall(r"`([\w/]+(?:\.\w+|/))`", said)
    assert [name for name in files if "/" in name and not (source.ROOT / name).exists()] == []
    assert files or not row.proofs or number == 24, "a reader finds the place in the code"


def test_every_proof_is_a_test_that_is_there() -> None:
    missing = []
    for row in ROWS:
        for proof in row.proofs.split():
            name, _, function = proof.partition("::")
            assert name.rpartition("/")[2].startswith("test_")
            tree = source.tree(TESTS / name)
            defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
            missing += [proof] if function not in defined else []
    assert missing == []


@pytest.mark.attack
def test_every_proof_is_collected() -> None:
    files = sorted({f"tests/{proof.partition('::')[0]}" for row in ROWS for proof in row.proofs.split()})
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-o",
        "addopts=",
        "-p",
        "no:cacheprovider",
        *files,
    ]
    done = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, timeout=120, check=True)
    collected = {line.partition("[")[0] for line in done.stdout.splitlines()}
    assert [proof for row in ROWS for proof in row.proofs.split() if f"tests/{proof}" not in collected] == []
