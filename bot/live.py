"""The command `check --live`: which of our assumptions about Telegram hold with this bot, token and network."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

from bot import console, letters
from bot.api import Answer, Api, Caller, NotSent, Uncertain
from bot.clock import Clock
from bot.config import Config
from bot.texts import Texts
from storage import roles
from storage.roles import Member

CLOSE = 30_000  # ms by which the clocks of this machine and of Telegram may differ
Said = Literal["held", "did not hold", "could not be tried"]


@dataclass(frozen=True)
class Assumption:
    """Something that the bot rests on, and whether it is so."""

    said: Said
    sentence: str


async def check(config: Config, clock: Clock) -> list[Assumption]:
    """Try each assumption; one message to the owner comes, changes and goes. Raises Stop when Telegram is away."""
    async with console.opened(config) as database, database.reading() as tx:
        owners = await roles.team(tx, ("owner",))
    api = Api(config.bot.api_base, config.token.get_secret_value())
    try:
        found = [assumption async for assumption in _about_the_bot(api)]
        if owners:
            found += [assumption async for assumption in _about_messages(api, owners[0], clock)]
        else:
            found.append(Assumption("could not be tried", "A message comes, changes and goes: there is no owner yet."))
    except (NotSent, Uncertain) as error:
        raise console.Stop(
            f"There is no answer from Telegram ({config.bot.api_base}): {type(error).__name__}."
        ) from None
    finally:
        await api.close()
    found.append(
        Assumption("could not be tried", "All private chats share one row of message numbers: it takes two chats.")
    )
    return found


def said(assumptions: list[Assumption]) -> int:
    """Print the assumptions and return the exit code."""
    for assumption in assumptions:
        print(f"{assumption.said}:  {assumption.sentence}")
    return console.MEND if any(assumption.said == "did not hold" for assumption in assumptions) else console.FINE


async def _about_the_bot(api: Caller) -> AsyncIterator[Assumption]:
    me = await api.call("getMe", {})
    if not me.ok:
        raise console.Stop(console.REFUSED, code=console.KEEP_STOPPED)
    yield _held(me.ok, f"Telegram knows the token: it is that of @{me.result['username']}.")
    webhook = await api.call("getWebhookInfo", {})
    yield _held(webhook.ok and not webhook.result["url"], "No other program fetches our messages (no webhook is set).")
    yield _held(not me.result.get("can_join_groups"), "The bot cannot be put into groups (BotFather, /setjoingroups).")
    reads = me.result.get("can_read_all_group_messages")
    yield _held(not reads, "The bot does not read along in groups (BotFather, /setprivacy).")


async def _about_messages(api: Caller, owner: Member, clock: Clock) -> AsyncIterator[Assumption]:
    texts = Texts.load()
    hello, changed = (texts.get(owner.language, f"check.{name}") for name in ("sent", "edited"))
    sent = await _send(api, letters.text(owner.user, hello))
    yield _answered(sent, "A message reaches the owner.")
    if not sent.ok:
        return
    number = sent.result["message_id"]
    apart = abs(sent.result["date"] * 1000 - clock.now())
    yield _held(apart < CLOSE, f"The clocks of this machine and of Telegram agree: {apart // 1000} seconds apart.")
    same = await _send(api, letters.edit(owner.user, number, hello))
    yield _refused(same, "message is not modified", "A change that changes nothing is refused as such.")
    edited = await _send(api, letters.edit(owner.user, number, changed))
    yield _answered(edited, "A message can be changed.")
    deleted = await _send(api, letters.delete(owner.user, number))
    yield _answered(deleted, "A message can be deleted.")
    gone = await _send(api, letters.edit(owner.user, number, hello))
    yield _refused(gone, "message to edit not found", "A change of a message that is gone is refused as such.")
    again = await _send(api, letters.delete(owner.user, number))
    yield _refused(again, "message to delete not found", "Deleting a message that is gone is refused as such.")


async def _send(api: Caller, letter: Any) -> Answer:
    return await api.call(letter.method, {"chat_id": letter.chat, **letter.parameters})


def _held(is_so: bool, sentence: str) -> Assumption:
    return Assumption("held" if is_so else "did not hold", sentence)


def _answered(answer: Answer, sentence: str) -> Assumption:
    return _held(answer.ok, sentence if answer.ok else f"{sentence} Telegram said: {answer.description}.")


def _refused(answer: Answer, expected: str, sentence: str) -> Assumption:
    as_expected = not answer.ok and expected in answer.description
    other = "nothing against it" if answer.ok else answer.description
    return _held(as_expected, sentence if as_expected else f"{sentence} Telegram said: {other}.")
