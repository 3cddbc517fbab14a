"""The nine days: who does what at which moment."""

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.rehearsal import cast, lives, organiser
from tests.rehearsal.cast import Part
from tests.rehearsal.stage import HOUR, START, Stage, midnight
from tests.rehearsal.weather import Weather, ordinary
from tests.rehearsal.woman import Unanswered, Woman

MINUTE = 60_000
LATE = 20 * HOUR  # after a day's end: some answer its survey only then
Happening = Callable[[str], Awaitable[None]]
QUESTIONS = ("useful", "pace", "heard", "use", "better")


@dataclass
class Player:
    """A woman and her part, and what the programme owes her."""

    part: Part
    woman: Woman
    owed: Counter[tuple[str, str]] = field(default_factory=Counter)  # (session, kind of reminder)
    calls: int = 0  # notes that she is to get

    @property
    def reachable(self) -> bool:
        """Whether the bot can write to her now, and she takes part."""
        person, diary = self.woman.phone.person, self.woman.diary
        return bool(diary.registered) and not (diary.erased or person.blocked or person.gone)


@dataclass
class Story:
    """Everyone, and what came of it."""

    stage: Stage
    players: list[Player]
    organiser: Woman
    weather: Weather | None = None  # None: nothing goes wrong
    troubles: list[str] = field(default_factory=list)
    sheets: dict[str, list[list[Any]]] = field(default_factory=dict)  # of the spreadsheet
    said_registered: int = 0  # by /status
    held: set[str] = field(default_factory=set)  # sessions whose surveys are open

    async def act(self, who: Woman, does: Coroutine[Any, Any, object]) -> None:
        """Let one person do something; that nothing came of it is noted, and the others go on."""
        try:
            await does
        except (Unanswered, LookupError, RuntimeError) as error:
            fate = f" ({self.weather.fate(who)})" if self.weather else ""
            self.troubles.append(f"{who.name}: {type(error).__name__}{fate}: {error}")

    async def together(self, acts: Sequence[tuple[Woman, Coroutine[Any, Any, object]]]) -> None:
        """Let several act at the same time."""
        if self.weather:
            self.weather.acting = True
        await self.stage.together([self.act(who, does) for who, does in acts])
        if self.weather:
            await self.weather.rest()

    def player(self, number: int) -> list[Player]:
        """The woman of that number, if there are so many."""
        return [player for player in self.players if player.part.number == number]

    async def live(self) -> None:
        """From the organiser's first salam to the last survey."""
        await self.act(self.organiser, organiser.arrive(self.organiser, self.stage.owner_link))
        await self.come()
        for moment, kind, happening, session in self.happenings():
            gone = self.weather.block(self.steady(session)) if self.weather and kind == "eve" else []
            self.owe(session, kind)
            await self.stage.travel(moment)
            await happening(session)
            for woman in gone:
                await woman.phone.unblock()
        await self.stage.settle()
        await self.act(self.organiser, self.take_stock())

    async def come(self) -> None:
        """Register on the first day, some on the second; then some block the bot or are gone."""
        await self.together([(p.woman, lives.register(p.woman, p.part)) for p in self.players])
        await self.stage.travel(START + timedelta(days=1))
        paused = [p for p in self.players if p.part.number in cast.PAUSES and p.part.number not in cast.WAITS]
        await self.together([(p.woman, lives.resume(p.woman, p.part)) for p in paused])
        waiting = [p for p in self.players if p.part.number in cast.WAITS]
        for player in waiting:
            player.owed["", "nudge"] += 1
        await self.stage.travel(START + timedelta(days=1, hours=1, minutes=1))
        await self.together([(p.woman, lives.go_on(p.woman, p.part)) for p in waiting])
        for number in (*cast.BLOCKS, *cast.RETURNS):
            for player in self.player(number):
                await player.woman.phone.block()
        for player in self.player(cast.GONE):
            await player.woman.phone.close_account()

    def happenings(self) -> list[tuple[int, str, Happening, str]]:
        """The moments of the programme in their order, what the bot owes at each, and what people do then."""
        midweek = round((START + timedelta(days=3)).timestamp() * 1000)
        found: list[tuple[int, str, Happening, str]] = [(midweek, "", self.midweek, "")]
        days = self.stage.rows("SELECT id, date, ends_at FROM sessions ORDER BY starts_at")
        for session, written, ends in days:
            day = midnight(date.fromisoformat(written))
            found += [
                (day - 5 * HOUR, "eve", self.evening, session),
                (day + 8 * HOUR, "morning", self.morning, session),
                (ends, "survey", self.survey, session),
                (ends + LATE, "", self.late, session),
                (
                    ends + 71 * HOUR + 10 * MINUTE,
                    "",
                    self.nothing,
                    session,
                ),  # the bot sees an hour ahead that it closes
                (ends + 72 * HOUR + 30 * MINUTE, "", self.closing, session),
            ]
        return sorted(found, key=lambda each: each[0])

    def region(self, session: str) -> list[Player]:
        """The women of a session's region who can be written to now."""
        return [p for p in self.players if p.part.region == session.rpartition("-")[0] and p.reachable]

    def steady(self, session: str) -> list[Woman]:
        """The women of a session's region of whom nothing else is told than that they take part."""
        return [player.woman for player in self.region(session) if ordinary(player.part.number)]

    def owe(self, session: str, kind: str) -> None:
        """Note whom the bot has to write to now: in the evening all it can reach, later those who did not say no."""
        for player in self.region(session) if kind else []:
            comes = player.woman.diary.intents.get(session) != "not coming"
            player.owed[session, kind] += kind == "eve" or comes

    async def evening(self, session: str) -> None:
        """Most answer the reminder, some change their mind at once."""
        await self.together([(p.woman, self.answer_eve(p, session)) for p in self.region(session)])

    async def answer_eve(self, player: Player, session: str) -> None:
        """Say whether she comes."""
        roll = (player.part.number + int(session[-1]) * 7) % 10
        if roll < 8:
            await lives.say_intent(player.woman, session, "not coming" if roll == 0 else "coming")
        if roll == 7:
            await lives.say_intent(player.woman, session, "not coming")

    async def morning(self, session: str) -> None:
        """The silent ones answer now; one of those who come cannot after all."""
        silent = [p for p in self.region(session) if session not in p.woman.diary.intents]
        await self.together([(p.woman, lives.say_intent(p.woman, session, "coming")) for p in silent[::2]])
        for player in self.region(session)[10:11]:
            await self.act(player.woman, lives.say_intent(player.woman, session, "not coming"))
        for player in self.player(cast.ERASES):
            if session == f"{player.part.region}-3":
                await self.act(player.woman, lives.erase(player.woman, self.held))
        for number in cast.RETURNS:
            for player in self.player(number):
                if session == f"{player.part.region}-1":
                    await player.woman.phone.unblock()

    async def survey(self, session: str) -> None:
        """Seven of ten answer the survey at once, one of them in part; on the last day some recommend something."""
        self.held.add(session)
        owed = [p for p in self.region(session) if p.owed[session, "survey"]]
        await self.together([(p.woman, self.answer(p, session)) for p in owed if p.part.number % 10 < 7])
        if session.endswith("-3"):
            writers = [p for p in self.region(session) if p.part.writes]
            await self.together([(p.woman, lives.recommend(p.woman, p.part)) for p in writers])
        nostalgic = [p for p in self.region(session) if p.part.number in cast.NOSTALGIC]
        await self.together([(p.woman, p.woman.press_old()) for p in nostalgic])

    async def answer(self, player: Player, session: str) -> None:
        """Answer a survey, one woman in ten not to its end."""
        upto = QUESTIONS[1 + player.part.number // 10 % 4] if player.part.number % 10 == 6 else ""
        await lives.answer_survey(player.woman, session, upto)

    async def late(self, session: str) -> None:
        """Two of ten answer the survey the next day."""
        owed = [p for p in self.region(session) if p.owed[session, "survey"] and p.part.number % 10 in (7, 8)]
        await self.together([(p.woman, self.answer(p, session)) for p in owed])

    async def nothing(self, _: str) -> None:
        """Nobody does anything."""

    async def closing(self, session: str) -> None:
        """The survey is over."""
        self.held.discard(session)

    async def midweek(self, _: str) -> None:
        """The organiser looks at the figures, a woman asks something and is answered, a region gets a note."""
        await self.act(self.organiser, self.look())
        for player in self.player(cast.ASKS):
            await self.act(player.woman, lives.ask(player.woman))
            await self.stage.settle()
            await self.act(self.organiser, organiser.reply(self.organiser))
            await self.act(player.woman, player.woman.see(lambda m: organiser.ANSWER in m.text, "the answer"))
        for player in self.players:
            player.calls += player.reachable and player.part.region == "quba"
        await self.act(self.organiser, organiser.write_to(self.organiser, "quba"))
        if self.weather:
            await self.stage.settle()
            await self.weather.away()

    async def look(self) -> None:
        self.said_registered = await organiser.registered(self.organiser)

    async def take_stock(self) -> None:
        self.sheets = await organiser.take_spreadsheet(self.organiser)
