//! `calendar explain`: counts a deadline day by day, in working days or in hours of work.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde_json::json;

use crate::cli::{Exit, Place, print};
use crate::domain::calendar::{Calendar, Day, HoursDay, weekday_name};

/// `calendar explain`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Từ ngày (không tính ngày này), yyyy-mm-dd hoặc dd/mm/yyyy; đếm giờ thì kèm giờ: "2026-03-02 16:00"
    from: Start,
    /// Số ngày làm việc (số âm là đếm lùi), hoặc số giờ làm việc: 12h, 1h30
    #[arg(allow_negative_numbers = true)]
    amount: Amount,
    /// Theo lịch của một khối ngành
    #[arg(long)]
    sector: Option<String>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

/// Where a count begins.
#[derive(Debug, Clone, Copy)]
struct Start(NaiveDate, Option<NaiveTime>);

/// How much is counted.
#[derive(Debug, Clone, Copy)]
enum Amount {
    Days(i32),
    Time(TimeDelta),
}

impl FromStr for Start {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        for form in ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"] {
            if let Ok(at) = NaiveDateTime::parse_from_str(text, form) {
                return Ok(Self(at.date(), Some(at.time())));
            }
        }
        let day = ["%Y-%m-%d", "%d/%m/%Y"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
        day.map(|day| Self(day, None))
            .ok_or_else(|| "viết như 2026-03-02 hoặc \"2026-03-02 16:00\"".to_owned())
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "viết số ngày như 5 hoặc -3, hoặc số giờ như 12h, 1h30".to_owned();
        let number = |text: &str| text.trim().parse::<u16>().map(i64::from).map_err(|_| wrong());
        if let Ok(days) = text.trim().parse::<i16>() {
            return Ok(Self::Days(i32::from(days)));
        }
        let (hours, minutes) = text.split_once(['h', 'g']).ok_or_else(wrong)?;
        let minutes = minutes.trim_start_matches("iờ").trim();
        let minutes = if minutes.is_empty() { 0 } else { number(minutes)? };
        Ok(Self::Time(TimeDelta::minutes(number(hours)? * 60 + minutes)))
    }
}

pub(super) fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let office = &loaded.office.calendar;
    if let Some(sector) = &args.sector
        && !loaded.office.units.sectors.contains_key(sector)
    {
        let known: Vec<_> = loaded.office.units.sectors.keys().map(String::as_str).collect();
        print::error(&format!("không có khối ngành “{sector}”; có: {}", known.join(", ")));
        return Ok(Exit::Failed);
    }
    let calendar = office.of_sector(args.sector.as_deref());
    let Start(day, time) = args.from;
    match args.amount {
        Amount::Days(days) => by_days(calendar, day, days, args.json)?,
        Amount::Time(amount) => {
            let from = time.map_or_else(|| calendar.opening(day), |time| calendar.instant(day, time));
            by_hours(calendar, from, amount, args.json)?;
        }
    }
    Ok(Exit::Done)
}

fn by_days(calendar: &Calendar, from: NaiveDate, days: i32, as_json: bool) -> anyhow::Result<()> {
    let counted = calendar.explain(from, days);
    if as_json {
        let list: Vec<_> = counted
            .iter()
            .map(|day| {
                json!({"date": day.date, "working": day.working, "why": day.why, "provisional": day.provisional})
            })
            .collect();
        return print::json(&json!({"result": calendar.add_working_days(from, days), "days": list}));
    }
    let mut number = 0;
    print::table(
        &["Ngày", "Thứ", "Là", "Đếm"],
        counted.iter().map(|day| {
            number += i32::from(day.working);
            let count = if day.working { number.to_string() } else { "–".to_owned() };
            row(day, vec![count])
        }),
    );
    Ok(())
}

fn by_hours(
    calendar: &Calendar,
    from: DateTime<Utc>,
    amount: TimeDelta,
    as_json: bool,
) -> anyhow::Result<()> {
    let days = calendar.explain_office_time(from, amount);
    let result = calendar.add_office_time(from, amount);
    if as_json {
        let span = |(open, close): &(NaiveTime, NaiveTime)| [clock(*open), clock(*close)];
        let day = |one: &HoursDay| {
            json!({
                "date": one.day.date, "working": one.day.working, "why": one.day.why,
                "provisional": one.day.provisional, "hours": one.spans.iter().map(span).collect::<Vec<_>>(),
                "total_minutes": one.total.num_minutes(),
            })
        };
        let list: Vec<_> = days.iter().map(day).collect();
        return print::json(
            &json!({"result": result.with_timezone(&calendar.zone).to_rfc3339(), "days": list}),
        );
    }
    print::table(
        &["Ngày", "Thứ", "Là", "Giờ tính", "Cộng dồn"],
        days.iter().map(|one| {
            let spans = one.spans.iter().map(|(open, close)| format!("{}–{}", clock(*open), clock(*close)));
            let spans: Vec<_> = spans.collect();
            let spans = if spans.is_empty() { "–".to_owned() } else { spans.join(", ") };
            row(&one.day, vec![spans, hours(one.total)])
        }),
    );
    print::text(&format!("Hết {} giờ làm việc: {}", hours(amount), print::instant(Some(result), calendar)));
    Ok(())
}

fn row(day: &Day, more: Vec<String>) -> Vec<String> {
    let why = if day.provisional { format!("{} (năm chưa xác nhận)", day.why) } else { day.why.clone() };
    let first = [day.date.format("%d/%m/%Y").to_string(), weekday_name(day.date).to_owned(), why];
    first.into_iter().chain(more).collect()
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

fn hours(time: TimeDelta) -> String {
    format!("{}:{:02}", time.num_hours(), time.num_minutes() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_days_or_hours() {
        let told = |text: &str| match text.parse::<Amount>() {
            Ok(Amount::Days(days)) => format!("{days} ngày"),
            Ok(Amount::Time(time)) => format!("{} phút", time.num_minutes()),
            Err(_) => "?".to_owned(),
        };
        for (text, expected) in [
            ("5", "5 ngày"),
            ("-3", "-3 ngày"),
            ("12h", "720 phút"),
            ("1h30", "90 phút"),
            ("8 giờ", "480 phút"),
            ("2g15", "135 phút"),
            ("h", "?"),
            ("năm", "?"),
            ("99999h", "?"),
            ("", "?"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn a_start_may_have_a_time() {
        let told = |text: &str| {
            text.parse::<Start>().map(|Start(day, time)| (day.to_string(), time.map(clock))).ok()
        };
        let day = || "2026-03-02".to_owned();
        assert_eq!(told("2026-03-02"), Some((day(), None)));
        assert_eq!(told("02/03/2026 16:00"), Some((day(), Some("16:00".to_owned()))));
        assert_eq!(told("2026-03-02 16:00"), Some((day(), Some("16:00".to_owned()))));
        assert_eq!(told("2026-02-30"), None);
    }
}
