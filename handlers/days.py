"""Training days: reminders before them, what the women say to them, and news when a day is moved or cancelled."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from telegram import Update

from bot import buttons, letters, texts
from bot.buttons import Button, Rows
from bot.config import Reminders
from bot.desk import Desk
from bot.turn import Turn
from handlers import places, ways
from storage import facts, intents, outbox, programme, reminders
from storage.outbox import Letter
from storage.programme import Session
from storage.reminders import Addressee, Occurrence

HOUR, DAY = 3_600_000, 86_400_000
AHEAD, BACK = 2 * DAY, 30 * DAY  # how far from now a session may begin to be looked at
AT_ONCE = 500  # women for whom one transaction plans: others wait for it, some 27 ms
Row = dict[str, Any]  # further fields of an outbox row
ANSWERS = {"coming": "coming", "not": "not coming"}  # as in a button's data → as stored
WORDS = {stored: word for word, stored in ANSWERS.items()}


async def remind(desk: Desk) -> bool:
    """Tick: write to women whose reminder has come, and to those who know something that is no longer true.

    Returns whether more women are to be written to: they are a batch of their own.
    """
    for session_id in await reminders.outdated(desk.tx, desk.now):
        await _tell_change(desk, session_id)
    near = await programme.sessions_between(desk.tx, desk.now - BACK, desk.now + AHEAD)
    due = [each for session in near for each in occurrences(session, desk.config.reminders) if each.due <= desk.now]
    if not due:
        return False
    if women := await reminders.plan(desk.tx, due, desk.now, AT_ONCE):
        await _write_reminders(desk, women, near, due)
    return await reminders.unplanned(desk.tx, due)


async def _write_reminders(
    desk: Desk, women: Sequence[Addressee], near: Sequence[Session], due: Sequence[Occurrence]
) -> None:
    sessions = {session.id: session for session in near}
    ends = {(each.session, each.kind): each.useless_after for each in due}
    shown = Cards(desk, sessions)
    written = [(who, await shown.letter(who, who.kind, ends[who.session, who.kind])) for who in women]
    cards = [(who, await shown.place(who, ends[who.session, who.kind])) for who in women if who.first]
    await write(desk, written + cards)
    await reminders.remember(desk.tx, sorted({who.session for who in women}))


def occurrences(session: Session, hours: Reminders) -> list[Occurrence]:
    """Return the two moments at which the women of a session are reminded of it.

    The eve one ends at midnight, when 'tomorrow' is no longer true. The morning one comes an hour before the beginning
    at the latest, also for those who registered after the eve, and ends with the day.
    """

    def at(days: int, hour: time) -> int:
        return programme.moment(session.date + timedelta(days=days), hour, session.zone)

    eve, midnight = at(-1, hours.evening), at(0, time())
    morning = min(at(0, hours.morning), session.starts_at - HOUR)
    day = (session.id, session.region)
    return [
        Occurrence(*day, "eve", str(session.date), eve, min(midnight, morning), registered_before=eve),
        Occurrence(*day, "morning", str(session.date), morning, session.ends_at, registered_before=session.starts_at),
    ]


async def write(desk: Desk, written: Iterable[tuple[Addressee, Letter]]) -> None:
    """Put letters into the outbox; what may have left before a restore waits there for an organiser."""
    backed_up, restored = map(int, (await facts.get(desk.tx, reminders.RESTORED) or "0 0").split())
    held = []
    for who, letter in written:
        if backed_up < who.due <= restored:
            held.append(letter)
        else:
            desk.post(letter)
    if held:
        rows = await outbox.add(desk.tx, await desk.addressed(held), desk.now)
        await reminders.hold(desk.tx, [row for row in rows if row is not None])


async def _tell_change(desk: Desk, session_id: str) -> None:
    """Tell those who were reminded of a day that it was moved or is off; what had not left yet does not leave."""
    session = await programme.session(desk.tx, session_id)
    if session is None:
        return
    for prefix in ("remind", "moved", "off"):
        await outbox.cancel(desk.tx, f"{prefix}:{session_id}:", desk.now)
    opening = "moved" if session.state == "planned" else "off"
    if opening == "moved":
        await intents.ask_anew(desk.tx, session_id)
    shown = Cards(desk, {session_id: session})
    for who in await reminders.told(desk.tx, session_id):
        who = replace(who, key=f"{opening}:{session_id}:{who.person}:{session.revision}")
        desk.post(await shown.letter(who, opening, session.ends_at))
    await reminders.retell(desk.tx, session_id)


class Cards:
    """What is said about training days. Each text is made once for all the women who get it."""

    def __init__(self, desk: Desk, sessions: dict[str, Session]) -> None:
        self._desk, self._sessions = desk, sessions
        self._words: dict[tuple[str, str], dict[str, str]] = {}
        self._cards: dict[tuple[str, str, str], str] = {}
        self._letters: dict[tuple[str, ...], Letter] = {}  # without what is one woman's

    async def letter(self, who: Addressee, opening: str, useless_after: int) -> Letter:
        """Return a message of her own about the day; its first words say nothing that others should not read."""
        sort = (opening, who.session, who.language, who.answer)
        if sort not in self._letters:
            self._letters[sort] = letters.text(0, *await self._said(who, opening))
        # Due when the reminder was: of many batches the words leave first, then the map cards.
        row: Row = {"person": who.person, "key": who.key, "priority": 1, "due": who.due, "useless_after": useless_after}
        return self._letters[sort]._replace(chat=who.chat, **row)

    async def _said(self, who: Addressee, opening: str) -> tuple[str, dict[str, Any] | None]:
        session, t = self._sessions[who.session], self._desk.t
        parts = [t(who.language, f"days.{opening}")]
        parts.append(await self.card(session, who.language, "days.day" if opening == "off" else "days.card"))
        if opening == "off":
            return "\n\n".join([*parts, t(who.language, "days.off.after")]), None
        rows = choices(self._desk, who.language, who.session, who.answer)
        return "\n\n".join([*parts, t(who.language, "days.question")]), buttons.inline(rows)

    async def place(self, who: Addressee, useless_after: int) -> Letter:
        """Return the silent map card of the day's venue."""
        sort = ("place", who.session, who.language)
        if sort not in self._letters:
            self._letters[sort] = await self._map(self._sessions[who.session], who.language)
        row: Row = {"person": who.person, "key": f"{who.key}:venue", "priority": 1, "useless_after": useless_after}
        return self._letters[sort]._replace(chat=who.chat, **row)

    async def _map(self, session: Session, language: str) -> Letter:
        words = await self.words(session.id, language)
        address = ", ".join(word for word in (words.get("venue"), words.get("address")) if word)
        title = self._desk.plain(language, "days.place")
        card = letters.venue(0, (session.latitude, session.longitude), title, address or title)
        return card._replace(parameters={**card.parameters, "disable_notification": True})

    async def card(self, session: Session, language: str, key: str = "days.card") -> str:
        """Return day, hours, topic and venue as HTML."""
        if (session.id, language, key) not in self._cards:
            words = await self.words(session.id, language)
            self._cards[session.id, language, key] = self._desk.t(
                language,
                key,
                day=texts.day(language, session.date),
                starts=texts.hour(session.starts_at, session.zone),
                ends=texts.hour(session.ends_at, session.zone),
                topic=words.get("topic", ""),
                venue=words.get("venue", ""),
                address=words.get("address", ""),
            )
        return self._cards[session.id, language, key]

    async def words(self, session: str, language: str) -> dict[str, str]:
        """Return topic, venue and address."""
        if (session, language) not in self._words:
            self._words[session, language] = await programme.words(self._desk.tx, f"session:{session}", language)
        return self._words[session, language]


