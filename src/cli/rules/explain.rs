//! `rules explain`: where a document would go, and why.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use crate::cli::{Exit, Place, print, show};
use crate::config::{Loaded, Office};
use crate::domain::document::{Document, Operation, Urgency};
use crate::domain::ids::{ExternalId, SourceId, UnitId};
use crate::domain::routing;
use crate::domain::text::clean;
use crate::render::explain::Explanation;

/// `rules explain`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Số, ký hiệu (12-KH/ĐUK) hoặc số trong sổ (#5); văn bản chưa có trong sổ thì mô tả bằng các tuỳ chọn
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
    /// Vì sao chi bộ này được, hoặc không được, giao
    #[arg(long)]
    cell: Option<String>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let office = &loaded.office;
    for (document, now) in documents(place, &loaded, args).await? {
        let trace = routing::route(&office.ruleset, &document, &office.units, &office.calendar, now);
        let (ruleset, units, calendar) = (&office.ruleset, &office.units, &office.calendar);
        let explanation = Explanation { trace: &trace, ruleset, units, calendar, now };
        match &args.cell {
            _ if args.json => print::json(&json!({"document": document, "trace": trace}))?,
            Some(cell) => print::text(&explanation.cell(&UnitId::from(cell.as_str()))),
            None => print::text(&explanation.text()),
        }
    }
    Ok(Exit::Done)
}

/// The documents meant, each with the instant it was, or would be, registered: from the register, or
/// made up from the options.
async fn documents(
    place: &Place,
    loaded: &Loaded,
    args: &Args,
) -> anyhow::Result<Vec<(Document, DateTime<Utc>)>> {
    if args.subject.is_none()
        && loaded.settings.store.path.exists()
        && let Some(store) = place.reader(loaded).await?
    {
        let rows = show::find(store.as_ref(), &args.document, place).await?;
        if !rows.is_empty() {
            return Ok(rows.into_iter().map(|row| (row.document, row.registered)).collect());
        }
    }
    Ok(vec![(sketch(args, &loaded.office, place.now()), place.now())])
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
        field: None,
        attachments: Vec::new(),
    }
}

