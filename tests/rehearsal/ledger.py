"""What the women did and saw, held against what the bot remembers; every difference is a sentence."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.refusals import HARMLESS
from sandbox.world import Message
from tests.rehearsal import organiser, words
from tests.rehearsal.stage import BAKU
from tests.rehearsal.story import Player, Story
from tests.rehearsal.weather import FEWEST, Weather

KINDS = {"eve": "days.eve", "morning": "days.morning", "survey": "survey.invite"}
WHOLE = 100  # women of a whole rehearsal
ENOUGH = 5  # sheets that keep a survey anonymous
FATES = ("the bot can write to", "on the list of those to call", "declined", "erased herself")


@dataclass
class Ledger:
    """The differences, sorted by which promise they break."""

    story: Story
    unaccounted: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    owed: list[str] = field(default_factory=list)  # messages that were promised and did not come
    told: list[str] = field(default_factory=list)  # what the owner was told wrongly, or was not told
    fates: Counter[str] = field(default_factory=Counter)
    twice: int = 0  # messages that came more than once
    listed: int = 0  # and how many are listed as such that may have

    def __post_init__(self) -> None:
        self.rows = self.story.stage.rows
        for player in self.story.players:
            self._account(player)
            self._compare_registration(player)
            self._compare_reminders(player)
            self.lost += player.woman.troubles
        self.lost += self.story.troubles
        self._compare_surveys()
        self._compare_recommendations()
        self._compare_messages()
        self._compare_spreadsheet()
        self._read_calls()
        if self.story.weather:
            self._compare_told(self.story.weather)

    @property
    def broken(self) -> list[str]:
        """Every sentence."""
        return [*self.unaccounted, *self.lost, *self.doubled, *self.owed, *self.refused, *self.told]

    def person(self, player: Player) -> tuple[Any, ...] | None:
        """The row of a woman: state, name, region, group, phone, chat's state, id, age."""
        rows = self.rows(
            "SELECT p.state, p.name, p.region, p.group_key, p.phone, c.state, p.id, p.age FROM chat_people cp"
            " JOIN people p ON p.id = cp.person JOIN chats c ON c.id = cp.chat WHERE cp.chat = ?",
            (player.woman.phone.id,),
        )
        if len(rows) > 1:
            self.doubled.append(f"{player.woman.name} stands in the database {len(rows)} times.")
        return rows[0] if rows else None

    def _account(self, player: Player) -> None:
        """Find out what became of a woman, and whether it is what she was told."""
        diary, row, fate = player.woman.diary, self.person(player), None
        if diary.erased and row is None:
            fate = FATES[3]
        elif diary.declined and (row is None or row[0] == "visitor"):
            fate = FATES[2]
        elif diary.registered and row and row[0] == "registered":
            is_away = player.woman.phone.person.blocked or player.woman.phone.person.gone
            fate = FATES[1] if row[5] != "reachable" else None if is_away else FATES[0]
        if fate is None:
            self.unaccounted.append(f"{player.woman.name} (№ {player.part.number}) is not accounted for: {row}.")
        self.fates[fate or "?"] += 1

    def _compare_registration(self, player: Player) -> None:
        """What she saw on the card, and what she said of each day, must be what is kept."""
        diary, row, part = player.woman.diary, self.person(player), player.part
        if not diary.registered or diary.erased or row is None:
            return
        kept = (words.tidy(part.name), part.region, part.group, part.phone_as_kept)
        if row[1:5] != kept:
            self.lost.append(f"{part.name}: kept {row[1:5]}, said {kept}.")
        needs = self.rows("SELECT need FROM needs WHERE person = ? ORDER BY need", (row[6],))
        allowed = self.rows("SELECT purpose FROM consents WHERE person = ? AND withdrawn_at IS NULL", (row[6],))
        apart = (row[7], [need for (need,) in needs], {purpose for (purpose,) in allowed})
        meant = (part.age, part.needs.split(), {"training", *part.permissions.split()})
        if apart != meant:
            self.lost.append(f"{part.name}: kept {apart}, said {meant}.")
        intents = dict(self.rows("SELECT session, answer FROM intents WHERE person = ?", (row[6],)))
        if intents != diary.intents:
            self.lost.append(f"{part.name}: kept {intents}, said {diary.intents}.")
        [(sent,)] = self.rows(
            "SELECT count(*) FROM sheets WHERE person = ? AND form = 'registration' AND state = 'submitted'", (row[6],)
        )
        if sent > 1:
            self.doubled.append(f"{part.name} sent one registration and {sent} are kept.")
        inquiries = len(self.rows("SELECT 1 FROM inquiries WHERE person = ?", (row[6],)))
        if inquiries != diary.inquiries:
            self.lost.append(f"{part.name}: {inquiries} of {diary.inquiries} questions are kept.")

    def _compare_reminders(self, player: Player) -> None:
        """She must have seen each reminder that was owed to her once, and no other."""
        if player.woman.diary.erased:
            return  # the bot has taken its messages back
        owed = Counter({key: count for key, count in player.owed.items() if count})
        owed["", "note"] = player.calls
        seen, listed = Counter(self._reminders_seen(player)), self._listed(player)
        for key in sorted(owed | seen):
            if not owed[key] <= seen[key] <= owed[key] + listed[key]:
                where = self.owed if seen[key] < owed[key] else self.doubled
                where.append(f"{player.woman.name}: {key} came {seen[key]} times, {owed[key]} owed.")

    def _listed(self, player: Player) -> Counter[tuple[str, str]]:
        """How often each of her reminders is listed as one that may have come twice."""
        rows = self.rows("SELECT key, doubted FROM outbox WHERE chat = ? AND doubted > 0", (player.woman.phone.id,))
        listed: Counter[tuple[str, str]] = Counter()
        for key, doubted in rows:
            match (key or "").split(":"):
                case "remind", session, _, kind:
                    listed[session, kind] += doubted
                case ("note" | "nudge") as kind, *_:
                    listed["", kind] += doubted
        return listed

    def _reminders_seen(self, player: Player) -> Iterator[tuple[str, str]]:
        dates = {
            date: id_
            for id_, date in self.rows("SELECT id, date FROM sessions WHERE region = ?", (player.part.region,))
        }
        for message in player.woman.phone.received:
            if organiser.NOTE in message.text:
                yield "", "note"
            if words.says(message, "nudge.next day") or words.says(message, "nudge.closing"):
                yield "", "nudge"
            for kind, key in KINDS.items():
                if words.says(message, key):
                    yield dates.get(_day(message, kind), "?"), kind

    def _compare_surveys(self) -> None:
        """Of a survey with enough sheets every answer is kept once, unlinked; of others their number."""
        for session, state, answered in self.rows("SELECT session, state, answered FROM surveys"):
            said = [p.woman.diary.surveys.get(session) for p in self.story.players]
            given = sorted(json.dumps(typed(sheet), sort_keys=True) for sheet in said if sheet)
            kept = sorted(
                json.dumps(json.loads(answers), sort_keys=True)
                for (answers,) in self.rows(
                    "SELECT answers FROM responses e JOIN surveys s ON s.id = e.survey WHERE s.session = ?", (session,)
                )
            )
            wanted = given if len(given) >= ENOUGH else []
            self.lost += [f"{session}: a sheet is not kept: {sheet}" for sheet in Counter(wanted) - Counter(kept)]
            self.doubled += [f"{session}: nobody gave {sheet}" for sheet in Counter(kept) - Counter(wanted)]
            if answered != len(given) or state == "open":
                self.lost.append(f"{session}: the survey is {state} with {answered} sheets, {len(given)} were given.")

    def _compare_recommendations(self) -> None:
        rows = self.rows(
            "SELECT cp.chat, (SELECT json_group_object(question, json(value)) FROM answers WHERE sheet = s.id)"
            " FROM sheets s JOIN chat_people cp ON cp.person = s.person"
            " WHERE s.form = 'recommendation' AND s.state = 'submitted' ORDER BY s.id"
        )
        for player in self.story.players:
            said = player.woman.diary.recommendations if not player.woman.diary.erased else []
            kept = [json.loads(answers) for chat, answers in rows if chat == player.woman.phone.id]
            if len(kept) > len(said):
                self.doubled.append(
                    f"{player.woman.name}: {len(said)} recommendations were sent, {len(kept)} are kept."
                )
            elif kept != said:
                self.lost.append(f"{player.woman.name}: kept {kept}, said {said}.")

    def _compare_messages(self) -> None:
        """Each row of the outbox has left once; what came twice is listed as what may have."""
        erased = {p.woman.phone.id for p in self.story.players if p.woman.diary.erased}
        arrived, letters = self.story.stage.arrived(), self.story.stage.letters()
        if self.story.weather:  # that the disk is full stands in no outbox
            arrived[self.story.organiser.phone.id] -= self.story.weather.told("disk")
        listed: Counter[int] = Counter()
        for chat, doubted in letters:
            listed[chat] += doubted
        for chat, count in Counter(chat for chat, _ in letters).items():
            more = arrived[chat] - count
            if chat not in erased:
                self.twice += max(0, more)
                if not 0 <= more <= listed[chat]:
                    where = self.doubled if more > 0 else self.owed
                    where.append(f"The chat {chat} got {arrived[chat]} messages, {count} were to leave.")
        self.listed = listed.total()
        stuck = self.rows(
            "SELECT method, state, reason, count(*) FROM outbox WHERE state IN"
            " ('sending', 'in doubt', 'failed', 'missed') OR (state = 'planned' AND due <= ?) GROUP BY 1, 2, 3",
            (self.story.stage.clock.now(),),
        )
        self.owed += [f"{count} × {method} is {state}: {reason}" for method, state, reason, count in stuck]

    def _compare_spreadsheet(self) -> None:
        """The organiser's spreadsheet says what the women said."""
        registered = [p for p in self.story.players if p.woman.diary.registered and not p.woman.diary.erased]
        here = len([p for p in self.story.players if p.woman.diary.registered])
        if self.story.said_registered != here:
            self.lost.append(f"/status said {self.story.said_registered} registered women, it were {here}.")
        if len(self.story.sheets) < 5:
            self.lost.append(f"The spreadsheet has the sheets {list(self.story.sheets)}.")
            return
        people, _, intents, surveys, recommendations, *_ = [rows[1:] for rows in self.story.sheets.values()]
        self._same("people", (row[0] for row in people), (words.tidy(p.part.name) for p in registered))
        coming = words.interface("export.coming")
        said = [(s, p.part.name) for p in registered for s, word in p.woman.diary.intents.items() if word == "coming"]
        found = ((row[0], row[2]) for row in intents if row[3] in coming)
        self._same("intents", found, ((session, words.tidy(name)) for session, name in said))
        [(kept,)] = self.rows("SELECT count(*) FROM responses")
        self._same("surveys", [len(surveys)], [kept])
        written = (words.tidy(p.part.name) for p in registered for _ in p.woman.diary.recommendations)
        self._same("recommendations", (row[0] for row in recommendations), written)

    def _same(self, sheet: str, found: Any, wanted: Any) -> None:
        shown, true = Counter(found), Counter(wanted)
        if shown != true:
            self.lost.append(
                f"The spreadsheet's {sheet}: {list(true - shown)} are missing, {list(shown - true)} too many."
            )

    def _read_calls(self) -> None:
        """No call was malformed or too fast, no update failed, none is waiting."""
        sandbox = self.story.stage.sandbox
        wrong = Counter(
            (call.method, call.status, call.description)
            for call in sandbox.calls
            if call.status in (400, 429) and call.description.removeprefix("Bad Request: ") not in HARMLESS
        )
        if self.story.weather:
            wrong -= self.story.weather.refusals()
            if sandbox.refused_pace <= self.story.weather.hits["kill -9"]:  # who was killed has forgotten its pace
                wrong = Counter({call: count for call, count in wrong.items() if call[1] != 429})
        self.refused += [f"{count} × {method}: {status} {text}" for (method, status, text), count in wrong.items()]
        failures = self.rows("SELECT kind, route, form, step, error, count(*) FROM failures GROUP BY 1, 2, 3, 4, 5")
        self.lost += [
            f"{count} × {kind} failed at {route} {form} {step}: {error}"
            for kind, route, form, step, error, count in failures
        ]
        if sandbox.updates_waiting:
            self.lost.append(f"{sandbox.updates_waiting} updates were never taken.")

    def _compare_told(self, weather: Weather) -> None:
        """The owner was told of each cause once, and that it is over; and the whole weather came."""
        wanted = {
            "disk": weather.hits["a full disk"],
            "disk.over": weather.hits["a full disk"],
            **weather.wrong_clocks,
        }
        sent, listed = self._alerts()
        for cause, count in wanted.items():
            if not count <= weather.told(cause) <= count + listed[cause]:
                self.told.append(
                    f"The owner was told {weather.told(cause)} times of {cause!r}, it was so {count} times."
                )
        # A journey through time that begins between two polls that fail is hours without Telegram, too.
        if weather.told("away") < weather.hits["Telegram away for 90 minutes"]:
            self.told.append("The owner was not told that Telegram was away.")
        for cause in ("conflict", "tick"):
            if sent[cause] != sent[f"{cause}.over"]:
                self.told.append(f"Of {cause!r} the owner was not told that it is over.")
        if len(self.story.players) >= WHOLE and weather.counts.total() < FEWEST:
            self.told.append(f"Only {weather.counts.total()} faults hit.")

    def _alerts(self) -> tuple[Counter[str], Counter[str]]:
        """How many notices of each cause left by the outbox, and how often they may have come twice."""
        sent: Counter[str] = Counter()
        listed: Counter[str] = Counter()
        for key, doubted in self.rows("SELECT key, doubted FROM outbox WHERE key GLOB 'alert:*' AND state = 'sent'"):
            parts = key.split(":")
            cause = f"{parts[1]}.over" if "over" in parts else parts[1]
            sent[cause] += 1
            listed[cause] += doubted
        return sent, listed


def typed(sheet: dict[str, str]) -> dict[str, str | int]:
    """A survey's answers as they are kept: the scale is a number."""
    return {question: int(answer) if question == "useful" else answer for question, answer in sheet.items()}


def _day(message: Message, kind: str) -> str:
    """The date of the session that a reminder is about."""
    day = datetime.fromtimestamp(message.date, BAKU).date()
    return str(day + timedelta(days=kind == "eve"))
