//! `units check`: the file itself, who cannot be reached, and what will have to move.

use serde_json::json;

use super::{day, kind};
use crate::app::reorganise::{Consequence, preview};
use crate::cli::{Exit, Place, print};
use crate::config::diagnostic::Report;
use crate::config::unit::import::day_text;
use crate::domain::unit::Units;

/// `units check`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let (loaded, mut report) = match place.load_quietly() {
        Ok(loaded) => (Some(loaded.clone()), loaded.warnings),
        Err(report) => (None, report),
    };
    report.diagnostics.retain(|finding| {
        ["VT05", "VT11"].iter().any(|range| finding.code.id().starts_with(range)) || loaded.is_none()
    });
    let Some(loaded) = loaded else {
        tell(place, args, &report, &[], None)?;
        return Ok(Exit::Configuration);
    };
    let (units, today) = (&loaded.office.units, day(None, &loaded, place));
    let consequences = match loaded.settings.store.may_exist() {
        true => match place.register(&loaded).await? {
            Some(store) => preview(store.as_ref(), units, today).await?,
            None => Vec::new(),
        },
        false => Vec::new(),
    };
    tell(place, args, &report, &consequences, Some((units, today)))?;
    Ok(Exit::Done)
}

fn tell(
    place: &Place,
    args: &Args,
    report: &Report,
    consequences: &[Consequence],
    known: Option<(&Units, chrono::NaiveDate)>,
) -> anyhow::Result<()> {
    let unread: Vec<_> =
        known.map(|(units, today)| units.unreachable_on(today).collect()).unwrap_or_default();
    if args.json {
        let unread: Vec<_> = unread.iter().map(|unit| &unit.id).collect();
        return print::json(&json!({
            "findings": report.to_json(place.language()), "unreachable": unread, "open_work": consequences,
        }));
    }
    print::block(&report.render(place.language(), print::colour()));
    let Some((units, today)) = known else { return Ok(()) };
    let living = units.iter().filter(|unit| unit.valid.covers(today)).count();
    let cells = units.cells_on(today).count();
    print::text(&format!("{living} tổ chức, {cells} chi bộ; {} chi bộ không ai đọc thư", unread.len()));
    for unit in unread {
        print::text(&format!("  ◇ {} ({}, {})", unit.name_on(today), unit.id, kind(unit, units)));
    }
    consequences.iter().for_each(|one| print::text(&sentence(one, units)));
    Ok(())
}

/// What becomes of the open work of one cell, in a sentence.
pub(super) fn sentence(one: &Consequence, units: &Units) -> String {
    let name = |id| units.name_on(id, one.from);
    let (cell, count, from) = (name(&one.cell), one.obligations, day_text(one.from));
    match &one.heir {
        Some(heir) => format!(
            "→ {count} việc đang mở của {cell} chuyển cho {} từ ngày {from}; liên kết trong thư cũ dẫn sang đó",
            name(heir)
        ),
        None => format!("◇ {count} việc đang mở của {cell} từ ngày {from} chờ văn thư chọn nơi tiếp nhận"),
    }
}
