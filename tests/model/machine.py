"""Histories: women act in any order, and things go wrong meanwhile; after each step everything is held to the model."""

from collections.abc import Awaitable, Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from sandbox import faults
from sandbox.faults import Fault
from tests.model.deeds import NUMBERS, Deeds
from tests.model.fuse import AT
from tests.model.history import LATER, MINUTE, NEAR, TALLY
from tests.model.model import HOUR

TROUBLES: dict[str, Fault] = {
    "flood": faults.flood(3),
    "server error before": faults.BAD_GATEWAY,
    "server error after": faults.status(502, "Bad Gateway", effect=True),
    "cut before": faults.CUT_BEFORE,
    "cut after": faults.CUT_AFTER,
}
METHODS = ("sendMessage", "sendMessage", "getUpdates", None)


class Histories(Deeds):
    """Histories in which something goes wrong."""

    @rule(n=NUMBERS, seam=st.sampled_from(AT), count=st.integers(1, 5))
    def die(self, n: int, seam: str, count: int) -> None:
        if deed := self.any_deed(n):
            before = self.stage.deaths
            self.stage.fuse.light(seam, count)
            self.step("light a fuse", deed)
            TALLY.hits[f"die {seam}"] += self.stage.deaths - before

    @rule(often=st.integers(0, 3))
    def die_at_rest(self, often: int) -> None:
        if often == 0:
            self.step("die at rest", self._again(self.stage.die))

    @rule(hours=st.sampled_from((0, 0, 1)))
    def start_again(self, hours: int) -> None:
        self.step("restart", self._again(self.stage.stop, hours))

    async def _again(self, end: Callable[[], Awaitable[None]], hours: int = 0) -> None:
        await end()
        if hours:
            self.stage.clock.jump(self.stage.clock.now() + hours * HOUR)
        await self.stage.start()

    @rule(
        n=NUMBERS, trouble=st.sampled_from(sorted(TROUBLES)), method=st.sampled_from(METHODS), after=st.integers(0, 1)
    )
    def fail(self, n: int, trouble: str, method: str | None, after: int) -> None:
        if deed := self.any_deed(n):
            self.stage.sandbox.faults.plan(method, fault=TROUBLES[trouble], after=after)
            before = len(self.stage.sandbox.faults.met)
            self.step("a fault", deed)
            TALLY.hits[trouble] += len(self.stage.sandbox.faults.met) - before

    @rule(n=NUMBERS)
    def get_an_update_again(self, n: int) -> None:
        fresh = self.stage.clock.now() - 20 * HOUR  # Telegram keeps none longer than a day
        done = [(each, update) for each in self.players for moment, update in each.done if moment > fresh]
        if done:
            player, update = done[n % len(done)]
            self.step("a repeated update", player.phone.replay(update))

    @rule(n=NUMBERS, m=NUMBERS, turned=st.booleans())
    def act_at_the_same_time(self, n: int, m: int, turned: bool) -> None:
        first = self.some(n)
        second = self.some(m, lambda each: each is not first)
        if first and second:
            deeds = [self.any_deed(n, first), self.any_deed(m, second)]
            self.step("updates in another order", *(each for each in (deeds[::-1] if turned else deeds) if each))

    @rule(further=st.integers(0, 1), asleep=st.sampled_from(("", "", "stopped", "dead")))
    def let_time_pass(self, further: int, asleep: str) -> None:
        coming = self.calendar.coming(self.stage.clock.now())
        if coming:
            self.step("time passes", self.travel(coming[min(further, len(coming) - 1)] + LATER, asleep))

    @rule(minutes=st.integers(1, 10))
    def turn_the_clock_back(self, minutes: int) -> None:
        self.step("the clock goes back", self._turn_back(minutes * MINUTE))

    async def _turn_back(self, by: int) -> None:
        coming = self.calendar.coming(to := self.stage.clock.now() - by)
        near = coming and coming[0] - to < NEAR  # what the bot then does at once would be looked at only afterwards
        self.stage.clock.set_wall_back(by + NEAR if near else by)
