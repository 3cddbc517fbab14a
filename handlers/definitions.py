"""Forms: as they are asked today, with the regions of the programme, and as they were when a sheet was opened."""

from functools import cache, lru_cache

from bot.desk import Desk
from forms import load
from forms.model import Choice, Form, Text
from storage import programme, sheets
from storage.database import Transaction

KEPT = 64  # forms; a definition never changes, so what was read once stays true
_read: dict[str, Form] = {}

shipped = cache(load.shipped)


async def by_hash(tx: Transaction, digest: str) -> Form:
    """Return the form that a sheet points to. Raises LookupError where no definition has that hash."""
    if digest not in _read:
        body = await sheets.definition(tx, digest)
        if len(_read) >= KEPT:
            _read.pop(next(iter(_read)))
        _read[digest] = load.from_json(body)
    return _read[digest]


async def current(desk: Desk, name: str) -> tuple[str, Form]:
    """Return the form as it is asked today and the hash under which it is kept."""
    regions = await programme.regions(desk.tx)
    words = await programme.all_words(desk.tx)
    choices = tuple(Choice(region.id, Text(**words[f"region:{region.id}"]["name"])) for region in regions)
    organiser = words.get("programme", {}).get("organiser", {"az": ""})
    digest, form, body = _filled(name, choices, Text(**organiser), desk.config.privacy.keep_days)
    await sheets.put_definition(desk.tx, digest, name, body)
    return digest, form


@lru_cache(maxsize=KEPT)
def _filled(name: str, regions: tuple[Choice, ...], organiser: Text, days: int) -> tuple[str, Form, str]:
    form = shipped(name).with_choices("regions", regions).with_values(organiser=organiser, days=str(days))
    return load.digest(form), form, load.to_json(form)
