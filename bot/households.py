"""Whom a message is for: in a chat that several women use, each text says so in its first line."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from bot.texts import Texts, isolate
from storage import households
from storage.database import Transaction
from storage.households import Woman
from storage.outbox import Letter

TEXTS = ("sendMessage", "editMessageText")
LONGEST = 24  # characters of a name: it stands on a button, too


async def addressed(tx: Transaction, texts: Texts, letters: Sequence[Letter], alone: int = 0) -> list[Letter]:
    """Return the letters; where several women use the chat, each says first whom it is for.

    `alone` is a chat that one woman is known to have for herself: of it nothing is asked.
    """
    chats = {each.chat for each in letters if each.person and each.chat != alone and each.method in TEXTS}
    women = await households.shared(tx, chats) if chats else []
    if not women:
        return list(letters)
    named = {(chat, one): label for chat, hers in groupby(women, _chat) for one, label in names(texts, [*hers]).items()}
    return [_addressed(letter, named.get((letter.chat, letter.person or 0), "")) for letter in letters]


def names(texts: Texts, women: Sequence[Woman]) -> dict[int, str]:
    """Return by what name each woman of a chat is called there: her first one, if it tells her from the others."""
    firsts, wholes = Counter(map(_first, women)), Counter(_short(woman.name.split()) for woman in women)
    found = {}
    for woman in women:
        first, whole = _first(woman), _short(woman.name.split())
        name = first if firsts[first] == 1 else whole if wholes[whole] == 1 else f"{whole} ({woman.number})"
        if not whole:
            name = texts.get(woman.language, "household.nameless", number=woman.number)
        found[woman.person] = name
    return found


def _first(woman: Woman) -> str:
    """Return her name up to its first word with a letter: '<3 Aygün' has no other."""
    words = woman.name.split()
    end = next((at for at, word in enumerate(words, start=1) if any(map(str.isalpha, word))), len(words))
    return _short(words[:end])


def _short(words: Sequence[str]) -> str:
    return " ".join(words)[:LONGEST].strip()


def _addressed(letter: Letter, name: str) -> Letter:
    text = letter.parameters.get("text")
    if not name or not text or letter.method not in TEXTS:
        return letter
    shown = isolate(name) if letter.parameters.get("parse_mode") == "HTML" else name
    return letter._replace(parameters={**letter.parameters, "text": f"👤 {shown}\n\n{text}"})


def _chat(woman: Woman) -> int:
    return woman.chat
