"""A note to the women of a region: choose, write, look it over, send, watch it leave, stop it."""

from collections.abc import Iterable

from telegram import Update

from bot import buttons, letters, rights
from bot.buttons import Button
from bot.desk import Desk
from bot.routes import PASS
from bot.turn import Turn
from forms import cleaning
from handlers import status
from storage import audit, doors, notes, outbox, overrides, programme, reports, roles
from storage.notes import Note, Recipient

LONGEST = 3000  # UTF-16 units: with our first line a note stays below Telegram's 4096
PACE = 3000  # ms between two changes of the progress
ALL = "all"  # every region, in the data of a button
ON_THE_WAY = {"planned", "sending"}


async def choose_region(update: Update, turn: Turn) -> None:
    """Ask for whom the note is."""
    names = await reports.region_names(turn.tx, turn.language)
    regions = await programme.regions(turn.tx)
    rows = [[Button(names.get(region.id, region.id)[:28], f"n/to/{region.id}")] for region in regions]
    turn.say(turn.t("note.choose"), [*rows, [_button(turn, "note.all", f"n/to/{ALL}")]])


async def begin(update: Update, turn: Turn) -> None:
    """Ask for the text of a note to the chosen region."""
    turn.toast()
    chosen = turn.words[-1]
    if chosen != ALL and await programme.region(turn.tx, chosen) is None:
        return
    region = notes.EVERYWHERE if chosen == ALL else chosen
    await overrides.drop(turn.tx, turn.user)  # one text at a time is awaited
    await doors.drop(turn.tx, turn.user)
    note = await notes.begin(turn.tx, region, turn.user, turn.chat, turn.now)
    turn.edit(turn.t("note.write", where=await _where(turn, region)), _drop(turn, note))


async def take_text(update: Update, turn: Turn) -> object:
    """Take the next message as the text of the note in hand."""
    note = await notes.in_hand(turn.tx, turn.user)
    if note is None or note.state != "writing":
        return PASS
    text = cleaning.cleaned(turn.message.text or "", multiline=True)
    if not text:
        turn.say(turn.t("note.only_text"), _drop(turn, note.id))
    elif units(text) > LONGEST:
        turn.say(turn.t("note.too_long", length=units(text), maximum=LONGEST), _drop(turn, note.id))
    else:
        await notes.write(turn.tx, note.id, text, turn.now)
        await _preview(turn, note, text)
    return None


async def _preview(turn: Turn, note: Note, text: str) -> None:
    """Show the note as the women will see it, then how many they are, and what can be done with it."""
    women = await notes.recipients(turn.tx, note.region)
    reached = sum(woman.chat is not None for woman in women)
    rows = [[_button(turn, "note.send", f"n/{note.id}/send", "success")]] if reached else []
    rows += [[_button(turn, "note.change", f"n/{note.id}/change")], *_drop(turn, note.id)]
    turn.say(turn.t("note.letter", text=text))
    where = await _where(turn, note.region)
    turn.say(turn.t("note.preview", where=where, reached=reached, unreached=len(women) - reached), rows)


async def press(update: Update, turn: Turn) -> None:
    """Send, change, drop or stop the note of the pressed button, if it is the presser's and still at that point."""
    _, number, action = (*turn.words, "", "")[:3]
    known = int(number) if number.isdecimal() and len(number) < 19 else 0
    note = await notes.by_id(turn.tx, known, turn.user)
    done = note is not None and action in ACTIONS and await ACTIONS[action](turn, note)
    turn.toast("" if done else turn.plain("note.stale"))


async def send(turn: Turn, note: Note) -> bool:
    """Mean a letter for each chat, and one that shows how many have left; True for the first press only."""
    if not await notes.move(turn.tx, note.id, "preview", "sending", turn.now):
        return False
    women = by_chat(await notes.recipients(turn.tx, note.region))
    for chat, woman in women.items():
        html = turn.desk.t(woman.language, "note.letter", text=note.text)
        turn.desk.post(letters.text(chat, html, key=f"{note.prefix}{chat}", priority=2, person=woman.person))
    turn.unbutton()
    turn.desk.post(progress(turn.desk, note, 0, len(women)))
    await audit.write(turn.tx, turn.now, turn.user, "note.sent", note.region or ALL, len(women))
    return True


async def change(turn: Turn, note: Note) -> bool:
    """Ask for the text again."""
    if not await notes.move(turn.tx, note.id, "preview", "writing", turn.now):
        return False
    turn.unbutton()
    turn.say(turn.t("note.write", where=await _where(turn, note.region)), _drop(turn, note.id))
    return True


