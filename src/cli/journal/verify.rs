//! `journal verify`: walks the chain of the whole journal. What people are to do about each verdict stands here and in
//! docs/NHAT-KY.md.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::app::ports::{JournalRow, Reader};
use crate::cli::{Exit, Place, print};
use crate::domain::calendar::Calendar;
use crate::domain::chain::{Kept, Verdict};
use crate::render::pages::words;

/// `journal verify`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Dấu cuối đã giữ trước đây: 64 chữ số hệ 16, hoặc tệp mà --keep đã ghi; dùng nhiều lần được
    #[arg(long, value_name = "DẤU|TỆP")]
    head: Vec<String>,
    /// Nếu nhật ký còn nguyên, ghi thêm dấu cuối hôm nay vào tệp này; nên để ở máy khác
    #[arg(long, value_name = "TỆP")]
    keep: Option<PathBuf>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    verdict: &'a Verdict,
    /// Kept heads that were compared.
    heads: usize,
    /// The row that the verdict names, as far as it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<JournalRow>,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let kept = args.head.iter().map(|text| heads(text)).collect::<anyhow::Result<Vec<_>>>()?.concat();
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let heads = kept.len();
    let bar = progress(store.position().await?);
    let watch = |rows: i64| bar.set_position(u64::try_from(rows).unwrap_or_default());
    let verdict = store.verify_journal(kept, &watch).await;
    bar.finish_and_clear();
    let verdict = verdict?;
    let found = Found { row: row(store.as_ref(), &verdict).await, heads, verdict: &verdict };
    if args.json {
        print::json(&found)?;
    } else {
        print::text(&told(&found, &loaded.office.calendar));
    }
    let Verdict::Whole { rows, last } = &verdict else { return Ok(Exit::Failed) };
    if let Some(file) = &args.keep {
        keep(file, *rows, last, place.now()).with_context(|| format!("không ghi được {}", file.display()))?;
    }
    Ok(Exit::Done)
}

fn progress(rows: i64) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(rows).unwrap_or_default());
    if let Ok(style) = ProgressStyle::with_template("Kiểm tra nhật ký: {wide_bar} {pos}/{len}, {per_sec}")
    {
        bar.set_style(style);
    }
    bar
}

/// A hash as it is, or the heads in a file.
fn heads(text: &str) -> anyhow::Result<Vec<Kept>> {
    if let Ok(Some(kept)) = Kept::parse(text) {
        return Ok(vec![kept]);
    }
    let lines = fs::read_to_string(text).with_context(|| {
        format!("--head cần dấu cuối (64 chữ số hệ 16) hoặc tệp giữ dấu cuối; không đọc được tệp {text}")
    })?;
    let mut heads = Vec::new();
    for (number, line) in lines.lines().enumerate() {
        match Kept::parse(line) {
            Ok(kept) => heads.extend(kept),
            Err(_) => bail!("{text}, dòng {}: cần “SỐ DẤU”, dấu gồm 64 chữ số hệ 16", number + 1),
        }
    }
    if heads.is_empty() {
        bail!("tệp {text} chưa có dấu cuối nào");
    }
    Ok(heads)
}

/// Adds a line to a file of heads.
fn keep(file: &Path, rows: i64, hash: &str, now: DateTime<Utc>) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    writeln!(file, "{rows} {hash} {}", now.to_rfc3339_opts(SecondsFormat::Secs, true))?;
    file.sync_all()
}

/// The row that a verdict names, if it is there and can be read.
async fn row(store: &dyn Reader, verdict: &Verdict) -> Option<JournalRow> {
    let (Verdict::Changed { number } | Verdict::Rewritten { number }) = verdict else { return None };
    let rows = store.journal(None, number.saturating_sub(1), 1).await.ok()?;
    rows.into_iter().find(|row| row.number == *number)
}

/// What people read.
fn told(found: &Found<'_>, calendar: &Calendar) -> String {
    let about = found.row.as_ref().map(|row| format!(" ({})", about(row, calendar))).unwrap_or_default();
    match found.verdict {
        Verdict::Whole { rows, last } => {
            let met = match found.heads {
                0 => "Muốn biết nhật ký có bị cắt bớt hay ghi lại từ đầu không, hãy giữ dấu cuối ở máy khác (--keep) \
                      và lần sau so bằng --head."
                    .to_owned(),
                heads => format!("Khớp {heads} dấu cuối đã giữ."),
            };
            format!("Nhật ký còn nguyên: {rows} dòng.\nDấu cuối: {rows} {last}\n{met}")
        }
        Verdict::Missing { number } => broken(&format!("thiếu dòng {number}"), number - 1),
        Verdict::Changed { number } => {
            broken(&format!("dòng {number}{about} không như lúc ghi"), (*number - 1).max(0))
        }
        Verdict::Rewritten { number } => format!(
            "NHẬT KÝ ĐÃ BỊ GHI LẠI: các dòng nối khớp nhau, nhưng dòng {number}{about} khác với dấu cuối đã giữ.\n{WHAT_NOW}"
        ),
        Verdict::Cut { rows, kept } => format!(
            "NHẬT KÝ ĐÃ BỊ CẮT BỚT: còn {rows} dòng, trong khi dấu cuối đã giữ ghi là có {kept} dòng.\n{WHAT_NOW}"
        ),
        Verdict::Strange { hash } => format!(
            "KHÔNG DÒNG NÀO khớp dấu cuối {hash}: nhật ký đã bị cắt bớt hoặc ghi lại, hoặc dấu này của sổ khác.\n{WHAT_NOW}"
        ),
    }
}

/// What to do when the journal is not what it was.
const WHAT_NOW: &str = "Đừng sửa sổ; chép giữ nguyên trạng, rồi so với bản sao lưu gần nhất còn kiểm tra được. Xem docs/NHAT-KY.md.";

fn broken(what: &str, good: i64) -> String {
    let good = match good {
        0 => String::new(),
        1 => " Dòng 1 còn nguyên.".to_owned(),
        good => format!(" Các dòng từ 1 đến {good} còn nguyên."),
    };
    format!("NHẬT KÝ KHÔNG CÒN NGUYÊN: {what}.{good}\n{WHAT_NOW}")
}

/// `lúc 02/03/2026 08:15, Chi bộ trả lời, văn bản #3, việc 12`.
fn about(row: &JournalRow, calendar: &Calendar) -> String {
    let mut parts = vec![
        format!("ghi lúc {}", print::instant(Some(row.at), calendar)),
        words::journal(row.kind).to_lowercase(),
    ];
    parts.extend(row.document.map(|id| format!("văn bản #{id}")));
    parts.extend(row.obligation.map(|id| format!("việc {id}")));
    parts.join(", ")
}
