//! `obligation`: what cells owe, and letting some of it rest or go.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Exit, Place, print, show};
use crate::app::ports::Reader;
use crate::app::respite::{Desk, RespiteError, Rested};
use crate::config::Loaded;
use crate::domain::ids::{DocumentId, ObligationId, UnitId};
use crate::domain::obligation::{Contact, Obligation, Respite, State};
use crate::domain::tally;
use crate::render::pages::words;
use crate::runtime::wiring;

/// `obligation …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Liệt kê việc của một văn bản hoặc một chi bộ: số, tình trạng, hạn, đã nhắc mấy lần, có đang tạm hoãn
    List {
        #[command(flatten)]
        which: Which,
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Tạm hoãn nhắc: thư nhắc, đôn đốc dừng lại, hạn vẫn chạy
    Mute(Until),
    /// Tạm dừng tính hạn: thời gian làm việc trong lúc dừng được cộng vào hạn
    Pause(Until),
    /// Cho chạy lại trước thời hạn
    Resume(Reasoned),
    /// Miễn cho chi bộ: việc khép lại, chi bộ được báo
    Excuse(Reasoned),
}

/// Which rows.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Số của việc, xem ở vanthu obligation list
    numbers: Vec<i64>,
    /// Mọi việc đang mở của văn bản này: số, ký hiệu, hoặc số trong sổ, ví dụ #5
    #[arg(long, conflicts_with = "numbers")]
    document: Option<String>,
    /// Mọi việc đang mở của chi bộ này
    #[arg(long, conflicts_with = "numbers")]
    cell: Option<String>,
    /// Chỉ việc này của kế hoạch: mã việc trong quy tắc
    #[arg(long)]
    task: Option<String>,
}

/// `obligation mute`, `obligation pause`
#[derive(Debug, clap::Args)]
pub struct Until {
    #[command(flatten)]
    which: Which,
    /// Đến hết ngày, yyyy-mm-dd
    #[arg(long)]
    until: NaiveDate,
    /// Lý do, ghi vào nhật ký
    #[arg(long)]
    reason: String,
}

/// `obligation resume`, `obligation excuse`
#[derive(Debug, clap::Args)]
pub struct Reasoned {
    #[command(flatten)]
    which: Which,
    /// Lý do, ghi vào nhật ký
    #[arg(long)]
    reason: String,
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    match verb {
        Verb::List { which, json } => list(place, &loaded, which, *json).await,
        Verb::Mute(Until { which, until, reason }) => {
            let act = async |desk: &Desk<'_>, rows: &[ObligationId]| desk.mute(rows, *until).await;
            decide(place, &loaded, (which, reason), act, "đã tạm hoãn nhắc").await
        }
        Verb::Pause(Until { which, until, reason }) => {
            let act = async |desk: &Desk<'_>, rows: &[ObligationId]| desk.pause(rows, *until).await;
            decide(place, &loaded, (which, reason), act, "đã tạm dừng tính hạn").await
        }
        Verb::Resume(Reasoned { which, reason }) => {
            let act = async |desk: &Desk<'_>, rows: &[ObligationId]| desk.resume(rows).await;
            decide(place, &loaded, (which, reason), act, "đã cho chạy lại").await
        }
        Verb::Excuse(Reasoned { which, reason }) => {
            let act = async |desk: &Desk<'_>, rows: &[ObligationId]| desk.excuse(rows).await;
            decide(place, &loaded, (which, reason), act, "đã miễn").await
        }
    }
}

