"""The line under a call: cut, hung, moved, not to be trusted; what may have arrived is never sent again by itself."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.api import Api, NotSent, Uncertain
from sandbox.server import Sandbox

WRONG = "123456789:" + "wrong-wrong-wrong-wrong-wrong-wrong"
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}'
LAST = OK.replace(b"OK\r", b"OK\r\nConnection: close\r")
CUT = b""


class Server:
    """A server that gives each line the same answers, then ends it, or says no more; it keeps what it was asked."""

    def __init__(self, *answers: bytes, mute: bool = False) -> None:
        self._answers, self._mute = answers, mute
        self._ended, self._lines = asyncio.Event(), set[asyncio.Task[None]]()
        self.asked: list[bytes] = []
        self.address = ""

    @asynccontextmanager
    async def open(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Server"]:
        """Serve, with TLS if a context is given."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=tls)
        self.address = f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self
            self._ended.set()
            await asyncio.gather(*self._lines)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in self._answers:
            if not (asked := await reader.read(10_000)):
                break
            self.asked.append(asked)
            writer.write(answer)
        if self._mute:
            await self._ended.wait()
        writer.close()
        with suppress(OSError):  # the other end may have been faster
            await writer.wait_closed()


@pytest.mark.parametrize("mute", [False, True])
@pytest.mark.parametrize("begun", [OK[:20], OK[:-3], b"junk\r\n\r\n"])
async def test_an_answer_that_is_not_whole_leaves_it_open(begun: bytes, mute: bool) -> None:
    async with Server(begun, mute=mute).open() as server:
        api = Api(server.address, WRONG)
        with pytest.raises(Uncertain):
            await api.call("getMe", {}, timeout=0.1)
        await api.close()
        assert len(server.asked) == 1


async def test_a_call_on_a_line_that_is_cut_is_never_made_again_by_itself() -> None:
    async with Server(OK, CUT).open() as server:
        api = Api(server.address, WRONG)
        assert (await api.call("getMe", {})).ok
        with pytest.raises(Uncertain):
            await api.call("sendMessage", {})
        assert [asked.count(b"/sendMessage ") for asked in server.asked] == [0, 1]
        assert (await api.call("getMe", {})).ok
        await api.close()


@pytest.mark.parametrize("answer", [OK, LAST])
async def test_a_line_that_the_server_ended_is_not_used_again(answer: bytes) -> None:
    async with Server(answer).open() as server:
        api = Api(server.address, WRONG)
        for _ in range(3):
            assert (await api.call("getMe", {})).ok
            await asyncio.sleep(0.01)  # until its end is known here
        await api.close()


async def test_a_call_that_was_given_up_leaves_the_others_alone() -> None:
    async with Server(mute=True).open() as mute, Server(OK).open() as server:
        api = Api(mute.address, WRONG)
        call = asyncio.create_task(api.call("getMe", {}))
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(Uncertain):
            await api.call("getMe", {}, timeout=0.05)
        await api.close()
        again = Api(server.address, WRONG)
        assert (await again.call("getMe", {})).ok
        await again.close()


async def test_a_redirect_is_not_followed_with_the_token() -> None:
    async with Server(OK).open() as other:
        moved = f"HTTP/1.1 307 Go\r\nLocation: {other.address}/bot{WRONG}/getMe\r\nContent-Length: 0\r\n\r\n"
        async with Server(moved.encode()).open() as server:
            api = Api(server.address, WRONG)
            with pytest.raises(Uncertain):
                await api.call("getMe", {})
            await api.close()
        assert not other.asked


async def test_no_proxy_of_the_environment_learns_the_token(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Server(OK).open() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        api = Api(sandbox.api_url, sandbox.token)
        assert (await api.call("getMe", {})).result["is_bot"]
        await api.close()
        assert not proxy.asked


async def test_a_server_that_cannot_prove_its_name_learns_nothing(tmp_path: Path) -> None:
    async with Server(OK).open(unproven(tmp_path)) as server:
        api = Api(server.address, WRONG)
        with pytest.raises(NotSent):
            await api.call("getMe", {})
        await api.close()
        assert not server.asked


def unproven(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate that nobody has signed."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1).not_valid_before(datetime.now(UTC))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = made.not_valid_after(datetime.now(UTC) + timedelta(days=1)).add_extension(alternative, critical=True)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(signed.sign(key, hashes.SHA256()).public_bytes(pem) + private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "server.pem")
    return context
