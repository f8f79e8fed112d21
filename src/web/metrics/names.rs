//! The names of metrics and the values of their labels, all there from the start.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};

use super::{Ingested, MailFault, Metrics};
use crate::app::ports::{HoldKind, SourceError};
use crate::domain::notice::{Delivery, NoticeKind};
use crate::domain::obligation::{Grade, State};
use crate::domain::watch::Odd;

/// Obligation states, in the order of their life.
pub(super) const STATES: [State; 6] =
    [State::Open, State::Acknowledged, State::Done, State::Declined, State::Excused, State::Withdrawn];
/// Delivery states a status can be in.
pub(super) const TELLINGS: [Delivery; 4] =
    [Delivery::Queued, Delivery::Sending, Delivery::Sent, Delivery::Failed];
const SOURCE_FAULTS: [&str; 4] = ["unreachable", "denied", "one-time-password", "unexpected"];
const GRADES: [(&str, Grade); 5] = [
    ("link", Grade::Clicked),
    ("link", Grade::Verified),
    ("reply", Grade::Replied),
    ("staff", Grade::Staff),
    ("upstream", Grade::Upstream),
];

/// The label of a source's failure.
pub(super) fn source_fault(error: &SourceError) -> &'static str {
    match error {
        SourceError::Unreachable(_) => "unreachable",
        SourceError::Denied(_) => "denied",
        SourceError::OneTimePassword(_) => "one-time-password",
        SourceError::Unexpected(_) => "unexpected",
    }
}

impl MailFault {
    const ALL: [Self; 3] = [Self::Retry, Self::Failed, Self::Ambiguous];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Failed => "failed",
            Self::Ambiguous => "ambiguous",
        }
    }
}

impl Ingested {
    const ALL: [Self; 6] =
        [Self::Assigned, Self::Nobody, Self::Silent, Self::Unmatched, Self::Withheld, Self::Broken];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Nobody => "nobody",
            Self::Silent => "silent",
            Self::Unmatched => "unmatched",
            Self::Withheld => "withheld",
            Self::Broken => "broken",
        }
    }
}

/// A registry under the prefix `vanthu`, filled name by name.
struct Names(Registry);

impl Names {
    fn add<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }
}

impl Metrics {
    /// All metrics, with every label set of the configured sources.
    pub fn new(sources: &[&str]) -> Self {
        let mut names = Names(Registry::with_prefix("vanthu"));
        names.0.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let seconds: fn() -> Histogram = || Histogram::new(exponential_buckets(0.5, 2.0, 10));
        let metrics = Self {
            reload_successful: names.add(
                "config_last_reload_successful",
                "Whether the files were read",
                Gauge::default(),
            ),
            reload_success: names.add(
                "config_last_reload_success_timestamp_seconds",
                "When they last were",
                Gauge::default(),
            ),
            awaits_approval: names.add(
                "config_awaits_approval",
                "Whether the files wait for a person's word before they come into force",
                Gauge::default(),
            ),
            ruleset: names.add("ruleset_info", "The rules in use", Family::default()),
            calendar_until: names.add(
                "calendar_covered_until_timestamp_seconds",
                "End of the last confirmed year",
                Gauge::default(),
            ),
            calendar_wanting: names.add("calendar_years_to_confirm", "Years to confirm", Gauge::default()),
            poll_success: names.add(
                "poll_last_success_timestamp_seconds",
                "When a walk last reached its end",
                Family::default(),
            ),
            poll_errors: names.add("poll_errors", "Walks given up", Family::default()),
            poll_duration: names.add(
                "poll_duration_seconds",
                "Time of a whole walk",
                Family::new_with_constructor(seconds),
            ),
            source_odd: names.add("source_odd", "Whether reading a source is odd", Family::default()),
            ingested: names.add("documents_ingested", "Documents taken in", Family::default()),
            obligations: names.add("obligations", "Obligations of live revisions", Family::default()),
            late: names.add("obligations_late", "Live ones past due, the cell reached", Gauge::default()),
            unreached: names.add(
                "obligations_unreached",
                "Live obligations whose cell was never reached",
                Gauge::default(),
            ),
            holds: names.add("holds", "What waits for a human", Family::default()),
            mail_sent: names.add("mail_sent", "Mails accepted by a server", Family::default()),
            mail_failed: names.add("mail_failed", "Mails not accepted", Family::default()),
            outbox: names.add("outbox_messages", "Mails in the register", Family::default()),
            outbox_oldest: names.add(
                "outbox_oldest_timestamp_seconds",
                "Since when the oldest due mail waits; 0 for none",
                Gauge::default(),
            ),
            statuses: names.add("statuses", "Statuses told upstream or to be told", Family::default()),
            statuses_oldest: names.add(
                "statuses_oldest_timestamp_seconds",
                "When the oldest status that waits to be told came true; 0 for none",
                Family::default(),
            ),
            acknowledged: names.add("ack", "Answers recorded", Family::default()),
            suspected: names.add("ack_suspected_scanner", "Presses like a machine's", Counter::default()),
            store_readable: names.add(
                "store_readable",
                "Whether the register could be read",
                Gauge::default(),
            ),
            requests: names.add("http_requests", "Requests answered", Family::default()),
            request_duration: names.add(
                "http_request_duration_seconds",
                "Time to answer a request",
                Histogram::new(exponential_buckets(0.001, 4.0, 7)),
            ),
            registry: names.0,
        };
        metrics.fill(sources);
        metrics
    }

    /// Creates every label set, at zero.
    fn fill(&self, sources: &[&str]) {
        for source in sources {
            let by_source = [("source", (*source).to_owned())];
            drop(self.poll_success.get_or_create(&by_source));
            drop(self.poll_duration.get_or_create(&by_source));
            drop(self.statuses_oldest.get_or_create(&by_source));
            let [source] = by_source;
            for odd in Odd::ALL {
                drop(self.source_odd.get_or_create(&[source.clone(), ("odd", odd.as_str().to_owned())]));
            }
            for state in TELLINGS {
                drop(self.statuses.get_or_create(&[source.clone(), ("state", state.as_str().to_owned())]));
            }
            for reason in SOURCE_FAULTS {
                drop(self.poll_errors.get_or_create(&[source.clone(), ("reason", reason.to_owned())]));
            }
        }
        for outcome in Ingested::ALL {
            drop(self.ingested.get_or_create(&[("outcome", outcome.as_str().to_owned())]));
        }
        for kind in NoticeKind::ALL {
            let by_kind = [("kind", kind.as_str().to_owned())];
            drop(self.mail_sent.get_or_create(&by_kind));
            let [kind] = by_kind;
            for fault in MailFault::ALL {
                drop(self.mail_failed.get_or_create(&[kind.clone(), ("reason", fault.as_str().to_owned())]));
            }
        }
        for state in STATES {
            drop(self.obligations.get_or_create(&[("state", state.as_str().to_owned())]));
        }
        for state in Delivery::ALL {
            drop(self.outbox.get_or_create(&[("state", state.as_str().to_owned())]));
        }
        for kind in HoldKind::ALL {
            drop(self.holds.get_or_create(&[("kind", kind.as_str().to_owned())]));
        }
        for (channel, grade) in GRADES {
            let labels = [("channel", channel.to_owned()), ("grade", grade.as_str().to_owned())];
            drop(self.acknowledged.get_or_create(&labels));
        }
    }
}
