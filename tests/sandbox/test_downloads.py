"""What getFile gives can be downloaded for an hour, by who has the token; all else is refused as Telegram does it."""

import aiohttp
import pytest

from sandbox import faults
from sandbox.clock import VirtualClock
from sandbox.phone import Phone
from sandbox.server import Sandbox
from tests.sandbox.caller import Bot

HOUR = 3_600_000


async def path_of(bot: Bot, woman: Phone, **said: str) -> str:
    sent = (await woman.send("document", content=b"a;b", **said))["message"]["document"]
    file = await bot.do("getFile", file_id=sent["file_id"])
    assert file["file_size"] == 3
    return str(file["file_path"])


async def got(bot: Bot, path: str, root: str = "") -> tuple[int, bytes]:
    async with bot.session.get(f"/file{root or bot.root}/{path}") as response:
        return response.status, await response.read()


async def test_a_path_is_telegrams_own_whatever_the_file_is_called(bot: Bot, woman: Phone) -> None:
    first, second = await path_of(bot, woman, name="../../etc/siyahı.csv"), await path_of(bot, woman, name="x.csv")
    assert (first, second) == ("documents/file_0.csv", "documents/file_1.csv")
    assert await got(bot, first) == (200, b"a;b")


async def test_a_path_is_good_for_an_hour_and_getfile_makes_it_good_again(
    bot: Bot, woman: Phone, clock: VirtualClock
) -> None:
    sent = (await woman.send("document", content=b"a;b"))["message"]["document"]["file_id"]
    path = (await bot.do("getFile", file_id=sent))["file_path"]
    clock.jump(clock.now() + HOUR)
    assert (await got(bot, path))[0] == 404
    assert (await bot.do("getFile", file_id=sent))["file_path"] == path
    assert await got(bot, path) == (200, b"a;b")


async def test_a_file_that_was_not_asked_for_is_not_there(bot: Bot, woman: Phone, sandbox: Sandbox) -> None:
    sent = (await woman.send("document", content=b"a;b"))["message"]["document"]["file_id"]
    for path in (f"documents/{sent}", "documents/file_0.txt", "../x"):
        assert (await got(bot, path))[0] == 404
    assert (await got(bot, await path_of(bot, woman), "/bot123456:wrong-secret-of-the-right-form"))[0] == 401


async def test_a_download_fails_as_it_is_planned(bot: Bot, woman: Phone, sandbox: Sandbox) -> None:
    path = await path_of(bot, woman)
    sandbox.faults.plan("file", fault=faults.BAD_GATEWAY)
    assert (await got(bot, path))[0] == 502
    sandbox.faults.plan("file", fault=faults.CUT_BEFORE, times=2)  # aiohttp asks once more by itself
    with pytest.raises(aiohttp.ClientError):
        await got(bot, path)
    assert await got(bot, path) == (200, b"a;b")
    assert [call.status for call in sandbox.calls if call.method == "file"] == [502, 0, 0, 200]
