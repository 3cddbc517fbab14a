from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import profile
from bot.api import Api
from bot.texts import LANGUAGES, Texts
from sandbox import faults, settings
from sandbox.clock import VirtualClock
from sandbox.server import Sandbox
from storage import facts, outbox, roles
from storage.database import Database

EVERYONE = ["start", "days", "recommend", "settings", "privacy", "help", "cancel"]
START = 1_800_000_000_000


class World:
    def __init__(self, sandbox: Sandbox, database: Database, api: Api) -> None:
        self.sandbox, self.database, self.api, self.texts = sandbox, database, api, Texts.load()

    async def publish(self) -> int:
        """Publish, and return how many calls that took besides getMe."""
        before = len(self.sandbox.calls)
        await profile.publish(self.api, self.database, self.texts)
        return sum(call.method != "getMe" for call in self.sandbox.calls[before:])

    def menu(self, chat: int, language: str) -> list[str]:
        """The commands that a phone in this language shows in the chat."""
        found = self.sandbox.world.profile.menu(settings.scopes_of(chat), language)
        return [command["command"] for command in found]

    def said(self, language: str) -> list[str]:
        found = self.sandbox.world.profile.menu(settings.scopes_of(1), language)
        return [command["description"] for command in found]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    sandbox = Sandbox(VirtualClock(START), limits=False)
    await sandbox.start()
    database = await Database.open(tmp_path / "istirak.db", None)
    api = Api(sandbox.api_url, sandbox.token)
    yield World(sandbox, database, api)
    await api.close()
    await database.close()
    await sandbox.stop()


async def give(world: World, user: int, role: str) -> None:
    async with world.database.transaction() as tx:
        await roles.accept(tx, await roles.invite(tx, role, None, START), user, START)


async def test_everyone_sees_descriptions_and_commands_in_her_language(world: World) -> None:
    assert await world.publish() > 0
    for language in ("", "az", "ru", "en", "tr"):
        assert world.menu(1, language) == EVERYONE
    assert world.said("ru")[1] == world.texts.plain("ru", "command.days")
    assert world.said("tr") == world.said("az") != world.said("ru")
    shown = world.sandbox.world.profile
    assert shown.text("description", "en") == world.texts.plain("en", "profile.description")
    assert shown.text("short_description", "tr") == world.texts.plain("az", "profile.short")
    assert not any(which == "name" for which, _ in shown.texts)


async def test_the_same_is_not_told_twice(world: World) -> None:
    await world.publish()
    assert await world.publish() == 0
    await give(world, 7, "trainer")
    assert await world.publish() > 0


async def test_another_bot_is_told_anew(world: World) -> None:
    await world.publish()
    world.sandbox.world.bot.id += 1
    assert await world.publish() > 0


async def test_what_was_refused_or_cut_is_told_at_the_next_start(world: World) -> None:
    world.sandbox.faults.plan(method="setMyDescription", fault=faults.flood(30))
    await world.publish()
    async with world.database.reading() as tx:
        assert await facts.get(tx, profile.PUBLISHED) is None
    world.sandbox.faults.plan(method="setMyCommands", fault=faults.CUT_BEFORE)
    await world.publish()
    assert await world.publish() > 0
    assert await world.publish() == 0


async def test_without_network_nothing_is_raised(world: World) -> None:
    world.sandbox.network_away()
    await world.publish()


async def test_each_role_has_the_menu_of_its_rights(world: World) -> None:
    await give(world, 7, "owner")
    await give(world, 8, "trainer")
    await world.publish()
    assert world.menu(7, "ru") == [*EVERYONE, "status", "note", "register", "export", "invite", "team"]
    assert world.menu(8, "az") == [*EVERYONE, "status"]


async def test_a_letter_changes_the_menu_with_the_role(world: World) -> None:
    await world.publish()
    given = profile.letter_for_role(world.texts, 7, "trainer", "ru")
    assert (await world.api.call(given.method, {"chat_id": given.chat, **given.parameters})).ok
    assert world.menu(7, "ru") == [*EVERYONE, "status"]
    taken = profile.letter_for_role(world.texts, 7, None, "ru")
    assert (await world.api.call(taken.method, {"chat_id": taken.chat, **taken.parameters})).ok
    assert world.menu(7, "ru") == EVERYONE
    async with world.database.transaction() as tx:
        assert all(await outbox.add(tx, [given, taken], START))


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_every_text_as_it_is(language: str) -> None:
    """Bot API: setMyDescription 512, setMyShortDescription 120, BotCommand.description 256; menus cut at far less."""
    texts = Texts.load()
    assert len(texts.plain(language, "profile.description")) <= 512
    assert len(texts.plain(language, "profile.short")) <= 120
    assert all(len(command["description"]) <= 40 for command in profile.commands(texts, language, "owner"))
