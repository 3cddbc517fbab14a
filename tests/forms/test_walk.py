"""`python -m forms NAME`, as it is started by hand."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*arguments: str, written: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "forms", *arguments],
        input=written,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=60,
        check=False,
    )


def test_registration_is_walked_with_mistakes_and_a_change_on_the_card() -> None:
    said = ("hə", "Aygün", "<", "Aysel", "9", "lenkeran", "4", "yüz", "32", "3, 1", "yox", "050 123 45 67", "salam")
    done = run("registration", written="\n".join([*said, "3", "guba", "+", ""]))
    assert done.returncode == 0, done.stderr
    assert "Telefon: +994 50 123 45 67" in done.stdout
    assert "Zəhmət olmasa, aşağıdakı düymələrdən birinə basın." in done.stdout
    assert done.stdout.endswith(
        "{'consent': 'yes', 'name': 'Aysel', 'region': 'quba', 'group': 'ngo', 'age': 'from_25',"
        " 'needs': ['child', 'access'], 'permissions': [], 'phone': '+994501234567'}\n"
    )


def test_the_language_is_chosen_and_an_end_of_input_ends_the_walk() -> None:
    done = run("day", "--language", "ru", written="5\n")
    assert done.returncode == 1
    assert "Насколько полезным" in done.stdout
    assert "В самый раз" in done.stdout


def test_mistakes_are_shown_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('[form]\nname = "wrong"\n', "utf-8")
    done = run(str(file))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "wrong.toml, key 'title': This key is missing.",
        "wrong.toml, key 'question': There is no question yet. Write at least one [[question]].",
    ]


def test_a_form_that_is_not_there_is_said() -> None:
    done = run("registracia")
    assert done.returncode == 1
    assert "registracia.toml" in done.stderr
