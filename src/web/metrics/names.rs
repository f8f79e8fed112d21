//! The names of metrics and the values of their labels, all there from the start.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};

use super::{Files, Inbound, Ingested, Mail, MailFault, Metrics, Reading, Upstream, Visits, Work};
use crate::app::inbound::Collected;
use crate::app::ports::{HoldKind, SourceError};
use crate::domain::mailbox::Health;
use crate::domain::notice::{Delivery, NoticeKind};
use crate::domain::obligation::{Grade, State};
use crate::domain::watch::Odd;

/// Obligation states, in the order of their life.
pub(super) const STATES: [State; 6] =
    [State::Open, State::Acknowledged, State::Done, State::Declined, State::Excused, State::Withdrawn];
/// Delivery states a status can be in.
pub(super) const TELLINGS: [Delivery; 4] =
    [Delivery::Queued, Delivery::Sending, Delivery::Sent, Delivery::Failed];
/// Health of mailboxes that are not well.
pub(super) const UNWELL: [Health; 2] = [Health::Failing, Health::Dead];
const SOURCE_FAULTS: [&str; 5] = ["unreachable", "denied", "one-time-password", "unexpected", "unkept"];
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
        SourceError::Unkept(_) => "unkept",
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

/// The office's files.
fn files(names: &mut Names) -> Files {
    Files {
        reload_successful: names.add(
            "config_last_reload_successful",
            "1 if the office's files were read when they last changed, 0 if they were refused and the last good ones stay in force",
            Gauge::default(),
        ),
        reload_success: names.add(
            "config_last_reload_success_timestamp_seconds",
            "When the office's files were last read and accepted, in seconds since 1970",
            Gauge::default(),
        ),
        awaits_approval: names.add(
            "config_awaits_approval",
            "1 while a change of the office's files waits for a person's word before it comes into force, else 0",
            Gauge::default(),
        ),
        ruleset: names.add(
            "ruleset_info",
            "The rules in force, named by their hash in the label; always 1",
            Family::default(),
        ),
        calendar_until: names.add(
            "calendar_covered_until_timestamp_seconds",
            "End of the last year whose working days are confirmed, in seconds since 1970; 0 without any",
            Gauge::default(),
        ),
        calendar_wanting: names.add(
            "calendar_years_to_confirm",
            "Years whose working days a person must confirm: this one, and from 1 November the next",
            Gauge::default(),
        ),
    }
}

/// Reading the sources.
fn reading(names: &mut Names) -> Reading {
    let seconds: fn() -> Histogram = || Histogram::new(exponential_buckets(0.5, 2.0, 10));
    Reading {
        success: names.add(
            "poll_last_success_timestamp_seconds",
            "When a walk through the source's lists last reached their end, in seconds since 1970; 0 if none has since the start",
            Family::default(),
        ),
        errors: names.add(
            "poll_errors",
            "Walks through the source's lists that were given up, by what went wrong",
            Family::default(),
        ),
        duration: names.add(
            "poll_duration_seconds",
            "Time of a whole walk through the source's lists, with reading what was new",
            Family::new_with_constructor(seconds),
        ),
        odd: names.add(
            "source_odd",
            "1 while something is odd about reading the source, by what it is, else 0; as the register says",
            Family::default(),
        ),
        ingested: names.add(
            "documents_ingested",
            "Documents taken in since the start, by what became of them",
            Family::default(),
        ),
    }
}

