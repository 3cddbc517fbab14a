"""The survey of a training day: opened when the day is over, closed some days later. Anonymous."""

from bot import buttons, letters
from bot.desk import Desk
from forms import engine
from forms.model import Ask
from handlers import days, definitions, questions
from handlers.questions import View
from storage import erasures, facts, people, reminders, surveys
from storage.outbox import Letter
from storage.reminders import Addressee, Occurrence
from storage.surveys import Ended

FORM = "day"
MINUTE, HOUR = 60_000, 3_600_000
NOTICE = HOUR  # so long a survey has been seen to close before it closes: a clock that is wrong for minutes closes none


async def open_due(desk: Desk) -> None:
    """Tick: open the survey of each day that is over, and ask the women of its region who had not said no."""
    hours = desk.config.surveys
    latest = desk.now - hours.opens_after_minutes * MINUTE
    for day in await surveys.ended(desk.tx, latest - hours.closes_after_hours * HOUR, latest):
        await _open(desk, day)


async def close_due(desk: Desk) -> None:
    """Tick: close each survey whose time is over; its sheets and its key leave the file with the next checkpoint."""
    await surveys.begin_closing(desk.tx, desk.now, NOTICE)
    for survey in await surveys.over(desk.tx, desk.now, NOTICE):
        await surveys.close(desk.tx, survey, desk.config.surveys.at_least)
        await facts.put(desk.tx, erasures.CHECKPOINT, survey)


async def _open(desk: Desk, day: Ended) -> None:
    hours = desk.config.surveys
    closes_at = desk.now + hours.closes_after_hours * HOUR
    due = day.ends_at + hours.opens_after_minutes * MINUTE
    occurrence = Occurrence(
        day.session, day.region, "survey", day.date, due, useless_after=closes_at, registered_before=day.ends_at
    )
    digest, form = await definitions.current(desk, FORM)
    survey = await surveys.open_survey(desk.tx, day.session, FORM, digest, desk.now, closes_at)
    women = await reminders.plan(desk.tx, [occurrence], desk.now)
    first = engine.begin(form, questions.today(desk, form))
    sheets = await surveys.invite(desk.tx, survey, [(who.person, who.chat) for who in women], first.sheet.step)
    written = []
    for who, sheet in zip(women, sheets, strict=True):
        person = await people.by_id(desk.tx, who.person)
        if person and isinstance(first, Ask):
            written.append((who, invitation(View(desk, person, who.chat, form, sheet), first, who, closes_at)))
    await days.write(desk, written)


def invitation(view: View, step: Ask, who: Addressee, closes_at: int) -> Letter:
    """Return the first question, after words that say nothing that others should not read."""
    opening = (view.t("survey.invite"), view.t("survey.anonymous"))
    html = questions.paragraphs(*opening, questions.asked(view, step))
    markup = buttons.inline(questions.under_question(view, step))
    return letters.text(view.chat, html, markup, person=who.person, key=who.key, priority=1, useless_after=closes_at)
