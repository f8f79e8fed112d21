//! `calendar plan`: which open due dates another calendar would move, before anybody is told. Until such a plan
//! is applied, every due date stays as it was counted.

use std::path::PathBuf;

use serde_json::json;

use crate::app::plan::draw::{Draw, Only, Side, draw};
use crate::cli::rules::plan::{SHOWN, more, progress, save, since};
use crate::cli::{Exit, Place, print};
use crate::domain::plan::Plan;
use crate::render::plan::{COLUMNS, PlanText};
use crate::runtime::wiring;

/// `calendar plan`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Xét các văn bản vào sổ từ bấy lâu (400d), hoặc từ một ngày (2026-01-31)
    #[arg(long, default_value = "400d")]
    since: String,
    /// Lưu kế hoạch vào tệp này, để `vanthu calendar apply` áp dụng
    #[arg(long)]
    out: Option<PathBuf>,
    /// In hết mọi văn bản và chi bộ
    #[arg(long)]
    all: bool,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let Some(reader) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let office = wiring::office(&loaded.settings, &loaded.office);
    let bar = progress();
    let drawn = draw(&Draw {
        reader: reader.as_ref(),
        before: None,
        after: Side { office: &office, stamp: &loaded.office.stamp },
        only: Only::Calendar,
        since: since(&args.since, place.now(), &office.calendar)?,
        now: place.now(),
        actor: place.actor(),
        progress: &|looked, total| {
            bar.set_length(total);
            bar.set_position(looked);
        },
    })
    .await;
    bar.finish_and_clear();
    let plan = drawn?;
    if let Some(path) = &args.out {
        save(&plan, path)?;
    }
    let text = PlanText { plan: &plan, units: &office.units, calendar: &office.calendar };
    show(&plan, &text, args)?;
    Ok(if plan.is_empty() { Exit::Done } else { Exit::Changes })
}

fn show(plan: &Plan, text: &PlanText<'_>, args: &Args) -> anyhow::Result<()> {
    let summary = plan.summary();
    if args.json {
        return print::json(&json!({"id": plan.id(), "summary": summary, "plan": plan}));
    }
    print::text(&text.calendar_heading());
    let shown = if args.all { usize::MAX } else { SHOWN };
    for change in plan.changes.iter().take(shown) {
        print::change(&text.document(change));
    }
    more(plan.changes.len(), shown, "văn bản");
    let cells = text.cells(&summary);
    let count = cells.len();
    print::table(&COLUMNS, cells.into_iter().take(shown));
    more(count, shown, "chi bộ");
    print::text(&text.summary(&summary));
    match &args.out {
        Some(path) => print::text(&format!(
            "Đã lưu kế hoạch {}. Áp dụng: vanthu calendar apply {}",
            plan.id(),
            path.display()
        )),
        None if !plan.is_empty() => print::text("Chưa hạn nào đổi. Lưu để áp dụng: thêm --out TỆP"),
        None => {}
    }
    Ok(())
}
