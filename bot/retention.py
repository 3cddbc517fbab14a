"""How long people are remembered: what the consent says is done by the bot itself when its day has come."""

from bot import alerts
from bot.desk import Desk
from storage import audit, erasures, programme

DAY = 86_400_000
WARNING = 14 * DAY  # so long before, the owners are told once
GRACE = 2 * DAY  # so long ago at least they were told: a clock that is wrong for an hour must not erase everyone


async def retire(desk: Desk) -> None:
    """Tick: some days after the last training day erase everyone but the team; tell the owners two weeks ahead.

    A programme with later days puts the moment off. Figures without names stay: surveys that were closed, the audit.
    """
    last = await programme.last_end(desk.tx)
    if last is None:
        return
    kept = desk.config.privacy.keep_days * DAY
    end, told = last + kept, await alerts.told_at(desk, "retention")
    if desk.now < end - WARNING:
        await alerts.over(desk, "retention")
    elif desk.now < end or told is None:
        await alerts.raise_(desk, "retention")
    elif desk.now < told + GRACE:
        return
    elif erased := await erasures.ask_all(desk.tx, desk.now - kept, desk.now):  # who came later is kept as long
        await audit.write(desk.tx, desk.now, None, "retention", "", str(erased))
