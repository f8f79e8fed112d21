//! The pages behind the links of mails. GET and HEAD show, POST answers, everything else is refused.
//!
//! 200 to a POST means recorded, durably; a page that asks for more is 422, one that asks to wait 429.

use axum::Form;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{self, Path};
use axum::http::header::USER_AGENT;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::{State, client, reply};
use crate::app::acknowledge::{self, AnswerError, Outcome, View};
use crate::app::office::Office;
use crate::domain::ids::UnitId;
use crate::domain::obligation::State as Stand;
use crate::render::pages::answer::{Ask, Tone, Word};
use crate::render::pages::words;

mod choices;
mod form;
mod page;
mod refusal;
#[cfg(test)]
mod tests;

use form::{Asking, Entered};
use page::Press;
pub(super) use refusal::{refused, unknown, unreadable, wrong_method};

/// Shows what a link is about. Changes nothing.
pub(super) async fn show(
    extract::State(state): extract::State<State>,
    token: Result<Path<String>, PathRejection>,
) -> Response {
    let Ok(Path(token)) = token else { return refused(&state, &AnswerError::Unknown) };
    let (office, now) = ((state.office)(), state.clock.now());
    match acknowledge::view(&state.desk(&office), &token, now).await {
        Ok(view) => reply::page(&state, StatusCode::OK, &page::page(&office, &view, None, None, now)),
        Err(error) => refused(&state, &error),
    }
}

/// Answers for the cell.
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
    let (office, now) = ((state.office)(), state.clock.now());
    let desk = state.desk(&office);
    // Read before the press, so that there is something to show should reading fail after it.
    let view = match acknowledge::view(&desk, &token, now).await {
        Ok(view) => view,
        Err(error) => return refused(&state, &error),
    };
    let scene = Scene { state: &state, office: &office, now };
    let today = office.calendar.date_of(now);
    let meant = view.tasks.iter().filter(|task| entered.task().is_none_or(|id| id == task.obligation.id));
    let figures: Vec<_> = meant.take(1).flat_map(|task| task.figures.clone()).collect();
    let is_cell = |code: &UnitId| office.units.cells_on(today).any(|cell| cell.id == *code);
    let answer = match entered.read(&Asking { today, figures: &figures, is_cell: &is_cell }) {
        Ok(answer) => answer,
        Err(mistakes) => return scene.mistaken(&view, Press { entered, mistakes, ask: None }),
    };
    let press = acknowledge::Press {
        token,
        task: entered.task(),
        answer,
        stamp: entered.stamp.clone(),
        digits: entered.digits.clone(),
        client: client::address(&extensions, &headers, &state.trusted_proxies),
        agent: agent(&headers),
        now,
    };
    match acknowledge::answer(&desk, &press).await {
        Ok(outcome) => {
            let after = acknowledge::view(&desk, &press.token, now).await.unwrap_or(view);
            scene.told(&after, outcome, entered)
        }
        Err(error) => refused(&state, &error),
    }
}

/// What the client calls itself; whatever is no text in it is shown as such.
fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    agent.unwrap_or_default().into_owned()
}

/// What every page of one request shares.
struct Scene<'a> {
    state: &'a State,
    office: &'a Office,
    now: DateTime<Utc>,
}