def choices(desk: Desk, language: str, session: str, answer: str) -> Rows:
    """Return the two buttons under a day, the chosen one marked."""
    return [
        [
            Button(("✓ " if answer == stored else "") + desk.plain(language, f"days.{word}"), f"i/{session}/{word}")
            for word, stored in ANSWERS.items()
        ]
    ]


async def answer(update: Update, turn: Turn) -> None:
    """Keep whether she comes to a training day, and mark her choice in place."""
    _, session, word = (*turn.words, "", "")[:3]
    stored = ANSWERS.get(word, "")
    message = turn.pressed_message
    if not stored or not await intents.say(turn.tx, session, stored, turn.chat, message, turn.person.id, turn.now):
        await _explain(turn, session)
        return
    turn.toast(turn.plain(f"days.noted.{word}"))
    rows = choices(turn.desk, turn.language, session, stored)
    turn.desk.post(letters.rebutton(turn.chat, message, rows, person=turn.person.id))


async def _explain(turn: Turn, session_id: str) -> None:
    """Say why the button does nothing, and let one stand in its place that leads on."""
    session = await programme.session(turn.tx, session_id)
    if session is None or turn.person.state != "registered" or session.region != turn.person.region:
        reason = "days.not_yours"
    else:
        reason = "days.cancelled" if session.state == "cancelled" else "days.begun"
    turn.toast(turn.plain(reason), alert=True)
    onward = [[ways.onward(turn.desk, turn.person)]]
    turn.desk.post(letters.rebutton(turn.chat, turn.pressed_message, onward, person=turn.person.id))


async def show_days(update: Update, turn: Turn) -> None:
    """Show her training days with what she said, and a button for each that is to come."""
    if turn.person.state == "waiting":
        html, rows = await places.mine(turn)
        turn.say(html, [*rows, [ways.menu(turn.desk, turn.language)]])
        return
    if turn.person.state != "registered" or turn.person.region is None:
        turn.say(turn.t("days.unregistered"))
        return
    sessions = await programme.sessions(turn.tx, turn.person.region)
    said = await intents.of(turn.tx, turn.person.id)
    shown = Cards(turn.desk, {session.id: session for session in sessions})
    lines = [await _line(turn, shown, session, said.get(session.id, "")) for session in sessions]
    ahead = [session for session in sessions if _is_ahead(session, turn.now)]
    rows = [[Button(str(texts.day(turn.language, session.date)), f"i/{session.id}/show")] for session in ahead]
    parts = [turn.t("days.list" if lines else "days.none"), *lines, *([turn.t("days.choose")] if rows else [])]
    turn.say("\n\n".join(parts), rows or [[ways.menu(turn.desk, turn.language)]])


async def _line(turn: Turn, shown: Cards, session: Session, said: str) -> str:
    if session.state == "cancelled":
        state = "cancelled"
    elif not _is_ahead(session, turn.now):
        state = "begun"
    else:
        state = WORDS.get(said, "silent")
    day = await shown.card(session, turn.language, "days.line")
    return f"{day}\n{turn.t(f'days.said.{state}')}"


async def show_day(update: Update, turn: Turn) -> None:
    """Show one of her days with its place and the two buttons."""
    session = await programme.session(turn.tx, turn.words[1])
    mine = session and turn.person.state == "registered" and session.region == turn.person.region
    if not session or not mine or not _is_ahead(session, turn.now):
        await _explain(turn, turn.words[1])
        return
    turn.toast()
    said = (await intents.of(turn.tx, turn.person.id)).get(session.id, "")
    card = await Cards(turn.desk, {}).card(session, turn.language)
    turn.say(f"{card}\n\n{turn.t('days.question')}", choices(turn.desk, turn.language, session.id, said))


def _is_ahead(session: Session, now: int) -> bool:
    return session.state == "planned" and session.starts_at > now
