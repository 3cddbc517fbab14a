"""What the owners are told about the bot itself: once for each cause, and once when it is over. Nothing personal."""

from bot import letters
from bot.desk import Desk
from storage import facts, roles

DAY = 86_400_000
# What lasts is told once until `over`; what happens is told once a day at most.
LASTING = ("conflict", "disk", "retention", "backup", "tick")
HAPPENING = ("put aside", "downtime", "restored", "failed", "away", "clock ahead", "clock back", "ends")


async def raise_(desk: Desk, cause: str, count: int | None = None) -> None:
    """Tell every owner of a cause, one of LASTING or HAPPENING, unless they know it; `count` stands in its text."""
    when = desk.now // DAY
    if cause in LASTING:
        if await facts.get(desk.tx, _fact(cause)):
            return
        when = desk.now
        await facts.put(desk.tx, _fact(cause), str(when))
    await _tell(desk, cause, f"alert:{cause}:{when}", count)


async def over(desk: Desk, cause: str) -> None:
    """Tell every owner that a lasting cause is over; nothing if it was not told."""
    when = await facts.get(desk.tx, _fact(cause))
    if when:
        await facts.drop(desk.tx, _fact(cause))
        await ended(desk, cause, when)


async def ended(desk: Desk, cause: str, when: str) -> None:
    """Tell every owner, once for each `when`, that a lasting cause is over."""
    await _tell(desk, f"{cause}.over", f"alert:{cause}:{when}:over")


async def told_at(desk: Desk, cause: str) -> int | None:
    """Return when, UTC ms, the owners were told of a lasting cause that is not over; None if they were not."""
    when = await facts.get(desk.tx, _fact(cause))
    return int(when) if when else None


async def _tell(desk: Desk, name: str, key: str, count: int | None = None) -> None:
    for owner in await roles.team(desk.tx, ("owner",)):
        # The unique key in the outbox keeps a second alert of the same occurrence from leaving.
        html = desk.t(owner.language, f"alert.{name}", count)
        desk.post(letters.text(owner.user, html, key=f"{key}:{owner.user}"))


def _fact(cause: str) -> str:
    return f"alert.{cause}"
