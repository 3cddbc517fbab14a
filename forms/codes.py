"""Codes that are printed or written down, and typed by hand later: eight signs, understood however they are written.

The alphabet is Crockford's: no I, L, O and U, so that nothing in it looks like anything else in it.
"""

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
A_DIGIT = r"[\dЗз]"  # a sign that every code has, as it may be typed
LENGTH = 8
LONGEST = 40  # characters of a message that may be a code
SEPARATORS = " -–—_.·/\u00a0"
# What looks or sounds like a sign of the alphabet, also on Cyrillic keyboards.
LOOKS = str.maketrans(dict(zip("OILІАВСЕНКМОРТХЗ", "0111ABCEHKM0PTX3", strict=True)) | dict.fromkeys(SEPARATORS, ""))


def written(text: str) -> str | None:
    """Return the code that a message is, or None if it is no code.

    A code has a letter and a digit above 1 for certain (storage/claims.py), so that no word and no number is one.
    """
    if len(text) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKD", text.upper())
    code = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(LOOKS)
    return code if len(code) == LENGTH and is_one(code) else None


def is_one(code: str) -> bool:
    """Tell whether these signs can be a code."""
    return (
        set(code) <= set(ALPHABET) and any(sign.isalpha() for sign in code) and any(sign in "23456789" for sign in code)
    )


def shown(code: str) -> str:
    """Return a code as it is printed: 'KF7M-2QPT'."""
    return f"{code[:4]}-{code[4:]}"
