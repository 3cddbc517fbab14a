"""A turn: one update of one person, its open transaction, and what we mean to answer."""

from typing import Any, cast

from telegram import CallbackQuery, Message, Update
from telegram.ext import CallbackContext, ExtBot

from bot import buttons, letters
from bot.buttons import Rows
from bot.desk import Desk
from storage import households, people
from storage.database import Transaction
from storage.people import Person, Visit

Data = dict[Any, Any]
Toast = tuple[str, str, bool]  # query id, text, as an alert


class Turn(CallbackContext[ExtBot[None], Data, Data, Data]):
    """Our CallbackContext. Nothing here sends: letters are kept and reach the outbox with the turn's own commit."""

    desk: Desk
    visit: Visit
    incoming: Update
    toasts: list[Toast]
    route = form = step = ""  # where the turn is, to be filed if it fails

    @classmethod
    def from_update(cls, update: object, application: Any) -> "Turn":
        """Begin the turn of an update in the application's open transaction."""
        turn = super().from_update(update, application)
        turn.incoming = cast(Update, update)
        turn.desk = application.desk
        turn.toasts = application.toasts
        application.turn = turn
        return turn

    async def refresh_data(self) -> None:
        """Look up who is there, before the first route is tried."""
        chat, user = self.incoming.effective_chat, self.incoming.effective_user
        if chat and user and chat.type == chat.PRIVATE:
            self.visit = await people.meet(self.tx, chat.id, user.id, self.now)
            if not self.visit.shared:
                self.desk.alone = chat.id
            elif self.incoming.callback_query and (message := self.pressed_message):
                await self._switch(message)

    async def look_around(self) -> None:
        """Look up once more who is there: another woman has the phone now."""
        self.visit = await people.meet(self.tx, self.chat, self.user, self.now)
        self.desk.alone = 0 if self.visit.shared else self.chat

    async def _switch(self, message: int) -> None:
        """Let the press of a button be that of the woman for whom its message was, if she uses this chat, too."""
        meant = await households.addressee(self.tx, self.chat, message)
        if meant and meant != self.person.id and await households.switch(self.tx, self.chat, meant):
            await self.look_around()

    @property
    def tx(self) -> Transaction:
        """The open transaction."""
        return self.desk.tx

    @property
    def now(self) -> int:
        """The moment of this turn, UTC ms."""
        return self.desk.now

    @property
    def person(self) -> Person:
        """Who is active in this chat."""
        return self.visit.person

    @property
    def chat(self) -> int:
        """The private chat of this turn."""
        return self.visit.chat

    @property
    def user(self) -> int:
        """The Telegram user id; rights hang on it."""
        return cast(int, self._user_id)

    @property
    def language(self) -> str:
        """The language to answer in."""
        return self.visit.person.language

    @property
    def role(self) -> str | None:
        """The Telegram user's role: owner, organiser, trainer, monitor, or None."""
        return self.visit.role

    @property
    def message(self) -> Message:
        """The message of this turn, for routes of messages."""
        return cast(Message, self.incoming.effective_message)

    @property
    def press(self) -> CallbackQuery:
        """The pressed button, for routes of buttons."""
        return cast(CallbackQuery, self.incoming.callback_query)

    @property
    def words(self) -> list[str]:
        """The parts of the pressed button's data: a hint to be checked, never to be trusted."""
        return (self.press.data or "").split("/")

    def t(self, key: str, count: int | None = None, **values: object) -> str:
        """Return an interface text in her language, as HTML."""
        return self.desk.t(self.language, key, count, **values)

    def plain(self, key: str, count: int | None = None) -> str:
        """Return an interface text in her language for places that take no HTML: buttons, toasts."""
        return self.desk.plain(self.language, key, count)

    def say(self, html: str, rows: Rows = (), *, keyboard: dict[str, Any] | None = None, silent: bool = False) -> None:
        """Answer in this chat, with buttons under the message or a keyboard in place of hers."""
        markup = buttons.inline(rows) if rows else keyboard
        self.desk.post(letters.text(self.chat, html, markup, silent=silent, person=self.person.id))

    def edit(self, html: str, rows: Rows = (), priority: int = 0) -> None:
        """Change the message whose button was pressed."""
        row = {"person": self.person.id, "priority": priority}
        self.desk.post(letters.edit(self.chat, self.pressed_message, html, rows, **row))

    def unbutton(self, priority: int = 0, key: str | None = None) -> None:
        """Take the buttons from the message whose button was pressed."""
        row = {"person": self.person.id, "priority": priority, "key": key}
        self.desk.post(letters.unbutton(self.chat, self.pressed_message, **row))

    def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press itself, with at most 200 characters of plain text (Bot API, answerCallbackQuery)."""
        self.toasts.append((self.press.id, text[:200], alert))

    @property
    def pressed_message(self) -> int:
        """The id of the message whose button was pressed."""
        message = self.press.message
        return message.message_id if message else 0
