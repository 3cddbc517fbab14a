"""The model's calendar: which reminders and surveys must have come by a moment, and what they leave on the disk."""

from dataclasses import dataclass, field
from functools import cache

from tests.model.model import CARD, DAY, DAYS, ENOUGH, FORMS, HOUR, Said, Sheet, Value, Woman, at

OPEN = 72 * HOUR  # how long a survey is open
NOTICE = HOUR  # so long its closing must have been foreseen: a clock that is wrong for minutes closes none
CHORUS_ANSWER: dict[str, Value] = {"useful": 3}


@dataclass
class Survey:
    """The survey of a training day."""

    closes: int
    foreseen: int = 0  # since when the clock has said that it closes soon
    state: str = "open"
    asked: int = 0
    chorus: int = 0  # how many other women answered it
    responses: list[dict[str, Value]] = field(default_factory=list)

    def due(self) -> int:
        """When something happens to it next: its closing is foreseen, or it closes."""
        return max(self.closes, self.foreseen + NOTICE) if self.foreseen else self.closes - NOTICE

    def look(self, now: int) -> bool:
        """Foresee the closing, or take that back where the clock was wrong; True if it must close."""
        if not self.foreseen or self.foreseen > now or now < self.closes - NOTICE:
            self.foreseen = now if now >= self.closes - NOTICE else 0
        return bool(self.foreseen) and self.due() <= now


@cache
def moments(session: str) -> dict[str, tuple[int, int, int]]:
    """When each reminder of a day is due, when it is of no use any more, and who registered later is not meant."""
    starts, ends = at(session, 10), at(session, 16)
    eve, morning = at(session, 19, -1), at(session, 8)
    return {"eve": (eve, at(session, 0), eve), "morning": (morning, ends, starts), "survey": (ends, ends + OPEN, ends)}


class Calendar:
    """What the clock must have brought about."""

    def __init__(self, women: list[Woman]) -> None:
        self.women = women
        self.surveys: dict[str, Survey] = {}

    def coming(self, now: int) -> list[int]:
        """The moments after `now` at which something must happen, the first first."""
        planned = [due for session in DAYS for due, *_ in moments(session).values()]
        planned += [survey.due() for survey in self.surveys.values() if survey.state == "open"]
        return sorted(moment for moment in planned if moment > now)

    def entries(self) -> str:
        """What stands in the ledgers of the women and of the surveys."""
        return repr((self.surveys, [woman.ledger for woman in self.women]))

    def look(self, now: int) -> None:
        """Bring everything to where it must stand at `now`."""
        for woman in self.women:
            self.remind(woman, now)
        for session in sorted(DAYS, key=lambda each: at(each, 16)):
            ends = at(session, 16)
            if session not in self.surveys and now - OPEN < ends <= now:
                self.open(session, now)
        for session, survey in self.surveys.items():
            if survey.state == "open" and survey.look(now):
                self.close(session, survey)

    def remind(self, woman: Woman, now: int) -> None:
        """Eve and morning, each once; the map card comes with the first message about a day."""
        cards = []
        for session in DAYS:
            for kind in ("eve", "morning"):
                due = moments(session)[kind][0]
                near = now - 30 * DAY < at(session, 10) < now + 2 * DAY
                if near and due <= now and self.enter(woman, session, kind, now):
                    woman.say(f"days.{kind}")
                    others = [key for key, state in woman.ledger.items() if key[0] == session and state == "queued"]
                    cards += [Said("venue")] if others == [(session, kind)] else []
        woman.said += cards

    def enter(self, woman: Woman, session: str, kind: str, now: int) -> bool:
        """Enter a reminder into the ledger, if she is meant and it is not there; True if she must get it.

        What was entered as missed and is of use after all, because the clock was set back, comes.
        """
        _, useless, before = moments(session)[kind]
        meant = woman.record.get("region") == DAYS[session][0] and woman.registered_at <= before
        known = woman.ledger.get((session, kind))
        if not meant or known not in (None, "missed") or (known and (useless <= now or not woman.reachable)):
            return False
        if kind != "eve" and woman.intents.get(session) == "not coming":
            return False
        state = "missed" if useless <= now else "queued" if woman.reachable else "unreachable"
        woman.ledger[session, kind] = state
        return state == "queued"

    def open(self, session: str, now: int) -> None:
        """Ask every woman of the region who had not said no; her answers are in nobody's name."""
        self.surveys[session] = survey = Survey(now + OPEN)
        for woman in self.women:
            if self.enter(woman, session, "survey", now):
                survey.asked += 1
                sheet = Sheet("day", {}, next(iter(FORMS["day"])), session)
                woman.sheets.append(sheet)
                woman.ask(sheet)

    def close(self, session: str, survey: Survey) -> None:
        """Keep five sheets or more without their women; fewer are destroyed."""
        survey.responses = [CHORUS_ANSWER] * survey.chorus
        for woman in self.women:
            for sheet in [each for each in woman.sheets if each.subject == session]:
                given: dict[str, Value] = {q: value for q, value in sheet.answers.items() if value is not None}
                survey.responses += [given] if given and sheet.state != "cancelled" else []
                sheet.state, sheet.step = "closed", CARD
        survey.state = "closed" if len(survey.responses) >= ENOUGH else "too few"
