"""Who the hundred are: invented women with names as people write them, habits, and bad days."""

import random
from dataclasses import dataclass
from typing import Final

REGIONS: Final = ("lankaran", "quba", "zaqatala")
SPELLINGS: Final = {"lankaran": "Lenkeran", "quba": "quba ", "zaqatala": "ZAQATALA"}
GROUPS: Final = ("initiative", "community", "entrepreneur", "ngo", "other")
AGES: Final = ("from_18", "from_25", "from_35", "from_45", "from_55", "from_65", "")
# What some need, and what they allow; the others leave it at that.
NEEDS: Final = {1: "child", 4: "access child", 7: "food transport"}  # by the last digit of her number
ALL: Final = "photos quotes contact transfer"
PERMISSIONS: Final = {1: "photos", 3: ALL}  # by the remainder of her number and four
FIRST: Final = (
    *("Aygün", "Gülnarə", "Şəbnəm", "Könül", "Çinarə", "İradə", "Züleyxa", "Öykü", "Nərmin", "Ülviyyə"),
    *("Pərvanə", "Səidə", "Mehriban", "Rəna", "Təranə", "Xəyalə", "Fidan", "Lalə", "Günel", "Afaq"),
)
LAST: Final = ("Əliyeva", "Məmmədova", "Hüseynova", "Quliyeva", "Həsənova")
# How some of them write their names: without the letters, in Cyrillic, with an emoji, with marks nobody sees.
ODD_NAMES: Final = {
    2: "gulnare xanim",
    9: "  Şəbnəm    Əliyeva  ",
    16: "Айгюн Мамедова",
    23: "Lalə 🌷 Quliyeva",
    30: "O'ksana <b>Petrova</b> & qızı",
    37: "Nə\u200brmin Həsənova",
    44: "I\u0307radə",
    51: "=SUM(1;2) Günel",
    58: "Ü",
}
# What happens to single women, by their number; all the others take part as everybody does.
DECLINES = 3
PAUSES = (11, 12, 13, 14)  # stop in the middle of the registration and go on the next day
WAITS = (13, 14)  # of these, do so only when the bot has written to them
GIVES_UP = 15  # stops it with /cancel and begins again
BLOCKS = (17, 18)  # block the bot after they registered, for good
GONE = 19  # deletes her account and tells nobody
RETURNS = (20, 21)  # block the bot and come back after their first day
ERASES = 24
ASKS = 27  # has a question for the organisers
HURRIED = (31, 32, 33, 34, 35, 36)  # tap everything twice
NOSTALGIC = (40, 41, 42, 43, 45)  # tap old buttons
ODDITIES = {46: "sticker", 47: "voice", 48: "photo", 49: "location", 50: "edit", 52: "/help"}
CHANGERS = (53, 54, 55, 56, 57)  # change an answer on the card
SPELLERS = (60, 61, 62, 63, 64, 65, 66)  # write their region
ECHOES = (67, 68)  # their phone's updates come twice


@dataclass(frozen=True)
class Part:
    """One woman's part: who she is, and what she answers."""

    number: int
    name: str
    region: str
    group: str
    age: str  # '' does not say it
    needs: str  # choice keys, in the order of the alphabet
    permissions: str
    contact: str | None  # 'share', a number as she writes it, None
    phone_language: str | None
    speaks: str  # the language that she chooses, '' for none
    phone_number: str
    slowness: float  # seconds

    @property
    def writes(self) -> bool:
        """Whether she recommends something on the last day."""
        return self.number % 4 == 1

    @property
    def phone_as_kept(self) -> str:
        """Her number as it has to be kept: E.164, or nothing."""
        return self.phone_number if self.contact else ""


def parts(count: int, seed: int) -> list[Part]:
    """Cast the play; the same seed gives the same women."""
    chance = random.Random(seed)
    return [_part(number, chance) for number in range(count)]


def _part(number: int, chance: random.Random) -> Part:
    name = ODD_NAMES.get(number, f"{chance.choice(FIRST)} {chance.choice(LAST)}")
    own = f"50{2_000_000 + number * 37:07d}"
    contact = chance.choice(["share", "share", f"0{own}", f"0{own[:2]} {own[2:5]} {own[5:7]} {own[7:]}", None])
    language = chance.choice(["az", "az", "az", "ru", "en", "tr", None])
    return Part(
        number=number,
        name=name,
        region=REGIONS[number % 3],
        group=chance.choice(GROUPS),
        age=AGES[number % len(AGES)],
        needs=NEEDS.get(number % 10, ""),
        permissions=PERMISSIONS.get(number % 4, ""),
        contact=contact,
        phone_language=language,
        speaks=chance.choice(["", "", "az", "ru", "en"]),
        phone_number=f"+994{own}",
        slowness=20.0 if number % 9 == 4 else 3.0,
    )
