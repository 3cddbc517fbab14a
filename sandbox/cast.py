"""The sample people of the chat page: women of the three regions with phones in several languages, and an organiser."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One invented person: `about` is a word on her in the list, `id` her Telegram user id (None: a new one)."""

    name: str
    language_code: str | None
    phone_number: str
    about: str = ""
    id: int | None = None


ORGANISER = Part("Könül (nümunə)", "az", "+994500000001", "təşkilatçı · az", 200_001)
WOMEN = [
    Part("Aygün (nümunə)", "az", "+994500000002", "Lənkəran · az", 200_002),
    Part("Севда (пример)", "ru", "+994500000003", "Quba · ru", 200_003),
    Part("Nigar (sample)", "en", "+994500000004", "Zaqatala · en", 200_004),
    Part("Elif (örnek)", "tr", "+994500000005", "Lənkəran · tr", 200_005),
    Part("Gülnar (nümunə)", None, "+994500000006", "Zaqatala · –", 200_006),
]
CAST = [ORGANISER, *WOMEN]