async fn decide(
    place: &Place,
    loaded: &Loaded,
    (which, reason): (&Which, &str),
    act: impl AsyncFnOnce(&Desk<'_>, &[ObligationId]) -> Result<Rested, RespiteError>,
    done: &str,
) -> anyhow::Result<Exit> {
    let Some(store) = place.register(loaded).await? else { return Ok(Exit::Failed) };
    let Some(rows) = rows(place, store.as_ref(), which).await? else { return Ok(Exit::Failed) };
    let office = wiring::office(&loaded.settings, &loaded.office);
    let policy = wiring::policy(loaded, store.as_ref()).await?;
    let (actor, now) = (place.actor(), place.now());
    let (store, office, policy) = (store.as_ref(), &office, &policy);
    let desk = Desk { store, office, policy, actor: &actor, reason, now };
    let live: Vec<_> = rows.iter().map(|row| row.id).collect();
    match act(&desk, &live).await {
        Ok(Rested { obligations, mails }) => {
            print::text(&format!("{done} {obligations} việc; {mails} thư báo chờ gửi"));
            Ok(Exit::Done)
        }
        Err(RespiteError::Store(error)) => Err(error.into()),
        Err(error) => {
            print::error(&error.to_string());
            Ok(Exit::Failed)
        }
    }
}

/// The rows that are meant: those numbered, or all live ones of a document, a cell, or a cell in a document. What
/// names none is told.
async fn rows(place: &Place, store: &dyn Reader, which: &Which) -> anyhow::Result<Option<Vec<Obligation>>> {
    let mut rows = Vec::new();
    for number in &which.numbers {
        let id = ObligationId(*number);
        rows.extend(store.obligation(id).await?.map(|row| row.obligation));
        if rows.last().is_none_or(|row| row.id != id) {
            print::error(&RespiteError::Unknown(id).to_string());
            return Ok(None);
        }
    }
    let cell = which.cell.as_deref().map(UnitId::from);
    match (&which.document, &cell) {
        (Some(text), _) => {
            let Some(document) = document(place, store, text).await? else { return Ok(None) };
            let all = store.obligations(document, false).await?;
            rows.extend(all.into_iter().map(|row| row.obligation).filter(|row| row.state.is_live()));
        }
        (None, Some(cell)) => rows.extend(store.live_of(cell).await?),
        (None, None) => {}
    }
    rows.retain(|row| cell.as_ref().is_none_or(|cell| row.cell == *cell));
    rows.retain(|row| which.task.as_deref().is_none_or(|task| row.task.code() == task));
    if rows.is_empty() {
        print::error("không có việc nào đang mở như vậy; cần số của việc, --document hoặc --cell");
        return Ok(None);
    }
    Ok(Some(rows))
}

async fn document(place: &Place, store: &dyn Reader, text: &str) -> anyhow::Result<Option<DocumentId>> {
    let found = show::find(store, text, place).await?;
    if let [document] = found.as_slice() {
        return Ok(Some(document.id));
    }
    print::error(&match found.len() {
        0 => format!("không có văn bản “{text}” trong sổ"),
        count => format!("“{text}” chỉ {count} văn bản; hãy dùng số trong sổ, ví dụ #5"),
    });
    Ok(None)
}

/// One row of the list.
#[derive(Debug, Serialize)]
struct Line {
    obligation: ObligationId,
    document: DocumentId,
    cell: UnitId,
    name: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    task: String,
    state: State,
    contact: Contact,
    late: bool,
    due: Option<chrono::DateTime<chrono::Utc>>,
    /// How often its ladder wrote to the cell, by kind of step.
    steps: std::collections::BTreeMap<&'static str, usize>,
    rests: Option<Respite>,
}

async fn list(place: &Place, loaded: &Loaded, which: &Which, json: bool) -> anyhow::Result<Exit> {
    let Some(store) = place.reader(loaded).await? else { return Ok(Exit::Failed) };
    let Some(rows) = rows(place, store.as_ref(), which).await? else { return Ok(Exit::Failed) };
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        lines.push(line(place, loaded, store.as_ref(), row).await?);
    }
    if json {
        print::json(&lines)?;
        return Ok(Exit::Done);
    }
    let calendar = &loaded.office.calendar;
    print::table(
        &["Việc", "Văn bản", "Chi bộ", "Tình trạng", "Hạn", "Đã nhắc", "Tạm hoãn"],
        lines.iter().map(|line| {
            let late = if line.late { ", QUÁ HẠN" } else { "" };
            vec![
                line.obligation.to_string(),
                format!("#{} {}", line.document, line.task).trim_end().to_owned(),
                line.name.clone(),
                format!("{}{late}", words::state(line.state)),
                print::due(line.due, calendar),
                steps(line),
                line.rests.as_ref().map(|respite| respite.sentence(calendar)).unwrap_or_default(),
            ]
        }),
    );
    Ok(Exit::Done)
}

fn steps(line: &Line) -> String {
    let told = line.steps.iter().map(|(word, count)| format!("{word} {count}"));
    told.collect::<Vec<_>>().join(", ")
}

async fn line(place: &Place, loaded: &Loaded, store: &dyn Reader, row: Obligation) -> anyhow::Result<Line> {
    let now = place.now();
    let contact = store.obligation(row.id).await?.map_or(Contact::Unsent, |row| row.contact);
    let unit = loaded.office.units.get(&row.cell);
    let today = loaded.office.calendar.date_of(now);
    let mut steps = std::collections::BTreeMap::new();
    for step in store.stepped(&[row.id]).await? {
        *steps.entry(words::step(step.kind)).or_default() += 1;
    }
    Ok(Line {
        obligation: row.id,
        document: row.document,
        name: unit.map_or_else(|| row.cell.to_string(), |unit| unit.name_on(today).to_owned()),
        task: row.task.code().to_owned(),
        state: row.state,
        contact,
        late: tally::is_late(&row, contact, now),
        due: row.due,
        steps,
        rests: store.resting(&[row.id]).await?.pop(),
        cell: row.cell,
    })
}
