"""`python -m tests.crash.kills`: the real process is killed at random moments, over HTTP, and nothing may be lost.

Three scenes: a thousand answers in fifty chats; a hundred women who press Start within a second; fifty reminders.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.world import Message
from tests.crash import promises
from tests.rehearsal import lives, words
from tests.rehearsal.ledger import KINDS, SENDING
from tests.rehearsal.stage import FIRST_DAY, HOUR, Stage, Stuck, midnight
from tests.rehearsal.woman import Unanswered, Wish, Woman

RATE = 20.0
WATCHDOG = 400.0  # real seconds for a scene
PATIENCE = 60.0  # real seconds in which an answer has to come, with all the deaths on the way
RECOMMENDATIONS = 4  # of each woman: with the registration, 21 answers


@dataclass
class Killer:
    """Kills the bot at random moments and starts it again, as a watching service would."""

    stage: Stage
    chance: random.Random
    kills: int = 0

    async def strike(self) -> None:
        """Kill the bot now and start it again after a moment."""
        self.stage.stop_bot(kill=True)
        self.kills += 1
        await asyncio.sleep(self.chance.uniform(0, 0.2))
        self.stage.start_bot()
