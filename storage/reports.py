"""Figures for /status and the rows of the spreadsheet, each in one query."""

from dataclasses import dataclass
from typing import NamedTuple

from storage import sheets
from storage.database import Transaction
from storage.sheets import Sheet


@dataclass(frozen=True)
class Region:
    """A region today. `session` is the id of its next training day, or of the one under way; None when all are over."""

    id: str
    name: str
    places: int
    registered: int
    session: str | None
    date: str  # local, 'YYYY-MM-DD'; '' without a session
    starts: str  # local, 'HH:MM'; '' without a session
    coming: int
    not_coming: int

    @property
    def silent(self) -> int:
        """How many registered women have not said whether they come."""
        return self.registered - self.coming - self.not_coming


@dataclass(frozen=True)
class Surveys:
    """All surveys so far: how many women were asked, and how many sheets came back. Never what stands in them."""

    asked: int
    answered: int


@dataclass(frozen=True)
class Unreached:
    """A woman with a place, or a turn for one, and no chat that the bot can write to: somebody has to call her."""

    person: int
    name: str
    region: str
    phone: str
    gone: bool  # every Telegram account of hers was deleted: she cannot come back by herself
    unclaimed: bool = False  # the team, or a roster, made her record, and she has not come to any chat yet


class Accounted(NamedTuple):
    """How many of all women whose registration is complete stand where; together these are all."""

    in_chat: int  # the bot can write to them
    on_paper: int  # the team, or a roster, made the record, and it was not claimed
    to_call: int  # they have blocked the bot, or their account is gone


@dataclass(frozen=True)
class Participant:
    """A row of the sheet of people."""

    name: str
    region: str
    group: str  # choice key
    age: str  # choice key, '' where she did not say
    phone: str
    language: str
    registered_at: int
    reachable: int  # 1 when the bot can write to her
    place: str  # its state, or how her turn for one stands: of storage/places.py
    permissions: str  # purposes of the consents that stand, JSON
    definition: str  # of the registration that she sent last, JSON; '' when there is none
    answers: str  # what stands on it, JSON
    source: str | None  # the partner of the door by which she came in, '' for none; None when she came by no door
    sheet: int  # the id of that registration; 0 when there is none


@dataclass(frozen=True)
class Day:
    """A row of the sheet of sessions. `asked` and `answered` are None while no survey was opened."""

    id: str
    region: str
    date: str
    starts: str
    ends: str
    state: str
    registered: int
    coming: int
    not_coming: int
    asked: int | None
    answered: int | None


@dataclass(frozen=True)
class Intent:
    """A row of the sheet of intents: what a woman said about a session of her region, '' for nothing."""

    session: str
    date: str
    name: str
    answer: str
    changed_at: int | None


@dataclass(frozen=True)
class Filled:
    """The answers of one sheet, JSON, with the definition of its form, JSON."""

    subject: str  # the session of a survey; the name of who wrote a recommendation
    region: str
    changed_at: int  # 0 for a survey: a response has no time
    definition: str
    answers: str
    sheet: int = 0  # its id; 0 for a survey: a response leads nowhere


async def regions(tx: Transaction, language: str, now: int) -> list[Region]:
    """Return the open regions in their order, with the session that has not ended yet, if there is one."""
    rows = await tx.all(
        "SELECT r.id, (SELECT text FROM words WHERE subject = 'region:' || r.id AND field = 'name'"
        " AND language IN (?1, 'az') ORDER BY language = ?1 DESC LIMIT 1), r.places,"
        " count(p.id), s.id, coalesce(s.date, ''), coalesce(s.starts, ''), coalesce(sum(i.answer = 'coming'), 0),"
        " coalesce(sum(i.answer = 'not coming'), 0) FROM regions r"
        " LEFT JOIN sessions s ON s.id = (SELECT id FROM sessions WHERE region = r.id AND state = 'planned'"
        " AND ends_at > ?2 ORDER BY starts_at, id LIMIT 1)"
        # Left joins are made in this order: along the index of women, not through all that was ever said.
        " LEFT JOIN people p ON p.region = r.id AND p.state = 'registered'"
        " LEFT JOIN intents i ON i.session = s.id AND i.person = p.id"
        " WHERE r.places > 0 GROUP BY r.id ORDER BY r.position, r.id",
        (language, now),
    )
    return [Region(row[0], row[1] or row[0], *row[2:]) for row in rows]


