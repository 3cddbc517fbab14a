"""The waiting lists as organisers see them, and a place given past the list: for a reason that the audit keeps."""

from telegram import Update

from bot import rights
from bot.buttons import Button, Rows
from bot.routes import PASS
from bot.texts import Markup
from bot.turn import Turn
from forms import cleaning
from handlers import definitions, places, status
from storage import audit, doors, lists, notes, overrides, people, programme, reports
from storage import places as stored
from storage.lists import Waiting
from storage.people import Person

PAGE = 10  # women on a page
IN_A_ROW = 5  # buttons
LONGEST = 200  # characters of a reason


async def show(update: Update, turn: Turn) -> None:
    """o/list/REGION/PAGE: show a page of a region's waiting list, in its order."""
    _, _, region, page = (*turn.words, "", "", "")[:4]
    turn.toast()
    at = PAGE * (int(page) if page.isdecimal() and len(page) < 5 else 0)
    women, total = await lists.shown(turn.tx, region, at, PAGE)
    name = (await reports.region_names(turn.tx, turn.language)).get(region, region)
    await audit.write(turn.tx, turn.now, turn.user, "waiting.shown", region, len(women))
    parts = [turn.t("waiting.list", region=name), "\n".join(_line(turn, woman) for woman in women)]
    if not women:
        parts = [turn.t("waiting.empty", region=name)]
    elif rights.allows(turn.role, rights.WRITE):
        parts.append(turn.t("waiting.give"))
    turn.edit("\n\n".join(parts), _under(turn, region, women, at, total))


def _line(turn: Turn, woman: Waiting) -> str:
    key = "waiting.offered" if woman.state == "offered" else "waiting.line"
    return turn.t(key, number=woman.number, name=woman.name, group=definitions.group(turn.language, woman.group))


def _under(turn: Turn, region: str, women: list[Waiting], at: int, total: int) -> Rows:
    """Return a button for each woman, the ways to other pages, and the way back."""
    page = at // PAGE
    given = [Button(str(woman.number), f"o/give/{woman.person}") for woman in women]
    if not rights.allows(turn.role, rights.WRITE):
        given = []
    rows = [given[start : start + IN_A_ROW] for start in range(0, len(given), IN_A_ROW)]
    turning = [Button("‹", f"o/list/{region}/{page - 1}")] if page else []
    turning += [Button("›", f"o/list/{region}/{page + 1}")] if at + PAGE < total else []
    return [*rows, *([turning] if turning else []), [Button(turn.plain("sheet.back"), "o/status")]]


async def begin(update: Update, turn: Turn) -> None:
    """o/give/PERSON: ask why she is given a place past the list."""
    person = await _meant(turn)
    if person is None:
        return
    turn.toast()
    if note := await notes.in_hand(turn.tx, turn.user):  # one text at a time is awaited
        await notes.move(turn.tx, note.id, note.state, "dropped", turn.now)
    await doors.drop(turn.tx, turn.user)
    await overrides.begin(turn.tx, turn.user, person.id, turn.now)
    turn.say(turn.t("waiting.why", name=person.name), _drop(turn))


async def take_reason(update: Update, turn: Turn) -> object:
    """Take the next message as the reason, and show what is about to be done."""
    override = await overrides.in_hand(turn.tx, turn.user)
    person = await people.by_id(turn.tx, override.person) if override and not override.reason else None
    if person is None:
        return PASS
    reason = cleaning.cleaned(turn.message.text or "")
    if not reason or len(reason) > LONGEST:
        turn.say(turn.t("waiting.why", name=person.name), _drop(turn))
        return None
    await overrides.write(turn.tx, turn.user, reason)
    region = await programme.region(turn.tx, person.region or "")
    taken = (await stored.taken(turn.tx)).get(person.region or "", {})
    html = turn.t(
        "waiting.sure",
        name=person.name,
        group=definitions.group(turn.language, person.group),
        region=(await reports.region_names(turn.tx, turn.language)).get(person.region or "", ""),
        taken=sum(taken.values()),
        places=region.places if region else 0,
        reason=reason,
    )
    yes = Button(turn.plain("waiting.yes"), f"o/giving/{person.id}", style="success")
    turn.say(html, [[yes], *_drop(turn)])
    return None


async def give(update: Update, turn: Turn) -> None:
    """o/giving/PERSON: give her the place, and tell her; it stands in the audit."""
    override, person = await overrides.in_hand(turn.tx, turn.user), await _meant(turn)
    if person is None:
        return
    if override is None or override.person != person.id or not override.reason:
        _refuse(turn)
        return
    await overrides.drop(turn.tx, turn.user)
    place = await stored.of(turn.tx, person.id)
    if place is None or not await places.give(turn.desk, place, override.reason):
        _refuse(turn)
        return
    turn.toast()
    await audit.write(turn.tx, turn.now, turn.user, "place.given", person.id, override.reason)
    reached = await people.reach(turn.tx, person.id)
    phone = status.phone(turn, person.phone)
    turn.edit(turn.t("waiting.given" if reached else "waiting.given_call", name=person.name, phone=Markup(phone)))


async def press_drop(update: Update, turn: Turn) -> None:
    """o/nogive: nobody is given a place."""
    turn.toast()
    await overrides.drop(turn.tx, turn.user)
    turn.edit(turn.t("waiting.dropped"))


async def cancel(update: Update, turn: Turn) -> object:
    """Give up the place in hand, if there is one."""
    if not await overrides.drop(turn.tx, turn.user):
        return PASS
    turn.say(turn.t("waiting.dropped"))
    return None


async def _meant(turn: Turn) -> Person | None:
    """Return the woman whom the button names, if she waits for a place; if not, say so."""
    word = turn.words[-1]
    person = await people.by_id(turn.tx, int(word)) if word.isdecimal() and len(word) < 19 else None
    if person is None or person.state != "waiting":
        _refuse(turn)
        return None
    return person


def _refuse(turn: Turn) -> None:
    turn.toast(turn.plain("waiting.stale"), alert=True)


def _drop(turn: Turn) -> list[list[Button]]:
    return [[Button(turn.plain("waiting.no"), "o/nogive")]]
