//! Days and instants: dd/mm/yyyy with the weekday, 24 hours, never mm/dd (experience.md R4.23).

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};
use serde::Serialize;

use crate::domain::calendar::{self, Calendar};

/// `16/03/2026`.
pub fn date(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// `thứ Hai, 16/03/2026`.
pub fn weekday_date(day: NaiveDate) -> String {
    let weekday = match day.weekday() {
        Weekday::Mon => "thứ Hai",
        Weekday::Tue => "thứ Ba",
        Weekday::Wed => "thứ Tư",
        Weekday::Thu => "thứ Năm",
        Weekday::Fri => "thứ Sáu",
        Weekday::Sat => "thứ Bảy",
        Weekday::Sun => "Chủ nhật",
    };
    format!("{weekday}, {}", date(day))
}

/// `10:21 ngày 16/03/2026`, in the office's zone.
pub fn moment(at: DateTime<Utc>, calendar: &Calendar) -> String {
    calendar::moment(at, calendar.zone)
}

/// How near a due instant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nearness {
    /// It has passed.
    Late,
    /// At most three working days are left.
    Soon,
    /// There is time.
    Far,
}

/// A due instant as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// `hết thứ Hai, 16/03/2026`, or with an hour: `17:00 thứ Hai, 16/03/2026`.
    pub text: String,
    /// Its day, `2026-03-16`, for machines.
    pub day: String,
    /// `còn 3 ngày làm việc`, `hạn hôm nay`, `quá hạn 2 ngày làm việc`.
    pub left: String,
    /// How near it is.
    pub nearness: Nearness,
}

/// How much is left until a due instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// So many working days past it.
    Over(i64),
    /// Past it on its very day.
    JustOver,
    /// It is today.
    Today,
    /// So many working days.
    Days(i64),
    /// It is on a day off that comes before the next working day.
    DayOff,
}

/// How a language tells of a due instant.
#[derive(Debug, Clone, Copy)]
pub struct Telling {
    /// A day that counts to its end.
    pub whole: fn(&str) -> String,
    /// A day with its weekday.
    pub day: fn(NaiveDate) -> String,
    /// What is left.
    pub left: fn(Left) -> String,
}

const VIETNAMESE: Telling =
    Telling { whole: |day| format!("hết {day}"), day: weekday_date, left: left_text };

/// A due instant with what is left until it.
pub fn due(at: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar) -> Due {
    due_as(at, now, calendar, &VIETNAMESE)
}

/// The same in another language.
pub fn due_as(at: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar, telling: &Telling) -> Due {
    let day = calendar.due_day(at);
    let (left, nearness) = left(at, day, now, calendar);
    let (local, shown) = (at.with_timezone(&calendar.zone).time(), (telling.day)(day));
    let text = if local == NaiveTime::MIN {
        (telling.whole)(&shown)
    } else {
        format!("{} {shown}", local.format("%H:%M"))
    };
    Due { text, day: day.format("%Y-%m-%d").to_string(), left: (telling.left)(left), nearness }
}

fn left(at: DateTime<Utc>, day: NaiveDate, now: DateTime<Utc>, calendar: &Calendar) -> (Left, Nearness) {
    let today = calendar.date_of(now);
    let days = i64::from(calendar.working_days_between(today, day));
    if at <= now {
        return (if days < 0 { Left::Over(-days) } else { Left::JustOver }, Nearness::Late);
    }
    let left = match days {
        _ if day == today => Left::Today,
        1.. => Left::Days(days),
        _ => Left::DayOff,
    };
    (left, if days <= 3 { Nearness::Soon } else { Nearness::Far })
}

fn left_text(left: Left) -> String {
    match left {
        Left::Over(days) => format!("quá hạn {days} ngày làm việc"),
        Left::JustOver => "vừa quá hạn".to_owned(),
        Left::Today => "hạn hôm nay".to_owned(),
        Left::Days(days) => format!("còn {days} ngày làm việc"),
        Left::DayOff => "hạn vào ngày nghỉ tới".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::calendar::BeforeDay;

    fn calendar() -> Calendar {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        Calendar {
            zone: chrono_tz::Asia::Ho_Chi_Minh,
            week: [true, true, true, true, true, false, false],
            mornings: [false; 7],
            sectors: std::collections::BTreeMap::new(),
            hours: vec![(time(7), time(17))],
            before_day: BeforeDay::Exclusive,
            years: BTreeMap::new(),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn midnight_belongs_to_the_day_it_ends() {
        let due = due(at("2026-03-16T17:00:00Z"), at("2026-03-16T02:00:00Z"), &calendar());
        assert_eq!((due.text.as_str(), due.day.as_str()), ("hết thứ Hai, 16/03/2026", "2026-03-16"));
        assert_eq!((due.left.as_str(), due.nearness), ("hạn hôm nay", Nearness::Soon));
    }

    #[test]
    fn an_hour_is_told() {
        let due = due(at("2026-03-16T10:00:00Z"), at("2026-03-16T10:00:00Z"), &calendar());
        assert_eq!(due.text, "17:00 thứ Hai, 16/03/2026");
        assert_eq!((due.left.as_str(), due.nearness), ("vừa quá hạn", Nearness::Late));
    }

    #[test]
    fn moments_are_told_in_the_offices_zone() {
        assert_eq!(moment(at("2026-03-15T17:30:00Z"), &calendar()), "00:30 ngày 16/03/2026");
    }
}
