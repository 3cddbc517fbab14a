"""The kinds of questions: for each, one function that makes a value of what came in, or says why it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from forms import bands, cleaning, folding, meaning, phones, readings
from forms.meaning import Meaning
from forms.model import Choice, Done, Input, Pressed, Question, Refusal, Text, Typed, Value

YES, NO = "yes", "no"
SKIPPED = "–"  # stands where a question was skipped
# Folded words that mean the same as the two buttons of a consent.
SPOKEN = {
    YES: {"beli", "he", "hee", "raziyam", "olar", "da", "soglasna", "soglasen", "yes", "ok", "okay", "i agree"},
    NO: {"xeyr", "yox", "razi deyilem", "net", "nesoglasna", "ne soglasna", "no"},
}
# Folded words by which all of several choices are meant, or none, and by which she goes on from a note.
ALL = {"hamisi", "butun", "hamisini", "vse", "all", "all of them", "everything"}
NONE = {
    *("hec biri", "hecbiri", "hec birini", "hec birisi", "hec ne", "hecne", "hec ne lazim deyil", "lazim deyil"),
    *("hec biri lazim deyil", "ehtiyac yoxdur", "ehtiyacim yoxdur", "yox", "yoxdur", "net", "netu", "nicego", "nicevo"),
    *("nicego iz etogo", "nicego ne nado", "nicego ne nujno", "ne nado", "ne nujno", "ni odnogo", "ni odin", "none"),
    *("none of these", "none of them", "nothing", "no", "no need", "not needed", "i need nothing"),
}
ONWARD = SPOKEN[YES] | {"davam", "davam et", "davam edek", "oldu", "aydindir", "dalse", "ponyatno", "go on", "next"}
# Folded words by which she passes a question over, where they are all that she writes.
PASSING = {
    *("kec", "kecin", "kecek", "kecirem", "kecmek", "bunu kec", "suali kec", "bu suali kec", "bu suali kecin"),
    *("otur", "oturun", "oturek", "otururem", "bunu otur", "bu suali otur", "propustit", "propusti", "propustite"),
    *("propuskayu", "propusk", "dalse", "dalee", "skip", "skip it", "skip this", "skip this question", "pass", "next"),
}
# The number of one of the answers, as people write it: '2', '2.', '2)', '№2', '2-ci', '3-cü', '2-й', 'variant 2'.
ORDINAL = "(?:[iıuü]?n)?[cçj][iıuü]|[ыои]?й|[ая]?я|[ое]?е|st|nd|rd|th"
COUNTED = "n[öo]mr[əe]|variant|cavab|номер|вариант|ответ|number|option|answer"
PLACE = re.compile(
    rf"(?:(?:{COUNTED})[ .:]*)?(?:[№#] ?)?([0-9]{{1,3}})(?: ?[-–]? ?(?:{ORDINAL}))?(?: (?:{COUNTED}))? ?[.)]?",
    re.IGNORECASE,
)
# Several of them: '1, 3', '1 3', '№1 №3', '1-ci, 3-cü'.
ONE_PLACE = f"[№#]?[0-9]{{1,2}}(?:[-–]?(?:{ORDINAL}))?"
PLACES = re.compile(rf"{ONE_PLACE}(?:[\s,.;+)]+{ONE_PLACE})*[\s,.;)]*", re.IGNORECASE)
# A word that joins two of several choices.
JOINS = re.compile(r"\b(?:və|ve|ilə|həm də|и|and)\b|[&+]", re.IGNORECASE)
FILES = {
    "voice": Text("🎤 səsli mesaj", "🎤 голосовое сообщение", "🎤 voice message"),
    "photo": Text("📷 şəkil", "📷 фото", "📷 photo"),
}


def consent(question: Question, given: Input) -> Value | Refusal:
    """Return 'yes' or 'no'."""
    if isinstance(given, Typed):
        folded = folding.fold(given.text)
        for answer, words in SPOKEN.items():
            if folded in words:
                return answer
    return choice(question, given)


def choice(question: Question, given: Input) -> Value | Refusal:
    """Return the key of the choice that was pressed, or written: by its label in any language, or by its number.

    What is likely, but not sure, is asked: the refusal names it.
    """
    if isinstance(given, Typed):
        meant = _meant(question, given.text)
        if meant.sure is None and meant.likely:
            return Refusal("did you mean", likely=meant.likely)
        key = meant.sure
    else:
        key = given.choice if isinstance(given, Pressed) else None
    return key if key is not None and any(key == offered.key for offered in options(question)) else Refusal("choose")


def choices(question: Question, given: Input) -> Value | Refusal:
    """Return the keys of all choices that were written, in the order in which they are offered."""
    return (
        several(question, _all_meant(question, given.text)) if isinstance(given, Typed) else Refusal("choose several")
    )


def several(question: Question, keys: Iterable[str] | None) -> Value | Refusal:
    """Return these keys in the order in which they are offered, if they are neither too few nor too many."""
    if keys is None:
        return Refusal("choose several")
    chosen = set(keys)
    least, most = fewest(question), question.at_most or len(question.choices)
    if len(chosen) < least:
        return Refusal("too few", {"count": least})
    if len(chosen) > most:
        return Refusal("too many", {"count": most})
    return [offered.key for offered in question.choices if offered.key in chosen]


def fewest(question: Question) -> int:
    """Return how many of several choices have to be chosen."""
    return max(question.at_least, 1) if question.required else 0


def scale(question: Question, given: Input) -> Value | Refusal:
    """Return the point of the scale as a number."""
    found = choice(question, given)
    if isinstance(found, Refusal):
        return Refusal("rate", {"minimum": question.minimum, "maximum": question.maximum})
    return int(str(found))


def note(question: Question, given: Input) -> Value | Refusal:
    """Return None, which says that it was read, where she goes on."""
    is_read = isinstance(given, Done) or (isinstance(given, Typed) and folding.fold(given.text) in ONWARD)
    return None if is_read else Refusal("note")


def is_passing(question: Question, said: str) -> bool:
    """Tell whether folded words pass the question over, and say nothing else; a choice of that name is an answer."""
    labels = (label for each in options(question) for label in each.label.every().values())
    return said in PASSING and all(folding.fold(label) != said for label in labels)


@dataclass(frozen=True)
class Kind:
    """How a kind reads an input, and which keys of a definition it knows beside those of every question."""

    read: Callable[[Question, Input], Value | Refusal]
    keys: frozenset[str] = frozenset()
    tells: bool = False  # such an answer tells who she is, or shows in the chat: no anonymous form asks for it


def _kind(read: Callable[[Question, Input], Value | Refusal], *keys: str, tells: bool = False) -> Kind:
    return Kind(read, frozenset(keys) | {"required", "constraint", "reason"}, tells)


KINDS = {
    "consent": Kind(consent, frozenset({"choice"}), tells=True),
    "text": _kind(readings.text, "max_length", "multiline"),
    "choice": _kind(choice, "choice", "choices_from"),
    "choices": _kind(choices, "choice", "choices_from", "at_least", "at_most", tells=True),
    "number": _kind(readings.number, "minimum", "maximum", "decimals"),
    "scale": _kind(scale, "minimum", "maximum", "lowest", "highest"),
    "date": _kind(readings.day, "earliest", "latest"),
    "contact": _kind(readings.contact, tells=True),
    "place": _kind(readings.place, tells=True),
    "voice": _kind(readings.filed, "max_length", "multiline", tells=True),
    "photo": _kind(readings.filed, "max_length", "multiline", tells=True),
    "note": Kind(note),
}


def options(question: Question) -> tuple[Choice, ...]:
    """Return the buttons of a question: its choices, or the points of its scale; none for what has to be written."""
    if question.kind == "scale":
        return tuple(Choice(str(n), Text(str(n))) for n in range(question.minimum, question.maximum + 1))
    return question.choices


def shown(question: Question, value: Value, language: str) -> str:
    """Return a value as people read it: a choice's label, a phone number with its spaces, a date as 01.03.2027."""
    if value is None:
        return SKIPPED
    match question.kind:
        case "contact":
            return phones.shown(str(value))
        case "date":
            return readings.day_shown(str(value))
        case "number":
            return readings.number_shown(value, language) if isinstance(value, int | float) else str(value)
        case "place":
            return str(value).replace(",", ", ")
    if not isinstance(value, list):
        return _label(question, str(value), language)
    if question.kind in FILES:
        return FILES[question.kind].said(language)
    return ", ".join(_label(question, key, language) for key in value) or SKIPPED


