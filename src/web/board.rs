//! The board for staff: its pages only read; deciding about holds stands in `hold`.

use std::collections::HashMap;

use axum::extract::{self, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{InForce, State, health, reply};
use crate::app::hint::hints;
use crate::app::history::history;
use crate::app::ports::{HoldKind, NoticeFilter, ObligationRow, StatusFilter, Store, StoreError};
use crate::app::waking::waking;
use crate::app::{explain, find, restore};
use crate::domain::calendar::wanting_sentence;
use crate::domain::ids::{DocumentId, ObligationId};
use crate::domain::notice::Delivery;
use crate::domain::obligation::{Answer, State as Stand};
use crate::render::explain::Explanation;
use crate::render::pages::board::{self, BoardPage, Filter};
use crate::render::pages::cells::CellsPage;
use crate::render::pages::document::{Asked, DocumentPage, Dossier};
use crate::render::pages::holds::HoldsPage;
use crate::render::pages::outbox::OutboxPage;
use crate::render::pages::system::{self, CheckLine, DifferenceLine, PollLine, SystemPage};
use crate::render::pages::{holds as waiting, upstream, words};

pub(super) mod letter;
pub(super) mod visit;

use visit::Visit;

/// Documents looked at for the first screen, newest first: more than two years of a busy office.
const DOCUMENTS: u32 = 5_000;
/// Mails of each delivery state shown on the outbox page.
const MAILS: u32 = 100;
/// Differences between sources and register on the system page; `vanthu upstream diff` lists all.
const DIFFERENCES: usize = 100;
/// Delivery states on the outbox page, those in trouble first.
const SHOWN: [Delivery; 6] = [
    Delivery::Failed,
    Delivery::Held,
    Delivery::Ambiguous,
    Delivery::Sending,
    Delivery::Queued,
    Delivery::Sent,
];

/// What may stand in the address of the first screen; what cannot be read counts as absent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    filter: String,
    page: String,
}

/// What may stand in the address of a document.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Question {
    cell: String,
}

/// The first screen.
pub(super) async fn directives(
    extract::State(state): extract::State<State>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let visit = Visit::new(&state, "board");
    let query =
        board::Query { filter: Filter::parse(&wanted.filter), page: wanted.page.parse().unwrap_or(1) };
    let read = async {
        let documents = state.store.documents(DOCUMENTS, visit.now).await?;
        let holds = state.store.holds(true).await?;
        let mut setting = visit.setting();
        let wanting = setting.calendar.wanting(setting.calendar.date_of(visit.now));
        setting.shell.banners.extend(wanting_sentence(&wanting));
        setting.shell.banners.extend(system::odd(&state.store.polls().await?, &setting));
        let restoring = state.store.restoring().await?;
        setting.shell.banners.extend(restoring.map(|one| restore::sentence(&one, setting.calendar)));
        let uncopied = state.store.uncopied().await;
        setting.shell.banners.extend(uncopied.map(|why| format!("Bản chép nhật ký không ghi được: {why}.")));
        let uncleared = state.store.uncleared().await?;
        setting
            .shell
            .banners
            .extend(uncleared.map(|of| format!("Cơ sở dữ liệu: {}.", words::uncleared(&of))));
        let backups = (state.standing)().backups.and_then(|backups| backups.complaint(visit.now));
        setting.shell.banners.extend(backups.map(|complaint| format!("Sao lưu: {complaint}.")));
        let brakes = holds.iter().filter(|hold| hold.kind == HoldKind::Brake);
        setting.shell.banners.extend(brakes.map(|hold| format!("Nguồn {}: {}.", hold.source, hold.reason)));
        let wait = state.policy.operations.wait;
        setting.shell.banners.extend(waiting::overdue(&holds, wait, &setting));
        setting.shell.banners.extend(waiting::refused(&state.store.status_tally().await?));
        setting.shell.banners.extend(waiting::doubted(&state.store.doubts(None).await?, &setting));
        setting.shell.banners.extend(waiting::hinted(&hints(state.store.as_ref(), visit.now).await?));
        let waking = waking(state.store.as_ref(), &visit.office, visit.now).await?;
        setting.shell.banners.extend(waiting::waking(&waking));
        Ok(BoardPage::new(setting, &documents, holds.len(), DOCUMENTS as usize, query))
    };
    match read.await {
        Ok(page) => reply::page(&state, StatusCode::OK, &page),
        Err(error) => visit.failed(&error),
    }
}

