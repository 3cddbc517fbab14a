"""What must be true at the end of the small story, wherever the bot died in it; every difference is a sentence."""

import json
from collections import Counter
from collections.abc import Iterator

from tests.crash.scenario import NAME, SESSION, Scenario
from tests.rehearsal import organiser, words
from tests.rehearsal.ledger import KINDS
from tests.rehearsal.stage import Stage
from tests.rehearsal.woman import Woman


def broken(scenario: Scenario) -> list[str]:
    """The sentences; none when every promise was kept."""
    stage = scenario.stage
    return [
        *scenario.aygun.troubles,
        *registration(scenario),
        *day(scenario),
        *note(scenario),
        *erasure(scenario),
        *way_out(stage, {scenario.konul.phone.id}),
        *taken(stage),
    ]


def registration(scenario: Scenario) -> Iterator[str]:
    """Aygün is registered once, with every answer that she gave, and the organiser has her role."""
    rows, chat = scenario.stage.rows, scenario.aygun.phone.id
    people = rows(
        "SELECT p.state, p.name, p.region, p.group_key, p.phone FROM people p JOIN chat_people cp ON cp.person = p.id"
        " WHERE cp.chat = ?",
        (chat,),
    )
    if people != [("registered", NAME, "lankaran", "ngo", "")]:
        yield f"Aygün is kept as {people}."
    sheets = rows(
        "SELECT s.form, s.state, (SELECT json_group_object(question, json(value)) FROM answers WHERE sheet = s.id)"
        " FROM sheets s JOIN chat_people cp ON cp.person = s.person WHERE cp.chat = ?",
        (chat,),
    )
    kept = [(form, state, json.loads(answers)) for form, state, answers in sheets]
    given = {"consent": "yes", "name": NAME, "region": "lankaran", "group": "ngo", "age": None, "phone": None}
    if kept != [("registration", "submitted", given)]:
        yield f"Aygün's sheets are {kept}."
    apart = rows(
        "SELECT n.need, (SELECT group_concat(purpose) FROM (SELECT purpose FROM consents WHERE person = n.person"
        " AND withdrawn_at IS NULL ORDER BY purpose)) FROM needs n"
    )
    if apart != [("child", "photos,training")]:
        yield f"What Aygün needs and allows is {apart}."
    if (roles := rows("SELECT user, role FROM roles")) != [(scenario.sevda.phone.id, "owner")]:
        yield f"The roles are {roles}."
    if (left := rows("SELECT used_by FROM invites")) != [(scenario.sevda.phone.id,)]:
        yield f"The owner's link is used by {left}."


def day(scenario: Scenario) -> Iterator[str]:
    """Aygün's intent and survey are kept once; each reminder came, and came again only if it was in the air."""
    rows = scenario.stage.rows
    if (intents := rows("SELECT session, answer FROM intents")) != [(SESSION, "coming")]:
        yield f"The intents are {intents}."
    if (surveys := rows("SELECT session, state, asked, answered FROM surveys")) != [(SESSION, "too few", 2, 1)]:
        yield f"The surveys are {surveys}."
    if left := rows("SELECT survey FROM sealed_sheets UNION ALL SELECT survey FROM survey_keys"):
        yield f"Sheets or keys of closed surveys are left: {left}."
    ledger = Counter(
        kind for (kind,) in rows("SELECT kind FROM reminders WHERE session = ? AND state = 'queued'", (SESSION,))
    )
    if ledger != Counter(list(KINDS)):
        yield f"The ledger of reminders says {dict(ledger)}."
    for kind, key in KINDS.items():
        seen = sum(words.says(message, key) for message in scenario.aygun.phone.received)
        doubted = sum(
            n for (n,) in rows("SELECT doubted FROM outbox WHERE key LIKE ?", (f"remind:{SESSION}:%:{kind}",))
        )
        if not 1 <= seen <= 1 + doubted:
            yield f"Aygün saw the reminder {kind} {seen} times, {doubted} are listed as doubtful."


def note(scenario: Scenario) -> Iterator[str]:
    """The note reached both women, and is repeated only where it was in the air."""
    rows = scenario.stage.rows
    if (notes := rows("SELECT region, state, text FROM notes")) != [("lankaran", "sent", organiser.NOTE)]:
        yield f"The notes are {notes}."
    doubted = sum(
        n
        for (n,) in rows("SELECT doubted FROM outbox WHERE key LIKE 'note:%' AND chat = ?", (scenario.aygun.phone.id,))
    )
    seen = read(scenario.aygun, organiser.NOTE)
    if not 1 <= seen <= 1 + doubted:
        yield f"Aygün saw the note {seen} times, {doubted} are listed as doubtful."


def erasure(scenario: Scenario) -> Iterator[str]:
    """Könül is gone from every table, was told so, and her number stands where a restore looks for it."""
    rows, chat = scenario.stage.rows, scenario.konul.phone.id
    for table in ("people WHERE name = 'Könül'", "chat_people WHERE chat = ?", "chats WHERE id = ?"):
        parameters = (chat,) if "?" in table else ()
        if rows(f"SELECT 1 FROM {table}", parameters):
            yield f"Könül still stands in {table}."
    if len(rows("SELECT person FROM tombstones")) != 1:
        yield "Könül has no tombstone."
    if left := rows("SELECT state FROM erasures WHERE state <> 'confirmed'"):
        yield f"Her erasure is {left}."
    told = sum(words.says(message, "privacy.erased") for message in scenario.konul.phone.received)
    if not 1 <= told <= 2:
        yield f"Könül was told {told} times that everything is erased."


def way_out(stage: Stage, erased: set[int]) -> Iterator[str]:
    """Everything that was promised has left; a message came twice only if its row is listed as doubtful."""
    waiting = stage.rows(
        "SELECT key, method, state, reason FROM outbox WHERE state IN ('sending', 'in doubt', 'failed', 'missed')"
        " OR (state = 'planned' AND due <= ?)",
        (stage.clock.now(),),
    )
    yield from (
        f"{key or 'a reply'} ({method}) is {state} at the end: {reason}" for key, method, state, reason in waiting
    )
    left, rows, doubts = stage.messages(), Counter[int](), Counter[int]()
    for chat, doubted in stage.letters():
        rows[chat] += 1
        doubts[chat] += doubted
    for chat, sent in rows.items():
        if chat not in erased and not sent <= left[chat] <= sent + doubts[chat]:
            yield f"The chat {chat} got {left[chat]} messages for {sent} rows, {doubts[chat]} of them doubtful."


def taken(stage: Stage) -> Iterator[str]:
    """No update was put aside or is waiting, and no call was malformed."""
    if failures := stage.rows("SELECT kind, route, error, state FROM failures"):
        yield f"Updates failed: {failures}."
    if stage.sandbox.updates_waiting:
        yield f"{stage.sandbox.updates_waiting} updates were never taken."
    if stage.sandbox.refused_malformed or stage.sandbox.refused_pace:
        yield f"Calls were refused: {stage.sandbox.refused_malformed} malformed, {stage.sandbox.refused_pace} for pace."


def read(woman: Woman, text: str) -> int:
    """How many messages with that text she got."""
    return sum(text in message.text for message in woman.phone.received)
