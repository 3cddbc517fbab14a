"""What a pressed button does in the model: a button works only for the person and the question it was made for."""

from dataclasses import dataclass

from tests.model.model import CARD, Sheet, Woman

OF_QUESTIONS = ("answer", "back", "keep", "skip")
OF_SHEETS = (*OF_QUESTIONS, "change", "send", "resume", "stop")
OPENING = (("begin", "registration"), ("menu", "data"), ("menu", "recommend"))  # twice within seconds is one press


@dataclass(frozen=True)
class Meaning:
    """What a button means: what is done, with what, to which sheet, at which question; and when it was shown."""

    act: str
    value: str = ""
    sheet: Sheet | None = None
    step: str = ""
    serial: int = 0  # how often the sheet had been asked, or its owner been erased, when the button was shown


def press(woman: Woman, meaning: Meaning, *, again: bool = False) -> None:
    """She presses a button of hers; `again`: it is the second tap of a double one."""
    woman.arrive()
    act, value = meaning.act, meaning.value
    if meaning.sheet:
        if meaning.sheet.state == "open":
            on_sheet(woman, meaning, meaning.sheet)
    elif act == "begin":
        woman.begin(value, again)
    elif act == "menu":
        woman.choose(value)
        if again and woman.said and (act, value) in OPENING:
            woman.said[-1].optional = True
    elif act in ("language", "settings"):
        woman.speak(value, "start.greeting" if act == "language" else "settings.text")
    elif act in ("coming", "not"):
        woman.intend(value, "coming" if act == "coming" else "not coming")
    elif meaning.serial == woman.life:
        of_privacy(woman, act)


def of_privacy(woman: Woman, act: str) -> None:
    """She looks at what is kept, and has it erased or not."""
    if act == "privacy.gone":
        woman.erase()
    else:
        woman.changed = "privacy.sure" if act == "privacy.erase" else "privacy.kept"


def on_sheet(woman: Woman, meaning: Meaning, sheet: Sheet) -> None:
    """She presses a button of an open sheet."""
    act = meaning.act
    if act == "stop":
        woman.stop(sheet)
    elif act == "resume":
        if sheet.form == "day" or meaning.serial == sheet.serial:
            woman.ask(sheet)
    elif act == "send" and sheet.step == CARD:
        woman.send(sheet)
    elif act == "change" and sheet.step == CARD:
        woman.move(sheet, meaning.value)
    elif act == "answer" and meaning.step == sheet.step:
        woman.answer(sheet, int(meaning.value) if sheet.step == "useful" else meaning.value)
    elif act in OF_QUESTIONS and meaning.step == sheet.step:
        woman.go(sheet, act)
