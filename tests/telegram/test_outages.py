"""Long troubles in little time: the network away for hours, a server that fails, a second copy, a clock that jumps."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import TimedOut
from telegram.request import HTTPXRequest

from bot.api import TIMEOUT
from bot.seams import Seams
from sandbox import faults
from sandbox.clock import VirtualClock
from sandbox.phone import Phone
from sandbox.server import Sandbox
from storage import outbox
from tests.bot import crew
from tests.bot.test_days import at
from tests.conftest import DAY, HOUR, House, apply_sample, configuration
from tests.rehearsal.stage import Stage
from tests.telegram import scene
from tests.telegram.scene import ALERTS

pytestmark = pytest.mark.attack

MINUTE = 60_000
WOMEN = 12
MOST_COPIES = 4  # of one message in half an hour in which no message is answered for sure: bot/carrier.py says why


async def women(house: House, count: int = WOMEN) -> list[Phone]:
    return [await crew.woman(house, f"Aygün {number}") for number in range(count)]


def eves(phone: Phone) -> int:
    return sum("Sabah görüşümüz var" in message.text for message in phone.received)


def mornings(phone: Phone) -> int:
    return sum("Bu gün görüşümüz var" in message.text for message in phone.received)


async def pass_by(house: House, until: int, step: int = 5 * MINUTE) -> None:
    """Let the time go on in steps, whatever the bot manages to do in them."""
    while house.clock.now() < until:
        house.clock.jump(min(until, house.clock.now() + step))
        await asyncio.sleep(0.02)


class Outage:
    """The network is away: nobody listens, or whoever answers hangs up."""

    def __init__(self, house: House, kind: str) -> None:
        self._house, self._kind, self._port = house, kind, house.sandbox.port

    async def begin(self) -> None:
        if self._kind == "nobody listens":
            await self._house.sandbox.stop()
        else:
            self._house.sandbox.network_away()

    async def end(self) -> None:
        if self._kind == "nobody listens":
            await self._house.sandbox.start(self._port)
        else:
            self._house.sandbox.network_away(False)


KINDS = pytest.mark.parametrize("kind", ["nobody listens", "every call is cut"])


@KINDS
async def test_ten_minutes_without_network_at_the_start_lose_nothing(house: House, kind: str) -> None:
    phones, outage = await women(house), Outage(house, kind)
    await house.close()
    house.clock.jump(at(1, 18, 59))
    await phones[0].write("/help")
    await outage.begin()
    starting = asyncio.create_task(house.open())
    await pass_by(house, at(1, 19, 9), MINUTE // 2)
    assert not house.app.ready.is_set(), "the control: not even getMe was answered"
    assert not any(phone.received for phone in phones)
    await outage.end()
    house.clock.set_rate(100)
    await starting
    await house.settle()
    assert [eves(phone) for phone in phones] == [1] * WOMEN
    assert len(phones[0].received) == 3, "the reminder, its map card, the answer"
    doubted = await crew.rows(house, "SELECT 1 FROM outbox WHERE doubted > 0")
    assert bool(doubted) == (kind == "every call is cut"), "what never left is in no doubt"


async def test_a_wait_that_telegram_asks_for_at_the_start_is_obeyed(house: House) -> None:
    await house.close()
    house.sandbox.faults.plan("getMe", fault=faults.flood(90))
    before = len(house.sandbox.calls)
    house.clock.set_rate(200)
    await house.open()
    asked = [call.moment for call in house.sandbox.calls[before:] if call.method == "getMe"]
    first, second = asked[:2]  # whoever publishes the profile asks once more, as soon as the start has its answer
    assert second - first >= 90_000


@KINDS
async def test_after_twelve_hours_without_network_the_stale_is_missed_and_the_rest_leaves(
    house: House, kind: str
) -> None:
    owner, phones, outage = await crew.member(house, "owner"), await women(house), Outage(house, kind)
    await house.travel(at(1, 18, 30))
    await outage.begin()
    await pass_by(house, at(1, 20))
    await phones[0].write("/help")
    await pass_by(house, at(2, 6, 30))
    await outage.end()
    await house.settle()
    eve = "SELECT state, reason FROM outbox WHERE key GLOB 'remind:*:eve*'"
    assert set(await crew.rows(house, eve)) == {("missed", "past its use")}
    assert [eves(phone) for phone in phones] == [0] * WOMEN
    assert len(phones[0].received) == 1, "her question of the evening before is answered"
    assert sum(scene.told(owner, scene.TEXTS.get("az", "alert.away", hours)) for hours in (11, 12)) == 1
    await house.travel(at(2, 8, 1))
    assert [mornings(phone) for phone in phones] == [1] * WOMEN
    assert await crew.rows(house, "SELECT 1 FROM outbox WHERE state IN ('planned', 'sending', 'failed')") == []


@pytest.mark.parametrize("delivered", [False, True])
async def test_half_an_hour_of_5xx_is_no_storm_of_doubles(house: House, delivered: bool) -> None:
    """In the worst case Telegram delivers every message and answers 504 all the same, while it answers all else."""
    phones = await women(house, 100)
    await house.travel(at(1, 18, 59))
    before = len(house.sandbox.calls)
    fault = faults.status(504, "Gateway Timeout", effect=delivered)
    house.sandbox.faults.mix(1, {fault: 1.0}, methods=("sendMessage", "sendVenue"))
    await pass_by(house, at(1, 19, 30), MINUTE // 4)
    tried = len([call for call in house.sandbox.calls[before:] if call.status == 504])
    house.sandbox.faults.clear()
    await house.settle()
    came = [eves(phone) for phone in phones]
    assert min(came) >= 1
    assert tried < 120
    assert sum(came) - len(phones) <= (tried if delivered else 0)
    assert max(came) <= (MOST_COPIES if delivered else 1)
    async with house.database.reading() as tx:
        listed = sum(doubt.times for doubt in await outbox.doubtful(tx))
    assert listed == tried, "each that may have come twice is listed"


async def test_a_round_trip_of_seven_seconds_doubles_nothing(house: House) -> None:
    """The library gives up after 5 s by default; whoever then sends again doubles every message.

    Here ten seconds are one: those of the clock, and the library's own.
    """
    phones = await women(house, 10)
    await house.travel(at(1, 18, 59))
    others = [house.sandbox.phone(f"Nar {number}") for number in range(10)]
    for phone in others:
        phone.person.started = True
    house.sandbox.faults.mix(1, {faults.slow(7): 1.0}, methods=("sendMessage",))
    house.clock.jump(at(1, 19))
    house.clock.set_rate(10)
    assert HTTPXRequest().read_timeout == 5, "the control: it is the library's default that gives up"
    hasty = HTTPXRequest(read_timeout=0.5)
    async with Bot(house.sandbox.token, base_url=f"{house.sandbox.api_url}/bot", request=hasty) as library:
        sends = [library.send_message(phone.id, "Salam") for phone in others]
        outcomes = await asyncio.gather(*sends, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [TimedOut] * 10
    assert [len(phone.received) for phone in others] == [1] * 10, "all of them had arrived"
    await house.settle()
    assert [eves(phone) for phone in phones] == [1] * 10
    assert await crew.rows(house, "SELECT 1 FROM outbox WHERE doubted > 0") == []
    assert TIMEOUT > 3 * 7


@pytest.fixture
async def copy(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox, clock: VirtualClock) -> AsyncIterator[House]:
    """A second copy of the bot with the same token, on another machine: its folder is its own. It does not run yet."""
    folder: Path = tmp_path_factory.mktemp("copy")
    made = House(folder, sandbox, clock, configuration(folder, sandbox.api_url), Seams())
    yield made
    await made.close()


def conflicts(house: House) -> int:
    return sum(call.status == 409 for call in scene.calls(house, "getUpdates"))


async def until(house: House, count: Callable[[], int], least: int = 1) -> None:
    """Let second after second pass until there are so many."""
    await house.settle()
    async with asyncio.timeout(10):
        while count() < least:
            house.clock.jump(house.clock.now() + 1000)
            await asyncio.sleep(0.02)  # a slow machine must not make minutes out of them
            await house.settle()


async def test_beside_a_second_copy_nothing_is_handled_twice(house: House, copy: House) -> None:
    owner = await crew.member(house, "owner")
    phones = [house.phone(f"Aygün {number}") for number in range(5)]
    await copy.open()
    await apply_sample(copy.database, house.clock.now())
    for round_ in range(1, 5):  # less than it takes until a conflict is over
        for phone in phones:
            await phone.write("/help")
        await until(house, lambda: conflicts(house), round_)
        house.clock.jump(house.clock.now() + 40_000)  # whoever met the other one pauses for 30 s
    await until(house, lambda: scene.told(owner, ALERTS["conflict"]))
    for each in (house, copy):
        [(rows, keys)] = await crew.rows(each, "SELECT count(*), count(DISTINCT update_id) FROM inbox")
        answered = await crew.rows(each, "SELECT count(*) FROM outbox WHERE chat <> ?", owner.id)
        assert rows == keys >= answered[0][0] - len(phones), "each copy has answered each update once"
    assert scene.told(owner, ALERTS["conflict"]) == 1
    assert scene.told(owner, ALERTS["conflict.over"]) == 0
    await copy.close()
    for _ in range(30):
        house.clock.jump(house.clock.now() + MINUTE)
        await house.settle()
    assert [scene.told(owner, ALERTS[name]) for name in ("conflict", "conflict.over")] == [1, 1]


async def test_a_process_that_stood_still_for_ten_minutes_loses_nothing(house: House) -> None:
    """Its connections hang meanwhile, and are dead when it goes on."""
    phones = await women(house)
    await house.travel(at(1, 18, 59))
    house.sandbox.faults.plan("sendMessage", fault=faults.slow(100_000), times=house.config.pace.in_flight)
    house.clock.jump(at(1, 19))
    async with asyncio.timeout(10):
        while sum(eves(phone) for phone in phones) < house.config.pace.in_flight:
            await asyncio.sleep(0.002)
    await phones[0].write("/help")
    house.clock.jump(house.clock.now() + 10 * MINUTE)
    house.sandbox.drop_connections()
    house.sandbox.faults.clear()
    await house.settle()
    came = [eves(phone) for phone in phones]
    assert min(came) == 1
    assert sum(came) - WOMEN <= house.config.pace.in_flight, "only what was in the air may come twice"
    listed = await crew.rows(house, "SELECT chat FROM outbox WHERE doubted > 0")
    assert {phone.id for phone, count in zip(phones, came, strict=True) if count > 1} <= {chat for (chat,) in listed}
    assert any("/privacy" in message.text for message in phones[0].received)


@pytest.mark.parametrize("ahead", [-HOUR, HOUR, DAY], ids=["an hour back", "an hour ahead", "a day ahead"])
async def test_a_clock_that_is_set_wrong_and_right_again_doubles_no_reminder(house: House, ahead: int) -> None:
    """Wall time only, as when somebody sets the clock of the machine."""
    phones = await women(house)
    await house.travel(at(1, 18, 30))
    for by in (ahead, -ahead):
        house.clock.set_wall_ahead(by)
        house.clock.set_rate(200)
        await house.clock.sleep(90)
        await house.settle()
    await house.travel(at(2, 18))
    for kind, came in (("eve", eves), ("morning", mornings)):
        assert [came(phone) for phone in phones] == [1] * WOMEN, kind
        assert await crew.rows(house, "SELECT 1 FROM reminders WHERE kind = ? AND state <> 'queued'", kind) == []


async def test_the_real_process_stopped_and_continued_answers_each_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path, rate=1)
    await stage.open()
    stage.start_bot()
    try:
        phones = [stage.sandbox.phone(f"Aygün {number}") for number in range(5)]
        for phone in phones:
            await phone.start()
        await stage.settle()
        assert stage.bot
        stage.bot.send_signal(signal.SIGSTOP)
        for phone in phones:
            await phone.write("/help")
        stage.clock.jump(stage.clock.now() + 10 * MINUTE)
        stage.sandbox.drop_connections()
        await asyncio.sleep(0.3)
        assert [len(phone.received) for phone in phones] == [1] * 5, "the control: it stands still"
        stage.bot.send_signal(signal.SIGCONT)
        await stage.settle()
        assert [len(phone.received) for phone in phones] == [2] * 5
        assert await stage.stop_bot() == 0
    finally:
        await stage.close()
