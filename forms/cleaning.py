"""What people write, made safe to keep, to compare and to show in a list (row 14 of the threats)."""

from __future__ import annotations

import re
import unicodedata

# Control characters except tab and line ends; soft hyphen, bidirectional marks, zero width, fillers that look like
# nothing, lone surrogates (SQLite cannot store them), the byte order mark and tag characters. Zero width joiners stay:
# emoji and some scripts need them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
MARKS_IN_A_ROW = 2
LONGEST = 65_536  # characters that are looked at; Telegram brings 4096, and every limit of ours lies below


def cleaned(text: str, *, multiline: bool = False) -> str:
    """Return `text` in NFC without unseen characters, with at most two combining marks in a row and single spaces.

    Line ends become spaces, or stay if `multiline` (never more than one empty line). Cleaning twice changes nothing.
    """
    words = _with_few_marks(unicodedata.normalize("NFC", UNSEEN.sub("", text[:LONGEST])))
    if not multiline:
        return " ".join(words.split())
    lines = "\n".join(" ".join(line.split()) for line in re.split(r"\r\n|\r|\n", words))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def has_letter(text: str) -> bool:
    """Return True if there is something to read in it: a letter of any script."""
    return any(unicodedata.category(sign).startswith("L") for sign in text)


def _with_few_marks(text: str) -> str:
    kept: list[str] = []
    row = 0
    for sign in text:
        row = row + 1 if unicodedata.category(sign).startswith("M") else 0
        if row <= MARKS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)
