//! Metrics, in OpenMetrics text. English names after experience.md R3.1; every label set is there from
//! the start, so that an alert on "none yet" works; no label ever holds an address, a subject, a token
//! or a document.

use std::time::Duration;

use chrono::{DateTime, Utc};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::app::ports::SourceError;
use crate::domain::notice::NoticeKind;
use crate::domain::obligation::Grade;

mod names;
mod scrape;

pub(super) use scrape::scrape;

/// Label names with their values, in the order they are printed.
type Labels<const N: usize> = [(&'static str, String); N];

/// Why a mail was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailFault {
    /// To be tried again.
    Retry,
    /// Refused for good.
    Failed,
    /// No answer to the final dot.
    Ambiguous,
}

/// What became of a document that a source delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ingested {
    /// Cells were assigned.
    Assigned,
    /// A rule says that nobody is to act.
    Nobody,
    /// It lay in the source before the first walk: nobody is told.
    Silent,
    /// No rule matched.
    Unmatched,
    /// Secret, or not known to be open.
    Withheld,
    /// Unreadable.
    Broken,
}

/// Everything that is counted. Loops and handlers call its verbs; what the register knows is read
/// from it when somebody asks.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    reload_successful: Gauge,
    reload_success: Gauge,
    awaits_approval: Gauge,
    ruleset: Family<Labels<1>, Gauge>,
    calendar_until: Gauge,
    calendar_wanting: Gauge,
    poll_success: Family<Labels<1>, Gauge>,
    poll_errors: Family<Labels<2>, Counter>,
    poll_duration: Family<Labels<1>, Histogram>,
    source_odd: Family<Labels<2>, Gauge>,
    ingested: Family<Labels<1>, Counter>,
    obligations: Family<Labels<1>, Gauge>,
    late: Gauge,
    unreached: Gauge,
    holds: Family<Labels<1>, Gauge>,
    mail_sent: Family<Labels<1>, Counter>,
    mail_failed: Family<Labels<2>, Counter>,
    outbox: Family<Labels<1>, Gauge>,
    outbox_oldest: Gauge,
    statuses: Family<Labels<2>, Gauge>,
    statuses_oldest: Family<Labels<1>, Gauge>,
    acknowledged: Family<Labels<2>, Counter>,
    suspected: Counter,
    store_readable: Gauge,
    requests: Family<Labels<2>, Counter>,
    request_duration: Histogram,
}

impl Metrics {
    /// The files were read: rules, units and calendar in use are these. `calendar_until` is the first
    /// instant no confirmed year covers.
    pub fn reloaded(&self, ruleset: &str, calendar_until: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        self.reload_successful.set(1);
        self.reload_success.set(now.timestamp());
        self.calendar_until.set(calendar_until.map_or(0, |at| at.timestamp()));
        self.ruleset.clear();
        self.ruleset.get_or_create(&[("hash", ruleset.to_owned())]).set(1);
    }

    /// How many years wait for a person to confirm their calendar.
    pub fn calendar_wanting(&self, years: usize) {
        self.calendar_wanting.set(i64::try_from(years).unwrap_or(i64::MAX));
    }

    /// The files could not be read; the last good ones stay in use.
    pub fn reload_failed(&self) {
        self.reload_successful.set(0);
    }

    /// Whether the files differ from what is in force because a person must approve them first.
    pub fn awaits_approval(&self, waits: bool) {
        self.awaits_approval.set(i64::from(waits));
    }

    /// A walk through a source reached its end.
    pub fn polled(&self, source: &str, took: Duration, now: DateTime<Utc>) {
        let labels = [("source", source.to_owned())];
        self.poll_success.get_or_create(&labels).set(now.timestamp());
        self.poll_duration.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// A walk through a source was given up.
    pub fn poll_failed(&self, source: &str, error: &SourceError) {
        let reason = names::source_fault(error);
        self.poll_errors.get_or_create(&[("source", source.to_owned()), ("reason", reason.to_owned())]).inc();
    }

    /// Documents were taken in.
    pub fn ingested(&self, outcome: Ingested, documents: u64) {
        self.ingested.get_or_create(&[("outcome", outcome.as_str().to_owned())]).inc_by(documents);
    }

    /// A mail was accepted by a server.
    pub fn mail_sent(&self, kind: NoticeKind) {
        self.mail_sent.get_or_create(&[("kind", kind.as_str().to_owned())]).inc();
    }

    /// A mail was not accepted.
    pub fn mail_failed(&self, kind: NoticeKind, fault: MailFault) {
        let labels = [("kind", kind.as_str().to_owned()), ("reason", fault.as_str().to_owned())];
        self.mail_failed.get_or_create(&labels).inc();
    }

    /// A cell's answer was recorded; `channel` is one of `link`, `reply`, `staff`, `upstream`.
    pub fn answered(&self, channel: &str, grade: Grade) {
        let labels = [("channel", channel.to_owned()), ("grade", grade.as_str().to_owned())];
        self.acknowledged.get_or_create(&labels).inc();
    }

    /// A press looked like a machine's and was asked for digits.
    pub fn suspected(&self) {
        self.suspected.inc();
    }

    /// A request was answered; `route` is the route's pattern, never the path.
    pub(super) fn request(&self, route: &str, status: u16, took: Duration) {
        let class = match status {
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        let labels = [("route", route.to_owned()), ("status", class.to_owned())];
        self.requests.get_or_create(&labels).inc();
        self.request_duration.observe(took.as_secs_f64());
    }
}
