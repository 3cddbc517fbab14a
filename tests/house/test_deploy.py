"""The files for running it elsewhere say what the code says."""

import re

from bench import stub
from bot import console
from tests.house import source

DEPLOY = source.ROOT / "deploy"
UNIT = (DEPLOY / "istirak.service").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")
COMMAND = (DEPLOY / "istirak").read_text("utf-8")
RUNNING = (source.ROOT / "docs" / "running.md").read_text("utf-8")


def test_a_service_that_cannot_be_helped_is_not_started_again() -> None:
    assert f"\nRestartPreventExitStatus={console.KEEP_STOPPED}\n" in UNIT


def test_service_and_command_mean_the_same_places() -> None:
    for place in ("/opt/istirak", "/var/lib/istirak", "/etc/istirak/token", "/etc/istirak/key"):
        assert place in UNIT
        assert place in COMMAND
    for folder in ("/opt/istirak", "/var/lib/istirak", "/etc/istirak"):
        assert folder in RUNNING
    assert (DEPLOY / "istirak").stat().st_mode & 0o111 == 0o111


def test_the_image_has_every_room_and_nothing_that_is_not_named() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE)
    named = {name for line in copied for name in line.split()}
    examples = {path.name for path in source.ROOT.glob("*.example.toml")}
    assert named == {*source.ROOMS, "locales", "pyproject.toml", "requirements.lock", *examples}


def test_images_are_named_without_a_host() -> None:
    assert set(re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)) == {"python:3.13-slim"}


def test_it_is_measured_as_it_is_deployed_and_needs_no_documentation_of_its_code() -> None:
    assert "\nExecStart=/opt/istirak/.venv/bin/python -OO -m bot run" in UNIT
    assert '"-OO", "-m", "bot"]' in CONTAINER
    assert stub.COMMAND.endswith(" -OO")
    assert [path.name for path in source.files() if ".__doc__" in path.read_text("utf-8")] == []
