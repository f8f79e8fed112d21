//! The page behind the link of a mail to the office. GET and HEAD show, POST decides, once the digits of the
//! mail were typed: whoever has only the link, a scanner too, decides nothing.

use axum::Form;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{self, Path};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::answer::{refused, unreadable};
use super::{State, client, reply};
use crate::app::acknowledge::AnswerError;
use crate::app::decide::{self, Desk, Outcome, View};
use crate::app::hold::HoldError;
use crate::app::office::Office;
use crate::render::pages::answer::{Tone, Word};
use crate::render::pages::words;

mod form;
mod page;

use form::Entered;
use page::Press;

/// Shows what is asked. Changes nothing.
pub(super) async fn show(
    extract::State(state): extract::State<State>,
    token: Result<Path<String>, PathRejection>,
) -> Response {
    let Ok(Path(token)) = token else { return refused(&state, &AnswerError::Unknown) };
    let scene = Scene::new(&state);
    match decide::view(&scene.desk(), &token, scene.now).await {
        Ok(view) => scene.reply(StatusCode::OK, &view, None, None),
        Err(error) => refused(&state, &error),
    }
}

/// Decides.
pub(super) async fn press(
    extract::State(state): extract::State<State>,
    token: Result<Path<String>, PathRejection>,
    extensions: Extensions,
    headers: HeaderMap,
    entered: Result<Form<Entered>, FormRejection>,
) -> Response {
    let Ok(Path(token)) = token else { return refused(&state, &AnswerError::Unknown) };
    let entered = match entered {
        Ok(Form(entered)) => entered,
        Err(rejection) => return unreadable(&state, rejection.status()),
    };
    let scene = Scene::new(&state);
    let view = match decide::view(&scene.desk(), &token, scene.now).await {
        Ok(view) => view,
        Err(error) => return refused(&state, &error),
    };
    let typed = match entered.read() {
        Ok(typed) => typed,
        Err(mistake) => return scene.mistaken(&view, entered, mistake),
    };
    let press = decide::Press {
        token,
        act: typed.act,
        day: typed.day,
        reason: typed.reason,
        digits: entered.digits.clone(),
        client: client::address(&extensions, &headers, &state.trusted_proxies),
        now: scene.now,
    };
    match decide::decide(&scene.desk(), &press).await {
        Ok(outcome) => {
            let after = decide::view(&scene.desk(), &press.token, scene.now).await.unwrap_or(view);
            scene.told(&after, outcome, entered)
        }
        Err(error) => refused(&state, &error),
    }
}

/// What every page of one request shares.
struct Scene<'a> {
    state: &'a State,
    office: std::sync::Arc<Office>,
    now: DateTime<Utc>,
}

impl<'a> Scene<'a> {
    fn new(state: &'a State) -> Self {
        Self { state, office: (state.office)(), now: state.clock.now() }
    }

    fn desk(&self) -> Desk<'_> {
        let State { store, policy, secret, memory, .. } = self.state;
        Desk { store: &**store, office: &self.office, policy, secret, memory }
    }

    /// The form again, with what is wrong.
    fn mistaken(&self, view: &View, entered: Entered, mistake: (&'static str, String)) -> Response {
        let text = match mistake.0 {
            "answer" => mistake.1.clone(),
            _ => "Xin sửa chỗ được đánh dấu rồi gửi lại.".to_owned(),
        };
        let press = Press { entered, mistake: Some(mistake), digits: None };
        let word = word(Tone::Ask, "Chưa ghi nhận", text);
        self.reply(StatusCode::UNPROCESSABLE_ENTITY, view, Some(word), Some(&press))
    }

    fn told(&self, view: &View, outcome: Outcome, entered: Entered) -> Response {
        match outcome {
            Outcome::Decided(done) => {
                let mails = match done.mails {
                    0 => "Cảm ơn đồng chí. Có thể đóng trang này.".to_owned(),
                    _ => "Chi bộ được báo bằng thư trong giờ làm việc. Có thể đóng trang này.".to_owned(),
                };
                self.reply(StatusCode::OK, view, Some(word(Tone::Good, "Đã ghi nhận", mails)), None)
            }
            Outcome::Already => {
                let text =
                    format!("{}. Không có gì thay đổi.", words::sentence(&words::verdict(&view.request)));
                let word = word(Tone::Plain, "Đã có quyết định trước đó", text);
                self.reply(StatusCode::OK, view, Some(word), None)
            }
            Outcome::AskDigits { tries_left } => {
                let error = match tries_left {
                    Some(left) => format!("Chưa đúng; còn {left} lần thử trong giờ này."),
                    None => "Xin nhập mã ghi trong thư.".to_owned(),
                };
                let press = Press { entered, mistake: None, digits: Some(error) };
                let text = "Quyết định chỉ được ghi khi có mã xác nhận trong thư gửi văn phòng.".to_owned();
                let word = word(Tone::Ask, "Chưa ghi nhận", text);
                self.reply(StatusCode::UNPROCESSABLE_ENTITY, view, Some(word), Some(&press))
            }
            Outcome::Locked { until } => {
                let from = words::moment(until, &self.office.calendar);
                let text = format!(
                    "Mã đã nhập sai nhiều lần. Có thể thử lại từ {from}, hoặc quyết định trên bảng theo dõi."
                );
                let press = Press { entered, ..Press::default() };
                let word = word(Tone::Bad, "Chưa ghi nhận", text);
                self.reply(StatusCode::TOO_MANY_REQUESTS, view, Some(word), Some(&press))
            }
            Outcome::Impossible(error) => self.mistaken(view, entered, at_field(&error)),
        }
    }

    fn reply(&self, status: StatusCode, view: &View, word: Option<Word>, press: Option<&Press>) -> Response {
        reply::page(self.state, status, &page::page(&self.office, view, word, press, self.now))
    }
}

/// Where what is wrong stands on the page.
fn at_field(error: &HoldError) -> (&'static str, String) {
    let field = match error {
        HoldError::NoReason => "reason",
        HoldError::NotLater(_) | HoldError::Past(_) => "day",
        _ => "answer",
    };
    (field, words::sentence(&format!("{error}.")))
}

fn word(tone: Tone, title: &str, text: String) -> Word {
    Word { tone, title: title.to_owned(), text }
}
