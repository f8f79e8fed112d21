//! Letting an obligation rest or go, on the board. As with holds, GET shows; a POST first shows what would happen,
//! and a second one, sent from that page, does it.

use aws_lc_rs::hmac;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{self, Path};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use data_encoding::BASE32_NOPAD;
use serde::Deserialize;

use super::board::visit::Visit;
use super::hold::{due, is_foreign};
use super::{State, client, reply};
use crate::app::ports::{ObligationRow, StoreError};
use crate::app::respite::{Desk, RespiteError, Rested, end};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::Respite;
use crate::domain::text::clean;
use crate::render::pages::answer::{Tone, Word};
use crate::render::pages::desk::{Confirm, DeskPage};
use crate::render::pages::respite as sheet;
use crate::render::pages::words;

/// What a browser sent. A field that is missing is empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entered {
    stamp: String,
    sure: String,
    who: String,
    reason: String,
    until: String,
}

/// A row with what the page says of it.
struct Found {
    row: ObligationRow,
    respite: Option<Respite>,
    page: DeskPage,
}

/// Shows an obligation. Changes nothing.
pub(super) async fn show(extract::State(state): extract::State<State>, Path(id): Path<String>) -> Response {
    let visit = Visit::new(&state, "board");
    match found(&visit, &id).await {
        Ok(Some(found)) => reply::page(&state, StatusCode::OK, &found.page),
        Ok(None) => visit.not_found(),
        Err(error) => visit.failed(&error),
    }
}

/// Lets an obligation rest or go, or shows what that would do.
pub(super) async fn decide(
    extract::State(state): extract::State<State>,
    Path((id, act)): Path<(String, String)>,
    extensions: Extensions,
    headers: HeaderMap,
    entered: Result<Form<Entered>, FormRejection>,
) -> Response {
    let visit = Visit::new(&state, "board");
    let found = match found(&visit, &id).await {
        Ok(Some(found)) => found,
        Ok(None) => return visit.not_found(),
        Err(error) => return visit.failed(&error),
    };
    let Ok(Form(entered)) = entered else { return visit.not_found() };
    if entered.stamp != found.page.stamp || is_foreign(&headers) {
        let text = "Biểu mẫu này không đến từ trang của vanthu, hoặc đã cũ. Xin mở lại trang rồi làm lại.";
        return visit.refuse(StatusCode::FORBIDDEN, "Không có gì thay đổi", text);
    }
    let Some(form) = found.page.forms.iter().find(|form| form.act == act) else { return visit.not_found() };
    let ends = form.fields.iter().any(|field| field.name == "until");
    let (act, label) = (form.act, form.label);
    let scene = Scene { visit: &visit, act, label, found };
    let until = match until(&visit, &entered, ends) {
        Ok(until) => until,
        Err(text) => return scene.mistaken(&entered, &text),
    };
    let blank = |text: &str| clean(text).trim().is_empty();
    if blank(&entered.who) || blank(&entered.reason) {
        return scene.mistaken(&entered, "Xin ghi tên người quyết định và lý do.");
    }
    if entered.sure != "yes" {
        return scene.ask(&entered, until);
    }
    let address = client::address(&extensions, &headers, &state.trusted_proxies);
    let actor = format!("{} (bảng theo dõi, {address})", clean(&entered.who).trim());
    scene.act(&entered, &actor, until).await
}

/// The last day, where the act has one.
///
/// # Errors
/// What cannot be understood, in words.
fn until(visit: &Visit<'_>, entered: &Entered, ends: bool) -> Result<Option<NaiveDate>, String> {
    if !ends {
        return Ok(None);
    }
    let day = due(&entered.until).map_err(|_| "Ngày kết thúc xin viết như 15/03/2026.".to_owned())?;
    let day = day.ok_or("Xin ghi ngày kết thúc.")?;
    end(day, &visit.office.calendar, visit.now).map_err(|error| format!("Không được: {error}."))?;
    Ok(Some(day))
}

async fn found(visit: &Visit<'_>, id: &str) -> Result<Option<Found>, StoreError> {
    let (Ok(id), store) = (id.parse().map(ObligationId), &visit.state.store) else { return Ok(None) };
    let Some(row) = store.obligation(id).await? else { return Ok(None) };
    let duty = store.duty(row.obligation.duty).await?;
    let respite = store.resting(&[id]).await?.pop();
    let steps = store.stepped(&[id]).await?;
    let rests = respite.as_ref().map_or(0, |respite| respite.id.0);
    let state = (row.obligation.state.as_str(), row.obligation.due.map_or(0, |due| due.timestamp_millis()));
    let text = format!("respite form|{id}|{rests}|{}|{}", state.0, state.1);
    let tag = hmac::sign(&visit.state.secret, text.as_bytes());
    let stamp = BASE32_NOPAD.encode(tag.as_ref().get(..20).unwrap_or_default());
    let known = (duty.as_ref(), respite.as_ref(), steps.as_slice());
    let page = sheet::page(&visit.setting(), &row, known, stamp);
    Ok(Some(Found { row, respite, page }))
}

