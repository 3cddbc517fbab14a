"""What a woman passes on to the organisers, and what they answer her through the bot."""

from telegram import Message, Update

from bot import letters
from bot.desk import Desk
from bot.routes import PASS
from bot.texts import LOCALES
from bot.turn import Turn
from forms import cleaning, phones
from handlers import notes, status, ways
from storage import audit, inquiries, outbox, programme, reports, roles
from storage.inquiries import Inquiry

ANSWERING = ("owner", "organiser")
MOST_AN_HOUR = 5  # of one chat; more are not passed on, so that nobody can flood the organisers
HOUR = 3_600_000
HIGHEST_MESSAGE = 2**31 - 1  # Telegram counts messages in 32 bits


async def pass_on(update: Update, turn: Turn) -> None:
    """Copy her message to everyone who may answer it, if she has not asked too often lately."""
    if await inquiries.count_since(turn.tx, turn.chat, turn.now - HOUR) >= MOST_AN_HOUR:
        turn.toast(turn.plain("inquiry.too_many"), alert=True)  # the button stays: it works again in a while
        return
    turn.toast()
    message = turn.words[-1]
    if not message.isdecimal() or len(message) > 10 or int(message) > HIGHEST_MESSAGE:
        return
    onward = [[ways.onward(turn.desk, turn.person)]]
    team = [member for member in await roles.team(turn.tx, ANSWERING) if member.user != turn.user]
    if not team:
        turn.say(await _nobody(turn), onward)
    elif inquiry := await inquiries.record(turn.tx, turn.person.id, turn.chat, int(message), turn.now):
        await _show(update, turn, inquiry, int(message), team)
        turn.edit(turn.t("inquiry.passed_on"), onward)


async def _show(update: Update, turn: Turn, inquiry: int, message: int, team: list[roles.Member]) -> None:
    user = update.effective_user
    name = turn.person.name or cleaning.cleaned(user.full_name if user else "")
    for member in team:
        names = await reports.region_names(turn.tx, member.language)
        region = names.get(turn.person.region or "", turn.desk.plain(member.language, "inquiry.visitor"))
        spoken = LOCALES[member.language].languages[turn.language]
        html = turn.desk.t(member.language, "inquiry.asked", name=name, region=region, spoken=spoken)
        key = f"inquiry:{inquiry}:{member.user}"
        turn.desk.post(letters.text(member.user, html, key=f"{key}:who"))
        turn.desk.post(letters.copy(member.user, turn.chat, message, key=key))


async def _nobody(turn: Turn) -> str:
    region = await programme.region(turn.tx, turn.person.region) if turn.person.region else None
    if region and region.contact:
        return turn.t("inquiry.nobody_call", phone=phones.shown(region.contact))
    return turn.t("inquiry.nobody")


async def answer(update: Update, turn: Turn) -> object:
    """Bring an organiser's reply to the woman who asked."""
    asked = turn.message.reply_to_message
    key = await outbox.by_message(turn.tx, turn.chat, asked.message_id) if asked else None
    if key is None or not key.startswith("inquiry:"):
        return PASS
    inquiry = await inquiries.by_id(turn.tx, int(key.split(":")[1]))
    text = cleaning.cleaned(turn.message.text or turn.message.caption or "", multiline=True)
    if inquiry is None:
        turn.say(turn.t("inquiry.gone"))
    elif not inquiry.reachable:
        name = _name(turn.desk, inquiry, turn.language)
        turn.say(turn.t("inquiry.unreachable", name=name, phone=status.phone(turn, inquiry.phone)))
    elif notes.units(text) > notes.LONGEST:
        turn.say(turn.t("note.too_long", length=notes.units(text), maximum=notes.LONGEST))
    else:
        await _deliver(turn, inquiry, text)
    return None


async def _deliver(turn: Turn, inquiry: Inquiry, text: str) -> None:
    reply = f"{turn.chat}:{turn.message.message_id}"
    key = f"answer:{inquiry.id}:{reply}"
    html = turn.desk.t(inquiry.language, "inquiry.answer", text=text)
    turn.desk.post(letters.text(inquiry.chat, html, key=key, person=inquiry.person))
    if not turn.message.text:
        turn.desk.post(_copy(turn.message, inquiry, f"{key}:copy"))
    first = await inquiries.answer(turn.tx, inquiry.id, turn.user, turn.now)
    await audit.write(turn.tx, turn.now, turn.user, "inquiry.answered", inquiry.id)
    # What names her has a key of the inquiry: so it goes with her when she is erased, and can be replied to as well.
    html = turn.t("inquiry.delivered", name=_name(turn.desk, inquiry, turn.language))
    turn.desk.post(letters.text(turn.chat, html, key=f"inquiry:{inquiry.id}:{reply}:delivered"))
    if first:
        await _tell_others(turn.desk, inquiry, turn.user, turn.person.name)


def _copy(message: Message, inquiry: Inquiry, key: str) -> outbox.Letter:
    """Return a copy without its caption: that stands below our first line, out of sight of a lock screen."""
    letter = letters.copy(inquiry.chat, message.chat_id, message.message_id, key=key, person=inquiry.person)
    return letter._replace(parameters={**letter.parameters, "caption": ""}) if message.caption else letter


async def _tell_others(desk: Desk, inquiry: Inquiry, user: int, name: str) -> None:
    for member in await roles.team(desk.tx, ANSWERING):
        if member.user != user:
            asked = _name(desk, inquiry, member.language)
            html = desk.t(member.language, "inquiry.answered", name=asked, by=name)
            desk.post(letters.text(member.user, html, key=f"inquiry:{inquiry.id}:{member.user}:answered", silent=True))


def _name(desk: Desk, inquiry: Inquiry, language: str) -> str:
    return inquiry.name or desk.plain(language, "inquiry.visitor")
