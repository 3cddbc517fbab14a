"""Forms: as they are asked today, with the regions of the programme, and as they were when a sheet was opened."""

from collections.abc import Sequence
from functools import cache, lru_cache

from bot.desk import Desk
from forms import load
from forms.model import Choice, Form, Text
from storage import programme, sheets
from storage.database import Transaction
from storage.people import Person

KEPT = 64  # forms; a definition never changes, so what was read once stays true
_read: dict[str, Form] = {}

shipped = cache(load.shipped)


@cache
def moves(name: str) -> bool:
    """Tell whether open sheets of a form move on to the form as it is today; of one that is gone they do not."""
    return name in load.names() and shipped(name).open_sheets == "move"


async def by_hash(tx: Transaction, digest: str) -> Form:
    """Return the form that a sheet points to. Raises LookupError where no definition has that hash."""
    if digest not in _read:
        body = await sheets.definition(tx, digest)
        if len(_read) >= KEPT:
            _read.pop(next(iter(_read)))
        _read[digest] = load.from_json(body)
    return _read[digest]


async def current(desk: Desk, name: str, person: Person | None = None) -> tuple[str, Form]:
    """Return the form as it is asked today and the hash under which it is kept.

    Its regions are those in which one can register today; for who has completed her registration her own, too.
    """
    own = person.region if person and person.enrolled else None
    taking = {region.id for region in await programme.open_regions(desk.tx, desk.now, desk.today)} | {own}
    regions = [region.id for region in await programme.regions(desk.tx) if region.id in taking]
    key = (name, *regions)
    if (found := desk.tx.kept.get(key)) is None:
        found = desk.tx.kept[key] = await _with_words(desk, name, regions)
    return found


async def _with_words(desk: Desk, name: str, regions: Sequence[str]) -> tuple[str, Form]:
    """Return the form with these regions, in the words of the programme, and its hash; its definition is kept."""
    words = await programme.all_words(desk.tx)
    choices = tuple(Choice(region, Text(**words[f"region:{region}"]["name"])) for region in regions)
    organiser = words.get("programme", {}).get("organiser", {"az": ""})
    digest, form, body = _filled(name, choices, Text(**organiser), desk.config.privacy.keep_days)
    await sheets.put_definition(desk.tx, digest, name, body)
    return digest, form


def offered(language: str, question: str) -> list[tuple[str, str]]:
    """Return the choices of a question of the registration, in their order: each key, and how it is called."""
    asked = shipped("registration").question(question)
    return [(choice.key, choice.label.said(language)) for choice in (asked.choices if asked else ())]


def group(language: str, key: str) -> str:
    """Return how a group of the registration is called."""
    return dict(offered(language, "group")).get(key, key)


def age(language: str, key: str) -> str:
    """Return how an age band of the registration is called."""
    return dict(offered(language, "age")).get(key, key)


def purpose(language: str, key: str) -> str:
    """Return what a purpose of a consent is called: a permission, or the consent to take part."""
    asked = shipped("registration").question("consent")
    training = asked.label.said(language) if asked else key
    return dict(offered(language, "permissions")).get(key, training)


@lru_cache(maxsize=KEPT)
def _filled(name: str, regions: tuple[Choice, ...], organiser: Text, days: int) -> tuple[str, Form, str]:
    form = shipped(name).with_choices("regions", regions).with_values(organiser=organiser, days=str(days))
    return load.digest(form), form, load.to_json(form)
