//! `calendar show`: a year as people look at it.

use chrono::Datelike as _;
use serde_json::json;

use crate::cli::{Exit, Place, print};
use crate::render::calendar::YearText;

/// `calendar show`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Năm; không ghi là năm nay
    year: Option<i32>,
    /// Theo lịch của một khối ngành
    #[arg(long)]
    sector: Option<String>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let calendar = loaded.office.calendar.of_sector(args.sector.as_deref());
    let year = args.year.unwrap_or_else(|| calendar.date_of(place.now()).year());
    let Some(text) = YearText::new(calendar, year) else {
        print::error(&format!("không có năm {year}"));
        return Ok(Exit::Failed);
    };
    if args.json {
        print::json(&json!({
            "year": year, "standing": calendar.standing(year), "version": calendar.version(),
            "breaks": text.breaks(), "months": text.worked(),
        }))?;
        return Ok(Exit::Done);
    }
    print::text(&text.to_string());
    Ok(Exit::Done)
}
