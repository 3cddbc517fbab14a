"""What stands on the card that she checks, held against what she meant."""

import re
from collections.abc import Iterable
from itertools import pairwise

from sandbox.world import Message
from tests.rehearsal import words


def read(card: Message, form: str, questions: Iterable[str]) -> dict[str, str]:
    """What the card says to each question that she answers."""
    labels = {label: question for question in questions for label in words.question_label(form, question)}
    parts = re.split(rf"^({'|'.join(map(re.escape, labels))}): ", words.written(card.text), flags=re.MULTILINE)
    return {
        labels[label]: value.partition("\n\n")[0].strip() for label, value in pairwise(parts[1:]) if label in labels
    }


def is_meant(form: str, question: str, meant: str | None, shown: str, own_phone: str) -> bool:
    """Whether what the card shows is what she meant."""
    if question == "consent":
        return True  # it does not stand on the card
    if meant is None:
        return not any(sign.isalnum() for sign in shown)
    if question == "phone":
        return digits(shown)[-9:] == digits(own_phone if meant == "share" else meant)[-9:]
    if words.is_several(form, question):
        each = [words.choices(form, question)[key] for key in meant.split()]
        said = shown.split(", ") if meant else []
        return len(said) == len(each) and all(any(label in named for label in said) for named in each)
    labels = words.region(meant) if question == "region" else words.choices(form, question).get(meant)
    return shown in labels if labels else words.tidy(shown) == words.tidy(meant)


def digits(text: str) -> str:
    """The digits of a phone number."""
    return re.sub(r"\D", "", text)
