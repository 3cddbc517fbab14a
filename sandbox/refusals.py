"""What the Bot API answers when it says no: status, `description` and `parameters` as the official server has them."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A call the server refuses; nothing has changed. Wordings: tdlib/telegram-bot-api, `fail_query_with_error`."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
HARMLESS = (NOT_MODIFIED, QUERY_TOO_OLD)
"""Refusals that a right bot meets too, so they are not counted as malformed."""


def bad(description: str, **parameters: Any) -> Refused:
    """A 400 for what is wrong in the call."""
    return Refused(400, f"Bad Request: {description}", parameters or None)


def forbidden(description: str) -> Refused:
    """A 403: the chat cannot be written to."""
    return Refused(403, f"Forbidden: {description}")


def conflict(description: str) -> Refused:
    """A 409: another way of getting updates is in use."""
    return Refused(409, f"Conflict: {description}")


def flood(seconds: int) -> Refused:
    """A 429: try again after so many seconds."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
