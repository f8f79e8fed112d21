//! The English words of a letter. Names of documents, kinds and rules stay as they are written.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::lexicon::{Labels, Lexicon, Sentences, Words};
use super::words::{self, Due};
use super::{digest, ladder, reply};
use crate::domain::deadline::Basis;
use crate::domain::document::Urgency;
use crate::domain::notice::{Facts, InsteadOf, Laggard, Letter, NoticeKind};
use crate::domain::obligation::{DueWhy, Owed, Role};
use crate::domain::operation::{Field, Standing};
use crate::render::line::one_line;

pub(super) static ENGLISH: Lexicon = Lexicon {
    labels: Labels {
        symbol: "Document number",
        issued: "Date of issue",
        kind: "Kind of document",
        issuer: "Issued by",
        subject: "Subject",
        urgency: "Urgency",
        role: "Role",
        asked: "What to do",
        acknowledge: "Acknowledge",
        taken_over: "Taken over from",
        instead: "On behalf of",
        due: "Due",
    },
    words: Words {
        tag: "en",
        to: "To",
        tasks: "What is to be done",
        meant: "this mail is about this one",
        due: "Due",
        answer_task: "Answer for this task",
        dropped: "No longer required",
        edits: "What has changed",
        before: "Before",
        now: "Now",
        unshown: "changed; please look in the document system",
        answer: "Acknowledge / answer",
        answer_each: "Acknowledge / answer, for all or task by task",
        code: "Check code",
        code_when: "type it only if the page asks for it",
        why: "Why you receive this mail",
        call: "Questions: please call",
    },
    sentences: Sentences {
        listed: |count| format!("List of {}", units(count)),
        matter: |document, due, count| match due {
            Some(due) => format!("{document}, due {due}: {}", units(count)),
            None => format!("{document}: {}", units(count)),
        },
        button: [
            "Acknowledge / answer",
            "Report / answer",
            "Acknowledge the whole document",
            "See and answer the tasks",
        ],
        above: |unit| format!("{unit} is directly above the units named here, or follows them up."),
        chosen: |rules, unit, role| {
            let role = role.map(|role| format!(" (role: {role})")).unwrap_or_default();
            let word = if rules.len() > 1 { "rules" } else { "rule" };
            format!("The {word} {} chose {unit}{role}.", rules.join(", "))
        },
        given: |unit, role, once| {
            let is = if once { "was" } else { "is" };
            format!("This document {is} assigned to {unit} (role: {role}).")
        },
        reading,
        counted: |task, reading, phrase, proposal| {
            let task = task.map(|number| format!(" of task {number}")).unwrap_or_default();
            let phrase = phrase.map(|phrase| format!(" In the document: “{phrase}”.")).unwrap_or_default();
            let proposal = if proposal { " A person has yet to confirm it." } else { "" };
            format!("How the due date{task} was found: {reading}{phrase}{proposal}")
        },
        private: |unit| format!("The link is for {unit} alone; please do not pass it on."),
        sender: |office| {
            format!("Sent automatically by {office}; it does not replace the official document.")
        },
    },
    digest: &digest::words::ENGLISH,
    heading,
    due,
    left,
    role,
    verb,
    task,
    owed,
    urgency,
    document,
    full,
    instead_of,
    field: Field::english,
    laggard,
    one_task: |name| format!("the task “{name}”"),
    tasks: |count| format!("{count} tasks"),
    by: |day| format!("by {day}"),
    due_words: ["due", "nearest due date"],
};

/// `Friday, 30/01/2026`, or `17:00 Friday, 30/01/2026` where the hour matters.
fn due(at: DateTime<Utc>, zone: Tz) -> Due {
    let vietnamese = Due::new(at, zone);
    let hour = vietnamese.day.split(' ').next().filter(|word| word.contains(':'));
    let local = at.with_timezone(&zone).naive_local();
    let date = if hour.is_some() { local.date() } else { local.date().pred_opt().unwrap_or(local.date()) };
    let hour = hour.map(|hour| format!("{hour} ")).unwrap_or_default();
    Due { day: format!("{hour}{}, {}", date.format("%A"), vietnamese.short), ..vietnamese }
}

fn units(count: usize) -> String {
    format!("{count} {}", if count == 1 { "unit" } else { "units" })
}

/// Where a due instant came from. How it was counted is kept in Vietnamese, which a reader of English cannot
/// check; what it was counted from stands beside it word for word. Where nothing else is known, those words stand.
fn reading(why: &DueWhy) -> String {
    let Some(basis) = why.basis else { return why.reading.clone() };
    match basis {
        Basis::Person => "entered by the office.",
        Basis::Source => "given by the document system.",
        Basis::Rule => "counted in working time by the office's rule.",
        Basis::Text => "read from the document.",
    }
    .to_owned()
}

fn days(count: u32) -> String {
    format!("{count} working {}", if count == 1 { "day" } else { "days" })
}

fn left(left: i32) -> String {
    match left {
        0 => "today is the last day".to_owned(),
        1.. => format!("{} left", days(left.unsigned_abs())),
        _ => format!("{} overdue", days(left.unsigned_abs())),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Lead => "Lead",
        Role::Support => "Support",
        Role::Inform => "For information",
    }
}

fn verb(role: Role) -> &'static str {
    match role {
        Role::Lead => "is to carry out",
        Role::Support => "is to help carry out",
        Role::Inform => "receives for information",
    }
}

