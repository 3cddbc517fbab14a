"""Routes, and python-telegram-bot's Application made to run inside our transaction."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, cast

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
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
from bot.request import AiohttpRequest
from bot.turn import Toast, Turn

Action = Callable[[Update, Turn], Coroutine[Any, Any, object]]
PASS = object()  # what an action returns to say: this was not for me, try the next route


@dataclass(frozen=True)
class Route:
    """One thing that can be done: its name, the right it needs, and python-telegram-bot's handler for it."""

    name: str
    right: str
    handler: Handler[Update, Turn, Any]


def command(word: str, right: str, action: Action, name: str = "") -> Route:
    """Route `/word` in a private chat."""
    name, wanted = name or f"/{word}", filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Route(name, right, CommandHandler(word, guarded(name, right, action), wanted))


def message(name: str, right: str, wanted: filters.BaseFilter, action: Action) -> Route:
    """Route messages of a kind."""
    return Route(name, right, MessageHandler(wanted, guarded(name, right, action)))


def button(name: str, right: str, verb: str, action: Action) -> Route:
    """Route presses of buttons whose data begins with `verb/`."""
    return Route(name, right, CallbackQueryHandler(guarded(name, right, action), pattern=f"^{verb}(/|$)"))


def any_button(name: str, right: str, action: Action) -> Route:
    """Route every press of a button."""
    return Route(name, right, CallbackQueryHandler(guarded(name, right, action)))


def member_change(name: str, right: str, action: Action) -> Route:
    """Route the news that the bot was blocked, unblocked, added or put out (Bot API, Update.my_chat_member)."""
    return Route(name, right, ChatMemberHandler(guarded(name, right, action, anywhere=True)))


def anything(name: str, right: str, action: Action) -> Route:
    """Route every update, also those from outside private chats."""
    return Route(name, right, TypeHandler(Update, guarded(name, right, action, anywhere=True)))


def guarded(name: str, right: str, action: Action, *, anywhere: bool = False) -> Action:
    """Let the action run only for those who have the right; for all others the route is not there.

    Outside a private chat nobody is anyone (an anonymous administrator is one id for many): only what goes `anywhere`
    runs there.
    """

    async def run(update: Update, turn: Turn) -> None:
        visit = getattr(turn, "visit", None)  # none outside a private chat
        if not (visit or anywhere) or not rights.allows(visit.role if visit else None, right):
            return
        turn.route = name
        if await action(update, turn) is not PASS:
            raise ApplicationHandlerStop

    return run


class Dispatcher(Application[Any, Turn, Any, Any, Any, Any]):
    """An Application whose handlers work in the transaction at hand, and whose errors reach the poll."""

    desk: Desk
    turn: Turn | None = None
    toasts: list[Toast]

    def add_routes(self, routes: Sequence[Route]) -> None:
        """Try the routes in their order, each after the one before it has passed."""
        for number, route in enumerate(routes):
            self.add_handler(route.handler, group=number)

    async def process_error(self, update: object, error: Exception, **_: Any) -> bool:  # type: ignore[override]
        """Raise: the poll rolls the turn back and files the failure."""
        raise error


def dispatcher(address: str, token: str, connection: Api, table: Sequence[Route]) -> Dispatcher:
    """Return python-telegram-bot's Application without its updater, job queue and persistence: these are ours."""
    request = AiohttpRequest(connection)
    kinds = ContextTypes(context=Turn)
    builder = Application.builder().token(token).base_url(f"{address}/bot").context_types(kinds)
    builder.application_class(Dispatcher).updater(None).job_queue(None).request(request).get_updates_request(request)
    made = cast(Dispatcher, builder.build())
    made.add_routes(table)
    return made