/// One act on its way.
struct Scene<'a> {
    visit: &'a Visit<'a>,
    act: &'static str,
    label: &'static str,
    found: Found,
}

impl Scene<'_> {
    /// The form again, with what is wrong.
    fn mistaken(mut self, entered: &Entered, text: &str) -> Response {
        self.found.page.fill(self.act, &typed(entered));
        self.say(StatusCode::UNPROCESSABLE_ENTITY, Tone::Ask, "Chưa làm gì", text.to_owned())
    }

    /// What would happen.
    fn ask(mut self, entered: &Entered, until: Option<NaiveDate>) -> Response {
        let page = &self.found.page;
        let effect = page.forms.iter().find(|form| form.act == self.act).map(|form| form.effect.to_owned());
        let mut lines: Vec<String> = effect.into_iter().collect();
        lines.extend(until.map(|day| format!("Đến hết ngày {}.", words::weekday_date(day))));
        lines.extend(self.moved(until));
        lines.push(format!("Người quyết định: {}. Lý do: {}", entered.who.trim(), entered.reason.trim()));
        let (act, label, typed) = (self.act, self.label, typed(entered));
        self.found.page.confirm = Some(Confirm { act, label, lines, typed });
        reply::page(self.visit.state, StatusCode::OK, &self.found.page)
    }

    /// Where the due day would go.
    fn moved(&self, until: Option<NaiveDate>) -> Option<String> {
        let (row, calendar) = (&self.found.row.obligation, &self.visit.office.calendar);
        let now = self.visit.now;
        let after = match (self.act, until, &self.found.respite) {
            ("pause", Some(day), _) => row.paused(("", ""), now, calendar.end_of_day(day), calendar).0.due,
            ("resume", _, Some(respite)) => row.roused(respite, now, calendar).due,
            _ => return None,
        };
        let shown = |day| words::weekday_date(calendar.due_day(day));
        let (was, is) = (row.due?, after?);
        Some(if was == is {
            format!("Hạn không đổi: {}.", shown(was))
        } else {
            format!("Hạn đang là {}, sẽ thành {}.", shown(was), shown(is))
        })
    }

    async fn act(mut self, entered: &Entered, actor: &str, until: Option<NaiveDate>) -> Response {
        let State { store, policy, .. } = self.visit.state;
        let reason = clean(&entered.reason);
        let (office, now) = (self.visit.office.as_ref(), self.visit.now);
        let desk = Desk { store: &**store, office, policy, actor, reason: reason.trim(), now };
        let rows = [self.found.row.obligation.id];
        let done = match (self.act, until) {
            ("mute", Some(day)) => desk.mute(&rows, day).await,
            ("pause", Some(day)) => desk.pause(&rows, day).await,
            ("resume", _) => desk.resume(&rows).await,
            ("excuse", _) => desk.excuse(&rows).await,
            _ => return self.visit.not_found(),
        };
        match done {
            Ok(Rested { mails, .. }) => {
                if let Ok(Some(after)) = found(self.visit, &rows[0].to_string()).await {
                    self.found = after;
                }
                let text = match mails {
                    0 => "Không có thư nào phải báo.".to_owned(),
                    mails => format!("{mails} thư báo chi bộ sẽ đi trong giờ làm việc."),
                };
                self.say(StatusCode::OK, Tone::Good, "Đã ghi nhận", text)
            }
            Err(RespiteError::Store(error)) => self.visit.failed(&error),
            Err(error) => self.mistaken(entered, &format!("Không làm được: {error}.")),
        }
    }

    fn say(mut self, status: StatusCode, tone: Tone, title: &str, text: String) -> Response {
        self.found.page.word = Some(Word { tone, title: title.to_owned(), text });
        reply::page(self.visit.state, status, &self.found.page)
    }
}

fn typed(entered: &Entered) -> Vec<(&'static str, String)> {
    let Entered { who, reason, until, .. } = entered.clone();
    [("who", who), ("reason", reason), ("until", until)].into()
}
