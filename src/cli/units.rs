//! `units`: the organisation as the files have it, to look at, to check, to exchange with spreadsheets.

mod check;
mod export;
mod import;
mod list;
mod show;
mod tree;

use chrono::NaiveDate;

use super::{Exit, Place};
use crate::config::Loaded;
use crate::config::unit::import::day_text;
use crate::domain::unit::{Absence, Unit, Units};

/// `units …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Liệt kê tổ chức theo thứ tự tiếng Việt
    List(list::Args),
    /// Cây tổ chức
    Tree(tree::Args),
    /// Xem một tổ chức: tên qua các thời kỳ, cấp trên, hộp thư, người nhận thay, việc đang mở
    Show(show::Args),
    /// Kiểm tra tệp tổ chức; nêu chi bộ không ai đọc thư và việc sẽ phải chuyển
    Check(check::Args),
    /// Đối chiếu một bảng tính với tệp tổ chức; chỉ ghi khi có --write
    Import(import::Args),
    /// Ghi danh sách tổ chức ra bảng tính để sửa rồi nhập lại
    Export(export::Args),
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    match verb {
        Verb::List(args) => list::run(place, args),
        Verb::Tree(args) => tree::run(place, args),
        Verb::Show(args) => show::run(place, args).await,
        Verb::Check(args) => check::run(place, args).await,
        Verb::Import(args) => import::run(place, args).await,
        Verb::Export(args) => export::run(place, args),
    }
}

/// The day a command looks at: the one asked for, else today in the office.
fn day(at: Option<NaiveDate>, loaded: &Loaded, place: &Place) -> NaiveDate {
    at.unwrap_or_else(|| loaded.office.calendar.date_of(place.now()))
}

/// A kind in words.
fn kind<'a>(unit: &'a Unit, units: &'a Units) -> &'a str {
    units.kinds.iter().find(|kind| kind.id == unit.kind).map_or(&unit.kind, |kind| &kind.name)
}

/// A sector in words.
fn sector<'a>(unit: &'a Unit, units: &'a Units) -> &'a str {
    unit.sector.as_ref().map_or("", |id| units.sectors.get(id).map_or(id, |name| name))
}

/// Who is written to on a day, with who deputises for whom.
fn recipients(unit: &Unit, day: NaiveDate) -> String {
    let shown = unit.recipients_on(day).into_iter().map(|one| match one.instead {
        None => one.address.to_owned(),
        Some(absence) => format!("{} ({})", one.address, instead(absence)),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// `nhận thay đồng chí Bí thư đến 14/08/2026`
fn instead(absence: &Absence) -> String {
    let person = absence.person.as_ref().map(|person| format!(" {person}")).unwrap_or_default();
    let until = absence.valid.until.map(|day| format!(" đến {}", day_text(day))).unwrap_or_default();
    format!("nhận thay{person}{until}")
}
