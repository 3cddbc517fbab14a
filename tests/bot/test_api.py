"""Calls over HTTP: an answer, or the truth about whether the call may have arrived; and never the token."""

import logging
import socket
import traceback
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InputFile
from telegram.error import InvalidToken, NetworkError, TimedOut

from bot.api import Answer, Api, NotSent, Uncertain, Upload, read
from bot.request import ApiRequest
from sandbox import faults
from sandbox.faults import Fault
from sandbox.server import Sandbox

WRONG = "123456789:" + "wrong-wrong-wrong-wrong-wrong-wrong"


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    made = Api(sandbox.api_url, sandbox.token)
    yield made
    await made.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def test_a_call_is_answered_with_its_result(api: Api, sandbox: Sandbox) -> None:
    phone = sandbox.phone("Aygün")
    await phone.start()
    answer = await api.call("sendMessage", {"chat_id": phone.id, "text": "Salam, Gülnarə – ə"})
    assert (answer.ok, answer.status) == (True, 200)
    assert phone.last.text == "Salam, Gülnarə – ə"
    assert answer.result["message_id"] == phone.last.message_id


async def test_a_refusal_is_an_answer_with_its_words(api: Api) -> None:
    answer = await api.call("sendMessage", {"chat_id": 999, "text": "x"})
    assert (answer.ok, answer.status, answer.description) == (False, 400, "Bad Request: chat not found")


async def test_a_flood_wait_gives_its_seconds(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.plan("getMe", fault=faults.flood(7))
    answer = await api.call("getMe", {})
    assert (answer.status, answer.retry_after) == (429, 7)


async def test_a_file_goes_with_its_call(api: Api, sandbox: Sandbox) -> None:
    phone = sandbox.phone()
    await phone.start()
    upload = Upload("document", "siyahı.xlsx", b"\0\1\2" * 1000)
    buttons = {"inline_keyboard": [[{"text": "Bəli", "callback_data": "a/b"}]]}
    parameters = {"chat_id": phone.id, "caption": "Siyahı", "reply_markup": buttons}
    answer = await api.call("sendDocument", parameters, upload=upload)
    assert answer.ok, answer.description
    assert phone.last.buttons
    assert answer.result["document"]["file_name"] == "siyahı.xlsx"
    assert answer.result["document"]["file_size"] == 3000


@pytest.mark.parametrize(
    "fault", [faults.CUT_BEFORE, faults.CUT_AFTER, faults.JUNK, faults.BAD_GATEWAY, faults.RESTART]
)
async def test_what_was_not_answered_may_have_arrived(api: Api, sandbox: Sandbox, fault: Fault) -> None:
    sandbox.faults.plan("getMe", fault=fault)
    with pytest.raises(Uncertain):
        await api.call("getMe", {})
    assert (await api.call("getMe", {})).ok


async def test_what_is_not_answered_in_time_may_have_arrived(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.plan("getMe", fault=faults.slow(60))
    with pytest.raises(Uncertain):
        await api.call("getMe", {}, timeout=0.05)


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}", "http://nobody.invalid", "https://127.0.0.1:{port}"])
async def test_what_found_no_connection_was_not_sent(address: str) -> None:
    api = Api(address.format(port=free_port()), WRONG)
    with pytest.raises(NotSent):
        await api.call("getMe", {})
    await api.close()


async def test_a_connection_that_is_not_taken_in_time_was_not_sent() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]  # they fill the queue, so that ours is never taken
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        api = Api(f"http://127.0.0.1:{port}", WRONG, connect_timeout=0.05)
        with pytest.raises(NotSent):
            await api.call("getMe", {})
        await api.close()
        for one in waiting:
            one.close()


@pytest.mark.parametrize(
    ("status", "content", "answer"),
    [
        (413, b"<html>413</html>", Answer(False, 413, description="Request Entity Too Large")),
        (200, b'{"ok":true,"result":[1]}', Answer(True, 200, [1])),
        (200, b'{"ok":true,"result":"\\ud83d"}', Answer(True, 200, "\ud83d")),  # half an emoji
        (
            400,
            b'{"ok":false,"description":"d","parameters":{"migrate_to_chat_id":-1001}}',
            Answer(False, 400, None, "d", None, -1001),
        ),
    ],
)
def test_an_answer_is_read(status: int, content: bytes, answer: Answer) -> None:
    assert read("sendMessage", status, content) == answer


@pytest.mark.parametrize(
    ("status", "content"),
    [(200, b"<html>"), (200, b""), (200, b"[]"), (200, b'{"portal":1}'), (404, b"<html>"), (500, b'{"ok":false}')],
)
def test_what_is_no_answer_of_the_bot_api_leaves_it_open(status: int, content: bytes) -> None:
    with pytest.raises(Uncertain):
        read("sendMessage", status, content)


async def test_the_token_is_in_no_repr_error_or_log(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    for address in (sandbox.api_url, f"http://127.0.0.1:{free_port()}", "http://nobody.invalid", "no address"):
        api = Api(address, sandbox.token, connect_timeout=0.2)
        shown.append(repr(api))
        sandbox.faults.plan("getMe", fault=faults.CUT_AFTER)
        sandbox.faults.plan("getMe", fault=faults.JUNK)
        for _ in range(2):
            try:
                await api.call("getMe", {})
            except (NotSent, Uncertain) as error:
                shown += [repr(error), *traceback.format_exception(error), repr(error.__context__)]
        await api.close()
    assert len(shown) > 12
    assert sandbox.token not in "".join(shown) + caplog.text
    assert sandbox.token.partition(":")[2] not in "".join(shown) + caplog.text


async def test_python_telegram_bot_speaks_over_the_same_connection(api: Api, sandbox: Sandbox) -> None:
    phone = sandbox.phone()
    await phone.start()
    request = ApiRequest(api)
    async with Bot(sandbox.token, f"{sandbox.api_url}/bot", request=request, get_updates_request=request) as bot:
        assert bot.username == "istirak_sandbox_bot"
        await bot.send_document(phone.id, InputFile(b"abc", "list.txt"), caption="Siyahı")
        assert phone.last.text == "Siyahı"
        sandbox.faults.plan("getMe", fault=faults.CUT_AFTER)
        with pytest.raises(TimedOut):
            await bot.get_me()
    lost = Bot(WRONG, f"{sandbox.api_url}/bot", request=request, get_updates_request=request)
    with pytest.raises(InvalidToken):
        await lost.get_me()


async def test_python_telegram_bot_hears_that_nothing_left() -> None:
    api = Api(f"http://127.0.0.1:{free_port()}", WRONG)
    request = ApiRequest(api)
    address = f"http://127.0.0.1:{free_port()}/bot"
    with pytest.raises(NetworkError) as failure:
        await Bot(WRONG, address, request=request, get_updates_request=request).get_me()
    assert not isinstance(failure.value, TimedOut)
    await api.close()
