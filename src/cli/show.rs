//! `show`: one document, found by symbol or by its number in the register.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Exit, Place, print};
use crate::app::history::history;
use crate::app::ports::{CellReceipt, Difference, DocumentRow, JournalRow, ObligationRow, Reader};
use crate::config::Office;
use crate::domain::calendar::Calendar;
use crate::domain::ids::DocumentId;
use crate::domain::obligation::{Contact, State, TaskName};
use crate::domain::operation::{History, Related, Standing};
use crate::domain::tally;
use crate::domain::text::vietnamese_order;

mod said;

use said::{Asked, Said};

/// `show`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Số, ký hiệu (ví dụ 12-KH/ĐUK) hoặc số trong sổ (ví dụ #5)
    document: String,
    /// In cả nhật ký
    #[arg(long)]
    journal: bool,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

/// One obligation of the document.
#[derive(Debug, Serialize)]
struct Line {
    obligation: i64,
    cell: String,
    name: String,
    /// Code of the task, where a plan asks for several.
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<String>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    state: State,
    contact: Contact,
    /// When the cell first looked at the directive in its source.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<chrono::DateTime<chrono::Utc>>,
    late: bool,
    due: Option<chrono::DateTime<chrono::Utc>>,
    grade: Option<crate::domain::obligation::Grade>,
    notices: u32,
    #[serde(flatten)]
    said: Said,
}

/// A document with its obligations.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    document: DocumentRow,
    obligations: Vec<Line>,
    #[serde(flatten)]
    asked: Asked,
    history: History,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    receipts: Vec<CellReceipt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<Difference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    journal: Vec<JournalRow>,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let found = find(store.as_ref(), &args.document, place).await?;
    if found.is_empty() {
        print::error(&format!("không có văn bản “{}” trong sổ", args.document));
        return Ok(Exit::Failed);
    }
    let mut shown = Vec::new();
    for document in found {
        shown.push(gather(store.as_ref(), document, &loaded.office, args.journal, place).await?);
    }
    if args.json {
        print::json(&shown)?;
    } else {
        let today = loaded.office.calendar.date_of(place.now());
        shown.iter().for_each(|one| display(one, &loaded.office, today));
    }
    Ok(Exit::Done)
}

/// Documents a person means by `#5` or `12-KH/ĐUK`.
pub(super) async fn find(store: &dyn Reader, text: &str, place: &Place) -> anyhow::Result<Vec<DocumentRow>> {
    let now = place.now();
    match text.strip_prefix('#').and_then(|number| number.parse().ok()) {
        Some(number) => Ok(store.document(DocumentId(number), now).await?.into_iter().collect()),
        None => Ok(store.find_documents(text, now).await?),
    }
}

/// The one document that a person means; `None` after saying that there is none, or that there are several.
pub(super) async fn find_one(
    store: &dyn Reader,
    text: &str,
    place: &Place,
) -> anyhow::Result<Option<DocumentId>> {
    let found = find(store, text, place).await?;
    match &found[..] {
        [] => print::error(&format!("không có văn bản “{text}” trong sổ")),
        [document] => return Ok(Some(document.id)),
        several => {
            let numbers: Vec<_> = several.iter().map(|one| format!("#{}", one.id)).collect();
            print::error(&format!("“{text}” có thể là {}; hãy ghi số trong sổ", numbers.join(", ")));
        }
    }
    Ok(None)
}

async fn gather(
    store: &dyn Reader,
    document: DocumentRow,
    office: &Office,
    with_journal: bool,
    place: &Place,
) -> anyhow::Result<Shown> {
    let rows = store.obligations(document.id, false).await?;
    let mut tasks = BTreeMap::new();
    for row in &rows {
        let id = row.obligation.duty;
        if let (false, Some(stored)) = (tasks.contains_key(&id), store.duty(id).await?) {
            tasks.insert(id, stored.duty.task);
        }
    }
    let task = |row: &ObligationRow| tasks.get(&row.obligation.duty).and_then(Option::as_ref);
    let receipts = store.receipts(document.id).await?;
    let today = office.calendar.date_of(place.now());
    let mut obligations = Vec::with_capacity(rows.len());
    for row in &rows {
        let said = said::of(store, &row.obligation, today).await?;
        obligations.push(Line { said, ..line(row, (task(row), &receipts), office, place) });
    }
    // Stable: the tasks of one cell stay in the order of the plan.
    obligations.sort_by(|a, b| vietnamese_order(&a.name, &b.name));
    let journal = match with_journal {
        true => store.journal(Some(document.id), 0, 0).await?,
        false => Vec::new(),
    };
    let history = history(store, document.id).await?;
    let differences = store.differences(Some(document.id)).await?;
    let asked = said::asked(store, document.id).await?;
    Ok(Shown { document, obligations, asked, history, receipts, differences, journal })
}

fn line(
    row: &ObligationRow,
    (task, receipts): (Option<&TaskName>, &[CellReceipt]),
    office: &Office,
    place: &Place,
) -> Line {
    let obligation = &row.obligation;
    let own = receipts.iter().filter(|receipt| receipt.cell.as_ref() == Some(&obligation.cell));
    let today = office.calendar.date_of(place.now());
    let unit = office.units.get(&obligation.cell);
    Line {
        obligation: obligation.id.0,
        cell: obligation.cell.0.clone(),
        name: unit.map_or_else(|| obligation.cell.0.clone(), |unit| unit.name_on(today).to_owned()),
        task: task.map(|task| task.id.code().to_owned()),
        title: task.map(|task| task.name.clone()),
        state: obligation.state,
        contact: row.contact,
        seen: own.filter_map(|receipt| receipt.times.seen).min(),
        late: tally::is_late(obligation, row.contact, place.now()),
        due: obligation.due,
        grade: obligation.grade,
        notices: row.notices_sent,
        said: Said::default(),
    }
}

