//! `calendar plan`: which open due dates another calendar would move, before anybody is told. Until such a plan
//! is applied, every due date stays as it was counted.

use crate::app::plan::draw::{Draw, Only, Side, draw};
use crate::cli::plan::{Output, Words, progress, since};
use crate::cli::{Exit, Place};
use crate::runtime::wiring;

const WORDS: Words = Words {
    heading: |text| text.calendar_heading(),
    apply: "vanthu calendar apply",
    unkept: "Chưa hạn nào đổi. Lưu để áp dụng: thêm --out TỆP",
};

/// `calendar plan`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Xét các văn bản vào sổ từ bấy lâu (400d), hoặc từ một ngày (2026-01-31)
    #[arg(long, default_value = "400d")]
    since: String,
    #[command(flatten)]
    output: Output,
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
    args.output.give(&plan, &office, &WORDS)?;
    Ok(if plan.is_empty() { Exit::Done } else { Exit::Changes })
}
