"""What the women do, one act each: registering, answering reminders and surveys, recommending, asking, leaving."""

from tests.rehearsal import cast, words
from tests.rehearsal.cast import Part
from tests.rehearsal.woman import Wish, Woman

AREAS, ADDRESSEES = ("rules", "planning", "economic", "social"), ("executive", "municipality", "other", "unknown")


def wish(part: Part) -> Wish:
    """What she means to say at the registration."""
    answers = {"consent": "yes", "name": part.name, "region": part.region, "group": part.group, "phone": part.contact}
    answers |= {"age": part.age or None, "needs": part.needs, "permissions": part.permissions}
    meant = Wish(answers, hurried=part.number in cast.HURRIED)
    if part.number in cast.SPELLERS:
        meant.spelling["region"] = cast.SPELLINGS[part.region]
    if len(part.permissions.split()) == len(cast.ALL.split()):
        meant.spelling["permissions"] = "hamısı"
    if part.number in cast.ODDITIES:
        meant.oddities["group"] = cast.ODDITIES[part.number]
    if part.number in cast.CHANGERS:
        meant.second["group"] = meant.answers["group"]
        meant.answers["group"] = "other" if part.group != "other" else "ngo"
    return meant


async def register(woman: Woman, part: Part) -> None:
    """Come in by the link and register, or stop half-way."""
    await woman.clock.sleep(woman.chance.uniform(0, 60))
    await woman.start()
    if part.speaks:
        await woman.choose_language(part.speaks)
    await woman.press_named("way.begin", twice=part.number in cast.HURRIED)
    if part.number == cast.DECLINES:
        await woman.fill("registration", Wish({"consent": "no"}))
        woman.diary.declined = True
    elif part.number in cast.PAUSES:
        await woman.fill("registration", wish(part), stop_at=("needs", "region", "age", "phone")[part.number % 4])
    elif part.number == cast.GIVES_UP:
        await give_up(woman, part)
        await complete(woman, part)
    else:
        if part.number in cast.ECHOES:
            await echo(woman, part)
        await complete(woman, part)


async def complete(woman: Woman, part: Part) -> None:
    """Answer what is still asked, send the card, and remember that she is registered, with the card's words."""
    await woman.fill("registration", wish(part))
    woman.diary.registered, woman.diary.inputs = dict(woman.card), woman.inputs


async def echo(woman: Woman, part: Part) -> None:
    """Answer the first two questions on a line on which everything arrives twice."""
    await woman.fill("registration", wish(part), stop_at="name")
    woman.turn_page()
    update = await woman.phone.write(part.name)
    if not woman.echo:  # in bad weather only what was confirmed comes twice (Weather.echo)
        await woman.phone.replay(update)


async def give_up(woman: Woman, part: Part) -> None:
    """Stop the form by /cancel, and begin it again."""
    await woman.fill("registration", wish(part), stop_at="group")
    await woman.write("/cancel")
    await woman.press_named("sheet.stop")
    await woman.hear("sheet.stopped")
    await woman.start()
    await woman.press_named("way.begin")


async def go_on(woman: Woman, part: Part) -> None:
    """Go on because the bot has written to her."""
    await woman.press_named("nudge.on")
    await complete(woman, part)


async def resume(woman: Woman, part: Part) -> None:
    """Come back the next day, by /start or by writing the answer, and go on."""
    await woman.start()
    await complete(woman, part)


async def say_intent(woman: Woman, session: str, answer: str) -> None:
    """Press one of the two buttons under the newest reminder, and see it marked."""
    names = {"coming": "days.coming", "not coming": "days.not"}
    reminder = await woman.find(lambda m: words.label(m, names[answer]) is not None, f"a question about {session}")
    await woman.think()
    await woman.press(words.label(reminder, names[answer]) or "", reminder)
    shown = words.interface(names[answer])
    await woman.until(
        lambda: any(label.startswith(words.MARK) and label[2:] in shown for label in reminder.labels),
        f"the mark on her answer to {session}",
    )
    woman.diary.intents[session] = answer


async def answer_survey(woman: Woman, session: str, upto: str = "") -> None:
    """Answer the survey under its invitation, whole, or until the question `upto` is asked."""
    chance = woman.chance
    meant: dict[str, str | None] = {
        "useful": str(chance.choice([3, 4, 4, 5, 5, 5])),
        "pace": chance.choice(["slow", "right", "right", "fast"]),
        "heard": chance.choice(["yes", "yes", "partly", "no"]),
        "use": chance.choice(["yes", "yes", "maybe", "no"]),
        "better": chance.choice([None, None, f"Daha çox nümunə, № {woman.phone.id % 97}"]),
    }
    woman.look_back(lambda message: words.asked(message) == ("day", "useful"))
    woman.diary.surveys[session] = await woman.fill("day", Wish(meant), stop_at=upto)


async def recommend(woman: Woman, part: Part) -> None:
    """Write a recommendation."""
    await woman.write("/recommend")
    meant: dict[str, str | None] = {
        "area": AREAS[part.number % 4],
        "place": f"Nizami küçəsi {part.number}",
        "addressee": ADDRESSEES[part.number % 3],
        "proposal": f"Parkda işıq azdır.\nAxşamlar qaranlıq olur: {part.number} dirək lazımdır.",
    }
    await woman.fill("recommendation", Wish(dict(meant)))
    woman.diary.recommendations.append({question: value for question, value in meant.items() if value})


async def ask(woman: Woman) -> None:
    """Write a question that the bot does not know, and pass it on to the organisers."""
    await woman.write("Uşağımı özümlə gətirə bilərəm?")
    await woman.press_named("way.pass_on")
    await woman.hear("inquiry.passed_on")
    woman.diary.inquiries += 1


async def erase(woman: Woman, is_open: set[str]) -> None:
    """Have everything erased; what she said in surveys that are still open goes with it."""
    await woman.write("/privacy")
    page = await woman.press_named("privacy.erase.button")
    await woman.until(lambda: words.label(page, "privacy.gone.button") is not None, "the question whether she is sure")
    await woman.press(words.label(page, "privacy.gone.button") or "", page)
    await woman.hear("privacy.erased")
    woman.diary.erased = True
    for session in is_open:
        woman.diary.surveys.pop(session, None)
