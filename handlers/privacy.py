"""/privacy: what is kept of a person, all of it in words, taking back her consent, and having everything erased."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from telegram import Update

from bot import texts
from bot.buttons import Button, Rows
from bot.turn import Turn
from forms import engine, model, phones
from handlers import definitions, doors, permissions, places, questions, ways
from storage import consents, erasures, intents, needs, people, programme, reminders, sheets, surveys
from storage import places as seats
from storage.sheets import Sheet

ONCE = "registration"  # a form of which the answers that were sent last count
LONGEST = 3500  # characters of a message; Telegram takes 4096, and counts some signs twice


async def screen(turn: Turn) -> tuple[str, Rows]:
    """Return what is kept, in short, and what she may do about it."""
    contact = turn.desk.config.privacy.contact
    html = questions.paragraphs(turn.t("privacy.text"), turn.t("privacy.contact", contact=contact) if contact else "")
    withdrawing = [[button(turn, "permissions")], [button(turn, "withdraw")]] if turn.person.enrolled else []
    return html, [[button(turn, "data")], *withdrawing, [button(turn, "erase", "danger")]]


async def privacy(update: Update, turn: Turn) -> None:
    """/privacy: show what is kept and what she may do about it."""
    turn.say(*await screen(turn))


async def press(update: Update, turn: Turn) -> None:
    """p/ACTION/PERSON: do what the button says, if it was made for who is active in this chat."""
    _, action, person = (*turn.words, "", "")[:3]
    if action not in ACTIONS or person != str(turn.person.id):
        turn.toast(turn.plain("privacy.stale"), alert=True)
        turn.unbutton()
        return
    turn.toast()
    await ACTIONS[action](turn)


async def show_data(turn: Turn) -> None:
    """Show all that is kept of her, in as many messages as it takes."""
    pages = list(split([line async for line in _lines(turn)]))
    for page in pages[:-1]:
        turn.say(page)
    turn.say(pages[-1], [[button(turn, "erase", "danger")], [ways.onward(turn.desk, turn.person)]])


async def ask_erasure(turn: Turn) -> None:
    """Say plainly what an erasure means, and ask once more."""
    html = turn.t("privacy.sure", turn.desk.config.storage.keep_backups_days)
    turn.edit(html, [[button(turn, "gone", "danger")], [button(turn, "keep")]])


async def erase(turn: Turn) -> None:
    """Have everything erased; bot/erasing.py does it and tells her."""
    await erasures.ask(turn.tx, turn.person.id, turn.chat, turn.language, turn.now)
    turn.edit(turn.t("privacy.erasing"))


async def ask_withdrawal(turn: Turn) -> None:
    """Say what taking back the consent means, and ask once more."""
    turn.edit(turn.t("privacy.leave"), [[button(turn, "left", "danger")], [button(turn, "keep")]])


async def withdraw(turn: Turn) -> None:
    """Take back the consent: no more part in the programme, no place, no reminders, no permissions.

    Her needs and her open sheets are gone. An open card of her data, sent later, would make her a participant again.
    """
    await consents.withdraw(turn.tx, turn.person.id, consents.TRAINING, turn.now)
    await permissions.tell(turn.desk, turn.person, await consents.allow(turn.tx, turn.person.id, (), "", turn.now))
    await needs.put(turn.tx, turn.person.id, ())
    await places.leave(turn.desk, turn.person.id)
    await people.withdraw(turn.tx, turn.person.id)
    await reminders.call_off(turn.tx, turn.person.id, turn.now)
    await surveys.drop(turn.tx, turn.person.id)
    await sheets.drop(turn.tx, turn.person.id)
    turn.edit(turn.t("privacy.left"), [[ways.begin(turn.desk, turn.language)], [button(turn, "erase", "danger")]])


async def keep(turn: Turn) -> None:
    """Leave everything as it is."""
    turn.edit(turn.t("privacy.kept"), [[ways.onward(turn.desk, turn.person)]])


def button(turn: Turn, action: str, style: str = "") -> Button:
    """Return a button of this page, made for who is active in this chat."""
    label = turn.plain(f"privacy.{action}.button")
    return Button(label, f"p/{action}/{turn.person.id}", style=style)


def split(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines as messages that are not too long; none is broken."""
    page: list[str] = []
    for line in lines:
        if page and sum(map(len, page)) + len(page) + len(line) > LONGEST:
            yield "\n".join(page)
            page = []
        page.append(line)
    yield "\n".join(page)


