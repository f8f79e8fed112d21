//! `units show`: everything about one unit.

use chrono::NaiveDate;
use serde_json::json;

use super::{day, instead, kind, recipients, sector};
use crate::app::ports::DocumentRow;
use crate::cli::{Exit, Place, print};
use crate::config::Loaded;
use crate::config::unit::import::day_text;
use crate::config::unit::similar_units;
use crate::domain::ids::UnitId;
use crate::domain::obligation::Obligation;
use crate::domain::text::tone_key;
use crate::domain::unit::{Bearer, Unit, Units, Validity};

/// `units show`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Mã hoặc tên của tổ chức
    unit: String,
    /// Vào ngày nào, yyyy-mm-dd; mặc định hôm nay
    #[arg(long)]
    at: Option<NaiveDate>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let (units, day) = (&loaded.office.units, day(args.at, &loaded, place));
    let Some(unit) = find(&args.unit, units, day) else {
        let near = similar_units(&args.unit, units).join("; ");
        let near = if near.is_empty() { String::new() } else { format!("; có phải: {near}?") };
        print::error(&format!("không có tổ chức “{}”{near}", args.unit));
        return Ok(Exit::Failed);
    };
    let open = open(place, &loaded, unit).await?;
    if args.json {
        print::json(&object(unit, units, &open, day))?;
        return Ok(Exit::Done);
    }
    print::text(&format!("{} ({})", unit.name_on(day), unit.id));
    for (label, value) in facts(unit, units, day) {
        if !value.is_empty() {
            print::text(&format!("  {label}: {value}"));
        }
    }
    display(&open, &loaded, place);
    Ok(Exit::Done)
}

/// A unit by code, else by the only name that fits.
fn find<'a>(text: &str, units: &'a Units, day: NaiveDate) -> Option<&'a Unit> {
    let key = tone_key(text);
    let named = || units.iter().filter(|unit| tone_key(unit.name_on(day)) == key);
    units.get(&UnitId(text.to_owned())).or_else(|| named().next().filter(|_| named().count() == 1))
}

/// Its open obligations with their documents; none where there is no register yet.
async fn open(
    place: &Place,
    loaded: &Loaded,
    unit: &Unit,
) -> anyhow::Result<Vec<(Obligation, Option<DocumentRow>)>> {
    let mut open = Vec::new();
    if loaded.settings.store.may_exist()
        && let Some(store) = place.register(loaded).await?
    {
        for row in store.live_of(&unit.id).await? {
            let document = store.document(row.document, place.now()).await?;
            open.push((row, document));
        }
    }
    Ok(open)
}