async def ages(tx: Transaction) -> dict[str, int]:
    """Return, by age band, how many women have a place; '' are those who did not say."""
    return dict(await tx.all("SELECT age, count(*) FROM people WHERE state = 'registered' GROUP BY age"))


async def surveys(tx: Transaction) -> Surveys:
    """Count what was asked and answered; of an open survey only the number of sheets that were sent."""
    row = await tx.one(
        "SELECT coalesce(sum(asked), 0), coalesce(sum(CASE state WHEN 'open' THEN (SELECT count(*) FROM sealed_sheets"
        " WHERE survey = surveys.id AND state = 'submitted') ELSE answered END), 0) FROM surveys"
    )
    return Surveys(*row) if row else Surveys(0, 0)


async def unreached(tx: Transaction) -> list[Unreached]:
    """List the women to be called, region by region: also those who wait for a place."""
    rows = await tx.all(
        "SELECT p.id, p.name, p.region, p.phone, (SELECT count(*) > 0 AND min(c.state = 'gone') FROM chat_people cp"
        " JOIN chats c ON c.id = cp.chat WHERE cp.person = p.id), NOT EXISTS (SELECT 1 FROM chat_people"
        " WHERE person = p.id) FROM people p JOIN regions r ON r.id = p.region"
        # The few closed chats are read once, not each woman's chat: with 100,000 women others wait for this.
        " WHERE p.state IN ('registered', 'waiting') AND NOT EXISTS (SELECT 1 FROM chat_people cp"
        " WHERE cp.person = p.id AND cp.chat NOT IN (SELECT id FROM chats WHERE state <> 'reachable'))"
        " ORDER BY r.position, p.id"
    )
    return [Unreached(*row[:4], *map(bool, row[4:])) for row in rows]


async def accounted(tx: Transaction) -> Accounted:
    """Count all women whose registration is complete by where they stand."""
    missed = await unreached(tx)
    on_paper = sum(each.unclaimed for each in missed)
    row = await tx.one("SELECT count(*) FROM people WHERE state IN ('registered', 'waiting')")
    return Accounted((row[0] if row else 0) - len(missed), on_paper, len(missed) - on_paper)


async def participants(tx: Transaction) -> list[Participant]:
    """List the registered women, region by region, in the order in which they came; then who has no place yet."""
    rows = await tx.all(
        "SELECT p.name, p.region, p.group_key, p.age, p.phone, p.language, p.registered_at, EXISTS (SELECT 1"
        " FROM chat_people cp JOIN chats c ON c.id = cp.chat WHERE cp.person = p.id AND c.state = 'reachable'),"
        " coalesce(w.state, 'held'),"
        " (SELECT json_group_array(purpose) FROM consents WHERE person = p.id AND withdrawn_at IS NULL),"
        " coalesce(d.body, ''), coalesce((SELECT json_group_object(a.question, json(a.value)) FROM answers a"
        " WHERE a.sheet = h.id), '{}'), (SELECT partner FROM doors WHERE code = p.door),"
        " coalesce(h.id, 0)"
        " FROM people p JOIN regions r ON r.id = p.region LEFT JOIN sheets h ON h.id = (SELECT max(id) FROM sheets"
        " WHERE person = p.id AND form = 'registration' AND state = 'submitted')"
        " LEFT JOIN definitions d ON d.hash = h.definition LEFT JOIN places w ON w.person = p.id"
        " WHERE p.state IN ('registered', 'waiting')"
        " ORDER BY r.position, p.state, iif(p.state = 'waiting', w.number, 0), p.registered_at, p.id"
    )
    return [Participant(*row) for row in rows]


