"""What Telegram shows of the bot before anyone writes to it: descriptions, and the commands of the menu."""

import hashlib
import json
import logging
from collections.abc import Iterator
from typing import Any

from bot import rights
from bot.api import Caller, NotSent, Uncertain
from bot.texts import FALLBACK, LANGUAGES, Texts
from storage import facts, roles
from storage.database import Database
from storage.outbox import Letter

log = logging.getLogger(__name__)

# The order of the menu; each command with the right it needs.
COMMANDS = (
    ("start", rights.TALK),
    ("days", rights.TALK),
    ("recommend", rights.TALK),
    ("settings", rights.TALK),
    ("privacy", rights.TALK),
    ("help", rights.TALK),
    ("cancel", rights.TALK),
    ("status", rights.FIGURES),
    ("note", rights.WRITE),
    ("register", rights.WRITE),
    ("export", rights.EXPORT),
    ("invite", rights.WRITE),
    ("team", rights.INVITE),
)
EVERYONE = {"type": "all_private_chats"}
PUBLISHED = "profile"  # the fact with the digest of what Telegram was told last

Call = tuple[str, dict[str, Any]]


async def publish(caller: Caller, database: Database, texts: Texts) -> None:
    """Tell Telegram descriptions and commands, unless this bot was told the same before.

    Raises nothing: what could not be told is logged, and told at the next start.
    """
    async with database.reading() as tx:
        team, known = await roles.team(tx), await facts.get(tx, PUBLISHED)
    try:
        me = await caller.call("getMe", {})
        calls = [*profile(texts), *(menu(texts, member.user, member.role, member.language) for member in team)]
        digest = hashlib.sha256(json.dumps([me.result, calls], sort_keys=True).encode()).hexdigest()
        if digest == known or not me.ok:
            return
        refused = [method for method, parameters in calls if not (await caller.call(method, parameters)).ok]
    except (NotSent, Uncertain) as error:
        log.warning("the profile could not be published: %s", type(error).__name__)
        return
    if refused:
        log.warning("the profile was published in part, Telegram refused: %s", ", ".join(sorted(set(refused))))
        return
    async with database.transaction() as tx:
        await facts.put(tx, PUBLISHED, digest)


def letter_for_role(texts: Texts, user: int, role: str | None, language: str) -> Letter:
    """Return the letter that makes the menu of a private chat that of a role; of everyone's, when it was taken away."""
    method, parameters = menu(texts, user, role, language)
    return Letter(chat=user, method=method, parameters=parameters)


def profile(texts: Texts) -> Iterator[Call]:
    """Yield the calls that make descriptions and menu what the texts say (Bot API, setMyDescription ff.).

    Phones in a language that is none of ours are shown Azerbaijani.
    """
    for language, shown in [("", FALLBACK), *zip(LANGUAGES, LANGUAGES, strict=True)]:
        code = {"language_code": language} if language else {}
        description, short = texts.plain(shown, "profile.description"), texts.plain(shown, "profile.short")
        yield "setMyDescription", {"description": description, **code}
        yield "setMyShortDescription", {"short_description": short, **code}
        yield "setMyCommands", {"commands": commands(texts, shown, None), "scope": EVERYONE, **code}


def menu(texts: Texts, user: int, role: str | None, language: str) -> Call:
    """Return the call that sets the menu of a private chat; without a role it is everyone's again."""
    scope = {"type": "chat", "chat_id": user}
    if role is None:
        return "deleteMyCommands", {"scope": scope}
    return "setMyCommands", {"commands": commands(texts, language, role), "scope": scope}


def commands(texts: Texts, language: str, role: str | None) -> list[dict[str, str]]:
    """Return the commands that a role may use, as Telegram takes them (Bot API, BotCommand)."""
    return [
        {"command": name, "description": texts.plain(language, f"command.{name}")}
        for name, right in COMMANDS
        if rights.allows(role, right)
    ]