fn task(role: Role, owes: &[Owed]) -> String {
    let does = match role {
        Role::Lead => "carry it out",
        Role::Support => "help carry it out",
        Role::Inform => "take note of it",
    };
    match owes.iter().max() {
        Some(Owed::Report) => format!("{does} and report the result"),
        Some(Owed::Do) => does.to_owned(),
        Some(Owed::Acknowledge) | None => "receive and study it".to_owned(),
    }
}

fn owed(owes: &[Owed]) -> String {
    let words: Vec<_> = owes
        .iter()
        .map(|one| match one {
            Owed::Acknowledge => "acknowledge receipt",
            Owed::Do => "carry out",
            Owed::Report => "carry out and report the result",
        })
        .collect();
    words::capitalised(&words.join("; "))
}

fn urgency(urgency: Urgency) -> Option<&'static str> {
    match urgency {
        Urgency::Unknown | Urgency::Normal => None,
        Urgency::Urgent => Some("Urgent (Khẩn)"),
        Urgency::VeryUrgent => Some("Very urgent (Thượng khẩn)"),
        Urgency::Express => Some("Express (Hoả tốc)"),
        Urgency::ExpressTimed => Some("Express by the hour (Hoả tốc hẹn giờ)"),
    }
}

fn heading(letter: &Letter) -> String {
    if let Some(said) = letter.reply.as_ref().and_then(reply::english_heading) {
        return said.to_owned();
    }
    match letter.kind {
        NoticeKind::Notice => "Assignment".to_owned(),
        NoticeKind::Reminder | NoticeKind::Chase | NoticeKind::Escalation => {
            ladder::english_heading(letter.kind, letter.measure, letter.times.saturating_sub(1))
        }
        NoticeKind::Digest => "Today".to_owned(),
        NoticeKind::Change if letter.news.retouched => "Update".to_owned(),
        NoticeKind::Change => "Changed".to_owned(),
        NoticeKind::Withdrawal => match letter.news.standing {
            Standing::Revoked => "Revoked".to_owned(),
            Standing::Replaced => "Replaced".to_owned(),
            Standing::InForce | Standing::Removed => "No longer required".to_owned(),
        },
    }
}

fn document(facts: &Facts) -> String {
    let symbol = one_line(&facts.symbol);
    let kind = facts.kind_name.as_deref().map(one_line).filter(|kind| !kind.is_empty());
    match (kind, symbol.is_empty()) {
        (Some(kind), true) => kind.into_owned(),
        (Some(kind), false) => format!("{kind} No. {symbol}"),
        (None, true) => "the document".to_owned(),
        (None, false) => format!("document No. {symbol}"),
    }
}

fn full(facts: &Facts) -> String {
    let issued = facts.issued.map(|day| format!(" of {}", words::date_text(day))).unwrap_or_default();
    let issuer = one_line(&facts.issuer);
    let by = if issuer.is_empty() { String::new() } else { format!(" by {issuer}") };
    format!("{}{issued}{by}", document(facts))
}

fn instead_of(away: &InsteadOf) -> String {
    let person = away.person.as_deref().map_or("the usual reader".into(), one_line);
    match away.until {
        Some(day) => format!("{person}, away until {}", words::date_text(day)),
        None => format!("{person}, away"),
    }
}

fn laggard(cell: &Laggard) -> String {
    let late = u32::try_from(cell.days_late).ok().filter(|days| *days > 0);
    let heard = match (cell.unreached, cell.acknowledged) {
        (true, _) => "not reached, its mailbox must be checked",
        (false, true) => "acknowledged, not done",
        (false, false) => "not acknowledged",
    };
    let tasks: Vec<_> = cell.tasks.iter().map(|name| format!("“{}”", one_line(name))).collect();
    let tasks = (!tasks.is_empty()).then(|| format!("tasks {}", tasks.join(", ")));
    let late = late.map(|count| format!("{} overdue", days(count)));
    late.into_iter().chain([heard.to_owned()]).chain(tasks).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use chrono_tz::Asia::Ho_Chi_Minh;

    use super::*;

    /// Registers of before hold no basis: what is known then is the sentence alone.
    #[test]
    fn a_due_is_told_by_what_it_was_counted_from() {
        let why = |basis| DueWhy {
            reading: "Hết ngày 13/03/2026".to_owned(),
            phrase: None,
            proposal: false,
            calendar: String::new(),
            basis,
            again: None,
        };
        assert_eq!(reading(&why(Some(Basis::Rule))), "counted in working time by the office's rule.");
        assert_eq!(reading(&why(None)), "Hết ngày 13/03/2026");
    }

    #[test]
    fn days_in_english() {
        for (count, words) in [
            (3, "3 working days left"),
            (1, "1 working day left"),
            (0, "today is the last day"),
            (-1, "1 working day overdue"),
        ] {
            assert_eq!(left(count), words);
        }
        for ((month, day, hour), shown) in
            [((1, 31, 0), "Friday, 30/01/2026"), ((3, 1, 17), "17:00 Sunday, 01/03/2026")]
        {
            let at = Ho_Chi_Minh.with_ymd_and_hms(2026, month, day, hour, 0, 0).unwrap();
            assert_eq!(due(at.to_utc(), Ho_Chi_Minh).day, shown);
        }
    }
}
