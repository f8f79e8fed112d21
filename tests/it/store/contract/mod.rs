//! What every store does. To run it over another engine: write a maker of empty stores, list it below.

mod answers;
mod brake;
mod documents;
mod editions;
mod files;
mod holds;
mod journal;
mod leases;
mod notices;
mod obligations;
mod operations;
mod outbox;
mod polls;
mod requests;
mod restorations;
mod statuses;
mod upstream;
mod writes;

/// One test per case and engine.
macro_rules! contract {
    ($engine:ident, $make:path: $($area:ident::{$($case:ident),+ $(,)?})+) => {
        mod $engine {
            $(mod $area {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let (store, _keep) = $make().await;
                    super::super::$area::$case(store).await;
                })+
            })+
        }
    };
}

/// The list of cases, once for all engines.
macro_rules! on {
    ($engine:ident, $make:path) => {
        contract! { $engine, $make:
            documents::{
                registering_gives_numbers_and_hashes,
                a_revision_comes_back_whole,
                a_content_may_come_back,
                documents_are_listed_newest_first_with_their_tally,
                symbols_find_the_newest_revision_only,
                history_comes_in_pages_as_it_was_routed,
            }
            editions::{
                an_edition_comes_back_whole,
                steps_come_newest_first,
            }
            obligations::{
                a_cell_is_obliged_once_per_revision,
                a_cell_is_obliged_once_per_task,
                what_befalls_a_cell_comes_together,
                the_new_form_is_kept_whole,
                another_duty_is_kept_with_its_opening,
                saving_a_row_that_is_not_there_fails,
                due_rows_come_earliest_first,
                closed_rows_want_no_attention,
                contact_follows_the_notices,
                live_rows_of_other_revisions,
                rows_of_a_document_by_cell,
                live_among_asks_for_cells_of_one_revision,
                lateness_in_sql_is_lateness_in_the_domain,
            }
            operations::{
                each_id_of_a_source_keeps_what_it_brought_last,
                candidates_bear_the_symbol_and_came_another_way,
                standing_and_what_dues_count_from_come_with_the_revision,
                what_waits_is_found_by_key_or_by_its_id,
                carried_rows_keep_what_they_know_and_take_unsent_mails_along,
            }
            notices::{
                a_key_is_enqueued_once,
                urgent_first_then_oldest,
                what_is_not_due_is_not_claimed,
                a_claim_carries_what_the_letter_needs,
                a_claim_carries_every_task,
                a_claimed_notice_is_not_claimed_again,
                a_lease_that_ran_out_is_claimed_with_a_new_epoch,
                outcomes_move_the_notice,
                an_old_epoch_writes_nothing,
                an_outcome_counts_once,
                two_claimants_never_share_a_notice,
                two_claimants_race_to_settle,
                a_nul_in_a_reply_is_marked,
            }
            outbox::{
                counts_and_the_oldest_that_is_due,
                what_comes_next_is_the_earliest_of_all,
                dropping_spares_the_newest_revision,
                requeueing_gives_a_fresh_start,
                filters_narrow_the_list,
            }
            answers::{answers_are_kept_in_order, a_sheet_is_all_of_one_cell}
            files::{
                revisions_and_open_holds_refer_to_files,
            }
            holds::{
                the_same_hold_opens_once,
                each_task_has_its_own_hold,
                holds_close_by_document_and_by_number,
            }
            journal::{
                numbers_have_no_gaps_and_hashes_chain,
                a_document_has_its_own_journal,
            }
            leases::{
                a_job_is_held_by_one_until_its_time_has_passed,
                what_was_given_back_is_free,
                what_was_claimed_unawares_is_freed,
            }
            polls::{
                poll_states_are_kept,
                rows_are_read_when_new_changed_or_to_be_rechecked,
                a_withheld_row_is_not_seen_to_change,
                messages_that_were_kept_are_spared_and_known,
                what_cannot_be_read_is_tried_three_times,
            }
            brake::{
                what_is_braked_waits_and_is_let_go,
                what_is_braked_may_be_dropped,
                the_flow_is_that_of_the_last_hour,
            }
            statuses::{
                a_status_is_said_once,
                about_one_document_they_go_in_order,
                only_the_sources_asked_for_are_served,
                a_lost_claim_comes_back,
                nothing_goes_out_while_a_person_must_look,
                a_failed_status_goes_back_on_demand,
                references_find_their_documents,
                what_others_said_is_kept_once,
                the_cells_of_a_document_count_as_one_body,
            }
            requests::{
                a_request_is_decided_once,
                a_doubt_is_kept_once_and_ends,
                a_hold_like_another_is_found,
            }
            restorations::{
                nothing_leaves_until_it_is_released,
                no_number_of_the_lost_register_is_given_again,
            }
            upstream::{
                a_first_look_stays,
                a_look_is_contact,
                what_has_open_work_is_watched,
                a_comparison_marks_what_it_did_not_find,
                what_was_never_read_is_unknown,
            }
            writes::{
                a_dropped_write_undoes_itself,
                a_cancelled_write_undoes_itself,
                writers_wait_for_each_other,
                readers_see_committed_data_while_a_writer_works,
                the_secret_stays,
            }
        }
    };
}

on!(sqlite, crate::support::store::file_store);
on!(postgres, crate::support::postgres::temp_store);
on!(pgbouncer, crate::support::postgres::pooled_store);