fn facts(unit: &Unit, units: &Units, day: NaiveDate) -> Vec<(&'static str, String)> {
    let card = &unit.card;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let names = unit.names.iter().map(|name| format!("{}{}", name.value, span(name.valid)));
    let parents =
        unit.parents.iter().map(|one| format!("{}{}", units.name_on(&one.value, day), span(one.valid)));
    let boxes = unit.mailboxes.iter().map(|one| format!("{} [{}]{}", one.address, one.post, span(one.valid)));
    let away = unit.absences.iter().map(|absence| {
        let deputy = absence.deputy.as_deref().unwrap_or("chưa có người nhận thay");
        format!("{deputy}, {}{}", instead(absence), span(absence.valid))
    });
    vec![
        ("Loại", kind(unit, units).to_owned()),
        ("Khối", sector(unit, units).to_owned()),
        ("Hiệu lực", span(unit.valid).trim_start().to_owned()),
        ("Tên qua các thời kỳ", joined(names.filter(|_| unit.names.len() > 1))),
        ("Tên gọi khác", unit.aliases.join("; ")),
        ("Trực thuộc", joined(parents)),
        ("Bí thư", text(&card.secretary)),
        ("Điện thoại", text(&card.phone)),
        ("Hộp thư", joined(boxes)),
        ("Vắng mặt", joined(away)),
        ("Thư gửi đến", recipients(unit, day)),
        ("Tiếp nhận", succession(unit, units, day)),
        ("Tiếp nhận việc của", joined(units.predecessors(&unit.id).map(|one| one.name_on(day).to_owned()))),
        ("Ghi chú", text(&card.note)),
    ]
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

/// ` từ 01/07/2026 đến 31/12/2026`
fn span(valid: Validity) -> String {
    let from = valid.from.map(|day| format!(" từ {}", day_text(day))).unwrap_or_default();
    let until = valid.until.map(|day| format!(" đến hết {}", day_text(day))).unwrap_or_default();
    format!("{from}{until}")
}

fn succession(unit: &Unit, units: &Units, day: NaiveDate) -> String {
    let names = unit.succession.successors.iter().map(|id| units.name_on(id, day).to_owned());
    let heir = unit.succession.heir().map(|id| units.name_on(id, day));
    let bearer = match units.bearer(&unit.id, day) {
        Bearer::Heir(heir) => format!("; hiện nay việc do {} gánh", heir.name_on(day)),
        Bearer::Undecided { .. } if unit.valid.until.is_some_and(|until| until < day) => {
            "; việc đang dở chờ văn thư quyết định".to_owned()
        }
        Bearer::Itself(_) | Bearer::Undecided { .. } => String::new(),
    };
    let named = joined(names);
    match heir {
        Some(heir) if unit.succession.successors.len() > 1 => format!("{named} (việc dở: {heir}){bearer}"),
        _ => format!("{named}{bearer}").trim_start_matches("; ").to_owned(),
    }
}

fn display(open: &[(Obligation, Option<DocumentRow>)], loaded: &Loaded, _: &Place) {
    let calendar = &loaded.office.calendar;
    print::text(&format!("  Việc đang mở: {}", open.len()));
    print::table(
        &["Việc", "Văn bản", "Trích yếu", "Tình trạng", "Hạn"],
        open.iter().map(|(row, document)| {
            let document = document.as_ref().map(|row| &row.document);
            vec![
                row.id.to_string(),
                document.map(|document| document.symbol.clone()).unwrap_or_default(),
                document.map(|document| document.subject.clone()).unwrap_or_default(),
                crate::render::pages::words::state(row.state).to_owned(),
                print::due(row.due, calendar),
            ]
        }),
    );
}

fn object(
    unit: &Unit,
    units: &Units,
    open: &[(Obligation, Option<DocumentRow>)],
    day: NaiveDate,
) -> serde_json::Value {
    let names = unit.names.iter().map(|name| json!({"name": name.value, "valid": name.valid}));
    let parents = unit.parents.iter().map(|one| json!({"unit": one.value, "valid": one.valid}));
    let boxes = unit
        .mailboxes
        .iter()
        .map(|one| json!({"address": one.address, "post": one.post, "order": one.order, "valid": one.valid}));
    let away = unit.absences.iter().map(
        |one| json!({"mailbox": one.mailbox, "person": one.person, "deputy": one.deputy, "valid": one.valid}),
    );
    let rows = open.iter().map(|(row, document)| {
        json!({"obligation": row.id, "document": row.document, "state": row.state, "due": row.due,
            "symbol": document.as_ref().map(|row| row.document.symbol.clone())})
    });
    json!({
        "id": unit.id, "name": unit.name_on(day), "kind": unit.kind, "sector": unit.sector,
        "names": names.collect::<Vec<_>>(), "parents": parents.collect::<Vec<_>>(), "valid": unit.valid,
        "aliases": unit.aliases, "mailboxes": boxes.collect::<Vec<_>>(), "absences": away.collect::<Vec<_>>(),
        "recipients": unit.recipients_on(day).iter().map(|one| one.address).collect::<Vec<_>>(),
        "successors": unit.succession.successors, "heir": unit.succession.heir(),
        "predecessors": units.predecessors(&unit.id).map(|one| &one.id).collect::<Vec<_>>(),
        "secretary": unit.card.secretary, "phone": unit.card.phone, "note": unit.card.note,
        "open": rows.collect::<Vec<_>>(),
    })
}
