"""The rows of the table about messages, and the traps that python-telegram-bot lays beneath them."""

from tests.telegram.rows import ASSERTED, INJECTED, Answer, Row


def bad(*descriptions: str) -> tuple[Answer, ...]:
    return tuple(Answer(400, f"Bad Request: {description}") for description in descriptions)


def forbidden(*descriptions: str) -> tuple[Answer, ...]:
    return tuple(Answer(403, f"Forbidden: {description}") for description in descriptions)


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
PUT_OUT = tuple(
    f"{fate[0]} {kind} chat{fate[1]}"
    for kind in ("group", "supergroup", "channel")
    for fate in (("bot was kicked from the", ""), ("bot is not a member of the", ""), ("the", " was deleted"))
)

OUT_OF_REACH = "telegram/test_closed.py::test_who_is_out_of_reach_is_settled_at_once_and_listed"
ROWS = (
    Row(
        "too fast",
        "more than Telegram takes at this moment; N can be 60 and more",
        "stop all sending for N s, try again at half the pace, never drop",
        INJECTED,
        (
            "telegram/test_line.py::test_a_flood_wait_stops_everything_for_its_seconds_and_drops_nothing",
            "telegram/test_line.py::test_a_flood_wait_for_updates_is_kept_too",
            "bot/test_pace.py::test_after_a_429_the_pace_is_halved_and_creeps_back",
        ),
        tuple(Answer(429, f"Too Many Requests: retry after {seconds}") for seconds in (3, 60, 300)),
    ),
    Row(
        "blocked",
        "she has stopped the bot",
        "all her messages are unreachable, no more reminders; reachable when she unblocks it or writes",
        INJECTED,
        (
            "telegram/test_closed.py::test_who_blocked_the_bot_gets_nothing_more_until_she_comes_back",
            "telegram/test_closed.py::test_who_writes_again_can_be_reached_again",
        ),
        forbidden("bot was blocked by the user"),
    ),
    Row(
        "account deleted",
        "there is no such account any more",
        "gone: no more messages; the organisers see it on the list of those to call, and may have her erased",
        INJECTED,
        (OUT_OF_REACH, "bot/test_status.py::test_who_deleted_her_account_is_marked_and_can_be_erased_once_confirmed"),
        forbidden("user is deactivated"),
    ),
    Row(
        "never pressed Start",
        "the bot of this token was never started by her, as after a new token",
        "final; the organisers see her on the list of those to call; reachable when she presses Start",
        INJECTED,
        (
            OUT_OF_REACH,
            "telegram/test_closed.py::test_a_new_token_whose_bot_nobody_started_lists_everybody_and_asks_each_once",
        ),
        forbidden("bot can't initiate conversation with a user"),
    ),
    Row(
        "to a bot",
        "the chat is another bot's",
        "final",
        INJECTED,
        (OUT_OF_REACH,),
        forbidden("the bot can't send messages to the bot"),
    ),
    Row(
        "put out of a group",
        "kicked, not a member, or the chat was deleted; the same for group, supergroup and channel",
        "final: nothing more is said there (no group is linked to the bot)",
        INJECTED,
        ("telegram/test_closed.py::test_where_the_bot_was_put_out_nothing_is_said_any_more",),
        forbidden(*PUT_OUT),
    ),
    Row(
        "unknown chat",
        "Telegram knows no such chat",
        "final, and logged as a defect of ours",
        INJECTED,
        ("telegram/test_closed.py::test_a_chat_that_telegram_does_not_know_is_settled_and_logged_as_a_defect",),
        bad("chat not found", "private chat not found"),
    ),
    Row(
        "became a supergroup",
        "the group has another id, in parameters.migrate_to_chat_id",
        "send to the new id at once, and all that waits for the old one",
        INJECTED,
        ("telegram/test_closed.py::test_a_group_that_became_a_supergroup_is_written_to_there_at_once",),
        bad("group chat was upgraded to a supergroup chat"),
    ),
    Row(
        "no right to write",
        "the bot is in the chat and may not write there",
        "final, and the owner is told",
        INJECTED,
        ("telegram/test_closed.py::test_where_it_may_not_write_it_tries_once_and_the_owner_is_told",),
        bad(
            "not enough rights to send text messages to the chat",
            "have no write access to the chat",
            "CHAT_WRITE_FORBIDDEN",
        ),
    ),
    Row(
        "nothing changed",
        "an edit says what the message says already",
        "success",
        INJECTED,
        ("telegram/test_messages.py::test_a_change_that_changes_nothing_is_success",),
        bad(NOT_MODIFIED),
    ),
    Row(
        "message gone",
        "the message to edit, to delete or to reply to is not there any more",
        "edit: send anew; delete: success; reply: send without the reply",
        INJECTED,
        (
            "telegram/test_messages.py::test_a_change_of_a_message_that_is_gone_comes_as_a_new_message",
            "bot/test_verdicts.py::test_a_change_of_a_message_that_is_gone_is_sent_anew",
        ),
        bad("message to edit not found", "message to delete not found", "message to be replied not found"),
    ),
    Row(
        "not editable, not deletable",
        "not ours, or older than two days",
        "edit: send anew; delete: final, and who is erased is told that older messages remain",
        INJECTED,
        (
            "telegram/test_messages.py::test_a_message_that_cannot_be_changed_comes_anew",
            "telegram/test_messages.py::test_who_is_erased_is_told_that_older_messages_remain",
        ),
        bad("message can't be edited", "message can't be deleted"),
    ),
    Row(
        "late button answer",
        "a press is answered too late",
        "ignore it: the press itself counts",
        INJECTED,
        ("telegram/test_messages.py::test_a_late_answer_to_a_press_is_let_be_and_the_press_counts",),
        bad("query is too old and response timeout expired or query ID is invalid"),
    ),
    Row(
        "formatting",
        "the tags of a text cannot be read",
        "never, as every inserted value is escaped; as a net the same text without formatting, counted as a defect",
        INJECTED,
        (
            "telegram/test_messages.py::test_a_text_that_telegram_cannot_read_arrives_plain_and_is_counted",
            "telegram/test_messages.py::test_a_woman_with_a_heart_in_her_name_is_reminded_in_full_formatting",
            "attacks/test_texts.py::test_any_name_is_shown_letter_for_letter_wherever_it_stands",
        ),
        bad(
            'can\'t parse entities: Unsupported start tag "3" at byte offset 0',
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
            'can\'t parse entities: Unmatched end tag at byte offset 8, expected "</b>", found "</i>"',
            "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
    ),
    Row(
        "too long",
        "over 4096 characters after parsing, a caption over 1024, a raw text over 32 KiB",
        "split or refuse before sending; if it happens, final, and the owner is told",
        INJECTED,
        (
            "telegram/test_messages.py::test_what_telegram_refuses_for_good_is_tried_once_and_the_owner_is_told",
            "telegram/test_messages.py::test_a_caption_over_1024_characters_is_refused_once",
            "attacks/test_texts.py::test_a_note_and_a_reply_as_long_as_they_may_be_arrive_whole",
            "attacks/test_texts.py::test_a_recommendation_as_long_as_it_may_be_is_shown_on_its_card_and_in_her_data",
        ),
        bad("message is too long", "message caption is too long", "text is too long"),
    ),
    Row(
        "empty",
        "nothing is left of a text after trimming",
        "refuse it at its source; if it happens, final, and the owner is told",
        INJECTED,
        (
            "telegram/test_messages.py::test_what_she_sends_empty_is_no_answer",
            "telegram/test_messages.py::test_what_telegram_refuses_for_good_is_tried_once_and_the_owner_is_told",
        ),
        bad("message text is empty", "text must be non-empty"),
    ),
    Row(
        "buttons",
        "data over 64 bytes, or too many buttons",
        "short data, checked for every form; if it happens, final, and the owner is told",
        INJECTED,
        (
            "telegram/test_messages.py::test_no_button_of_any_form_is_too_long_nor_are_there_too_many",
            "telegram/test_messages.py::test_what_telegram_refuses_for_good_is_tried_once_and_the_owner_is_told",
        ),
        bad("BUTTON_DATA_INVALID", "reply markup is too long"),
    ),
    Row(
        "file too big",
        "getFile over 20 MB (400, file is too big), an upload over 50 MB (413, a page of nginx)",
        "download nothing of hers; an upload is tried once, and the owner is told",
        INJECTED,
        (
            "telegram/test_messages.py::test_nothing_that_she_sends_is_downloaded_however_big",
            "telegram/test_messages.py::test_one_part_of_ours_downloads_files_and_not_to_the_disk",
            "telegram/test_messages.py::test_an_upload_that_is_too_big_is_refused_once_and_the_owner_is_told",
        ),
        (Answer(413, "Request Entity Too Large"),),
    ),
    Row(
        "bad token",
        "Telegram does not know the token",
        "stop at once with a sentence and the exit code that means «do not restart»",
        INJECTED,
        ("telegram/test_line.py::test_a_refused_token_ends_the_bot_with_a_sentence_and_telegram_is_not_hammered",),
        (
            Answer(401, "Unauthorized"),
            Answer(401, "Unauthorized: invalid token specified"),
            Answer(404, "Not Found"),
        ),
    ),
    Row(
        "server restarts",
        "500: it may have been sent or not",
        "uncertain: again after a while, and listed",
        INJECTED,
        ("telegram/test_line.py::test_a_server_that_starts_anew_leaves_a_message_uncertain",),
        (
            Answer(500, "Internal Server Error: restart"),
            Answer(500, "Internal Server Error: sent message was immediately deleted and can't be returned"),
        ),
    ),
    Row(
        "no answer",
        "502, 504, a page that is no JSON, a closed connection, a timeout",
        "uncertain if the request may have left: again once getMe is answered, ever more seldom, and listed",
        INJECTED,
        (
            "telegram/test_line.py::test_what_may_have_left_is_sent_again_and_listed",
            "telegram/test_line.py::test_an_answer_that_does_not_come_in_time_leaves_a_message_uncertain",
            "telegram/test_outages.py::test_half_an_hour_of_5xx_is_no_storm_of_doubles",
            "telegram/test_outages.py::test_a_round_trip_of_seven_seconds_doubles_nothing",
        ),
        (Answer(502, "Bad Gateway"), Answer(504, "Gateway Timeout")),
    ),
    Row(
        "anything unknown",
        "a refusal that nobody has seen yet",
        "final after one try, its words kept; the owner is told once a day",
        INJECTED,
        ("telegram/test_line.py::test_what_nobody_has_seen_yet_is_tried_once_and_its_words_are_kept",),
        (
            *bad("something that nobody has seen yet"),
            Answer(406, "Not Acceptable: something else"),
            Answer(404, "Not Found: method not found"),
        ),
    ),
)

TRAPS = (
    Row(
        "trap: NetworkError",
        "BadRequest and TimedOut are subclasses of NetworkError: «except NetworkError: retry» repeats the hopeless",
        "messages do not go through python-telegram-bot; nothing of ours catches NetworkError",
        ASSERTED,
        ("telegram/test_traps.py::test_nothing_of_ours_catches_a_network_error_of_the_library",),
    ),
    Row(
        "trap: AIORateLimiter",
        "by default it raises at the first 429",
        "no rate limiter of the library: bot/pace.py",
        ASSERTED,
        ("telegram/test_traps.py::test_the_library_limits_no_rate",),
    ),
    Row(
        "trap: bootstrap_retries",
        "with 0 the process ends when the network is down at start",
        "introduce ourselves for as long as it takes",
        INJECTED,
        (
            "telegram/test_traps.py::test_a_network_that_is_away_at_start_does_not_end_the_process",
            "telegram/test_outages.py::test_ten_minutes_without_network_at_the_start_lose_nothing",
        ),
    ),
    Row(
        "trap: InvalidToken",
        "401 and 404 are both InvalidToken",
        "both mean the token, but an unknown method does not",
        ASSERTED,
        (
            "telegram/test_traps.py::test_401_and_404_are_one_error_of_the_library",
            "telegram/test_line.py::test_a_refused_token_ends_the_bot_with_a_sentence_and_telegram_is_not_hammered",
            "bot/test_verdicts.py::test_an_unknown_method_is_no_refused_token",
        ),
    ),
)
