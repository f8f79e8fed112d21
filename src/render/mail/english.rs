//! The English words of a letter. Names of documents, kinds and rules stay as they are written.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::lexicon::{DigestWords, Labels, Lexicon};
use super::words::{self, Due};
use super::{ladder, reply};
use crate::domain::document::Urgency;
use crate::domain::notice::{Facts, InsteadOf, Laggard, Letter, NoticeKind};
use crate::domain::obligation::{Owed, Role};
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
    digest: DigestWords {
        counts: ["overdue", "due today", "not acknowledged", "within their time"],
        titles: ["Overdue", "Due today", "Not acknowledged yet", "Within their time"],
        opening: |unit, count, said| {
            format!("{unit} has {count} open {}: {said}.", if count == 1 { "task" } else { "tasks" })
        },
        day: |day| format!("{}, {}", day.format("%A"), words::date_text(day)),
    },
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
    field,
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

fn field(field: Field) -> &'static str {
    match field {
        Field::Symbol => "Document number",
        Field::Subject => "Subject",
        Field::Due => "Due date",
        Field::Asks => "What is asked",
        Field::Addressees => "Addressees",
        Field::Content => "Content",
        Field::Files => "Attached files",
        Field::Kind => "Kind of document",
        Field::Issuer => "Issued by",
        Field::Signer => "Signed by",
        Field::Issued => "Date of issue",
        Field::Urgency => "Urgency",
        Field::Area => "Area",
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
