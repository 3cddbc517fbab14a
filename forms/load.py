"""Reading definitions of forms. All mistakes of a file are found at once, and each is said in a sentence."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from forms import checks, faults, references
from forms.checks import Mistake
from forms.faults import Fault, Faults
from forms.model import LANGUAGES, Calculation, Choice, Form, Question, Text

ROOM = Path(__file__).parent
DEFINITIONS = ROOM / "definitions"
TABLES = ("form", "question")  # a definition has these, and no other
FORM_KEYS = {checks.toml_key(field.name): field.name for field in dataclasses.fields(Form) if field.name != "questions"}
QUESTION_KEYS = {checks.toml_key(field.name): field.name for field in dataclasses.fields(Question)}
CHOICE_KEYS = tuple(field.name for field in dataclasses.fields(Choice))
CALCULATION_KEYS = tuple(field.name for field in dataclasses.fields(Calculation))

_Table = TypeVar("_Table", Form, Question)
_FORM = TypeAdapter(Form)
_QUESTION = TypeAdapter(Question)
# What stands for a required key that is missing or wrong, so that the rest can still be looked at.
_BLANK = {"name": "", "title": {"az": ""}}
_BLANK_QUESTION = {"key": "", "kind": "", "text": {"az": ""}, "label": {"az": ""}}
# What a definition may hold where pydantic found something else, by the type of its error.
_ALLOWED = {
    "string_type": 'text in quotes, such as "region"',
    "bool_type": "true or false",
    "int_type": "a whole number",
    "dataclass_type": 'a text in each language, such as { az = "…", ru = "…", en = "…" }',
    "tuple_type": "a list",
    "literal_error": '"keep" or "move"',
}


def load(source: Path | str) -> Form:
    """Return the form of a definition, given as a file or as its TOML text; raise `Faults` with all its mistakes."""
    file = source.name if isinstance(source, Path) else "text"
    try:
        raw = tomllib.loads(source.read_text("utf-8") if isinstance(source, Path) else source)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Faults([Fault(file, "", "", f"This is not TOML: {error}.")]) from None
    form, found = _form(file, raw)
    if isinstance(source, Path) and form.name not in ("", source.stem):
        found.append(Fault(file, "", "name", f"Found '{form.name}'; it has to be '{source.stem}', like the file."))
    if found:
        raise Faults(found)
    return form


def shipped(name: str) -> Form:
    """Return the form of `definitions/NAME.toml`."""
    return load(DEFINITIONS / f"{name}.toml")


def names() -> list[str]:
    """Return the names of the shipped forms, sorted."""
    return sorted(path.stem for path in DEFINITIONS.glob("*.toml"))


def refusals() -> Mapping[str, Text]:
    """Return the sentence of every `Refusal.key`."""
    return {key: Text(**words) for key, words in tomllib.loads((ROOM / "refusals.toml").read_text("utf-8")).items()}


def to_json(form: Form) -> str:
    """Return the form as canonical JSON: equal forms give equal texts. What has its default is left out."""
    body = _FORM.dump_python(form, mode="json", exclude_defaults=True)
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(body: str) -> Form:
    """Return the form that `to_json` wrote; raise ValueError if it is none."""
    return _FORM.validate_json(body)


def digest(form: Form) -> str:
    """Return the SHA-256 of the form's canonical JSON, in hex: the name under which a definition is stored."""
    return hashlib.sha256(to_json(form).encode()).hexdigest()


def _form(file: str, raw: dict[str, Any]) -> tuple[Form, list[Fault]]:
    head, rows, mistakes = _tables(raw)
    form, slips = _table(_FORM, FORM_KEYS, head, _BLANK)
    mistakes += slips + _new(slips, checks.of_texts(form, form.placeholders))
    questions: list[Question] = []
    found: list[tuple[str, list[Mistake]]] = []
    for number, row in enumerate(rows, start=1):
        question, slips = _table(_QUESTION, QUESTION_KEYS, row, _BLANK_QUESTION)
        slips += _new(slips, checks.of_question(question, QUESTION_KEYS.keys() & row.keys()))
        slips += _new(slips, checks.of_texts(question, form.placeholders))
        questions.append(question)
        found.append((question.key or f"#{number}", slips))
    form = dataclasses.replace(form, questions=tuple(questions))
    mistakes += _new(mistakes, checks.of_form(form))
    mistakes += _new(mistakes, references.of_form(form))
    for question, (_, slips) in zip(questions, found, strict=True):
        slips += _new(slips, references.of_question(form, question))
    of_questions = [Fault(file, where, key, sentence) for where, slips in found for key, sentence in slips]
    return form, [Fault(file, "", key, sentence) for key, sentence in mistakes] + of_questions


def _tables(raw: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]], list[Mistake]]:
    """Return the table [form], the tables [[question]], and what is wrong with their brackets."""
    mistakes = [(key, faults.unknown(key, TABLES)) for key in raw if key not in TABLES]
    form, questions = raw.get("form", {}), raw.get("question", [])
    heads, rows = _listed(form), _listed(questions)
    if heads != [form]:
        mistakes.append(("form", "Write [form], with one bracket, above its keys."))
    if rows != questions:
        mistakes.append(("question", "Write [[question]], with two brackets, above each question."))
    return heads[0] if heads else {}, rows, mistakes


def _listed(given: Any) -> list[dict[str, Any]]:
    parts = given if isinstance(given, list) else [given]
    return [part for part in parts if isinstance(part, dict)]


def _table(
    adapter: TypeAdapter[_Table], keys: Mapping[str, str], raw: dict[str, Any], blank: dict[str, Any]
) -> tuple[_Table, list[Mistake]]:
    """Return what the table says, blank where it is wrong, and the mistakes in its keys and types."""
    mistakes = [(key, faults.unknown(key, keys)) for key in raw if key not in keys]
    known = {keys[key]: value for key, value in raw.items() if key in keys}
    try:
        return adapter.validate_json(_json(known)), mistakes
    except ValidationError as error:
        slips = error.errors()
    broken = {slip["loc"][0] for slip in slips}
    sound = {field: value for field, value in known.items() if field not in broken}
    return adapter.validate_json(_json(blank | sound)), mistakes + [_mistake(slip) for slip in slips]


def _json(table: dict[str, Any]) -> str:
    # By way of JSON, because there a list may stand for a tuple even where types are taken strictly.
    return json.dumps(table, default=str)


def _mistake(slip: ErrorDetails) -> Mistake:
    path = slip["loc"]
    key = ".".join(str(part + 1) if isinstance(part, int) else checks.toml_key(part) for part in path)
    if slip["type"] == "missing":
        return key, "This key is missing."
    if slip["type"] == "unexpected_keyword_argument":
        known = {"choices": CHOICE_KEYS, "calculations": CALCULATION_KEYS}.get(str(path[0]), LANGUAGES)
        return key, faults.unknown(str(path[-1]), known if len(path) == len(("choices", 0, "key")) else LANGUAGES)
    return key, faults.wrong(slip["input"], _ALLOWED.get(slip["type"], slip["msg"]))


def _new(known: list[Mistake], more: Iterator[Mistake]) -> list[Mistake]:
    """Return the mistakes that are not only the echo of one that is known: of a key that is missing or mistyped."""
    heads = {key.partition(".")[0] for key, _ in known}
    return [mistake for mistake in more if mistake[0].partition(".")[0] not in heads]
