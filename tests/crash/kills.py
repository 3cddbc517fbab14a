"""`python -m tests.crash.kills`: the real process is killed at random moments, over HTTP, and nothing may be lost.

Three scenes: a thousand answers in fifty chats; a hundred women who press Start within a second; fifty reminders.
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash import found
from tests.crash.found import Findings
from tests.crash.scenario import know
from tests.rehearsal import words
from tests.rehearsal.stage import FIRST_DAY, HOUR, Stage, Stuck, midnight
from tests.rehearsal.woman import Unanswered, Wish, Woman

RATE = 8.0  # a press waits 150 s at Telegram: long enough, even so, for a slow machine to start the bot again
WATCHDOG = 300.0  # real seconds for a scene
PATIENCE = 60.0  # real seconds in which an answer has to come, with all the deaths on the way
RECOMMENDATIONS = 4  # of each woman; with the registration she gives 21 answers
ANSWERS = 5 + 4 * RECOMMENDATIONS
REGIONS = ("lankaran", "quba", "zaqatala")  # one alone has not so many places
AREAS = ("rules", "planning", "economic", "social")


@dataclass
class Scene:
    """A stage whose bot is killed again and again, and the women on it."""

    stage: Stage
    chance: random.Random
    women: list[Woman] = field(default_factory=list)
    kills: int = 0

    def enter(self, count: int) -> None:
        """Give so many women their phones."""
        for number in range(count):
            phone = self.stage.sandbox.phone(f"Qadın {number}", "az", phone_number=f"+99450{3_000_000 + number}")
            woman = Woman(phone, self.stage.clock, random.Random(number), patience=PATIENCE)
            woman.slowness = 0.5
            self.women.append(woman)

    async def strike(self) -> None:
        """Kill the bot now, and start it again after a moment, as a watching service does."""
        await self.stage.stop_bot(kill=True)
        self.kills += 1
        await asyncio.sleep(self.chance.uniform(0, 0.2))
        self.stage.start_bot()

    async def strike_at_work(self, times: int) -> None:
        """Kill the bot so many times, each time a moment after it has begun to work."""
        for _ in range(times):
            calls = len(self.stage.sandbox.calls)
            while len(self.stage.sandbox.calls) < calls + 3:
                await asyncio.sleep(0.005)
            await asyncio.sleep(self.chance.uniform(0, 0.4))
            await self.strike()


async def answers(scene: Scene, women: int, kills: int) -> Findings:
    """Fifty women answer a thousand questions; the bot is killed every so many answers."""
    scene.enter(women)
    scene.stage.start_bot()
    acting = asyncio.ensure_future(scene.stage.together([write_all(w, n) for n, w in enumerate(scene.women)]))
    share = women * ANSWERS / (kills + 2)
    mark = share
    while not acting.done():
        await asyncio.sleep(scene.chance.uniform(0.002, 0.03))
        if sum(woman.answers for woman in scene.women) >= mark and scene.kills < kills:
            await scene.strike()
            mark += share * scene.chance.uniform(0.8, 1.2)
    await acting
    await scene.stage.settle()
    return found.answers(scene.stage, scene.women)


async def write_all(woman: Woman, number: int) -> None:
    """Register, then recommend, and recommend again; every fifth woman writes without waiting for the questions."""
    await woman.start()
    await woman.press_named("way.begin")
    name, region = f"Aygün Nömrə {number}", REGIONS[number % len(REGIONS)]
    answers = {"consent": "yes", "name": name, "region": region, "group": "ngo", "age": "from_25", "phone": None}
    wish = Wish({**answers, "needs": "child", "permissions": "photos"})
    await woman.fill("registration", wish)
    woman.diary.registered = woman.card | {"region": region}
    for turn in range(RECOMMENDATIONS):
        said = {
            "area": AREAS[(number + turn) % 4],
            "place": f"Küçə {number}, ev {turn}",
            "addressee": "municipality",
            "proposal": f"Tövsiyə {turn} ({number})",
        }
        await woman.write("/recommend")
        if number % 5 == 0:
            await dictate(woman, said)
        await woman.fill("recommendation", Wish(dict(said)))
        woman.diary.recommendations.append(said)


async def dictate(woman: Woman, said: dict[str, str]) -> None:
    """Write all four answers at once, choices by their numbers, and wait for the card."""
    for text in (str(AREAS.index(said["area"]) + 1), said["place"], "2", said["proposal"]):
        await woman.phone.write(text)
        woman.answers += 1
    await woman.see(lambda m: words.label(m, "sheet.send") is not None, "the card")


async def starts(scene: Scene, women: int, kills: int) -> Findings:
    """A hundred women press Start within a second, while the bot is killed."""
    scene.enter(women)
    scene.stage.clock.set_rate(1)
    scene.stage.start_bot()
    killing = asyncio.ensure_future(scene.strike_at_work(kills))
    await scene.stage.together([press_start(woman) for woman in scene.women])
    await killing
    scene.stage.clock.set_rate(RATE)
    await scene.stage.settle()
    return found.greetings(scene.women)


async def press_start(woman: Woman) -> None:
    """Press Start within the second, and again if the bot says that it was not saved."""
    await asyncio.sleep(woman.chance.uniform(0, 1))
    await woman.start()
    message = await woman.see(lambda m: True, "an answer to Start")
    if words.says(message, "turn.failed"):
        await woman.start()
        await woman.see(lambda m: words.says(m, "start.greeting"), "the greeting")


async def reminders(scene: Scene, women: int, kills: int) -> Findings:
    """Fifty reminders fall due, and the bot is killed while it sends them."""
    scene.enter(women)
    await know(scene.stage, scene.women)
    scene.stage.start_bot()
    await scene.stage.settle()
    scene.stage.clock.set_rate(1)
    scene.stage.clock.jump(midnight(FIRST_DAY) - 5 * HOUR)
    await scene.strike_at_work(kills)
    scene.stage.clock.set_rate(RATE)
    await scene.stage.settle()
    return found.reminders(scene.stage, scene.women)


Act = Callable[[Scene, int, int], Awaitable[Findings]]
SCENES: dict[str, tuple[Act, int]] = {"answers": (answers, 50), "starts": (starts, 100), "reminders": (reminders, 50)}


def main() -> int:
    """Play every scene, print what was found, return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # then, too, the bot is ended and the folder removed
    asked = argparse.ArgumentParser("python -m tests.crash.kills", description=__doc__)
    asked.add_argument("--kills", type=int, default=32, help="during the answers; a fifth of them in the other scenes")
    asked.add_argument("--seed", type=int, default=1)
    arguments = asked.parse_args()
    broken = [
        sentence
        for name in SCENES
        for sentence in play(name, arguments.kills if name == "answers" else arguments.kills // 5, arguments.seed)
    ]
    print("\n".join(["BROKEN:", *broken]) if broken else "Every promise was kept.")
    return 1 if broken else 0


def play(name: str, kills: int, seed: int, women: int | None = None) -> Sequence[str]:
    """Play one scene, print its line of figures, and return what was broken."""
    act, many = SCENES[name]
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        return asyncio.run(_play(Path(folder), name, act, women or many, kills, seed))


async def _play(folder: Path, name: str, act: Act, women: int, kills: int, seed: int) -> list[str]:
    began, stage = time.monotonic(), Stage(folder, rate=RATE)
    scene = Scene(stage, random.Random(seed))
    try:
        async with asyncio.timeout(WATCHDOG):
            await stage.open()
            findings = await act(scene, women, kills)
            await stage.stop_bot()
        findings["messages wrong"] = found.messages(stage)
        _print(name, scene, findings, time.monotonic() - began)
        few = [f"{name}: only {scene.kills} of {kills} kills fell into the scene."] if scene.kills < kills else []
        return few + [sentence for sentences in findings.values() for sentence in sentences]
    except (Unanswered, Stuck, TimeoutError) as error:
        return [f"{name}: {type(error).__name__}: {error}\n{stage.log()}"]
    finally:
        await stage.close()


def _print(name: str, scene: Scene, findings: Findings, seconds: float) -> None:
    given = sum(woman.answers for woman in scene.women)
    counts = ", ".join(f"{len(sentences)} {what}" for what, sentences in findings.items())
    print(f"{name}: {len(scene.women)} women, {given} answers, {scene.kills} kills in {seconds:.0f} s: {counts}")
    print(f"  {found.figures(scene.stage)}")
    for row in found.doubtful(scene.stage):
        print(f"  may have come twice: {row}")


if __name__ == "__main__":
    sys.exit(main())
