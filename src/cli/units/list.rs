//! `units list`: in Vietnamese order, numbers inside names by value.

use std::io::Write as _;

use chrono::NaiveDate;
use serde_json::json;

use super::{day, kind, recipients, sector};
use crate::cli::{Exit, Place, print};
use crate::domain::ids::UnitId;
use crate::domain::text::tone_key;
use crate::domain::unit::{Unit, Units};

/// `units list`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Chỉ loại này: mã hoặc tên loại; ghi nhiều lần được
    #[arg(long)]
    kind: Vec<String>,
    /// Chỉ khối này: mã hoặc tên khối; ghi nhiều lần được
    #[arg(long)]
    sector: Vec<String>,
    /// Chỉ tổ chức này và các tổ chức bên dưới
    #[arg(long)]
    under: Option<String>,
    /// Vào ngày nào, yyyy-mm-dd; mặc định hôm nay
    #[arg(long)]
    at: Option<NaiveDate>,
    /// In dạng JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// In dạng CSV mà Excel tiếng Việt mở được ngay
    #[arg(long)]
    csv: bool,
}

pub(super) fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let (units, day) = (&loaded.office.units, day(args.at, &loaded, place));
    if let Some(wrong) = args.under.iter().find(|code| units.get(&UnitId((*code).clone())).is_none()) {
        print::error(&format!("không có tổ chức “{wrong}”; xem mã bằng `vanthu units list`"));
        return Ok(Exit::Failed);
    }
    let chosen = choose(args, units, day);
    if args.json {
        print::json(&chosen.iter().map(|unit| object(unit, units, day)).collect::<Vec<_>>())?;
    } else if args.csv {
        csv(&chosen, units, day)?;
    } else {
        print::table(&HEADINGS, chosen.iter().map(|unit| row(unit, units, day)));
        print::text(&format!("{} tổ chức, ngày {}", chosen.len(), day.format("%d/%m/%Y")));
    }
    Ok(Exit::Done)
}

const HEADINGS: [&str; 6] = ["Tên", "Mã", "Loại", "Khối", "Trực thuộc", "Thư gửi đến"];

fn choose<'a>(args: &Args, units: &'a Units, day: NaiveDate) -> Vec<&'a Unit> {
    let meant = |wanted: &[String], id: &str, name: &str| {
        let fits = |word: &String| word == id || tone_key(word) == tone_key(name);
        wanted.is_empty() || wanted.iter().any(fits)
    };
    let under = args.under.as_ref().map(|code| UnitId(code.clone()));
    let mut chosen: Vec<&Unit> = units
        .iter()
        .filter(|unit| unit.valid.covers(day))
        .filter(|unit| meant(&args.kind, &unit.kind, kind(unit, units)))
        .filter(|unit| meant(&args.sector, unit.sector.as_deref().unwrap_or_default(), sector(unit, units)))
        .filter(|unit| under.as_ref().is_none_or(|root| units.is_within(&unit.id, root, day)))
        .collect();
    Units::sort(&mut chosen, day);
    chosen
}

fn row(unit: &Unit, units: &Units, day: NaiveDate) -> Vec<String> {
    let mail = match (recipients(unit, day), units.is_cell_kind(&unit.kind)) {
        (none, true) if none.is_empty() => "◇ không ai đọc thư".to_owned(),
        (some, _) => some,
    };
    let parent = unit.parent_on(day).map(|id| units.name_on(id, day)).unwrap_or_default();
    let words = [unit.name_on(day), unit.id.as_str(), kind(unit, units), sector(unit, units), parent];
    words.into_iter().map(str::to_owned).chain([mail]).collect()
}

/// With a byte order mark and semicolons, as Vietnamese Excel expects it.
fn csv(chosen: &[&Unit], units: &Units, day: NaiveDate) -> anyhow::Result<()> {
    let mut text = vec![0xef, 0xbb, 0xbf];
    {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(&mut text);
        writer.write_record(HEADINGS)?;
        chosen.iter().try_for_each(|unit| writer.write_record(row(unit, units, day)))?;
        writer.flush()?;
    }
    std::io::stdout().lock().write_all(&text)?;
    Ok(())
}

fn object(unit: &Unit, units: &Units, day: NaiveDate) -> serde_json::Value {
    let recipients = unit.recipients_on(day).into_iter().map(|one| {
        json!({ "address": one.address, "instead_of": one.instead.and_then(|away| away.person.clone()),
            "deputy": one.instead.is_some() })
    });
    json!({
        "id": unit.id, "name": unit.name_on(day), "kind": unit.kind, "sector": unit.sector,
        "parent": unit.parent_on(day), "cell": units.is_cell_kind(&unit.kind),
        "recipients": recipients.collect::<Vec<_>>(),
    })
}
