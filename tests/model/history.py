"""A history: how a step of it goes, and what is looked at after each."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from storage import consents, people, places
from storage import surveys as anonymous
from tests.model import promises
from tests.model.days import CHORUS_ANSWER, Calendar
from tests.model.model import Words, at
from tests.model.player import Player
from tests.model.stage import CHORUS, Stage, make_template

MINUTE = 60_000
NEAR = 2 * MINUTE  # so short a time before a moment at which something must happen nothing is looked at
LATER = 5 * MINUTE  # so long after it is looked at what has happened
REGIONS = ("lankaran", "quba")
OFFERS = ("sheet.answered", "sheet.sent")  # what an old button of a question is told


class Different(AssertionError):
    """The bot does not do what the model says."""


@dataclass
class Tally:
    """What happened in all histories of this process."""

    hits: Counter[str] = field(default_factory=Counter)  # how often each rule did something
    histories: int = 0
    steps: int = 0
    deaths: int = 0
    template: Path | None = None
    place: tempfile.TemporaryDirectory[str] | None = None  # of the template; removed at the end of the process


TALLY = Tally()


class History(RuleBasedStateMachine):
    """Three women, an organiser, and the bot; without rules nothing happens yet."""

    def __init__(self) -> None:
        super().__init__()
        if TALLY.template is None:
            TALLY.place = tempfile.TemporaryDirectory(prefix="model-")
            folder = Path(TALLY.place.name, "template")
            folder.mkdir()
            TALLY.template = asyncio.run(make_template(folder))
        self.folder = Path(tempfile.mkdtemp(prefix="history-"))
        self.runner = asyncio.Runner()
        self.stage = Stage(self.folder, TALLY.template)
        self.players = [Player(self.stage, phone, number) for number, phone in enumerate(self.stage.women)]
        self.calendar = Calendar([player.woman for player in self.players])
        self.count = promises.Count(self.stage)
        self._mishaps = 0, 0  # deaths, and faults on the line, up to the last step
        self.chorus = self.broken = False
        self.words = 0
        TALLY.histories += 1

    # how a step goes -------------------------------------------------------------------------------------------------

    def step(self, name: str, *acts: Awaitable[Any]) -> None:
        """Do these at once, wait until the bot rests, and look."""
        TALLY.hits[name] += 1
        TALLY.steps += 1
        self.runner.run(self._step(*acts))

    async def _step(self, *acts: Awaitable[Any]) -> None:
        self.broken = True
        for act in acts:
            await act
        await self._settle()
        self.broken = False

    async def _settle(self) -> None:
        stage = self.stage
        await stage.settle()
        stage.fuse.put_out()
        stage.sandbox.faults.clear()
        await self._look_at_the_clock()
        mishaps = stage.deaths, len(stage.sandbox.faults.met)
        TALLY.hits.update(each.what for player in self.players for each in player.woman.said if each.what in OFFERS)
        wrong = [sentence for player in self.players for sentence in player.look(loose=mishaps != self._mishaps)]
        self._mishaps = mishaps
        wrong += [*promises.broken(stage, self.players, self.calendar), *self.count.broken(self.players)]
        if wrong:
            raise Different("\n".join(wrong))

    async def _look_at_the_clock(self) -> None:
        """From the first eve on, let the clock come: nothing may be due at the very moment at which we look."""
        stage, calendar = self.stage, self.calendar
        if (now := stage.clock.now()) < at("lankaran-1", 18, -1):
            return
        while (coming := calendar.coming(now)) and coming[0] - now < NEAR:
            stage.clock.jump(coming[0] + NEAR)
            now = stage.clock.now()
        known, before = {session: survey.state for session, survey in calendar.surveys.items()}, calendar.entries()
        calendar.look(now)
        TALLY.hits.update(
            f"a survey: {each.state}" for key, each in calendar.surveys.items() if known.get(key) != each.state
        )
        if calendar.entries() != before:  # what must come by a tick has to be there, what need not come may not
            await stage.tick()
        for session in calendar.surveys.keys() - known:
            if self.chorus and session.startswith("lankaran"):
                await self._sing(session)
        await stage.settle()

    async def _sing(self, session: str) -> None:
        """Let the other women answer the survey."""
        async with self.stage.app.database.transaction() as tx:
            for chat in range(900_000, 900_000 + CHORUS):
                visit = await people.meet(tx, chat, chat, self.stage.clock.now())
                sheet = await anonymous.open_sheet(tx, f"day:{session}", visit.person.id, chat, "pace")
                await anonymous.save(tx, sheet._replace(answers=CHORUS_ANSWER))
        self.calendar.surveys[session].chorus = CHORUS

    # who does it -----------------------------------------------------------------------------------------------------

    def some(self, number: int, fits: Callable[[Player], Any] = lambda player: True) -> Player | None:
        """Choose one who has not stopped the bot and whom it fits."""
        fitting = [player for player in self.players if not player.blocked and fits(player)]
        return fitting[number % len(fitting)] if fitting else None

    def sooner_or_later(self, number: int, fits: Callable[[Player], Any]) -> Player | None:
        """Choose one whom it fits; if there is none yet, let the programme go on for a day or so."""
        for _ in range(3):
            coming = self.calendar.coming(self.stage.clock.now())
            if coming and not self.some(number, fits) and self.some(number, lambda each: each.woman.record):
                self.step("time passes", self.travel(coming[0] + LATER))
        return self.some(number, fits)

    async def travel(self, to: int, asleep: str = "") -> None:
        """Let the clock show a later moment; the bot lives through it, or was stopped before, or has died."""
        if asleep:
            await (self.stage.stop() if asleep == "stopped" else self.stage.die())
        self.stage.clock.jump(to)
        if asleep:
            await self.stage.start()

    def tap(self, name: str, number: int, *acts: str, taps: int = 1) -> None:
        """Press one of the open buttons of that kind, whoever has one."""
        if player := self.some(number, lambda each: each.find(*acts)):
            found = player.find(*acts)
            self.step(name, player.press(found[-1 - number // 3 % len(found)], taps))
        elif player := self.some(number, lambda each: not each.buttons()):
            self.step("start", player.command("start"))

    def new_words(self) -> Words:
        """Words that nobody has written yet; no code is written with a u, so they are none (forms/codes.py)."""
        self.words += 1
        return Words(f"Sınaq{self.words}u", "words")

    def any_deed(self, number: int, player: Player | None = None) -> Awaitable[Any] | None:
        """Return something that one of them does."""
        player = player or self.some(number)
        if player is None:
            return None
        kind, number = number % 5, number // 5
        buttons = [each for each in player.buttons() if player.works(each[2]) and each[2].act != "privacy.gone"]
        if kind < 3 and buttons:
            return player.press(buttons[-1 - number % min(6, len(buttons))])
        if kind < 4:
            return player.write(self.new_words() if number % 2 else Words(str(number % 4 + 1), "", number % 4 + 1))
        return player.command(("start", "cancel", "recommend")[number % 3])

    # its beginning and its end --------------------------------------------------------------------------------------

    @initialize(
        registered=st.lists(st.booleans(), min_size=3, max_size=3), chorus=st.booleans(), hour=st.integers(0, 3)
    )
    def begin(self, registered: tuple[bool, ...], chorus: bool, hour: int) -> None:
        """Some are registered already; it is a week before the first day, or its eve, or its morning, or soon over."""
        self.chorus = chorus
        self.runner.run(self.stage.open())
        if hour:
            self.stage.clock.jump((at("lankaran-1", 12, -1), at("lankaran-1", 7), at("lankaran-1", 15))[hour - 1])
        for player in [each for each, known in zip(self.players, registered, strict=True) if known]:
            self.runner.run(self._register(player))
        self.runner.run(self.stage.settle())

    async def _register(self, player: Player) -> None:
        woman, now = player.woman, self.stage.clock.now()
        name, region = self.new_words().text, REGIONS[player.number % 2]
        async with self.stage.app.database.transaction() as tx:
            visit = await people.meet(tx, player.phone.id, player.phone.id, now)
            await people.register(tx, visit.person.id, name, region, "ngo", "", now)
            await consents.give(tx, visit.person.id, consents.TRAINING, "", now)
            await places.ask(tx, visit.person.id, region, "ngo", now)
        player.phone.person.started = True
        woman.record = {"name": name, "region": region, "group": "ngo", "age": None, "phone": None}
        woman.record |= {"needs": [], "permissions": []}
        woman.state, woman.registered_at = "registered", now
        woman.words.append(name)

    def teardown(self) -> None:
        """End the bot, and look at the file that it leaves."""
        try:
            if self.broken or not hasattr(self.stage, "fuse"):
                self.runner.run(self.stage.close())
            else:
                self.runner.run(self._end())
        finally:
            self.runner.close()
            TALLY.deaths += self.stage.deaths
            shutil.rmtree(self.folder, ignore_errors=True)

    async def _end(self) -> None:
        self.stage.look_away()
        await self.stage.stop()
        await self.stage.close()
        wrong = [sentence for player in self.players for sentence in promises.in_the_file(self.stage, player)]
        if wrong:
            raise Different("\n".join(wrong))
