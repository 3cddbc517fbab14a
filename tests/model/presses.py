"""What a pressed button does in the model: a button works only for the person and the question it was made for."""

from dataclasses import dataclass

from tests.model.model import CARD, SEVERAL, Sheet, Woman

CHOICES = ("answer", "untick")
OF_QUESTIONS = (*CHOICES, "done", "back", "keep", "skip")
OF_SHEETS = (*OF_QUESTIONS, "change", "send", "resume", "stop")
OPENING = (("begin", "registration"), ("menu", "data"), ("menu", "recommend"))  # twice within seconds is one press


@dataclass(frozen=True)
class Meaning:
    """What a button means: what is done, with what, to which sheet, at which question; and when it was shown."""

    act: str
    value: str = ""
    sheet: Sheet | None = None
    step: str = ""
    serial: int = 0  # what was asked last on the sheet, or how often its owner was erased, when the button was shown


def press(woman: Woman, meaning: Meaning, *, again: bool = False) -> None:
    """She presses a button of hers; `again`: it is the second tap of a double one."""
    woman.arrive()
    act, value = meaning.act, meaning.value
    if meaning.sheet:
        if meaning.sheet.state == "open":
            on_sheet(woman, meaning, meaning.sheet, again)
        elif meaning.sheet.state == "submitted" and meaning.sheet.form == "registration" and act != "send":
            woman.offer(meaning.sheet)
    elif act == "begin":
        woman.begin(value)
    elif act == "menu":
        woman.choose(value)
    elif act in ("language", "settings"):
        woman.language, woman.changed = value, "start.greeting" if act == "language" else "settings.text"
    elif act in ("coming", "not"):
        woman.intend(value, "coming" if act == "coming" else "not coming")
    elif meaning.serial == woman.life:
        of_privacy(woman, act)
    if again and woman.said and (act, value) in OPENING:
        woman.said[-1].optional = True


def of_privacy(woman: Woman, act: str) -> None:
    """She looks at what is kept, and has it erased or not."""
    if act == "privacy.gone":
        woman.erase()
    else:
        woman.changed = "privacy.sure" if act == "privacy.erase" else "privacy.kept"


def on_sheet(woman: Woman, meaning: Meaning, sheet: Sheet, again: bool) -> None:
    """She presses a button of an open sheet; what is pressed again leads nowhere once it has led on."""
    act = meaning.act
    if act == "stop":
        woman.stop(sheet)
    elif act == "resume":
        if sheet.form == "day" or meaning.serial == sheet.asked:
            woman.ask(sheet)
    elif act == "send" and sheet.step == CARD:
        woman.send(sheet)
    elif act == "change" and meaning.value in sheet.answers and meaning.value != sheet.step:
        woman.move(sheet, meaning.value)
    elif act in OF_QUESTIONS and meaning.step == sheet.step:
        on_question(woman, meaning, sheet)
    elif act in OF_QUESTIONS and is_changeable(meaning, sheet) and not again:
        woman.offer(sheet, meaning.step)


def is_changeable(meaning: Meaning, sheet: Sheet) -> bool:
    """Whether the question of an old button has an answer that can be changed, and is not what the button says."""
    found = sheet.form != "day" and meaning.step != "consent" and meaning.step in sheet.answers
    value = sheet.answers.get(meaning.step)
    return found and (meaning.act != "answer" or meaning.value not in (value if isinstance(value, list) else [value]))


def on_question(woman: Woman, meaning: Meaning, sheet: Sheet) -> None:
    """She presses a button of the open question."""
    if meaning.act in CHOICES and sheet.step in SEVERAL:
        woman.tick(sheet, meaning.value, meaning.act == "answer")
    elif meaning.act == "answer":
        woman.answer(sheet, int(meaning.value) if sheet.step == "useful" else meaning.value)
    elif meaning.act == "done":
        woman.answer(sheet, sheet.ticked())
    else:
        woman.go(sheet, meaning.act)
