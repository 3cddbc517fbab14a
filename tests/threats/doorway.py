"""Updates come in at the running bot's door without a network; nothing leaves, so all that it says can be seen."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from storage import people
from tests.bot import crew
from tests.conftest import House

Json = dict[str, Any]
Said = tuple[int, str, str]  # chat, method, parameters
NUMBERS = count(1)  # of updates and messages
GROUP: Json = {"id": -1_001_000_000_001, "type": "supergroup", "title": "Qrup"}
CHANNEL: Json = {"id": -1_001_000_000_002, "type": "channel", "title": "Kanal"}
ANONYMOUS: Json = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


async def shut(house: House) -> None:
    """Let nothing leave from here on: what the bot means to say stays in the outbox."""
    await house.app.sender.stop()


async def come_in(house: House, *updates: Json) -> list[Said]:
    """Let the bot handle updates, and return what it means to say because of them."""
    [(last,)] = await crew.rows(house, "SELECT coalesce(max(id), 0) FROM outbox")
    numbered = [{"update_id": next(NUMBERS), **update} for update in updates]
    for at in range(0, len(numbered), 100):
        await house.app.intake.take(numbered[at : at + 100])
    return await crew.rows(house, "SELECT chat, method, parameters FROM outbox WHERE id > ? ORDER BY id", last)


async def somebody(house: House, user: int, name: str = "", role: str = "", phone: str = "") -> int:
    """Let the bot know somebody who was greeted: a participant if there is a name, with a role if there is one."""
    async with house.database.transaction() as tx:
        person = await people.welcome(tx, user, house.clock.now())
        await people.greet(tx, user)
        if name:
            await people.register(tx, person, name, "lankaran", "ngo", phone, house.clock.now())
        if role:
            await tx.run("INSERT INTO roles (user, role, given_at) VALUES (?, ?, 0)", (user, role))
    return person


def private(user: int) -> Json:
    return {"id": user, "type": "private", "first_name": "Kimsə"}


def person(user: int) -> Json:
    return {"id": user, "is_bot": False, "first_name": "Kimsə", "language_code": "az"}


def written(house: House, user: int, text: str, **more: Any) -> Json:
    """Return an update with a message of hers in her private chat."""
    entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text.startswith("/") else []
    message = {
        "message_id": next(NUMBERS),
        "date": house.clock.now() // 1000,
        "chat": private(user),
        "from": person(user),
        "text": text,
        **({"entities": entities} if entities else {}),
        **more,
    }
    return {"message": message}


def pressed(house: House, user: int, data: str, message: int = 1, chat: Json | None = None) -> Json:
    """Return an update with a press of a button, in her private chat if no other is given."""
    shown = {"message_id": message, "date": house.clock.now() // 1000, "chat": chat or private(user), "text": "?"}
    number = str(next(NUMBERS))
    return {
        "callback_query": {"id": number, "from": person(user), "chat_instance": "1", "data": data, "message": shown}
    }


def elsewhere(house: House, user: int, text: str, kind: str) -> Iterator[Json]:
    """Yield the same words from outside her private chat: in a group, from an anonymous administrator, in a channel."""
    if kind == "group":
        yield written(house, user, text, chat=GROUP)
    elif kind == "anonymous":
        yield written(house, user, text, chat=GROUP, sender_chat=GROUP, **{"from": ANONYMOUS})
    else:
        post = written(house, user, text, chat=CHANNEL, sender_chat=CHANNEL)["message"]
        yield {"message": post}
        del post["from"]
        yield {"channel_post": {**post, "message_id": next(NUMBERS)}}
