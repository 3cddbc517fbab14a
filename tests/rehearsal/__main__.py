"""`python -m tests.rehearsal`: a hundred women live through the nine days; exit code 1 when a promise was broken."""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.rehearsal import cast
from tests.rehearsal.ledger import FATES, Ledger
from tests.rehearsal.stage import Stage, Stuck
from tests.rehearsal.story import Player, Story
from tests.rehearsal.woman import Woman

WATCHDOG = 240.0  # real seconds after which the rehearsal ends itself in any case


def main() -> int:
    """Rehearse, print the table, return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # then, too, the bot is ended and the folder removed
    asked = argparse.ArgumentParser("python -m tests.rehearsal", description=__doc__)
    asked.add_argument("--women", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--rate", type=float, default=40.0, help="how fast the clock runs while somebody acts")
    arguments = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        try:
            return asyncio.run(rehearse(Path(folder), arguments.women, arguments.seed, arguments.rate))
        except (Stuck, TimeoutError) as error:
            print(f"The rehearsal came to no end: {error or 'it took too long.'}", file=sys.stderr)
            return 1


async def rehearse(folder: Path, women: int, seed: int, rate: float) -> int:
    """Let everything happen in `folder`; the bot's process has ended when this returns."""
    began = time.monotonic()
    stage = Stage(folder, rate=rate)
    try:
        async with asyncio.timeout(WATCHDOG):
            await stage.open()
            stage.start_bot()
            await stage.settle()
            story = cast_story(stage, women, seed)
            first = stage.clock.now()
            watching = asyncio.create_task(stage.keep_up())
            await story.live()
            watching.cancel()
            stopped = await stage.stop_bot()
        ledger = Ledger(story)
        if stopped:
            ledger.lost.append(f"The bot ended with code {stopped}: {stage.log()}")
        print(table(ledger, time.monotonic() - began, stage.clock.now() - first))
        return 1 if ledger.broken else 0
    finally:
        await stage.close()


def cast_story(stage: Stage, women: int, seed: int) -> Story:
    """Give everyone her phone and her part."""
    players = []
    for part in cast.parts(women, seed):
        phone = stage.sandbox.phone(part.name.strip()[:30], part.phone_language, phone_number=part.phone_number)
        woman = Woman(phone, stage.clock, random.Random(seed * 1000 + part.number))
        woman.slowness = part.slowness
        players.append(Player(part, woman))
    phone = stage.sandbox.phone("Sevda", "az", phone_number="+994509999999")
    return Story(stage, players, Woman(phone, stage.clock, random.Random(seed)))


def table(ledger: Ledger, seconds: float, lived_ms: int) -> str:
    """The figures, and below them what was broken, in sentences."""
    story, rows = ledger.story, ledger.rows
    sandbox, women = story.stage.sandbox, len(story.players)
    reminders = dict(rows("SELECT state, count(*) FROM reminders GROUP BY state"))
    sent = "SELECT count(*) FROM outbox WHERE key LIKE 'remind:%' AND key NOT LIKE '%:venue' AND state = ?"
    [(gone,)], [(arrived,)] = rows(sent, ("unreachable",)), rows(sent, ("sent",))
    [(asked, answered)] = rows("SELECT sum(asked), sum(answered) FROM surveys")
    updates = len(sandbox.world.presses) + sum(
        not m.from_bot for chat in sandbox.world.chats.values() for m in chat.messages.values()
    )
    figures = [
        ("women accounted for", f"{women - len(ledger.unaccounted)} of {women}"),
        ("registered", str(ledger.fates[FATES[0]] + ledger.fates[FATES[1]])),
        *((f"  {fate}", str(ledger.fates[fate])) for fate in FATES[:2]),
        *((fate, str(ledger.fates[fate])) for fate in FATES[2:]),
        ("reminders planned", str(sum(reminders.values()))),
        ("  sent", str(arrived)),
        ("  missed", str(reminders.get("missed", 0))),
        ("  unreachable", str(reminders.get("unreachable", 0) + gone)),
        ("surveys answered", f"{answered} of {asked}"),
        ("updates", str(updates)),
        ("  lost", str(len(ledger.lost))),
        ("effects doubled", str(len(ledger.doubled))),
        ("calls", str(len(sandbox.calls))),
        ("  refused as malformed", str(sandbox.refused_malformed)),
        ("  refused for pace", str(sandbox.refused_pace)),
        ("time", f"{seconds:.1f} s for {lived_ms / 86_400_000:.0f} days"),
    ]
    shown = [f"{name:34} {figure:>16}" for name, figure in figures]
    end = ["", "BROKEN:", *ledger.broken] if ledger.broken else ["", "Every promise was kept."]
    return "\n".join([*shown, *end])


if __name__ == "__main__":
    sys.exit(main())