impl Scene<'_> {
    /// The form again, with every mistake at its field.
    fn mistaken(&self, view: &View, press: Press) -> Response {
        let text = press
            .mistakes
            .of("answer")
            .unwrap_or_else(|| "Xin sửa chỗ được đánh dấu rồi gửi lại.".to_owned());
        let word = word(Tone::Ask, "Chưa ghi nhận", text);
        self.reply(StatusCode::UNPROCESSABLE_ENTITY, view, word, Some(&press))
    }

    /// What a press led to.
    fn told(&self, view: &View, outcome: Outcome, entered: Entered) -> Response {
        match outcome {
            Outcome::Recorded(grade) => {
                self.state.metrics.answered("link", grade);
                let text = recorded(&entered, view, self);
                self.reply(StatusCode::OK, view, word(Tone::Good, "Đã ghi nhận", text), None)
            }
            Outcome::Corrected(grade) => {
                self.state.metrics.answered("link", grade);
                let text =
                    "Nội dung sửa đã được ghi; báo cáo gửi trước vẫn được lưu trong nhật ký.".to_owned();
                self.reply(StatusCode::OK, view, word(Tone::Good, "Đã ghi nhận bản sửa", text), None)
            }
            Outcome::NoDue | Outcome::NotLater { .. } => self.mistaken(view, self.unasked(outcome, entered)),
            Outcome::Already => self.reply(
                StatusCode::OK,
                view,
                word(Tone::Good, "Đã được ghi nhận trước đó", self.before(view)),
                None,
            ),
            Outcome::Closed => self.reply(StatusCode::OK, view, closed(&entered, view), None),
            Outcome::OtherTask => {
                let text = "Văn bản đã thay đổi từ khi trang này được mở. Xin xem lại các việc dưới đây rồi trả lời.";
                let word = word(Tone::Ask, "Chưa ghi nhận", text.to_owned());
                self.reply(StatusCode::UNPROCESSABLE_ENTITY, view, word, None)
            }
            Outcome::AskDigits { why, tries_left } => {
                if why.is_suspicion() {
                    self.state.metrics.suspected();
                }
                let error = tries_left.map(|left| format!("Chưa đúng; còn {left} lần thử trong giờ này."));
                let press = Press { entered, ask: Some(Ask { error }), ..Press::default() };
                let text = "Một số hệ thống thư tự mở và tự bấm liên kết. Để chắc rằng chi bộ trả lời, xin \
                            nhập mã trong thư rồi bấm lại một lần."
                    .to_owned();
                let word = word(Tone::Ask, "Xin xác nhận thêm một bước", text);
                self.reply(StatusCode::UNPROCESSABLE_ENTITY, view, word, Some(&press))
            }
            Outcome::Locked { until } => {
                let from = words::moment(until, &self.office.calendar);
                let text =
                    format!("Mã đã nhập sai nhiều lần. Có thể thử lại từ {from}, hoặc gọi cho văn phòng.");
                let press = Press { entered, ask: Some(Ask { error: None }), ..Press::default() };
                let word = word(Tone::Bad, "Chưa ghi nhận", text);
                self.reply(StatusCode::TOO_MANY_REQUESTS, view, word, Some(&press))
            }
        }
    }

    /// The form again where more time was asked in vain.
    fn unasked(&self, outcome: Outcome, entered: Entered) -> Press {
        let mut press = Press { entered, ..Press::default() };
        press.mistakes.add(
            "until",
            match outcome {
                Outcome::NotLater { due } => {
                    let day = words::weekday_date(self.office.calendar.due_day(due));
                    format!("Hạn hiện nay là {day}; xin ghi một ngày sau hạn này.")
                }
                _ => "Việc này không có hạn nên không cần xin gia hạn.".to_owned(),
            },
        );
        press
    }

    /// By whom and when the same was recorded.
    fn before(&self, view: &View) -> String {
        let answers = view.tasks.iter().flat_map(|task| &task.answers);
        answers.max_by_key(|known| known.at).map_or_else(
            || "Không có gì thay đổi.".to_owned(),
            |known| {
                let at = words::moment(known.at, &self.office.calendar);
                format!(
                    "{}: {at}, {}. Không có gì thay đổi.",
                    words::answer(&known.answer),
                    words::grade(known.grade)
                )
            },
        )
    }

    fn reply(&self, status: StatusCode, view: &View, word: Word, press: Option<&Press>) -> Response {
        reply::page(self.state, status, &page::page(self.office, view, Some(word), press, self.now))
    }
}

fn word(tone: Tone, title: &str, text: String) -> Word {
    Word { tone, title: title.to_owned(), text }
}

/// What is said of an answer that was recorded: what happens now.
fn recorded(entered: &Entered, view: &View, scene: &Scene<'_>) -> String {
    let thanks = "Cảm ơn chi bộ. Có thể đóng trang này.";
    match entered.answer.as_str() {
        "more-time" => {
            format!("Văn phòng sẽ trả lời bằng thư. Trong lúc chờ, hạn cũ vẫn tính. {thanks}")
        }
        "declined" => format!("Văn phòng sẽ xem xét và giao cho nơi khác hoặc trả lời chi bộ. {thanks}"),
        "received" if promises_too_late(view, scene) => {
            format!(
                "Ngày hẹn sau hạn: hạn không thay đổi; cần thêm thời gian, xin chọn “Xin gia hạn”. {thanks}"
            )
        }
        _ => thanks.to_owned(),
    }
}

/// Whether a promised day lies after the due day, which the promise does not move.
fn promises_too_late(view: &View, scene: &Scene<'_>) -> bool {
    let calendar = &scene.office.calendar;
    view.tasks.iter().map(|task| &task.obligation).any(|row| {
        row.state.is_live()
            && matches!((row.promised, row.due), (Some(day), Some(due)) if day > calendar.due_day(due))
    })
}

/// What is said of an answer about work that has ended.
fn closed(entered: &Entered, view: &View) -> Word {
    let done = view.tasks.iter().all(|task| task.obligation.state == Stand::Done);
    if done && entered.answer == "more-time" {
        let text =
            "Chi bộ đã báo hoàn thành nên không cần xin gia hạn. Câu trả lời được lưu để văn phòng xem.";
        return word(Tone::Plain, "Việc này đã hoàn thành", text.to_owned());
    }
    let text = "Việc này đã khép nên trạng thái không đổi. Câu trả lời được lưu lại để văn phòng xem.";
    word(Tone::Plain, "Đã lưu câu trả lời", text.to_owned())
}
