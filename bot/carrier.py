"""Takes one claimed row to Telegram, in the way that Telegram can take it, and says what became of it."""

import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from bot import verdicts
from bot.api import Caller, NotSent, Uncertain, Upload
from bot.pace import Pace
from bot.verdicts import Call, State, Verdict
from storage.outbox import Claimed, Mark

log = logging.getLogger(__name__)

WAYS = 4  # how often a row may be said in another way before it fails
LONGEST_REST = 60.0  # seconds between two tries
LONGEST_DOUBT = 300.0  # seconds between two tries of a row that may have arrived: each may be one more copy
QUIET = 2  # calls in a row that may stay without an answer before Telegram is first asked whether it is there
UNPACED = frozenset({"deleteMessage", "deleteMessages"})

Make = Callable[[str], Awaitable[Upload]]  # a file from its recipe


class Outcome(NamedTuple):
    """What became of a claimed row."""

    row: Claimed
    verdict: Verdict
    chat: int  # the row's, or the supergroup that its group became
    moved: bool = False  # it was sent anew in place of a message that is gone

    def mark(self) -> Mark:
        """Return what is written into the row."""
        verdict = self.verdict
        moved = self.moved and verdict.state == "sent"
        return Mark(self.row.id, verdict.state, verdict.message, verdict.reason, verdict.doubted, moved)


class Carrier:
    """Makes the calls of rows; obeys Telegram's waits and stops everyone while nobody answers."""

    def __init__(self, api: Caller, pace: Pace, make: Make, leaving: Callable[[], None]) -> None:
        self._api, self._pace, self._make, self._leaving = api, pace, make, leaving
        self._silence = 0  # calls in a row that were not answered at all

    async def carry(self, row: Claimed) -> Outcome:
        """Make the row's call, again in another way where the answer asks for it. Raises TokenRefused."""
        try:
            upload = await self._make(row.document) if row.document else None
        except Exception as error:
            return failed(row, error)
        if self._silence > QUIET and not await self._is_there():
            return given_back(row)
        call = verdicts.call(row)
        for _ in range(WAYS):
            slot = None
            if call.method not in UNPACED and not (slot := await self._pace.slot(call.chat)):
                return given_back(row)
            self._leaving()
            verdict = await self._exchange(row, call, upload)
            if slot:
                self._pace.answered(slot)
            if verdict.again is None:
                return Outcome(row, verdict, call.chat, call.moved)
            call = verdict.again
            if call.plain:
                log.error("row %d: Telegram could not read the formatting", row.id)
        return Outcome(row, Verdict("failed", reason="Telegram takes it in no way"), row.chat)

    async def _exchange(self, row: Claimed, call: Call, upload: Upload | None) -> Verdict:
        try:
            answer = await self._api.call(call.method, {"chat_id": call.chat} | call.parameters, upload=upload)
        except NotSent:
            self._unheard(patience=0)
            return Verdict()
        except Uncertain:
            self._unheard(patience=QUIET)
            state: State = "in doubt" if row.doubt == "hold" else "planned"
            return Verdict(state, rest=backoff(2 * row.attempts - 1, LONGEST_DOUBT), doubted=True)
        self._silence = 0
        verdict = verdicts.judge(call, answer)
        if verdict.retry_after:
            log.warning("Telegram asks to wait for %.0f s", verdict.retry_after)
            self._pace.too_fast(verdict.retry_after)
        return verdict

    async def _is_there(self) -> bool:
        """Ask Telegram for something that cannot come twice, before a message is risked."""
        try:
            await self._api.call("getMe", {})
        except (NotSent, Uncertain):
            self._unheard(patience=0)
            return False
        return True

    def _unheard(self, patience: int) -> None:
        """Count a call without an answer; after more than `patience` in a row all sending pauses, longer each time."""
        if not self._pace.held():
            self._silence += 1
            if self._silence > patience:
                self._pace.hold(backoff(self._silence - patience))


def given_back(row: Claimed) -> Outcome:
    """Return the outcome of a row that did not leave and is tried again."""
    return Outcome(row, Verdict(), row.chat)


def failed(row: Claimed, error: Exception) -> Outcome:
    """Return the outcome of a row that met a defect of ours: it is never tried in a hot loop."""
    log.error("row %d failed: %s", row.id, type(error).__name__)
    return Outcome(row, Verdict("failed", reason=type(error).__name__), row.chat)


def backoff(attempt: int, longest: float = LONGEST_REST) -> float:
    """Return the seconds to wait after the nth try: 1, 2, 4 … `longest`."""
    return min(longest, 2.0 ** min(attempt - 1, 10))