fn display(shown: &Shown, office: &Office, today: NaiveDate) {
    let document = &shown.document.document;
    let calendar = &office.calendar;
    print::text(&format!("#{} {} – {}", shown.document.id, document.symbol, document.subject));
    let issued = document.issued.map(|day| day.format("%d/%m/%Y").to_string()).unwrap_or_default();
    // A directive of "Thông tin chỉ đạo" names no body.
    let by = [document.issuer.as_str(), &issued].into_iter().filter(|part| !part.is_empty());
    print::text(&by.collect::<Vec<_>>().join(", "));
    past(&shown.history, calendar);
    for difference in &shown.differences {
        let since = print::instant(Some(difference.since), calendar);
        print::text(&format!(
            "KHÁC VỚI NGUỒN {} từ {since}: {}",
            difference.source,
            difference.differ.vietnamese()
        ));
    }
    if shown.obligations.is_empty() && shown.history.standing == Standing::InForce {
        let number = shown.document.id;
        print::text(&format!("chưa giao chi bộ nào; vì sao: vanthu rules explain '#{number}'"));
    }
    let has_tasks = shown.obligations.iter().any(|line| line.task.is_some());
    let heads = ["Việc", "Chi bộ", "Nội dung", "Tình trạng", "Hạn", "Thư"];
    let kept = |column: &usize| has_tasks || *column != 2;
    let heads: Vec<_> = (0..).zip(heads).filter(|(column, _)| kept(column)).map(|(_, head)| head).collect();
    print::table(
        &heads,
        shown.obligations.iter().map(|line| {
            let cells = [
                line.obligation.to_string(),
                line.name.clone(),
                line.title.clone().unwrap_or_default(),
                words(line, calendar),
                print::due(line.due, calendar),
                line.notices.to_string(),
            ];
            (0..).zip(cells).filter(|(column, _)| kept(column)).map(|(_, cell)| cell).collect()
        }),
    );
    let lines: Vec<_> =
        shown.obligations.iter().map(|line| (line.name.as_str(), line.obligation, &line.said)).collect();
    said::display(&lines, &shown.asked, office, today);
    print::table(
        &["Lúc", "Nhật ký", "Chi tiết"],
        shown.journal.iter().map(|row| {
            vec![print::instant(Some(row.at), calendar), row.kind.as_str().to_owned(), row.detail.to_string()]
        }),
    );
}

/// Where it came from, how it changed, what it replaces and what replaces it.
fn past(history: &History, calendar: &Calendar) {
    if history.standing != Standing::InForce {
        print::text(&format!("HIỆU LỰC: {}", history.standing.vietnamese()));
    }
    let related = |word: &str, all: &[Related]| {
        all.iter().for_each(|other| print::text(&format!("{word} #{} {}", other.id, other.symbol)));
    };
    related("được thay thế bởi", &history.replaced_by);
    related("thay thế", &history.replaces);
    for change in &history.changes {
        let note = if change.retouched { ", không phải xác nhận lại" } else { "" };
        let at = print::instant(Some(change.at), calendar);
        print::text(&format!("bản {} ({}, {at}{note})", change.revision, change.operation.vietnamese()));
        if let Some(reason) = &change.reason {
            print::text(&format!("  lý do: {reason}"));
        }
        for edit in &change.edits {
            let shown =
                |text: &str| if text.is_empty() { "(không có)".to_owned() } else { text.to_owned() };
            let label = edit.field.vietnamese();
            print::text(&format!("  {label}: {} → {}", shown(&edit.old), shown(&edit.new)));
        }
    }
    if history.origins.len() > 1 {
        print::table(
            &["Đến lúc", "Nguồn", "Nghiệp vụ", "Mã ở nguồn", "Mã văn bản"],
            history.origins.iter().map(|origin| {
                vec![
                    print::instant(Some(origin.seen), calendar),
                    origin.source.to_string(),
                    origin.operation.vietnamese().to_owned(),
                    origin.external_id.to_string(),
                    origin.key.clone().unwrap_or_default(),
                ]
            }),
        );
    }
}

fn words(line: &Line, calendar: &Calendar) -> String {
    let state = match line.state {
        State::Open => "chưa xác nhận",
        State::Acknowledged => "đã nhận",
        State::Done => "hoàn thành",
        State::Declined => "báo không thuộc trách nhiệm",
        State::Excused => "được miễn",
        State::Withdrawn => "đã rút",
    };
    let late = if line.late { ", QUÁ HẠN" } else { "" };
    let contact = match line.contact {
        Contact::Unsent => ", thư chưa đi",
        Contact::NoContact => ", không liên lạc được",
        Contact::Sent | Contact::Delivered | Contact::Seen => "",
    };
    let seen = line.seen.map(|at| format!(", đã xem trên nguồn {}", print::instant(Some(at), calendar)));
    format!("{state}{late}{contact}{}", seen.unwrap_or_default())
}
