"""What women and an organiser do."""

from collections.abc import Awaitable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.model import reading
from tests.model.history import History
from tests.model.model import SEVERAL, TICKED, Words
from tests.model.player import Button, Player
from tests.model.presses import CHOICES, OF_QUESTIONS, Meaning

NUMBERS = st.integers(0, 999)
COMMANDS = ("help", "settings", "privacy", "days", "recommend", "nonsense", "start")
FAR = 9  # steps from nothing to the last question of the registration
UNEXPECTED = ("sticker", "voice", "photo", "location")


class Deeds(History):
    """A history in which they act."""

    @rule(n=NUMBERS, name=st.sampled_from(COMMANDS))
    def send_a_command(self, n: int, name: str) -> None:
        if player := self.some(n):
            self.step("start in the middle" if name == "start" else "a command", player.command(name))

    @rule(n=NUMBERS)
    def answer_by_a_button(self, n: int) -> None:
        self.tap("answer by a button", n, "answer")

    @rule(n=NUMBERS, ticks=st.integers(0, 3))
    def choose_several(self, n: int, ticks: int) -> None:
        """One of them comes to a question of several answers, ticks some, and mostly says that these are all."""
        if not (player := self.led(n, SEVERAL)):
            return
        for number in range(ticks):
            if offered := [button for button in player.find(*CHOICES) if button[2].step in SEVERAL]:
                self.step("tick", player.press(offered[(n + number) % len(offered)], taps=1 + n % 2))
        if n % 4 and (done := player.find("done")):
            self.step("done", player.press(done[-1]))

    def led(self, n: int, to: tuple[str, ...]) -> Player | None:
        """Choose one who is asked one of these questions of the registration; if there is none, lead one there."""

        def there(player: Player) -> bool:
            return any(sheet.step in to for sheet in player.woman.opened()[:1])

        player = self.some(n, there) or self.some(n, lambda each: each.woman.state != "registered")
        for _ in range(FAR):
            if player and not there(player):
                self.step("go on rightly", self._rightly(player, 1))
        return player if player and there(player) else None

    @rule(n=NUMBERS)
    def begin_a_form(self, n: int) -> None:
        self.tap("begin a form", n, "begin")

    @rule(n=NUMBERS)
    def answer_in_words(self, n: int) -> None:
        if player := self.some(n, lambda each: each.woman.opened()):
            self.step("answer in words", player.write(self.new_words()))

    @rule(n=NUMBERS, answers=st.sampled_from((3, 6, 14)))
    def go_some_way(self, n: int, answers: int) -> None:
        """One of them answers so many questions rightly, or begins if she has not begun."""
        if player := self.some(n):
            for _ in range(answers):
                self.step("go on rightly", self._rightly(player, n))

    def _rightly(self, player: Player, n: int) -> Awaitable[Any]:
        opened = player.woman.opened()
        if not opened:
            begin = player.find("begin")
            if player.woman.state == "registered":
                return player.command("recommend")
            return player.press(begin[-1]) if begin else player.command("start")
        kind = opened[0].questions.get(opened[0].step)
        if kind == "words":
            return player.write(self.new_words())
        if kind == "phone":
            way = "keep" if "phone" in opened[0].answers else "skip"
            return player.send("contact") if n % 2 else player.write(Words(way, "go"))
        if opened[0].step in SEVERAL and (n % 2 or opened[0].step + TICKED in opened[0].answers):
            return player.press(player.find("done")[-1])
        hers = [button for button in player.find("answer", "send", "change") if button[2].sheet is opened[0]]
        changes = [button for button in hers if button[2].act == "change"]
        onward = [button for button in hers if button[2].act != "change" and button[2].value != "no"]
        if found := (changes if n % 3 == 0 else []) or onward:
            return player.press(found[-1 - n % len(found)])
        return player.command("start")

    @rule(n=NUMBERS, number=st.integers(1, 5))
    def answer_by_a_number(self, n: int, number: int) -> None:
        if player := self.some(n):
            self.step("answer by a number", player.write(Words(str(number), "", number)))

    @rule(n=NUMBERS, shared=st.booleans())
    def give_a_phone(self, n: int, shared: bool) -> None:
        at_phone = self.some(n, lambda each: any(sheet.step == "phone" for sheet in each.woman.opened()))
        if player := at_phone or self.some(n):
            self.step(
                "give a phone", player.send("contact") if shared else player.write(Words("050 123 45 67", "phone"))
            )

    @rule(n=NUMBERS, way=st.sampled_from(("back", "skip")))
    def go_by_the_keyboard(self, n: int, way: str) -> None:
        """One of them goes on to the question for her phone, if she can get there, and uses the keyboard under it."""
        if player := self.led(n, ("phone",)):
            words = self._on(player) if way == "skip" else way
            self.step(f"{way} by the keyboard", player.write(Words(words, "go")))

    def _on(self, player: Player) -> str:
        """Return how the question for her phone is left as it is."""
        return "keep" if "phone" in player.woman.opened()[0].answers else "skip"

    @rule(n=NUMBERS)
    def write_what_is_no_answer(self, n: int) -> None:
        if player := self.some(n):
            self.step("a wrong answer", player.write(Words("12345")))

    @rule(n=NUMBERS, kind=st.sampled_from(UNEXPECTED))
    def send_what_nobody_asked_for(self, n: int, kind: str) -> None:
        if player := self.some(n):
            self.step("an unexpected kind", player.send(kind))

    @rule(n=NUMBERS)
    def go_back(self, n: int) -> None:
        self.tap("back", n, "back")

    @rule(n=NUMBERS)
    def skip(self, n: int) -> None:
        self.tap("skip", n, "skip", "keep")

    @rule(n=NUMBERS)
    def change_from_the_card(self, n: int) -> None:
        if not any(player.find("change") for player in self.players):
            self.tap("the menu", n, "menu")
        self.tap("change from the card", n, "change")

    @rule(n=NUMBERS)
    def send_the_form(self, n: int) -> None:
        if not any(player.find("send") for player in self.players) and (player := self.led(n, ("phone",))):
            self.step("skip by the keyboard", player.write(Words(self._on(player), "go")))
        self.tap("send", n, "send")

    @rule(n=NUMBERS)
    def go_on(self, n: int) -> None:
        self.tap("resume", n, "resume")

    @rule(n=NUMBERS)
    def choose_from_the_menu(self, n: int) -> None:
        self.tap("the menu", n, "menu")

    @rule(n=NUMBERS)
    def switch_language(self, n: int) -> None:
        self.tap("switch language", n, "language", "settings")

    @rule(n=NUMBERS)
    def say_whether_she_comes(self, n: int) -> None:
        if player := self.sooner_or_later(n, lambda each: each.find("coming", "not")):
            found = player.find("coming", "not")
            self.step("an intent", player.press(found[-1 - n // 3 % len(found)]))

    @rule(n=NUMBERS)
    def give_up(self, n: int) -> None:
        if player := self.some(n, lambda each: each.woman.opened()):
            self.step("cancel", player.command("cancel"))
            if n % 2:
                self.tap("stop", n, "stop")

    @rule(n=NUMBERS)
    def take_a_consent_back(self, n: int) -> None:
        """She has answered some questions of the registration, goes back to the first, and says no."""

        def buttons(player: Player) -> list[Button]:
            found = [each for each in player.find("back", "answer") if each[2].value in ("", "no")]
            return [each for each in found if each[2].sheet and each[2].sheet.form == "registration"]

        if player := self.some(n, buttons):
            for _ in range(n % 2):
                self.step("go on rightly", self._rightly(player, n))
            while found := buttons(player):
                self.step("say no" if found[-1][2].value == "no" else "back", player.press(found[-1]))

    @rule(n=NUMBERS)
    def leave_a_survey(self, n: int) -> None:
        """She stops a survey, with or without answers in it; it must not be counted."""
        if player := self.sooner_or_later(n, lambda each: [s for s in each.woman.opened()[:1] if s.form == "day"]):
            if player.woman.opened()[0].step == "useful" and n % 2:
                self.step("go on rightly", self._rightly(player, 1))
            self.step("cancel", player.command("cancel"))
            self.step("stop a survey", player.press(player.find("stop")[-1]))

    @rule(n=NUMBERS)
    def press_an_earlier_button(self, n: int) -> None:
        if player := self.some(n, lambda each: each.buttons()):
            buttons = [each for each in player.buttons() if each[2].act != "privacy.gone"] or player.buttons()
            if buttons[n % len(buttons)][2].act != "privacy.gone":
                self.step("a stale button", player.press(buttons[n % len(buttons)]))

    @rule(n=NUMBERS)
    def press_a_button_of_an_old_question(self, n: int) -> None:
        """What is answered in writing keeps its buttons; so does what was sent."""

        def old(player: Player) -> list[Button]:
            found = [each for each in player.buttons() if each[2].act in OF_QUESTIONS and each[2].sheet]
            return [each for each in found if not player.works(each[2])]

        if player := self.some(n, old) or self.led(n, ("group", "age")):
            for number in range(0 if old(player) else 2):
                self.step("answer by a number", player.write(Words(str(number + 1), "", number + 1)))
            if found := old(player):
                self.step("a button of an old question", player.press(found[n % len(found)]))

    @rule(n=NUMBERS)
    def press_the_button_of_another(self, n: int) -> None:
        others = [(each, button) for each in self.players for button in each.buttons() if _is_personal(button[2])]
        if not others:
            return
        owner, (_, data, _) = others[n % len(others)]
        if thief := self.some(n, lambda each: each is not owner and any(m.buttons for m in each.phone.received)):
            self.step("the button of another", thief.forge(data))

    @rule(n=NUMBERS)
    def tap_twice(self, n: int) -> None:
        if player := self.some(n, lambda each: each.buttons()):
            buttons = [each for each in player.buttons() if player.works(each[2]) and each[2].act != "privacy.gone"]
            if buttons:
                self.step("a double tap", player.press(buttons[-1 - n // 3 % min(8, len(buttons))], taps=2))

    @rule(n=NUMBERS)
    def edit(self, n: int) -> None:
        texts = lambda each: [m for m in each.phone.messages if not m.from_bot and m.kind == "text"]  # noqa: E731
        if player := self.some(n, texts):
            self.step("an edit", player.edit(n))

    @rule(n=NUMBERS)
    def block(self, n: int) -> None:
        if player := self.some(n, lambda each: each.woman.state):
            self.step("block", player.block())

    @precondition(lambda self: any(player.blocked for player in self.players))
    @rule()
    def unblock(self) -> None:
        player = next(each for each in self.players if each.blocked)
        self.step("unblock", player.unblock())

    @rule(n=NUMBERS)
    def erase(self, n: int) -> None:
        if player := self.some(n, lambda each: each.woman.state):
            self.step("ask for what is kept", player.command("privacy"))
            self.step("ask for an erasure", player.press(player.find("privacy.erase")[-1]))
            if n % 3:
                self.step("erase", player.press(player.find("privacy.gone")[-1]))

    @rule(region=st.sampled_from(("lankaran", "quba")))
    def write_a_note(self, region: str) -> None:
        text = "Elan " + "".join(chr(97 + int(digit)) for digit in str(self.words))
        self.words += 1
        self.step("a note", self._note(region, text))

    async def _note(self, region: str, text: str) -> None:
        organiser, settle = self.stage.organiser, self.stage.settle
        meant = [each.woman for each in self.players if each.woman.record.get("region") == region]
        meant = [woman for woman in meant if woman.reachable]
        await organiser.write("/note")
        await settle()
        await organiser.tap(reading.choices("registration", "region", "az")[region])
        await settle()
        await organiser.write(text)
        await settle()
        await organiser.tap(reading.said("note.send" if meant else "note.drop", "az"))
        for woman in meant:
            woman.say(text)


def _is_personal(meaning: Meaning) -> bool:
    """Whether a button was made for one woman."""
    return meaning.sheet is not None or meaning.act.startswith("privacy")
