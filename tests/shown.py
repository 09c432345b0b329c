"""Which test shows each code of ``CODES`` on a file (or, for other ends, in a situation).

A new code gets a line here; ``test_shown`` fails until it has one, and if a test goes away.
"""

from __future__ import annotations

from tests.forms.scorecard_faults import SHOWN as SCORECARD

_CARD = "tests/forms/test_scorecard_findings.py::test_the_finding_names_its_place"
_INTAKE = "tests/workflow/test_intake.py::"
_INBOX = "tests/store/test_inbox.py::"
_CONSOLIDATE = "tests/workflow/test_consolidate.py::"
_MISTAKE = (
    "tests/forms/test_register_mistakes.py::"
    "test_each_mistake_has_its_code_its_cell_and_keeps_back_what_shows_it"
)
_ANSWERING = "tests/workflow/test_answering.py::"
_BOUNCES = "tests/workflow/test_bounces.py::"
_SENT = "tests/workflow/test_sent_something.py::"
_IMPORT = "tests/workflow/test_import.py::"
_IMPORTED = _IMPORT + "test_each_mistake_in_a_file_has_its_code"
_TEST_CARD = "tests/workflow/test_test_card.py::"
_MISTAKES = "tests/forms/test_register_mistakes.py::"
_REGISTER = "tests/forms/test_register.py::"
_SELECTION = "tests/forms/test_register_selection.py::"
_PLANS_IN = "tests/workflow/test_plans_in.py::"
_PLANS_OUT = "tests/workflow/test_plans_out.py::"

_COMPANIONS = "tests/workflow/test_companions.py::"
_REPORT = "tests/report/test_written.py::"
_LEAKS = "tests/workflow/test_leaks.py::"
_MEMORY = "tests/workflow/test_memory_stays.py::"
_NAMED = "tests/workflow/test_free_texts.py::"
_RECORDS = "tests/workflow/test_records.py::"
_DECIDING = "tests/workflow/test_deciding.py::"
_OWN = "tests/workflow/test_own_requirements.py::"
_OWN_ROWS = "tests/forms/test_register_own.py::"
_WRAPPED = "tests/workflow/test_wrapped.py::"
_TIME = "tests/workflow/test_time.py::"
_REPLYING = "tests/workflow/test_replying.py::"
_PACKED = "tests/workflow/test_containers.py::"

