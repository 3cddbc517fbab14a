"""The first message, in Azerbaijani with the three languages under it, and what /start means later."""

from telegram import Update

from bot import letters, texts
from bot.buttons import Rows
from bot.texts import Markup
from bot.turn import Turn
from handlers import doors, household, menu, recommendations, registration, settings, sheets, ways
from storage import people, programme

# The forms that a person begins herself.
BEGINNINGS = {"registration": registration.begin, "recommendation": recommendations.begin}


async def start(update: Update, turn: Turn) -> None:
    """/start: the menu for who is registered, or waits; the open question for who has begun; else the greeting."""
    await doors.enter(turn)
    if turn.visit.shared and not turn.person.enrolled:  # who is registered has that in the menu
        turn.say(*await household.screen(turn))
    await go_on(turn)


async def go_on(turn: Turn) -> None:
    """Show what she does next: the menu, the open question, or the greeting."""
    if turn.person.enrolled:
        turn.say(*await menu.screen(turn))
        return
    opened = await sheets.open_of(turn.tx, turn.person.id)
    if opened:
        await sheets.resume(turn.desk, turn.person, turn.chat, opened[0])
    else:
        await greet(turn)


async def greet(turn: Turn) -> None:
    """Say salam: what this is, in which languages it speaks, and one button to begin."""
    user = turn.incoming.effective_user
    # Until she has chosen a language, the one of her phone is no more than a suggestion.
    chose = turn.visit.greeted or turn.language != texts.FALLBACK
    turn.say(*await greeting(turn, turn.language, turn.language if chose else (user and user.language_code) or ""))
    await people.greet(turn.tx, turn.chat)


async def greeting(turn: Turn, language: str, marked: str) -> tuple[str, Rows]:
    """Return the greeting in a language, with a mark on the button of this or of another one."""
    words = await programme.words(turn.tx, "programme", language)
    name, funders = words.get("name", ""), words.get("funders", "")
    if closed := Markup(await registration.closing(turn.desk, language)):
        html = turn.desk.t(language, "start.closed", programme=name, closed=closed, funders=funders)
        return html, settings.languages("l", marked)
    html = turn.desk.t(language, "start.greeting", programme=name, funders=funders)
    return html, [*settings.languages("l", marked), [ways.begin(turn.desk, language)]]


async def speak(update: Update, turn: Turn) -> None:
    """l/LANGUAGE: speak that language from now on, in the greeting too."""
    language = turn.words[-1]
    if language not in texts.LANGUAGES:
        turn.toast(turn.plain("button.unknown"))
        return
    turn.toast()
    await people.set_language(turn.tx, turn.person.id, turn.chat, language)
    turn.edit(*await greeting(turn, language, language))


async def begin(update: Update, turn: Turn) -> None:
    """b/FORM: ask the first question of the form, or go on with it."""
    form = turn.words[-1]
    if form not in BEGINNINGS:
        turn.toast(turn.plain("button.unknown"))
        return
    turn.toast()
    turn.unbutton(priority=letters.MARK)
    await BEGINNINGS[form](turn)
