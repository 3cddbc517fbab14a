"""The recovery key: shown once, kept on paper; it opens every backup when the key of the database is lost."""

import base64
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage import facts
from storage.database import Transaction, WrongKey

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
READ_AS = str.maketrans("ILO", "110")  # what hands write for what
GROUPS, GROUP_SIZE = 8, 5  # four random signs and one that checks them: 160 bits in all
NONCE_BYTES = 12
FACT = "recovery"


class Mistyped(ValueError):
    """The recovery key was not typed as it was shown; the sentence names the group to look at."""


def new_recovery_key() -> str:
    """Return a random recovery key: eight groups of five signs."""
    return "-".join(_group([secrets.randbelow(32) for _ in range(GROUP_SIZE - 1)], place) for place in range(GROUPS))


def derived(recovery_key: str) -> bytes:
    """Return the 32 bytes that a recovery key stands for (HKDF, RFC 5869). Raises Mistyped."""
    typed = "".join(sign for sign in recovery_key.upper() if sign.isalnum()).translate(READ_AS)
    if len(typed) != GROUPS * GROUP_SIZE:
        raise Mistyped(f"A recovery key has {GROUPS} groups of {GROUP_SIZE} signs; {len(typed)} signs were typed.")
    for place in range(GROUPS):
        group = typed[place * GROUP_SIZE : (place + 1) * GROUP_SIZE]
        if not set(group) <= set(ALPHABET) or group != _group([ALPHABET.index(s) for s in group[:-1]], place):
            raise Mistyped(f"Group {place + 1} of the recovery key, {group}, is mistyped: compare it with the paper.")
    return HKDF(SHA256(), 32, salt=None, info=b"istirak recovery key").derive(typed.encode())


def wrap(wrapping: bytes, key: bytes) -> str:
    """Return a backup's key locked by another key of 32 bytes (AES-GCM), as text."""
    nonce = os.urandom(NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(wrapping).encrypt(nonce, key, None)).decode()


def unwrap(wrapping: bytes, wrapped: str) -> bytes:
    """Return the key that `wrap` locked. Raises WrongKey."""
    box = base64.b64decode(wrapped)
    try:
        return AESGCM(wrapping).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], None)
    except InvalidTag:
        raise WrongKey("this key does not open this backup") from None


async def keep(tx: Transaction, recovery_key: str) -> None:
    """Let every backup from now on be opened with this recovery key, which itself is not kept. Raises Mistyped."""
    await facts.put(tx, FACT, derived(recovery_key).hex())


def _group(digits: list[int], place: int) -> str:
    # Odd weights have an inverse modulo 32: one wrong sign is always found. `place` finds groups in a wrong order.
    check = (place + sum((2 * at + 1) * digit for at, digit in enumerate(digits))) % 32
    return "".join(ALPHABET[digit] for digit in [*digits, check])
