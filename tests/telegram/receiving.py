"""The rows of the table about updates, in the order in which they come to harm."""

from tests.telegram.rows import ASSERTED, INJECTED, NOT_APPLICABLE, Answer, Row

OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

ROWS = (
    Row(
        "kept until confirmed",
        "an update stays queued until getUpdates is called with an offset above its id",
        "the effects of a batch are on disk before the next offset is asked for",
        INJECTED,
        (
            "telegram/test_receiving.py::test_whenever_an_update_is_confirmed_its_effects_are_on_disk",
            "bot/test_poll.py::test_a_full_disk_loses_nothing",
        ),
    ),
    Row(
        "kept for a day",
        "an update is kept 24 hours from the date of its message",
        "a sign of life each minute; after more than 23 hours of absence the owners are told",
        INJECTED,
        ("telegram/test_receiving.py::test_after_a_day_of_absence_the_owner_is_told_that_messages_may_be_lost",),
    ),
    Row(
        "the queue is full",
        "above 100,000 updates or 128 MiB new ones are dropped",
        "take in fast: a turn never waits for the network",
        INJECTED,
        (
            "telegram/test_receiving.py::test_a_flood_is_taken_in_although_nothing_can_leave",
            "sandbox/test_queue.py::test_the_queue_holds_128_mib_and_drops_the_rest",
        ),
    ),
    Row(
        "without an offset",
        "the earliest unconfirmed updates are given again; an offset too far off is ignored",
        "start with no offset; what comes twice changes nothing",
        INJECTED,
        (
            "telegram/test_receiving.py::test_it_starts_without_an_offset_and_what_comes_again_changes_nothing",
            "bot/test_poll.py::test_an_update_that_comes_twice_changes_nothing_the_second_time",
        ),
    ),
    Row(
        "a negative offset",
        "it forgets all but the last updates, as drop_pending_updates does",
        "never used",
        ASSERTED,
        ("telegram/test_receiving.py::test_pending_updates_are_never_dropped",),
    ),
    Row(
        "a random id",
        "after a week of silence the next update_id is random, so it may be smaller",
        "order by arrival, not by id; forget the seen ids after some days",
        INJECTED,
        ("telegram/test_receiving.py::test_after_a_week_of_silence_an_update_with_a_smaller_id_is_handled",),
    ),
    Row(
        "sizes and pauses of a poll",
        "at most 100 updates and 4 MiB, a wait of at most 50 s; who asks for the same again at once gets one update",
        "pause after a batch that was not kept; wait longer than Telegram does",
        INJECTED,
        (
            "telegram/test_receiving.py::test_a_batch_that_was_not_kept_is_not_asked_for_in_a_loop",
            "telegram/test_receiving.py::test_telegram_never_waits_longer_than_we_do",
        ),
    ),
    Row(
        "two pollers",
        "the older waiting one gets 409, one in 3 s; where updates wait, both get the same batch",
        "no second copy on the machine; at 409 pause for 30 s, tell the owner once, and once when it is over",
        INJECTED,
        (
            "telegram/test_pollers.py::test_a_second_copy_elsewhere_is_told_once_and_so_is_its_end",
            "telegram/test_pollers.py::test_a_conflict_that_ended_while_the_bot_was_stopped_is_over",
            "telegram/test_outages.py::test_beside_a_second_copy_nothing_is_handled_twice",
            "bot/test_lock.py::test_a_second_copy_is_refused_with_one_sentence",
        ),
        (Answer(409, f"Conflict: {OTHER}"),),
    ),
    Row(
        "a webhook is set",
        "getUpdates is refused",
        "deleteWebhook at start and whenever it is met, with drop_pending_updates = false",
        INJECTED,
        (
            "telegram/test_pollers.py::test_a_webhook_that_was_set_before_the_start_is_taken_away",
            "telegram/test_pollers.py::test_a_webhook_that_is_set_while_it_runs_is_taken_away",
        ),
        (Answer(409, f"Conflict: {WEBHOOK}"), Answer(409, "Conflict: terminated by setWebhook request")),
    ),
    Row(
        "a webhook's deliveries",
        "they are tried again for a day, in order within a chat, in parallel between chats",
        "answer 200 only after the commit",
        NOT_APPLICABLE,
        ("telegram/test_pollers.py::test_there_is_no_webhook_of_ours",),
        reason="long polling needs no open port and loses nothing either; no webhook is ever set",
    ),
    Row(
        "a webhook's secret",
        "it comes in X-Telegram-Bot-Api-Secret-Token",
        "compare in constant time",
        NOT_APPLICABLE,
        ("telegram/test_pollers.py::test_there_is_no_webhook_of_ours",),
        reason="no webhook is ever set, and no port of the bot listens to Telegram",
    ),
    Row(
        "my_chat_member",
        "in a private chat it comes exactly when she blocks or unblocks the bot",
        "ask for it by allowed_updates; mark her unreachable or reachable",
        INJECTED,
        (
            "telegram/test_receiving.py::test_blocking_and_unblocking_is_heard_without_a_message",
            "telegram/test_receiving.py::test_exactly_the_kinds_that_are_handled_are_asked_for",
        ),
    ),
    Row(
        "forged callback data",
        "a changed client may send any bytes as a button's data",
        "check state, owner and role on every press",
        INJECTED,
        (
            "telegram/test_receiving.py::test_any_data_of_a_button_is_only_a_wish",
            "attacks/test_forged.py::test_a_thousand_forged_presses_change_nothing",
        ),
    ),
    Row(
        "an update that cannot be parsed",
        "python-telegram-bot asks for it again for ever and handles nothing behind it",
        "put that one aside, go on, tell the owner",
        INJECTED,
        (
            "telegram/test_receiving.py::test_what_cannot_be_parsed_is_put_aside_and_holds_up_nobody",
            "telegram/test_receiving.py::test_an_answer_without_any_id_is_not_asked_for_in_a_loop",
        ),
    ),
)
