"""Possible doubles: found in a tick, shown to an organiser pair by pair, merged or kept apart, and merges undone."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from telegram import Update

from bot import rights, texts
from bot.buttons import Button
from bot.desk import Desk
from bot.roster import initials
from bot.texts import Markup
from bot.turn import Turn
from forms import names
from handlers import definitions, places, status, timetable
from storage import audit, doubles, erasures, facts, merges, outbox, people, reports
from storage import places as stored
from storage.doubles import Record, Side
from storage.places import Place

AT_ONCE = 50  # women who are held against the others in one transaction
MOST = 3_000  # women of a region whose names are compared; where there are more, only phone numbers are
FEW = 5  # like names, and like numbers, that are noted for a woman: nobody looks through more
SIDES = ("1", "2")
PAGE = 10  # merges on a page
IN_A_ROW = 2  # buttons
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
    """o/doubles: show the pair that has waited longest, side by side; o/doubles/merged leads to what was merged."""
    if turn.words[2:3] == ["merged"]:
        await show_past(turn)
        return
    turn.toast()
    double = await doubles.first(turn.tx)
    if double is None:
        turn.edit(turn.t("double.none"), [*await _past(turn), _back(turn)])
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
    turn.edit(html, [*rows, *await _past(turn), _back(turn)])


async def ask(update: Update, turn: Turn) -> None:
    """o/same/DOUBLE/SIDE: say what a merge does, and ask once more."""
    meant = await _meant(turn)
    if meant is None:
        return
    double, side, kept, gone = meant
    html = turn.t("double.sure", kept=await _side(turn, kept), gone=await _side(turn, gone))
    yes = Button(turn.plain("double.yes"), f"o/merge/{double}/{side}", style="danger")
    rows = [[yes], [Button(turn.plain("double.no"), "o/doubles")]]
    turn.edit("\n\n".join([html, *await _of_two_regions(turn, kept, gone)]), rows)


async def _of_two_regions(turn: Turn, kept: Side, gone: Side) -> list[str]:
    """Return what a merge leaves of two places in two regions."""
    here, there = [await stored.of(turn.tx, each.person) for each in (kept, gone)]
    if here is None or there is None or here.region == there.region:
        return []
    return [
        turn.t(
            "double.two_regions",
            here=await timetable.named(turn.tx, turn.language, here.region),
            here_state=Markup(turn.t(f"place.is.{here.state}")),
            there=await timetable.named(turn.tx, turn.language, there.region),
            there_state=Markup(turn.t(f"place.is.{there.state}")),
        )
    ]


async def merge(update: Update, turn: Turn) -> None:
    """o/merge/DOUBLE/SIDE: make one record of the two; what is freed by it is passed on."""
    meant = await _meant(turn)
    if meant is None:
        return
    double, _, kept, gone = meant
    before = [await stored.of(turn.tx, each.person) for each in (kept, gone)]
    number = await merges.merge(turn.tx, double, kept.person, gone.person, turn.now)
    for place in before:
        if place and await stored.by_number(turn.tx, place.number) is None:  # nobody can take it up any more
            await outbox.cancel(turn.tx, f"place:{place.number}:", turn.now)
    await doubles.settle(turn.tx, double, "merged")
    await audit.write(turn.tx, turn.now, turn.user, "double.merged", kept.person, gone.person)
    for region in {kept.region, gone.region}:
        await places.top_up(turn.desk, region)
    undo_ = Button(turn.plain("double.undo"), f"o/undo/{number}")
    turn.edit(turn.t("double.merged", name=kept.name), [[undo_], _next(turn), *await _past(turn)])


async def undo(update: Update, turn: Turn) -> None:
    """o/undo/MERGE: make two records of one again, and say what could not be as it was."""
    done = await merges.by_id(turn.tx, _number(turn, 2), turn.now)
    if done is None:
        _refuse(turn)
        return
    if await erasures.is_under_way(turn.tx, done.kept, done.gone):
        _refuse(turn, "double.erasing")
        return
    turn.toast()
    undone = await merges.undo(turn.tx, done)
    await doubles.settle(turn.tx, done.double, "open")
    await audit.write(turn.tx, turn.now, turn.user, "double.undone", done.kept, done.gone)
    for person in (done.kept, done.gone):
        if place := await stored.of(turn.tx, person):
            await places.top_up(turn.desk, place.region)
    kept, gone = [await people.by_id(turn.tx, person) for person in (done.kept, done.gone)]
    lines = [turn.t("double.undone", name=kept.name if kept else "")]
    lines += [line for place in undone.had for line in await _otherwise(turn, place)]
    if undone.codeless and gone:
        lines.append(turn.t("double.codeless", name=gone.name))
    turn.edit("\n\n".join(lines), [_next(turn), *await _past(turn)])


async def _otherwise(turn: Turn, had: Place) -> list[str]:
    """Say of a place, or of an offer, that a woman had before a merge that somebody else has it now."""
    place, she = await stored.of(turn.tx, had.person), await people.by_id(turn.tx, had.person)
    if place is None or she is None or place.number != had.number:  # she has asked elsewhere meanwhile
        return []
    if had.state not in ("held", "offered") or place.state != "waiting":
        return []
    return [
        turn.t(
            "double.undone.waiting",
            name=she.name,
            place=await timetable.named(turn.tx, turn.language, place.region),
            number=await stored.position(turn.tx, place),
            phone=Markup(status.phone(turn, she.phone)),
        )
    ]


async def show_past(turn: Turn) -> None:
    """o/doubles/merged/PAGE: list the merges that can still be undone, the newest first, with a button for each."""
    word = turn.words[3] if len(turn.words) > 3 else ""
    page = int(word) if word.isdecimal() and len(word) < 5 else 0
    turn.toast()
    found, total = await merges.recent(turn.tx, turn.now, PAGE * page, PAGE)
    await audit.write(turn.tx, turn.now, turn.user, "merges.shown", "", str(len(found)))
    zone = ZoneInfo(turn.desk.config.programme.zone)
    lines, undoing = [turn.t("double.past" if found else "double.past.none")], []
    for number, past in enumerate(found, start=PAGE * page + 1):
        day = texts.day(turn.language, datetime.fromtimestamp(past.merged_at / 1000, zone).date())
        lines.append(turn.t("double.past.line", number=number, day=day, kept=past.kept, gone=past.gone))
        undoing.append(Button(f"{turn.plain('double.undo')} {number}", f"o/undo/{past.id}"))
    turning = [Button("‹", f"o/doubles/merged/{page - 1}")] if page else []
    turning += [Button("›", f"o/doubles/merged/{page + 1}")] if PAGE * (page + 1) < total else []
    rows = [undoing[start : start + IN_A_ROW] for start in range(0, len(undoing), IN_A_ROW)]
    if not rights.allows(turn.role, rights.WRITE):
        rows = []
    turn.edit("\n".join(lines), [*rows, *([turning] if turning else []), _back(turn)])


async def part(update: Update, turn: Turn) -> None:
    """o/two/DOUBLE: they are two women; nobody is asked about them again."""
    double = await doubles.by_id(turn.tx, _number(turn, 2))
    if double is None:
        _refuse(turn)
        return
    await doubles.settle(turn.tx, double.id, "different")
    await audit.write(turn.tx, turn.now, turn.user, "double.different", double.one.person, double.other.person)
    await show(update, turn)


async def _meant(turn: Turn) -> tuple[int, str, Side, Side] | None:
    """Return the pair that a button names, its side, who is kept and who is not; if they cannot be merged, say so."""
    side = turn.words[3] if len(turn.words) == 4 else ""
    double = await doubles.by_id(turn.tx, _number(turn, 2))
    if double is None or side not in SIDES:
        _refuse(turn)
    elif await erasures.is_under_way(turn.tx, double.one.person, double.other.person):
        _refuse(turn, "double.erasing")
    else:
        turn.toast()
        kept, gone = (double.one, double.other) if side == "1" else (double.other, double.one)
        return double.id, side, kept, gone
    return None


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


def _refuse(turn: Turn, key: str = "double.stale") -> None:
    turn.toast(turn.plain(key), alert=True)


def _next(turn: Turn) -> list[Button]:
    return [Button(turn.plain("double.next"), "o/doubles")]


async def _past(turn: Turn) -> list[list[Button]]:
    """Return the button that leads to the merges which can still be undone, if there are any."""
    _, total = await merges.recent(turn.tx, turn.now, 0, 1)
    return [[Button(turn.plain("double.show_past", total), "o/doubles/merged")]] if total else []


def _back(turn: Turn) -> list[Button]:
    return [Button(turn.plain("sheet.back"), "o/status")]