async def days(tx: Transaction) -> list[Day]:
    """List the sessions, also cancelled ones, with their counts."""
    rows = await tx.all(
        "SELECT s.id, s.region, s.date, s.starts, s.ends, s.state,"
        " (SELECT count(*) FROM people WHERE region = s.region AND state = 'registered'),"
        " (SELECT count(*) FROM intents WHERE session = s.id AND answer = 'coming'),"
        " (SELECT count(*) FROM intents WHERE session = s.id AND answer = 'not coming'),"
        " (SELECT sum(asked) FROM surveys WHERE session = s.id),"
        " (SELECT sum(answered) FROM surveys WHERE session = s.id AND state <> 'open')"
        " FROM sessions s JOIN regions r ON r.id = s.region ORDER BY r.position, s.starts_at, s.id"
    )
    return [Day(*row) for row in rows]


async def intents(tx: Transaction) -> list[Intent]:
    """List each registered woman with each session of her region that is held."""
    rows = await tx.all(
        "SELECT s.id, s.date, p.name, coalesce(i.answer, ''), i.changed_at FROM sessions s"
        " JOIN regions r ON r.id = s.region JOIN people p ON p.region = s.region AND p.state = 'registered'"
        " LEFT JOIN intents i ON i.session = s.id AND i.person = p.id WHERE s.state = 'planned'"
        " ORDER BY r.position, s.starts_at, p.registered_at, p.id"
    )
    return [Intent(*row) for row in rows]


async def responses(tx: Transaction) -> list[Filled]:
    """List the sheets of closed surveys of five or more. Ordered by their random keys: the order says nothing."""
    rows = await tx.all(
        "SELECT u.session, s.region, 0, d.body, e.answers FROM responses e JOIN surveys u ON u.id = e.survey"
        " JOIN sessions s ON s.id = u.session JOIN definitions d ON d.hash = e.definition"
        " WHERE u.state = 'closed' AND u.answered >= 5 ORDER BY e.key"
    )
    return [Filled(*row) for row in rows]


async def submitted(tx: Transaction, form: str) -> list[Filled]:
    """List the submitted sheets of a form that carries names, of women who take part or wait, the oldest first."""
    rows = await tx.all(
        "SELECT p.name, coalesce(p.region, ''), h.changed_at, d.body, (SELECT json_group_object(a.question,"
        " json(a.value)) FROM answers a WHERE a.sheet = h.id), h.id FROM sheets h JOIN people p ON p.id = h.person"
        " JOIN definitions d ON d.hash = h.definition WHERE h.form = ? AND h.state = 'submitted'"
        " AND p.state IN ('registered', 'waiting') ORDER BY h.changed_at, h.id",
        (form,),
    )
    return [Filled(*row) for row in rows]


async def sheet(tx: Transaction, sheet: int) -> Sheet | None:
    """Return a submitted sheet that carries a name, of a woman who takes part or waits."""
    row = await tx.one(
        "SELECT h.key FROM sheets h JOIN people p ON p.id = h.person WHERE h.id = ? AND h.state = 'submitted'"
        " AND p.state IN ('registered', 'waiting')",
        (sheet,),
    )
    return await sheets.by_key(tx, row[0]) if row else None


async def definitions(tx: Transaction) -> list[str]:
    """Return every form as it was ever used, JSON."""
    return [row[0] for row in await tx.all("SELECT body FROM definitions ORDER BY form, hash")]


async def region_names(tx: Transaction, language: str) -> dict[str, str]:
    """Return each region's name, in Azerbaijani where the language has none."""
    rows = await tx.all(
        "SELECT substr(subject, 8), text FROM words WHERE subject LIKE 'region:%' AND field = 'name'"
        " AND language IN (?1, 'az') ORDER BY language = ?1",
        (language,),
    )
    return dict(rows)
