"""Whatever comes in is answered in words, in her language; it breaks nothing and loses nothing."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.bot import crew
from tests.bot.women import LANGUAGES, Woman
from tests.conftest import DAY, House

Act = Callable[[Woman], Awaitable[object]]


def sends(kind: str, **content: Any) -> Act:
    return lambda woman: woman.phone.send(kind, **content)


def says(text: str) -> Act:
    async def act(woman: Woman) -> None:
        woman.inject(text=text)

    return act


async def shares_another(woman: Woman) -> None:
    await woman.phone.share_contact("+994551112233", user_id=4242)


async def edits(woman: Woman) -> None:
    await woman.write("Aygün")
    await woman.house.settle()
    mine = [message for message in woman.phone.messages if not message.from_bot]
    await woman.phone.edit(mine[-1].message_id, "Aygün Başqa")


async def replies_to_an_old_one(woman: Woman) -> None:
    await woman.phone.reply(woman.phone.received[0].message_id, "Bəs bu nədir?")


async def forwards(woman: Woman) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "Kimsə", "date": 1}
    woman.inject(text="Yönləndirilmiş söz", forward_origin=origin)


async def taps_twice(woman: Woman) -> None:
    data, message = woman.past[-1]
    await woman.phone.press_raw(data, message)


async def taps_what_is_gone(woman: Woman) -> None:
    await woman.phone.press_raw(woman.past[-1][0], 4_000)


async def taps_last_week(woman: Woman) -> None:
    data, message = woman.past[-1]
    await woman.house.travel(woman.house.clock.now() + 7 * DAY)
    await woman.phone.press_raw(data, message)


async def takes_the_button_of_another(woman: Woman) -> None:
    other = await Woman(woman.house, woman.language).reach("region")
    data = other.phone.last.buttons[0].data
    assert data
    await woman.forge(data)


def command(text: str) -> Act:
    entity = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}

    async def act(woman: Woman) -> None:
        woman.inject(text=text, entities=[entity])

    return act


KINDS = ("sticker", "voice", "photo", "video_note", "video", "audio", "document", "animation", "location", "venue")
# What she does, by a name, and what she has in front of her then.
SAID: dict[str, tuple[str, Act]] = {
    **{f"{kind} for a name": ("name", sends(kind)) for kind in (*KINDS, "dice")},
    "a poll for a name": ("name", sends("poll")),
    "sticker for a choice": ("region", sends("sticker")),
    "voice for a phone": ("phone", sends("voice")),
    "sticker on the card": ("card", sends("sticker")),
    "location in the menu": ("menu", sends("location")),
    "a voice for a greeting": ("greeting", sends("voice")),
    "ten thousand letters": ("name", says("a" * 10_000)),
    "only NUL": ("name", says("\x00\x00")),
    "an empty name": ("name", says("   ")),
    "zero-width letters": ("name", says("\u200b\u200c\u2060\ufeff")),
    "bidi marks": ("name", says("\u202e\u2066\u200f")),
    "emoji only": ("name", says("🌸🌸")),
    "digits only": ("name", says("12345")),
    "markup": ("name", says("<b>Aygün</b> & <script>")),
    "a formula": ("name", says("=1+1 Aygün")),
    "a name that turns around": ("name", says("Aygün \u202eilƏ")),
    "a mark on every letter": ("name", says("A" + "\u0301" * 50 + "ygün")),
    "braces": ("name", says("{name} {0} %s Aygün")),
    "a choice that is none": ("region", says("Bakı")),
    "a number past the end": ("region", says("9")),
    "a number without end": ("region", says("9" * 4000)),
    "words for a phone": ("phone", says("sonra deyərəm")),
    "too many digits": ("phone", says("9" * 300)),
    "the contact of another": ("phone", shares_another),
    "a contact for a name": ("name", shares_another),
    "words on the card": ("card", says("Nə vaxt başlayır?")),
    "words in the menu": ("menu", says("Nə vaxt başlayır?")),
    "an edited answer": ("name", edits),
    "an edited question": ("menu", edits),
    "a reply to an old message": ("region", replies_to_an_old_one),
    "a forwarded message": ("region", forwards),
    "an unknown command": ("name", command("/bilmirem")),
    "a start with an unknown payload": ("name", command("/start ../../x")),
    "a start with a forged link": ("name", command("/start r_AAAA")),
    "an organiser's command": ("name", command("/export")),
    "nothing to cancel": ("greeting", command("/cancel")),
}
# What no button says in that place.
FORGED = {
    "name": ("f/KEY/ok", "f/KEY/e/2", "f/KEY/s/2", "f/KEY/k/2", "f/KEY/a/5/1", "f/KEY/a/2/1", "f/KEY/r/1"),
    "region": ("f/KEY/a/3/99", "f/KEY/a/-3/1", "f/KEY/zz/3/1", "f/KEY/a/３/１", "f/KEY", "f/KEY/a/3/1/1/1/1/1"),
    "card": ("f/KEY/e/99", "f/KEY/e/0", "f/KEY/e", "f/KEY/a/1/2", "f/KEY/b/9"),
    "menu": ("f/nosuchsheet/a/1/1", "f", "f//", "zzz", "\x00", "l/xx", "s/xx", "m/xx", "b/day", "b/", "i/none/coming"),
}
PRESSED: dict[str, tuple[str, Act]] = {
    "the same tap twice": ("region", taps_twice),
    "a tap on a message that is gone": ("group", taps_what_is_gone),
    "a button of last week": ("group", taps_last_week),
    "someone else's button": ("region", takes_the_button_of_another),
    "a button of a sheet that was sent": ("menu", taps_twice),
}


class Watch:
    """What a woman had before something happened to her."""

    def __init__(self, woman: Woman, case: str = "") -> None:
        self.woman, self.case = woman, case
        self.messages, self.toasts = len(woman.phone.received), len(woman.phone.toasts)

    async def begin(self) -> "Watch":
        self.answers = await self.woman.answers()
        return self

    async def was_answered(self) -> None:
        """She was answered in her language, and what stood on her sheets still stands there."""
        await self.woman.house.settle()
        self.understood([message.text for message in self.woman.phone.received[self.messages :] if message.text])
        after = await self.woman.answers()
        assert {key: after.get(key) for key in self.answers} == self.answers, self.case

    async def was_told_why_not(self) -> None:
        """Words flashed up in her language, and nothing else happened but that she is offered ways on in her sheet."""
        await self.woman.house.settle()
        self.understood(self.woman.phone.toasts[self.toasts :])
        assert await self.woman.answers() == self.answers
        for message in self.woman.phone.received[self.messages :]:  # a nudge, or an offer to change the old answer
            assert re.match(rf"f/{self.woman.key}/[re]/", message.buttons[0].data or ""), message.text

    def understood(self, said: list[str]) -> None:
        assert said, f"{self.woman.language}, {self.case}: not answered"
        assert [text for text in said if not self.woman.understands(text)] == [], self.case


async def nothing_broke(house: House) -> None:
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
    assert await crew.rows(house, "SELECT method, reason FROM outbox WHERE state = 'failed'") == []


@pytest.mark.parametrize("place", sorted({place for place, _ in SAID.values()}))
@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_she_sends_is_answered_and_loses_nothing(language: str, place: str, house: House) -> None:
    woman, before = await Woman(house, language).reach(place), None
    for case, (where, act) in SAID.items():
        if where != place:
            continue
        if before not in (None, await woman.where()):  # the last case was an answer, and led her on
            woman = await Woman(house, language).reach(place)
        before = await woman.where()
        watch = await Watch(woman, case).begin()
        await act(woman)
        await watch.was_answered()
    await nothing_broke(house)


@pytest.mark.parametrize("case", PRESSED)
async def test_what_she_should_not_press_says_so_and_changes_nothing(case: str, house: House) -> None:
    place, act = PRESSED[case]
    for language in LANGUAGES:
        woman = await Woman(house, language).reach(place)
        watch = await Watch(woman).begin()
        await act(woman)
        await watch.was_told_why_not()
    await nothing_broke(house)


@pytest.mark.parametrize("place", FORGED)
async def test_what_no_button_says_changes_nothing(place: str, house: House) -> None:
    for language in LANGUAGES:
        woman = await Woman(house, language).reach(place)
        for data in FORGED[place]:
            watch = await Watch(woman).begin()
            await woman.forge(data.replace("KEY", woman.key if "KEY" in data else ""))
            await watch.was_told_why_not()
    await nothing_broke(house)
