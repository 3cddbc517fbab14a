"""Reading definitions of forms. Every mistake in a file is found at once, and each is said in a sentence."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from forms import checks
from forms.faults import Fault, Faults
from forms.model import Form, Question, Text

ROOM = Path(__file__).parent
DEFINITIONS = ROOM / "definitions"

_FORM = TypeAdapter(Form)
_QUESTION = TypeAdapter(Question)
_TEXTS = TypeAdapter(dict[str, Text])


def load(source: Path | str) -> Form:
    """Return the form of a definition, given as a file or as its TOML text; raise `Faults` with all its mistakes."""
    file = source.name if isinstance(source, Path) else "text"
    try:
        raw = tomllib.loads(source.read_text("utf-8") if isinstance(source, Path) else source)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Faults([Fault(file, "", "", f"This is not TOML: {error}.")]) from None
    form, faults = checks.read(file, raw)
    if isinstance(source, Path) and form and form.name != source.stem:
        faults.append(Fault(file, "", "name", f"'{form.name}' is not the name of the file; write '{source.stem}'."))
    if faults or form is None:
        raise Faults(faults)
    return form


def shipped(name: str) -> Form:
    """Return the form of `definitions/NAME.toml`."""
    return load(DEFINITIONS / f"{name}.toml")


def names() -> list[str]:
    """Return the names of the shipped forms, sorted."""
    return sorted(path.stem for path in DEFINITIONS.glob("*.toml"))


def refusals() -> Mapping[str, Text]:
    """Return the sentence of each `Refusal.key`."""
    return _TEXTS.validate_python(tomllib.loads((ROOM / "refusals.toml").read_text("utf-8")), strict=False)
