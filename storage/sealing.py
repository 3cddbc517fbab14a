"""Sealing the answers of an anonymous sheet while its survey is open (AES-GCM, NIST SP 800-38D)."""

import json
import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forms.model import Value

NONCE_BYTES = 12


def new_key() -> bytes:
    """Return a random key of 32 bytes."""
    return AESGCM.generate_key(256)


def seal(key: bytes, answers: Mapping[str, Value], survey: str, person: int) -> bytes:
    """Return the answers as a box that opens only with this key, for this survey and this person."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, json.dumps(dict(answers)).encode(), _owner(survey, person))


def unseal(key: bytes, box: bytes, survey: str, person: int) -> dict[str, Value]:
    """Return the answers in a box. Raises cryptography's InvalidTag for a wrong key, owner, or changed box."""
    plain = AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _owner(survey, person))
    answers: dict[str, Value] = json.loads(plain)
    return answers


def _owner(survey: str, person: int) -> bytes:
    return f"{survey}/{person}".encode()
