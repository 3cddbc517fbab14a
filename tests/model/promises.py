"""What must be true after each step: the disk holds what the model says, and everything was said once."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from storage import sealing
from tests.model.days import Calendar
from tests.model.model import Woman
from tests.model.player import Player
from tests.model.stage import Stage
from tests.rehearsal.stage import SENDING

PERSON = (
    "SELECT p.id, p.state, p.language, p.name, p.region, p.group_key, p.age, p.phone FROM people p JOIN chat_people c"
)
SHEETS = (
    "SELECT form, state, step, (SELECT json_group_object(question, json(value)) FROM answers WHERE sheet = s.id)"
    " FROM sheets s WHERE person = ? ORDER BY id"
)


def broken(stage: Stage, players: Sequence[Player], calendar: Calendar) -> Iterator[str]:
    """Yield a sentence for each difference."""
    for player in players:
        yield from record(stage, player)
    yield from surveys(stage, calendar)
    if failures := stage.rows("SELECT kind, route, form, step, error, state FROM failures"):
        yield f"Updates failed: {failures}."
    left = "SELECT chat, method, state, reason FROM outbox WHERE state NOT IN ('sent', 'cancelled', 'unreachable')"
    if waiting := stage.rows(left):
        yield f"On the way out stand {waiting}."
    if stage.sandbox.refused_malformed:
        yield f"{[call for call in stage.sandbox.calls if call.status == 400]} were malformed."
    twice = "SELECT person, form, subject FROM sheets WHERE state = 'open' GROUP BY 1, 2, 3 HAVING count(*) > 1"
    if many := stage.rows(twice):
        yield f"More than one sheet is open: {many}."


def record(stage: Stage, player: Player) -> Iterator[str]:
    """Yield how the disk differs from the model of one woman."""
    woman, number = player.woman, player.number
    rows = stage.rows(f"{PERSON} ON c.person = p.id WHERE c.chat = ?", player.phone.id)
    if not woman.state:
        if traces := [*rows, *traces_of(stage, player), *in_the_file(stage, player)]:
            yield f"{number} is not erased: {traces}."
        return
    name, region, *others = (woman.record.get(key) for key in ("name", "region", "group", "age", "phone"))
    wanted = (woman.state, woman.language, name or "", region, *(each or "" for each in others))
    if [row[1:] for row in rows] != [wanted]:
        yield f"{number} is kept as {rows}, not {wanted}."
        return
    person = rows[0][0]
    named = [(form, state, step, json.loads(kept)) for form, state, step, kept in stage.rows(SHEETS, person)]
    sheets = [(s.form, s.state, s.step, s.answers) for s in woman.sheets if s.form != "day"]
    yield from differs(number, "sheets", named, sheets)
    sealed = {s.subject: (s.state, s.step, s.answers) for s in woman.sheets if s.form == "day" and s.state != "closed"}
    yield from differs(number, "surveys", dict(unsealed(stage, person)), sealed)
    said = dict(stage.rows("SELECT session, answer FROM intents WHERE person = ?", person))
    yield from differs(number, "intents", said, woman.intents)
    ledger = stage.rows("SELECT session, kind, state FROM reminders WHERE person = ?", person)
    yield from differs(number, "reminders", {(s, kind): state for s, kind, state in ledger}, woman.ledger)
    needs = stage.rows("SELECT need FROM needs WHERE person = ?", person)
    yield from differs(number, "needs", {need for (need,) in needs}, chosen(woman, "needs"))
    consents = stage.rows("SELECT purpose FROM consents WHERE person = ? AND withdrawn_at IS NULL", person)
    training = {"training"} if woman.state == "registered" else set()
    yield from differs(number, "consents", {each for (each,) in consents}, training | chosen(woman, "permissions"))


def chosen(woman: Woman, question: str) -> set[str]:
    """Return which of several answers she has sent."""
    found = woman.record.get(question)
    return {*found} if isinstance(found, list) else set()


def differs(number: int, what: str, kept: object, wanted: object) -> Iterator[str]:
    """Yield a sentence if they do."""
    if kept != wanted:
        yield f"{number}: the {what} are {kept}, not {wanted}."


def unsealed(stage: Stage, person: int) -> Iterator[tuple[str, Any]]:
    """Yield what stands on the anonymous sheets that are still hers, by training day."""
    rows = stage.rows(
        "SELECT v.session, s.survey, s.state, s.step, s.box, k.key FROM sealed_sheets s"
        " JOIN surveys v ON v.id = s.survey JOIN survey_keys k ON k.survey = v.id WHERE s.person = ?",
        person,
    )
    for session, survey, state, step, box, key in rows:
        yield session, (state, step, sealing.unseal(key, box, survey, person))


def surveys(stage: Stage, calendar: Calendar) -> Iterator[str]:
    """Yield how the surveys, and what is kept of the closed ones, differ."""
    kept = stage.rows("SELECT session, state, asked, answered FROM surveys ORDER BY session")
    wanted = [
        (session, each.state, each.asked + each.chorus, 0 if each.state == "open" else len(each.responses))
        for session, each in sorted(calendar.surveys.items())
    ]
    if kept != wanted:
        yield f"The surveys are {kept}, not {wanted}."
    said = [row[0] for row in stage.rows("SELECT answers FROM responses")]
    closed = [each for each in calendar.surveys.values() if each.state == "closed"]
    given = [json.dumps(answers, sort_keys=True) for each in closed for answers in each.responses]
    if Counter(said) != Counter(given):
        yield f"The responses are {said}, not {given}."


def traces_of(stage: Stage, player: Player) -> Iterator[str]:
    """Yield where an erased woman's chat or words still stand, whatever the table."""
    for (table,) in stage.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        for row in stage.rows(f"SELECT * FROM {table}"):
            text = repr(row)
            if str(player.phone.id) in text or any(words in text for words in player.woman.buried):
                yield f"{table}: {text}"


