"""python-telegram-bot's requests over our own connection, for the one thing that it asks itself: getMe, at start."""

from datetime import timedelta
from typing import Any

from pyreqwest.multipart import FormBuilder
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot import api


class ApiRequest(BaseRequest):
    """A telegram.request.BaseRequest over an Api, which its owner closes."""

    def __init__(self, connection: api.Api, read_timeout: float = api.TIMEOUT) -> None:
        self._api, self._read_timeout = connection, read_timeout

    @property
    def read_timeout(self) -> float:
        """Seconds for a whole request."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing: the Api connects when it is first asked."""

    async def shutdown(self) -> None:
        """Nothing: the Api is closed by its owner."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return status and body; raises TimedOut when the request may have arrived, NetworkError when it did not."""
        seconds = read_timeout if isinstance(read_timeout, int | float) else self._read_timeout
        try:
            return await self._api.exchange(method, url, form(request_data), seconds)
        except api.NotSent as error:
            failure: NetworkError = NetworkError(str(error))
        except api.Uncertain as error:
            failure = TimedOut(str(error))
        raise failure


def retry_after(error: TelegramError) -> float:
    """Return for how many seconds Telegram asks to be left alone; 0 unless the error is a 429."""
    wait = error.retry_after if isinstance(error, RetryAfter) else 0
    return wait.total_seconds() if isinstance(wait, timedelta) else wait


def form(data: RequestData | None) -> FormBuilder | None:
    """Return the parameters, with the files among them, as a form."""
    if data is None or not data.json_parameters | (data.multipart_data or {}):
        return None
    made = FormBuilder().percent_encode_noop()
    for name, value in data.json_parameters.items():
        made = made.text(name, value)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        made = made.part(name, api.file(filename, content if isinstance(content, bytes) else content.read(), kind))
    return made