# The codes of a scorecard's table, values and whole: each has a file of its own.
SHOWN: dict[str, str] = dict.fromkeys(SCORECARD, _CARD) | {
    # the file as a whole
    "not-ours": _INTAKE + "test_files_that_are_no_cards",
    "not-a-workbook": _INBOX + "test_reasons",
    "unreadable": _INTAKE + "test_files_that_are_no_cards",
    "too-large": _INTAKE + "test_files_that_are_no_cards",
    "password": _INTAKE + "test_files_that_are_no_cards",
    "format-unsupported": _INTAKE + "test_files_that_are_no_cards",
    "other-format": "tests/workflow/test_other_formats.py::test_the_same_answers_from_every_format",
    "owner-file": _INTAKE + "test_files_that_are_no_cards",
    "duplicate-file": _INTAKE + "test_the_same_bytes_are_one_file",
    "still-changing": _INBOX + "test_a_file_that_changes_while_it_is_read",
    "no-access": _INBOX + "test_a_file_we_may_not_read",
    "wrong-folder": _INTAKE + "test_files_that_are_no_cards",
    "macros-ignored": _INTAKE + "test_macros_and_links_are_seen_and_left_alone",
    "external-links": "tests/excel/test_reader.py::test_what_is_seen_and_left_alone",
    "notes-unread": "tests/excel/test_beside.py::test_what_cannot_be_read_costs_only_itself",
    # whose card is it
    "mark-missing": _INTAKE + "test_a_card_we_cannot_verify_is_never_dropped_silently",
    "mark-unknown": _INTAKE + "test_a_card_whose_record_is_gone",
    "mark-altered": _INTAKE + "test_a_card_we_cannot_verify_is_never_dropped_silently",
    "mark-foreign": _INTAKE + "test_a_card_we_cannot_verify_is_never_dropped_silently",
    "several-cards": _INTAKE + "test_two_different_cards_in_one_workbook",
    "layout-newer": "tests/forms/test_layouts.py::test_a_newer_layout_is_said_and_nothing_goes_out",
    "register-copy": "tests/workflow/test_copies.py::test_what_lies_beside_a_register_is_said",
    "register-upgraded": "tests/workflow/test_upgrade.py::"
    "test_nothing_is_written_over_and_the_one_beside_is_said",
    "signature-unchecked": _INTAKE + "test_check_without_a_workspace",
    "name-doubt": _INTAKE + "test_a_doubtful_name_counts_alone_and_waits_beside_another",
    "name-unsure": _INTAKE + "test_a_doubtful_name_counts_alone_and_waits_beside_another",
    "shared-card": _INTAKE + "test_a_forwarded_card_is_a_further_opinion",
    "decided": _DECIDING + "test_an_answer_of_another_asked_person_counts_as_hers",
    "left-out": _DECIDING + "test_what_is_left_out_is_ignored_and_says_who_and_why",
    "own-decided": _OWN + "test_what_stays_is_read_under_its_id_and_intake_says_so",
    "own-twice": _OWN + "test_the_same_beside_an_answered_one_is_said",
    "own-undecided": _OWN + "test_it_stands_on_the_next_card_in_the_plan_and_in_the_trend",
    "decision-nobody": "tests/core/test_replies.py::test_the_same_person_as_nobody_is_said",
    "decision-idle": _DECIDING
    + "test_another_scale_where_nothing_is_in_doubt_changes_nothing_and_is_said",
    "decision-unasked": _DECIDING + "test_whoever_was_never_asked_cannot_have_answered",
    "decision-unused": _DECIDING + "test_what_the_register_decides_is_used_by_every_command",
    "saved-in-future": _TIME + "test_a_card_saved_in_the_future_does_not_win",
    "clock-behind": _TIME + "test_a_clock_that_is_behind_loses_nothing_and_says_so_once",
    "page-older": _REPLYING + "test_an_answered_page_comes_again_only_with_what_is_new",
    "page-unchained": _REPLYING
    + "test_a_page_to_a_card_that_nobody_knows_any_more_counts_and_says_so",
    "superseded": _INTAKE + "test_counts_add_up_and_nothing_changes",
    "later-covers-less": _INTAKE + "test_a_later_reply_that_covers_less_says_so",
    # what other programs export
    "import-no-table": _IMPORTED,
    "import-no-accounts": _IMPORTED,
    "import-unsure": _IMPORTED,
    "import-rows-left": _IMPORTED,
    "import-own-revenue": _IMPORTED,
    "import-without-account": _IMPORTED,
    "import-ambiguous": _IMPORTED,
    "import-same-name": _IMPORTED,
    "import-differs": _IMPORTED,
    "import-value": _IMPORTED,
    "import-currency": _IMPORTED,
    "import-revenue-differs": _IMPORTED,
    "import-nameless": _IMPORTED,
    "import-unread": _IMPORT + "test_a_file_that_cannot_be_read_is_a_finding",
    "import-account-unknown": _IMPORT + "test_contacts_of_an_account_that_nobody_lists_are_said",
    "import-row-wrong": _IMPORT + "test_rows_pasted_without_an_id_get_one_and_a_wrong_one_is_said",
    "import-alike": _IMPORT + "test_two_names_that_are_alike_stay_two_and_that_is_said",
    "import-unclear": _IMPORT + "test_an_amount_nobody_can_tell_is_left_out",
    "import-revenue-split": _IMPORT + "test_a_revenue_of_several_segments_is_not_shared_out",
    **dict.fromkeys(
        ("import-many", "import-too-many"),
        _IMPORT + "test_more_rows_than_are_prepared_work_and_more_than_are_read_are_refused",
    ),
    # the register
    "register-foreign": "tests/workflow/test_identity.py::"
    "test_a_register_of_another_workspace_is_read_and_said",
    "sheet-missing": _REGISTER + "test_a_missing_sheet_is_one_finding_and_keeps_back_what_shows_it",
    "sheet-duplicate": _REGISTER + "test_a_copied_sheet_is_said_and_the_original_counts",
    "too-many-rows": "tests/forms/test_tables.py::test_a_table_without_end_is_cut_and_said",
    "number-as-text": _MISTAKE,
    "setting-missing": _MISTAKE,
    "value-missing": _MISTAKE,
    "id-missing": _MISTAKE,
    "id-bad": _MISTAKE,
    "function-unknown": _MISTAKE,
    "id-duplicate": _MISTAKE,
    "id-reserved": _MISTAKE,
    "account-unknown": _MISTAKE,
    "segment-unknown": _MISTAKE,
    "catalogue-unknown": _MISTAKE,
    "decision-whose": _MISTAKE,
    "decision-person": _MISTAKE,
    "decision-contradicts": _MISTAKE,
    "decision-requirement": _OWN_ROWS + "test_a_row_that_lacks_something_counts_not_and_says_what",
    "decision-under": _OWN_ROWS + "test_a_row_that_lacks_something_counts_not_and_says_what",
    "profile-in-card": "tests/workflow/test_profile.py::"
    "test_a_card_on_which_she_weighs_takes_the_place_of_her_profile",
    "own-asked": _OWN_ROWS + "test_a_new_one_under_the_id_of_an_asked_one_is_said",
    "own-many": _OWN_ROWS + "test_what_finds_no_room_on_the_card_is_said",
    "requirement-scope": _MISTAKE,
    "name-conflict": _MISTAKE,
    "email-bad": _MISTAKE,
    "email-missing": _MISTAKE,
    "period-bad": _MISTAKE,
    "no-segments": _MISTAKE,
    "rivals-unsaid": _REGISTER + "test_whether_rivals_are_named_is_asked",
    "no-requirements": _MISTAKE,
    "no-respondent": _MISTAKE,
    "no-competitors": _MISTAKES + "test_no_competitor_at_all",
    "many-requirements": _MISTAKES + "test_how_many_requirements",
    "too-many-requirements": _MISTAKES + "test_how_many_requirements",
    "too-many-competitors": _MISTAKES + "test_how_many_competitors",
    # the memory of the workspace
    "record-damaged": _RECORDS + "test_a_damaged_record_is_said_by_every_command",
    "record-mended": _RECORDS + "test_issuing_the_same_again_mends_a_record",
    # the portfolio
    "no-longer-used": _CONSOLIDATE + "test_a_file_that_counted_and_no_longer_does_is_named_once",
    "portfolio-unread": "tests/workflow/test_dated_portfolios.py::"
    "test_a_strange_portfolio_costs_one_sentence",
    "portfolio-set-aside": _CONSOLIDATE + "test_foreign_sheets_are_set_aside_whole",
    "leak-words-unchecked": _LEAKS + "test_without_a_workspace_only_what_no_file_may_hold",
    "leak-unreadable": _LEAKS + "test_what_nobody_can_look_through_does_not_go_out",
    "leak-unproven": "tests/workflow/test_proof.py::test_one_card_alone_is_held_back",
    "other-customer": _NAMED + "test_another_customers_name_holds_back_its_card_alone",
    "other-customer-word": _NAMED + "test_a_single_word_is_said_and_goes_out",
    "leak-key": _MEMORY + "test_what_is_given_by_hand_holds_no_key_and_no_record",
    "leak-memory": _MEMORY + "test_a_long_text_of_one_customer_goes_to_her_alone",
    "leak-word": _LEAKS + "test_a_word_typed_into_a_card_is_found",
    "leak-object": _LEAKS + "test_parts_in_which_anything_may_stand",
    **dict.fromkeys(
        ("leak-metadata", "leak-comment", "leak-hidden", "leak-link", "leak-path", "leak-name"),
        _LEAKS + "test_what_files_for_outsiders_never_hold",
    ),
    **dict.fromkeys(
        ("rights-managed", "archive-unsupported", "cloud-link", "mail-encrypted", "mail-part"),
        _WRAPPED + "test_what_is_no_workbook_is_named_for_what_it_is",
    ),
    **dict.fromkeys(("cloud-placeholder", "download-unfinished"), _INBOX + "test_reasons"),
    "container-damaged": _PACKED + "test_it_costs_only_itself",
    "container-deep": _PACKED + "test_packed_too_deep",
    "mail-without-workbook": _PACKED + "test_a_mail_without_a_workbook_needs_somebody",
    "zip-without-workbook": _PACKED + "test_a_zip_holds_cards_in_folders",
    "winmail": _PACKED + "test_winmail_is_named",
    "inline-picture": _PACKED + "test_a_mail_is_taken_apart",
    "mail-other-address": _PACKED + "test_another_sender_than_the_one_asked_is_said",
    "portfolio-not-refreshed": _CONSOLIDATE + "test_an_open_portfolio_that_cannot_be_refreshed",
    "portfolio-locked": _CONSOLIDATE + "test_a_portfolio_open_in_excel_gets_a_dated_sibling",
    "answers-locked": "tests/workflow/test_answers_beside.py::"
    "test_one_that_is_open_elsewhere_gets_a_dated_sibling",
    "report-locked": _REPORT + "test_a_page_open_elsewhere_gets_a_dated_sibling",
    "remarks-orphaned": _CONSOLIDATE + "test_remarks_on_an_account_that_is_gone_are_kept",
    "account-not-in-register": "tests/core/test_portfolio.py::"
    "test_accounts_and_segments_the_register_lost_are_kept",
    # the selection and the account plans
    "selection-missing": _SELECTION + "test_a_register_of_the_earlier_layout_still_reads",
    "scale-low": _SELECTION + "test_points_that_are_all_low_are_said_once",
    "selection-weights-sum": _SELECTION + "test_weights_are_read_and_their_sum_is_checked",
    "card-in-plan": _PLANS_IN + "test_a_card_pasted_into_a_plan_is_not_lost_silently",
    "plan-path-taken": _PLANS_OUT + "test_what_stands_in_the_way_is_never_overwritten",
    "plan-not-written": _PLANS_OUT + "test_a_full_disk_costs_the_plan_not_the_cards",
    "companion-not-written": _COMPANIONS + "test_one_that_cannot_be_written_costs_itself_only",
    "companion-beside": _COMPANIONS + "test_what_is_not_ours_is_never_replaced",
    "plan-carried-partly": _PLANS_OUT + "test_what_could_not_be_read_of_the_earlier_plan_is_said",
    "unexpected": _INTAKE + "test_a_mistake_of_ours_costs_only_the_file_and_says_so",
    **dict.fromkeys(
        ("page-row-unknown", "page-row-double"),
        "tests/forms/test_reply_page.py::test_what_is_no_line_of_ours_is_said",
    ),
    # who has answered, and what came back of our mails
    "asked-otherwise": _ANSWERING + "test_who_left_is_said_so_and_not_chased",
    "came-along": _BOUNCES + "test_the_card_that_came_back_is_nobodys_answer",
    "has-sent-something": _SENT + "test_all_reminds_them_too_and_still_says_so",
    "mail-automatic": _SENT + "test_an_absence_is_no_answer_and_silences_no_reminder",
    "mail-delayed": _BOUNCES + "test_notices_of_all_kinds",
    "mail-undelivered": _BOUNCES + "test_the_card_that_came_back_is_nobodys_answer",
    "no-longer-asked": _ANSWERING + "test_who_left_is_said_so_and_not_chased",
    "not-in-register": _ANSWERING + "test_an_account_that_is_gone_can_still_be_asked_for",
    "test-card": _TEST_CARD + "test_its_reply_is_recognised_and_does_not_count",
    "test-undelivered": _BOUNCES + "test_a_test_that_did_not_arrive_concerns_no_customer",
    "manager-ambiguous": "tests/forms/test_register_team.py::"
    "test_a_name_that_two_members_have_tells_nobody",
    "row-repeated": "tests/forms/test_register_slips.py::test_a_row_typed_twice_stops_nothing",
}