async def _lines(turn: Turn) -> AsyncIterator[str]:
    """Yield what is kept, a fact a line, as HTML."""
    person, held = turn.person, await erasures.holdings(turn.tx, turn.person.id)
    yield turn.t("privacy.data")
    region = (await programme.words(turn.tx, f"region:{person.region}", turn.language)).get("name", "")
    facts = {"name": person.name, "region": region, "phone": phones.shown(person.phone) if person.phone else ""}
    facts |= {
        "group": definitions.group(turn.language, person.group),
        "age": definitions.age(turn.language, person.age),
    }
    facts |= {"needs": await _needed(turn), "chats": ", ".join(map(str, held.chats))}
    facts["door"] = await doors.source(turn.desk, turn.language, person.id)
    for name, value in facts.items():
        if value:
            yield turn.t(f"privacy.data.{name}", value=value)
    for consent in await consents.of_person(turn.tx, person.id):
        purpose = definitions.purpose(turn.language, consent.purpose)
        given = _day(turn, consent.given_at)
        yield turn.t("privacy.data.consent", purpose=purpose, day=given)
        if consent.withdrawn_at:
            yield turn.t("privacy.data.withdrawn", purpose=purpose, day=_day(turn, consent.withdrawn_at))
    if place := await seats.of(turn.tx, person.id):
        yield turn.t("privacy.data.place", value=turn.plain(f"place.is.{place.state}"), day=_day(turn, place.asked_at))
        if place.reason:
            yield turn.t("privacy.data.reason", value=place.reason)
    said = await intents.of(turn.tx, person.id)
    for session in await programme.sessions(turn.tx, person.region) if said else []:
        if session.id in said:
            word = turn.t("days.said.coming" if said[session.id] == "coming" else "days.said.not")
            yield f"{texts.day(turn.language, session.date)}: {word}"
    for name, count in (("reminders", held.reminders), ("inquiries", held.inquiries), ("surveys", held.open_surveys)):
        if count:
            yield turn.t(f"privacy.data.{name}", count)
    async for line in _sheets(turn, held.sheets):
        yield line


async def _needed(turn: Turn) -> str:
    kept = await needs.of(turn.tx, turn.person.id)
    return ", ".join(name for key, name in definitions.offered(turn.language, "needs") if key in kept)


async def _sheets(turn: Turn, keys: Sequence[str]) -> AsyncIterator[str]:
    """Yield her sheets; of her registration the answers that count, what she has not sent yet, and when it was sent."""
    found = [sheet for key in keys if (sheet := await sheets.by_key(turn.tx, key))]
    sent = [sheet for sheet in found if sheet.form == ONCE and sheet.state == "submitted"]
    for sheet in found:
        if sheet in sent[:-1]:
            continue
        known = await _known(turn, sent[-1]) if sent and sheet.form == ONCE and sheet is not sent[-1] else {}
        lines = await _answers(turn, sheet, known)
        if lines or not known:
            form = await definitions.by_hash(turn.tx, sheet.definition)
            yield f"\n<b>{escape(form.title.said(turn.language), quote=False)}</b>"
            if known:
                yield turn.t("privacy.data.unsent")
        for line in lines:
            yield line
        if sheet in sent and sent[:-1]:
            days = dict.fromkeys(_day(turn, each.changed_at) for each in sent[:-1])
            yield turn.t("privacy.data.earlier", days=texts.Markup(", ".join(days)))


async def _known(turn: Turn, sheet: Sheet) -> dict[str, model.Value]:
    """Return what counts of a registration: its answers, but for those that are kept apart, or are in her record."""
    person = turn.person
    kept: dict[str, model.Value] = {**sheet.answers, "name": person.name, "region": person.region}
    kept |= {"group": person.group, "age": person.age or None, "phone": person.phone or None}
    kept["needs"] = list(await needs.of(turn.tx, turn.person.id))
    kept[permissions.QUESTION] = list(await consents.allowed(turn.tx, turn.person.id))
    return kept


async def _answers(turn: Turn, sheet: Sheet, known: Mapping[str, model.Value]) -> list[str]:
    """Return the answers of a sheet, a line each, without those that are `known` already."""
    form = await definitions.by_hash(turn.tx, sheet.definition)
    asked = engine.editable(form, model.Sheet(sheet.answers, sheet.step))
    # What is kept apart is no answer of this sheet any more: an empty one would say that she has none.
    answers = [
        (question.label.said(turn.language), engine.shown(question, sheet.answers[question.key], turn.language))
        for question in asked
        if question.key in sheet.answers and _is_new(question.key, sheet.answers[question.key], known)
    ]
    return [f"{escape(label, quote=False)}: {texts.isolate(value)}" for label, value in answers]


def _is_new(key: str, value: model.Value, known: Mapping[str, model.Value]) -> bool:
    """Tell whether an answer is not known; several choices are the same in whatever order."""
    before = known.get(key)
    same = sorted(value) == sorted(before) if isinstance(value, list) and isinstance(before, list) else value == before
    return key not in known or not same


def _day(turn: Turn, moment: int) -> texts.Markup:
    zone = ZoneInfo(turn.desk.config.programme.zone)
    return texts.day(turn.language, datetime.fromtimestamp(moment / 1000, zone).date())


ACTIONS = {
    "data": show_data,
    "permissions": permissions.show,
    "revoke": permissions.ask,
    "revoked": permissions.revoke,
    "erase": ask_erasure,
    "gone": erase,
    "withdraw": ask_withdrawal,
    "left": withdraw,
    "keep": keep,
}
