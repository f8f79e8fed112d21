//! `rules explain`: where a document would go, and why.

use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use crate::cli::{Exit, Place, cell, print, show};
use crate::config::{Loaded, Office};
use crate::domain::document::{Document, Exchange, Operation, Steering, Urgency};
use crate::domain::examine::{Secrecy, examine};
use crate::domain::ids::{ExternalId, SourceId};
use crate::domain::routing;
use crate::domain::secrecy::Withheld;
use crate::domain::text::clean;
use crate::domain::unit::Unit;
use crate::render::examined;
use crate::render::explain::Explanation;
use crate::runtime::saved::{self, Found};

/// `rules explain`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Số, ký hiệu (12-KH/ĐUK), số trong sổ (#5) hoặc tệp .json (văn bản do --json in ra, hoặc chi tiết lấy từ
    /// iOffice); văn bản chưa có trong sổ thì mô tả bằng các tuỳ chọn
    document: String,
    /// Trích yếu
    #[arg(long)]
    subject: Option<String>,
    /// Cơ quan ban hành
    #[arg(long, default_value = "")]
    issuer: String,
    /// Loại văn bản, ví dụ "Kế hoạch"
    #[arg(long)]
    kind: Option<String>,
    /// Ngày ban hành, yyyy-mm-dd; mặc định là hôm nay
    #[arg(long)]
    issued: Option<NaiveDate>,
    /// Hạn do nguồn ghi, yyyy-mm-dd
    #[arg(long)]
    due: Option<NaiveDate>,
    /// Vì sao chi bộ này (mã hoặc tên) được, hoặc không được, giao
    #[arg(long)]
    cell: Option<String>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let office = &loaded.office;
    let day = office.calendar.date_of(place.now());
    let cell = match args.cell.as_deref().map(|text| cell::find(&office.units, text, day)).transpose() {
        Ok(cell) => cell,
        Err(reason) => {
            print::error(&reason);
            return Ok(Exit::Failed);
        }
    };
    let mut told = Vec::new();
    match asked(place, &loaded, args).await? {
        Asked::Documents(documents) => {
            for (document, now) in documents {
                told.push(explain(&document, now, office, cell, args.json)?);
            }
        }
        Asked::Withheld(why) if args.json => {
            told.push(Told::Json(json!({"secrecy": Secrecy::from(Some(why))})))
        }
        Asked::Withheld(why) => told.push(Told::Text(format!(
            "Văn bản này bị giữ lại, không quy tắc nào được đọc: {}.",
            why.vietnamese()
        ))),
        Asked::Unreadable(reason) => {
            print::error(&reason);
            return Ok(Exit::Failed);
        }
    }
    display(&told)
}

/// What is said of one document.
enum Told {
    Text(String),
    Json(serde_json::Value),
}

/// Texts one after the other; JSON as one value, or as a list where there are several.
fn display(told: &[Told]) -> anyhow::Result<Exit> {
    let mut values = Vec::new();
    for one in told {
        match one {
            Told::Text(text) => print::text(text),
            Told::Json(value) => values.push(value),
        }
    }
    match &values[..] {
        [] => {}
        [value] => print::json(value)?,
        values => print::json(&values)?,
    }
    Ok(Exit::Done)
}

fn explain(
    document: &Document,
    now: DateTime<Utc>,
    office: &Office,
    cell: Option<&Unit>,
    as_json: bool,
) -> anyhow::Result<Told> {
    let (ruleset, units, calendar) = (&office.ruleset, &office.units, &office.calendar);
    let trace = routing::route(ruleset, document, units, calendar, now);
    let explanation = Explanation { trace: &trace, ruleset, units, calendar, now };
    let examined = examine(document, &trace, calendar, now);
    if as_json {
        let mut value = serde_json::to_value(&examined)?;
        if let Some(fields) = value.as_object_mut() {
            fields.insert("document".to_owned(), serde_json::to_value(document)?);
            fields.insert("trace".to_owned(), serde_json::to_value(&trace)?);
            fields.extend(
                cell.map(|unit| ("cell".to_owned(), json!({"unit": unit.id, "why": explanation.why(unit)}))),
            );
        }
        return Ok(Told::Json(value));
    }
    Ok(Told::Text(match cell {
        Some(unit) => explanation.cell(&unit.id),
        None => format!("{}\n{}", examined::text(&examined, calendar), explanation.text()),
    }))
}

/// What was asked about.
enum Asked {
    /// Documents, each with the instant it was, or would be, registered.
    Documents(Vec<(Document, DateTime<Utc>)>),
    /// A file with a document that must be withheld.
    Withheld(Withheld),
    /// A file without a document.
    Unreadable(String),
}

/// A file, documents of the register, or one made up from the options.
async fn asked(place: &Place, loaded: &Loaded, args: &Args) -> anyhow::Result<Asked> {
    let now = place.now();
    let path = Path::new(&args.document);
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        return file(path, loaded, now);
    }
    if args.subject.is_none()
        && loaded.settings.store.may_exist()
        && let Some(store) = place.reader(loaded).await?
    {
        let rows = show::find(store.as_ref(), &args.document, place).await?;
        if !rows.is_empty() {
            return Ok(Asked::Documents(
                rows.into_iter().map(|row| (row.document, row.registered)).collect(),
            ));
        }
        if args.document.starts_with('#') {
            return Ok(Asked::Unreadable(format!("không có văn bản {} trong sổ", args.document)));
        }
    }
    Ok(Asked::Documents(vec![(sketch(args, &loaded.office, now), now)]))
}

fn file(path: &Path, loaded: &Loaded, now: DateTime<Utc>) -> anyhow::Result<Asked> {
    let bytes = std::fs::read(path).with_context(|| format!("không đọc được {}", path.display()))?;
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let value =
        serde_json::from_slice(text).with_context(|| format!("{} không phải JSON", path.display()))?;
    Ok(match saved::read(&value, loaded) {
        Found::Document(document) => {
            let at = document.received.unwrap_or(now);
            Asked::Documents(vec![(*document, at)])
        }
        Found::Withheld(why) => Asked::Withheld(why),
        Found::Unreadable(reason) => Asked::Unreadable(format!("{}: {reason}", path.display())),
    })
}

fn sketch(args: &Args, office: &Office, now: DateTime<Utc>) -> Document {
    Document {
        source: SourceId::from("explain"),
        external_id: ExternalId::from("0"),
        symbol: clean(&args.document),
        kind_name: args.kind.as_deref().map(clean),
        subject: clean(args.subject.as_deref().unwrap_or_default()),
        content: None,
        issuer: clean(&args.issuer),
        signer: None,
        issued: Some(args.issued.unwrap_or_else(|| office.calendar.date_of(now))),
        received: None,
        due: args.due,
        urgency: Urgency::Unknown,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: None,
        attachments: Vec::new(),
    }
}
