"""`python -m tests.model --histories 2000`: random histories of three women and an organiser, held against the model.

Deaths, faults on the line, repeated updates and jumps of the clock are part of them. The same seed gives the same
histories. At a difference the shortest history that shows it is printed, step by step.
"""

import argparse
import logging
import sys
import time

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.fuse import AT
from tests.model.history import OFFERS, TALLY
from tests.model.machine import TROUBLES, Histories

STEPS = 30  # rules in a history at most; one may be several steps
ENOUGH = 500  # histories in which every rule must have come about
EVERY = (
    *("a command", "start in the middle", "begin a form", "go on rightly", "answer by a button", "answer in words"),
    *("answer by a number", "give a phone", "a wrong answer", "an unexpected kind", "back", "skip", "resume", "send"),
    *("back by the keyboard", "skip by the keyboard", "change from the card", "the menu", "switch language", "cancel"),
    *("stop", "an intent", "a stale button", "the button of another", "a double tap", "an edit", "block", "unblock"),
    *(
        "say no",
        "stop a survey",
        "erase",
        "die at rest",
        "restart",
        "a repeated update",
        "updates in another order",
        "time passes",
    ),
    *("the clock goes back", "a note", "tick", "done", *OFFERS, *TROUBLES, *(f"die {seam}" for seam in AT)),
)


def main() -> int:
    """Let the histories happen, print what they were, return the exit code."""
    asked = argparse.ArgumentParser("python -m tests.model", description=__doc__)
    asked.add_argument("--histories", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=1)
    arguments = asked.parse_args()
    began, worked = time.monotonic(), time.process_time()
    found = 0
    try:
        play(arguments.histories, arguments.seed)
    except AssertionError:
        found = 1
        raise
    finally:
        print(report(arguments.seed, time.monotonic() - began, time.process_time() - worked, found))
    return 1 if arguments.histories >= ENOUGH and never() else 0


def play(histories: int, number: int) -> None:
    """Let so many histories happen. Raises what the first difference raises, after its shortest history was found."""
    how = settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    logging.disable(logging.CRITICAL)  # what dies and fails here is meant to
    try:
        run_state_machine_as_test(seed(number)(Histories), settings=how)
    finally:
        logging.disable(logging.NOTSET)


def never() -> list[str]:
    """Return the rules that never came about."""
    return [name for name in EVERY if not TALLY.hits[name]]


def report(number: int, seconds: float, worked: float, found: int) -> str:
    """Say what happened, and how fast."""
    count = TALLY.histories
    lines = [f"{times:7} {name}" for name, times in sorted(TALLY.hits.items())]
    lines.append(f"{count} histories (seed {number}), {TALLY.steps} steps, {TALLY.deaths} deaths")
    lines.append(f"in {seconds:.0f} s: {count / seconds:.1f} a second, {count / worked:.1f} a second of one core")
    lines += [f"These rules never came about: {', '.join(missing)}."] if (missing := never()) else []
    return "\n".join([*lines, f"{found} differences were found."])


if __name__ == "__main__":
    sys.exit(main())
