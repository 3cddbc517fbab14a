"""A roster: an organiser sends a sheet of women, sees what it would change, and confirms it or not."""

import hashlib
from functools import partial
from typing import NamedTuple

from telegram import Update

from bot import buttons, fetcher, letters, mistakes, rights, roster, roster_list, table
from bot.buttons import Button
from bot.desk import Desk
from bot.roster import Change, Plan
from bot.routes import PASS
from bot.table import Unreadable
from bot.turn import Turn
from forms.model import Form
from handlers import definitions
from handlers.places import offer
from handlers.registration import FORM
from storage import audit, consents, fetches, outbox, places, reminders, roles, rosters
from storage.fetches import Fetch
from storage.outbox import Letter
from storage.places import Place
from storage.rosters import Roster, Shown

PURPOSE = "roster"
MOST_WAITING = 3  # files of one organiser that are being read
INLINE = 3  # mistakes that stand in the message itself
DAY = 86_400_000
MEGABYTE = 2**20


class Tried(Exception):
    """Undoes what was only tried."""


class Written(NamedTuple):
    """What was written of a roster."""

    new: list[int]
    moved: list[int]  # who is in another region now
    offers: list[Place]  # of places that were freed on the way


async def take(update: Update, turn: Turn) -> object:
    """Have the sent file fetched and read; a file that says of itself that it is too big is not fetched at all."""
    document = turn.message.document
    if document is None or turn.message.animation:
        return PASS
    if (document.file_size or 0) > fetcher.LARGEST:
        turn.say(fault(turn.desk, turn.language, Unreadable("big")))
    elif len(await fetches.waiting(turn.tx, turn.user)) >= MOST_WAITING:
        turn.say(turn.t("roster.busy"))
    else:
        where = (turn.user, turn.chat, turn.message.message_id)
        fetch = await fetches.ask(turn.tx, PURPOSE, document.file_id, *where, turn.now)
        if fetch:
            turn.desk.post(letters.text(turn.chat, turn.t("roster.reading"), key=fetches.key(fetch)))
    return None


async def read(content: bytes) -> tuple[str, str]:
    """Return the hash of a file and what stands in it. Raises Unreadable."""
    return hashlib.sha256(content).hexdigest(), await table.read(content)


async def tell(desk: Desk, fetch: Fetch, result: Unreadable | tuple[str, str]) -> None:
    """Show what the roster would change, or say why it cannot be read; nothing, if the right to it is gone."""
    if not rights.allows(await roles.of(desk.tx, fetch.user), rights.ROSTER):
        return
    try:
        if isinstance(result, Unreadable):
            raise result
        await show(desk, fetch.user, fetch.chat, fetch.language, *result)
    except Unreadable as reason:
        desk.post(letters.text(fetch.chat, fault(desk, fetch.language, reason)))


def fault(desk: Desk, language: str, reason: Unreadable) -> str:
    """Say why a file cannot be read, and what to do about it."""
    what = reason.what or fetcher.LARGEST // MEGABYTE  # what is said of size needs the bound
    return desk.t(language, f"roster.file.{reason.key}", what=what)


async def show(desk: Desk, user: int, chat: int, language: str, file: str, body: str, lead: str = "") -> None:
    """Keep the roster in hand and show, after what is said first, what it would change. Raises Unreadable."""
    digest, form = await definitions.current(desk, FORM)
    plan = await roster.look(desk.tx, body, form)
    shown = Shown(file, body, digest, plan.digest)
    number = await rosters.preview(desk.tx, user, chat, shown, desk.now)
    made = await rosters.by_id(desk.tx, number, user)
    assert made  # noqa: S101 - it was made one line above
    rows = []
    if plan.new or plan.changed:
        rows.append([_button(desk, made, "roster.apply", "apply", "success")])
    if rows or _has_list(plan):
        rows.append([_button(desk, made, "roster.drop", "drop")])
    html = "\n\n".join(part for part in (lead, await _preview(desk, made, form, plan)) if part)
    await _post(desk, made, letters.text(chat, html, buttons.inline(rows) if rows else None), _has_list(plan))


def _has_list(plan: Plan) -> bool:
    return bool(plan.wrong or plan.changed or plan.kept or plan.notices)


async def _preview(desk: Desk, made: Roster, form: Form, plan: Plan) -> str:
    """Return what the roster would change, as HTML: counts, the first mistakes, and what a press would mean."""
    held, waiting, moved = await _seats(desk, made, plan)
    wrong = len({each.row for each in plan.wrong})
    t = partial(desk.t, made.language)
    counts = [
        t("roster.rows", rows=plan.rows),
        t("roster.new", new=len(plan.new), held=held, waiting=waiting) if plan.new else "",
        t("roster.changed", changed=len(plan.changed)) if plan.changed else "",
        t("roster.moved", moved=moved) if moved else "",
        t("roster.same", same=plan.same) if plan.same else "",
        t("roster.kept", kept=len(plan.kept)) if plan.kept else "",
        t("roster.left_out", wrong=wrong) if wrong else "",
    ]
    parts = ["\n".join(line for line in counts if line)]
    lines = mistakes.lines(desk.texts, made.language, plan.wrong[:INLINE])
    if lines:
        parts.append("\n".join(lines))
    if len(plan.wrong) > INLINE or plan.changed or plan.kept or plan.notices:
        parts.append(desk.t(made.language, "roster.see_list"))
    parts.append(desk.t(made.language, "roster.confirm" if plan.new or plan.changed else "roster.nothing"))
    return "\n\n".join(parts)


