"""The table of contents: every route in the order tried, what happens with each form that is sent, and the ticks.

A route that passes (`routes.PASS`) lets the next one try. For somebody without a route's right the route is not there.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from telegram.ext import filters

from bot import retention, upkeep
from bot.desk import Desk
from bot.fetcher import Use
from bot.rights import EXPORT, FIGURES, INVITE, OWN, REPLY, ROSTER, TALK, WRITE
from bot.routes import Route, any_button, anything, button, command, member_change, message
from forms import codes
from handlers import (
    absence,
    answers,
    calls,
    claims,
    days,
    doors,
    doubles,
    doubts,
    export,
    groups,
    help,
    helping,
    household,
    inquiries,
    membership,
    menu,
    moments,
    notes,
    nudges,
    paper,
    places,
    privacy,
    recommendations,
    registration,
    roles,
    roster,
    settings,
    start,
    status,
    strangers,
    surveys,
    waiting,
)
from storage.people import Person
from storage.sheets import Sheet

# In each of these what is seldom true stands first: it is asked about every message.
PRIVATE = filters.ChatType.PRIVATE
# A text or a contact is no status update: so its forty filters are not asked about these.
OF_HERS = filters.UpdateType.MESSAGE & (filters.TEXT | filters.CONTACT | ~filters.StatusUpdate.ALL)
WRITTEN = PRIVATE & OF_HERS & ~filters.COMMAND
EDITED = filters.UpdateType.EDITED_MESSAGE & PRIVATE
SENT = PRIVATE & OF_HERS

ROUTES: Sequence[Route] = [
    anything("reachable again", TALK, membership.back),
    member_change("blocked or added", TALK, membership.member),
    anything("outside private chats", TALK, groups.outside),
    message("open a claim", TALK, filters.Regex(rf"^/start {claims.LINK}") & SENT, claims.open_link),
    # organisers, trainers, monitors
    message("accept a role", TALK, filters.Regex(rf"^/start {roles.LINK}") & SENT, roles.accept),
    command("status", FIGURES, status.show),
    button("refresh the figures", FIGURES, "o/status", status.refresh),
    button("whom to call", EXPORT, "o/calls", calls.show),
    button("a woman to call", EXPORT, "o/call", calls.show_one),
    button("a new code", WRITE, "o/code", calls.give_code),
    button("ask about an erasure", EXPORT, "o/erase", calls.ask_erasure),
    button("erase who is gone", EXPORT, "o/erasing", calls.erase),
    button("a waiting list", EXPORT, "o/list", waiting.show),
    button("choose who is given a place", WRITE, "o/give", waiting.begin),
    button("give a place", WRITE, "o/giving", waiting.give),
    button("give no place", WRITE, "o/nogive", waiting.press_drop),
    button("possible doubles", EXPORT, "o/doubles", doubles.show),
    button("ask about a merge", WRITE, "o/same", doubles.ask),
    button("merge two records", WRITE, "o/merge", doubles.merge),
    button("undo a merge", WRITE, "o/undo", doubles.undo),
    button("two women", WRITE, "o/two", doubles.part),
    button("messages in doubt", WRITE, "o/doubts", doubts.show),
    button("decide a doubt", WRITE, "o/doubt", doubts.decide),
    button("consents on paper", WRITE, "o/paper", paper.send),
    command("export", EXPORT, export.export),
    button("export", EXPORT, "o/export", export.press),
    command("note", WRITE, notes.choose_region),
    button("choose a note's region", WRITE, "n/to", notes.begin),
    button("a note's buttons", WRITE, "n", notes.press),
    button("a roster's buttons", ROSTER, "ro", roster.press),
    command("register", WRITE, helping.ask),
    button("register for a woman", WRITE, "g", helping.press),
    command("invite", WRITE, doors.invite),
    button("a link's buttons", WRITE, "d", doors.press),
    command("team", INVITE, roles.show_team),
    button("invite to the team", INVITE, "r/roles", roles.invite),
    button("make a link", INVITE, "r/invite", roles.make_link),
    button("back to the team", INVITE, "r/team", roles.team_again),
    button("ask about a removal", OWN, "r/remove", roles.ask_removal),
    button("remove a role", OWN, "r/sure", roles.remove),
    # everyone
    command("start", TALK, start.start),
    command("days", TALK, days.show_days),
    command("recommend", TALK, recommendations.recommend),
    command("settings", TALK, settings.settings),
    command("privacy", TALK, privacy.privacy),
    command("help", TALK, help.show_help),
    command("cancel", WRITE, notes.cancel, "drop a note"),
    command("cancel", WRITE, waiting.cancel, "give no place after all"),
    command("cancel", WRITE, doors.cancel, "make no link after all"),
    command("cancel", TALK, helping.cancel, "give up a registration for a woman"),
    command("cancel", TALK, answers.cancel),
    button("a form's buttons", TALK, "f", answers.press),
    button("language", TALK, "l", start.speak),
    button("begin", TALK, "b", start.begin),
    button("menu", TALK, "m", menu.press),
    button("show a day", TALK, "i/[a-z0-9-]+/show", days.show_day),
    button("say whether she comes", TALK, "i", days.answer),
    button("settings", TALK, "s", settings.speak),
    button("privacy", TALK, "p", privacy.press),
    button("another woman", TALK, "h", household.press),
    button("give up a place for a number", TALK, "w/move", places.move),
    button("stay in the region", TALK, "w/stay", places.stay),
    button("an offered place", TALK, "w", places.press),
    button("pass on to the organisers", TALK, "q", inquiries.pass_on),
    # what is written without a command: the first that it can be meant for takes it
    message("edited", TALK, EDITED, answers.amend),
    message("answer an inquiry", REPLY, filters.REPLY & WRITTEN, inquiries.answer),
    message("a roster", ROSTER, filters.Document.ALL & WRITTEN, roster.take),
    message("why a place is given", WRITE, WRITTEN, waiting.take_reason),
    message("a note's text", WRITE, WRITTEN, notes.take_text),
    message("a link's partner", WRITE, WRITTEN, doors.take_partner),
    message("a code", TALK, filters.Regex(codes.A_DIGIT) & WRITTEN, claims.hear),
    message("an answer", TALK, WRITTEN, answers.hear),
    message("not understood", TALK, SENT, strangers.answer),
    any_button("unknown button", TALK, strangers.press),
]

# What is done when a sheet of a form was sent. Of the others the sheet itself is all: reports read it.
SUBMITTED: Mapping[str, Callable[[Desk, Person, Sheet], Awaitable[None]]] = {
    "registration": registration.complete,
}

# What is done with the files that people sent, by their purpose (bot/fetcher.py).
FETCHED: Mapping[str, Use] = {roster.PURPOSE: Use(roster.read, roster.tell)}

# At start, before anything else, in this order: what the time without us would have cost.
STARTS: tuple[Callable[[Desk], Awaitable[None]], ...] = (absence.make_good, upkeep.look_back)

# What the clock asks for, each in a transaction of its own; the tables decide what is due. True: there is more to do.
TICKS: Sequence[Callable[[Desk], Awaitable[bool | None]]] = [
    days.remind,
    surveys.open_due,
    surveys.close_due,
    notes.show_progress,
    places.tend,
    nudges.nudge,
    household.tend,
    roster.expire,
    upkeep.keep,
    retention.retire,
]

# When something will happen by itself next; for the sandbox's time travel.
next_moment = moments.upcoming
