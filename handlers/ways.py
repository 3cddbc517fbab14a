"""Ways on: buttons that stand under whatever the bot says, so that every answer leads somewhere."""

from bot.buttons import Button
from bot.desk import Desk
from storage.people import Person


def begin(desk: Desk, language: str, form: str = "registration") -> Button:
    """Return the button that begins a form, or goes on with it."""
    return Button(desk.plain(language, "way.begin"), f"b/{form}", style="primary")


def menu(desk: Desk, language: str) -> Button:
    """Return the button that shows the menu of who has completed her registration."""
    return Button(desk.plain(language, "way.menu"), "m/menu")


def onward(desk: Desk, person: Person) -> Button:
    """Return the button for what a person does next: the menu, or the registration."""
    return menu(desk, person.language) if person.enrolled else begin(desk, person.language)


def pass_on(desk: Desk, language: str, message: int) -> Button:
    """Return the button that passes a message of hers on to the organisers."""
    return Button(desk.plain(language, "way.pass_on"), f"q/{message}")
