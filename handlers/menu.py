"""The menu of who has completed her registration: everything the bot can do for her, one tap away."""

from telegram import Update

from bot.buttons import Button, Rows
from bot.turn import Turn
from handlers import (
    days,
    definitions,
    help,
    household,
    places,
    privacy,
    questions,
    recommendations,
    registration,
    settings,
    sheets,
    ways,
)
from storage.sheets import Sheet

ITEMS = (("days", "data"), ("recommend", "settings"), ("help", "privacy"), ("household",))
WAITING = (("data", "settings"), ("help", "privacy"), ("household",))  # of who has no place yet


async def screen(turn: Turn) -> tuple[str, Rows]:
    """Return the menu, under a button for each form that waits for her to go on; who waits sees her number there."""
    forms = [[await go_on(turn, sheet)] for sheet in await sheets.open_of(turn.tx, turn.person.id)]
    registered = turn.person.state == "registered"
    items = [
        [Button(turn.plain(f"menu.{name}"), f"m/{name}") for name in row] for row in (ITEMS if registered else WAITING)
    ]
    html = turn.t("menu.text", name=turn.person.name)
    if registered:
        return html, [*forms, *items]
    standing, answers = await places.mine(turn)
    return f"{standing}\n\n{html}", [*answers, *forms, *items]


async def go_on(turn: Turn, sheet: Sheet) -> Button:
    """Return the button that shows the open question of a sheet once more, with the form's title."""
    form = await definitions.by_hash(turn.tx, sheet.definition)
    return Button(f"▶ {form.title.said(turn.language)}", questions.data(sheet, "r", *sheet.asked))


async def press(update: Update, turn: Turn) -> None:
    """m/ITEM: show what was chosen; what is only shown stands in the place of the menu, with a way back."""
    item = turn.words[-1]
    if item not in PLACES and item not in DOORS:
        turn.toast(turn.plain("button.unknown"))
        return
    turn.toast()
    if item in DOORS:
        await DOORS[item](update, turn)
    elif turn.person.enrolled:
        html, rows = await PLACES[item](turn)
        turn.edit(html, rows if item == "menu" else [*rows, [ways.menu(turn.desk, turn.language)]])
    else:
        turn.say(turn.t("menu.later"), [[ways.begin(turn.desk, turn.language)]])


PLACES = {
    "menu": screen,
    "settings": settings.screen,
    "help": help.screen,
    "privacy": privacy.screen,
    "household": household.screen,
}
DOORS = {"days": days.show_days, "data": registration.change, "recommend": recommendations.recommend}
