//! Periods: `trong quý I/2026`, `cuối tháng 3`, `giữa năm`, `6 tháng đầu năm`. Start, middle and end are
//! those of Bộ luật Dân sự Đ146; a period's last day is a fixed date and is not moved.

use std::sync::LazyLock;

use chrono::{Datelike, Months, NaiveDate};
use regex::{Captures, Regex};

use super::dates::{goes_on, number};
use super::{Context, Found};

#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    let late = r"(?:chậm|muộn)\s+nhất(?:\s+là)?(?:\s+(?:vào|trong))?";
    let lead = format!(r"(?:(?P<lead>trong|vào|(?:xong\s+)?trước|đến\s+hết|đến|hết|{late})\s+)?");
    let part = r"(?:(?P<part>đầu|giữa|cuối)\s+)?";
    let year = r"(?:\s*(?:/|-|,?\s*năm\s)\s*(?P<y>[0-9]{4}))?";
    let month = format!(r"tháng(?:\s+(?:(?P<month>[0-9]{{1,2}}){year}|(?P<this>này)|(?P<next>sau|tới)))?");
    let quarter =
        r"(?:quý|quí|qúy)\s+(?P<quarter>iv|iii|ii|i|[1-4])(?:\s*(?:/|-|,?\s*năm\s)\s*(?P<yq>[0-9]{4}))?";
    let half = r"(?P<span>[0-9]{1,2}|sáu)\s+tháng\s+(?P<half>đầu|cuối)\s+năm(?:\s+(?P<yh>[0-9]{4}))?";
    let whole = r"(?P<year>năm)(?:\s+(?P<yy>[0-9]{4}))?";
    Regex::new(&format!(r"\b{lead}(?:{half}|{part}(?:{month}|{quarter}|{whole}))\b")).unwrap()
});

/// A run of whole months of some year.
struct Period {
    /// First month, 1–12.
    month: u32,
    /// How many months it lasts.
    months: u32,
    year: Option<i32>,
}

pub(super) fn read(text: &str, context: &Context<'_>) -> Vec<Found> {
    PERIOD.captures_iter(text).filter_map(|captures| proposed(&captures, text, context)).collect()
}

fn proposed(captures: &Captures<'_>, text: &str, context: &Context<'_>) -> Option<Found> {
    let range = captures.get(0)?.range();
    if goes_on(text.get(range.end..)?) {
        return None;
    }
    let lead = captures.name("lead").map(|lead| lead.as_str());
    let part = captures.name("part").map(|part| part.as_str());
    let period = period(captures, lead, part, context)?;
    let before = lead.is_some_and(|lead| lead.ends_with("trước"));
    let point = |year| period.point(year, part.or(before.then_some("đầu")));
    let base = context.base();
    let mut years = period.year.map_or(base.year()..=base.year().saturating_add(1), |year| year..=year);
    let day = years.find_map(|year| point(year).filter(|day| period.year.is_some() || *day >= base))?;
    let mut found = if before { context.before(range, day) } else { context.within(range, day) };
    if lead.is_none() {
        found.doubts.push("có thể là tên kỳ báo cáo, không phải hạn".to_owned());
    }
    if period.year.is_none() {
        context.doubt_far(&mut found);
    }
    Some(found)
}

/// The period named; `None` where the words only name a topic ("tháng 3", "trong năm 2026").
fn period(
    captures: &Captures<'_>,
    lead: Option<&str>,
    part: Option<&str>,
    context: &Context<'_>,
) -> Option<Period> {
    let year = |name| number(captures, name).and_then(|year| i32::try_from(year).ok());
    if let Some(half) = captures.name("half") {
        let months = number(captures, "span").unwrap_or(6).clamp(1, 12);
        let month = if half.as_str() == "đầu" { 1 } else { 13 - months };
        return Some(Period { month, months, year: year("yh") });
    }
    if let Some(quarter) = captures.name("quarter").filter(|_| lead.or(part).is_some()) {
        return Some(Period {
            month: quarter_number(quarter.as_str())? * 3 - 2,
            months: 3,
            year: year("yq"),
        });
    }
    if captures.name("year").is_some() {
        let stressed = part.is_some() || lead.is_some_and(|lead| lead.ends_with("hết"));
        return stressed.then(|| Period { month: 1, months: 12, year: year("yy") });
    }
    if captures.name("quarter").is_some() || lead.or(part).is_none() {
        return None;
    }
    month(captures, part, year("y"), context)
}

fn month(
    captures: &Captures<'_>,
    part: Option<&str>,
    year: Option<i32>,
    context: &Context<'_>,
) -> Option<Period> {
    if let Some(month) = number(captures, "month") {
        return Some(Period { month, months: 1, year });
    }
    let later = u32::from(captures.name("next").is_some());
    // "trong tháng" alone is a topic, "cuối tháng" is a day.
    let spoken = later == 1 || captures.name("this").is_some() || part.is_some();
    let day = context.base().checked_add_months(Months::new(later)).filter(|_| spoken)?;
    Some(Period { month: day.month(), months: 1, year: Some(day.year()) })
}

fn quarter_number(written: &str) -> Option<u32> {
    let roman = ["i", "ii", "iii", "iv"].iter().position(|roman| *roman == written);
    roman.and_then(|index| u32::try_from(index + 1).ok()).or_else(|| written.parse().ok())
}

impl Period {
    /// The day a part of the period means in a year; the last day if no part is named.
    fn point(&self, year: i32, part: Option<&str>) -> Option<NaiveDate> {
        let first = NaiveDate::from_ymd_opt(year, self.month, 1)?;
        let after = |months| first.checked_add_months(Months::new(months));
        match (part, self.months) {
            (Some("đầu"), _) => Some(first),
            (Some("giữa"), 1) => first.with_day(15),
            (Some("giữa"), months) if months % 2 == 0 => after(months / 2)?.pred_opt(),
            (Some("giữa"), _) => None,
            (_, months) => after(months)?.pred_opt(),
        }
    }
}
