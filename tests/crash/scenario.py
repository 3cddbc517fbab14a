"""The small story of the sweep: two women, an organiser and one training day, with all that is dear to lose."""

import random
from collections.abc import Sequence

from storage import consents, people
from tests.crash.life import ForkedStage
from tests.rehearsal import lives, organiser
from tests.rehearsal.stage import FIRST_DAY, HOUR, Stage, midnight
from tests.rehearsal.woman import Wish, Woman

SESSION = "lankaran-1"
NAME = "Aygün Əliyeva"


class Scenario:
    """The people of the story and what they know at its end."""

    def __init__(self, stage: ForkedStage) -> None:
        self.stage = stage
        self.aygun, self.konul, self.sevda = (
            self._woman(name, n) for n, name in enumerate(("Aygün", "Könül", "Sevda"))
        )
        self.konul.phone.person.started = True

    def _woman(self, name: str, number: int) -> Woman:
        phone = self.stage.sandbox.phone(name, "az", phone_number=f"+99450200000{number}")
        woman = Woman(phone, self.stage.clock, random.Random(number))
        woman.slowness = 0.0
        return woman

    async def prepare(self) -> None:
        """Könül is registered before the story begins, and there is one training day."""
        await know(self.stage, [self.konul])
        made = await self.stage.database()
        async with made.transaction() as tx:
            await tx.run("DELETE FROM sessions WHERE id <> ?", (SESSION,))
        await made.close()

    async def live(self) -> None:
        """Live through it, one act after the other, so that every life passes the same seams."""
        await organiser.arrive(self.sevda, self.stage.owner_link)
        await self.stage.settle()
        await self.register()
        day = midnight(FIRST_DAY)
        await self.stage.travel(day - 5 * HOUR)
        await lives.say_intent(self.aygun, SESSION, "coming")
        await self.stage.travel(day + 8 * HOUR)
        await self.stage.travel(day + 16 * HOUR)
        await lives.answer_survey(self.aygun, SESSION, "heard")
        await self.stage.settle()
        await organiser.write_to(self.sevda, "lankaran")
        await self.stage.settle()
        await lives.erase(self.konul, {SESSION})
        await self.stage.travel(day + (16 + 71) * HOUR + HOUR // 6)  # an hour ahead the bot sees that the survey closes
        await self.stage.travel(day + (16 + 72) * HOUR + HOUR // 2)
        await self.stage.settle()

    async def register(self) -> None:
        """Aygün registers."""
        await self.aygun.start()
        await self.aygun.press_named("way.begin")
        answers = {"consent": "yes", "name": NAME, "region": "lankaran", "group": "ngo", "age": None, "phone": None}
        wish = Wish({**answers, "needs": "child", "permissions": "photos"})
        wish.spelling |= {"needs": "1", "permissions": "1"}  # in one message each: every step has its seams
        await self.aygun.fill("registration", wish)
        await self.stage.settle()


async def know(stage: Stage, women: Sequence[Woman]) -> None:
    """Have the women registered in Lankaran before the bot runs."""
    made, now = await stage.database(), stage.clock.now()
    async with made.transaction() as tx:
        for woman in women:
            woman.phone.person.started = True
            visit = await people.meet(tx, woman.phone.id, woman.phone.id, now)
            await people.register(tx, visit.person.id, woman.name, "lankaran", "ngo", "", now)
            await consents.give(tx, visit.person.id, consents.TRAINING, "sample", now)
    await made.close()
