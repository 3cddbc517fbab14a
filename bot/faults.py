"""Files that people write: TOML in, a frozen model out, or every mistake at once, each as a sentence."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError
from pydantic_core import ErrorDetails

from bot import keys


class Fault(Exception):
    """A file that cannot be used as it is; `sentences` has one for each mistake, for people who do not program."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)


class Section(BaseModel):
    """A part of a file. The description of each key completes the sentence 'this must be …'."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)


def _day(written: Any) -> Any:
    if isinstance(written, str):
        return date.fromisoformat(written.strip())
    if type(written) is date:
        return written
    raise ValueError("not a date")


def _hour(written: Any) -> Any:
    if isinstance(written, str):
        return datetime.strptime(written.strip(), "%H:%M").time()
    if isinstance(written, time):
        return written.replace(second=0, microsecond=0)
    raise ValueError("not an hour")


# Stricter than pydantic's own, which take a bare number for seconds.
Day = Annotated[date, BeforeValidator(_day)]
Hour = Annotated[
    time, BeforeValidator(_hour), PlainSerializer(lambda hour: hour.isoformat("minutes"), when_used="json")
]

Model = TypeVar("Model", bound=BaseModel)


def read(path: Path) -> dict[str, Any]:
    """Return what the TOML file says. Raises Fault when it is missing, unreadable or not TOML."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise Fault([f"{path} does not exist."]) from None
    except OSError as error:
        raise Fault([f"{path} cannot be read: {error.strerror}."]) from None
    except UnicodeDecodeError:
        raise Fault([f"{path.name} is not saved as UTF-8. Save it anew with the encoding UTF-8."]) from None
    except tomllib.TOMLDecodeError as error:
        raise Fault([_syntax(path.name, path.read_bytes().decode("utf-8-sig"), str(error))]) from None


def check(
    model: type[Model], said: Mapping[str, Any], file: str, context: Any = None
) -> tuple[Model | None, list[str]]:
    """Return the model and no sentence, or no model and a sentence for each mistake in what the file said."""
    try:
        return model.model_validate(said, context=context), []
    except ValidationError as error:
        return None, [f"{file}: {_sentence(model, said, detail)}" for detail in error.errors()]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return ' Did you mean "…"?' with the known word nearest to `word`, or all of them when none is near."""
    from rapidfuzz import fuzz, process, utils  # only here: a running bot does not carry what names mistakes in files

    near = process.extractOne(word, known, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=60)
    if near:
        return f' Did you mean "{near[0]}"?'
    return f" Known here: {', '.join(known)}."


def place(said: Mapping[str, Any], path: Sequence[str | int]) -> str:
    """Return the place of a key as one sees it in the file: `[reminders] evening`, `[[session]] "quba-1" date`."""
    head, *rest = path
    here = said.get(str(head))
    number = rest[0] if rest else None
    if isinstance(number, int):
        rest = rest[1:]
        entry = here[number] if isinstance(here, list) else None
        named = entry.get("id") if isinstance(entry, dict) else None
        shown = f"[[{head}]] " + (f'"{named}"' if named else f"number {number + 1}")
    elif isinstance(here, dict | list) or rest:
        shown = f"[{head}]"
    else:
        shown = str(head)
    return f"{shown} {'.'.join(map(str, rest))}".rstrip()


def _sentence(model: type[BaseModel], said: Mapping[str, Any], detail: ErrorDetails) -> str:
    path = [part for part in detail["loc"] if isinstance(part, int | str)]
    where = place(said, path)
    match detail["type"]:
        case "extra_forbidden":
            owner = _owner(model, path[:-1])
            return f"{where} is not known.{did_you_mean(str(path[-1]), _keys(owner))}"
        case "missing":
            return f"{where} is missing. It must be {_allowed(model, path)}."
        case "value_error" if not path or isinstance(path[-1], int):  # said by a model of itself
            return f"{where}: {detail['ctx']['error']}"
        case _:
            return f"{where}: found {_shown(detail['input'])}, but this must be {_allowed(model, path)}."


def _owner(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel]:
    for part in path:
        if isinstance(part, str):
            model = next(iter(_models(_field(model, part).annotation)), model)
    return model


def _field(model: type[BaseModel], key: str) -> Any:
    return next(field for name, field in model.model_fields.items() if (field.alias or name) == key)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _models(inner)]


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _allowed(model: type[BaseModel], path: Sequence[str | int]) -> str:
    *owners, key = [part for part in path if isinstance(part, str)]
    return _field(_owner(model, owners), key).description or "a section with keys of its own"


def _shown(found: Any) -> str:
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, str):
        return f'"{keys.TOKEN.sub(keys.MASK, found)[:60]}"'
    if isinstance(found, date | time):
        return found.isoformat()
    if isinstance(found, Mapping | list):
        return "a group of values"
    return str(found)


def _syntax(file: str, text: str, said: str) -> str:
    """Turn '… (at line 3, column 9)' of tomllib into a sentence that shows the line."""
    reason, _, where = said.rpartition(" (at ")
    lines = text.splitlines() or [""]
    number = len(lines) if "end of document" in where else int(where.split()[1].rstrip(","))
    line = keys.TOKEN.sub(keys.MASK, lines[min(number, len(lines)) - 1].strip())
    return (
        f"{file}, line {number}: this line cannot be understood: {line[:60]} ({reason})."
        ' Lines look like `key = "text"`, `key = 5` or `[section]`; quotes and brackets must be closed.'
    )
