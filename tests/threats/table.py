"""The 24 threats in the order of SECURITY.md, each with the tests that prove its defence.

What the defence is and in which files it lies stands in SECURITY.md; a reason why something does not apply yet stands
there word for word.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Threat:
    """A row; its number is its place. `proofs` are tests as pytest names them below tests/, one a line."""

    title: str
    proofs: str = ""
    reason: str = ""  # why the row, or a part of it, does not apply yet


ROWS = (
    Threat(
        "The token leaks",
        """
        threats/test_token.py::test_after_a_life_with_every_trouble_nothing_holds_the_token_and_nothing_stands_open
        attacks/test_leaks.py::test_nothing_that_is_secret_or_hers_stands_in_the_log
        attacks/test_leaks.py::test_the_control_a_plain_bot_of_the_library_would_have_told_all
        bot/test_logs.py::test_tokens_are_masked_in_message_arguments_and_traceback
        bot/test_logs.py::test_a_crash_is_one_line_without_secrets
        bot/test_config.py::test_no_secret_is_shown_by_repr
        bot/test_config.py::test_files_that_others_can_open_are_warned_of
        bot/test_api.py::test_the_token_is_in_no_repr_error_or_log
        """,
    ),
    Threat(
        "Somebody plays the organiser",
        """
        threats/test_matrix.py::test_in_private_a_route_is_reached_by_those_only_who_have_its_right
        threats/test_matrix.py::test_outside_a_private_chat_nothing_acts_for_anybody_and_nothing_personal_is_said
        bot/test_rights.py::test_every_route_states_a_right_that_exists_and_has_a_name_of_its_own
        bot/test_rights.py::test_only_who_has_the_right_reaches_a_route
        attacks/test_organisers_rights.py::test_commands_act_only_for_those_who_have_the_right
        attacks/test_organisers_rights.py::test_buttons_act_only_for_those_who_have_the_right
        attacks/test_organisers_rights.py::test_in_a_group_nothing_acts_for_anybody
        attacks/test_organisers_rights.py::test_a_link_is_not_accepted_in_a_group
        attacks/test_households.py::test_a_role_hangs_on_the_account_and_goes_with_no_record
        attacks/test_households.py::test_after_five_wrong_codes_in_an_hour_even_the_right_one_is_refused
        attacks/test_roles.py::test_an_anonymous_administrator_and_a_channel_are_nobody
        attacks/test_roles.py::test_whose_words_reach_another_chat_are_not_the_owners
        attacks/test_roles.py::test_who_was_removed_can_neither_read_write_nor_finish_what_he_began
        storage/test_roles.py::test_a_link_works_once
        storage/test_roles.py::test_a_link_works_for_a_day_and_not_a_moment_longer
        storage/test_roles.py::test_a_code_is_long_fits_a_deep_link_and_is_not_kept
        storage/test_roles.py::test_links_made_by_who_was_removed_stop_working
        """,
        "There is no helper: the roles are owner, organiser, trainer and monitor.",
    ),
    Threat(
        "Forged, stale and repeated buttons",
        """
        attacks/test_households.py::test_no_button_reaches_into_another_household
        threats/test_forged.py::test_of_10_000_forged_and_replayed_presses_none_reaches_past_the_presser
        attacks/test_forged.py::test_a_thousand_forged_presses_change_nothing
        attacks/test_buttons.py::test_thousands_of_forged_presses_of_a_woman_change_nothing_of_anybody_else
        attacks/test_buttons.py::test_the_card_pressed_again_and_again_registers_once
        attacks/test_buttons.py::test_a_note_pressed_at_once_on_two_devices_and_after_a_restart_leaves_once
        attacks/test_buttons.py::test_two_women_on_one_phone_cannot_erase_each_other
        attacks/test_hostile.py::test_what_she_should_not_press_says_so_and_changes_nothing
        attacks/test_hostile.py::test_what_no_button_says_changes_nothing
        """,
    ),
    Threat(
        "Guessed or passed on check-in links",
        reason="Check-in does not exist yet. When it comes, its code has 128 bits and changes on the trainer's screen.",
    ),
    Threat(
        "Formulas in the spreadsheet",
        """
        bot/test_export.py::test_no_value_becomes_a_formula_a_link_or_markup
        bot/test_export.py::test_a_text_that_looks_like_the_writers_own_markup_is_a_text
        """,
        "There is no CSV: the spreadsheet is the only export.",
    ),
    Threat(
        "Markup in messages",
        """
        threats/test_texts.py::test_any_name_in_any_text_is_shown_letter_for_letter
        threats/test_texts.py::test_any_name_in_what_the_bot_says_of_her_is_shown_letter_for_letter
        attacks/test_texts.py::test_any_name_is_shown_letter_for_letter_wherever_it_stands
        attacks/test_texts.py::test_a_note_and_a_reply_as_long_as_they_may_be_arrive_whole
        """,
    ),
    Threat(
        "Markup in the sandbox's page",
        """
        threats/test_page.py::test_markup_in_every_field_stays_text
        browser/test_chat.py::test_what_she_writes_is_never_markup
        sandbox/test_page.py::test_every_answer_carries_the_rules_for_the_browser
        sandbox/test_page.py::test_the_page_is_made_of_its_own_files_only
        sandbox/test_page.py::test_a_file_that_is_no_picture_can_only_be_saved
        """,
        "There is no report in HTML: what organisers get is a message or a spreadsheet.",
    ),
    Threat(
        "SQL injection",
        """
        house/test_shape.py::test_sql_is_never_put_together_from_values
        house/test_shape.py::test_sql_lives_in_storage_only
        threats/test_code.py::test_a_form_whose_keys_are_no_plain_words_is_refused
        threats/test_code.py::test_hostile_values_are_kept_as_values
        """,
    ),
    Threat(
        "Forged webhook calls",
        """
        threats/test_token.py::test_after_a_life_with_every_trouble_nothing_holds_the_token_and_nothing_stands_open
        """,
        "There is no webhook, and none is planned.",
    ),
    Threat(
        "The sandbox's page as a way in",
        """
        sandbox/test_page.py::test_nothing_is_given_without_the_key
        sandbox/test_page.py::test_another_host_is_refused
        sandbox/test_page.py::test_a_foreign_origin_is_refused
        sandbox/test_page.py::test_without_a_key_there_is_no_page
        sandbox/test_page.py::test_a_weak_key_is_refused
        bot/test_trial.py::test_a_database_that_is_not_the_sandboxs_own_is_left_alone
        bot/test_main.py::test_a_database_of_the_sandbox_never_meets_the_real_telegram
        """,
    ),
    Threat(
        "Floods",
        """
        threats/test_floods.py::test_whatever_is_written_no_more_than_30_answers_wait_and_the_newest_is_among_them
        threats/test_floods.py::test_answers_in_a_form_count_however_many_wait_and_the_next_question_is_there
        threats/test_floods.py::test_reminders_notes_and_what_was_passed_on_never_give_way
        threats/test_floods.py::test_words_that_are_no_answer_get_ten_answers_one_notice_and_then_one_a_minute
        threats/test_floods.py::test_questions_to_organisers_and_spreadsheets_are_bounded_and_the_notice_costs_no_message
        threats/test_floods.py::test_100_women_are_answered_in_time_beside_10_000_messages_of_one
        bot/test_inquiries.py::test_nobody_can_flood_the_organisers
        """,
    ),
    Threat(
        "A group hears what is personal",
        """
        threats/test_matrix.py::test_outside_a_private_chat_nothing_acts_for_anybody_and_nothing_personal_is_said
        bot/test_groups.py::test_a_command_in_a_group_gets_one_public_sentence
        bot/test_groups.py::test_a_group_it_was_added_to_is_left_without_a_word
        """,
    ),
    Threat(
        "Input of any size",
        """
        threats/test_sizes.py::test_a_question_takes_as_much_as_it_says
        threats/test_sizes.py::test_other_questions_take_no_long_text_and_do_not_think_long_about_it
        threats/test_sizes.py::test_what_is_too_long_is_answered_and_leaves_her_where_she_was
        threats/test_sizes.py::test_a_note_and_an_answer_to_an_inquiry_are_no_longer_than_a_message_can_be
        threats/test_sizes.py::test_a_mebibyte_that_is_no_answer_to_anything_is_answered_too
        attacks/test_hostile.py::test_what_she_sends_is_answered_and_loses_nothing
        """,
    ),
    Threat(
        "Names that turn a list around, look empty, or look like another",
        """
        threats/test_names.py::test_the_table_holds_300_names_and_each_once
        threats/test_names.py::test_names_of_people_and_words_that_break_programs_are_kept_letter_for_letter
        threats/test_names.py::test_what_nobody_can_see_or_what_turns_a_line_around_is_taken_out
        threats/test_names.py::test_what_has_no_letter_or_is_too_long_is_refused
        threats/test_names.py::test_a_list_keeps_its_order_whoever_stands_in_it
        threats/test_names.py::test_equal_looking_names_are_found_by_the_same_words
        forms/test_cleaning.py::test_what_is_clean_stays_as_it_is_and_can_be_stored
        """,
    ),
    Threat(
        "Files that people send",
        """
        threats/test_files.py::test_no_file_is_fetched_opened_or_kept
        """,
        "No form asks for a file. When one does, it is refused by type and by its real size, and never opened.",
    ),
    Threat(
        "The bot is made to open an address",
        """
        threats/test_hosts.py::test_in_a_whole_run_one_host_is_asked
        threats/test_hosts.py::test_only_the_transport_can_open_a_connection
        """,
    ),
    Threat(
        "A lost laptop, a copied file",
        """
        threats/test_token.py::test_after_a_life_with_every_trouble_nothing_holds_the_token_and_nothing_stands_open
        threats/test_code.py::test_every_connection_to_a_database_is_opened_in_one_place
        bot/test_setup.py::test_a_volunteer_is_led_through_at_the_terminal
        bot/test_setup.py::test_the_database_is_encrypted
        bot/test_retention.py::test_everyone_but_the_team_is_erased_when_the_time_is_over
        bot/test_erasing.py::test_her_strings_are_in_the_files_before_and_in_none_after
        storage/test_erasures.py::test_nothing_is_left_in_file_or_wal_after_the_checkpoint
        storage/test_erasures.py::test_every_writing_connection_is_durable_and_overwrites_what_it_deletes
        storage/test_erasures.py::test_no_table_leads_to_an_erased_woman_and_the_others_stay
        """,
    ),
    Threat(
        "Backups and spreadsheets that wander",
        """
        storage/test_backup.py::test_no_file_beside_the_database_can_be_read_without_a_key
        storage/test_backup.py::test_a_backup_opens_with_the_databases_key_or_the_paper_and_with_nothing_else
        storage/test_backup.py::test_a_damaged_backup_is_refused_and_leaves_nothing
        storage/test_backup.py::test_backups_older_than_their_days_go_with_their_keys
        bot/test_export.py::test_the_message_asks_to_be_deleted_and_is_after_a_day
        bot/test_export.py::test_nothing_of_it_stays_on_the_disk
        bot/test_export.py::test_whose_right_ended_before_it_left_gets_nothing
        attacks/test_privacy.py::test_a_backup_of_the_open_survey_holds_no_sheet_and_no_count
        """,
    ),
    Threat(
        "Her phone in another's hand",
        """
        house/test_texts.py::test_the_first_words_of_what_comes_unasked_tell_nothing
        bot/test_privacy.py::test_an_answer_of_a_survey_is_never_shown_back
        bot/test_privacy.py::test_an_erasure_is_asked_twice_and_its_confirmation_is_all_that_is_left_in_the_chat
        """,
        "A discreet mode does not exist yet: who holds her unlocked phone can read her chat with the bot.",
    ),
    Threat(
        "An anonymous answer finds its woman",
        """
        storage/test_surveys.py::test_neither_column_nor_order_nor_time_leads_from_a_response_to_a_woman
        storage/test_surveys.py::test_four_sheets_are_destroyed_and_only_their_number_is_kept
        storage/test_surveys.py::test_no_answer_can_be_read_in_the_table_of_an_open_survey
        storage/test_reports.py::test_a_survey_that_says_closed_with_fewer_than_five_is_not_shown
        bot/test_surveys.py::test_four_women_are_too_few
        bot/test_surveys.py::test_no_answer_is_in_outbox_inbox_failures_or_logs_nor_in_the_file_once_too_few_were_destroyed
        attacks/test_privacy.py::test_no_row_and_no_count_tells_after_the_closing_whose_an_answer_was
        attacks/test_privacy.py::test_an_organiser_sees_only_how_many_and_never_before_the_closing_what
        """,
    ),
    Threat(
        "Logs and errors that tell",
        """
        attacks/test_leaks.py::test_nothing_that_is_secret_or_hers_stands_in_the_log
        bot/test_logs.py::test_an_error_does_not_repeat_what_a_woman_wrote
        bot/test_logs.py::test_statements_with_names_are_not_logged_even_at_debug
        bot/test_logs.py::test_signs_that_cannot_be_seen_are_escaped
        bot/test_poll.py::test_a_turn_that_fails_leaves_only_a_note_without_her_words
        bot/test_poll.py::test_she_is_told_that_her_words_were_not_saved
        """,
    ),
    Threat(
        "A package that turns bad",
        """
        threats/test_dependencies.py::test_each_package_is_one_version_with_a_hash_for_each_of_its_files
        threats/test_dependencies.py::test_what_is_asked_for_is_what_is_locked
        threats/test_dependencies.py::test_what_is_installed_is_checked_by_its_hash
        """,
        "No test can tell a newly vulnerable package without the internet: run pip-audit on the lock file each month.",
    ),
    Threat(
        "Two copies run at once",
        """
        threats/test_second_copy.py::test_a_second_copy_ends_within_a_second_with_a_sentence_and_no_update_is_lost
        bot/test_lock.py::test_a_second_copy_is_refused_with_one_sentence
        bot/test_lock.py::test_a_copy_in_another_process_holds_the_lock_until_it_is_killed
        bot/test_poll.py::test_a_second_poller_is_told_to_the_owner_and_polling_goes_on
        """,
    ),
    Threat(
        "State that is code",
        """
        threats/test_code.py::test_no_state_is_code_in_the_product_the_bench_or_the_tests
        threats/test_code.py::test_nothing_evaluates_text_as_code
        threats/test_code.py::test_no_program_is_started_through_a_shell
        threats/test_code.py::test_the_bot_starts_no_program_at_all
        house/test_imports.py::test_nothing_reads_code_from_a_state_file
        """,
    ),
)