async def drop(turn: Turn, note: Note) -> bool:
    """Give the note up."""
    if note.state not in ("writing", "preview"):
        return False
    await notes.move(turn.tx, note.id, note.state, "dropped", turn.now)
    turn.edit(turn.t("note.dropped"))
    return True


async def stop(turn: Turn, note: Note) -> bool:
    """Stop what has not left, and say how many had."""
    if not await notes.move(turn.tx, note.id, "sending", "stopped", turn.now):
        return False
    stopped = await outbox.cancel(turn.tx, note.prefix, turn.now)
    counts = await outbox.counts_by_key_prefix(turn.tx, note.prefix)
    turn.edit(turn.t("note.stopped", left=sum(counts.values()) - stopped, stopped=stopped))
    await audit.write(turn.tx, turn.now, turn.user, "note.stopped", note.region or ALL, stopped)
    return True


ACTIONS = {"send": send, "change": change, "drop": drop, "stop": stop}


async def cancel(update: Update, turn: Turn) -> object:
    """Give up the note in hand, if there is one."""
    note = await notes.in_hand(turn.tx, turn.user)
    if note is None:
        return PASS
    await notes.move(turn.tx, note.id, note.state, "dropped", turn.now)
    turn.say(turn.t("note.dropped"))
    return None


async def show_progress(desk: Desk) -> None:
    """Bring the messages that show the progress of notes up to date; end the notes whose last letter is settled."""
    for note in await notes.sending(desk.tx):
        counts = await outbox.counts_by_key_prefix(desk.tx, note.prefix)
        row = await notes.progress_row(desk.tx, note)
        sent, total = counts.get("sent", 0), sum(counts.values())
        if not ON_THE_WAY & counts.keys():
            await notes.move(desk.tx, note.id, "sending", "sent", desk.now)
            tally = await _tally(desk, note, sent, total)
            desk.post(letters.edit(note.chat, 0, tally, target=row) if row else letters.text(note.chat, tally))
        elif desk.now - note.changed_at >= PACE and await notes.moved_since(desk.tx, note, note.changed_at):
            await notes.touch(desk.tx, note.id, desk.now)
            desk.post(progress(desk, note, sent, total, row))


def progress(desk: Desk, note: Note, sent: int, total: int, row: int | None = None) -> outbox.Letter:
    """Return the message that shows how many have left, or its change when it stands in the outbox as `row`."""
    html = desk.t(note.language, "note.progress", sent=sent, total=total)
    label = desk.plain(note.language, "note.stop")
    rows = [[Button(label, f"n/{note.id}/stop", style="danger")]]
    if row is None:
        return letters.text(note.chat, html, buttons.inline(rows), key=note.progress)
    return letters.edit(note.chat, 0, html, rows, target=row)


async def _tally(desk: Desk, note: Note, sent: int, total: int) -> str:
    # Names are for who may still write: the role may have been taken away since the note was sent.
    named = rights.allows(await roles.of(desk.tx, note.made_by), rights.WRITE)
    missed = await notes.not_reached(desk.tx, note) if named else []
    said = desk.t(note.language, "note.sent", sent=sent, total=total)
    if not missed:
        return said
    lines = [desk.t(note.language, "note.name", name=name) for name in missed]
    heading = desk.t(note.language, "note.not_reached", len(lines))
    return "\n".join([said, "", heading, *status.shortened(desk, note.language, lines)])


def by_chat(women: Iterable[Recipient]) -> dict[int, Recipient]:
    """Return one woman for each chat that can be reached: several on one phone get one message."""
    chats: dict[int, Recipient] = {}
    for woman in women:
        if woman.chat is not None:
            chats.setdefault(woman.chat, woman)
    return chats


def units(text: str) -> int:
    """Count UTF-16 units, as Telegram's apps do."""
    return len(text.encode("utf-16-le")) // 2


async def _where(turn: Turn, region: str) -> str:
    if region == notes.EVERYWHERE:
        return turn.plain("note.all")
    return (await reports.region_names(turn.tx, turn.language)).get(region, region)


def _button(turn: Turn, key: str, data: str, style: str = "") -> Button:
    return Button(turn.plain(key), data, style=style)


def _drop(turn: Turn, note: int) -> list[list[Button]]:
    return [[_button(turn, "note.drop", f"n/{note}/drop")]]
