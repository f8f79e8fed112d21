//! `calendar explain`: counts a deadline day by day.

use chrono::NaiveDate;
use serde_json::json;

use super::{Exit, Place, print};
use crate::domain::calendar::weekday_name;

/// `calendar …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Đếm ngày làm việc, từng ngày một
    Explain {
        /// Từ ngày (không tính ngày này), yyyy-mm-dd
        from: NaiveDate,
        /// Số ngày làm việc; số âm là đếm lùi
        #[arg(allow_negative_numbers = true)]
        days: i32,
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load() else { return Ok(Exit::Configuration) };
    let Verb::Explain { from, days, json: as_json } = verb;
    let calendar = &loaded.office.calendar;
    let counted = calendar.explain(*from, *days);
    if *as_json {
        let list: Vec<_> = counted
            .iter()
            .map(|day| {
                json!({"date": day.date, "working": day.working, "why": day.why, "provisional": day.provisional})
            })
            .collect();
        print::json(&json!({"result": calendar.add_working_days(*from, *days), "days": list}))?;
        return Ok(Exit::Done);
    }
    let mut number = 0;
    print::table(
        &["Ngày", "Thứ", "Là", "Đếm"],
        counted.iter().map(|day| {
            number += i32::from(day.working);
            let count = if day.working { number.to_string() } else { "–".to_owned() };
            let why = if day.provisional {
                format!("{} (năm chưa xác nhận)", day.why)
            } else {
                day.why.clone()
            };
            vec![day.date.format("%d/%m/%Y").to_string(), weekday_name(day.date).to_owned(), why, count]
        }),
    );
    Ok(Exit::Done)
}
