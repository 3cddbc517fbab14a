"""Many walks at once in one bot, which dies now and then; after each round it is looked at what became of them."""

import random
from pathlib import Path
from typing import NamedTuple

from bot import presses, texts
from tests.model.fuse import AT
from tests.model.reading import said
from tests.model.stage import Stage
from tests.walks.walker import Walker

ROUNDS = 14  # things that each woman does at random, before she is registered and after it
PATIENCE = 150  # things that she then does at most to come to the end
MINUTE, HOUR = 60_000, 3_600_000
PLACES = 4  # in each region: most of the women wait for one
# Buttons by which she gives up herself what she has entered; each says so, or is asked about once more.
GIVING_UP = ("sheet.stop", "nudge.no", "privacy.left.button", "privacy.gone.button")
APART = ("needs", "permissions", "region")  # kept elsewhere once a form was sent; the region, until she agrees to wait
SHEETS = (
    "SELECT s.key, s.state, s.step, a.question, a.value FROM chat_people c JOIN sheets s ON s.person = c.person"
    " LEFT JOIN answers a ON a.sheet = s.id AND a.question NOT LIKE '%~' WHERE c.chat = ?"
)


PLACED = (
    "SELECT p.region, r.places, sum(p.state IN ('held', 'offered')),"
    " coalesce(max(CASE WHEN p.state IN ('held', 'offered') THEN p.number END), 0),"
    " min(CASE WHEN p.state = 'waiting' THEN p.number END)"
    " FROM places p JOIN regions r ON r.id = p.region GROUP BY p.region"
)


class Kept(NamedTuple):
    """What the disk holds of a woman, or of all who share her phone."""

    states: dict[str, str]  # of the sheets
    steps: dict[str, str]  # the open question of each sheet
    answers: dict[tuple[str, str], str]  # by sheet and question


class Lost(AssertionError):
    """A woman is left without an answer, without a way on, or without what she had entered."""


