"""A group, supergroup or channel that the bot is in, and what happens there without any one person's phone."""

from __future__ import annotations

from typing import Any

from sandbox import acts
from sandbox.world import Chat, Message, Person, World

Json = dict[str, Any]


class Group:
    """One group or channel; people write into it with `phone.write(text, chat=group)`."""

    def __init__(self, world: World, chat: Chat) -> None:
        self.world = world
        self.chat = chat

    @property
    def id(self) -> int:
        """The chat's id, below zero."""
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        """All that stands in it, oldest first."""
        return self.chat.visible()

    @property
    def received(self) -> list[Message]:
        """What the bot wrote into it, oldest first."""
        return [message for message in self.messages if message.from_bot]

    async def anonymous(self, text: str) -> Json:
        """An anonymous admin writes: the sender is @GroupAnonymousBot, `sender_chat` the group itself."""
        return acts.say(self.world, self.chat, None, sender_chat=self.chat.id, **acts.written(text))

    async def post(self, text: str) -> Json:
        """A channel post: without a sender."""
        return await self.anonymous(text)

    async def put_out(self, by: Person) -> Json:
        """Remove the bot."""
        return self._become("kicked", by)

    async def take_in(self, by: Person, status: str = "member") -> Json:
        """Add the bot, as `member` or `administrator`."""
        return self._become(status, by)

    async def upgrade(self) -> Group:
        """Become a supergroup: a chat with another id; this one refuses and names it."""
        number = min([-1_000_000_000_000, *self.world.chats]) - 1
        new = self.world.add_chat(Chat(number, "supergroup", self.chat.title, bot_status=self.chat.bot_status))
        self.chat.migrated_to = number
        acts.say(self.world, self.chat, None, kind="migrate_to_chat_id", content=number)
        return Group(self.world, new)

    def _become(self, status: str, by: Person) -> Json:
        old, self.chat.bot_status = self.chat.bot_status, status
        return acts.change_membership(self.world, self.chat, by, old, status)
