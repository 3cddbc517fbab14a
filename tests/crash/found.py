"""What is found after the kills: answers, greetings, reminders, messages, held against what the women did and saw."""

import json
from collections import Counter
from collections.abc import Sequence

from tests.crash import promises
from tests.rehearsal import words
from tests.rehearsal.stage import SENDING, Stage
from tests.rehearsal.woman import Woman

Findings = dict[str, list[str]]  # what may be wrong → the sentences of what is
REGISTRATION = {"consent": "yes", "group": "ngo", "age": "from_25", "phone": None}


def answers(stage: Stage, women: Sequence[Woman]) -> Findings:
    """Every answer is kept once, in the order in which it was given."""
    rows = stage.rows(
        "SELECT cp.chat, s.form, s.state, (SELECT json_group_object(question, json(value)) FROM answers"
        " WHERE sheet = s.id) FROM sheets s JOIN chat_people cp ON cp.person = s.person ORDER BY s.id"
    )
    findings: Findings = {"answers lost": [], "answers stored twice": [], "out of order": []}
    for woman in women:
        kept = [(form, state, json.loads(said)) for chat, form, state, said in rows if chat == woman.phone.id]
        said = {key: woman.diary.registered.get(key, "?") for key in ("name", "region")}
        given = [("registration", "submitted", REGISTRATION | said)]
        given += [("recommendation", "submitted", dict(each)) for each in woman.diary.recommendations]
        texts, wanted = [json.dumps(k, sort_keys=True) for k in kept], [json.dumps(g, sort_keys=True) for g in given]
        lost, doubled = Counter(wanted) - Counter(texts), Counter(texts) - Counter(wanted)
        findings["answers lost"] += [*woman.troubles, *(f"{woman.name}: {sheet} is lost." for sheet in lost)]
        findings["answers stored twice"] += [f"{woman.name}: {sheet} is too much." for sheet in doubled]
        if not (lost or doubled) and texts != wanted:
            findings["out of order"].append(f"{woman.name}: her sheets are out of order.")
    return findings


def greetings(women: Sequence[Woman]) -> Findings:
    """Every woman who pressed Start has a greeting."""
    never = [w.name for w in women if not any(words.says(m, "start.greeting") for m in w.phone.received)]
    return {"never answered": [f"{name} was never answered." for name in never]}


def reminders(stage: Stage, women: Sequence[Woman]) -> Findings:
    """Every woman was reminded, and the ledger has each reminder once."""
    never = [w.name for w in women if not any(words.says(m, "days.eve") for m in w.phone.received)]
    lost = [f"{name} was not reminded." for name in never]
    ledger = stage.rows("SELECT state, count(*) FROM reminders WHERE kind = 'eve' GROUP BY state")
    if ledger != [("queued", len(women))]:
        lost.append(f"The ledger of reminders says {ledger}.")
    return {"reminders lost": lost}


def messages(stage: Stage) -> list[str]:
    """Everything has left, and what came twice is listed as doubtful."""
    sentences = list(promises.way_out(stage, set()))
    if stage.sandbox.updates_waiting or stage.rows("SELECT 1 FROM failures WHERE state = 'trying'"):
        sentences.append("Updates are still being tried.")
    if stage.sandbox.refused_malformed:  # a bot that was killed forgets its pace, so it may be told once to slow down
        sentences.append(f"{stage.sandbox.refused_malformed} calls were malformed.")
    return sentences


def figures(stage: Stage) -> str:
    """How many messages left, came twice, and were in the air at a death."""
    left, sent = stage.messages().total(), len(stage.letters())
    [(aside,)] = stage.rows("SELECT count(*) FROM failures")
    return (
        f"{sent} messages, {left - sent} of them came twice, {len(doubtful(stage))} were in the air at a kill;"
        f" {aside} updates put aside and sent again"
    )


def doubtful(stage: Stage) -> list[str]:
    """The rows that may have arrived twice, as an organiser can list them."""
    rows = stage.rows(
        "SELECT id, coalesce(key, 'a reply'), method, doubted, state FROM outbox"
        " WHERE doubted > 0 AND method IN (?, ?, ?, ?)",
        SENDING,
    )
    return [f"row {id_}, {key}, {method}, in the air {times} times, {state}" for id_, key, method, times, state in rows]
