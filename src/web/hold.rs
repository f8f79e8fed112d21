//! Deciding about a hold on the board. GET shows; a POST first shows what would happen, and a second one,
//! sent from that page, does it. Both must come from a page of ours: they bear a stamp that only we can make,
//! and a browser that says where they come from must say here.

use aws_lc_rs::hmac;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{self, Path};
use axum::http::{Extensions, HeaderMap, HeaderName, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use data_encoding::BASE32_NOPAD;
use serde::Deserialize;

use super::board::visit::Visit;
use super::{State, client, reply};
use crate::app::find;
use crate::app::hold::{self, Decided, Desk, HoldError, To, Wanted};
use crate::app::ports::{Act, Asked, Asks, Choice, HoldView, StoreError, choices};
use crate::domain::ids::{DocumentId, HoldId, RuleId, UnitId};
use crate::domain::obligation::Role;
use crate::domain::text::clean;
use crate::render::pages::answer::{Tone, Word};
use crate::render::pages::desk::{Confirm, DeskPage};
use crate::render::pages::hold as sheet;

/// What browsers say of where a request comes from (Fetch Metadata).
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a browser sent. A field that is missing is empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entered {
    stamp: String,
    sure: String,
    who: String,
    reason: String,
    document: String,
    cells: String,
    rule: String,
    due: String,
}

/// Shows a hold. Changes nothing.
pub(super) async fn show(extract::State(state): extract::State<State>, Path(id): Path<String>) -> Response {
    let visit = Visit::new(&state, "holds");
    match found(&visit, &id).await {
        Ok(Some(about)) => reply::page(&state, StatusCode::OK, &page(&visit, &about)),
        Ok(None) => visit.not_found(),
        Err(error) => visit.failed(&error),
    }
}

/// Decides about a hold, or shows what deciding would do.
pub(super) async fn decide(
    extract::State(state): extract::State<State>,
    Path((id, act)): Path<(String, String)>,
    extensions: Extensions,
    headers: HeaderMap,
    entered: Result<Form<Entered>, FormRejection>,
) -> Response {
    let visit = Visit::new(&state, "holds");
    let about = match found(&visit, &id).await {
        Ok(Some(about)) => about,
        Ok(None) => return visit.not_found(),
        Err(error) => return visit.failed(&error),
    };
    let (Some(act), Ok(Form(entered))) = (Act::parse(&act), entered) else { return visit.not_found() };
    let page = page(&visit, &about);
    if entered.stamp != page.stamp || is_foreign(&headers) {
        let text = "Biểu mẫu này không đến từ trang của vanthu, hoặc đã cũ. Xin mở lại trang rồi làm lại.";
        return visit.refuse(StatusCode::FORBIDDEN, "Không có gì thay đổi", text);
    }
    let choice = choices(&about.hold).iter().find(|choice| choice.act == act);
    let scene = Scene { visit: &visit, about: &about, act, choice, page };
    if clean(&entered.who).trim().is_empty() {
        return scene.mistaken(&entered, "Xin ghi tên người quyết định.");
    }
    let wanted = match wanted(&visit, &entered, choice) {
        Ok(wanted) => wanted,
        Err(text) => return scene.mistaken(&entered, &text),
    };
    if entered.sure != "yes" {
        return scene.ask(&entered, wanted.as_ref());
    }
    let address = client::address(&extensions, &headers, &state.trusted_proxies);
    let actor = format!("{} (bảng theo dõi, {address})", clean(&entered.who).trim());
    scene.act(&entered, &actor, wanted).await
}

/// Whether a browser says that the request comes from another site; one that says nothing proves itself by
/// the stamp alone.
pub(super) fn is_foreign(headers: &HeaderMap) -> bool {
    let site = headers.get(SITE).and_then(|site| site.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

async fn found(visit: &Visit<'_>, id: &str) -> Result<Option<HoldView>, StoreError> {
    let Ok(id) = id.parse() else { return Ok(None) };
    hold::about(&*visit.state.store, HoldId(id), visit.now).await
}

fn page(visit: &Visit<'_>, about: &HoldView) -> DeskPage {
    let hold = &about.hold;
    let text = format!("hold form|{}|{}", hold.id, hold.opened.timestamp_millis());
    let tag = hmac::sign(&visit.state.secret, text.as_bytes());
    let stamp = BASE32_NOPAD.encode(tag.as_ref().get(..20).unwrap_or_default());
    sheet::page(&visit.setting(), about, &rules(visit), stamp)
}

/// The rules a document can be given by.
fn rules(visit: &Visit<'_>) -> Vec<(String, String)> {
    let giving = visit.office.ruleset.rules.iter().filter(|rule| rule.nobody_because.is_none());
    giving.map(|rule| (rule.id.0.clone(), rule.name.clone())).collect()
}

/// Whom, and until when.
///
/// # Errors
/// What cannot be understood, in words.
fn wanted(visit: &Visit<'_>, entered: &Entered, choice: Option<&Choice>) -> Result<Option<Wanted>, String> {
    match choice.map(|choice| choice.asks) {
        None | Some(Asks::Nothing) => return Ok(None),
        Some(Asks::Document) => return about(entered).map(Some),
        Some(Asks::Day) => return due(&entered.due).map(|_| None),
        Some(Asks::Cells) => {}
    }
    let due = due(&entered.due)?;
    if !entered.rule.is_empty() {
        return Ok(Some(Wanted { to: To::Rule(RuleId(entered.rule.clone())), role: Role::Lead, due }));
    }
    let mut cells: Vec<UnitId> = Vec::new();
    for name in entered.cells.split(['\n', ';', ',']).map(str::trim).filter(|name| !name.is_empty()) {
        match find::units(&visit.office.units, name).as_slice() {
            [unit] => cells.push(unit.id.clone()),
            [] => return Err(format!("Không có chi bộ nào tên “{name}”.")),
            many => {
                let many: Vec<_> = many.iter().take(5).map(|unit| unit.id.as_str()).collect();
                return Err(format!("“{name}” có thể là: {}. Xin ghi mã.", many.join(", ")));
            }
        }
    }
    if cells.is_empty() {
        return Err("Xin ghi ít nhất một chi bộ, hoặc chọn một quy tắc.".to_owned());
    }
    Ok(Some(Wanted { to: To::Cells(cells), role: Role::Lead, due }))
}

/// Which document a hold is about.
fn about(entered: &Entered) -> Result<Wanted, String> {
    let number = entered.document.trim().trim_start_matches('#').trim().parse();
    let document = number.map_err(|_| "Xin ghi số trong sổ của văn bản, ví dụ 5.".to_owned())?;
    Ok(Wanted { to: To::Document(DocumentId(document)), role: Role::Lead, due: None })
}

/// A day as people write it; none where nothing is written.
pub(super) fn due(text: &str) -> Result<Option<NaiveDate>, String> {
    let text = text.trim().replace(['-', '.', ' '], "/");
    if text.is_empty() {
        return Ok(None);
    }
    let day = ["%d/%m/%Y", "%Y/%m/%d"].iter().find_map(|form| NaiveDate::parse_from_str(&text, form).ok());
    day.map(Some).ok_or_else(|| "Hạn không phải một ngày; xin viết như 15/03/2026.".to_owned())
}

/// One decision on its way.
struct Scene<'a> {
    visit: &'a Visit<'a>,
    about: &'a HoldView,
    act: Act,
    choice: Option<&'static Choice>,
    page: DeskPage,
}

impl Scene<'_> {
    /// The form again, with what is wrong.
    fn mistaken(mut self, entered: &Entered, text: &str) -> Response {
        self.page.fill(self.act.as_str(), &typed(entered));
        self.say(StatusCode::UNPROCESSABLE_ENTITY, Tone::Ask, "Chưa làm gì", text.to_owned())
    }

    /// What would happen.
    fn ask(mut self, entered: &Entered, wanted: Option<&Wanted>) -> Response {
        let Some(choice) = self.choice.filter(|_| self.about.hold.closed.is_none()) else {
            return self.visit.not_found();
        };
        let mut lines = vec![choice.effect.to_owned()];
        lines.extend(wanted.map(|wanted| self.whom(wanted)));
        lines.extend(self.until(entered).map(|day| format!("Gia hạn đến: {}.", day.format("%d/%m/%Y"))));
        if let Some(braked) = self.about.braked {
            lines.push(format!("Đang giữ {} văn bản, {} thư.", braked.documents, braked.mails));
        }
        let reason = clean(&entered.reason);
        lines.push(format!("Người quyết định: {}. Lý do: {}", entered.who.trim(), or_none(reason.trim())));
        let (act, typed) = (self.act.as_str(), typed(entered));
        self.page.confirm = Some(Confirm { act, label: choice.label, lines, typed });
        reply::page(self.visit.state, StatusCode::OK, &self.page)
    }

    /// The day that is granted: as typed, or as the cell asked.
    fn until(&self, entered: &Entered) -> Option<NaiveDate> {
        self.choice.filter(|choice| choice.asks == Asks::Day)?;
        let asked = match self.about.request.as_ref().map(|request| &request.asks) {
            Some(Asked::MoreTime { until }) => Some(*until),
            _ => None,
        };
        due(&entered.due).ok().flatten().or(asked)
    }

    fn whom(&self, wanted: &Wanted) -> String {
        let setting = self.visit.setting();
        let whom = match &wanted.to {
            To::Document(document) => return format!("Văn bản trong sổ: #{document}."),
            To::Cells(cells) => {
                format!(
                    "Giao cho: {}",
                    cells.iter().map(|cell| setting.name(cell)).collect::<Vec<_>>().join("; ")
                )
            }
            To::Rule(rule) => {
                let known = rules(self.visit).into_iter().find(|(id, _)| *id == rule.0);
                format!("Giao như quy tắc: {}", known.map_or_else(|| rule.to_string(), |(_, name)| name))
            }
        };
        match wanted.due {
            Some(due) => format!("{whom}. Hạn hoàn thành: {}.", due.format("%d/%m/%Y")),
            None => format!("{whom}. Hạn theo văn bản hoặc quy tắc."),
        }
    }

    async fn act(mut self, entered: &Entered, actor: &str, wanted: Option<Wanted>) -> Response {
        let State { store, policy, .. } = self.visit.state;
        let reason = clean(&entered.reason);
        let (office, now) = (self.visit.office.as_ref(), self.visit.now);
        let desk = Desk { store: &**store, office, policy, actor, reason: reason.trim(), now };
        let id = self.about.hold.id;
        let done = match (self.act, wanted) {
            (Act::Assign, Some(wanted)) => desk.assign(id, &wanted).await,
            (Act::Assign, None) if self.about.hold.closed.is_some() => Err(HoldError::Gone(id)),
            (Act::Assign, None) => return self.visit.not_found(),
            (Act::Release, _) => match due(&entered.due).ok().flatten() {
                Some(day) => desk.grant(id, Some(day)).await,
                None => desk.release(id).await,
            },
            (Act::Dismiss, _) => desk.dismiss(id).await,
        };
        match done {
            Ok(done) => {
                if let Ok(Some(after)) = found(self.visit, &id.to_string()).await {
                    self.page = page(self.visit, &after);
                }
                self.say(StatusCode::OK, Tone::Good, "Đã ghi nhận", told(done))
            }
            Err(HoldError::Store(error)) => self.visit.failed(&error),
            Err(HoldError::Gone(_)) => {
                let text = "Việc này đã được người khác giải quyết.".to_owned();
                self.say(StatusCode::CONFLICT, Tone::Plain, "Không có gì thay đổi", text)
            }
            Err(error) => self.mistaken(entered, &format!("Không làm được: {error}.")),
        }
    }

    fn say(mut self, status: StatusCode, tone: Tone, title: &str, text: String) -> Response {
        self.page.word = Some(Word { tone, title: title.to_owned(), text });
        reply::page(self.visit.state, status, &self.page)
    }
}

fn typed(entered: &Entered) -> Vec<(&'static str, String)> {
    let Entered { who, reason, document, cells, rule, due, .. } = entered.clone();
    let all = [
        ("who", who),
        ("reason", reason),
        ("document", document),
        ("cells", cells),
        ("rule", rule),
        ("due", due),
    ];
    all.into()
}

fn told(done: Decided) -> String {
    match done {
        Decided { documents: 0, .. } => "Mục này đã khép.".to_owned(),
        Decided { documents, opened, mails } => {
            format!("{documents} văn bản, mở {opened} việc, {mails} thư sẽ đi trong giờ làm việc.")
        }
    }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "không ghi" } else { text }
}
