"""Each command and each button × who says it × where: only the cells that have the right act (rows 2 and 12)."""

from telegram.ext import CommandHandler

from bot.routes import Route
from storage import notes, roles
from tests.bot import crew
from tests.bot.test_rights import BUTTONS, COMMANDS, PASSING, said
from tests.conftest import House
from tests.threats import doorway

MARK = "Nümunəli"  # in the name of every woman of these tests
PHONE = "+994507654321"
# Who there is: by what the bot knows her, and the role that counts. «Helper» is no role of this bot.
WHO: dict[str, tuple[str, str | None]] = {
    "stranger": ("", None),
    "participant": (f"Aygün {MARK}", None),
    "monitor": ("", "monitor"),
    "trainer": ("", "trainer"),
    "organiser": ("", "organiser"),
    "owner": ("", "owner"),
    "removed organiser": ("", None),
}
REMOVED = "removed organiser"
# Who may what, written down here, not taken from bot/rights.py.
FIGURES = {"/status", "refresh the figures"}
WORK = {
    "whom to call",
    "ask about an erasure",
    "erase who is gone",
    "messages in doubt",
    "decide a doubt",
    "/export",
    "export",
    "/note",
    "choose a note's region",
}
WORK |= {"a note's buttons", "a roster's buttons", "/invite", "make a link", "/team", "back to the team"}
WORK |= {"a waiting list", "choose who is given a place", "give a place", "give no place"}
WORK |= {"a link's buttons", "invite to the team", "consents on paper"}
WORK |= {"/register", "register for a woman", "a woman to call", "a new code", "possible doubles"}
WORK |= {"ask about a merge", "merge two records", "undo a merge", "two women"}
OWN = {"ask about a removal", "remove a role"}
MAY: dict[str | None, set[str]] = {
    None: set(),
    "monitor": FIGURES,
    "trainer": FIGURES,
    "organiser": FIGURES | WORK,
    "owner": FIGURES | WORK | OWN,
}
EVERYONE = {"/start", "/days", "/recommend", "/settings", "/privacy", "/help", "a form's buttons", "language", "begin"}
EVERYONE |= {"menu", "show a day", "say whether she comes", "settings", "privacy", "pass on to the organisers"}
EVERYONE |= {"another woman", "an offered place", "give up a place for a number", "stay in the region"}
OUTSIDE = {"group": doorway.GROUP, "anonymous": doorway.GROUP, "channel": doorway.CHANNEL}
VICTIM, FIRST = 700_001, 700_100
# What follows a button's verb so that it would have its effect; of the others the bare verb is enough.
ARGUMENTS = {
    "n/to": "all",
    "n": "{note}/send",
    "r/invite": "monitor",
    "d": "to/all",
    "r/remove": str(VICTIM),
    "r/sure": str(VICTIM),
    "o/doubt": "again/9",
    "o/list": "lankaran",
}
SHOWN = "i/[a-z0-9-]+/show"  # the one button whose pattern is no plain word
EFFECTS = (
    "SELECT (SELECT count(*) FROM audit), (SELECT group_concat(user || role) FROM roles),"
    " (SELECT count(*) FROM invites), (SELECT group_concat(state) FROM notes), (SELECT count(*) FROM inquiries),"
    " (SELECT count(*) FROM doors),"
    " (SELECT count(*) FROM erasures), (SELECT count(*) FROM sheets), (SELECT count(*) FROM intents),"
    " (SELECT count(*) FROM overrides), (SELECT group_concat(state) FROM places),"
    " (SELECT group_concat(state || language) FROM people), (SELECT count(*) FROM outbox WHERE document <> '')"
)


