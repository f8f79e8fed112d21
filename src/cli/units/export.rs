//! `units export`: a spreadsheet to edit and to import again.

use std::path::PathBuf;

use anyhow::Context as _;

use super::day;
use crate::cli::{Exit, Place, print};
use crate::config::unit::export;

/// `units export`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Tệp .xlsx sẽ ghi
    #[arg(long)]
    xlsx: PathBuf,
    /// Ghi đè nếu tệp đã có
    #[arg(long)]
    force: bool,
}

pub(super) fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let shown = args.xlsx.display();
    if args.xlsx.exists() && !args.force {
        print::error(&format!("{shown} đã có; thêm --force để ghi đè"));
        return Ok(Exit::Failed);
    }
    let today = day(None, &loaded, place);
    let written = export::write(&args.xlsx, &loaded.office.units, today)
        .with_context(|| format!("không ghi được {shown}"))?;
    print::text(&format!("đã ghi {written} tổ chức vào {shown}"));
    print::text(&format!("sửa xong, xem trước thay đổi bằng: vanthu units import {shown}"));
    Ok(Exit::Done)
}
