"""A full run of the real bot at DEBUG: not one token, key, name, phone, word or answer stands in the log."""

import io
import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from telegram.ext import Application

from bot import keys, logs
from bot.seams import Seams
from sandbox import faults
from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from storage import inbox
from tests.bot import crew
from tests.bot.test_days import at
from tests.bot.test_notes import written
from tests.bot.test_privacy import erased
from tests.bot.test_surveys import fill, group
from tests.bot.women import Woman
from tests.conftest import HURRY, TOKEN, House, apply_sample, configuration

NAME, PHONE, DIGITS = "Gülnarə Sınaqova", "+994507654321", "7654321"
ANSWER, NOTE, QUESTION, REPLY = "Gizli təklifim", "Gizli qeydim", "Gizli sualım", "Gizli cavabım"
PLANTED = (TOKEN, TOKEN.partition(":")[2], NAME, "Sınaqova", DIGITS, ANSWER, NOTE, QUESTION, REPLY, "Gizli")
NOISY = (*logs.QUIET, "telegram.ext", "aiohttp")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Put the logging of this process back as it was, whatever the test makes of it."""
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in NOISY}
    yield io.StringIO()
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook = hooks
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    root.handlers[:], logging.raiseExceptions = handlers, raising
    root.setLevel(level)


@pytest.fixture
async def secret(
    log: io.StringIO, tmp_path: Path, sandbox: Sandbox, clock: VirtualClock
) -> AsyncIterator[tuple[House, str]]:
    """A house with an encrypted database that logs everything, and its key."""
    config = configuration(tmp_path, sandbox.api_url, encrypted=True)
    key = (tmp_path / "key").read_text()
    logs.set_up(logging.DEBUG, secrets=[TOKEN, key], stream=log)
    house = House(tmp_path, sandbox, clock, config, Seams())
    await house.open()
    await apply_sample(house.database, clock.now())
    yield house, key
    await house.close()


async def live(house: House) -> None:
    """Everything that a bot meets: registration, survey, note, inquiry, faults, failures, a block and an erasure."""
    organiser, woman = await crew.member(house, "organiser"), await Woman(house, "az").reach("name")
    phone = woman.phone
    phone.person.phone_number = PHONE
    await woman.write(NAME)
    await house.settle()
    for step in (woman.tap_first, woman.tap_first, woman.tap_first, woman.tap_done, woman.tap_done):
        await step()
        await house.settle()
    await phone.share_contact()
    await house.settle()
    await woman.tap_first()
    await house.settle()
    update = await phone.write(QUESTION)
    await house.settle()
    await phone.tap(f"q/{update['message']['message_id']}")
    await house.settle()
    await organiser.reply(organiser.last.message_id, REPLY)
    await house.settle()
    note = await written(house, organiser, NOTE)
    house.sandbox.faults.mix(7, {faults.CUT_AFTER: 0.2, faults.RESTART: 0.2, faults.JUNK: 0.1, faults.flood(1): 0.1})
    house.hurry = 2000  # a bot that is told to wait again and again
    await organiser.tap(f"n/{note}/send")
    await house.travel(at(2, 17))
    house.sandbox.faults.clear()
    house.hurry = HURRY
    await house.travel(hours=1)  # what may have arrived rests for half an hour before it is sent once more
    await fill(house, phone, "5", "Tam yerində", "Bəli", "Bəli")
    await woman.write(ANSWER)
    await organiser.write("/status")
    await organiser.write("/export")
    await house.settle()
    await fail(house, woman)
    others = await group(house, 2)
    await others[0].block()
    house.sandbox.network_away()
    await others[1].write(ANSWER)
    with house.in_a_hurry():
        await house.clock.sleep(3)
    house.sandbox.network_away(False)
    await house.travel(at(6, 17))
    await erased(house, phone)
    await house.settle()


async def fail(house: House, woman: Woman) -> None:
    """Let two updates fail: one that cannot be read, and one whose words the database refuses."""
    woman.inject(text=ANSWER, entities=[{"type": 5, "offset": NAME}])
    async with house.database.transaction() as tx:
        await tx.run(
            "CREATE TRIGGER refuse BEFORE INSERT ON inquiries BEGIN SELECT RAISE(ABORT, 'Gizli səhv'); END"  # an error
        )
    update = await woman.phone.write(QUESTION)
    await house.settle()
    await woman.phone.press_raw(f"q/{update['message']['message_id']}", woman.phone.last.message_id)
    await house.settle()
    async with house.database.transaction() as tx:
        await tx.run("DROP TRIGGER refuse")
        assert await inbox.aside(tx), "the control: an update did fail"


async def test_nothing_that_is_secret_or_hers_stands_in_the_log(secret: tuple[House, str], log: io.StringIO) -> None:
    house, key = secret
    await live(house)
    logging.getLogger("bot").debug("the control: %s %s", TOKEN, key)
    said = log.getvalue()
    assert f" DEBUG bot: the control: {keys.MASK} {keys.MASK}" in said
    assert "ERROR bot.intake: update" in said
    assert "getUpdates: Uncertain" in said
    assert [planted for planted in (*PLANTED, key) if planted in said] == []


async def test_the_control_a_plain_bot_of_the_library_would_have_told_all(
    log: io.StringIO, sandbox: Sandbox, clock: VirtualClock
) -> None:
    logging.getLogger().handlers[:] = [logging.StreamHandler(log)]
    for name in ("", *NOISY):
        logging.getLogger(name).setLevel(logging.DEBUG)
    plain = Application.builder().token(TOKEN).base_url(f"{sandbox.api_url}/bot").updater(None).build()
    await plain.initialize()
    phone = sandbox.phone(name=NAME)
    await phone.start()
    await phone.write(ANSWER)
    await plain.bot.get_updates()
    await plain.shutdown()
    assert [planted for planted in (TOKEN, NAME, ANSWER) if planted not in log.getvalue()] == []
