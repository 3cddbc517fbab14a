"""Possible doubles: found in a tick, shown to an organiser pair by pair, merged or kept apart, and merges undone."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from telegram import Update

from bot import texts
from bot.buttons import Button
from bot.desk import Desk
from bot.roster import initials
from bot.texts import Markup
from bot.turn import Turn
from forms import names
from handlers import definitions, places, status
from storage import audit, doubles, erasures, facts, merges, outbox, reports
from storage import places as stored
from storage.doubles import Double, Record, Side

AT_ONCE = 50  # women who are held against the others in one transaction
MOST = 3_000  # women of a region whose names are compared; where there are more, only phone numbers are
FEW = 5  # like names, and like numbers, that are noted for a woman: nobody looks through more
SIDES = ("1", "2")
# Each name is held against many, batch after batch.
heard, beginnings = lru_cache(MOST)(names.heard), lru_cache(MOST)(initials)


async def compare(desk: Desk) -> bool:
    """Hold women of a region whose record is new, or changed, against the others; False: there are no more of them."""
    women = await doubles.uncompared(desk.tx, AT_ONCE)
    if not women:
        return False
    pairs = [(woman.person, other.person) for woman in women for other in await doubles.of_phone(desk.tx, woman, FEW)]
    pairs += alike(women, await doubles.of_region(desk.tx, women[0].region, MOST))
    await doubles.note(desk.tx, pairs, desk.now)
    await doubles.compared(desk.tx, [woman.person for woman in women])
    return True


def alike(new: Sequence[Record], all_: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a new woman and others, FEW at most, whose names are so alike that they may be one."""
    near = defaultdict(list)
    for woman in all_:
        for pair in beginnings(woman.name):
            near[pair].append(woman)
    for woman in new:
        others = (other for pair in beginnings(woman.name) for other in near[pair] if other.person != woman.person)
        like = (each for each in others if names.likeness(heard(woman.name), heard(each.name)) >= names.LIKE)
        yield from ((woman.person, other.person) for other in islice(like, FEW))


async def forget(desk: Desk) -> None:
    """Delete for good what was merged so long ago that it cannot be undone any more."""
    for person in await merges.over(desk.tx, desk.now):
        await erasures.remove(desk.tx, person, desk.now)
        await facts.put(desk.tx, erasures.CHECKPOINT, f"merged {person}")


async def show(update: Update, turn: Turn) -> None:
    """o/doubles: show the pair that has waited longest, side by side."""
    turn.toast()
    double = await doubles.first(turn.tx)
    if double is None:
        turn.edit(turn.t("double.none"), [_back(turn)])
        return
    await audit.write(turn.tx, turn.now, turn.user, "double.shown", double.one.person, double.other.person)
    rows = [[Button(turn.plain(f"double.keep.{side}"), f"o/same/{double.id}/{side}")] for side in SIDES]
    rows.append([Button(turn.plain("double.different"), f"o/two/{double.id}")])
    html = turn.t(
        "double.ask",
        await doubles.count(turn.tx),
        one=await _side(turn, double.one),
        two=await _side(turn, double.other),
    )
    turn.edit(html, [*rows, _back(turn)])


async def ask(update: Update, turn: Turn) -> None:
    """o/same/DOUBLE/SIDE: say what a merge does, and ask once more."""
    meant = await _meant(turn)
    if meant is None:
        return
    double, side = meant
    turn.toast()
    kept, gone = _sides(double, side)
    html = turn.t("double.sure", kept=await _side(turn, kept), gone=await _side(turn, gone))
    yes = Button(turn.plain("double.yes"), f"o/merge/{double.id}/{side}", style="danger")
    turn.edit(html, [[yes], [Button(turn.plain("double.no"), "o/doubles")]])


async def merge(update: Update, turn: Turn) -> None:
    """o/merge/DOUBLE/SIDE: make one record of the two; what is freed by it is passed on."""
    meant = await _meant(turn)
    if meant is None:
        return
    double, side = meant
    turn.toast()
    kept, gone = _sides(double, side)
    before = [await stored.of(turn.tx, each.person) for each in (kept, gone)]
    number = await merges.merge(turn.tx, double.id, kept.person, gone.person, turn.now)
    for place in before:
        if place and await stored.by_number(turn.tx, place.number) is None:  # nobody can take it up any more
            await outbox.cancel(turn.tx, f"place:{place.number}:", turn.now)
    await doubles.settle(turn.tx, double.id, "merged")
    await audit.write(turn.tx, turn.now, turn.user, "double.merged", kept.person, gone.person)
    for region in {kept.region, gone.region}:
        await places.top_up(turn.desk, region)
    undo_ = Button(turn.plain("double.undo"), f"o/undo/{number}")
    turn.edit(turn.t("double.merged", name=kept.name), [[undo_], _next(turn)])


async def undo(update: Update, turn: Turn) -> None:
    """o/undo/MERGE: make two records of one again."""
    done = await merges.by_id(turn.tx, _number(turn, 2), turn.now)
    if done is None:
        _refuse(turn)
        return
    turn.toast()
    await merges.undo(turn.tx, done)
    await doubles.settle(turn.tx, done.double, "open")
    await audit.write(turn.tx, turn.now, turn.user, "double.undone", done.kept, done.gone)
    for person in (done.kept, done.gone):
        if place := await stored.of(turn.tx, person):
            await places.top_up(turn.desk, place.region)
    turn.edit(turn.t("double.undone"), [_next(turn)])


async def part(update: Update, turn: Turn) -> None:
    """o/two/DOUBLE: they are two women; nobody is asked about them again."""
    double = await doubles.by_id(turn.tx, _number(turn, 2))
    if double is None:
        _refuse(turn)
        return
    await doubles.settle(turn.tx, double.id, "different")
    await audit.write(turn.tx, turn.now, turn.user, "double.different", double.one.person, double.other.person)
    await show(update, turn)


async def _meant(turn: Turn) -> tuple[Double, str] | None:
    """Return the pair and the side that a button names, if the pair still waits; if not, say so."""
    side = turn.words[3] if len(turn.words) == 4 else ""
    double = await doubles.by_id(turn.tx, _number(turn, 2))
    if double is None or side not in SIDES:
        _refuse(turn)
        return None
    return double, side


def _sides(double: Double, side: str) -> tuple[Side, Side]:
    """Return who is kept, and who is not."""
    return (double.one, double.other) if side == "1" else (double.other, double.one)


async def _side(turn: Turn, side: Side) -> Markup:
    zone = ZoneInfo(turn.desk.config.programme.zone)
    region = (await reports.region_names(turn.tx, turn.language)).get(side.region, side.region)
    return Markup(
        turn.t(
            "double.side",
            name=side.name,
            region=region,
            group=definitions.group(turn.language, side.group),
            phone=status.phone(turn, side.phone),
            via=turn.t(f"double.via.{side.via}"),
            day=texts.day(turn.language, datetime.fromtimestamp(side.registered_at / 1000, zone).date()),
        )
    )


def _number(turn: Turn, place: int) -> int:
    """Return the number at that place of the button's data; 0, which is nothing, for anything else."""
    [word] = turn.words[place : place + 1] or [""]
    return int(word) if word.isdecimal() and len(word) < 19 else 0


def _refuse(turn: Turn) -> None:
    turn.toast(turn.plain("double.stale"), alert=True)


def _next(turn: Turn) -> list[Button]:
    return [Button(turn.plain("double.next"), "o/doubles")]


def _back(turn: Turn) -> list[Button]:
    return [Button(turn.plain("sheet.back"), "o/status")]