def _label(question: Question, key: str, language: str) -> str:
    label = next((offered.label for offered in options(question) if offered.key == key), None)
    return label.said(language) if label else key


def still_fits(before: Question, question: Question, value: Value) -> bool:
    """Tell whether a value that answered `before` answers the question as it is now.

    A consent is one to its very words; a point of a scale means nothing on another one.
    """
    if before.kind != question.kind or (value is None and question.required and question.kind != "note"):
        return False
    if value is None or before == question:
        return True
    match question.kind:
        case "consent":
            return False
        case "scale":
            return (before.minimum, before.maximum) == (question.minimum, question.maximum)
        case "choice":
            return any(value == offered.key for offered in question.choices)
        case "choices":
            return isinstance(value, list) and several(question, value) == value
        case "number":
            return not isinstance(readings.number(question, Typed(str(value))), Refusal)
        case _:
            return isinstance(value, list) or len(str(value)) <= question.max_length


def _meant(question: Question, written: str) -> Meaning[str]:
    offered = options(question)
    labels = [(label, each.key) for each in offered for label in each.label.every().values()]
    # «Да, несогласна» is near «Да, согласна»: what is nearly a yes is not a consent.
    meant = meaning.meant(written, labels, near=question.kind not in ("consent", "scale"))
    place = PLACE.fullmatch(cleaning.cleaned(written))
    if meant.sure is None and place and question.kind != "scale" and 1 <= int(place[1]) <= len(offered):
        return Meaning(offered[int(place[1]) - 1].key)
    if meant.sure is None and (band := bands.meant(question.choices, written)):
        return Meaning(band)
    return meant


def _all_meant(question: Question, written: str) -> set[str] | None:
    """Return the keys that were written, or None where a part of it is no choice."""
    written = written[: folding.LONGEST]
    whole = folding.fold(written)
    if key := _meant(question, written).sure:
        return {key}
    if whole in ALL:
        return {offered.key for offered in question.choices}
    if whole in NONE:
        return set()
    parts = re.findall("[0-9]+", written) if PLACES.fullmatch(written.strip()) else re.split(r"[,;\n]", written)
    found: set[str] = set()
    for part in filter(str.strip, parts):
        key = _meant(question, part).sure
        keys = [key] if key else [_meant(question, each).sure for each in JOINS.split(part) if each.strip()]
        if not all(keys):
            return None
        found.update(key for key in keys if key)
    return found or None
