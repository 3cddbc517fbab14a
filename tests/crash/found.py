"""What is found after the kills: answers, greetings, reminders, messages, held against what the women did and saw."""

import json
from collections import Counter
from collections.abc import Sequence

from tests.crash import promises
from tests.rehearsal import words
from tests.rehearsal.ledger import SENDING
from tests.rehearsal.stage import Stage
from tests.rehearsal.woman import Woman

REGISTRATION = {"consent": "yes", "region": "quba", "group": "ngo", "phone": None}


def answers(stage: Stage, women: Sequence[Woman]) -> list[str]:
    """Every answer is kept once, in the order in which it was given."""
    rows = stage.rows(
        "SELECT cp.chat, s.form, s.state, (SELECT json_group_object(question, json(value)) FROM answers"
        " WHERE sheet = s.id) FROM sheets s JOIN chat_people cp ON cp.person = s.person ORDER BY s.id"
    )
    broken = []
    for woman in women:
        kept = [(form, state, json.loads(said)) for chat, form, state, said in rows if chat == woman.phone.id]
        name = woman.diary.registered.get("name", "?")
        given = [("registration", "submitted", {**REGISTRATION, "name": name})]
        given += [("recommendation", "submitted", dict(said)) for said in woman.diary.recommendations]
        broken += [*woman.troubles, *differences(woman.name, kept, given)]
    return broken


def differences(name: str, kept: list[tuple[str, str, dict[str, str | None]]], given: Sequence[object]) -> list[str]:
    """What is lost, what is kept twice, and what is out of order, in sentences."""
    texts, wanted = [json.dumps(k, sort_keys=True) for k in kept], [json.dumps(g, sort_keys=True) for g in given]
    lost, doubled = Counter(wanted) - Counter(texts), Counter(texts) - Counter(wanted)
    sentences = [f"{name}: lost {sheet}" for sheet in lost] + [f"{name}: too much {sheet}" for sheet in doubled]
    if not sentences and texts != wanted:
        sentences.append(f"{name}: her sheets are out of order.")
    return sentences


def greetings(stage: Stage, women: Sequence[Woman]) -> list[str]:
    """Every woman who pressed Start has a greeting."""
    never = [w.name for w in women if not any(words.says(m, "start.greeting") for m in w.phone.received)]
    return [f"{name} was never answered." for name in never]


def reminders(stage: Stage, women: Sequence[Woman]) -> list[str]:
    """Every woman was reminded, and the ledger has each reminder once."""
    broken = [w.name for w in women if not any(words.says(m, "days.eve") for m in w.phone.received)]
    ledger = stage.rows("SELECT state, count(*) FROM reminders WHERE kind = 'eve' GROUP BY state")
    sentences = [f"{name} was not reminded." for name in broken]
    if ledger != [("queued", len(women))]:
        sentences.append(f"The ledger of reminders says {ledger}.")
    return sentences


def messages(stage: Stage) -> list[str]:
    """Everything has left, and what came twice is listed as doubtful."""
    sentences = list(promises.way_out(stage, set()))
    if stage.sandbox.updates_waiting or stage.rows("SELECT 1 FROM failures WHERE state = 'trying'"):
        sentences.append("Updates are still being tried.")
    if stage.sandbox.refused_malformed or stage.sandbox.refused_pace:
        sentences.append(
            f"{stage.sandbox.refused_malformed} calls were malformed, {stage.sandbox.refused_pace} too fast."
        )
    return sentences


def figures(stage: Stage) -> str:
    """How many messages left, came twice, and were in the air at a death."""
    left = sum(call.status == 200 and call.method in SENDING for call in stage.sandbox.calls)
    [(sent,)] = stage.rows("SELECT count(*) FROM outbox WHERE state = 'sent' AND method IN (?, ?, ?, ?)", SENDING)
    [(answers,)] = stage.rows("SELECT count(*) FROM answers")
    [(aside,)] = stage.rows("SELECT count(*) FROM failures")
    return (
        f"{answers} answers kept, {sent} messages, {left - sent} of them came twice, {len(doubtful(stage))} were in the"
        f" air at a kill, {aside} updates put aside and sent again"
    )


def doubtful(stage: Stage) -> list[str]:
    """The rows that may have arrived twice, as an organiser can list them."""
    rows = stage.rows(
        "SELECT id, coalesce(key, 'a reply'), method, doubted, state FROM outbox"
        " WHERE doubted > 0 AND method IN (?, ?, ?, ?)",
        SENDING,
    )
    return [f"row {id_}, {key}, {method}, in the air {times} times, {state}" for id_, key, method, times, state in rows]