class Walk:
    """Women who walk at random beside one another."""

    def __init__(self, folder: Path, template: Path, seed: int, women: int) -> None:
        self.stage, self.seed = Stage(folder, template), seed
        self.chance = random.Random(seed)
        self._women = women

    async def run(self) -> None:
        """Walk to the end. Raises Lost."""
        stage = self.stage
        await stage.open()
        try:
            async with stage.app.database.transaction() as tx:
                await tx.run("UPDATE regions SET places = ?", (PLACES,))
            await self._start()
            for _ in range(2):
                for _ in range(ROUNDS):
                    await self._round()
                await self._arrive()
        finally:
            await stage.close()

    async def rush(self) -> None:
        """Let all of them register in the same moments, while the bot dies again and again. Raises Lost."""
        await self.stage.open()
        try:
            await self._start()
            await self._arrive(dying=0.3)
            self.end = self.placed()
            [(self.waiting,)] = self.stage.rows("SELECT count(*) FROM places WHERE state = 'waiting'")
            if (sure := sum(taken for _, taken in self.end.values()) + self.waiting) != self._women:
                raise Lost(f"Rush {self.seed}: {self._women} women registered, {sure} have a place or a number")
        finally:
            await self.stage.close()

    def placed(self) -> dict[str, tuple[int, int]]:
        """Return by region how many places there are and are taken. Raises Lost if it is not fair."""
        found = {}
        for region, places, taken, last, waiting in self.stage.rows(PLACED):
            found[region] = places, taken
            if taken > places or (waiting is not None and waiting < last):  # at night a free place waits, too
                raise Lost(
                    f"Walk {self.seed}: {region} has {places} places, {taken} taken up to {last}, {waiting} waits"
                )
        return found

    async def _start(self) -> None:
        stage, languages = self.stage, ("az", "ru", "en")
        phones = [stage.sandbox.phone(f"Aygün {n}", self.chance.choice(languages)) for n in range(self._women)]
        self.walkers = [Walker(phone, random.Random(f"{self.seed} {n}")) for n, phone in enumerate(phones)]
        for walker in self.walkers:
            walker.told.append("presses Start")
            await walker.phone.start()
        await stage.settle()

    async def _round(self) -> None:
        stage = self.stage
        far = self.chance.randrange(1, 8 * 24) * HOUR if self.chance.random() < 0.1 else 0
        stage.clock.jump(stage.clock.now() + far + MINUTE)  # who writes what belongs nowhere is answered once a minute
        await stage.settle()
        before = {walker: (self._kept(walker), stage.sandbox.world.tick) for walker in self.walkers}
        deaths, began = stage.deaths, stage.clock.monotonic()
        if self.chance.random() < 0.25:
            stage.fuse.light(self.chance.choice(AT), self.chance.randrange(1, 2 * self._women))
        for walker in self.walkers:
            await walker.act()
        await stage.settle()
        stage.fuse.put_out()
        # A press that changes nothing just ends her waiting; that is best effort, if the process dies or is too slow.
        late = deaths != stage.deaths or stage.clock.monotonic() - began > presses.TOO_OLD
        self.placed()
        for walker, (kept, tick) in before.items():
            self._look(walker, kept)
            pressed = walker.phone.presses[-1:] if "taps" in walker.told[-1] else []
            heard = any(message.changed > tick for message in walker.phone.received)
            if not heard and not any(press.answered or late for press in pressed):
                raise Lost(self._story(walker, "is not answered"))

    def _look(self, walker: Walker, before: Kept) -> None:
        erased = not self.stage.rows("SELECT 1 FROM chat_people WHERE chat = ?", walker.phone.id)
        if not walker.way_on() and not erased:  # after a farewell nothing may be left, no button either
            raise Lost(self._story(walker, "has no way on"))
        if gone := sorted(self._gone(walker, before)):
            raise Lost(self._story(walker, f"has lost {gone}"))

    def _gone(self, walker: Walker, before: Kept) -> set[tuple[str, str]]:
        """Return which answers were taken from her or changed by what was no answer to their question."""
        now = self._kept(walker)
        differing = {place for place, value in before.answers.items() if now.answers.get(place) != value}
        if any(f"[{said(key, language)}]" in walker.told[-1] for key in GIVING_UP for language in texts.LANGUAGES):
            return set()
        gone = set()
        for sheet, question in differing:
            sent, refused = now.states.get(sheet) == "submitted", now.states.get(sheet) == "cancelled"
            step = before.steps[sheet]
            if not (step == question or (sent and question in APART) or (refused and step == "consent")):
                gone.add((sheet, question))
        return gone

    def _kept(self, walker: Walker) -> Kept:
        kept = Kept({}, {}, {})
        for sheet, state, step, question, value in self.stage.rows(SHEETS, walker.phone.id):
            kept.states[sheet], kept.steps[sheet] = state, step
            if question:
                kept.answers[sheet, question] = value
        return kept

    async def _arrive(self, dying: float = 0) -> None:
        """Let everybody come to the end from wherever she is; at each step the bot dies with that likelihood."""
        left = list(self.walkers)
        for _ in range(PATIENCE):
            left = [walker for walker in left if not self._arrived(walker)]
            if not left:
                return
            if self.chance.random() < dying:
                self.stage.fuse.light(self.chance.choice(AT), self.chance.randrange(1, 2 * self._women))
            for walker in left:
                await walker.go_on()
            await self.stage.settle()
            self.stage.fuse.put_out()
            self.placed()
        raise Lost(self._story(left[0], f"does not come to the end, nor do {len(left) - 1} others"))

    def _arrived(self, walker: Walker) -> bool:
        """Whether she who has the phone takes part, or waits for a place."""
        return bool(
            self.stage.rows(
                "SELECT 1 FROM people p JOIN chat_people c ON c.person = p.id WHERE c.chat = ? AND c.active = 1"
                " AND p.state IN ('registered', 'waiting')",
                walker.phone.id,
            )
        )

    def _story(self, walker: Walker, what: str) -> str:
        screen = "\n".join(f"  «{message.text[:200]}» {message.labels}" for message in walker.phone.received[-3:])
        told = "\n".join(f"  {each}" for each in walker.told[-40:])
        return f"Walk {self.seed}: {walker.phone.person.name} {what}.\nShe did:\n{told}\nShe sees:\n{screen}"
