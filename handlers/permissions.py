"""What a woman allows beside taking part: shown in /privacy, each taken back by itself, and the organisers told."""

import secrets
from collections.abc import Sequence

from bot import letters
from bot.buttons import Button, Rows
from bot.desk import Desk
from bot.turn import Turn
from handlers import definitions, inquiries, ways
from storage import consents, roles, sheets
from storage.people import Person

QUESTION = "permissions"  # of the registration; its choices are the purposes
# What follows, said before she takes one back, and after it.
BEFORE = {
    "photos": "permissions.photos",
    "quotes": "permissions.quotes",
    "contact": "permissions.contact",
    "transfer": "permissions.transfer",
}
AFTER = {
    "photos": "permissions.photos.ended",
    "quotes": "permissions.quotes.ended",
    "contact": "permissions.contact.ended",
    "transfer": "permissions.transfer.ended",
}


async def show(turn: Turn) -> None:
    """Show what she allows, with a button to take back each."""
    turn.edit(*await _screen(turn))


async def _screen(turn: Turn) -> tuple[str, Rows]:
    allowed = await consents.allowed(turn.tx, turn.person.id)
    names = dict(definitions.offered(turn.language, QUESTION))
    lines = [f"{'✓' if purpose in allowed else '–'} {names.get(purpose, purpose)}" for purpose in consents.PERMISSIONS]
    html = turn.t("permissions.some" if allowed else "permissions.none")
    rows = [[_button(turn, f"✕ {names.get(purpose, purpose)}", "revoke", purpose)] for purpose in allowed]
    return "\n\n".join([html, "\n".join(lines)]), [
        *rows,
        [Button(turn.plain("menu.data"), "m/data")],
        [ways.menu(turn.desk, turn.language)],
    ]


async def ask(turn: Turn) -> None:
    """p/revoke/PERSON/PURPOSE: say what follows from taking it back, and ask once more."""
    purpose = turn.words[-1]
    if purpose not in await consents.allowed(turn.tx, turn.person.id):
        await show(turn)
        return
    yes = _button(turn, turn.plain("privacy.left.button"), "revoked", purpose)
    no = _button(turn, turn.plain("privacy.keep.button"), "permissions")
    turn.edit(turn.t(BEFORE[purpose]), [[yes], [no]])


async def revoke(turn: Turn) -> None:
    """p/revoked/PERSON/PURPOSE: take it back; a card of her data that is open asks for all of them anew."""
    purpose = turn.words[-1]
    if purpose not in consents.PERMISSIONS or not await consents.withdraw(turn.tx, turn.person.id, purpose, turn.now):
        await show(turn)
        return
    await sheets.forget(turn.tx, turn.person.id, "registration", QUESTION)
    await tell(turn.desk, turn.person, [purpose])
    turn.edit(turn.t(AFTER[purpose]), [[_button(turn, turn.plain("privacy.permissions.button"), "permissions")]])


async def tell(desk: Desk, person: Person, ended: Sequence[str]) -> None:
    """Tell the organisers which permissions she has taken back: what has to be done about them, people do."""
    for member in await roles.team(desk.tx, inquiries.ANSWERING) if ended else []:
        names = dict(definitions.offered(member.language, QUESTION))
        what = ", ".join(names.get(purpose, purpose) for purpose in ended)
        html = desk.t(member.language, "permissions.told", name=person.name, what=what)
        # The key says nothing of her: it stays when she is erased.
        desk.post(letters.text(member.user, html, key=f"revoked:{secrets.token_hex(8)}", silent=True))


def _button(turn: Turn, label: str, action: str, *purpose: str) -> Button:
    return Button(label, "/".join(["p", action, str(turn.person.id), *purpose]))
