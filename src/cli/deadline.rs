//! `deadline explain`: what a text says about time, which of it is taken for the deadline and why, and how the
//! days to it are counted.

use chrono::{Datelike as _, NaiveDate};
use serde_json::json;

use super::{Exit, Place, print};
use crate::domain::calendar::{Calendar, Day, weekday_name};
use crate::domain::deadline::{Proposal, Reading, Verdict, read_all};

/// Days of a count that are listed one by one; of a longer one only what is no plain weekday or weekend.
const LISTED: usize = 31;

/// `deadline …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Đọc hạn trong một đoạn văn bản: hạn nào được lấy, vì sao, đếm từng ngày
    Explain(Args),
}

/// `deadline explain`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Đoạn văn bản, ví dụ "gửi báo cáo về Ban Tổ chức trước ngày 15/3/2026"
    text: String,
    /// Ngày ban hành, yyyy-mm-dd
    #[arg(long)]
    issued: Option<NaiveDate>,
    /// Ngày nhận, yyyy-mm-dd; không ghi là hôm nay
    #[arg(long)]
    received: Option<NaiveDate>,
    /// Theo lịch của một khối ngành
    #[arg(long)]
    sector: Option<String>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let Verb::Explain(args) = verb;
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let calendar = loaded.office.calendar.of_sector(args.sector.as_deref());
    let received = args.received.unwrap_or_else(|| calendar.date_of(place.now()));
    let reading = read_all(&args.text, args.issued, received, calendar);
    let from = args.issued.unwrap_or(received);
    if args.json {
        return as_json(&reading, from, calendar).map(|()| Exit::Done);
    }
    show(&reading, from, calendar);
    Ok(Exit::Done)
}

fn as_json(reading: &Reading, from: NaiveDate, calendar: &Calendar) -> anyhow::Result<()> {
    let verdicts = reading.verdicts();
    let proposal = |(proposal, verdict): (&Proposal, &Verdict)| {
        let day = calendar.due_day(proposal.due);
        let counted = calendar.days_between(from, day);
        let day_as_json = |day: &Day| json!({"date": day.date, "working": day.working, "why": day.why});
        json!({
            "phrase": proposal.phrase, "due": proposal.due, "day": day, "reading": proposal.reading,
            "doubt": proposal.doubt, "addressee": proposal.addressee, "chosen": *verdict == Verdict::Chosen,
            "why": verdict.vietnamese(), "working_days": calendar.working_days_between(from, day),
            "days": counted.iter().map(day_as_json).collect::<Vec<_>>(),
        })
    };
    let proposals: Vec<_> = reading.proposals.iter().zip(&verdicts).map(proposal).collect();
    print::json(&json!({"proposals": proposals, "mentions": reading.mentions}))
}

fn show(reading: &Reading, from: NaiveDate, calendar: &Calendar) {
    let verdicts = reading.verdicts();
    if reading.proposals.is_empty() {
        print::text("Không thấy hạn nào trong đoạn này.");
    }
    for (proposal, verdict) in reading.proposals.iter().zip(&verdicts) {
        let mark = if *verdict == Verdict::Chosen { "✓" } else { "·" };
        let mut lines = vec![
            format!("{mark} “{}”", proposal.phrase),
            format!("    {}", proposal.reading),
            format!("    {}", verdict.vietnamese()),
        ];
        lines.extend(proposal.doubt.as_ref().map(|doubt| format!("    ngờ: {doubt}")));
        lines.extend(proposal.addressee.as_ref().map(|to| format!("    gửi về: {to}")));
        print::text(&lines.join("\n"));
    }
    for mention in &reading.mentions {
        let mark = if mention.warns { "!" } else { "–" };
        print::text(&format!("{mark} “{}”\n    {}", mention.phrase, mention.reason));
    }
    let chosen = reading.proposals.iter().zip(&verdicts).find(|(_, verdict)| **verdict == Verdict::Chosen);
    if let Some((proposal, _)) = chosen {
        count(from, calendar.due_day(proposal.due), calendar);
    }
}

/// The days from the document's own to the deadline, the first not counted.
fn count(from: NaiveDate, to: NaiveDate, calendar: &Calendar) {
    let days = calendar.days_between(from, to);
    let odd = |day: &&Day| {
        let weekend = day.date.weekday().num_days_from_monday() >= 5;
        day.working == weekend || day.why != "ngày làm việc" && day.why != weekday_name(day.date)
    };
    let listed: Vec<_> = days.iter().filter(|day| days.len() <= LISTED || odd(day)).collect();
    let mut number = 0;
    let all = days.len() == listed.len();
    print::text(&format!("\nTừ {} (không tính) đến {}:", date(from), date(to)));
    print::table(
        &["Ngày", "Thứ", "Là", "Đếm"],
        listed.iter().map(|day| {
            number += i32::from(day.working);
            let count = if day.working && all { number.to_string() } else { "–".to_owned() };
            vec![date(day.date), weekday_name(day.date).to_owned(), day.why.clone(), count]
        }),
    );
    let worked = days.iter().filter(|day| day.working).count();
    print::text(&format!("{} ngày, trong đó {worked} ngày làm việc", days.len()));
}

fn date(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}
