"""The HTTP side of the Bot API: who may call, what goes wrong on the way, and a log of every call."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass

from aiohttp import web

from sandbox import parameters
from sandbox.api import Api
from sandbox.faults import Fault, Faults
from sandbox.parameters import Call
from sandbox.refusals import HARMLESS, Refused
from sandbox.world import World

NO_JSON = "<html><head><title>Sign in to the network</title></head></html>"
FILE = "file"  # how a download is called among the calls
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{3,80}")


@dataclass(frozen=True)
class Answered:
    """A Bot API call and its answer: `status` 0 means that none was given. `moment` is UTC milliseconds."""

    moment: int
    method: str
    chat: int | None
    status: int
    description: str
    values: dict[str, str]


class Gate:
    """Lets calls through to the Bot API, fails those that are to fail, and counts what is refused."""

    def __init__(self, world: World, token: str, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.calls: list[Answered] = []
        self.refused_malformed = 0
        self.refused_pace = 0
        self._token = token.encode()
        self.api = Api(world)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer /bot{token}/{method}."""
        if self.faults.away:
            return _cut(request)
        method = request.match_info["method"]
        fault = self.faults.next(method)
        call = Call(method)
        status, description = 200, ""
        try:
            self._check(request.match_info["token"])
            call = await parameters.read(request, method)
            body = await self._result(call, fault)
        except Refused as refused:
            status, description, body = refused.status, refused.description, _refusal(refused)
        return await self._give(request, call, status, description, body, fault)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Answer /file/bot{token}/{path}, where {path} is what getFile said. Faults are planned for «file»."""
        if self.faults.away:
            return _cut(request)
        call = Call(FILE, {"path": request.match_info["path"]})
        fault = self.faults.next(FILE)
        try:
            self._check(request.match_info["token"])
            if fault is not None and fault.status:
                raise _failed(fault)
            held = self.world.at_path(call.text("path"))
            if held is None:
                raise Refused(404, "Not Found")
        except Refused as refused:
            return await self._give(request, call, refused.status, refused.description, _refusal(refused), fault)
        if fault is not None:
            return await self._give(request, call, 200, "", "", fault)
        self._log(call, 200, "")
        return web.Response(body=held.content, content_type="application/octet-stream")

    async def _result(self, call: Call, fault: Fault | None) -> str:
        if fault is not None and not fault.effect:
            raise _failed(fault)
        try:
            result = await self.api.result(call)
        except Refused as refused:
            self._count(refused)
            raise
        if fault is not None and fault.status:
            raise _failed(fault)
        return f'{{"ok":true,"result":{result}}}'

    async def _give(
        self, request: web.Request, call: Call, status: int, description: str, body: str, fault: Fault | None
    ) -> web.StreamResponse:
        """Log the call and answer it, or not, as the fault will have it."""
        if fault is not None and fault.slow:
            await self.world.clock.sleep(fault.slow)
        cut = self.faults.away or (fault is not None and fault.cut)
        junk = fault is not None and fault.junk
        self._log(call, 0 if cut else status, "connection cut" if cut else "no JSON" if junk else description)
        if cut:
            return _cut(request)
        if junk:
            return web.Response(status=status, text=NO_JSON, content_type="text/html")
        return _response(status, body)

    def _check(self, token: str) -> None:
        """Raises Refused unless it is the bot's token."""
        if hmac.compare_digest(token.encode(), self._token):
            return
        if _TOKEN.fullmatch(token):
            raise Refused(401, "Unauthorized")
        raise Refused(404, "Not Found")

    def _count(self, refused: Refused) -> None:
        if refused.status == 429:
            self.refused_pace += 1
        elif refused.status == 400 and refused.description.removeprefix("Bad Request: ") not in HARMLESS:
            self.refused_malformed += 1

    def _log(self, call: Call, status: int, description: str) -> None:
        moment = self.world.clock.now()
        self.calls.append(Answered(moment, call.method, call.chat(), status, description, call.values))


def _failed(fault: Fault) -> Refused:
    parameters_ = {"retry_after": fault.retry_after} if fault.retry_after else None
    return Refused(fault.status, fault.description, parameters_)


def _refusal(refused: Refused) -> str:
    answer = {"ok": False, "error_code": refused.status, "description": refused.description}
    if refused.parameters:
        answer["parameters"] = refused.parameters
    return json.dumps(answer, ensure_ascii=False)


def _response(status: int, body: str) -> web.Response:
    response = web.Response(status=status, text=body, content_type="application/json")
    if status == 429:
        response.headers["Retry-After"] = str(json.loads(body).get("parameters", {}).get("retry_after", 1))
    return response


def _cut(request: web.Request) -> web.Response:
    """Close the connection; what is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
