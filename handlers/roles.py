"""Who may do what: links that give a role, the team, and taking a role away."""

from telegram import Update

from bot import letters, profile, rights
from bot.buttons import Button
from bot.texts import Markup
from bot.turn import Turn
from forms import cleaning
from storage import audit, notes, people, roles

LINK = "r_"  # how the payload of a link that gives a role begins
LONGEST_NAME = 60


async def accept(update: Update, turn: Turn) -> None:
    """Give the role of a one-time link. Why a link is not good any more is nobody's business."""
    code = (turn.message.text or "").partition(LINK)[2].strip()
    role = await roles.accept(turn.tx, code, turn.user, turn.now)
    if role is None:
        turn.say(turn.t("roles.no_link"))
        return
    name = cleaning.cleaned(update.effective_user.full_name if update.effective_user else "")[:LONGEST_NAME]
    await roles.name(turn.tx, turn.person.id, name)
    await people.greet(turn.tx, turn.chat)
    await audit.write(turn.tx, turn.now, turn.user, "role.accepted", turn.user, role)
    turn.desk.post(profile.letter_for_role(turn.desk.texts, turn.user, role, turn.language))
    turn.say(turn.t("roles.welcome", role=turn.t(f"role.{role}")))
    await _tell_inviter(turn, name, role)


async def _tell_inviter(turn: Turn, name: str, role: str) -> None:
    giver = await roles.given_by(turn.tx, turn.user)
    for member in await roles.team(turn.tx):
        if member.user == giver:
            role_name = turn.desk.t(member.language, f"role.{role}")
            html = turn.desk.t(member.language, "roles.accepted", name=turn.person.name or name, role=role_name)
            turn.desk.post(letters.text(member.user, html))


async def invite(update: Update, turn: Turn) -> None:
    """Show the roles that may be given by who asks."""
    turn.toast()
    offered = rights.INVITES[turn.role]
    rows = [[Button(turn.plain(f"role.{role}"), f"r/invite/{role}")] for role in offered]
    turn.edit(turn.t("roles.invite"), [*rows, [Button(turn.plain("sheet.back"), "r/team")]])


async def make_link(update: Update, turn: Turn) -> None:
    """Show a fresh link for the chosen role, to be passed on."""
    turn.toast()
    role = turn.words[-1]
    if role not in rights.INVITES[turn.role]:
        return
    code = await roles.invite(turn.tx, role, turn.user, turn.now)
    await audit.write(turn.tx, turn.now, turn.user, "role.invited", "", role)
    link = f"https://t.me/{turn.bot.username}?start={LINK}{code}"
    back = Button(turn.plain("sheet.back"), "r/team")
    turn.edit(turn.t("roles.link", role=turn.t(f"role.{role}"), link=Markup(link)), [[back]])


async def show_team(update: Update, turn: Turn) -> None:
    """Show who has which role; owners may take it away."""
    turn.say(*await _team(turn))


async def ask_removal(update: Update, turn: Turn) -> None:
    """Ask once more before a role is taken away."""
    turn.toast()
    user = _number(turn.words[-1])
    member = next((member for member in await roles.team(turn.tx) if member.user == user), None)
    if member is None:
        turn.edit(*await _team(turn))
        return
    turn.edit(
        turn.t("roles.sure", name=_name(member), role=turn.t(f"role.{member.role}")),
        [
            [Button(turn.plain("roles.yes"), f"r/sure/{user}", style="danger")],
            [Button(turn.plain("roles.no"), "r/team")],
        ],
    )


async def remove(update: Update, turn: Turn) -> None:
    """Take the role away at once, with what was still to leave because of it: for that chat, and its notes."""
    user = _number(turn.words[-1])
    role = await roles.remove(turn.tx, user, turn.now)
    if role:
        await audit.write(turn.tx, turn.now, turn.user, "role.removed", user, role)
        for note in await notes.stop_all(turn.tx, user, turn.now):
            await audit.write(turn.tx, turn.now, turn.user, "note.stopped", note.region or "all")
        turn.desk.post(profile.letter_for_role(turn.desk.texts, user, None, turn.language))
        turn.toast(turn.plain("roles.removed"))
    else:
        turn.toast(turn.plain("roles.kept"), alert=True)
    turn.edit(*await _team(turn))


async def team_again(update: Update, turn: Turn) -> None:
    """Go back from the question to the team."""
    turn.toast()
    turn.edit(*await _team(turn))


async def _team(turn: Turn) -> tuple[str, list[list[Button]]]:
    members = await roles.team(turn.tx)
    lines = [turn.t("roles.member", name=_name(member), role=turn.t(f"role.{member.role}")) for member in members]
    mark = turn.plain("roles.remove")
    removable = members if rights.allows(turn.role, rights.OWN) and len(members) > 1 else []
    rows = [[Button(f"{mark} {_name(member)}"[:28], f"r/remove/{member.user}")] for member in removable]
    return "\n".join([turn.t("roles.team"), *lines]), [*rows, [Button(turn.plain("roles.begin"), "r/roles")]]


def _name(member: roles.Member) -> str:
    return member.name or f"№ {member.user}"


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 19 else 0
