"""`python -m tests.rehearsal`: a hundred women live through the nine days; exit code 1 when a promise was broken."""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from tests.rehearsal import cast
from tests.rehearsal.ledger import FATES, Ledger
from tests.rehearsal.stage import Stage, Stuck
from tests.rehearsal.story import Player, Story
from tests.rehearsal.weather import Weather
from tests.rehearsal.woman import Woman

PATIENCE = 60.0  # real seconds in which an answer comes in bad weather
MOST_INPUTS = 12  # from Start to 'you are registered', by the median, in fair weather
WATCHDOG = 240.0  # real seconds after which the rehearsal ends itself in any case; twice as many in bad weather


def main() -> int:
    """Rehearse, print the table, return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # then, too, the bot is ended and the folder removed
    asked = argparse.ArgumentParser("python -m tests.rehearsal", description=__doc__)
    asked.add_argument("--women", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--rate", type=float, default=40.0, help="how fast the clock runs while somebody acts")
    asked.add_argument("--faults", type=int, metavar="SEED", help="everything goes wrong, mixed from this seed")
    arguments = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        try:
            cast_of = arguments.women, arguments.seed
            return asyncio.run(rehearse(Path(folder), *cast_of, arguments.rate, arguments.faults))
        except (Stuck, TimeoutError) as error:
            print(f"The rehearsal came to no end: {str(error) or 'it took too long.'}", file=sys.stderr)
            return 1


async def rehearse(folder: Path, women: int, seed: int, rate: float, faults: int | None) -> int:
    """Let everything happen in `folder`, in fair weather or bad; the bot's process has ended when this returns."""
    began = time.monotonic()
    stage = Stage(folder, rate=rate)
    try:
        async with asyncio.timeout(WATCHDOG if faults is None else 2 * WATCHDOG):
            await stage.open()
            stage.start_bot()
            await stage.settle()
            story = cast_story(stage, women, seed)
            if faults is not None:
                worsen(story, faults)
            first = stage.clock.now()
            watching = [asyncio.create_task(work()) for work in works(story)]
            await story.live()
            for task in watching:
                if not task.cancel():
                    task.result()  # the weather is over, unless it ended with an error
            stopped = await stage.stop_bot()
        ledger = Ledger(story)
        if faults is None and inputs(story) > MOST_INPUTS:
            ledger.owed.append(f"From Start to the end of the registration it took {inputs(story)} inputs.")
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


def worsen(story: Story, seed: int) -> None:
    """Let the weather come, and let everyone know that things may take longer."""
    story.weather = weather = Weather(story.stage, story.organiser, seed)
    for woman in (story.organiser, *(player.woman for player in story.players)):
        woman.patience = PATIENCE
        woman.echo = partial(weather.echo, woman)
        woman.lost = partial(weather.lost, woman)


def works(story: Story) -> list[Callable[[], Coroutine[Any, Any, None]]]:
    """What goes on while the story is lived."""
    return [story.stage.keep_up, *([story.weather.blow] if story.weather else [])]


def inputs(story: Story) -> float:
    """How often a woman pressed or wrote something from Start until she was registered: the median."""
    return median(player.woman.diary.inputs for player in story.players if player.woman.diary.registered)


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
        ("inputs from Start to registered", f"{inputs(story):g}"),
        ("reminders planned", str(sum(reminders.values()))),
        ("  sent", str(arrived)),
        ("  missed", str(reminders.get("missed", 0))),
        ("  unreachable", str(reminders.get("unreachable", 0) + gone)),
        ("surveys answered", f"{answered} of {asked}"),
        ("updates", str(updates)),
        ("  lost", str(len(ledger.lost))),
        ("effects doubled", str(len(ledger.doubled))),
        ("messages that came twice", str(ledger.twice)),
        ("  listed as such that may have", str(ledger.listed)),
        ("calls", str(len(sandbox.calls))),
        ("  refused as malformed", str(sandbox.refused_malformed)),
        ("  refused for pace", str(sandbox.refused_pace)),
        ("time", f"{seconds:.1f} s for {lived_ms / 86_400_000:.0f} days"),
    ]
    if story.weather:
        hit = story.weather.counts
        figures.append((f"faults, seed {story.weather.seed}", str(hit.total())))
        figures += [(f"  {name}", str(count)) for name, count in sorted(hit.items())]
    shown = [f"{name:34} {figure:>16}" for name, figure in figures]
    end = ["", "BROKEN:", *ledger.broken] if ledger.broken else ["", "Every promise was kept."]
    return "\n".join([*shown, *end])


if __name__ == "__main__":
    sys.exit(main())
