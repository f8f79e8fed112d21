//! The English words that depend on what they are about.

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::ports::{Act, Asked, HoldKind, RequestRow, Verdict};
use crate::domain::calendar::Calendar;
use crate::domain::obligation::{Answer, Grade, Owed, Role, State};
use crate::render::pages::words::{Due, Left, Naming, Telling, date, due_as};

/// What the office may decide, where a page offers it: its name and what happens then.
pub(super) fn choice(kind: HoldKind, act: Act) -> Option<(&'static str, &'static str)> {
    Some(match (kind, act) {
        (HoldKind::MoreTime, Act::Release) => (
            "Grant more time",
            "The due date moves to the day asked for, or to the one given here; reminders move with it and the unit is told by mail. What the sender of the document was told does not change.",
        ),
        (HoldKind::MoreTime, Act::Dismiss) => {
            ("Refuse", "The old due date holds; the unit is told by mail, with the reason.")
        }
        (HoldKind::Declined, Act::Assign) => (
            "Give it to that unit",
            "The same work is opened for the unit that was named, with the same due date, and it is told by mail. A due date that has passed needs a new one.",
        ),
        (HoldKind::Declined, Act::Release) => (
            "It stays with the unit",
            "The work is opened again for the unit, as acknowledged; reminders go on and it is told by mail, with the reason.",
        ),
        (HoldKind::Declined, Act::Dismiss) => {
            ("Agree, and give it to nobody", "The unit's work ends and goes to nobody else.")
        }
        _ => return None,
    })
}

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Inform => "for information",
        Role::Support => "support",
        Role::Lead => "lead",
    }
}

pub(super) fn owed(owed: Owed) -> &'static str {
    match owed {
        Owed::Acknowledge => "acknowledge",
        Owed::Do => "carry out",
        Owed::Report => "report the result",
    }
}

pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Open => "not acknowledged",
        State::Acknowledged => "acknowledged",
        State::Done => "done",
        State::Declined => "not ours",
        State::Excused => "excused",
        State::Withdrawn => "withdrawn",
    }
}

pub(super) fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Upstream => "seen in the document system",
        Grade::Clicked => "by the link in the mail",
        Grade::Verified => "by the link in the mail, with the check code",
        Grade::Replied => "by reply to the mail",
        Grade::Staff => "entered by the office",
    }
}

pub(super) fn answer(answer: &Answer) -> &'static str {
    match answer {
        Answer::Received { .. } => "Received",
        Answer::Done { .. } => "Done",
        Answer::Declined { .. } => "Not ours",
        Answer::MoreTime { .. } => "More time asked for",
    }
}

pub(super) fn answer_detail(answer: &Answer) -> String {
    let parts = match answer {
        Answer::Received { promised } => vec![promised.map(|day| format!("to be done on {}", date(day)))],
        Answer::Done { report_symbol, report_date, note, link, figures } => {
            let mut parts = vec![
                report_symbol.as_ref().map(|symbol| format!("report No. {symbol}")),
                report_date.map(|day| format!("dated {}", date(day))),
            ];
            parts.extend(figures.iter().map(|figure| Some(format!("{}: {}", figure.name, figure.shown()))));
            parts.push(note.clone());
            parts.push(link.as_ref().map(|link| format!("file at {}: {}", link.host(), link.as_str())));
            parts
        }
        Answer::Declined { reason, .. } => vec![Some(reason.clone())],
        Answer::MoreTime { until, reason } => {
            vec![Some(format!("until {}", date(*until))), Some(reason.clone())]
        }
    };
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

pub(super) fn day(day: NaiveDate) -> String {
    format!("{}, {}", day.format("%A"), date(day))
}

pub(super) fn moment(at: DateTime<Utc>, calendar: &Calendar) -> String {
    at.with_timezone(&calendar.zone).format("%H:%M on %d/%m/%Y").to_string()
}

pub(super) fn due(at: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar) -> Due {
    due_as(at, now, calendar, &Telling { whole: |day| format!("end of {day}"), day, left })
}

pub(super) fn left(left: Left) -> String {
    let days = |count: i64| format!("{count} working {}", if count == 1 { "day" } else { "days" });
    match left {
        Left::Over(count) => format!("{} overdue", days(count)),
        Left::JustOver => "just overdue".to_owned(),
        Left::Today => "due today".to_owned(),
        Left::Days(count) => format!("{} left", days(count)),
        Left::DayOff => "due on the day off to come".to_owned(),
    }
}

pub(super) fn request(row: &RequestRow, calendar: &Calendar, name: Naming<'_>) -> String {
    let asked = match &row.asks {
        Asked::MoreTime { until } => {
            let due =
                row.due.map(|due| format!(" (due {})", date(calendar.due_day(due)))).unwrap_or_default();
            format!("until {}{due}: ", date(*until))
        }
        Asked::Declined { suggested: Some(cell) } => format!("suggests {}: ", name(cell.as_str())),
        Asked::Declined { suggested: None } => String::new(),
    };
    format!("{asked}{}; {}", row.reason, verdict(row))
}

pub(super) fn verdict(row: &RequestRow) -> String {
    let why = row.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    match (row.verdict, &row.asks) {
        (None, _) => "waiting for the office".to_owned(),
        (Some(Verdict::Granted), Asked::MoreTime { until }) => {
            format!("granted until {}{why}", date(row.given.unwrap_or(*until)))
        }
        (Some(Verdict::Granted), Asked::Declined { .. }) => format!("taken over by the office{why}"),
        (Some(Verdict::Refused), Asked::MoreTime { .. }) => format!("refused{why}"),
        (Some(Verdict::Refused), Asked::Declined { .. }) => format!("stays with the unit{why}"),
        (Some(Verdict::Replaced), _) => "replaced by a later request".to_owned(),
        (Some(Verdict::Overtaken), _) => "the work ended before it was decided".to_owned(),
    }
}
