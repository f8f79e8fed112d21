//! What the verbs that draw a plan share: how far back they look, how the plan is shown, and how it is kept
//! until somebody applies it.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::print;
use crate::app::office::Office;
use crate::domain::calendar::Calendar;
use crate::domain::plan::Plan;
use crate::render::plan::{COLUMNS, PlanText};

/// Documents and cells that are shown unless all are asked for.
const SHOWN: usize = 40;

/// What becomes of a plan.
#[derive(Debug, clap::Args)]
pub(super) struct Output {
    /// Lưu kế hoạch vào tệp này, để áp dụng bằng lệnh `apply`
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    /// In hết mọi văn bản và chi bộ
    #[arg(long)]
    all: bool,
    /// In dạng JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// The words in which the plans differ.
pub(super) struct Words {
    /// What was compared with what.
    pub(super) heading: fn(&PlanText<'_>) -> String,
    /// The command that applies a kept plan.
    pub(super) apply: &'static str,
    /// What is said of a plan that is not kept.
    pub(super) unkept: &'static str,
}

impl Output {
    /// Keeps the plan where it is wanted, and shows it.
    pub(super) fn give(&self, plan: &Plan, office: &Office, words: &Words) -> anyhow::Result<()> {
        if let Some(path) = &self.out {
            save(plan, path)?;
        }
        if self.json {
            return print::json(&json!({"id": plan.id(), "summary": plan.summary(), "plan": plan}));
        }
        let text = PlanText { plan, units: &office.units, calendar: &office.calendar };
        print::text(&(words.heading)(&text));
        self.changes(&text);
        match &self.out {
            Some(path) => print::text(&format!(
                "Đã lưu kế hoạch {}. Áp dụng: {} {}",
                plan.id(),
                words.apply,
                path.display()
            )),
            None if !plan.is_empty() => print::text(words.unkept),
            None => {}
        }
        Ok(())
    }

    fn changes(&self, text: &PlanText<'_>) {
        let (plan, summary) = (text.plan, text.plan.summary());
        let shown = if self.all { usize::MAX } else { SHOWN };
        for change in plan.changes.iter().take(shown) {
            print::change(&text.document(change));
        }
        more(plan.changes.len(), shown, "văn bản");
        let cells = text.cells(&summary);
        let count = cells.len();
        print::table(&COLUMNS, cells.into_iter().take(shown));
        more(count, shown, "chi bộ");
        print::text(&text.summary(&summary));
    }
}

fn more(count: usize, shown: usize, what: &str) {
    if count > shown {
        print::text(&format!("… và {} {what} nữa; thêm --all để xem hết", count - shown));
    }
}

/// A plan names directives and cells: only its owner may read it.
fn save(plan: &Plan, path: &Path) -> anyhow::Result<()> {
    let failed = || format!("không ghi được kế hoạch vào {}", path.display());
    let mut options = std::fs::OpenOptions::new();
    let mut file =
        options.create(true).truncate(true).write(true).mode(0o600).open(path).with_context(failed)?;
    serde_json::to_writer(&mut file, plan).with_context(failed)?;
    file.flush().with_context(failed)
}

/// The instant a window begins: `90d` before now, or the first moment of a day.
pub(super) fn since(text: &str, now: DateTime<Utc>, calendar: &Calendar) -> anyhow::Result<DateTime<Utc>> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(calendar.instant(day, chrono::NaiveTime::MIN));
    }
    let wrong = || format!("--since {text}: viết như 90d, 12h hoặc 2026-01-31");
    let length = humantime::parse_duration(text).with_context(wrong)?;
    now.checked_sub_signed(Duration::from_std(length).with_context(wrong)?).with_context(wrong)
}

/// How far the replay has come, on a terminal.
pub(super) fn progress() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("Xét lại văn bản: {wide_bar} {pos}/{len}, {per_sec}")
    {
        bar.set_style(style);
    }
    bar
}
