"""Whatever happens to places in whatever order, the promises hold: see the invariants at the end of the machine."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storage import erasures, people, places, programme
from storage.database import Database
from storage.places import Place
from storage.programme import Region
from tests.storage.place import DAY, ZONE, settle

REGIONS, GROUPS = ("lankaran", "quba"), ("ngo", "community", "other")
START = programme.moment(DAY - timedelta(days=30), time(12), ZONE)
TAKEN = ("held", "offered")
T = TypeVar("T")
region_ids, groups, picks = st.sampled_from(REGIONS), st.sampled_from(GROUPS), st.integers(0, 10**6)


class Histories(RuleBasedStateMachine):
    """Two small regions, and what women, organisers and the clock do to them."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.now, self.chats = START, 0
        self.women: dict[int, str] = {}  # who shall have a turn, and in which region
        self.before: dict[int, Place] = {}  # as everything stood before the last deed
        self.given: set[int] = set()  # got more than the rules allow in the last deed, by an organiser's word
        self.run(self._open())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        # Not by Runner.run, which puts a signal handler up and down for each of thousands of questions.
        return self.runner.get_loop().run_until_complete(work)

    async def _open(self) -> None:
        self.database = await Database.open(Path(self.folder.name) / "test.db", None)
        self.transaction = self.database.transaction()
        self.tx = await self.transaction.__aenter__()
        for region in REGIONS:
            await settle(self.tx, f"{region}-1", region=region)

    def teardown(self) -> None:
        self.run(self._close())
        self.runner.close()
        self.folder.cleanup()

    async def _close(self) -> None:
        await self.transaction.__aexit__(None, None, None)
        await self.database.close()

    def do(self, *deeds: Coroutine[Any, Any, Any]) -> None:
        """Do something, then what the tick does."""
        self.before, self.given = self.standing(), set()
        self.run(self._do(deeds))

    async def _do(self, deeds: tuple[Coroutine[Any, Any, Any], ...]) -> None:
        for deed in deeds:
            await deed
        for region in await places.waited_for(self.tx):
            await places.fill(self.tx, region, self.now)

    def standing(self) -> dict[int, Place]:
        rows = self.run(self.tx.all(places.PLACES))
        return {place.person: place for place in (Place(*row) for row in rows)}

    def one(self, pick: int, *states: str) -> Place | None:
        found = [place for place in self.standing().values() if not states or place.state in states]
        return found[pick % len(found)] if found else None

    @initialize(
        seats=st.tuples(st.integers(0, 3), st.integers(0, 3)),
        quotas=st.dictionaries(groups, st.integers(0, 2)),
        women=st.lists(st.tuples(region_ids, groups), min_size=5, max_size=12),
    )
    def begin(self, seats: tuple[int, int], quotas: dict[str, int], women: list[tuple[str, str]]) -> None:
        regions = (programme.put_region(self.tx, Region(id, n, seats[n])) for n, id in enumerate(REGIONS))
        self.do(*regions, programme.put_quotas(self.tx, REGIONS[0], quotas))
        for region, group in women:
            self.register(region, group)

    @rule(region=region_ids, group=groups)
    def register(self, region: str, group: str) -> None:
        self.do(self._register(region, group))

    async def _register(self, region: str, group: str) -> None:
        self.chats += 1
        person = await people.welcome(self.tx, self.chats, self.now)
        await people.register(self.tx, person, "Qadın", region, group, "", self.now)
        await places.ask(self.tx, person, region, group, self.now)
        self.women[person] = region

    @rule(region=region_ids, seats=st.integers(0, 4))
    def change_places(self, region: str, seats: int) -> None:
        self.do(programme.put_region(self.tx, Region(region, 0, seats)))

    @rule(region=region_ids, seats=st.integers(0, 4), group=groups)
    def register_before_the_tick_sees_more_places(self, region: str, seats: int, group: str) -> None:
        self.do(programme.put_region(self.tx, Region(region, 0, seats)), self._register(region, group))

    @rule(region=region_ids, quotas=st.dictionaries(groups, st.integers(0, 2)))
    def change_quotas(self, region: str, quotas: dict[str, int]) -> None:
        self.do(programme.put_quotas(self.tx, region, quotas))

    @rule(pick=picks, region=region_ids)
    def move(self, pick: int, region: str) -> None:
        place = self.one(pick)
        if place and place.region != region:
            self.women[place.person] = region
            self.do(places.ask(self.tx, place.person, region, place.group, self.now))

    @rule(pick=picks, group=groups)
    def change_group(self, pick: int, group: str) -> None:
        if place := self.one(pick):
            self.do(places.regroup(self.tx, place.person, group))

    @rule(pick=picks, answer=st.sampled_from((places.take, places.decline)))
    def answer(self, pick: int, answer: Any) -> None:
        if place := self.one(pick, "offered"):
            self.do(answer(self.tx, place))

    @rule(pick=picks)
    def go_back_to_the_end(self, pick: int) -> None:
        if place := self.one(pick, "declined", "lapsed"):
            self.do(places.ask(self.tx, place.person, place.region, place.group, self.now))

    @rule(pick=picks)
    def withdraw(self, pick: int) -> None:
        if place := self.one(pick):
            del self.women[place.person]
            self.do(places.free(self.tx, place.person), people.withdraw(self.tx, place.person))

    @rule(pick=picks)
    def erase(self, pick: int) -> None:
        if place := self.one(pick):
            del self.women[place.person]
            self.do(erasures.remove(self.tx, place.person, self.now))

    @rule(pick=picks, other=picks)
    def unite(self, pick: int, other: int) -> None:
        kept, gone = self.one(pick), self.one(other)
        if kept and gone and kept.person != gone.person:
            del self.women[gone.person]
            best = min((kept, gone), key=lambda p: (STANDING.index(p.state), p.number))
            self.women[kept.person] = best.region
            self.do(places.unite(self.tx, kept.person, gone.person))
            self.given = {kept.person}

    @rule(pick=picks)
    def override(self, pick: int) -> None:
        if place := self.one(pick, "waiting", "offered", "declined", "lapsed"):
            self.do(places.give(self.tx, place.person, "səbəb"))
            self.given = {place.person}

    @precondition(lambda self: self.now < START + 20 * 24 * places.HOUR)
    @rule(hours=st.integers(1, 30))
    def let_time_pass(self, hours: int) -> None:
        self.now += hours * places.HOUR
        self.do(places.lapse(self.tx, self.now))

    @invariant()
    def nobody_is_lost_and_her_state_is_what_her_place_says(self) -> None:
        found = self.standing()
        assert {person: place.region for person, place in found.items()} == self.women
        kept: dict[int, str] = dict(self.run(self.tx.all("SELECT id, state FROM people")))
        said = {person: "registered" if place.state == "held" else "waiting" for person, place in found.items()}
        assert {person: kept[person] for person in found} == said

    @invariant()
    def places_and_quotas_are_never_exceeded_by_what_is_given_by_the_rules(self) -> None:
        free, taken = self.rooms()
        for place in self.newly_taken():
            assert free[place.region] >= 0
        was = {person: (place.region, place.group, place.state in TAKEN) for person, place in self.before.items()}
        for place in self.standing().values():
            if place.state in TAKEN and place.person not in self.given:
                quota = self.quota(place)
                as_before = was.get(place.person) == (place.region, place.group, True)
                assert as_before or quota is None or taken[place.region, place.group] <= quota

    @invariant()
    def the_counters_are_right(self) -> None:
        rows = self.run(self.tx.all("SELECT region, group_key, number FROM taken WHERE number <> 0"))
        assert {(region, group): number for region, group, number in rows} == dict(self.rooms()[1])

    @invariant()
    def no_place_is_idle_while_somebody_who_fits_waits(self) -> None:
        free, taken = self.rooms()
        quotas = self.quotas()
        for place in self.waiting():
            quota = quotas.get(place.region, {}).get(place.group)
            assert free[place.region] <= 0 or (quota is not None and taken[place.region, place.group] >= quota), place

    @invariant()
    def who_asked_first_is_asked_first(self) -> None:
        for taken in self.newly_taken():
            passed = [each for each in self.waiting() if each.region == taken.region and each.number < taken.number]
            for each in passed:  # only somebody of another group, whose quota is full
                quota = self.quota(each)
                assert each.group != taken.group
                assert quota is not None
                assert self.rooms()[1][each.region, each.group] >= quota

    def newly_taken(self) -> list[Place]:
        """Who was given a place, or offered one, by the rules in the last deed."""
        was = {person: place for person, place in self.before.items() if place.state in TAKEN}
        found = [place for place in self.standing().values() if place.state in TAKEN and place.person not in self.given]
        return [each for each in found if each.person not in was or was[each.person].region != each.region]

    def waiting(self) -> list[Place]:
        return [place for place in self.standing().values() if place.state == "waiting"]

    def quotas(self) -> dict[str, dict[str, int]]:
        return self.run(programme.quotas(self.tx))

    def quota(self, place: Place) -> int | None:
        return self.quotas().get(place.region, {}).get(place.group)

    def rooms(self) -> tuple[dict[str, int], Counter[tuple[str, str]]]:
        """How many places of each region are free, and how many are taken by group."""
        taken = Counter((p.region, p.group) for p in self.standing().values() if p.state in TAKEN)
        seats = {region.id: region.places for region in self.run(programme.regions(self.tx, closed=True))}
        used = Counter(p.region for p in self.standing().values() if p.state in TAKEN)
        return {region: seats[region] - used[region] for region in seats}, taken


STANDING = ["held", "offered", "waiting", "lapsed", "declined"]


def test_every_history_of_places_keeps_the_promises() -> None:
    quick = settings(
        max_examples=60,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Histories, settings=quick)