async def _post(desk: Desk, made: Roster, preview: Letter, has_list: bool) -> None:
    """Send the preview, then the list if there is one; that names women, so it is deleted from the chat after a day."""
    caption, end = desk.t(made.language, "roster.list"), desk.now + DAY
    listed = letters.document(made.chat, roster_list.recipe(made), caption, key=made.list_key, useless_after=end)
    _, *row = await outbox.add(desk.tx, [preview, listed][: 1 + has_list], desk.now)
    if row and row[0]:
        desk.post(letters.delete(made.chat, 0, target=row[0], due=end))


async def _seats(desk: Desk, made: Roster, plan: Plan) -> tuple[int, int, int]:
    """Return how many of the new women would get a place, how many would wait, and how many a new region lets wait.

    By doing it, and undoing it.
    """
    found = (0, 0, 0)
    try:
        async with desk.tx.savepoint():
            done = await _write(desk, made, plan)
            held, waiting = await rosters.seated(desk.tx, done.new)
            found = held, waiting, (await rosters.seated(desk.tx, done.moved))[1]
            raise Tried
    except Tried:
        return found


async def press(update: Update, turn: Turn) -> None:
    """Apply or drop the roster of the pressed button, if it is the presser's and still in hand."""
    _, number, action = (*turn.words, "", "")[:3]
    known = int(number) if number.isdecimal() and len(number) < 19 else 0
    made = await rosters.by_id(turn.tx, known, turn.user)
    if made is None or made.state != "previewed" or action not in ACTIONS:
        turn.toast(turn.plain("roster.stale"), alert=True)
        turn.unbutton()
    else:
        turn.toast()
        await ACTIONS[action](turn, made)


async def apply(turn: Turn, made: Roster) -> None:
    """Do all that was shown, and nothing else; where that is not the same any more, show it anew."""
    _, form = await definitions.current(turn.desk, FORM)
    await outbox.cancel(turn.tx, made.list_key, turn.now)
    try:
        plan = await roster.look(turn.tx, made.body, form)
    except Unreadable as reason:  # the form asks for more than when the sheet was sent
        await rosters.settle(turn.tx, made.id, "dropped", turn.now)
        turn.edit(fault(turn.desk, turn.language, reason))
        return
    if plan.digest != made.plan:
        turn.unbutton()
        again = (made.hash, made.body, turn.t("roster.changed_meanwhile"))
        await show(turn.desk, turn.user, turn.chat, turn.language, *again)
        return
    done = await _write(turn.desk, made, plan)
    new, (held, waiting) = len(done.new), await rosters.seated(turn.tx, done.new)
    await rosters.settle(turn.tx, made.id, "applied", turn.now, new, len(plan.changed))
    await audit.write(turn.tx, turn.now, turn.user, "roster.applied", made.id, f"{new} {len(plan.changed)} on paper")
    turn.edit(turn.t("roster.applied", new=new, held=held, waiting=waiting, changed=len(plan.changed)))
    await offer(turn.desk, done.offers)


async def drop(turn: Turn, made: Roster) -> None:
    """Give the roster up."""
    await rosters.settle(turn.tx, made.id, "dropped", turn.now)
    await outbox.cancel(turn.tx, made.list_key, turn.now)
    turn.edit(turn.t("roster.dropped"))


ACTIONS = {"apply": apply, "drop": drop}


async def expire(desk: Desk) -> None:
    """Tick: forget what stands on rosters that nobody confirmed for a day."""
    await rosters.expire(desk.tx, desk.now - DAY, desk.now)


async def _write(desk: Desk, made: Roster, plan: Plan) -> Written:
    """Register the new women and bring the others up to date; each gets a place, or a number on the waiting list.

    Their consent is on paper: the organiser has said so with her press.
    """
    done = Written([], [], [])
    for entry in plan.new:
        language = entry.language or made.language
        person = await rosters.add(desk.tx, language, desk.now)
        record = (entry.name, entry.region, entry.group, entry.age, entry.phone, language)
        await rosters.write(desk.tx, person, *record, desk.now)
        await consents.give(desk.tx, person, consents.TRAINING, made.definition, desk.now)
        done.offers.extend(await places.ask(desk.tx, person, entry.region, entry.group, desk.now))
        done.new.append(person)
    for change in plan.changed:
        await _change(desk, change, done)
    return done


async def _change(desk: Desk, change: Change, done: Written) -> None:
    person, region, after = change.before.person, change.before.region, change.after
    record = (after.name, after.region, after.group, after.age, after.phone, after.language)
    await rosters.write(desk.tx, person, *record, desk.now)
    if after.region != region:
        await reminders.unplan(desk.tx, person, desk.now)
        done.offers.extend(await places.ask(desk.tx, person, after.region, after.group, desk.now))
        done.offers.extend(await places.fill(desk.tx, region, desk.now))
        done.moved.append(person)
    elif after.group != change.before.group:
        await places.regroup(desk.tx, person, after.group)


def _button(desk: Desk, made: Roster, key: str, action: str, style: str = "") -> Button:
    return Button(desk.plain(made.language, key), f"ro/{made.id}/{action}", style=style)
