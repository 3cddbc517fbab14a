"""`python -m forms NAME`: walk through a form in the terminal, as a person would in the chat. Nothing is kept."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from forms import engine, kinds, load
from forms.faults import Faults
from forms.model import LANGUAGES, Ask, Card, Choice, Done, Form, Step, Submitted, Text, Typed

HELP = "Write an answer or the number of one.  <  back   -  skip   =  keep   +  go on, send   a number: change it"
# What the programme would fill in.
REGIONS = [
    Choice("lankaran", Text("Lənkəran", "Лянкяран", "Lankaran")),
    Choice("quba", Text("Quba", "Куба", "Guba")),
    Choice("zaqatala", Text("Zaqatala", "Загатала", "Zagatala")),
]
ORGANISER = Text("Nümunə Birliyi", "Объединение «Пример»", "Example Union")


def main() -> int:
    """Walk the form that the command line names; return 0 when it was submitted or declined, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m forms", description=__doc__)
    parser.add_argument("name", help=f"a form of forms/definitions ({', '.join(load.names())}), or a TOML file")
    parser.add_argument("--language", choices=LANGUAGES, default="az")
    parser.add_argument("--today", default="", metavar="YYYY-MM-DD", help="the day, for forms that look at it")
    options = parser.parse_args()
    path = Path(options.name if options.name.endswith(".toml") else load.DEFINITIONS / f"{options.name}.toml")
    try:
        form = load.load(path).with_choices("regions", REGIONS).with_values(organiser=ORGANISER, days="180")
    except (Faults, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return walk(form, options.language, options.today)


def walk(form: Form, language: str, today: str = "") -> int:
    """Ask and answer until the form ends (0) or the input does (1)."""
    print(HELP, form.title.said(language), sep="\n\n")
    if form.intro:
        print(form.intro.said(language))
    refusals = load.refusals()
    step = engine.begin(form, today)
    while isinstance(step, Ask | Card):
        print("\n" + told(form, step, refusals, language))
        line = sys.stdin.readline()
        if not line:
            return 1
        step = taken(form, step, line.strip())
    last = form.done if isinstance(step, Submitted) else form.declined
    print("\n" + (engine.said(form, step.sheet, last).said(language) if last else ""))
    print({key: value for key, value in step.sheet.answers.items() if value is not None})
    return 0


def told(form: Form, step: Ask | Card, refusals: Mapping[str, Text], language: str) -> str:
    """Return what the person sees: the refusal, then the question with its choices, or the card."""
    lines = [engine.sentence(step.refusal, refusals, language), ""] if step.refusal else []
    if isinstance(step, Card):
        for question, (label, value) in zip(
            engine.editable(form, step.sheet), engine.summary(form, step.sheet, language), strict=True
        ):
            lines.append(f"  {engine.number(form, question.key)}. {label}: {value}")
        return "\n".join(lines)
    lines.append(f"{step.at or '–'}/{step.total}  {engine.wording(step.question, language)}")
    if step.question.kind != "scale":
        lines += [f"  {n}. {each.label.said(language)}" for n, each in enumerate(kinds.options(step.question), start=1)]
    return "\n".join(lines)


def taken(form: Form, step: Ask | Card, line: str) -> Step:
    """Return the step after a line was written."""
    sheet = step.sheet
    if line == "+" and isinstance(step, Ask):
        return engine.answer(form, sheet, Done())
    moves = {"<": engine.back, "-": engine.skip, "=": engine.keep, "+": engine.submit}
    if line in moves:
        return moves[line](form, sheet)
    numbers = {str(engine.number(form, question.key)): question.key for question in engine.editable(form, sheet)}
    if isinstance(step, Card) and line in numbers:
        return engine.edit(form, sheet, numbers[line])
    return engine.answer(form, sheet, Typed(line))


if __name__ == "__main__":
    sys.exit(main())
