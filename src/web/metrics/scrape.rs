//! `/metrics`: what the register knows is read for every answer, the rest is counted as it happens.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::extract;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use prometheus_client::encoding::text::encode;
use tokio::time::timeout;

use super::Metrics;
use super::names::{STATES, TELLINGS, UNWELL};
use crate::app::ports::{HoldKind, HoldRow, InboxState, PollState, StatusTally, Store, StoreError, TallyRow};
use crate::domain::ids::SourceId;
use crate::domain::mailbox::Record;
use crate::domain::notice::Delivery;
use crate::domain::watch::Odd;
use crate::web::State;

/// A register that takes longer is left out of the answer.
const ANSWER: Duration = Duration::from_secs(5);

/// The metrics as OpenMetrics text. A register that cannot be read shows as
/// `vanthu_store_readable 0`, with its figures as they were last seen.
pub(crate) async fn scrape(extract::State(state): extract::State<State>) -> Response {
    let metrics = &state.metrics;
    let copied = (state.standing)().backups.and_then(|backups| backups.newest);
    metrics.work.backup.set(copied.map_or(0, |at| at.timestamp()));
    metrics.work.clock_ahead.set(state.clock.doubt().map_or(0, |doubt| doubt.ahead));
    let facts = Facts::read(&*state.store, state.policy.operations.wait, state.clock.now());
    let facts = timeout(ANSWER, facts).await;
    match facts {
        Ok(Ok(facts)) => metrics.take(&facts),
        Ok(Err(error)) => {
            tracing::warn!(%error, "metrics without the register's figures");
            metrics.work.store_readable.set(0);
        }
        Err(_) => {
            metrics.work.store_readable.set(0);
        }
    }
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What is read from the register.
struct Facts {
    tally: Vec<TallyRow>,
    holds: Vec<HoldRow>,
    overdue: u64,
    polls: Vec<PollState>,
    outbox: Vec<(Delivery, u64)>,
    oldest: Option<DateTime<Utc>>,
    statuses: Vec<StatusTally>,
    mailboxes: Vec<Record>,
    inboxes: Vec<InboxState>,
    restoring: bool,
    uncopied: bool,
    uncleared: bool,
}

impl Facts {
    async fn read(store: &dyn Store, wait: Duration, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let (outbox, oldest) = store.outbox(now).await?;
        let (holds, polls) = (store.holds(true).await?, store.polls().await?);
        let statuses = store.status_tally().await?;
        let overdue = holds.iter().filter(|hold| hold.is_overdue(wait, now)).count() as u64;
        let (mailboxes, inboxes) = (store.mailboxes().await?, store.inboxes().await?);
        let tally = store.tally(now).await?;
        let restoring = store.restoring().await?.is_some();
        let uncopied = store.uncopied().await.is_some();
        let uncleared = store.uncleared().await?.is_some();
        Ok(Self {
            tally,
            holds,
            overdue,
            polls,
            outbox,
            oldest,
            statuses,
            mailboxes,
            inboxes,
            restoring,
            uncopied,
            uncleared,
        })
    }
}

impl Metrics {
    fn take(&self, facts: &Facts) {
        self.work.store_readable.set(1);
        let sum = |chosen: &dyn Fn(&TallyRow) -> bool| {
            whole(facts.tally.iter().filter(|row| chosen(row)).map(|row| row.count).sum())
        };
        for state in STATES {
            let n = sum(&|row| row.state == state);
            self.work.obligations.get_or_create(&[("state", state.as_str().to_owned())]).set(n);
        }
        self.work.late.set(sum(&|row| row.late));
        self.work.unreached.set(sum(&|row| row.unreached && row.state.is_live()));
        for kind in HoldKind::ALL {
            let n = facts.holds.iter().filter(|hold| hold.kind == kind).count() as u64;
            self.work.holds.get_or_create(&[("kind", kind.as_str().to_owned())]).set(whole(n));
        }
        self.work.operations_overdue.set(whole(facts.overdue));
        self.work.restoring.set(i64::from(facts.restoring));
        self.work.uncopied.set(i64::from(facts.uncopied));
        self.work.uncleared.set(i64::from(facts.uncleared));
        for poll in &facts.polls {
            let concerns = poll.concerns();
            for odd in Odd::ALL {
                let labels = [("source", poll.source.clone()), ("odd", odd.as_str().to_owned())];
                let is = concerns.iter().any(|concern| concern.odd == odd);
                self.reading.odd.get_or_create(&labels).set(i64::from(is));
            }
        }
        for state in Delivery::ALL {
            let n = facts.outbox.iter().filter(|(of, _)| *of == state).map(|(_, n)| n).sum();
            self.mail.outbox.get_or_create(&[("state", state.as_str().to_owned())]).set(whole(n));
        }
        self.mail.oldest.set(facts.oldest.map_or(0, |at| at.timestamp()));
        for health in UNWELL {
            let n = facts.mailboxes.iter().filter(|record| record.health == health).count() as u64;
            self.inbound.mailboxes.get_or_create(&[("health", health.as_str().to_owned())]).set(whole(n));
        }
        let read = facts.inboxes.iter().filter_map(|inbox| inbox.good).max();
        self.inbound.success.set(read.map_or(0, |at| at.timestamp()));
        self.take_statuses(&facts.statuses);
    }

    /// A state that nothing is in any more has no line in the tally, but had one before.
    fn take_statuses(&self, tally: &[StatusTally]) {
        let of = |source: &SourceId, states: &[Delivery]| {
            let rows = tally.iter().filter(|row| row.source == *source && states.contains(&row.delivery));
            rows.fold((0, None::<DateTime<Utc>>), |(count, oldest), row| {
                (count + row.count, Some(oldest.map_or(row.oldest, |oldest| oldest.min(row.oldest))))
            })
        };
        let sources: BTreeSet<&SourceId> = tally.iter().map(|row| &row.source).collect();
        for source in sources {
            let by_source = [("source", source.to_string())];
            let [label] = &by_source;
            for state in TELLINGS {
                let labels = [label.clone(), ("state", state.as_str().to_owned())];
                self.upstream.statuses.get_or_create(&labels).set(whole(of(source, &[state]).0));
            }
            let refused = tally.iter().filter(|row| row.source == *source).map(|row| row.undecided).sum();
            self.upstream.refused.get_or_create(&by_source).set(whole(refused));
            let oldest = of(source, &[Delivery::Queued, Delivery::Sending]).1;
            self.upstream.oldest.get_or_create(&by_source).set(oldest.map_or(0, |at| at.timestamp()));
        }
    }
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ports::SourceError;
    use crate::domain::obligation::State as Stand;
    use crate::web::metrics::Ingested;

    #[test]
    fn everything_is_there_from_the_start_and_counts() {
        let metrics = Metrics::new(&["ioffice"]);
        let row = |state, late, count| TallyRow { cell: "cb".into(), state, late, unreached: false, count };
        let status = |delivery, count| StatusTally {
            source: "ioffice".into(),
            delivery,
            count,
            undecided: 0,
            oldest: DateTime::from_timestamp(1_770_000_000, 0).unwrap(),
        };
        metrics.take(&Facts {
            tally: vec![row(Stand::Open, true, 3), row(Stand::Open, false, 4), row(Stand::Done, false, 5)],
            holds: Vec::new(),
            overdue: 2,
            polls: vec![PollState {
                source: "ioffice".to_owned(),
                failing_since: DateTime::from_timestamp(1_770_000_000, 0),
                ..PollState::default()
            }],
            outbox: vec![(Delivery::Queued, 2)],
            oldest: DateTime::from_timestamp(1_770_000_000, 0),
            mailboxes: Vec::new(),
            inboxes: Vec::new(),
            restoring: true,
            uncopied: false,
            uncleared: false,
            statuses: vec![
                status(Delivery::Queued, 4),
                status(Delivery::Sent, 9),
                StatusTally { undecided: 2, ..status(Delivery::Failed, 3) },
            ],
        });
        metrics.ingested(Ingested::Assigned, 2);
        metrics.poll_failed("ioffice", &SourceError::Denied("x".to_owned()));
        metrics.request("/a/{token}", 200, Duration::from_millis(2));
        let mut text = String::new();
        encode(&mut text, &metrics.registry).unwrap();
        assert!(text.ends_with("# EOF\n"));
        // Label sets come in any order; sorted, the snapshot is the list of what there is.
        let mut lines: Vec<_> = text.lines().collect();
        lines.sort_unstable();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
