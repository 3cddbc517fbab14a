"""Takes one claimed row to Telegram, in the way that Telegram can take it, and says what became of it.

A call without a sure answer (the line was cut, a 5xx) may have brought her the message all the same, and each time that
it is made anew may bring it once more. So that happens only when Telegram answers `getMe`, which cannot come twice:
nothing is risked while Telegram is away, and all leaves within a minute of its return. A message that is not answered
although `getMe` is comes again after 1 s, 4 s and a minute, then each half hour: no more than four copies in half an
hour in which no message is answered. If others are, a lost answer is likelier than trouble that lasts: the next two
tries come at once (bot/sender.py), so that no woman waits for half an hour because of a bad line.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from bot import verdicts
from bot.api import Caller, NotSent, Uncertain, Upload
from bot.pace import Pace
from bot.verdicts import Call, Verdict
from storage.outbox import Claimed, Mark

log = logging.getLogger(__name__)

WAYS = 4  # how often a row may be said in another way before it fails
LONGEST_REST = 60.0  # seconds between two tries
# After each time that a row may have arrived: seconds that its chat waits, and that it lets other rows go first itself.
# A chat keeps its order for a minute; after that what follows overtakes the row.
RESTS = ((1.0, 0.0), (4.0, 0.0), (60.0, 59.0), (0.0, 1800.0))
QUIET = 2  # calls in a row that may stay without an answer before Telegram is first asked whether it is there
UNPACED = frozenset({"deleteMessage", "deleteMessages"})

Make = Callable[[str], Awaitable[Upload]]  # a file from its recipe


class Outcome(NamedTuple):
    """What became of a claimed row."""

    row: Claimed
    verdict: Verdict
    chat: int  # the row's, or the supergroup that its group became
    moved: bool = False  # it was sent anew in place of a message that is gone

    def mark(self, now: int) -> Mark:
        """Return what is written into the row."""
        verdict = self.verdict
        moved = self.moved and verdict.state == "sent"
        due = now + round(verdict.later * 1000) if verdict.later else None
        what = (verdict.state, verdict.message, verdict.reason, verdict.doubted, moved, verdict.left)
        return Mark(self.row.id, *what, due)


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
        if (self._silence > QUIET or row.doubts) and (stays := await self._ask()):
            return Outcome(row, stays, row.chat)
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
            return Verdict(left=False)
        except Uncertain:
            self._unheard(patience=QUIET)
            return in_doubt(row)
        was_silent, self._silence = self._silence > 0, 0
        verdict = verdicts.judge(call, answer)._replace(breaks_silence=was_silent)
        if verdict.retry_after:
            self._obey(verdict.retry_after)
        return verdict

    async def _ask(self) -> Verdict | None:
        """Ask Telegram for something that cannot come twice; return why no message is to be risked, if so it is."""
        try:
            answer = await self._api.call("getMe", {})
        except (NotSent, Uncertain):
            self._unheard(patience=0)
            return Verdict(left=False)
        if answer.status != 429:
            return None
        self._obey(retry_after := answer.retry_after or 1.0)
        return Verdict(reason=answer.description, retry_after=retry_after, left=False)

    def _obey(self, retry_after: float) -> None:
        log.warning("Telegram asks to wait for %.0f s", retry_after)
        self._pace.too_fast(retry_after)

    def _unheard(self, patience: int) -> None:
        """Count a call without an answer; after more than `patience` in a row all sending pauses, longer each time."""
        if not self._pace.held():
            self._silence += 1
            if self._silence > patience:
                self._pace.hold(backoff(self._silence - patience))


def given_back(row: Claimed) -> Outcome:
    """Return the outcome of a row that did not leave and is tried again."""
    return Outcome(row, Verdict(left=False), row.chat)


def in_doubt(row: Claimed) -> Verdict:
    """Return what becomes of a row that may have arrived."""
    if row.doubt == "hold":
        return Verdict("in doubt", doubted=True)
    rest, later = RESTS[min(row.doubts, len(RESTS) - 1)]
    return Verdict(rest=rest, later=later, doubted=True)


def failed(row: Claimed, error: Exception) -> Outcome:
    """Return the outcome of a row that met a defect of ours: it is never tried in a hot loop."""
    log.error("row %d failed: %s", row.id, type(error).__name__)
    return Outcome(row, Verdict("failed", reason=type(error).__name__, left=False), row.chat)


def backoff(attempt: int) -> float:
    """Return the seconds to wait after the nth try: 1, 2, 4 … LONGEST_REST."""
    return min(LONGEST_REST, 2.0 ** min(attempt - 1, 10))
