"""The text that is passed on with a link, in any messenger: what it is, what to tap, what to do without Telegram."""

from html import escape

from bot.desk import Desk
from bot.texts import Markup
from storage import programme


async def text(desk: Desk, language: str, region: str, link: str) -> str:
    """Return the text for a region, or for all of them, as HTML."""
    of_all = await programme.words(desk.tx, "programme", language)
    where, numbers = await _regions(desk, language, region)
    parts = [desk.t(language, "door.text", programme=_bare(of_all.get("name", "")), where=where, link=_bare(link))]
    if numbers:
        parts.append(desk.t(language, "door.call", numbers=numbers))
    if organiser := of_all.get("organiser", ""):
        parts.append(desk.t(language, "door.organiser" if numbers else "door.come", organiser=_bare(organiser)))
    return "\n\n".join(parts)


async def _regions(desk: Desk, language: str, wanted: str) -> tuple[Markup, Markup]:
    """Return where the trainings are, and which numbers can be called; '' where there is none."""
    places, numbers = [], []
    for region in await programme.regions(desk.tx, closed=bool(wanted)):
        if wanted in ("", region.id):
            words = await programme.words(desk.tx, f"region:{region.id}", language)
            places.append(words.get("in", region.id))
            if region.contact:
                numbers.append(region.contact if wanted else f"{words.get('name', region.id)}: {region.contact}")
    return _bare(", ".join(places)), _bare(", ".join(numbers))


def _bare(words: str) -> Markup:
    """Return the programme's own words without the marks around people's: in other messengers these could be seen."""
    return Markup(escape(words, quote=False))
