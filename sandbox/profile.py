"""What the bot tells people about itself: command menus, names and descriptions per language, menu buttons, webhook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Profile:
    """The bot's settings as last set; keys of `texts` are (which text, language), of `commands` (scope, language)."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)

    def text(self, which: str, language: str) -> str:
        """The `name`, `description` or `short_description` shown to people of a language; '' is everyone's."""
        return self.texts.get((which, language)) or self.texts.get((which, ""), "")

    def menu(self, scopes: list[str], language: str) -> list[Json]:
        """The commands offered: of the first scope that has some, in the language or in everyone's."""
        for scope in scopes:
            for code in (language, ""):
                if found := self.commands.get((scope, code)):
                    return found
        return []
