"""The methods about the bot itself, the chats it is in, and the files that Telegram keeps."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox import chats, contents, objects, texts
from sandbox.parameters import Call
from sandbox.refusals import bad
from sandbox.world import World

Json = dict[str, Any]
MOST_COMMANDS = 100
LONGEST = {"name": 64, "description": 512, "short_description": 120}
SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def get_me(world: World, call: Call) -> Json:
    """The bot (Bot API, getMe)."""
    return objects.me(world)


def get_chat(world: World, call: Call) -> Json:
    """The ChatFullInfo of a chat (Bot API, getChat)."""
    return objects.full_chat(world, chats.known(world, call))


def leave_chat(world: World, call: Call) -> bool:
    """True; the bot is no longer in the group (Bot API, leaveChat)."""
    chat = chats.known(world, call)
    if chat.private:
        raise bad("chat member status can't be changed in private chats")
    chats.writable(world, call)
    chat.bot_status = "left"
    world.changed(chat.id)
    return True


def get_file(world: World, call: Call) -> Json:
    """The File with its path below /file/bot TOKEN/, good for an hour (Bot API, getFile: at most 20 MB)."""
    held = world.files.get(call.text("file_id"))
    if held is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if held.size > contents.LARGEST_DOWNLOAD:
        raise bad("file is too big")
    path = world.lay_out(held)
    return {"file_id": held.file_id, "file_unique_id": held.unique_id, "file_size": held.size, "file_path": path}


def set_commands(world: World, call: Call) -> bool:
    """True; the menu of a scope and language is these commands (Bot API, setMyCommands)."""
    given = call.json("commands", "list of bot commands")
    if not isinstance(given, list):
        raise bad("can't parse commands: expected an Array of BotCommand")
    if len(given) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    world.profile.commands[_scope(call), _language(call)] = [_command(command) for command in given]
    return True


def get_commands(world: World, call: Call) -> list[Json]:
    """The commands of exactly this scope and language (Bot API, getMyCommands)."""
    return world.profile.commands.get((_scope(call), _language(call)), [])


def delete_commands(world: World, call: Call) -> bool:
    """True; the scope and language has no commands of its own (Bot API, deleteMyCommands)."""
    world.profile.commands.pop((_scope(call), _language(call)), None)
    return True


def set_menu_button(world: World, call: Call) -> bool:
    """True; the menu button of a private chat, or everywhere else, is this one (Bot API, setChatMenuButton)."""
    button = call.json("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        raise bad("can't parse menu button: unsupported menu button type specified")
    world.profile.menu_buttons[call.integer("chat_id")] = button
    return True


def get_menu_button(world: World, call: Call) -> Json:
    """The menu button in force (Bot API, getChatMenuButton)."""
    buttons = world.profile.menu_buttons
    return buttons.get(call.integer("chat_id")) or buttons.get(0) or {"type": "commands"}


def _setter(which: str) -> Callable[[World, Call], bool]:
    def set_text(world: World, call: Call) -> bool:
        """True; people of the language see this text (Bot API, setMyName, setMyDescription, setMyShortDescription)."""
        text = texts.cleaned(call.text(which)).strip()
        if len(text) > LONGEST[which]:
            raise bad(f"BOT_{'TITLE' if which == 'name' else which.upper()}_INVALID")
        world.profile.texts[which, _language(call)] = text
        return True

    return set_text


def _getter(which: str) -> Callable[[World, Call], Json]:
    def get_text(world: World, call: Call) -> Json:
        """The text that people of the language see (Bot API, getMyName, getMyDescription, getMyShortDescription)."""
        text = world.profile.text(which, _language(call))
        return {which: text or (world.bot.name if which == "name" else "")}

    return get_text


METHODS: dict[str, Callable[[World, Call], Any]] = {
    "getme": get_me,
    "getchat": get_chat,
    "leavechat": leave_chat,
    "getfile": get_file,
    "setmycommands": set_commands,
    "getmycommands": get_commands,
    "deletemycommands": delete_commands,
    "setchatmenubutton": set_menu_button,
    "getchatmenubutton": get_menu_button,
    "setmyname": _setter("name"),
    "getmyname": _getter("name"),
    "setmydescription": _setter("description"),
    "getmydescription": _getter("description"),
    "setmyshortdescription": _setter("short_description"),
    "getmyshortdescription": _getter("short_description"),
}


def scopes_of(chat_id: int) -> list[str]:
    """The scopes in which a private chat finds its commands, the nearest first (Bot API, BotCommandScope)."""
    return [f"chat/{chat_id}", "all_private_chats", "default"]


def _scope(call: Call) -> str:
    """The key of a BotCommandScope: its type, and the chat and person it is for: `chat/100001`."""
    scope = call.json("scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in SCOPES:
        return str(kind)
    if kind in CHAT_SCOPES:
        return "/".join([str(kind), *(str(scope[name]) for name in ("chat_id", "user_id") if name in scope)])
    raise bad("can't parse BotCommandScope: unsupported type specified")


def _language(call: Call) -> str:
    code = call.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code


def _command(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad("can't parse BotCommand: expected an Object")
    command, description = str(given.get("command", "")).removeprefix("/"), str(given.get("description", "")).strip()
    if not _COMMAND.fullmatch(command):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}
