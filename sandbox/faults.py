"""What can go wrong on the way: planned for the n-th call of a method, or mixed by chance from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One way to fail. `effect`: the call does what it says all the same, only its answer suffers.

    `status` answers with that HTTP status and `description`; `cut` closes the connection without an answer; `junk`
    answers with a page that is no JSON (with 200 where no status is given); `slow` seconds (virtual) pass before the
    answer.
    """

    effect: bool
    status: int = 0
    description: str = ""
    retry_after: int = 0
    cut: bool = False
    junk: bool = False
    slow: float = 0.0


CUT_BEFORE = Fault(effect=False, cut=True)
CUT_AFTER = Fault(effect=True, cut=True)
JUNK = Fault(effect=True, junk=True)
BAD_GATEWAY = Fault(effect=False, status=502, description="Bad Gateway")
RESTART = Fault(effect=False, status=500, description="Internal Server Error: restart")
TOO_LARGE = Fault(effect=False, status=413, description="Request Entity Too Large", junk=True)


def status(code: int, description: str, *, effect: bool = False) -> Fault:
    """Answer with an HTTP status and description."""
    return Fault(effect=effect, status=code, description=description)


def flood(seconds: int) -> Fault:
    """Refuse with 429 and `retry_after` seconds."""
    return Fault(effect=False, status=429, description=f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def slow(seconds: float) -> Fault:
    """Act at once, answer so many virtual seconds later."""
    return Fault(effect=True, slow=seconds)


@dataclass
class _Plan:
    method: str
    fault: Fault
    after: int
    times: int


@dataclass
class _Mix:
    chance: random.Random
    shares: dict[Fault, float]
    methods: frozenset[str]


@dataclass
class Faults:
    """The faults to come. `away`: the network is gone, every connection is closed without an answer."""

    away: bool = False
    met: list[tuple[str, Fault]] = field(default_factory=list)
    _plans: list[_Plan] = field(default_factory=list)
    _mix: _Mix | None = None

    def plan(self, method: str | None = None, *, fault: Fault, times: int = 1, after: int = 0) -> None:
        """Let calls of a method (None: of any) pass `after` times, then fail `times` times."""
        self._plans.append(_Plan((method or "").lower(), fault, after, times))

    def mix(self, seed: int, shares: dict[Fault, float], *, methods: tuple[str, ...] = ()) -> None:
        """From now on fail by chance, each fault in its share (0 … 1) of the calls of `methods` (none: of any)."""
        chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._mix = _Mix(chance, shares, frozenset(method.lower() for method in methods))

    def clear(self) -> None:
        """No more faults, and the network is back."""
        self.away = False
        self._plans.clear()
        self._mix = None

    def next(self, method: str) -> Fault | None:
        """The fault that this call meets, if it meets one."""
        name = method.lower()
        fault = self._planned(name) or self._by_chance(name)
        if fault is not None:
            self.met.append((method, fault))
        return fault

    def _planned(self, name: str) -> Fault | None:
        hit: Fault | None = None
        for plan in [plan for plan in self._plans if plan.method in ("", name)]:
            if plan.after > 0:
                plan.after -= 1
            elif hit is None:
                hit = plan.fault
                plan.times -= 1
        self._plans = [plan for plan in self._plans if plan.times > 0]
        return hit

    def _by_chance(self, name: str) -> Fault | None:
        if self._mix is None or (self._mix.methods and name not in self._mix.methods):
            return None
        drawn = self._mix.chance.random()
        for fault, share in self._mix.shares.items():
            drawn -= share
            if drawn < 0:
                return fault
        return None