/// One document.
pub(super) async fn document(
    extract::State(state): extract::State<State>,
    Path(id): Path<String>,
    Query(question): Query<Question>,
) -> Response {
    let visit = Visit::new(&state, "board");
    let Ok(id) = id.parse() else { return visit.not_found() };
    match dossier(&visit, DocumentId(id)).await {
        Ok(Some(dossier)) => {
            let messages = match state.store.messages(DocumentId(id)).await {
                Ok(messages) => messages,
                Err(error) => return visit.failed(&error),
            };
            let setting = visit.setting();
            let mut page = DocumentPage::new(visit.setting(), &dossier).with_mails(&messages, &setting);
            page.asked = asked(&visit, &dossier, &question.cell);
            reply::page(&state, StatusCode::OK, &page)
        }
        Ok(None) => visit.not_found(),
        Err(error) => visit.failed(&error),
    }
}

/// Why a cell has to act, or why not: by the rules in force, as of the day the document was registered.
fn asked(visit: &Visit<'_>, dossier: &Dossier, cell: &str) -> Option<Asked> {
    let text = cell.trim();
    let revision = dossier.revision.as_ref().filter(|_| !text.is_empty())?;
    let (office, now) = (visit.office.as_ref(), revision.registered);
    let trace = explain::trace(&revision.document, office, now);
    let (ruleset, units, calendar) = (&office.ruleset, &office.units, &office.calendar);
    let explanation = Explanation { trace: &trace, ruleset, units, calendar, now };
    Some(Asked::new(text, &find::units(units, text), &explanation))
}

async fn dossier(visit: &Visit<'_>, id: DocumentId) -> Result<Option<Dossier>, StoreError> {
    let store = &visit.state.store;
    let Some(row) = store.document(id, visit.now).await? else { return Ok(None) };
    let obligations = store.obligations(id, false).await?;
    let mut ids: Vec<_> = obligations.iter().map(|row| row.obligation.duty).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut duties = Vec::with_capacity(ids.len());
    for id in ids {
        duties.extend(store.duty(id).await?);
    }
    let rows: Vec<_> = obligations.iter().map(|row| row.obligation.id).collect();
    let resting = if rows.is_empty() { Vec::new() } else { store.resting(&rows).await? };
    let mut revision = store.revision(row.revision).await?;
    if let Some(revision) = &mut revision {
        revision.trace = explain::whole_trace(revision, &visit.office);
    }
    let about = NoticeFilter { document: Some(id), ..NoticeFilter::default() };
    Ok(Some(Dossier {
        revision,
        notices: store.notices(&about).await?,
        journal: store.journal(Some(id), 0, 0).await?,
        statuses: store.statuses(&StatusFilter { document: Some(id), ..StatusFilter::default() }).await?,
        heard: store.heard(id).await?,
        receipts: store.receipts(id).await?,
        differences: store.differences(Some(id)).await?,
        history: history(store.as_ref(), id).await?,
        requests: store.requests(id).await?,
        reports: reports(store.as_ref(), &obligations).await?,
        doubts: store.doubts(Some(id)).await?,
        obligations,
        duties,
        resting,
        row,
    }))
}

/// What the cells that are done reported, newest word of each.
async fn reports(
    store: &dyn Store,
    rows: &[ObligationRow],
) -> Result<HashMap<ObligationId, String>, StoreError> {
    let mut reports = HashMap::new();
    for id in rows.iter().filter(|row| row.obligation.state == Stand::Done).map(|row| row.obligation.id) {
        let answers = store.answers(id).await?;
        let newest = answers.iter().rev().find(|known| matches!(known.answer, Answer::Done { .. }));
        reports.extend(newest.map(|known| (id, words::answer_detail(&known.answer))));
    }
    Ok(reports)
}

