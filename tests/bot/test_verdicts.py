"""What becomes of a row after each of Telegram's answers (tests/telegram/sending.py)."""

from typing import Any

import pytest

from bot import verdicts
from bot.api import Answer, TokenRefused
from bot.verdicts import Call
from storage.outbox import Claimed

BOLD = {"text": "Salam, <b>Aygün</b>!", "parse_mode": "HTML"}


def call(method: str = "sendMessage", **parameters: Any) -> Call:
    return Call(7, method, parameters or BOLD)


def refusal(status: int, description: str, **more: Any) -> Answer:
    return Answer(False, status, None, description, **more)


def test_a_message_that_was_sent_gives_its_number() -> None:
    for result in ({"message_id": 5, "text": "…"}, [{"message_id": 5}, {"message_id": 6}]):
        verdict = verdicts.judge(call(), Answer(True, 200, result))
        assert (verdict.state, verdict.message) == ("sent", 5)
    changed = verdicts.judge(call("editMessageText", message_id=9, text="x"), Answer(True, 200, True))
    assert (changed.state, changed.message) == ("sent", 9)
    assert verdicts.judge(call("deleteMessage", message_id=9), Answer(True, 200, True)).message is None
    assert verdicts.judge(call("copyMessage", message_id=3), Answer(True, 200, {"message_id": 8})).message == 8


def test_too_fast_gives_the_row_back_and_the_seconds_for_all() -> None:
    verdict = verdicts.judge(call(), refusal(429, "Too Many Requests: retry after 60", retry_after=60))
    assert (verdict.state, verdict.retry_after, verdict.again) == ("planned", 60, None)
    assert verdicts.judge(call(), refusal(429, "Too Many Requests")).retry_after == 1


@pytest.mark.parametrize(
    ("status", "description", "state"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (403, "Forbidden: bot can't initiate conversation with a user", "blocked"),
        (403, "Forbidden: user is deactivated", "gone"),
        (403, "Forbidden: the bot can't send messages to the bot", "gone"),
        (403, "Forbidden: bot was kicked from the group chat", "gone"),
        (403, "Forbidden: bot is not a member of the supergroup chat", "gone"),
        (400, "Bad Request: chat not found", "gone"),
        (400, "Bad Request: private chat not found", "gone"),
    ],
)
def test_who_cannot_be_reached_is_unreachable_with_all_her_messages(status: int, description: str, state: str) -> None:
    verdict = verdicts.judge(call(), refusal(status, description))
    assert (verdict.state, verdict.closes, verdict.reason) == ("unreachable", state, description)


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: have no write access to the chat",
        "Bad Request: CHAT_WRITE_FORBIDDEN",
        "Bad Request: message is too long",
        "Bad Request: message text is empty",
        "Bad Request: BUTTON_DATA_INVALID",
        "Bad Request: reply markup is too long",
        "Bad Request: file is too big",
        "Bad Request: something that nobody has seen yet",
    ],
)
def test_what_is_refused_otherwise_fails_at_once_with_the_raw_words(description: str) -> None:
    verdict = verdicts.judge(call(), refusal(400, description))
    assert (verdict.state, verdict.reason, verdict.again, verdict.closes) == ("failed", description, None, "")


@pytest.mark.parametrize(("status", "description"), [(401, "Unauthorized"), (404, "Not Found")])
def test_a_refused_token_stops_the_app_with_a_sentence(status: int, description: str) -> None:
    with pytest.raises(TokenRefused, match="BotFather"):
        verdicts.judge(call(), refusal(status, description))


def test_an_unknown_method_is_no_refused_token() -> None:
    assert verdicts.judge(call("sendNonsense"), refusal(404, "Not Found: method not found")).state == "failed"


def test_a_group_that_became_a_supergroup_is_written_to_there() -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    again = verdicts.judge(call(), refusal(400, text, migrate_to=-1007)).again
    assert again and (again.chat, again.method, again.parameters) == (-1007, "sendMessage", BOLD)


@pytest.mark.parametrize("method", ["editMessageText", "editMessageReplyMarkup", "editMessageCaption"])
def test_a_change_that_changes_nothing_is_done(method: str) -> None:
    text = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    verdict = verdicts.judge(call(method, message_id=4), refusal(400, text))
    assert (verdict.state, verdict.message) == ("sent", 4)


@pytest.mark.parametrize("words", ["message to edit not found", "message can't be edited"])
def test_a_change_of_a_message_that_is_gone_is_sent_anew(words: str) -> None:
    edit = call("editMessageText", message_id=4, **BOLD)
    again = verdicts.judge(edit, refusal(400, f"Bad Request: {words}")).again
    assert again and (again.method, again.parameters, again.moved) == ("sendMessage", BOLD, True)
    caption = call("editMessageCaption", message_id=4, caption="x")
    again = verdicts.judge(caption, refusal(400, f"Bad Request: {words}")).again
    assert again and again.parameters == {"text": "x"}


def test_buttons_of_a_message_that_is_gone_are_gone_too() -> None:
    unbutton = call("editMessageReplyMarkup", message_id=4)
    assert verdicts.judge(unbutton, refusal(400, "Bad Request: message to edit not found")).state == "sent"


def test_a_message_that_is_gone_is_deleted_one_that_is_too_old_is_not() -> None:
    delete = call("deleteMessage", message_id=4)
    assert verdicts.judge(delete, refusal(400, "Bad Request: message to delete not found")).state == "sent"
    assert verdicts.judge(delete, refusal(400, "Bad Request: message can't be deleted")).state == "failed"


def test_an_answer_to_a_message_that_is_gone_is_sent_without_the_reference() -> None:
    answer = call(text="x", reply_parameters={"message_id": 3})
    again = verdicts.judge(answer, refusal(400, "Bad Request: message to be replied not found")).again
    assert again and again.parameters == {"text": "x"}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<3 Aygün, <b>sabah</b> görüşərik", "<3 Aygün, sabah görüşərik"),
        ("<b>a &lt; b &amp; c", "a < b & c"),
        ('<a href="https://t.me/x?a=1&amp;b=2">bura</a> <tg-spoiler>x</tg-spoiler>', "bura x"),
        ("1 < 2 və 3 > 2", "1 < 2 və 3 > 2"),
    ],
)
def test_a_text_that_telegram_cannot_read_is_sent_once_without_its_tags(text: str, plain: str) -> None:
    unreadable = refusal(400, 'Bad Request: can\'t parse entities: Unsupported start tag "3" at byte offset 0')
    again = verdicts.judge(call(text=text, parse_mode="HTML"), unreadable).again
    assert again and again.plain and again.parameters == {"text": plain}
    assert verdicts.judge(again, unreadable).state == "failed"


def test_a_row_is_aimed_at_the_message_of_its_target() -> None:
    row = Claimed(1, None, 7, None, "editMessageText", {"text": "x", "message_id": 0}, 44, "", "repeat", 0)
    assert verdicts.call(row).parameters == {"text": "x", "message_id": 44}