class Count:
    """Messages that came, held against the rows that were sent: more than one a row only where it is listed."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._rows: dict[int, tuple[int, int]] = {}
        self._forgotten, self._lives = Counter[int](), Counter[int]()

    def broken(self, players: Sequence[Player]) -> Iterator[str]:
        """Yield the chats that got more or fewer messages than rows were sent."""
        for player in players:
            if player.woman.life != self._lives[player.phone.id]:
                self._forget(player.phone.id, player.woman.life)
        found = self._stage.rows(
            "SELECT id, chat, doubted FROM outbox WHERE state = 'sent' AND method IN (?, ?, ?, ?)", *SENDING
        )
        self._rows |= {id_: (chat, doubted) for id_, chat, doubted in found}
        came = self._came()
        for chat in {chat for chat, _ in self._rows.values()}:
            rows = [doubted for where, doubted in self._rows.values() if where == chat]
            got = came[chat] - self._forgotten[chat]
            if not len(rows) <= got <= len(rows) + sum(rows):
                yield f"The chat {chat} got {got} messages for {len(rows)} rows, {sum(rows)} doubtful."

    def _forget(self, chat: int, life: int) -> None:
        """Begin anew with a chat whose rows were erased."""
        self._lives[chat] = life
        self._forgotten[chat] = self._came()[chat]
        self._rows = {id_: row for id_, row in self._rows.items() if row[0] != chat}

    def _came(self) -> Counter[int]:
        """Return how many messages each chat ever got, also those that were deleted since."""
        chats = self._stage.sandbox.world.chats.values()
        return Counter({chat.id: sum(m.from_bot for m in chat.messages.values()) for chat in chats})


def in_the_file(stage: Stage, player: Player) -> Iterator[str]:
    """Yield which words of an erased woman can still be read in the database's files, also in pages that are free."""
    held = b"".join(file.read_bytes() for file in stage.file.parent.glob(f"{stage.file.name}*"))
    yield from (f"«{words}» in the file" for words in player.woman.buried if words.encode() in held)
