//! `report`: the counts of a stretch of time, the same that the weekly mail shows.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{Days, NaiveDate, NaiveTime};

use super::{Exit, Place, print};
use crate::app::report::report;
use crate::domain::calendar::Calendar;
use crate::domain::language::Language;
use crate::domain::tally::{Report, Window};
use crate::render::report::{self as table, By, rows, shown};
use crate::runtime::wiring;

/// The command line speaks Vietnamese.
const LANGUAGE: Language = Language::Vi;

/// `report`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ngày đầu, dạng 2026-03-01; bỏ trống thì là bảy ngày qua
    #[arg(long)]
    since: Option<NaiveDate>,
    /// Ngày cuối, tính cả ngày ấy; bỏ trống thì là đến lúc này
    #[arg(long)]
    until: Option<NaiveDate>,
    /// Theo đảng bộ cơ sở hay theo văn bản
    #[arg(long, value_enum, default_value_t = Kind::Committee)]
    by: Kind,
    /// In dạng JSON
    #[arg(long, conflicts_with_all = ["csv", "xlsx"])]
    json: bool,
    /// In dạng CSV
    #[arg(long, conflicts_with = "xlsx")]
    csv: bool,
    /// Ghi bảng Excel ra tệp này
    #[arg(long, value_name = "TỆP")]
    xlsx: Option<PathBuf>,
}

/// By what the table is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Theo đảng bộ cơ sở và loại chi bộ
    Committee,
    /// Theo văn bản
    Directive,
}

impl Args {
    /// The days asked for; never past this moment, of which nothing is known.
    fn window(&self, calendar: &Calendar, place: &Place) -> Option<Window> {
        let now = place.now();
        let today = calendar.date_of(now);
        let until = self.until.map_or(now, |day| calendar.end_of_day(day)).min(now);
        let first = self.since.or_else(|| self.until.unwrap_or(today).checked_sub_days(Days::new(6)))?;
        let since = calendar.instant(first, NaiveTime::MIN);
        (since < until).then_some(Window { since, until })
    }
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let office = wiring::office(&loaded.settings, &loaded.office);
    let policy = wiring::policy(&loaded, store.as_ref()).await?;
    let Some(window) = args.window(&office.calendar, place) else {
        print::error("ngày đầu phải trước ngày cuối và không ở sau hôm nay");
        return Ok(Exit::Failed);
    };
    let report = report(store.as_ref(), &office, &policy, window).await?;
    let by = match args.by {
        Kind::Committee => By::Committee,
        Kind::Directive => By::Directive,
    };
    if args.json {
        print::json(&report)?;
    } else if args.csv {
        print::text(&String::from_utf8(table::csv(&report, by, LANGUAGE)?)?);
    } else if let Some(path) = &args.xlsx {
        std::fs::write(path, table::xlsx(&report, LANGUAGE)?)
            .with_context(|| format!("không ghi được {}", path.display()))?;
        print::text(&format!("đã ghi {}", path.display()));
    } else {
        display(&report, by, &office.calendar);
    }
    Ok(Exit::Done)
}

fn display(report: &Report, by: By, calendar: &Calendar) {
    let Window { since, until } = report.window;
    print::text(&format!(
        "Từ {} đến {}",
        print::instant(Some(since), calendar),
        print::instant(Some(until), calendar)
    ));
    print::text(&table::sentence(report, LANGUAGE));
    let line = |row: table::Row| {
        let figures = row.figures.into_iter().enumerate().map(|(column, figure)| shown(column, figure));
        row.name.into_iter().chain(figures).collect()
    };
    print::table(&by.headings(LANGUAGE), rows(report, by, LANGUAGE).into_iter().map(line));
}
