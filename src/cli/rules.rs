//! `rules`: check, explain, test, fmt, new, schema.

mod ask;
mod fmt;
mod interview;
mod new;
mod preview;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::{Exit, Place, check, print, schema, show};
use crate::config::rules_test::{self, Tested};
use crate::config::schema::Schema;
use crate::config::{Loaded, Office};
use crate::domain::document::{Document, Operation, Urgency};
use crate::domain::ids::{ExternalId, SourceId, UnitId};
use crate::domain::routing;
use crate::domain::text::clean;
use crate::render::explain::Explanation;

/// `rules …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Kiểm tra quy tắc, tổ chức, lịch
    Check(check::Args),
    /// Cho biết một văn bản sẽ giao cho ai, vì sao
    Explain(ExplainArgs),
    /// Chạy các phép thử ghi cạnh quy tắc
    Test {
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Xếp lại dấu cách, dòng trống trong tệp quy tắc; giữ nguyên chú thích và nghĩa
    Fmt(fmt::Args),
    /// Hỏi vài câu rồi viết thành một quy tắc kèm phép thử, nối vào cuối tệp
    New(Box<new::Args>),
    /// In lược đồ JSON của tệp quy tắc, cho trình soạn thảo
    Schema(schema::Options),
}

/// `rules explain`
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
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

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    match verb {
        Verb::Check(args) => check::run(place, args),
        Verb::Explain(args) => explain(place, args).await,
        Verb::Test { json } => test(place, *json),
        Verb::Fmt(args) => fmt::run(place, args),
        Verb::New(args) => new::run(place, args).await,
        Verb::Schema(options) => schema::write(place, Schema::Rules, options),
    }
}

async fn explain(place: &Place, args: &ExplainArgs) -> anyhow::Result<Exit> {
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
    args: &ExplainArgs,
) -> anyhow::Result<Vec<(Document, DateTime<Utc>)>> {
    if args.subject.is_none()
        && loaded.settings.store.path.exists()
        && let Some(store) = place.register(loaded).await?
    {
        let rows = show::find(store.as_ref(), &args.document, place).await?;
        if !rows.is_empty() {
            return Ok(rows.into_iter().map(|row| (row.document, row.registered)).collect());
        }
    }
    Ok(vec![(sketch(args, &loaded.office, place.now()), place.now())])
}

fn sketch(args: &ExplainArgs, office: &Office, now: DateTime<Utc>) -> Document {
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

fn test(place: &Place, as_json: bool) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let tested = rules_test::run(&loaded.office);
    let report = rules_test::report(&tested);
    if as_json {
        print::json(&tested.iter().map(|one| outcome(one, place)).collect::<Vec<_>>())?;
    } else {
        print::table(
            &["", "Phép thử", "Ở"],
            tested.iter().map(|one| {
                let mark = if one.failures.is_empty() { "✓" } else { "✗" };
                vec![mark.to_owned(), one.test.name.clone(), one.test.place.to_string()]
            }),
        );
        print::block(&report.render(place.language(), print::colour()));
        for rule in rules_test::untested(&loaded.office, &tested) {
            print::text(&format!("chưa có phép thử nào cho quy tắc “{}” ({})", rule.id, rule.place));
        }
    }
    Ok(if report.errors() == 0 { Exit::Done } else { Exit::Failed })
}

fn outcome(tested: &Tested<'_>, place: &Place) -> serde_json::Value {
    let failures: Vec<_> = tested.failures.iter().map(|failure| failure.to_json(place.language())).collect();
    json!({
        "name": tested.test.name, "place": tested.test.place.to_string(),
        "passed": failures.is_empty(), "failures": failures,
    })
}
