"""Nudges: a registration that was left half-way is taken up once the next day, once before it closes, then never."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot import buttons, letters
from bot.buttons import Button
from bot.desk import Desk
from handlers import questions
from storage import facts, nudges, places, programme
from storage.nudges import Unfinished

FROM, UNTIL = time(11), time(20)  # decent hours, local
LATE = timedelta(days=3)  # by so much the nudge of the next day may come late, after an outage
DAY = timedelta(days=1)
EVER = 0  # UTC ms
DONE = "nudged"  # the fact that holds on which day, before which closings, all had theirs
AT_ONCE = 100  # women who are written to in one transaction
Row = dict[str, Any]  # further fields of an outbox row


class Due(NamedTuple):
    """Who is nudged on a day: when she was left (UTC ms, without the end), and on the way to which regions."""

    kind: str
    between: tuple[int, int]
    regions: frozenset[str]  # '' is one that she has not come to


async def nudge(desk: Desk) -> bool:
    """Tick: once a day, at a decent hour, write to those who stopped before it; True: there are more of them."""
    if not FROM <= _local(desk, desk.now).time() < UNTIL:
        return False
    dues = await _dues(desk)
    done = " ".join([str(desk.today), *(region for due in dues[:1] for region in sorted(due.regions))])
    if await facts.get(desk.tx, DONE) == done:  # nobody else becomes due before midnight
        return False
    for due in dues:
        if women := await nudges.left(desk.tx, *due, AT_ONCE):
            for woman in women:
                await _write(desk, woman, due.kind)
            return True
    await facts.put(desk.tx, DONE, done)
    return False


async def upcoming(desk: Desk) -> int | None:
    """Return the next moment (UTC ms) at which somebody may be nudged as things stand; None when there is none."""
    earliest = desk.today + DAY * (_local(desk, desk.now).time() >= FROM)
    lasts, soon = await _last_days(desk), desk.now + 1
    days = []
    for region, last in lasts.items():
        if last and await nudges.first_left(desk.tx, "closing", (EVER, soon), {region, ""}):
            days.append(last - DAY)
    left = await nudges.first_left(desk.tx, "next day", (_since(desk, earliest), soon), {*lasts, ""})
    if left is not None and lasts:
        days.append(max(earliest, _local(desk, left).date() + DAY))
    return min((_moment(desk, day, FROM) for day in days if day >= earliest), default=None)


async def _dues(desk: Desk) -> tuple[Due, Due] | tuple[()]:
    """Return who is to be nudged today: first before closing, so that nobody hears of it twice; () if all is closed."""
    today, lasts = desk.today, await _last_days(desk)
    if not lasts:
        return ()
    closing = {region for region, last in lasts.items() if last and last - DAY == today}
    if closing and all(last and last - DAY <= today for last in lasts.values()):
        closing.add("")
    midnight = _moment(desk, today, time())
    return (
        Due("closing", (EVER, midnight), frozenset(closing)),
        Due("next day", (_since(desk, today), midnight), frozenset({*lasts, ""})),
    )


async def _last_days(desk: Desk) -> Mapping[str, date | None]:
    """Return the last day of registration of each region in which one can register now; None where it has no end."""
    regions = await programme.open_regions(desk.tx, desk.now, desk.today)
    return {region.id: await places.last_day(desk.tx, region) for region in regions}


async def _write(desk: Desk, woman: Unfinished, kind: str) -> None:
    go_on = questions.key_data(woman.key, "r", woman.asked, 0)
    rows = [
        [Button(desk.plain(woman.language, "nudge.on"), go_on, style="primary")],
        [Button(desk.plain(woman.language, "nudge.no"), questions.key_data(woman.key, "x"))],
    ]
    html = desk.t(woman.language, f"nudge.{kind}")
    key, until = f"nudge:{woman.person}:{kind}", _moment(desk, desk.today, UNTIL)
    row: Row = {"person": woman.person, "key": key, "priority": 1, "useless_after": until}
    desk.post(letters.text(woman.chat, html, buttons.inline(rows), **row))
    await nudges.note(desk.tx, woman.person, kind, desk.now)


def _since(desk: Desk, day: date) -> int:
    """Return since when (UTC ms) a registration may have been left so that the nudge of the next day comes on a day."""
    return _moment(desk, day - LATE - DAY, time())


def _local(desk: Desk, milliseconds: int) -> datetime:
    """Return a moment (UTC ms) as the programme's clocks show it."""
    return datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(desk.config.programme.zone))


def _moment(desk: Desk, day: date, hour: time) -> int:
    """Return the moment (UTC ms) at which the programme's clocks show this."""
    return programme.moment(day, hour, desk.config.programme.zone)