/// What cells are asked, and what waits for staff; all as the register says.
fn work(names: &mut Names) -> Work {
    Work {
        obligations: names.add(
            "obligations",
            "Obligations of documents' newest revisions, by state, as the register says",
            Family::default(),
        ),
        late: names.add(
            "obligations_late",
            "Live obligations past their due instant whose cell was reached by mail: late (quá hạn) as pages and reports count it",
            Gauge::default(),
        ),
        unreached: names.add(
            "obligations_unreached",
            "Live obligations whose cell no mail has reached; they count as unreached, never as late",
            Gauge::default(),
        ),
        holds: names.add(
            "holds",
            "Holds that wait for a person's decision, by kind, as the register says",
            Family::default(),
        ),
        operations_overdue: names.add(
            "operations_overdue",
            "Revocations, updates and replacements that have waited for their original, or for a person's word, longer than operations.wait",
            Gauge::default(),
        ),
        store_readable: names.add(
            "store_readable",
            "1 if the register could be read within 5 s for this answer; with 0 the figures taken from it are those last read",
            Gauge::default(),
        ),
        restoring: names.add(
            "restore_hold",
            "1 while the register was restored and every mail and status is held back until a person releases it, else 0",
            Gauge::default(),
        ),
        uncopied: names.add(
            "journal_copy_failing",
            "1 while the copy of the journal (journal.copy) cannot be written and lacks something, else 0",
            Gauge::default(),
        ),
        uncleared: names.add(
            "register_uncleared",
            "1 while the PostgreSQL server cannot clear away rows that were changed, so that everything slows down, else 0",
            Gauge::default(),
        ),
        backup: names.add(
            "backup_last_success_timestamp_seconds",
            "When the newest whole copy in backup.folder was taken, in seconds since 1970; 0 for none, or where none is watched",
            Gauge::default(),
        ),
        clock_ahead: names.add(
            "clock_ahead_seconds",
            "How far the machine's clock is ahead of the time vanthu goes by while it is in doubt, negative if behind; 0 while it is believed",
            Gauge::default(),
        ),
    }
}

/// The way out.
fn mail(names: &mut Names) -> Mail {
    Mail {
        sent: names.add(
            "mail_sent",
            "Mails that a mail server accepted since the start, by kind",
            Family::default(),
        ),
        failed: names.add(
            "mail_failed",
            "Tries to send a mail that no mail server accepted since the start, by kind and why",
            Family::default(),
        ),
        outbox: names.add("outbox_messages", "Mails in the register, by delivery state", Family::default()),
        oldest: names.add(
            "outbox_oldest_timestamp_seconds",
            "Since when the oldest mail that is due waits to be sent, in seconds since 1970; 0 for none",
            Gauge::default(),
        ),
        shadow: names.add(
            "mail_shadow",
            "1 while every mail goes to one address and no cell is told (mail.shadow), else 0",
            Gauge::default(),
        ),
    }
}

/// What comes back.
fn inbound(names: &mut Names) -> Inbound {
    Inbound {
        messages: names.add(
            "inbound_messages",
            "Messages read from the mailbox for answers since the start, by what they came to",
            Family::default(),
        ),
        mailboxes: names.add(
            "mailboxes_unwell",
            "Mailboxes of units from which mail came back, by health, as the register says",
            Family::default(),
        ),
        success: names.add(
            "inbox_success_timestamp_seconds",
            "When the mailbox for answers was last read to its end, in seconds since 1970; 0 for never",
            Gauge::default(),
        ),
    }
}