/// The cells.
pub(super) async fn cells(extract::State(state): extract::State<State>) -> Response {
    let visit = Visit::new(&state, "cells");
    match state.store.tally(visit.now).await {
        Ok(tally) => reply::page(&state, StatusCode::OK, &CellsPage::new(visit.setting(), &tally)),
        Err(error) => visit.failed(&error),
    }
}

/// What waits for a human.
pub(super) async fn holds(extract::State(state): extract::State<State>) -> Response {
    let visit = Visit::new(&state, "holds");
    match state.store.holds(true).await {
        Ok(holds) => reply::page(&state, StatusCode::OK, &HoldsPage::new(visit.setting(), &holds)),
        Err(error) => visit.failed(&error),
    }
}

/// What waits to be sent, and what was.
pub(super) async fn outbox(extract::State(state): extract::State<State>) -> Response {
    let visit = Visit::new(&state, "outbox");
    let read = async {
        let (counts, oldest) = state.store.outbox(visit.now).await?;
        let mut notices = Vec::new();
        for delivery in SHOWN {
            let of = NoticeFilter { delivery: Some(delivery), limit: MAILS, ..NoticeFilter::default() };
            notices.extend(state.store.notices(&of).await?);
        }
        Ok(OutboxPage::new(visit.setting(), &counts, oldest, &notices))
    };
    match read.await {
        Ok(page) => reply::page(&state, StatusCode::OK, &page),
        Err(error) => visit.failed(&error),
    }
}

/// How the daemon fares.
pub(super) async fn system(extract::State(state): extract::State<State>) -> Response {
    let visit = Visit::new(&state, "system");
    let readiness = health::check(&state, visit.now).await;
    let read = async {
        let store = &state.store;
        let differences = store.differences(None).await?;
        Ok((store.polls().await?, store.meta().await?, store.status_tally().await?, differences))
    };
    match read.await {
        Ok((polls, meta, statuses, differences)) => {
            let setting = visit.setting();
            let mut facts = system::facts(&visit.office.ruleset, &setting);
            if let Some(force) = (state.standing)().files.force {
                let InForce { edition, since, author } = force;
                let since = setting.moment(since);
                facts.push(("Bản đang có hiệu lực", format!("{edition}, từ {since}, người sửa {author}")));
            }
            facts.push(("Sổ", format!("lược đồ {}", meta.schema)));
            facts.push(("Chương trình", format!("vanthu {}", env!("CARGO_PKG_VERSION"))));
            let page = SystemPage {
                checks: readiness.checks.into_iter().map(line).collect(),
                polls: polls.iter().map(|poll| PollLine::new(poll, &setting)).collect(),
                sources: upstream::sources(&state.sources, &statuses, &setting),
                differences: differences
                    .iter()
                    .take(DIFFERENCES)
                    .map(|difference| DifferenceLine::new(difference, &setting))
                    .collect(),
                facts,
                shell: setting.shell,
            };
            reply::page(&state, StatusCode::OK, &page)
        }
        Err(error) => visit.failed(&error),
    }
}

fn line(check: health::Check) -> CheckLine {
    let name = match check.name.split_once(':') {
        Some((_, source)) => format!("Nguồn {source}"),
        None => match check.name.as_str() {
            "database" => "Sổ đọc được".to_owned(),
            "restore" => "Không giữ lại gì sau khi phục hồi".to_owned(),
            "journal" => "Bản chép nhật ký ghi được".to_owned(),
            "backup" => "Bản sao lưu còn mới".to_owned(),
            "mail" => "Máy chủ thư".to_owned(),
            "files" => "Tệp cấu hình đọc được".to_owned(),
            "outbox" => "Thư đi đúng giờ".to_owned(),
            other => other.to_owned(),
        },
    };
    CheckLine { name, well: check.ok, detail: check.detail }
}

/// Any other address of the admin listener.
pub(super) async fn unknown(extract::State(state): extract::State<State>) -> Response {
    Visit::new(&state, "").not_found()
}

/// Any method but GET and HEAD.
pub(super) async fn wrong_method(extract::State(state): extract::State<State>) -> Response {
    let visit = Visit::new(&state, "");
    visit.refuse(StatusCode::METHOD_NOT_ALLOWED, "Trang này chỉ để xem", "Không có gì thay đổi.")
}