async def cast(house: House) -> dict[str, int]:
    """Everybody who tries, another owner, a team member who may be removed, and a woman who is to be called."""
    await doorway.shut(house)
    await doorway.somebody(house, VICTIM, f"Lalə {MARK}", "monitor")
    await doorway.somebody(house, VICTIM + 1, "", "owner")
    called = await doorway.somebody(house, VICTIM + 2, f"Sevda {MARK}", phone=PHONE)
    async with house.database.transaction() as tx:
        await tx.run("UPDATE chats SET state = 'blocked' WHERE id = ?", (VICTIM + 2,))
        assert called
    users = {}
    for number, (name, (known_as, role)) in enumerate(WHO.items(), start=FIRST):
        await doorway.somebody(house, number, known_as, "organiser" if name == REMOVED else role or "")
        users[name] = number
    async with house.database.transaction() as tx:
        assert await roles.remove(tx, users[REMOVED], house.clock.now()) == "organiser"
    return users


async def note_of(house: House, user: int) -> int:
    """A note that the user has written and could send now."""
    async with house.database.transaction() as tx:
        note = await notes.begin(tx, notes.EVERYWHERE, user, user, house.clock.now())
        await notes.write(tx, note, f"Salam, {MARK}", house.clock.now())
    return note


def reached_by(house: House, route: Route, user: int, note: int, chat: doorway.Json | None = None) -> doorway.Json:
    """The update by which a route of a command or a button is reached."""
    words = said(route)
    if isinstance(route.handler, CommandHandler):
        return doorway.written(house, user, words)
    data = "i/lankaran-1/show" if words == SHOWN else words
    argument = ARGUMENTS.get(words, "").format(note=note)
    return doorway.pressed(house, user, f"{data}/{argument}".rstrip("/"), chat=chat)


async def test_in_private_a_route_is_reached_by_those_only_who_have_its_right(house: House) -> None:
    users = await cast(house)
    # What /cancel cancels depends on what is in hand; everyone may do that.
    tried = [route for route in [*COMMANDS, *BUTTONS] if route.name not in {"/cancel", *PASSING}]
    for who, (_, role) in WHO.items():
        for route in tried:
            note, before = await note_of(house, users[who]), await crew.rows(house, EFFECTS)
            letters = await doorway.come_in(house, reached_by(house, route, users[who], note))
            turn = house.app.dispatcher.turn
            assert turn
            cell = f"{who}: {route.name} was taken by {turn.route}"
            allowed = route.name in EVERYONE | MAY[role]
            assert (turn.route == route.name) == allowed, cell
            if not allowed:
                assert await crew.rows(house, EFFECTS) == before, cell
                assert not [letter for letter in letters if PHONE in str(letter) or "Sevda" in str(letter)], cell
            async with house.database.transaction() as tx:  # who was removed can be removed again
                await tx.run("INSERT OR IGNORE INTO roles (user, role, given_at) VALUES (?, 'monitor', 0)", (VICTIM,))
    assert {route.name for route in tried} == EVERYONE | MAY["owner"], "for each route it is written down who may"
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []


async def test_outside_a_private_chat_nothing_acts_for_anybody_and_nothing_personal_is_said(house: House) -> None:
    users = await cast(house)
    for user in users.values():
        await note_of(house, user)
    before, said_there = await crew.rows(house, EFFECTS), list[doorway.Said]()
    for where, chat in OUTSIDE.items():
        for user in users.values():
            for route in [*COMMANDS, *BUTTONS]:
                if isinstance(route.handler, CommandHandler):
                    updates = [*doorway.elsewhere(house, user, said(route), where)]
                else:
                    updates = [reached_by(house, route, user, 1, chat)]
                said_there += await doorway.come_in(house, *updates)
    assert await crew.rows(house, EFFECTS) == before
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
    assert {chat for chat, _, _ in said_there} <= {doorway.GROUP["id"], doorway.CHANNEL["id"]}
    assert {method for _, method, _ in said_there} <= {"sendMessage", "leaveChat"}
    texts = {parameters for _, method, parameters in said_there if method == "sendMessage"}
    assert len(texts) == 1, "one public sentence, whatever was asked and by whom"
    assert not [mark for mark in (MARK, PHONE) if mark in str(texts)]
