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

use crate::app::inbound::Collected;
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
    files: Files,
    reading: Reading,
    work: Work,
    mail: Mail,
    inbound: Inbound,
    upstream: Upstream,
    pages: Visits,
}

/// The office's files.
#[derive(Debug)]
struct Files {
    reload_successful: Gauge,
    reload_success: Gauge,
    awaits_approval: Gauge,
    ruleset: Family<Labels<1>, Gauge>,
    calendar_until: Gauge,
    calendar_wanting: Gauge,
}

/// Reading the sources.
#[derive(Debug)]
struct Reading {
    success: Family<Labels<1>, Gauge>,
    errors: Family<Labels<2>, Counter>,
    duration: Family<Labels<1>, Histogram>,
    odd: Family<Labels<2>, Gauge>,
    ingested: Family<Labels<1>, Counter>,
}

/// What cells are asked, and what waits for staff.
#[derive(Debug)]
struct Work {
    obligations: Family<Labels<1>, Gauge>,
    late: Gauge,
    unreached: Gauge,
    holds: Family<Labels<1>, Gauge>,
    operations_overdue: Gauge,
    store_readable: Gauge,
    restoring: Gauge,
    uncopied: Gauge,
    uncleared: Gauge,
    backup: Gauge,
    clock_ahead: Gauge,
}

/// The way out.
#[derive(Debug)]
struct Mail {
    sent: Family<Labels<1>, Counter>,
    failed: Family<Labels<2>, Counter>,
    outbox: Family<Labels<1>, Gauge>,
    oldest: Gauge,
    shadow: Gauge,
}

/// What comes back.
#[derive(Debug)]
struct Inbound {
    messages: Family<Labels<1>, Counter>,
    mailboxes: Family<Labels<1>, Gauge>,
    success: Gauge,
}

/// What is told upstream.
#[derive(Debug)]
struct Upstream {
    statuses: Family<Labels<2>, Gauge>,
    oldest: Family<Labels<1>, Gauge>,
    refused: Family<Labels<1>, Gauge>,
}

/// What cells and their machines do on the pages.
#[derive(Debug)]
struct Visits {
    acknowledged: Family<Labels<2>, Counter>,
    suspected: Counter,
    requests: Family<Labels<2>, Counter>,
    duration: Histogram,
}

impl Metrics {
    /// The files were read: rules, units and calendar in use are these. `calendar_until` is the first
    /// instant no confirmed year covers.
    pub fn reloaded(&self, ruleset: &str, calendar_until: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        self.files.reload_successful.set(1);
        self.files.reload_success.set(now.timestamp());
        self.files.calendar_until.set(calendar_until.map_or(0, |at| at.timestamp()));
        self.files.ruleset.clear();
        self.files.ruleset.get_or_create(&[("hash", ruleset.to_owned())]).set(1);
    }

    /// How many years wait for a person to confirm their calendar.
    pub fn calendar_wanting(&self, years: usize) {
        self.files.calendar_wanting.set(i64::try_from(years).unwrap_or(i64::MAX));
    }

    /// The files could not be read; the last good ones stay in use.
    pub fn reload_failed(&self) {
        self.files.reload_successful.set(0);
    }

    /// Whether the files differ from what is in force because a person must approve them first.
    pub fn awaits_approval(&self, waits: bool) {
        self.files.awaits_approval.set(i64::from(waits));
    }

    /// A walk through a source reached its end.
    pub fn polled(&self, source: &str, took: Duration, now: DateTime<Utc>) {
        let labels = [("source", source.to_owned())];
        self.reading.success.get_or_create(&labels).set(now.timestamp());
        self.reading.duration.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// A walk through a source was given up.
    pub fn poll_failed(&self, source: &str, error: &SourceError) {
        let reason = names::source_fault(error);
        self.reading
            .errors
            .get_or_create(&[("source", source.to_owned()), ("reason", reason.to_owned())])
            .inc();
    }

    /// Documents were taken in.
    pub fn ingested(&self, outcome: Ingested, documents: u64) {
        self.reading.ingested.get_or_create(&[("outcome", outcome.as_str().to_owned())]).inc_by(documents);
    }

    /// A mail was accepted by a server.
    pub fn mail_sent(&self, kind: NoticeKind) {
        self.mail.sent.get_or_create(&[("kind", kind.as_str().to_owned())]).inc();
    }

    /// Whether every mail goes to one address while the office tries things out.
    pub fn shadowed(&self, on: bool) {
        self.mail.shadow.set(i64::from(on));
    }

    /// A mail was not accepted.
    pub fn mail_failed(&self, kind: NoticeKind, fault: MailFault) {
        let labels = [("kind", kind.as_str().to_owned()), ("reason", fault.as_str().to_owned())];
        self.mail.failed.get_or_create(&labels).inc();
    }

    /// What came into the mailbox for answers was dealt with.
    pub fn collected(&self, done: &Collected) {
        for (outcome, messages) in names::collected(done) {
            self.inbound.messages.get_or_create(&[("outcome", outcome.to_owned())]).inc_by(messages);
        }
        for _ in 0..done.answers {
            self.answered("reply", Grade::Replied);
        }
    }

    /// A cell's answer was recorded; `channel` is one of `link`, `reply`, `staff`, `upstream`.
    pub fn answered(&self, channel: &str, grade: Grade) {
        let labels = [("channel", channel.to_owned()), ("grade", grade.as_str().to_owned())];
        self.pages.acknowledged.get_or_create(&labels).inc();
    }

    /// A press looked like a machine's and was asked for digits.
    pub fn suspected(&self) {
        self.pages.suspected.inc();
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
        self.pages.requests.get_or_create(&labels).inc();
        self.pages.duration.observe(took.as_secs_f64());
    }
}
