"""The commands `programme plan`, `programme apply` and `programme export`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot import console, programme
from bot.clock import Clock
from bot.config import Config
from bot.programme import Change, Programme
from storage import audit, places

UNTOUCHED = "kept"  # the kind of a change that an apply leaves as it is


def plan(config: Config, file: Path | None) -> int:
    """Say what an apply of the file would change."""
    wanted = _read(config, file)
    _say(asyncio.run(_changes(config, wanted)))
    _note(asyncio.run(_shortages(config, wanted)))
    return console.FINE


def apply(config: Config, file: Path | None, clock: Clock, *, yes: bool) -> int:
    """Say what will change, ask unless `yes`, and make the database follow the file."""
    wanted = _read(config, file)
    changes = asyncio.run(_changes(config, wanted))
    _say(changes)
    _note(asyncio.run(_shortages(config, wanted)))
    if all(change.kind == UNTOUCHED for change in changes):
        return console.FINE
    if not yes and not console.agreed(_question(changes)):
        hint = "" if console.is_interactive() else " Without somebody to ask, add --yes."
        raise console.Stop(f"Nothing was changed.{hint}")
    asyncio.run(_apply(config, wanted, changes, clock))
    print("Applied.")
    return console.FINE


def export(config: Config, file: Path | None) -> int:
    """Write the programme as the database has it, into a new file or to standard output."""
    text = asyncio.run(_export(config))
    if file is None:
        print(text, end="")
    elif file.exists():
        raise console.Stop(f"{file} exists already. Name a new file, then compare the two.")
    else:
        file.write_text(text, "utf-8")
        print(f"Written: {file}")
    return console.FINE


def _read(config: Config, file: Path | None) -> Programme:
    return programme.read(file or config.programme.file)


def _say(changes: Sequence[Change]) -> None:
    for change in changes:
        print(f"{change.kind + ':':9} {change.sentence}")
    if all(change.kind == UNTOUCHED for change in changes):
        print("Nothing has to be changed: the database says what the file says.")


def _note(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        print(f"{'note:':9} {sentence}")


def _question(changes: Sequence[Change]) -> str:
    conflicts = sum(change.kind == "conflict" for change in changes)
    if conflicts:
        return f"{conflicts} of these undo what was changed in chat. Apply all the same?"
    return "Apply?"


async def _changes(config: Config, wanted: Programme) -> list[Change]:
    async with console.opened(config) as database, database.reading() as tx:
        return programme.plan(await programme.applied(tx), await programme.current(tx), wanted)


async def _shortages(config: Config, wanted: Programme) -> list[str]:
    """Return a sentence for each place that more women have than the file says: nobody loses hers."""
    async with console.opened(config) as database, database.reading() as tx:
        taken_now = await places.taken(tx)
    sentences = []
    for region in wanted.region:
        here = taken_now.get(region.id, {})
        limits = [("places", region.places, sum(here.values()))]
        limits += [(f"quotas.{group}", most, here.get(group, 0)) for group, most in programme.quotas(region).items()]
        sentences += [
            f"Region {region.id}, {key}: {taken} are taken, the file says {most}. Nobody loses hers;"
            f" the next one is given when {taken - most + 1} are free again."
            for key, most, taken in limits
            if taken > most
        ]
    return sentences


async def _apply(config: Config, wanted: Programme, shown: Sequence[Change], clock: Clock) -> None:
    async with console.opened(config) as database, database.transaction() as tx:
        now = clock.now()
        if await programme.apply(tx, wanted, now, config.programme.zone) != shown:
            raise console.Stop("The programme was changed in chat just now; nothing was applied. Look at it again.")
        await audit.write(tx, now, None, "programme.applied")


async def _export(config: Config) -> str:
    async with console.opened(config) as database, database.reading() as tx:
        text = await programme.export(tx)
    if text is None:
        raise console.Stop("No programme was applied yet. `python -m bot programme apply` does it.")
    return text
