//! Appointment: a due as a reader's calendar shows it (RFC 5545). One for each obligation with a due; a
//! change is the same appointment with a higher sequence, an end is the same one cancelled.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use super::calendar::Calendar;
use super::ids::ObligationId;
use super::notice::Facts;
use super::obligation::Obligation;

/// How long an appointment with an hour is: it ends with the due instant, and calendars show nothing of
/// one that takes no time.
pub const LENGTH: TimeDelta = TimeDelta::minutes(30);

/// When an appointment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// The whole of the due day: what is due "in the day" ends with it.
    Day(NaiveDate),
    /// Up to this instant.
    Until(DateTime<Utc>),
}

/// A due for a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Appointment {
    /// Its row; with the domain of the office what calendars know it by, for ever.
    pub obligation: ObligationId,
    /// Grows with every change that a calendar should follow.
    pub sequence: u32,
    /// Nothing is owed any more.
    pub cancelled: bool,
    /// The document.
    pub facts: Facts,
    /// The task of a plan.
    pub task: Option<String>,
    /// When.
    pub when: When,
    /// When its row last entered a state.
    pub changed: DateTime<Utc>,
    /// When calendars are to ring, earliest first: when the office opens.
    pub alarms: Vec<DateTime<Utc>>,
}

impl Appointment {
    /// The appointment of a row about a document or one of its tasks, if it has a due.
    pub fn of(
        row: &Obligation,
        sequence: u32,
        (facts, task): (&Facts, Option<&str>),
        calendar: &Calendar,
    ) -> Option<Self> {
        let due = row.due?;
        let cancelled = !row.state.is_live();
        Some(Self {
            obligation: row.id,
            sequence,
            cancelled,
            facts: facts.clone(),
            task: task.map(str::to_owned),
            when: when(due, calendar),
            changed: row.since,
            alarms: if cancelled { Vec::new() } else { alarms(due, row.opened, calendar) },
        })
    }

    /// By what calendars know it.
    pub fn uid(&self, domain: &str) -> String {
        format!("viec-{}@{domain}", self.obligation)
    }
}

/// 24:00 of a day is that whole day; any other hour matters.
fn when(due: DateTime<Utc>, calendar: &Calendar) -> When {
    let day = calendar.due_day(due);
    if calendar.end_of_day(day) == due { When::Day(day) } else { When::Until(due) }
}

/// At the opening of the working day before the due day, and of the due day or the last working day before
/// it: never at night, on a Sunday or in Tết, and not before the work was given.
fn alarms(due: DateTime<Utc>, opened: DateTime<Utc>, calendar: &Calendar) -> Vec<DateTime<Utc>> {
    let day = calendar.due_day(due);
    let last = if calendar.is_working(day) { day } else { calendar.add_working_days(day, -1) };
    let rings = |day| calendar.opening(day);
    let both = [rings(calendar.add_working_days(last, -1)), rings(last)];
    both.into_iter().filter(|at| opened < *at && *at < due).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDateTime, NaiveTime, TimeZone};
    use chrono_tz::Asia::Ho_Chi_Minh;

    use super::*;
    use crate::domain::calendar::Year;
    use crate::domain::document::Urgency;
    use crate::domain::ids::{DocumentId, DutyId, RevisionId, TaskId, UnitId};
    use crate::domain::obligation::State;

    fn calendar() -> Calendar {
        let time = |hour| NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
        let off = [("2026-02-16".parse().unwrap(), "Tết Nguyên đán".to_owned())];
        Calendar {
            zone: Ho_Chi_Minh,
            week: [true, true, true, true, true, false, false],
            mornings: [false; 7],
            hours: vec![(time(7), time(16))],
            before_day: Default::default(),
            years: [(2026, Year { off: off.into(), ..Year::default() })].into(),
            sectors: Default::default(),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        Ho_Chi_Minh.from_local_datetime(&local).unwrap().to_utc()
    }

    fn appointment(state: State, due: &str) -> Appointment {
        let row = Obligation {
            id: ObligationId(42),
            document: DocumentId(1),
            revision: RevisionId(1),
            duty: DutyId(1),
            task: TaskId::only(),
            cell: UnitId::from("cb-1"),
            state,
            opened: at("2026-02-10 09:00"),
            since: at("2026-02-10 09:00"),
            acknowledge_due: None,
            due: Some(at(due)),
            grade: None,
            promised: None,
            extension_asked: None,
            step: 0,
            next_action: None,
        };
        let facts = Facts {
            symbol: "12-KH/ĐUK".to_owned(),
            kind_name: None,
            issuer: String::new(),
            issued: None,
            subject: None,
            urgency: Urgency::Normal,
        };
        Appointment::of(&row, 3, (&facts, None), &calendar()).unwrap()
    }

    /// It rings when the office opens, on working days, after the work was given.
    #[test]
    fn a_day_or_an_hour_and_when_it_rings() {
        let day = |text: &str| When::Day(text.parse().unwrap());
        for (due, when, alarms) in [
            ("2026-02-21 00:00", day("2026-02-20"), vec!["2026-02-19 07:30", "2026-02-20 07:30"]),
            (
                "2026-02-20 15:00",
                When::Until(at("2026-02-20 15:00")),
                vec!["2026-02-19 07:30", "2026-02-20 07:30"],
            ),
            // The day after Tết, and a Sunday.
            ("2026-02-18 00:00", day("2026-02-17"), vec!["2026-02-13 07:30", "2026-02-17 07:30"]),
            ("2026-02-16 00:00", day("2026-02-15"), vec!["2026-02-12 07:30", "2026-02-13 07:30"]),
            // Given yesterday, due early today.
            ("2026-02-11 07:00", When::Until(at("2026-02-11 07:00")), vec![]),
        ] {
            let appointment = appointment(State::Open, due);
            assert_eq!(appointment.when, when, "{due}");
            assert_eq!(appointment.alarms, alarms.into_iter().map(at).collect::<Vec<_>>(), "{due}");
        }
    }

    #[test]
    fn what_is_over_is_cancelled_and_rings_no_more() {
        for state in [State::Done, State::Withdrawn, State::Excused, State::Declined] {
            let appointment = appointment(state, "2026-02-21 00:00");
            assert!(appointment.cancelled && appointment.alarms.is_empty());
            assert_eq!(appointment.uid("vanthu.example"), "viec-42@vanthu.example");
        }
    }
}
