//! `units tree`: who stands below whom.

use chrono::NaiveDate;
use serde_json::json;

use super::{day, kind};
use crate::cli::{Exit, Place, print};

/// `units tree`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Vào ngày nào, yyyy-mm-dd; mặc định hôm nay
    #[arg(long)]
    at: Option<NaiveDate>,
    /// In dạng JSON: danh sách theo thứ tự của cây, kèm độ sâu
    #[arg(long)]
    json: bool,
}

pub(super) fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let (units, day) = (&loaded.office.units, day(args.at, &loaded, place));
    let tree = units.tree_on(day);
    if args.json {
        let line = |branch: &crate::domain::unit::Branch<'_>| {
            json!({ "id": branch.unit.id, "name": branch.unit.name_on(day), "kind": branch.unit.kind,
                "depth": branch.depth })
        };
        print::json(&tree.iter().map(line).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    for branch in &tree {
        let unit = branch.unit;
        let indent = "    ".repeat(branch.depth);
        let kind = kind(unit, units);
        print::text(&format!("{indent}{}  ({}, {kind})", unit.name_on(day), unit.id));
    }
    Ok(Exit::Done)
}
