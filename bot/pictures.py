"""Pictures that are made when they are sent, from a recipe: a link as a QR code."""

import asyncio
import io

from bot.api import Upload
from bot.texts import Texts
from storage.database import Database

QR = "qr"
DOT, MARGIN = 16, 4  # pixels of a dot, and dots around the code: it is found on a worn sheet of paper, too


def recipe(link: str) -> str:
    """Return the recipe of the QR code of a link."""
    return f"{QR}:{link}"


async def make(recipe: str, database: Database, texts: Texts, zone: str) -> Upload:
    """Make the picture of a recipe, a PNG; what it says is for everyone."""
    return Upload("photo", "istirak.png", await asyncio.to_thread(drawn, recipe.partition(":")[2]))


def drawn(link: str) -> bytes:
    """Return the QR code of a link, a PNG. A quarter of it may be covered or torn off."""
    import segno  # only here: few starts of the bot ever need it

    picture = io.BytesIO()
    segno.make(link, error="q", micro=False).save(picture, kind="png", scale=DOT, border=MARGIN)
    return picture.getvalue()