/// What messages came to, with how many did.
pub(super) fn collected(done: &Collected) -> [(&'static str, u64); 7] {
    [
        ("answer", done.answers),
        ("message", done.messages),
        ("automatic", done.automatic),
        ("report", done.reports),
        ("unproved", done.unproved),
        ("unreadable", done.unreadable),
        ("passed", done.passed),
    ]
}

/// What is told upstream.
fn upstream(names: &mut Names) -> Upstream {
    Upstream {
        statuses: names.add(
            "statuses",
            "Statuses told to the source or to be told, by delivery state, as the register says",
            Family::default(),
        ),
        oldest: names.add(
            "statuses_oldest_timestamp_seconds",
            "When the oldest status that waits to be told to the source came true, in seconds since 1970; 0 for none",
            Family::default(),
        ),
        refused: names.add(
            "statuses_refused",
            "Statuses that the source refused, or that were tried often enough, and about which nobody has decided yet",
            Family::default(),
        ),
    }
}

/// What cells and their machines do on the pages.
fn pages(names: &mut Names) -> Visits {
    Visits {
        acknowledged: names.add(
            "ack",
            "Answers of cells recorded since the start, by channel and grade of evidence",
            Family::default(),
        ),
        suspected: names.add(
            "ack_suspected_scanner",
            "Presses of a button since the start that looked like a mail scanner's: not recorded, but asked for the check code",
            Counter::default(),
        ),
        requests: names.add(
            "http_requests",
            "Requests answered since the start, by route and class of status",
            Family::default(),
        ),
        duration: names.add(
            "http_request_duration_seconds",
            "Time from a request to the head of its answer",
            Histogram::new(exponential_buckets(0.001, 4.0, 7)),
        ),
    }
}

impl Metrics {
    /// All metrics, with every label set of the configured sources.
    pub fn new(sources: &[&str]) -> Self {
        let mut names = Names(Registry::with_prefix("vanthu"));
        names.0.register(
            "build",
            "The version of the running program",
            Info::new([("version", env!("CARGO_PKG_VERSION"))]),
        );
        let metrics = Self {
            files: files(&mut names),
            reading: reading(&mut names),
            work: work(&mut names),
            mail: mail(&mut names),
            inbound: inbound(&mut names),
            upstream: upstream(&mut names),
            pages: pages(&mut names),
            registry: names.0,
        };
        metrics.fill(sources);
        metrics
    }

    /// Creates every label set, at zero.
    fn fill(&self, sources: &[&str]) {
        for source in sources {
            let by_source = [("source", (*source).to_owned())];
            drop(self.reading.success.get_or_create(&by_source));
            drop(self.reading.duration.get_or_create(&by_source));
            drop(self.upstream.oldest.get_or_create(&by_source));
            drop(self.upstream.refused.get_or_create(&by_source));
            let [source] = by_source;
            for odd in Odd::ALL {
                drop(self.reading.odd.get_or_create(&[source.clone(), ("odd", odd.as_str().to_owned())]));
            }
            for state in TELLINGS {
                drop(
                    self.upstream
                        .statuses
                        .get_or_create(&[source.clone(), ("state", state.as_str().to_owned())]),
                );
            }
            for reason in SOURCE_FAULTS {
                drop(self.reading.errors.get_or_create(&[source.clone(), ("reason", reason.to_owned())]));
            }
        }
        for outcome in Ingested::ALL {
            drop(self.reading.ingested.get_or_create(&[("outcome", outcome.as_str().to_owned())]));
        }
        for kind in NoticeKind::ALL {
            let by_kind = [("kind", kind.as_str().to_owned())];
            drop(self.mail.sent.get_or_create(&by_kind));
            let [kind] = by_kind;
            for fault in MailFault::ALL {
                drop(self.mail.failed.get_or_create(&[kind.clone(), ("reason", fault.as_str().to_owned())]));
            }
        }
        for state in STATES {
            drop(self.work.obligations.get_or_create(&[("state", state.as_str().to_owned())]));
        }
        for state in Delivery::ALL {
            drop(self.mail.outbox.get_or_create(&[("state", state.as_str().to_owned())]));
        }
        for (outcome, _) in collected(&Collected::default()) {
            drop(self.inbound.messages.get_or_create(&[("outcome", outcome.to_owned())]));
        }
        for health in UNWELL {
            drop(self.inbound.mailboxes.get_or_create(&[("health", health.as_str().to_owned())]));
        }
        for kind in HoldKind::ALL {
            drop(self.work.holds.get_or_create(&[("kind", kind.as_str().to_owned())]));
        }
        for (channel, grade) in GRADES {
            let labels = [("channel", channel.to_owned()), ("grade", grade.as_str().to_owned())];
            drop(self.pages.acknowledged.get_or_create(&labels));
        }
    }
}
