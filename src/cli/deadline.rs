//! `deadline explain`: what a text says about time, which of it is taken for the deadline and why, and how the
//! days to it are counted. `deadline set`: a person's word, which comes before all of it.

use chrono::{Datelike as _, NaiveDate};
use serde_json::json;

use super::{Exit, Place, print, show};
use crate::app::due::{DueError, Entry, enter};
use crate::domain::calendar::{Calendar, Day, weekday_name};
use crate::domain::deadline::{Proposal, Reading, Verdict, read_all};
use crate::runtime::wiring;

/// Days of a count that are listed one by one; of a longer one only what is no plain weekday or weekend.
const LISTED: usize = 31;

/// `deadline …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Đọc hạn trong một đoạn văn bản: hạn nào được lấy, vì sao, đếm từng ngày
    Explain(Args),
    /// Đặt hạn cho việc đang mở của một văn bản; chi bộ đã được báo sẽ nhận thư thay đổi
    Set(SetArgs),
}

/// `deadline set`
#[derive(Debug, clap::Args)]
pub struct SetArgs {
    /// Số, ký hiệu văn bản (ví dụ 12-KH/ĐUK) hoặc số trong sổ (ví dụ #5)
    document: String,
    /// Ngày cuối cùng, tính cả ngày ấy, yyyy-mm-dd
    day: NaiveDate,
    /// Vì sao: nơi gửi đính chính, đồng chí Bí thư giao…
    #[arg(long)]
    reason: String,
    /// Chỉ một việc của kế hoạch: mã việc trong quy tắc
    #[arg(long)]
    task: Option<String>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
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

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    match verb {
        Verb::Explain(args) => explain(place, args),
        Verb::Set(args) => set(place, args).await,
    }
}

async fn set(place: &Place, args: &SetArgs) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.register(&loaded).await? else { return Ok(Exit::Failed) };
    let documents = show::find(store.as_ref(), &args.document, place).await?;
    let [document] = documents.as_slice() else {
        print::error(&match documents.len() {
            0 => format!("không có văn bản “{}” trong sổ", args.document),
            count => format!("“{}” chỉ {count} văn bản; hãy dùng số trong sổ, ví dụ #5", args.document),
        });
        return Ok(Exit::Failed);
    };
    let office = wiring::office(&loaded.settings, &loaded.office);
    let policy = wiring::policy(&loaded, store.as_ref()).await?;
    let entry = Entry {
        store: store.as_ref(),
        office: &office,
        policy: &policy,
        document: document.id,
        task: args.task.as_deref(),
        day: args.day,
        actor: &place.actor(),
        reason: &args.reason,
        now: place.now(),
    };
    match enter(&entry).await {
        Ok(done) if args.json => print::json(&done)?,
        Ok(done) => print::text(&format!(
            "đã đặt hạn {} {} cho {} việc; {} thư thay đổi chờ gửi",
            weekday_name(args.day),
            date(args.day),
            done.obligations,
            done.mails
        )),
        Err(DueError::Store(error)) => return Err(error.into()),
        Err(error) => {
            print::error(&error.to_string());
            return Ok(Exit::Failed);
        }
    }
    Ok(Exit::Done)
}

fn explain(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let calendar = loaded.office.calendar.of_sector(args.sector.as_deref());
    let received = args.received.unwrap_or_else(|| calendar.date_of(place.now()));
    let reading = read_all(&args.text, args.issued, received, calendar);
    let from = args.issued.unwrap_or(received);
    if args.json {
        return as_json(&reading, from, calendar).map(|()| Exit::Done);
    }
    tell(&reading, from, calendar);
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

fn tell(reading: &Reading, from: NaiveDate, calendar: &Calendar) {
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
