"""Routes, and python-telegram-bot's Application made to run inside our transaction."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, cast

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.ext import BaseHandler as Handler

from bot import rights
from bot.api import Api
from bot.desk import Desk
from bot.request import ApiRequest
from bot.turn import Toast, Turn

Action = Callable[[Update, Turn], Coroutine[Any, Any, object]]
Handlers = tuple[type[Handler[Any, Any, Any]], ...]
PASS = object()  # what an action returns to say: this was not for me, try the next route


@dataclass(frozen=True)
class Route:
    """One thing that can be done: its name, the right it needs, and python-telegram-bot's handler for it."""

    name: str
    right: str
    handler: Handler[Update, Turn, Any]
    anywhere: bool = False  # also outside private chats


def command(word: str, right: str, action: Action, name: str = "") -> Route:
    """Route `/word` in a private chat."""
    wanted = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Route(name or f"/{word}", right, CommandHandler(word, action, wanted))


def message(name: str, right: str, wanted: filters.BaseFilter, action: Action) -> Route:
    """Route messages of a kind."""
    return Route(name, right, MessageHandler(wanted, action))


def button(name: str, right: str, verb: str, action: Action) -> Route:
    """Route presses of buttons whose data begins with `verb/`."""
    return Route(name, right, CallbackQueryHandler(action, pattern=f"^{verb}(/|$)"))


def any_button(name: str, right: str, action: Action) -> Route:
    """Route every press of a button."""
    return Route(name, right, CallbackQueryHandler(action))


def member_change(name: str, right: str, action: Action) -> Route:
    """Route the news that the bot was blocked, unblocked, added or put out (Bot API, Update.my_chat_member)."""
    return Route(name, right, ChatMemberHandler(action), anywhere=True)


def anything(name: str, right: str, action: Action) -> Route:
    """Route every update, also those from outside private chats."""
    return Route(name, right, TypeHandler(Update, action), anywhere=True)


class Dispatcher(Application[Any, Turn, Any, Any, Any, Any]):
    """An Application that tries our routes in the transaction at hand; what an action raises reaches the intake."""

    desk: Desk
    turn: Turn | None = None
    toasts: list[Toast]

    def set_routes(self, routes: Sequence[Route]) -> None:
        """Have these tried from now on, in their order."""
        self._open = cache(partial(openings, tuple(routes)))

    async def process_update(self, update: object) -> None:
        """Try the routes that are open to this update, one after the other, until one does not pass.

        In place of python-telegram-bot's own walk, which asks every handler (docs/decisions/002).
        """
        turn = Turn.from_update(update, self)
        await turn.refresh_data()
        visit = getattr(turn, "visit", None)  # none outside a private chat
        for route in self._open(handlers_of(turn.incoming), bool(visit), visit.role if visit else None):
            found = route.handler.check_update(update)
            if found is None or found is False:
                continue
            turn.route = route.name
            if await route.handler.handle_update(turn.incoming, self, found, turn) is not PASS:
                return


def handlers_of(update: Update) -> Handlers:
    """Return the classes of handlers that an update of this kind is for."""
    if update.callback_query:
        return TypeHandler, CallbackQueryHandler
    if update.my_chat_member:
        return TypeHandler, ChatMemberHandler
    if update.effective_message and not update.effective_message.entities:
        return TypeHandler, MessageHandler  # a command is an entity of its message
    return TypeHandler, CommandHandler, MessageHandler


def openings(routes: Sequence[Route], kind: Handlers, private: bool, role: str | None) -> list[Route]:
    """Return the routes, of handlers of a kind, that are there for a role.

    Outside a private chat nobody is anyone (an anonymous administrator is one id for many): only what goes `anywhere`
    is there.
    """
    return [
        route
        for route in routes
        if isinstance(route.handler, kind) and (private or route.anywhere) and rights.allows(role, route.right)
    ]


def dispatcher(address: str, token: str, connection: Api, table: Sequence[Route]) -> Dispatcher:
    """Return python-telegram-bot's Application without its updater, job queue and persistence: these are ours."""
    request = ApiRequest(connection)
    kinds = ContextTypes(context=Turn)
    builder = Application.builder().token(token).base_url(f"{address}/bot").context_types(kinds)
    builder.application_class(Dispatcher).updater(None).job_queue(None).request(request).get_updates_request(request)
    made = cast(Dispatcher, builder.build())
    made.set_routes(table)
    return made
