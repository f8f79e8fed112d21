//! Days and instants: dd/mm/yyyy with the weekday, 24 hours, never mm/dd (experience.md R4.23).

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};
use serde::Serialize;

use crate::domain::calendar::Calendar;

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
    at.with_timezone(&calendar.zone).format("%H:%M ngày %d/%m/%Y").to_string()
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

/// A due instant with what is left until it.
pub fn due(at: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar) -> Due {
    let day = calendar.due_day(at);
    let (left, nearness) = left(at, day, now, calendar);
    let local = at.with_timezone(&calendar.zone).time();
    let text = if local == NaiveTime::MIN {
        format!("hết {}", weekday_date(day))
    } else {
        format!("{} {}", local.format("%H:%M"), weekday_date(day))
    };
    Due { text, day: day.format("%Y-%m-%d").to_string(), left, nearness }
}

fn left(at: DateTime<Utc>, day: NaiveDate, now: DateTime<Utc>, calendar: &Calendar) -> (String, Nearness) {
    let today = calendar.date_of(now);
    let days = calendar.working_days_between(today, day);
    if at <= now {
        let over = -days;
        let text = if over > 0 {
            format!("quá hạn {over} ngày làm việc")
        } else {
            "vừa quá hạn".to_owned()
        };
        return (text, Nearness::Late);
    }
    let text = if day == today {
        "hạn hôm nay".to_owned()
    } else if days > 0 {
        format!("còn {days} ngày làm việc")
    } else {
        "hạn vào ngày nghỉ tới".to_owned()
    };
    (text, if days <= 3 { Nearness::Soon } else { Nearness::Far })
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
