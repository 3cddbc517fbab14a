"""Claiming: a woman writes her code, or opens its link, and the record that was made for her is hers in this chat."""

from telegram import Update

from bot.routes import PASS
from bot.turn import Turn
from forms import codes
from handlers import household, places, questions, sheets, start, ways
from storage import claims, people
from storage import places as stored
from storage.claims import Claim

LINK = "c_"  # how the payload of a link with a code begins
HOUR = 3_600_000
MOST_AN_HOUR = 5  # wrong codes of one chat


async def open_link(update: Update, turn: Turn) -> None:
    """/start c_CODE: what the link of a printed code leads to."""
    code = codes.written((turn.message.text or "").partition(LINK)[2].strip())
    await people.greet(turn.tx, turn.chat)
    if refusal := await try_code(turn, code):
        await refuse(turn, refusal)


async def hear(update: Update, turn: Turn) -> object:
    """Take a message that is a code; what is none, or may be an answer to an open question, passes."""
    code = codes.written(turn.message.text or "")
    if code is None:
        return PASS
    refusal = await try_code(turn, code)
    if refusal in ("claim.wrong", "claim.enough") and await sheets.open_of(turn.tx, turn.person.id):
        return PASS
    if refusal:
        await refuse(turn, refusal)
    return None


async def try_code(turn: Turn, code: str | None) -> str:
    """Make the record of the code that of the woman who is here; return the text that says why not, '' if it is done.

    What is wrong counts, whatever is wrong with it: so nobody finds a code by trying.
    """
    if await claims.guesses(turn.tx, turn.chat, turn.now - HOUR) >= MOST_AN_HOUR:
        return "claim.enough"
    claim = await claims.by_code(turn.tx, code) if code else None
    if claim is None:
        await claims.guess(turn.tx, turn.chat, turn.now)
        return "claim.wrong"
    if await household.become(turn, claim.person):
        await start.go_on(turn)
        return ""
    if claim.used_at or claim.expires_at <= turn.now:
        await claims.guess(turn.tx, turn.chat, turn.now)
        return "claim.used" if claim.used_at else "claim.expired"
    return await take(turn, claim)


async def take(turn: Turn, claim: Claim) -> str:
    """Give her the record, and tell her where she stands; return the text that says why not, '' if it is done."""
    language = turn.language if turn.visit.greeted else ""
    if not await claims.take(turn.tx, claim, turn.chat, turn.now):
        return "household.full"
    if language:
        await people.set_language(turn.tx, claim.person, turn.chat, language)
    await people.greet(turn.tx, turn.chat)
    await turn.look_around()
    place = await stored.of(turn.tx, claim.person)
    html, rows = await places.standing(turn.desk, turn.language, place) if place else ("", [])
    welcome = turn.t("claim.yours", name=turn.person.name)
    turn.say(questions.paragraphs(welcome, html), [*rows, [ways.onward(turn.desk, turn.person)]])
    return ""


async def refuse(turn: Turn, key: str) -> None:
    """Say why a code did not open anything, with a way on."""
    turn.say(turn.t(key), [[await sheets.onward(turn)]])
