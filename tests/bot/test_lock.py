"""A second copy of the bot ends with one sentence, and a dead one leaves no lock."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot import lock

HOLDER = """
import sys, pathlib
from bot import lock
with lock.held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_copy_is_refused_with_one_sentence(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        with pytest.raises(lock.SecondCopy) as refusal, lock.held(tmp_path):
            pass
        sentence = str(refusal.value)
        assert sentence.startswith("Another copy of the bot is already running") and "\n" not in sentence


def test_the_lock_is_free_again_when_the_first_copy_has_ended(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        pass
    with lock.held(tmp_path):
        pass


def test_a_copy_in_another_process_holds_the_lock_until_it_is_killed(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        with pytest.raises(lock.SecondCopy), lock.held(tmp_path):
            pass
        other.kill()
        other.wait()
    with lock.held(tmp_path):
        pass


def test_two_databases_do_not_disturb_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with lock.held(tmp_path / "a"), lock.held(tmp_path / "b"):
        pass
