"""What is said when the waiting list of a region has ended: whom she can turn to, and where else there is room."""

from babel.lists import format_list

from bot.desk import Desk
from bot.texts import LOCALES
from forms import phones
from handlers import timetable
from storage import programme


async def of_region(desk: Desk, language: str, id: str) -> str:
    """Return what those hear whose turn did not come, as HTML."""
    region = await programme.region(desk.tx, id)
    open_ = [each.id for each in await programme.open_regions(desk.tx, desk.now, desk.today) if each.id != id]
    here, *others = [await timetable.named(desk.tx, language, each) for each in (id, *open_)]
    parts = [desk.t(language, "place.over", place=here)]
    if region and region.contact:
        parts.append(desk.t(language, "place.over.call", phone=phones.shown(region.contact)))
    else:
        parts.append(desk.t(language, "place.over.write"))
    if others:
        parts.append(desk.t(language, "place.over.elsewhere", places=format_list(others, locale=LOCALES[language])))
    return "\n\n".join(parts)
